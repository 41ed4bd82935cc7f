"""The bulletin as an e-mail."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE, Page

from diplolocal import bulletin
from diplolocal.embedded import EmbeddedStore
from diplolocal.wording import LANGUAGES, Language


def mail(client: TestClient, language: str) -> EmailMessage:
    answer = client.get(f"/bulletins/2021-09.eml?lang={language}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "message/rfc822"
    found = BytesParser(policy=policy.default).parsebytes(answer.content)
    assert isinstance(found, EmailMessage)
    assert found.defects == []
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_in_both_parts_once(
    client: TestClient, store: EmbeddedStore, language: Language
) -> None:
    found = mail(client, language)
    assert found.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in found.iter_parts())
    page = Page(html)
    for action in bulletin.read(store, "2021-09", language).actions:
        address = f"{SITE}/{language}/doc/action/{action.iri[-10:]}"
        assert text.count(address) == 1
        assert html.count(f'href="{address}"') == 1
        assert page.texts("h3").count(str(action.title)) == 1


def test_it_has_a_subject_and_nobody_it_is_from_or_to(client: TestClient) -> None:
    found = mail(client, "es")
    assert found["Subject"] == "Boletín de Diplomacia Local Mexicana, septiembre 2021"
    assert found["Content-Language"] == "es"
    assert (found["To"], found["From"], found["Date"]) == (None, None, None)
    assert found["X-Unsent"] == "1"


def test_it_is_the_same_each_time_and_its_lines_are_short_enough(client: TestClient) -> None:
    first, second = (client.get("/bulletins/2021-09.eml?lang=en").content for _ in range(2))
    assert first == second
    assert max(map(len, first.split(b"\r\n"))) <= 78
    assert len(first) < 100_000


def test_the_html_needs_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/bulletins/2021-09.email.html?lang=en")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="diplolocal-2021-09-en.email.html"'
    )
    page = Page(answer.text)
    assert {name for name, _, _ in page.elements} & {"img", "link", "script", "style"} == set()
    addresses = {has["href"] for name, has, _ in page.elements if name == "a"}
    assert {address.split("/")[0] for address in addresses} == {"http:", "https:"}
    assert page.texts("h1") == ["Mexican Local Diplomacy Newsletter September 2021"]
    assert len(answer.content) < 100_000
