"""Lists as the site serves them: pages that follow one another, filters, formats, refusals."""

import csv
import io
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.conftest import SITE, Page
from tests.processors import by_pyld
from tests.test_modified import HISTORY

from diplolocal import iris
from diplolocal.embedded import EmbeddedStore
from diplolocal.formats import GRAPH
from diplolocal.listing import listings
from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted, plain
from diplolocal.web import at_hand, list_written, lists
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HYDRA = "http://www.w3.org/ns/hydra/core#"
SH = "http://www.w3.org/ns/shacl#"
KINDS = sorted(listings())
ACTION = iris.thing("action/")


class Counting:
    """A store that counts the tables that it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tables = 0

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """The answer of the store itself."""
        self.tables += wanted.results == "text/tab-separated-values"
        return self._store.answer(query, wanted, patience)

    def close(self) -> None:
        """As the store itself."""
        self._store.close()


def links(answer: Response) -> dict[str, str]:
    """The addresses of the `Link` header by relation; of several the last."""
    return {
        relation: target
        for target, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["link"])
    }


def value(answer: Response, prop: str) -> list[str]:
    return [plain(each.object) for each in graph(answer) if each.predicate.value == prop]


def graph(answer: Response, fmt: RdfFormat = RdfFormat.TURTLE) -> set[Quad]:
    assert answer.status_code == 200, answer.text
    return set(parse(answer.content, format=fmt))


def turned(client: TestClient, address: str, relation: str = "next") -> Iterator[Response]:
    """The page at an address, and those that follow it."""
    while True:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        yield answer
        if relation not in links(answer):
            return
        address = links(answer)[relation]


def rows(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


ASKED = [
    ("actions", ""),
    ("actions", "state=mx-jal&theme=culture&theme=health"),
    ("actions", "text=México&actorType=StateGovernment"),
    ("actors", "country=us&limit=9"),
    ("places", "region=occidente&limit=40"),
    ("twinnings", "state=mx-jal"),
    ("agreements", ""),
    ("bulletins", "monthFrom=2021-03&monthTo=2021-06"),
    ("concepts", "scheme=vocab:theme"),
    ("memberships", "limit=10"),
    ("people", ""),
    ("regions", ""),
    ("questions", ""),
    ("sources", "sourceType=press"),
    ("instruments", "limit=100"),
    ("publishers", ""),
    ("links", "linkMethod=single-source&limit=1000"),
]


@pytest.mark.parametrize(("name", "asked"), ASKED)
def test_the_members_of_all_pages_are_what_the_endpoint_answers_to_the_query_of_the_list(
    client: TestClient, name: str, asked: str
) -> None:
    members: list[str] = []
    for answer in turned(
        client,
        f"/{name}.csv?{asked}&limit=30".replace("?&", "?")
        if "limit=" not in asked
        else f"/{name}.csv?{asked}",
    ):
        page = rows(answer)
        assert answer.headers["x-member-count"] == str(len(page))
        members += [row["iri"] for row in page]
    assert answer.headers["x-total-count"] == str(len(members))
    assert len(set(members)) == len(members) > 0
    query = client.get(f"/{name}.rq?{asked}")
    assert query.headers["content-type"] == "application/sparql-query; charset=utf-8"
    found = client.get("/sparql", params={"query": query.text}, headers={"accept": "text/csv"})
    assert [row["thing"] for row in rows(found)] == members
    [select] = value(client.get(f"/{name}.ttl?{asked}"), SH + "select")
    assert select == query.text


@pytest.mark.parametrize("name", KINDS)
def test_every_format_of_a_list_says_the_same(client: TestClient, parts: Parts, name: str) -> None:
    turtle = graph(client.get(f"/{name}.ttl?limit=7"))
    assert graph(client.get(f"/{name}.nt?limit=7"), RdfFormat.N_TRIPLES) == turtle
    assert graph(client.get(f"/{name}.rdf?limit=7"), RdfFormat.RDF_XML) == turtle
    members = {plain(each.object) for each in turtle if each.predicate.value == HYDRA + "member"}
    tree = client.get(f"/{name}.jsonld?limit=7").content
    assert by_pyld(tree, parts.context) == {each.triple for each in turtle}
    assert {row["iri"] for row in rows(client.get(f"/{name}.csv?limit=7"))} == members
    page = Page(client.get(f"/{name}?limit=7&lang=en", headers={"accept": BROWSER}).text)
    shown = {SITE + iris.path_of(iris.document_of(each)) for each in members}
    linked = {SITE + href.partition("?")[0] for href in page.links() if href.startswith("/")}
    assert shown <= linked
    total = client.get(f"/{name}.ttl?limit=7").headers["x-total-count"]
    [said] = [plain(each.object) for each in turtle if each.predicate.value == HYDRA + "totalItems"]
    assert said == total
    assert f"{int(total):,}" in page.texts("h1")[0]


def test_a_page_leads_to_the_next_the_one_before_and_the_first(client: TestClient) -> None:
    forth = [links(each)["canonical"] for each in turned(client, "/actors.ttl?limit=700")]
    last = forth[-1].removeprefix(SITE).replace("/actors", "/actors.ttl")
    back = [links(each)["canonical"] for each in turned(client, last, "prev")]
    assert forth == back[::-1]
    assert len(forth) == 4
    assert all(
        links(client.get(each, headers={"accept": "text/turtle"}))["first"] == "/actors?limit=700"
        for each in forth
    )


def test_the_view_says_in_rdf_what_the_link_header_says(client: TestClient) -> None:
    second = list(turned(client, "/actions.ttl?state=mx-jal&limit=5"))[1]
    collection = NamedNode(f"{SITE}/actions?state=place:mx-jal")
    said = {
        (each.subject, each.predicate.value.removeprefix(HYDRA)): each.object
        for each in graph(second)
    }
    view = said[collection, "view"]
    assert isinstance(view, NamedNode)
    for relation in ("first", "next", "previous"):
        target = said[view, relation]
        assert isinstance(target, NamedNode)
        answer = client.get(target.value, headers={"accept": "text/turtle"})
        assert value(answer, HYDRA + "view") == [target.value]
    assert client.get(collection.value).headers["x-total-count"] == second.headers["x-total-count"]


def test_a_deep_page_is_answered_by_where_the_last_one_ended(client: TestClient) -> None:
    pages = [rows(each) for each in turned(client, "/places.csv?limit=500")]
    assert [len(each) for each in pages] == [500] * 6 + [len(pages[-1])]
    whole = rows(client.get("/places.csv"))
    assert [row for page in pages for row in page] == whole


def test_a_table_is_whole_unless_a_limit_is_given(client: TestClient) -> None:
    whole = client.get("/actors.csv")
    assert whole.headers["x-total-count"] == whole.headers["x-member-count"]
    assert len(rows(whole)) == int(whole.headers["x-total-count"]) > 1000
    assert "next" not in links(whole)
    some = client.get("/actors.csv?limit=3")
    assert rows(some) == rows(whole)[:3]
    assert some.headers["x-member-count"] == "3"


def test_a_large_table_is_sent_portion_by_portion_and_is_the_same(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = client.get("/twinnings.csv")
    monkeypatch.setattr(lists, "AT_ONCE", 100)
    monkeypatch.setattr(list_written, "PORTION", 100)
    with TestClient(create_app(parts), base_url=SITE) as other:
        streamed = other.get("/twinnings.csv")
    assert streamed.text == at_once.text
    assert "content-length" not in streamed.headers
    assert "content-length" in at_once.headers
    assert streamed.headers["etag"] == at_once.headers["etag"]
    assert streamed.headers["x-member-count"] == at_once.headers["x-member-count"]


def test_a_table_has_iris_labels_in_the_language_and_dates(small_client: TestClient) -> None:
    [spanish] = rows(small_client.get("/actions.csv?bulletin=2021-03&lang=es"))
    [english] = rows(small_client.get("/actions.csv?bulletin=2021-03&lang=en"))
    assert spanish["iri"] == english["iri"] == ACTION + "2021-03-01"
    assert (spanish["label"], english["label"]) == ("Tercera", "Third")
    assert spanish["date"] == "2021-03"
    assert spanish["hasEarliestBeginTimeStamp"] == "2021-03-01"
    assert spanish["region"] == iris.thing("region/occidente")
    assert (spanish["regionLabel"], english["regionLabel"]) == ("Occidente", "West")
    actors = [iris.thing("government/mx-02004"), iris.thing("government/mx-14039")]
    assert spanish["mexicanActor"].split("|") == actors
    assert spanish["mexicanActorLabel"] == "Ayuntamiento de Tijuana|Ayuntamiento de Guadalajara"
    assert spanish["theme"] == spanish["themeLabel"] == ""


def test_the_columns_of_a_table_are_the_same_on_every_page(small_client: TestClient) -> None:
    heads = {each.text.partition("\r\n")[0] for each in turned(small_client, "/actors.csv?limit=1")}
    empty = small_client.get("/actors.csv?text=nothing-is-called-so")
    assert heads == {empty.text.strip()}


def test_a_filter_that_finds_nothing_is_a_list_of_nothing(small_client: TestClient) -> None:
    for suffix in ("", ".html", ".ttl", ".jsonld", ".csv", ".nt", ".rdf"):
        answer = small_client.get(f"/actions{suffix}?state=mx-col&lang=en")
        assert answer.status_code == 200
        assert answer.headers["x-total-count"] == answer.headers["x-member-count"] == "0"
    assert value(small_client.get("/actions.ttl?state=mx-col"), HYDRA + "totalItems") == ["0"]


def test_what_is_listed_is_negotiated(client: TestClient) -> None:
    for fmt in GRAPH:
        answer = client.get("/regions", headers={"accept": fmt.media_type})
        assert answer.headers["content-type"].partition(";")[0] == fmt.media_type
        assert answer.headers["content-location"] == f"/regions.{fmt.suffix}"
    table = client.get("/regions", headers={"accept": "text/csv;q=0.9, image/png"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert client.get("/regions", headers={"accept": "image/png"}).status_code == 406
    assert client.get("/regions.xlsx").status_code == 404


def test_who_holds_a_page_is_told_so_and_every_page_has_its_own_language(
    client: TestClient,
) -> None:
    for address in ("/actions", "/actions.csv", "/actions.ttl?limit=2", "/actions.rq"):
        first = client.get(address, headers={"accept": BROWSER, "accept-language": "es"})
        held = {"accept": BROWSER, "accept-language": "es", "if-none-match": first.headers["etag"]}
        again = client.get(address, headers=held)
        assert (again.status_code, again.content) == (304, b"")
        assert not first.headers["etag"].startswith("W/")
        assert client.head(address, headers={"accept": BROWSER}).content == b""
    tags = {client.get(f"/regions.csv?lang={tag}").headers["etag"] for tag in ("es", "en")}
    assert len(tags) == 2


REFUSED = {
    "page=-1": "page",
    "estadó=1": "estadó",
    "state=none": "state",
    "state=": "state",
    "state=%20": "state",
    "actor=place:mx-jal": "actor",
    "theme=action-type:festival": "theme",
    "monthFrom=2021-02-30": "monthFrom",
    "monthFrom=2021-13": "monthFrom",
    "monthFrom=2021-01&monthFrom=2021-02": "monthFrom",
    "monthFrom=2021-05&monthTo=2021-01": "monthFrom=2021-05",
    "limit=0": "limit",
    "limit=-1": "limit",
    "limit=1001": "limit",
    "limit=٣": "limit",
    "limit=1e2": "limit",
    "limit=5&limit=6": "limit",
    "modifiedSince=2021-02-30": "modifiedSince",
    "modifiedSince=2026-01-02&modifiedUntil=2026-01-01": "modifiedSince=2026-01-02",
    "cursor=abc": "cursor",
    "cursor=é": "cursor",
    "cursor=%00": "cursor",
    "cursor=====": "cursor",
    "&".join(["state=mx-jal"] * 201): "201",
    "state=%": "",
    "state=%FF": "",
}


@pytest.mark.parametrize("asked", REFUSED)
@pytest.mark.parametrize("suffix", ["", ".ttl", ".csv", ".rq"])
def test_what_cannot_be_is_refused_by_name(client: TestClient, asked: str, suffix: str) -> None:
    answer = client.get(f"/actions{suffix}?{asked}", headers={"accept": "text/turtle"})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert REFUSED[asked] in answer.json()["detail"]


def test_thousands_of_parameters_are_too_many(client: TestClient) -> None:
    for asked in ("a=&", "a&", "state=&", "state=mx-jal&"):
        answer = client.get(
            "/actions?" + asked * (60_000 // len(asked)), headers={"accept": BROWSER}
        )
        assert answer.status_code in (400, 414)


def test_an_unknown_parameter_is_told_which_there_are(client: TestClient) -> None:
    detail = client.get("/bulletins.ttl?state=mx-jal", headers={"accept-language": "en"}).json()
    assert detail["detail"] == (
        "The list /bulletins has no parameter state. It has: monthFrom, monthTo, text,"
        " modifiedSince, modifiedUntil, limit, cursor, lang."
    )


def test_a_name_that_several_have_is_refused_with_all_of_them(client: TestClient) -> None:
    detail = client.get("/actions.ttl?municipality=Benito Juárez").json()["detail"]
    assert detail.count("place:mx-") > 3


def test_an_empty_field_of_a_form_leads_to_the_address_without_it(client: TestClient) -> None:
    asked = "/actions?state=&theme=theme:culture&text=&lang=en"
    answer = client.get(asked, headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/actions?theme=theme:culture&lang=en",
    )
    all_empty = client.get("/actions?state=&text=", headers={"accept": BROWSER})
    assert all_empty.headers["location"] == "/actions"


def test_a_cursor_of_other_data_is_gone_and_leads_to_the_first_page(
    client: TestClient, parts: Parts
) -> None:
    second = links(client.get("/actions.ttl?state=mx-jal&limit=2"))["next"]
    other = create_app(replace(parts, version="abcdef012345"))
    with TestClient(other, base_url=SITE) as later:
        answer = later.get(second, headers={"accept-language": "en"})
    assert answer.status_code == 410
    problem = answer.json()
    assert problem["first"] == f"{SITE}/actions?state=place:mx-jal&limit=2"
    assert problem["first"] in problem["detail"]
    assert str(parts.version) in problem["detail"]
    assert client.get(problem["first"]).status_code == 200


def test_a_cursor_of_another_list_is_refused(client: TestClient, parts: Parts) -> None:
    cursor = urlsafe_b64encode(f"{parts.version} id/place/mx-jal".encode()).decode().rstrip("=")
    answer = client.get(f"/actions.ttl?cursor={cursor}", headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "is of another list" in answer.json()["detail"]
    assert client.get(f"/places.ttl?cursor={cursor}").status_code == 200


def test_over_an_endpoint_lists_are_paged_as_well(parts: Parts, small: EmbeddedStore) -> None:
    app = create_app(replace(parts, store=small, public=small, version=None, history=None))
    with TestClient(app, base_url=SITE) as client:
        pages = [rows(each) for each in turned(client, "/actions.csv?limit=3")]
        assert [len(each) for each in pages] == [3, 1]
        assert "etag" not in client.get("/actions.ttl").headers
        refused = client.get("/actions.ttl?modifiedSince=2026-12-01")
        assert refused.status_code == 400
        assert "modifiedSince" in refused.json()["detail"]


def test_below_a_path_of_the_host_every_link_begins_with_it(
    parts: Parts, small: EmbeddedStore
) -> None:
    below = replace(parts, store=small, public=small, public_url=f"{SITE}/datos")
    with TestClient(create_app(below), base_url=SITE) as client:
        answer = client.get("/datos/actions?limit=2&lang=en", headers={"accept": BROWSER})
        targets = re.findall(r"<([^>]*)>;", answer.headers["link"])
        targets.remove("https://creativecommons.org/licenses/by/4.0/")
        assert targets
        assert all(urlsplit(each).path.startswith("/datos/") for each in targets)
        assert answer.headers["content-location"].startswith("/datos/actions.html")
        ours = [href for href in Page(answer.text).links() if href.startswith("/")]
        assert all(href.startswith("/datos/") for href in ours)
        assert Page(answer.text).elements
        [next_page] = [href for href, text in Page(answer.text).links().items() if "Next" in text]
        assert client.get(next_page, headers={"accept": BROWSER}).status_code == 200


def test_the_page_shows_what_was_chosen_and_the_query(client: TestClient) -> None:
    address = "/actions?theme=culture&theme=health&municipality=Guadalajara&lang=en"
    page = Page(client.get(address, headers={"accept": BROWSER}).text)
    chosen = [
        has["value"] for name, has, _ in page.elements if name == "option" and "selected" in has
    ]
    assert chosen == ["theme:culture", "theme:health"]
    written = {
        has["name"]: has["value"]
        for name, has, _ in page.elements
        if name == "input" and has.get("value")
    }
    assert written["municipality"] == "place:mx-14039"
    assert [text for text in page.texts("pre") if "?thing dl:theme" in text]
    [ask] = [href for href, text in page.links().items() if text == "Ask it"]
    asked = client.get(ask, headers={"accept": "text/csv"})
    total = client.get(address, headers={"accept": "text/csv"}).headers["x-total-count"]
    assert len(rows(asked)) == int(total)


def test_what_was_asked_for_longest_ago_is_not_kept_when_there_is_no_more_room(
    parts: Parts, small: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hand, "MOST", 12)
    counting = Counting(small)
    app = create_app(replace(parts, store=counting, public=small))
    with TestClient(app, base_url=SITE) as client:

        def asked(name: str) -> int:
            before = counting.tables
            assert client.get(f"/{name}.rq").status_code == 200
            return counting.tables - before

        # There are nine places, three bulletins and two regions.
        assert [asked("places"), asked("regions"), asked("places")] == [1, 1, 0]
        assert [asked("bulletins"), asked("places"), asked("bulletins")] == [1, 0, 0]
        assert [asked("regions"), asked("places"), asked("bulletins")] == [1, 1, 1]


@pytest.fixture(scope="module")
def changing(parts: Parts) -> Iterator[TestClient]:
    """A site over two firms, of which one was merged, and a place, with the records of two
    releases.
    """
    known = """
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix dl: <https://w3id.org/diplolocal/def#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @base <https://w3id.org/diplolocal/> .
        <graph/a> {
            <id/firm/a> a dl:Firm , dl:Actor ; skos:prefLabel "A"@en , "A"@es .
            <id/firm/z> a dl:Firm , dl:Actor ; skos:prefLabel "Z"@en , "Z"@es .
            <id/place/c> a dl:Territory ; skos:prefLabel "C"@en , "C"@es .
            <id/firm/b> a dl:Tombstone ; skos:prefLabel "B"@en , "B"@es ;
                skos:changeNote "Entered twice."@en , "Capturada dos veces."@es ;
                dcterms:isReplacedBy <id/firm/a> .
        }
    """
    store = EmbeddedStore(parse(known.encode(), format=RdfFormat.TRIG))
    history = EmbeddedStore(parse(HISTORY.encode(), format=RdfFormat.TRIG))
    changed = replace(parts, store=store, public=store, history=history, release="1.1.0")
    with TestClient(create_app(changed), base_url=SITE) as client:
        yield client


def test_only_what_was_changed_since_is_listed_and_what_is_gone_says_so(
    changing: TestClient,
) -> None:
    answer = changing.get("/actors.csv?modifiedSince=2026-12-01&lang=en")
    assert [(row["iri"], row["modified"], row["deleted"]) for row in rows(answer)] == [
        (iris.thing("firm/a"), "2026-12-01T09:30:00Z", "false"),
        (iris.thing("firm/b"), "2026-12-01T09:30:00Z", "true"),
    ]
    assert rows(changing.get("/places.csv?modifiedSince=2026-12-01")) == []
    assert len(rows(changing.get("/places.csv?modifiedSince=2026-11-01"))) == 1
    assert len(rows(changing.get("/actors.csv?modifiedUntil=2026-11-30"))) == 0
    assert "changes-dated-until" not in answer.headers


def test_what_is_gone_is_a_tombstone_in_rdf_and_marked_on_the_page(changing: TestClient) -> None:
    answer = changing.get("/actors.ttl?modifiedSince=2026-12-01")
    said = {
        (each.predicate.value.rpartition("#")[2].rpartition("/")[2], plain(each.object))
        for each in graph(answer)
        if each.subject == NamedNode(iris.thing("firm/b"))
    }
    assert {
        ("type", iris.ONTOLOGY + "#Tombstone"),
        ("isReplacedBy", iris.thing("firm/a")),
        ("changeNote", "Entered twice."),
        ("deleted", "2026-12-01T09:30:00Z"),
        ("modified", "2026-12-01T09:30:00Z"),
    } <= said
    page = changing.get("/actors?modifiedSince=2026-12-01&lang=en", headers={"accept": BROWSER})
    assert Page(page.text).texts("abbr") == ["withdrawn or merged"]
    spanish = changing.get("/actors?modifiedSince=2026-12-01&lang=es", headers={"accept": BROWSER})
    assert Page(spanish.text).texts("abbr") == ["retirado o fusionado"]


def test_the_query_of_a_list_of_changes_says_that_it_finds_more(changing: TestClient) -> None:
    whole = changing.get("/actors.rq").text
    query = changing.get("/actors.rq?modifiedSince=2026-12-01").text
    assert query.endswith(whole)
    spanish, english = query.removesuffix(whole).splitlines()
    assert spanish.startswith("# es: La lista solo tiene lo que cambió en el tiempo pedido")
    assert english.startswith("# en: The list has only what was changed at the time")
    answer = changing.get("/sparql", params={"query": query}, headers={"accept": "text/csv"})
    assert answer.status_code == 200
    page = changing.get("/actors?modifiedSince=2026-12-01&lang=en", headers={"accept": BROWSER})
    assert "It does not know when things were changed" in page.text


def test_pages_of_changes_follow_one_another_and_filters_do_not_hide_what_is_gone(
    changing: TestClient,
) -> None:
    pages = [
        rows(each) for each in turned(changing, "/actors.csv?modifiedSince=2026-12-01&limit=1")
    ]
    assert [row["iri"] for page in pages for row in page] == [
        iris.thing("firm/a"),
        iris.thing("firm/b"),
    ]
    filtered = rows(changing.get("/actors.csv?modifiedSince=2026-12-01&text=zzz"))
    assert [row["iri"] for row in filtered] == [iris.thing("firm/b")]


def test_changes_since_the_last_release_are_said_to_have_no_date_yet(parts: Parts) -> None:
    history = EmbeddedStore(parse(HISTORY.encode(), format=RdfFormat.TRIG))
    for records, until in ((history, "2026-12-01T09:30:00Z"), (EmbeddedStore(), None)):
        changed = replace(parts, history=records, release="1.1.0+abcdef012345")
        with TestClient(create_app(changed), base_url=SITE) as client:
            answer = client.get("/actions.ttl?modifiedSince=2026-12-01")
            assert answer.headers.get("changes-dated-until") == until
            [note] = [
                plain(each.object)
                for each in graph(answer)
                if each.predicate.value.endswith("#comment") and str(each.object).endswith("@en")
            ]
            assert "no date yet" in note
            page = client.get(
                "/actions?modifiedSince=2026-12-01&lang=en", headers={"accept": BROWSER}
            )
            assert note in page.text
            assert "changes-dated-until" not in client.get("/actions.ttl").headers
