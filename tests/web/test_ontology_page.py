"""The page of the ontology: read as a reader reads it, who wants to know what a word means, what a
record looks like, and how to ask for it.
"""

import re
from collections.abc import Mapping

import pytest
import rdflib
from fastapi.testclient import TestClient
from tests.conftest import Page

DL = "https://w3id.org/diplolocal/def#"
SHOWN = {"en": "What is asked of Action", "es": "Qué se pide de Acción"}


@pytest.fixture(scope="module")
def pages(client: TestClient) -> Mapping[str, str]:
    """The page in each language."""
    return {
        language: client.get(f"/def?lang={language}", headers={"accept": "text/html"}).text
        for language in ("en", "es")
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_begins_with_what_the_ontology_is(pages: Mapping[str, str], language: str) -> None:
    page = Page(pages[language])
    names, values = page.texts("dt"), page.texts("dd")
    facts = dict(zip(names[:12], values[:12], strict=True))
    expected = {
        "en": {
            "version": "1.0.0",
            "address of this version": "https://w3id.org/diplolocal/def/1.0.0",
            "namespace": DL,
            "preferred prefix": "dl",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "author": "diplolocal",
            "Formats": "Turtle · JSON-LD · N-Triples · RDF/XML",
        },
        "es": {
            "versión": "1.0.0",
            "espacio de nombres": DL,
            "licencia": "https://creativecommons.org/licenses/by/4.0/",
            "Formatos": "Turtle · JSON-LD · N-Triples · RDF/XML",
        },
    }[language]
    assert {name: facts[name] for name in expected} == expected


def test_the_contents_lead_to_sections_that_are_there(pages: Mapping[str, str]) -> None:
    page = Page(pages["en"])
    [contents] = page.texts("nav", **{"aria-label": "On this page"})
    assert contents.startswith("How it hangs together Classes ")
    anchors = {has["id"] for _, has, _ in page.elements if "id" in has}
    inner = {link[1:] for link in page.links() if link.startswith("#")}
    assert len(inner) > 100
    assert inner - anchors == set()
    linked = {has["href"][1:] for tag, has, _ in page.elements if tag == "a" and "href" in has}
    assert {"Action", "takesPlaceIn"} <= linked


def test_no_anchor_is_there_twice(pages: Mapping[str, str]) -> None:
    anchors = [has["id"] for _, has, _ in Page(pages["en"]).elements if "id" in has]
    assert sorted(anchors) == sorted(set(anchors))


def test_the_classes_are_a_tree_with_the_number_of_things(pages: Mapping[str, str]) -> None:
    items = Page(pages["en"]).texts("li")
    assert "Federal entity 32" in items
    [territory] = [item for item in items if item.startswith("Territory ")]
    assert re.fullmatch(
        r"Territory [\d,]+ Country \d+ Federal entity 32 Foreign territory \d+"
        r" Municipality [\d,]+",
        territory,
    )


@pytest.mark.parametrize(
    ("language", "action", "name"),
    [("en", "Action", "takes place in"), ("es", "Acción", "tiene lugar en")],
)
def test_the_picture_names_the_classes_and_what_ties_them(
    pages: Mapping[str, str], language: str, action: str, name: str
) -> None:
    page = Page(pages[language])
    [picture] = page.texts("svg")
    assert action in picture
    assert name in picture
    links = [has for tag, has, text in page.elements if tag == "a" and text == name]
    assert {has["href"] for has in links} == {"#takesPlaceIn"}
    labels = [has["aria-label"] for tag, has, _ in page.elements if tag == "svg"]
    assert labels != [""]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_class_has_a_record_a_shape_and_a_query(pages: Mapping[str, str], language: str) -> None:
    entry = _entry(pages[language], "Action")
    assert "action:2021-01-03 a dl:Action ;" in entry.texts("pre")[0]
    assert "SELECT" in entry.texts("pre")[1]
    tables = [has["aria-label"] for tag, has, _ in entry.elements if "aria-label" in has]
    assert tables == [SHOWN[language]]
    rows = entry.texts("tr")
    expected = {
        "en": "action type 1 to 3 a concept of Action types An action has one to three types",
        "es": "tipo de acción de 1 a 3 un concepto de Tipos de acción Una acción tiene de uno",
    }[language]
    assert any(row.startswith(expected) for row in rows)
    links = {text: href for href, text in entry.links().items()}
    assert links["shapes:ActionShape"].startswith("/shapes")
    assert [href for href in entry.links() if href.startswith("/queries/")]


def test_every_class_has_an_example_a_shape_or_a_word_why_not(pages: Mapping[str, str]) -> None:
    page = pages["en"]
    classes = re.findall(r"<h3>[^<]*<code>dl:([A-Z]\w+)</code>", page)
    assert len(classes) > 40
    for name in classes:
        entry = _entry(page, name)
        summaries, small = entry.texts("summary"), entry.texts("small")
        assert any(each.startswith("Query that uses it") for each in summaries), name
        assert (
            any(each.startswith("Example: ") for each in summaries)
            or "There is no record of this class in the data yet." in small
        ), name


def test_a_narrower_class_leads_to_what_is_asked_of_the_wider(pages: Mapping[str, str]) -> None:
    entry = _entry(pages["en"], "StateGovernment")
    assert "And what is asked of: Actor" in entry.texts("p")
    assert "#Actor" in entry.links()


def test_a_property_says_its_domain_range_shapes_and_an_example(pages: Mapping[str, str]) -> None:
    entry = _entry(pages["en"], "takesPlaceIn")
    facts = dict(zip(entry.texts("dt"), entry.texts("dd"), strict=True))
    assert facts["IRI"] == f"{DL}takesPlaceIn"
    assert facts["in the shapes of"] == "Action"
    assert "Territory" in facts.values()
    assert facts["Example"].partition(" – ")[2]
    assert {"https://schema.org/location"} <= set(entry.links())


def test_a_derived_property_is_marked(pages: Mapping[str, str]) -> None:
    assert _entry(pages["en"], "counterpart").texts("abbr") == ["derived"]
    assert _entry(pages["en"], "region").texts("abbr") == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_term_of_the_document_is_explained_in_both_languages(
    client: TestClient, pages: Mapping[str, str], language: str
) -> None:
    graph = rdflib.Graph().parse(data=client.get("/def.ttl").text, format="turtle")
    terms = {
        term
        for term in graph.subjects(rdflib.RDFS.isDefinedBy)
        if graph.value(term, rdflib.SKOS.definition)
    }
    assert len(terms) > 100
    shown = Page(pages[language])
    headings, paragraphs = shown.texts("h3"), set(shown.texts("p"))
    for term in terms:
        [label] = [each for each in graph.objects(term, rdflib.RDFS.label) if _in(each, language)]
        [meaning] = [
            each for each in graph.objects(term, rdflib.SKOS.definition) if _in(each, language)
        ]
        name = str(term).partition("#")[2]
        assert any(each.startswith(f"{label} dl:{name}") for each in headings), term
        assert str(meaning) in paragraphs


def test_the_page_does_without_the_records_that_a_smaller_graph_does_not_have(
    small_client: TestClient,
) -> None:
    answer = small_client.get("/def?lang=en", headers={"accept": "text/html"})
    assert answer.status_code == 200
    entry = _entry(answer.text, "Chamber")
    assert "There is no record of this class in the data yet." in entry.texts("small")
    assert "VALUES ?class" in entry.texts("pre")[0]


def test_the_page_is_not_heavy(pages: Mapping[str, str]) -> None:
    assert max(len(page.encode()) for page in pages.values()) < 270_000


def _in(text: rdflib.term.Node, language: str) -> bool:
    return isinstance(text, rdflib.Literal) and text.language == language


def _entry(page: str, name: str) -> Page:
    """The part of the page about one term."""
    start = page.index(f'<div class="term" id="{name}">')
    end = min(
        place
        for place in (page.find(mark, start + 1) for mark in ('<div class="term"', "</section>"))
        if place > 0
    )
    return Page(page[start:end])
