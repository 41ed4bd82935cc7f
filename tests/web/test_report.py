"""Where an error is reported: a text that is ready, and a link where somebody says where to."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal import settings
from diplolocal.errors import SettingRefused
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

JALISCO = "https://w3id.org/diplolocal/id/place/mx-jal"
BROWSER = {"accept": "text/html"}


def test_the_text_names_the_thing_its_page_and_the_version_of_the_data(
    client: TestClient, parts: Parts
) -> None:
    page = Page(client.get(f"/es/report?about={JALISCO}", headers=BROWSER).text)
    [text] = page.texts("pre")
    assert text.startswith("Error: Jalisco Qué está mal: Qué sería lo correcto:")
    assert text.endswith(
        f"Sobre: {JALISCO} Página: {SITE}/doc/place/mx-jal Versión de los datos: {parts.release}"
    )
    assert "quien lo administra" in " ".join(page.texts("p"))
    assert page.texts("a", **{"class": "button"}) == []


def test_what_is_reported_of_an_old_version_names_that_version(client: TestClient) -> None:
    about = "https://w3id.org/diplolocal/doc/place/mx-jal?version=1.0.0"
    answer = client.get("/en/report", params={"about": about}, headers=BROWSER)
    [text] = Page(answer.text).texts("pre")
    assert f"About: {about} Page: {SITE}/doc/place/mx-jal?version=1.0.0" in text


def test_without_a_thing_the_report_is_about_the_data_set(client: TestClient) -> None:
    page = Page(client.get("/en/report", headers=BROWSER).text)
    assert "https://w3id.org/diplolocal/dataset" in page.texts("code")


def test_a_link_sends_the_report_where_the_site_says(parts: Parts) -> None:
    page = with_reports(parts, "https://example.org/new?title={title}&body={body}")(JALISCO)
    [address] = [link for link in page.links() if link.startswith("https://example.org/")]
    asked = parse_qs(urlsplit(address).query)
    assert asked["title"] == ["Error: Jalisco"]
    assert f"About: {JALISCO}\n" in asked["body"][0]


def test_a_link_of_mail_has_subject_and_text(parts: Parts) -> None:
    page = with_reports(parts, "mailto:data@example.org?subject={title}&body={body}")(JALISCO)
    [address] = [link for link in page.links() if link.startswith("mailto:")]
    assert address.startswith("mailto:data@example.org?subject=Error%3A%20Jalisco&body=")
    assert "What is wrong:\n" in unquote(address)


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ("https://w3id.org/diplolocal/id/place/none", 404),
        ("https://w3id.org/diplolocal/id/place/<script>", 404),
        ("https://example.org/", 400),
        ("javascript:alert(1)", 400),
        ("none", 400),
        ("https://w3id.org/diplolocal/id/" + "a" * 3000, 400),
        ("https://w3id.org/diplolocal/id/\u0000", 400),
    ],
)
def test_what_is_not_here_cannot_be_reported(client: TestClient, about: str, status: int) -> None:
    answer = client.get("/en/report", params={"about": about}, headers=BROWSER)
    assert answer.status_code == status
    assert len(Page(answer.text).texts("h1")) == 1


def test_two_things_cannot_be_reported_at_once(client: TestClient) -> None:
    assert (
        client.get(f"/report?about={JALISCO}&about={JALISCO}", headers=BROWSER).status_code == 400
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/issues/new?title={title}&body={body}",
        "mailto:data@example.org?subject={title}",
        "https://example.org/contact",
    ],
)
def test_reports_may_go_to_https_and_mailto(address: str) -> None:
    assert settings.read(reports=address).reports == address


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/{title}",
        "javascript:alert(1)",
        "https://example.org/{other}",
        "https://example.org/ {title}",
        'https://example.org/"{title}',
        "mailto:",
    ],
)
def test_reports_go_nowhere_else(address: str) -> None:
    with pytest.raises(SettingRefused):
        settings.read(reports=address)


def with_reports(parts: Parts, address: str) -> Callable[[str], Page]:
    """What shows the page of a report in English, where reports go to that address."""
    client = TestClient(create_app(replace(parts, reports=address)), base_url=SITE)
    return lambda about: Page(client.get(f"/en/report?about={about}", headers=BROWSER).text)
