"""Do the example queries that ask Wikidata as well ask it the right thing, and put the two halves
together? Wikidata itself is not asked: an endpoint here answers in its place, from statements that
the test gives.
"""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions
from pyoxigraph import Store as Oxigraph
from tests.content import known
from tests.content.asked import ASKED, FEDERATED, Row, rows, text_of
from tests.content.written import table

from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.settings import Settings
from diplolocal.store import Store, select
from diplolocal.store_errors import QueryRefused, ServiceUnavailable

WIKIDATA = "https://query.wikidata.org/sparql"
NOWHERE = "http://127.0.0.1:1/sparql"
ITEM = "http://www.wikidata.org/entity/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DESCRIPTION = "http://schema.org/description"
TWINNED = "http://www.wikidata.org/prop/direct/P190"

every_federated = pytest.mark.parametrize("slug", FEDERATED)


class InPlaceOfWikidata(ThreadingHTTPServer):
    """An endpoint on this machine that answers SPARQL from the statements it is given."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/sparql"
        self.knows = Oxigraph()

    def told(self, *said: tuple[str, str, NamedNode | Literal]) -> None:
        """From now on it knows this and nothing else."""
        known_here = Oxigraph()
        for subject, predicate, term in said:
            statement = Quad(NamedNode(subject), NamedNode(predicate), term, DefaultGraph())
            known_here.add(statement)
        self.knows = known_here


class _Answering(BaseHTTPRequestHandler):
    server: InPlaceOfWikidata

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = self.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
        found = self.server.knows.query(parse_qs(body)["query"][0] if form else body)
        assert isinstance(found, QuerySolutions)
        answer = found.serialize(format=QueryResultsFormat.JSON)
        assert answer is not None
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


@every_federated
def test_a_federated_query_asks_wikidata_and_nobody_else(slug: str) -> None:
    assert set(re.findall(r"SERVICE\s+(\S+)", text_of(slug))) == {f"<{WIKIDATA}>"}
    assert WIKIDATA in Settings.model_fields["services"].get_default()
    assert "federated" in {term.value for term in ASKED[slug].said["https://schema.org/keywords"]}


@every_federated
def test_a_federated_query_is_not_answered_where_nobody_is_asked(slug: str, store: Store) -> None:
    with pytest.raises(QueryRefused):
        select(store, text_of(slug))


@every_federated
def test_an_identifier_in_a_federated_query_is_one_of_the_facts(slug: str, facts: Path) -> None:
    told = "".join(path.read_text("utf-8") for path in (facts / "gazetteer").glob("*.csv"))
    mentioned = set(re.findall(r"\b[QP][1-9]\d*\b", text_of(slug)))
    assert mentioned
    assert mentioned - set(re.findall(r"\b[QP][1-9]\d*\b", told)) == set()


def test_the_items_of_the_states_are_those_of_the_facts(facts: Path) -> None:
    listed = re.findall(r"wd:(Q\d+)", text_of("states-named-by-wikidata"))
    assert sorted(listed) == sorted(row["qid"] for row in known.states(facts).values())


def test_states_named_by_wikidata_in_the_language_of_choice(
    asking: EmbeddedStore, wikidata: InPlaceOfWikidata, facts: Path
) -> None:
    isos = ("MX-JAL", "MX-YUC", "MX-CMX")
    items = {iso: ITEM + known.states(facts)[iso]["qid"] for iso in isos}
    wikidata.told(
        (items["MX-JAL"], LABEL, Literal("Der Staat Jalisco", language="de")),
        (items["MX-JAL"], LABEL, Literal("L'État de Jalisco", language="fr")),
        (items["MX-YUC"], LABEL, Literal("Der Staat Yucatán", language="de")),
        (items["MX-YUC"], DESCRIPTION, Literal("ein Staat", language="de")),
        (items["MX-YUC"], DESCRIPTION, Literal("a state", language="en")),
        (items["MX-CMX"], LABEL, Literal("Ciudad de México", language="es")),
    )
    text = text_of("states-named-by-wikidata", code="de")
    columns = "iso name theirName theirDescription"
    assert answered(asking, text, columns, instead=wikidata.address) == [
        ("MX-JAL", "Jalisco", "Der Staat Jalisco", None),
        ("MX-YUC", "Yucatán", "Der Staat Yucatán", "ein Staat"),
    ]


def test_twinnings_of_guadalajara_that_wikidata_has_are_told_from_those_it_lacks(
    asking: EmbeddedStore, wikidata: InPlaceOfWikidata, facts: Path
) -> None:
    # An item that the facts give beside another municipality's twinning is that of the same place.
    items = {
        (row["foreign_name"], row["country_alpha2"]): row["foreign_qid"]
        for row in known.twinnings(facts)
        if row["foreign_qid"]
    }
    partners = {
        (row["foreign_name"], items[row["foreign_name"], row["country_alpha2"]])
        for row in known.twinnings(facts)
        if row["mx_inegi"] == "14039" and (row["foreign_name"], row["country_alpha2"]) in items
    }
    curitiba, portland = (dict(partners)[name] for name in ("Curitiba", "Portland"))
    (row,) = [row for row in table(facts, "mx_municipalities") if row["inegi"] == "14039"]
    wikidata.told(
        (ITEM + row["city_qid"], TWINNED, NamedNode(ITEM + curitiba)),
        (ITEM + row["qid"], TWINNED, NamedNode(ITEM + portland)),
        (ITEM + "Q1", TWINNED, NamedNode(ITEM + row["qid"])),
    )
    text = text_of("guadalajara-twinnings-in-wikidata")
    found = answered(asking, text, "name item inWikidata", instead=wikidata.address)
    assert found == sorted(
        (name, f"wd:{item}", "true" if item in (curitiba, portland) else None)
        for name, item in partners
    )
    assert len(partners) > 5


def test_international_organisations_named_here_and_by_wikidata(
    asking: EmbeddedStore, wikidata: InPlaceOfWikidata, facts: Path
) -> None:
    names = {row["qid"]: row for row in table(facts, "organisations") if row["qid"]}
    listed = re.findall(r"wd:(Q\d+)", text_of("international-organisations-named-by-wikidata"))
    assert {names[item]["acronym"].split(" / ")[0] for item in listed} == {
        "OECD",
        "UNESCO",
        "UNICEF",
        "UN Women",
        "WHO",
    }
    wikidata.told(
        *((ITEM + item, LABEL, Literal(f"{item} en español", language="es")) for item in listed),
        *((ITEM + item, LABEL, Literal(f"{item} in English", language="en")) for item in listed),
    )
    text = text_of("international-organisations-named-by-wikidata", language="es")
    found = answered(asking, text, "name theirName", instead=wikidata.address)
    assert sorted(found) == sorted(
        (names[item]["name_es"], f"{item} en español") for item in listed
    )


def test_an_endpoint_that_is_not_there_is_named_as_what_failed(asking: EmbeddedStore) -> None:
    with pytest.raises(ServiceUnavailable, match="127"):
        answered(asking, text_of("guadalajara-twinnings-in-wikidata"), "name", instead=NOWHERE)


@pytest.fixture(scope="module")
def wikidata() -> Iterator[InPlaceOfWikidata]:
    """The endpoint that stands in for Wikidata's."""
    with InPlaceOfWikidata() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def asking(real_build: Build, wikidata: InPlaceOfWikidata) -> EmbeddedStore:
    """The real data, and leave to ask the endpoint that stands in, and one that is not there."""
    return EmbeddedStore.load(real_build.store, services=[wikidata.address, NOWHERE])


def answered(store: Store, text: str, columns: str, *, instead: str) -> list[Row]:
    """The rows of an answer for which another endpoint is asked instead of Wikidata."""
    return rows(store, text.replace(WIKIDATA, instead), tuple(columns.split()))
