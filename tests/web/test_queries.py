"""The pages of the example queries, their answers and their RDF, over `examples.trig`; and the code
that they show, which is run.
"""

import ast
import csv
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from tests.conftest import REPOSITORY, SITE, Page, environment, wait_for

from diplolocal import examples, iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts
from diplolocal.web.snippets import in_python, in_shell

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
QUERIES = iris.NAMESPACE + "queries/"
SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
GRAPHS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}
NASTY = "\n".join(
    [
        '# It\'s "quoted", `touch boo` and $(touch boo) \\',
        "SELECT ?text WHERE {",
        "  VALUES ?text {",
        '    "it\'s \\"said\\" \\\\ so" \'say "so"\' "ñandú 地 🎉" "50 % {x} {{ y }} #{z} \\n" ""',
        "    \"\t\" '''three \"\"\" or \\'\\'\\' \\\\''' \"<b>&amp;</b> ${HOME} !x\"",
        "  }",
        '} # "',
    ]
)
TEXTS = [
    'it\'s "said" \\ so',
    'say "so"',
    "ñandú 地 🎉",
    "50 % {x} {{ y }} #{z} \n",
    "",
    "\t",
    "three \"\"\" or ''' \\",
    "<b>&amp;</b> ${HOME} !x",
]
"""A query that breaks careless quoting in any language, and what it answers."""


class Counted:
    """A store that remembers what it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[str] = []

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        self.asked.append(query.text)
        return self.store.answer(query, wanted, patience)

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def shop(small_quads: list[Quad]) -> EmbeddedStore:
    """The small graph with the examples of `examples.trig`, and one of nasty text."""
    graph, nasty = NamedNode(iris.graph("queries", "small")), NamedNode(QUERIES + "nasty")
    said: Mapping[str, list[NamedNode | Literal]] = {
        RDF_TYPE: [NamedNode(f"{SH}SPARQLExecutable")],
        f"{RDFS}label": [Literal("<Nasty>", language="en"), Literal("<Malo>", language="es")],
        f"{RDFS}comment": [Literal("Texts.", language="en"), Literal("Textos.", language="es")],
        f"{SH}select": [Literal(NASTY)],
    }
    return EmbeddedStore(
        [
            *small_quads,
            *parse(path=REPOSITORY / "tests" / "examples.trig"),
            *(Quad(nasty, NamedNode(prop), one, graph) for prop in said for one in said[prop]),
        ]
    )


@pytest.fixture(scope="module")
def app(parts: Parts, shop: EmbeddedStore) -> FastAPI:
    """The site over it."""
    version = "abcdef012345"
    return create_app(replace(parts, store=shop, public=shop, version=version, cache_bytes=0))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    """The site, asked in this process; redirects are not followed."""
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """The site at an address of its own, which is how programs reach it."""
    listening = socket.create_server(("127.0.0.1", 0))
    here = "http://{}:{}".format(*listening.getsockname())
    app = create_app(replace(app.state.parts, public_url=here))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    wait_for(here)
    yield here
    server.should_exit = True
    thread.join()


def test_the_list_has_every_example_under_its_keyword(client: TestClient) -> None:
    page = visit(client, "/queries?lang=en")
    assert page.texts("h1") == ["Example queries"]
    assert page.texts("h2")[:-1] == [
        "Codes 2",
        "Places 2",
        "Federated 1",
        "Graphs 1",
        "Yes or no 1",
    ]
    assert page.texts("li")[:4] == [
        "Codes a table Codes that look like numbers, or like nothing.",
        "Many rows a table More rows than a page shows.",
        "Actions of a month a table Which actions does the bulletin of a month report?",
        "Towns of a state a table Which towns does a state have?",
    ]
    assert page.texts("a", href="/en/queries/is-it-called-so") == ["Is anything called so?"]


def test_the_list_is_in_spanish_too_and_sorted_by_spanish_titles(client: TestClient) -> None:
    page = visit(client, "/queries?lang=es")
    assert page.texts("h2")[:2] == ["Códigos 2", "Lugares 2"]
    assert page.texts("li")[2:5] == [
        "Acciones de un mes una tabla ¿De qué acciones informa el boletín de un mes?",
        "Ciudades de un estado una tabla ¿Qué ciudades tiene un estado?",
        "Preguntada en otra parte una tabla Lo que dice otro punto de acceso.",
    ]


@pytest.mark.parametrize("keyword", ["places", "lugares"])
def test_a_keyword_in_the_address_shows_its_examples_alone(
    client: TestClient, keyword: str
) -> None:
    page = visit(client, f"/queries?keyword={keyword}&lang=es")
    assert page.texts("h2")[:-1] == ["Lugares 2"]
    assert [text.split(" una")[0] for text in page.texts("li")] == [
        "Acciones de un mes",
        "Ciudades de un estado",
    ]
    assert page.texts("a", **{"aria-current": "page"}) == ["lugares 2"]
    assert "Todas" in page.texts("a", href="/es/queries")
    assert page.texts("a", href="/es/queries?keyword=s%C3%AD+o+no") == ["sí o no 1"]


def test_a_keyword_of_no_example_says_so(client: TestClient) -> None:
    assert "No query is of this kind." in visit(client, "/queries?keyword=none&lang=en").texts("p")


def test_the_menu_of_every_page_leads_to_the_list(client: TestClient) -> None:
    assert "Consultas de ejemplo" in visit(client, "/es/").texts("a", href="/es/queries")


@pytest.mark.parametrize("path", ["/.well-known/sparql-examples", "/queries"])
@pytest.mark.parametrize(
    "fmt", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD]
)
def test_all_examples_are_rdf(
    client: TestClient, shop: EmbeddedStore, path: str, fmt: RdfFormat
) -> None:
    answer = client.get(path, headers={"accept": fmt.media_type})
    assert answer.headers["content-type"].startswith(fmt.media_type)
    assert answer.headers["vary"] == "Accept"
    if fmt is not RdfFormat.JSON_LD:
        assert graph_of(answer.content, fmt) == set(examples.triples(shop))
    else:
        said = {node["id"].removeprefix(QUERIES) for node in json.loads(answer.content)["graph"]}
        slugs = set(examples.read(shop))
        assert said - slugs == {
            "a-theme-as-a-graph#theme",
            "actions-of-a-month#month",
            "is-it-called-so#name",
            "towns-of-a-state#language",
            "towns-of-a-state#state",
        }
        assert slugs < said


def test_the_well_known_address_answers_in_turtle_and_in_trig(
    client: TestClient, shop: EmbeddedStore
) -> None:
    answer = client.get("/.well-known/sparql-examples")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert answer.headers["content-location"] == "/queries.ttl"
    trig = client.get("/.well-known/sparql-examples", headers={"accept": "application/trig"})
    assert trig.headers["content-type"].startswith("application/trig")
    assert graph_of(trig.content, RdfFormat.TRIG) == set(examples.triples(shop))
    refused = client.get("/.well-known/sparql-examples", headers={"accept": "image/png"})
    assert (refused.status_code, "application/trig" in refused.json()["offered"]) == (406, True)


@pytest.mark.parametrize("suffix", [*GRAPHS])
def test_an_example_describes_itself(client: TestClient, shop: EmbeddedStore, suffix: str) -> None:
    iri = QUERIES + "towns-of-a-state"
    answer = client.get(f"/queries/towns-of-a-state.{suffix}")
    assert graph_of(answer.content, GRAPHS[suffix]) == set(examples.triples(shop, iri))
    chosen = client.get("/queries/towns-of-a-state", headers={"accept": "text/turtle"})
    assert graph_of(chosen.content, RdfFormat.TURTLE) == set(examples.triples(shop, iri))
    assert chosen.headers["content-location"] == "/queries/towns-of-a-state.ttl"


def test_an_example_is_a_tree_in_json_ld(client: TestClient) -> None:
    tree = client.get("/queries/towns-of-a-state.jsonld").json()
    assert tree["@context"] == f"{SITE}/context/v1.jsonld"
    assert NASTY not in json.dumps(tree)
    assert "Ciudades de un estado" in json.dumps(tree, ensure_ascii=False)
    assert "Estado" in json.dumps(tree)


def test_the_page_of_an_example_has_its_answer_at_once(client: TestClient) -> None:
    page = visit(client, "/queries/towns-of-a-state?lang=en")
    assert page.texts("h1") == ["Towns of a state"]
    assert "Which towns does a state have? All of them." in page.texts("p")
    assert page.texts("h2")[:2] == ["Answer 2 rows", "Query"]
    assert page.texts("th") == ["town", "region"]
    assert page.texts("td") == ["Guadalajara", "West", "Zapopan", "West"]
    assert page.texts("a", href="/en/doc/place/mx-14039") == ["Guadalajara"]


def test_the_page_in_spanish_begins_with_labels_in_spanish(client: TestClient) -> None:
    page = visit(client, "/queries/towns-of-a-state?lang=es")
    assert page.texts("td") == ["Guadalajara", "Occidente", "Zapopan", "Occidente"]
    assert page.texts("option", selected="") == ["Jalisco", "Español"]
    asked = visit(client, "/queries/towns-of-a-state?lang=es&language=en")
    assert asked.texts("td") == ["Guadalajara", "West", "Zapopan", "West"]
    # What is copied from the page says the same elsewhere.
    assert "/queries/towns-of-a-state.csv?language=es" in page.links()
    assert client.get("/queries/towns-of-a-state.csv?language=es").text.splitlines()[1:] == [
        f"{iris.thing('place/mx-14039')},Occidente",
        f"{iris.thing('place/mx-14120')},Occidente",
    ]


def test_the_form_offers_the_choices_and_its_address_is_a_permalink(client: TestClient) -> None:
    page = visit(client, "/queries/towns-of-a-state?state=place:mx-bcn&lang=en")
    assert page.forms() == [("get", "/en/search"), ("get", "/en/queries/towns-of-a-state")]
    assert page.texts("label") == ["Search everything", "State", "Language"]
    assert page.texts("option") == ["Baja California", "Colima", "Jalisco", "English", "Español"]
    assert [has["value"] for tag, has, _ in page.elements if tag == "option"] == [
        "place:mx-bcn",
        "place:mx-col",
        "place:mx-jal",
        "en",
        "es",
    ]
    assert page.texts("option", selected="") == ["Baja California", "English"]
    assert page.texts("td") == ["Tijuana", "Northwest"]


@pytest.mark.parametrize("given", ["place:mx-bcn", "Baja California", "baja california"])
def test_a_page_has_one_address_in_each_language_however_a_choice_is_given(
    client: TestClient, given: str
) -> None:
    page = visit(client, f"/en/queries/towns-of-a-state?state={given}")
    here = "/queries/towns-of-a-state?state=place:mx-bcn"
    assert [
        (has.get("hreflang", has["rel"]), has["href"])
        for tag, has, _ in page.elements
        if tag == "link" and ("hreflang" in has or has["rel"] == "canonical")
    ] == [
        ("canonical", f"{SITE}/en{here}"),
        ("es", f"{SITE}/es{here}"),
        ("en", f"{SITE}/en{here}"),
        ("x-default", f"{SITE}{here}"),
    ]


@pytest.mark.parametrize(
    "given", ["place:mx-bcn", "Baja California", iris.thing("place/mx-bcn"), "baja california"]
)
def test_the_same_choice_is_one_permalink_however_it_is_given(
    client: TestClient, given: str
) -> None:
    for suffix in ("csv", "json"):
        answer = client.get(f"/queries/towns-of-a-state.{suffix}", params={"state": given})
        location = f"/queries/towns-of-a-state.{suffix}?state=place:mx-bcn"
        assert (answer.status_code, answer.headers["content-location"]) == (200, location)
        assert "mx-02004" in answer.text


def test_an_empty_field_of_the_form_is_as_good_as_none(client: TestClient) -> None:
    plain = client.get("/queries/towns-of-a-state.csv")
    assert client.get("/queries/towns-of-a-state.csv?state=&language=").content == plain.content


def test_the_query_is_shown_with_its_values_and_opens_in_the_query_page(
    client: TestClient,
) -> None:
    page = visit(client, "/queries/towns-of-a-state?state=Colima&lang=en")
    bound = client.get("/queries/towns-of-a-state.rq?state=place:mx-col")
    assert bound.headers["content-type"] == "application/sparql-query; charset=utf-8"
    assert "VALUES ?state { <https://w3id.org/diplolocal/id/place/mx-col> }" in bound.text
    assert page.texts("pre")[0] == " ".join(bound.text.split())
    hrefs = [has["href"] for tag, has, _ in page.elements if tag == "a"]
    [there] = [href for href in hrefs if href.startswith("/en/sparql?query=")]
    assert parse_qs(urlsplit(there).query) == {"query": [bound.text]}
    shown = client.get(there, headers={"accept": BROWSER})
    assert shown.status_code == 200


def test_more_than_300_choices_are_searched_by_typing(parts: Parts, shop: EmbeddedStore) -> None:
    places = NamedNode(iris.graph("reference", "places"))
    more = [
        Quad(NamedNode(iris.thing(f"place/mx-x{number}")), NamedNode(prop), value, places)
        for number in range(301)
        for prop, value in (
            (RDF_TYPE, NamedNode(iris.ONTOLOGY + "#FederalEntity")),
            (PREF_LABEL, Literal(f"Entity {number // 2}", language="en")),
        )
    ]
    larger = replace(parts, store=EmbeddedStore([*quads_of(shop), *more]), public=shop)
    with TestClient(create_app(larger), base_url=SITE) as client:
        page = visit(client, "/queries/towns-of-a-state?lang=en")
        [field] = [has for tag, has, _ in page.elements if tag == "input" and "list" in has]
        assert (field["name"], field["value"]) == ("state", "Jalisco")
        options = [has["value"] for tag, has, _ in page.elements if tag == "option"]
        # What several are called is no way to choose one of them.
        assert options[:4] == ["Baja California", "Colima", "place:mx-x0", "place:mx-x1"]
        assert "Entity 150" in options
        answer = client.get(
            "/queries/towns-of-a-state.csv",
            params={"state": "Entity 3"},
            headers={"accept-language": "en"},
        )
        assert answer.status_code == 400
        assert "several things are called: place:mx-x6, place:mx-x7" in answer.json()["detail"]


@pytest.mark.parametrize("suffix", ["", ".csv", ".rq"])
def test_a_value_that_does_not_fit_is_named_with_what_is_expected(
    client: TestClient, suffix: str
) -> None:
    answer = client.get(
        f"/queries/towns-of-a-state{suffix}?state=Narnia", headers={"accept-language": "en"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == (
        "The parameter state is given as Narnia, which is nothing of the class dl:FederalEntity."
        " Give a thing of that class by its name, its IRI or its prefixed name, such as"
        " place:mx-jal."
    )


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        (
            "/queries/towns-of-a-state.csv?city=Zapopan",
            "The query towns-of-a-state has no parameter city. It has: state, language.",
        ),
        ("/queries/codes?state=x", "The query codes has no parameter state. It has: –."),
        (
            "/queries/towns-of-a-state.json?labels=es",
            "The query towns-of-a-state has no parameter labels. It has: state, language.",
        ),
        (
            "/queries/towns-of-a-state?state=Colima&state=Jalisco",
            "The parameter state is given more than once. Give it once.",
        ),
    ],
)
def test_an_unknown_parameter_or_one_given_twice_is_refused(
    client: TestClient, path: str, detail: str
) -> None:
    answer = client.get(path, headers={"accept": "*/*;q=0.5, text/html", "accept-language": "en"})
    assert answer.status_code == 400
    assert detail in Page(answer.text).texts("p")


@pytest.mark.parametrize(
    "given",
    [
        "x> } ?s ?p ?o { <urn:y",
        'a" } ?s ?p ?o {',
        "\\u0022 }",
        '"""',
        "\n} # ",
        "SERVICE <http://127.0.0.1/> {}",
    ],
)
def test_a_text_is_never_pasted_into_the_query(client: TestClient, given: str) -> None:
    bound = client.get("/queries/is-it-called-so.rq", params={"name": given}).text
    assert f"VALUES ?name {{ {Literal(given)} }}" in bound
    answer = client.get("/queries/is-it-called-so.json", params={"name": given})
    assert answer.json() == {"head": {}, "boolean": False}


@pytest.mark.parametrize("broken", ["state=%ZZ", "state=%FF"])
def test_an_address_that_is_not_properly_encoded_is_refused(
    client: TestClient, broken: str
) -> None:
    assert client.get(f"/queries/towns-of-a-state.csv?{broken}").status_code == 400


def test_an_unknown_example_is_not_found_and_those_alike_are_named(client: TestClient) -> None:
    for path in ("/queries/town-of-a-state", "/queries/town-of-a-state.csv"):
        answer = client.get(path, headers={"accept-language": "en"})
        assert answer.status_code == 404
        assert "Perhaps you mean: towns-of-a-state" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/queries/codes.xlsx",
        "/queries/codes.",
        "/queries.csv",
        "/queries/a-theme-as-a-graph.csv",
        "/queries/codes/answer.ttl",
        "/queries/codes/other.csv",
    ],
)
def test_a_format_that_is_not_offered_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_table_is_answered_in_every_format(client: TestClient) -> None:
    types = {
        "csv": "text/csv; charset=utf-8",
        "tsv": "text/tab-separated-values; charset=utf-8",
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
    }
    for suffix, media_type in types.items():
        for path in (f"/queries/codes.{suffix}", f"/queries/codes/answer.{suffix}"):
            answer = client.get(path)
            assert answer.headers["content-type"] == media_type
            assert answer.headers["content-location"] == f"/queries/codes.{suffix}"
            assert "09" in answer.text
    assert client.get("/queries/codes.csv").text.splitlines() == [
        "code,country,count",
        "09,NA,9",
        "14,MX,1402",
        "15,,0",
    ]


def test_labels_stand_beside_the_iris_where_they_are_asked_for(client: TestClient) -> None:
    answer = client.get("/queries/towns-of-a-state.csv?labels=es&language=es")
    assert answer.text.splitlines()[:2] == [
        "town,townLabel,region",
        f"{iris.thing('place/mx-14039')},Guadalajara,Occidente",
    ]
    assert client.get("/queries/towns-of-a-state.tsv?labels=en").text.startswith(
        "?town\t?townLabel"
    )
    assert client.get("/queries/towns-of-a-state.csv?labels=fr").status_code == 400
    links = visit(client, "/queries/towns-of-a-state?lang=es").links()
    assert links["/queries/towns-of-a-state.csv?language=es&labels=es"] == "CSV con etiquetas"


def test_yes_or_no_is_said_and_downloaded(client: TestClient) -> None:
    page = visit(client, "/queries/is-it-called-so?lang=es")
    assert page.texts("p", **{"class": "truth"}) == ["sí"]
    no = visit(client, "/queries/is-it-called-so?name=Narnia&lang=en")
    assert no.texts("p", **{"class": "truth"}) == ["no"]
    assert "/queries/is-it-called-so.json?name=Narnia" in no.links()


def test_a_graph_is_shown_and_answered_beside_the_rdf_of_the_example(client: TestClient) -> None:
    page = visit(client, "/queries/a-theme-as-a-graph?lang=en")
    assert page.texts("h2")[0] == "Answer 2 statements"
    assert 'skos:prefLabel "Health"@en , "Salud"@es' in page.texts("pre")[0]
    assert "/queries/a-theme-as-a-graph/answer.ttl" in page.links()
    theme = NamedNode(iris.NAMESPACE + "vocab/theme/water")
    expected = {
        Triple(theme, NamedNode(PREF_LABEL), Literal("Water", language="en")),
        Triple(theme, NamedNode(PREF_LABEL), Literal("Agua", language="es")),
    }
    for suffix, fmt in GRAPHS.items():
        path = f"/queries/a-theme-as-a-graph/answer.{suffix}?theme=theme:water"
        answer = client.get(path)
        assert answer.headers["content-location"] == path
        assert graph_of(answer.content, fmt) == expected
    jsonld = client.get("/queries/a-theme-as-a-graph/answer.jsonld?theme=theme:water")
    assert "Agua" in jsonld.text


def test_a_page_shows_200_rows_says_so_and_offers_all(client: TestClient) -> None:
    page = visit(client, "/queries/many?lang=en")
    assert page.texts("h2")[0] == "Answer 300 rows"
    assert page.texts("p", **{"class": "first"}) == ["Here are the first 200 of 300 rows."]
    assert page.texts("td") == [f"{number:03}" for number in range(200)]
    assert len(client.get("/queries/many.csv").text.splitlines()) == 301


def test_nothing_found_is_said(client: TestClient) -> None:
    page = visit(client, "/queries/actions-of-a-month?month=2021-04&lang=en")
    assert page.texts("h2")[0] == "Answer 0 rows"
    assert (
        "Nothing in the graph fits these choices. That does not mean that nothing happened: it may"
        " not be in the graph yet."
    ) in page.texts("p")


def test_what_asks_another_endpoint_is_only_asked_when_the_reader_says_so(
    parts: Parts, shop: EmbeddedStore
) -> None:
    public = Counted(EmbeddedStore())
    app = create_app(replace(parts, store=shop, public=public, version="abcdef"))
    with TestClient(app, base_url=SITE) as client:
        page = visit(client, "/queries/elsewhere?lang=en")
        assert public.asked == []
        [said] = [text for text in page.texts("p") if text.startswith("This query asks another")]
        assert said.endswith("it is only asked when you say so, and may take a while.")
        [field] = [has for tag, has, _ in page.elements if has.get("name") == "ask"]
        # This store refuses SERVICE: that it was asked is seen.
        asked = client.get(f"/queries/elsewhere?{field['name']}={field['value']}")
        assert (asked.status_code, len(public.asked)) == (403, 1)
        headers = client.get("/queries/elsewhere").headers
        assert (headers["cache-control"], "etag" in headers) == ("no-store", False)


def test_the_answers_are_those_of_the_store_for_strangers(
    parts: Parts, shop: EmbeddedStore
) -> None:
    public = Counted(shop)
    app = create_app(replace(parts, store=shop, public=public, version="abcdef"))
    with TestClient(app, base_url=SITE) as client:
        text = client.get("/queries/codes.rq").text
        for path in ("/queries/codes", "/queries/codes.csv", "/queries/codes/answer.csv"):
            client.get(path, headers={"accept": BROWSER})
        assert public.asked == [text] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/queries",
        "/queries.ttl",
        "/.well-known/sparql-examples",
        "/queries/codes",
        "/queries/codes.ttl",
        "/queries/codes.rq",
        "/queries/towns-of-a-state.csv?state=Colima",
        "/queries/a-theme-as-a-graph/answer.ttl",
    ],
)
def test_who_holds_it_already_is_told_so(client: TestClient, path: str) -> None:
    first = client.get(path, headers={"accept": "*/*"})
    assert first.status_code == 200
    assert first.headers["cache-control"] == "public, max-age=60"
    assert 'rel="alternate"' in first.headers["link"]
    assert "content-location" in first.headers
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.head(path).headers["etag"] == first.headers["etag"]


def test_a_page_names_its_own_address_and_those_of_the_other_formats(client: TestClient) -> None:
    answer = client.get(
        "/queries/towns-of-a-state?state=Colima&lang=en", headers={"accept": BROWSER}
    )
    assert answer.headers["content-language"] == "en"
    assert answer.headers["vary"] == "Accept, Accept-Language"
    assert answer.headers["content-location"] == "/queries/towns-of-a-state.html?state=place:mx-col"
    other = client.get(answer.headers["content-location"], headers={"accept-language": "en"})
    assert Page(other.text).texts("td") == []
    csv_answer = client.get("/queries/towns-of-a-state.csv?state=Colima")
    assert (
        '</queries/towns-of-a-state.json?state=place:mx-col>; rel="alternate"'
        in (csv_answer.headers["link"])
    )


def test_every_real_example_has_its_page_in_both_languages(site: str) -> None:
    listed = Page(httpx2.get(f"{site}/queries", headers={"accept": BROWSER}, timeout=60).text)
    paths = {href for href in listed.links() if href.startswith("/queries/")}
    assert len(paths) >= 40
    wrong = {}
    for path in sorted(paths):
        for language in ("es", "en"):
            answer = httpx2.get(
                f"{site}{path}?lang={language}", headers={"accept": BROWSER}, timeout=60
            )
            if answer.status_code != 200 or not Page(answer.text).texts("h1"):
                wrong[path, language] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize(
    "text",
    [
        NASTY,
        "",
        '"',
        '""""""',
        'a"""',
        "a\\",
        'a\\"',
        '\\"""',
        "\r\n\t\x00\x7f",
        "\\N{BULLET} \\x41 ñ 🎉",
    ],
)
def test_a_text_is_written_so_that_python_and_the_shell_read_the_same(text: str) -> None:
    assert ast.literal_eval(in_python(text)) == text
    if "\x00" not in text:
        said = subprocess.run(
            ["bash", "-c", f"printf %s {in_shell(text)}"], capture_output=True, check=True
        )
        assert said.stdout == text.encode()


def test_the_code_of_a_table_gives_in_python_what_the_endpoint_gives(
    address: str, tmp_path: Path
) -> None:
    code = snippets(f"{address}/queries/nasty")["Python (SPARQLWrapper)"]
    lines = run_python(code, tmp_path).splitlines()
    assert sorted(ast.literal_eval(line)["text"] for line in lines) == sorted(TEXTS)


def test_the_code_of_a_table_gives_in_pandas_what_the_endpoint_gives(
    address: str, tmp_path: Path
) -> None:
    code = snippets(f"{address}/queries/nasty")["Python (pandas)"]
    run_python(code + '\ntable.fillna("").to_json("table.json", orient="split")', tmp_path)
    found = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert sorted(text for [text] in found["data"]) == sorted(TEXTS)


def test_pandas_keeps_the_zero_of_a_code_and_the_na_of_namibia(
    address: str, tmp_path: Path
) -> None:
    code = snippets(f"{address}/queries/codes")["Python (pandas)"]
    run_python(code + '\ntable.to_json("table.json", orient="split")', tmp_path)
    found = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert found["columns"] == ["code", "country", "count"]
    assert found["data"] == [["09", "NA", 9], ["14", "MX", 1402], ["15", None, 0]]


@pytest.mark.parametrize("slug", ["nasty", "codes", "towns-of-a-state"])
def test_the_code_of_a_table_gives_with_curl_what_the_endpoint_gives(
    address: str, tmp_path: Path, slug: str
) -> None:
    given = run_bash(snippets(f"{address}/queries/{slug}?lang=en")["curl"], tmp_path)
    assert given == httpx2.get(f"{address}/queries/{slug}.csv").content


def test_the_code_has_the_values_that_were_chosen(address: str, tmp_path: Path) -> None:
    codes = snippets(f"{address}/queries/towns-of-a-state?state=Baja%20California&lang=es")
    tijuana = {"town": iris.thing("place/mx-02004"), "region": "Noroeste"}
    said = run_python(codes["Python (SPARQLWrapper)"], tmp_path)
    assert [ast.literal_eval(line) for line in said.splitlines()] == [tijuana]
    run_python(codes["Python (pandas)"] + '\ntable.to_json("t.json", orient="records")', tmp_path)
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8")) == [tijuana]
    given = csv.DictReader(io.StringIO(run_bash(codes["curl"], tmp_path).decode(), newline=""))
    assert list(given) == [tijuana]


def test_the_code_of_yes_or_no_says_it(address: str, tmp_path: Path) -> None:
    for name, truth in (("Zapopan", True), ('Nar"nia\\', False)):
        codes = snippets(f"{address}/queries/is-it-called-so?name={quote(name)}")
        assert run_python(codes["Python (SPARQLWrapper)"], tmp_path) == f"{truth}\n"
        assert run_bash(codes["curl"], tmp_path) == str(truth).lower().encode()
        assert set(codes) == {"Python (SPARQLWrapper)", "R", "curl"}


def test_the_code_of_a_graph_gives_the_graph(address: str, tmp_path: Path) -> None:
    codes = snippets(f"{address}/queries/a-theme-as-a-graph?theme=theme:water")
    theme = f"<{iris.NAMESPACE}vocab/theme/water> <{PREF_LABEL}>"
    expected = {f'{theme} "Water"@en', f'{theme} "Agua"@es'}
    for title in ("Python (SPARQLWrapper)", "Python (rdflib)"):
        assert set(run_python(codes[title], tmp_path).splitlines()) == expected
    turtle = run_bash(codes["curl"], tmp_path)
    assert {str(triple) for triple in graph_of(turtle, RdfFormat.TURTLE)} == expected


def test_the_code_in_r_gives_what_the_endpoint_gives(address: str, tmp_path: Path) -> None:
    codes = {
        slug: snippets(f"{address}/queries/{slug}")["R"]
        for slug in ("nasty", "codes", "is-it-called-so", "a-theme-as-a-graph")
    }
    for code in codes.values():
        assert 'options(HTTPUserAgent = "diplolocal-example (you@example.org)")' in code
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not on this machine: the code in R was read, but not run")
    written = 'write.csv(table, "table.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")'
    run_r(f"{codes['codes']}\n{written}", tmp_path)
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines() == [
        '"code","country","count"',
        '"09","NA",9',
        '"14","MX",1402',
        '"15",,0',
    ]
    run_r(f"{codes['nasty']}\ntable[is.na(table)] <- ''\n{written}", tmp_path)
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as table:
        assert sorted(row["text"] for row in csv.DictReader(table)) == sorted(TEXTS)
    assert run_r(codes["is-it-called-so"], tmp_path) == "[1] TRUE\n"
    theme = run_r(codes["a-theme-as-a-graph"], tmp_path).encode()
    assert len(graph_of(theme, RdfFormat.TURTLE)) == 2


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_code_of_a_real_example_runs_against_the_real_site(
    site: str, tmp_path: Path, lang: str
) -> None:
    page = f"{site}/queries/states-of-a-country?country=place:us&lang={lang}"
    codes = snippets(page)
    answer = httpx2.get(f"{site}/queries/states-of-a-country.csv?country=place:us&language={lang}")
    expected = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(expected) > 5
    said = run_python(codes["Python (SPARQLWrapper)"], tmp_path)
    assert [ast.literal_eval(line) for line in said.splitlines()] == expected
    run_python(codes["Python (pandas)"] + '\ntable.to_csv("table.csv", index=False)', tmp_path)
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as table:
        assert list(csv.DictReader(table)) == expected
    assert run_bash(codes["curl"], tmp_path) == answer.content


def visit(client: TestClient, path: str) -> Page:
    answer = client.get(path, headers={"accept": BROWSER})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def graph_of(content: bytes, fmt: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(content, format=fmt)}


def quads_of(store: EmbeddedStore) -> list[Quad]:
    """All that a store holds, in one named graph for examples."""
    whole = Query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    answer = store.answer(whole, Wanted(None, RdfFormat.N_TRIPLES.media_type))
    graph = NamedNode(iris.graph("queries", "small"))
    return [
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in parse(answer.body, format=RdfFormat.N_TRIPLES)
    ]


def snippets(address: str) -> dict[str, str]:
    """The code on a page, as it is copied from there."""
    html = httpx2.get(address, headers={"accept": BROWSER}, timeout=60).text
    found = re.findall(r"<summary>(.*?)</summary>\s*<pre[^>]*><code>(.*?)</code></pre>", html, re.S)
    assert found
    return {title: unescape(code) for title, code in found}


def run_python(code: str, folder: Path) -> str:
    return run_file(
        [sys.executable, "-W", "error::SyntaxWarning"], "code.py", code, folder
    ).decode()


def run_bash(code: str, folder: Path) -> bytes:
    assert shutil.which("curl"), "curl is not on this machine"
    return run_file(["bash", "-eu"], "code.sh", code, folder)


def run_r(code: str, folder: Path) -> str:
    return run_file(["Rscript", "--vanilla"], "code.R", code, folder).decode()


def run_file(command: list[str], name: str, code: str, folder: Path) -> bytes:
    """What the code prints, run from a file as a reader would."""
    (folder / name).write_text(code, encoding="utf-8")
    done = subprocess.run(
        [*command, name], cwd=folder, env=environment(), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not (folder / "boo").exists()
    return done.stdout
