"""How to cite, and whom to credit, as readers and programs find it on the site."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.conftest import SITE, Page
from tests.recorded import UN, recorded

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

ACTION = iris.thing("action/2021-01-03")
BROWSER = {"Accept": "text/html"}
TYPES = {
    "html": "text/html",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
    "txt": "text/plain",
}


@pytest.fixture(scope="module")
def then(parts: Parts, small_quads: list[Quad]) -> Iterator[TestClient]:
    """The site over data with a past."""
    made = recorded(small_quads)
    app = create_app(
        replace(
            parts,
            store=made.store,
            public=made.store,
            history=made.history,
            release="1.2.0",
            version="cited0000000",
        )
    )
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


def cite(client: TestClient, iri: str, **more: str) -> str:
    answer = client.get("/cite", params={"iri": iri, "lang": "en", **more})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("suffix", TYPES)
def test_a_citation_is_there_in_every_format(client: TestClient, suffix: str) -> None:
    by_suffix = client.get(f"/cite.{suffix}?iri={ACTION}&lang=en")
    by_accept = client.get(f"/cite?iri={ACTION}&lang=en", headers={"Accept": TYPES[suffix]})
    assert by_suffix.status_code == by_accept.status_code == 200
    assert by_suffix.headers["Content-Type"].startswith(TYPES[suffix])
    assert by_suffix.text.replace(f"/cite.{suffix}?", "/cite?") == by_accept.text.replace(
        f"/cite.{suffix}?", "/cite?"
    )
    where = f"/cite.{suffix}?iri={quote(ACTION, safe='')}"
    assert by_accept.headers["Content-Location"] == where
    assert by_accept.headers["Content-Language"] == "en"
    assert "Accept-Language" in by_accept.headers["Vary"]


def test_a_client_of_dois_has_the_text_by_its_own_name(client: TestClient) -> None:
    named = client.get("/cite?lang=en", headers={"Accept": "text/x-bibliography"})
    assert named.headers["Content-Type"] == "text/x-bibliography; charset=utf-8"
    plain = client.get("/cite.txt?lang=en")
    assert plain.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert named.content == plain.content
    assert named.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("bibtex", TYPES["bib"]),
        ("ris", TYPES["ris"]),
        ("csl", TYPES["json"]),
        ("text", TYPES["txt"]),
        ("BIB", TYPES["bib"]),
    ],
)
def test_a_format_goes_by_its_name(client: TestClient, name: str, media_type: str) -> None:
    answer = client.get(f"/cite?format={name}", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"].startswith(media_type)


def test_without_an_iri_the_data_set_is_cited(client: TestClient, parts: Parts) -> None:
    [item] = client.get("/cite.json?lang=en").json()
    assert (item["URL"], item["version"]) == (iris.DATASET, parts.release)


def test_who_holds_a_citation_is_not_sent_it_again(client: TestClient) -> None:
    first = client.get(f"/cite.bib?iri={ACTION}")
    again = client.get(f"/cite.bib?iri={ACTION}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    english = client.get(f"/cite.bib?iri={ACTION}&lang=en")
    assert english.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cite?iri=https://w3id.org/diplolocal/id/action/none", 404),
        ("/cite?iri=a%20b", 404),
        ("/cite?iri=http://example.org/", 404),
        ("/cite?iri=%00", 404),
        ("/cite.xml", 404),
        ("/cite?format=word", 400),
        ("/cite?format=bib&format=ris", 400),
        (f"/cite?iri={ACTION}&iri={ACTION}", 400),
        (f"/cite.bib?iri={ACTION}&iri={ACTION}", 400),
        (f"/cite?iri={ACTION}%3Fversion=9.9.9", 404),
        ("/credits.csv", 404),
        ("/cite?query=ASK%20%7B%7D", 400),
        ("/cite?iri=&utm_source=x", 400),
        (f"/cite.bib?IRI={ACTION}", 400),
        ("/cite.bib?format=ris", 400),
    ],
)
def test_what_cannot_be_cited_is_a_problem_with_a_reason(
    client: TestClient, address: str, status: int
) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_parameter_that_there_is_not_is_refused_with_those_there_are(client: TestClient) -> None:
    refused = client.get("/cite?query=x&lang=en", headers={"Accept": "application/json"})
    assert refused.json()["detail"] == (
        "There is no parameter query at this address. There are: iri, format, lang."
    )


def test_a_release_gives_the_year_and_the_address_of_the_version(then: TestClient) -> None:
    [item] = json.loads(cite(then, UN, format="csl"))
    assert item["version"] == "1.2.0"
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert item["note"].startswith(f"This version: {iris.document_of(UN)}?version=1.2.0")


def test_a_release_is_cited_as_itself_whatever_came_after(parts: Parts) -> None:
    with TestClient(create_app(replace(parts, release="9.9.9+abc")), base_url=SITE) as client:
        [item] = client.get(f"/cite.json?iri={iris.release('1.0.0')}").json()
    assert (item["title"], item["version"]) == ("diplolocal 1.0.0", "1.0.0")


def test_what_was_changed_since_a_release_has_the_day_of_the_release(
    parts: Parts, small_quads: list[Quad]
) -> None:
    made = recorded(small_quads)
    changed = replace(
        parts, store=made.store, public=made.store, history=made.history, release="1.2.0+abc"
    )
    with TestClient(create_app(changed), base_url=SITE) as client:
        [item] = json.loads(cite(client, UN, format="csl"))
        page = cite(client, UN)
    assert (item["version"], item["issued"]) == ("1.2.0+abc", {"date-parts": [[2026, 3, 1]]})
    assert "?version=" not in item.get("note", "")
    assert "Cite a release where others must find the same" in page


def test_an_old_version_is_cited_as_it_was(then: TestClient) -> None:
    [item] = json.loads(cite(then, iris.member(UN, "1.0.0"), format="csl"))
    assert (item["title"], item["version"]) == ("UN", "1.0.0")
    assert item["issued"] == {"date-parts": [[2026, 1, 1]]}
    page = then.get("/doc/organisation/un?version=1.0.0&lang=en", headers={"Accept": "text/html"})
    [link] = [href for href in Page(page.text).links() if href.startswith("/cite?iri=")]
    assert "UN [record]" in then.get(link).text


def test_the_page_shows_both_languages_and_every_format(client: TestClient) -> None:
    page = Page(client.get(f"/cite?iri={ACTION}&lang=es", headers={"Accept": "text/html"}).text)
    spanish, english = page.texts("blockquote")
    assert "Informado en: Gopar Ensáztiga" in spanish
    assert "Reported in: Gopar Ensáztiga" in english
    assert page.texts("h2") == ["Como texto", "BibTeX", "RIS", "CSL-JSON"]
    assert page.texts("pre")[0].startswith("@misc{diplolocal-action-2021-01-03")


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("/doc/action/2021-01-03", ACTION),
        ("/dataset", iris.DATASET),
        ("/credits", iris.DATASET),
        ("/queries/states-of-a-country", iris.NAMESPACE + "queries/states-of-a-country"),
        ("/vocab/theme", iris.NAMESPACE + "vocab/theme"),
        ("/vocab/theme/culture", iris.NAMESPACE + "vocab/theme/culture"),
        ("/def", iris.ONTOLOGY),
    ],
)
def test_each_page_leads_to_its_citation(client: TestClient, path: str, iri: str) -> None:
    page = Page(client.get(f"{path}?lang=en", headers={"Accept": "text/html"}).text)
    [link] = [href for href in page.links() if href.startswith("/cite.bib?iri=")]
    answer = client.get(link)
    assert answer.status_code == 200
    assert f"url = {{{iri}}}" in answer.text


def test_a_page_has_a_line_to_copy(client: TestClient, parts: Parts) -> None:
    for language, name in (("en", "“Jalisco governor meets"), ("es", "«El gobernador de Jalisco")):
        page = Page(client.get(f"/doc/action/2021-01-03?lang={language}", headers=BROWSER).text)
        [line] = [text for text in page.texts("p") if f", {ACTION}" in text]
        assert name in line
        assert f"diplolocal {parts.release}, {ACTION}" in line


def test_every_page_names_the_licence_and_leads_to_the_credits(client: TestClient) -> None:
    links = Page(client.get("/?lang=en", headers={"Accept": "text/html"}).text).links()
    assert links["https://creativecommons.org/licenses/by/4.0/"] == "CC BY 4.0"
    assert links["/credits"] == "Sources and credit"


def test_every_source_of_the_graph_is_credited(client: TestClient, store: EmbeddedStore) -> None:
    rows = select(
        store,
        """PREFIX dl: <https://w3id.org/diplolocal/def#>
        SELECT ?source { VALUES ?class { dl:Source dl:Bulletin dl:Publisher } ?source a ?class }""",
    )
    sources = {plain(row["source"]) for row in rows}
    assert len(sources) > 150
    listed = {each["id"]: each for each in client.get("/credits.json").json()["sources"]}
    assert listed.keys() == sources
    page = Page(client.get("/credits?lang=en", headers={"Accept": "text/html"}).text)
    shown = {href.partition("?")[0] for href in page.links()}
    assert {iris.path_of(iris.document_of(iri)) for iri in sources} <= shown
    january = iris.thing("bulletin/2021-01")
    counted = select(
        store,
        f"SELECT ?r {{ ?r <https://w3id.org/diplolocal/def#reportedIn> <{january}> }}",
    )
    assert listed[january]["records"] == len(counted)
    mxmaps = listed[iris.thing("source/mxmaps")]
    assert mxmaps["license"] == "https://spdx.org/licenses/BSD-3-Clause"
    assert mxmaps["rights"]["en"].startswith("Credit: INEGI; mxmaps")
    assert "boundaries" in mxmaps["taken"]["en"]


def test_the_sources_are_a_graph_as_well(client: TestClient) -> None:
    graphs = {
        suffix: {
            quad.triple for quad in parse(client.get(f"/credits.{suffix}").content, format=fmt)
        }
        for suffix, fmt in (("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES))
    }
    assert graphs["ttl"] == graphs["nt"]
    sources = {
        plain(each.object) for each in graphs["nt"] if each.subject == NamedNode(iris.DATASET)
    }
    assert iris.thing("source/inegi") in sources
    assert iris.thing("body/cemeri") not in sources
