"""What the graph is, told in plain words with what the graph itself says of its words; and how the
site is made for everybody.
"""

import pytest
from fastapi.testclient import TestClient
from tests.conftest import Page

from diplolocal import iris, vocabularies
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select
from diplolocal.wording import Language

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ANCHORS = ("action", "coding", "certainty", "sources", "cite", "contribute", "licences")


def visit(client: TestClient, path: str, language: str = "en") -> Page:
    answer = client.get(f"/{language}{path}", headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    return Page(answer.text)


def test_what_counts_as_an_action_is_what_the_ontology_says(client: TestClient) -> None:
    assert visit(client, "/about").texts("blockquote") == [
        "Something that happened, is under way or was announced, in which a Mexican subnational"
        " actor deals with a foreign or international counterpart."
    ]
    assert visit(client, "/about", "es").texts("blockquote") == [
        "Algo que ocurrió, está en curso o se anunció y en lo que un actor subnacional mexicano"
        " trata con una contraparte extranjera o internacional."
    ]


@pytest.mark.parametrize("scheme", ["action-type", "theme", "status", "confidence"])
@pytest.mark.parametrize("language", list(Language))
def test_each_word_is_defined_as_its_vocabulary_defines_it(
    client: TestClient, store: EmbeddedStore, scheme: str, language: Language
) -> None:
    page = visit(client, "/about", language)
    concepts = vocabularies.read(store, iris.of_path(f"/vocab/{scheme}")).tops
    assert len(concepts) > 2
    for concept in concepts:
        assert concept.meaning[language] in page.texts("dd")
        assert page.links()[iris.path_of(concept.iri)] == concept.label[language]


def test_the_actions_of_a_word_are_counted_and_lead_to_them(
    client: TestClient, store: EmbeddedStore
) -> None:
    confirmed = "https://w3id.org/diplolocal/vocab/confidence/confirmed"
    [row] = select(
        store,
        "SELECT (COUNT(DISTINCT ?action) AS ?actions) WHERE {"
        f" ?action a <{iris.ONTOLOGY}#Action> ; <{iris.ONTOLOGY}#confidence> <{confirmed}> }}",
    )
    count = int(plain(row["actions"]))
    assert count > 1
    links = visit(client, "/about").links()
    assert links["/search?kind=actions&confidence=confirmed"] == f"{count} actions"
    answer = client.get("/search.csv?kind=actions&confidence=confirmed")
    assert answer.headers["x-total-count"] == str(count)


def test_the_example_is_a_record_that_can_be_read(client: TestClient) -> None:
    page = visit(client, "/about")
    [example] = [link for link in page.links() if link.startswith("/doc/action/")]
    record = client.get(f"/en{example}", headers={"accept": BROWSER})
    assert record.status_code == 200
    assert page.links()[example] in Page(record.text).texts("h1")[0]
    [bulletin] = [link for link in page.links() if link.startswith("/doc/bulletin/")]
    assert client.get(bulletin).status_code == 200


@pytest.mark.parametrize("path", ["/about", "/accessibility"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_that_these_lead_to_is_there(
    client: TestClient, path: str, language: str
) -> None:
    links = {link.partition("#")[0] for link in visit(client, path, language).links()}
    ours = sorted(link for link in links if link.startswith("/"))
    assert len(ours) > 10
    for link in ours:
        assert client.get(link, headers={"accept": BROWSER}).status_code == 200, link


def test_every_anchor_that_the_page_names_is_there(client: TestClient) -> None:
    page = visit(client, "/about")
    anchors = [has["id"] for _, has, _ in page.elements if "id" in has]
    named = [link[1:] for link in page.links() if link.startswith("#")]
    assert {*ANCHORS} <= {*named} <= {*anchors}
    assert len(anchors) == len(set(anchors))


def test_the_licences_are_those_of_data_and_program(client: TestClient) -> None:
    links = visit(client, "/about").links()
    assert links["https://creativecommons.org/licenses/by/4.0/"] == "CC BY 4.0"
    assert links["https://www.apache.org/licenses/LICENSE-2.0"] == "Apache 2.0"


def test_a_graph_without_anything_has_its_page_all_the_same(small_client: TestClient) -> None:
    page = visit(small_client, "/about", "es")
    assert page.texts("h1") == ["Acerca de este grafo"]
    assert page.texts("strong")[:1] == ["4"]


def test_the_statement_on_accessibility_says_by_what_it_is_held_and_where_to_tell(
    client: TestClient,
) -> None:
    page = visit(client, "/accessibility")
    assert page.texts("h1") == ["Accessibility"]
    assert "(WCAG) 2.2 at level AA" in page.texts("p")[0] + page.texts("p", **{"class": "lead"})[0]
    assert page.links()["/report"] == "Report an error"
    assert len(page.texts("li")) > 8


@pytest.mark.parametrize("path", ["/about", "/accessibility"])
def test_only_pages_are_offered(client: TestClient, path: str) -> None:
    refused = client.get(path, headers={"accept": "text/turtle"})
    assert (refused.status_code, refused.json()["offered"]) == (406, ["text/html"])
