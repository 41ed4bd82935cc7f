"""Ways in by region, theme, type, country and name: each number is counted anew with SPARQL."""

import pytest
from fastapi.testclient import TestClient
from tests.conftest import Page

from diplolocal import iris, listing
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import plain, select

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PREFIXES = (
    f"PREFIX dl: <{iris.ONTOLOGY}#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
    " PREFIX sem: <http://semanticweb.cs.vu.nl/2009/11/sem/> "
)


def visit(client: TestClient, path: str = "/browse", language: str = "en") -> Page:
    answer = client.get(f"/{language}{path}", headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-language"]) == (200, language)
    return Page(answer.text)


def counted(store: EmbeddedStore, pattern: str) -> dict[str, int]:
    """How many `?thing` there are for each `?value`."""
    rows = select(
        store,
        f"{PREFIXES} SELECT ?value (COUNT(DISTINCT ?thing) AS ?things) WHERE {{ {pattern} }}"
        " GROUP BY ?value",
    )
    return {plain(row["value"]): int(plain(row["things"])) for row in rows}


@pytest.mark.parametrize(
    ("kind", "facet", "pattern", "one"),
    [
        (
            "actions",
            "theme",
            "?thing a dl:Action ; dl:theme/skos:broader* ?value",
            "action",
        ),
        (
            "actions",
            "actionType",
            "?thing a dl:Action ; dl:actionType/skos:broader* ?value",
            "action",
        ),
        (
            "actions",
            "state",
            "?thing a dl:Action ; dl:territory ?value . ?value a dl:FederalEntity",
            "action",
        ),
        ("actions", "region", "?thing a dl:Action ; dl:region ?value", "action"),
        (
            "twinnings",
            "state",
            "?thing a dl:Twinning ; dl:party/dl:partOf* ?value . ?value a dl:FederalEntity",
            "twinning",
        ),
        ("actions", "country", "?thing a dl:Action ; dl:counterpartCountry ?value", "action"),
    ],
)
def test_each_number_is_that_of_the_graph_and_leads_to_what_it_counts(
    client: TestClient, store: EmbeddedStore, kind: str, facet: str, pattern: str, one: str
) -> None:
    links = visit(client).links()
    begin = f"/search?kind={kind}&{facet}="
    shown = {
        link.removeprefix(begin): text for link, text in links.items() if link.startswith(begin)
    }
    expected = {
        iris.key_of(value): f"{count} {one}{'' if count == 1 else 's'}"
        for value, count in counted(store, pattern).items()
    }
    assert len(expected) > 7
    assert shown == expected


def test_every_concept_is_in_its_tree_those_without_actions_as_well(
    client: TestClient, store: EmbeddedStore
) -> None:
    links = visit(client, language="es").links()
    for scheme in ("theme", "action-type"):
        rows = select(
            store,
            f"{PREFIXES} SELECT ?concept ?label WHERE {{ ?concept skos:prefLabel ?label ;"
            f" skos:inScheme <{iris.NAMESPACE}vocab/{scheme}> FILTER(LANG(?label) = 'es') }}",
        )
        assert len(rows) > 15
        for row in rows:
            assert links[iris.path_of(plain(row["concept"]))] == plain(row["label"])


def test_each_state_is_under_its_region_and_leads_to_its_municipalities(
    client: TestClient, store: EmbeddedStore
) -> None:
    page = visit(client)
    assert len(page.texts("summary")) == 8
    [west] = [each for each in page.texts("details") if each.startswith("West")]
    assert all(name in west for name in ("Colima", "Jalisco", "Michoacán", "Nayarit"))
    pattern = "?thing a dl:Municipality ; dl:partOf ?value . ?value a dl:FederalEntity"
    municipalities = counted(store, pattern)
    assert len(municipalities) == 32
    for state, count in municipalities.items():
        text = page.links()[f"/browse/{iris.key_of(state)}"]
        assert text.startswith(f"{count} municipalities of ")


def test_a_state_has_all_its_municipalities_each_under_its_letter(
    client: TestClient, store: EmbeddedStore
) -> None:
    page = visit(client, "/browse/mx-oax", "es")
    assert page.texts("h1") == ["Municipios de Oaxaca 570"]
    rows = select(
        store,
        f"{PREFIXES} SELECT DISTINCT ?place WHERE {{ ?place a dl:Municipality ;"
        f" dl:partOf <{iris.thing('place/mx-oax')}> }}",
    )
    expected = {iris.path_of(iris.document_of(plain(row["place"]))) for row in rows}
    assert len(expected) == 570
    assert expected <= page.links().keys()
    letters = page.texts("h3")
    assert letters == sorted(letters)
    assert "Á" not in letters


def test_the_municipalities_of_which_something_is_known_go_first(
    client: TestClient, store: EmbeddedStore
) -> None:
    page = visit(client, "/browse/mx-jal")
    pattern = (
        "?thing a dl:Twinning ; dl:party ?value . ?value a dl:Municipality ;"
        f" dl:partOf <{iris.thing('place/mx-jal')}>"
    )
    begin = "/search?kind=twinnings&municipality="
    shown = {
        link.removeprefix(begin): n for link, n in page.links().items() if link.startswith(begin)
    }
    twinnings = counted(store, pattern)
    assert shown == {iris.key_of(place): str(count) for place, count in twinnings.items()}
    assert "Guadalajara" in " ".join(page.texts("tr"))


def test_all_who_take_part_are_in_the_index_a_government_by_its_place(
    client: TestClient, store: EmbeddedStore
) -> None:
    page = visit(client)
    actors = counted(store, "?thing a dl:Action ; sem:hasActor ?value")
    assert f"Who takes part, A to Z {len(actors)}" in page.texts("h2")
    for actor in actors:
        assert iris.path_of(iris.document_of(actor)) in page.links()
    filed = {each[0]: each for each in page.texts("section") if len(each.split(" ", 1)[0]) <= 2}
    assert "Government of Jalisco" in filed["J"]
    assert "Government of Jalisco" not in filed.get("G", "")


def test_every_list_is_offered(client: TestClient) -> None:
    links = visit(client, language="es").links()
    for name, each in listing.listings().items():
        # What the site's own navigation leads to as well is called so there.
        assert links[f"/{name}"] in each.title.values()


@pytest.mark.parametrize("key", ["mx", "us", "mx-xxx", "mx-14039", "%00", "..%2Fplace", "é"])
def test_what_has_no_municipalities_is_not_found(client: TestClient, key: str) -> None:
    assert client.get(f"/browse/{key}").status_code == 404


def test_every_anchor_is_there_once(client: TestClient) -> None:
    for path in ("/browse", "/browse/mx-jal"):
        page = visit(client, path)
        anchors = [has["id"] for _, has, _ in page.elements if "id" in has]
        assert len(anchors) == len(set(anchors))
        assert {link[1:] for link in page.links() if link.startswith("#")} <= {*anchors}


def test_pages_that_it_leads_to_are_there(client: TestClient) -> None:
    links = [link for link in visit(client, language="es").links() if link.startswith("/")]
    few = [
        link for link in links if not link.startswith(("/doc/", "/search", "/browse/", "/vocab"))
    ]
    searches = [link for link in links if link.startswith("/search")]
    for link in (*few, *searches[::25], "/browse/mx-cmx#a"):
        answer = client.get(link.partition("#")[0], headers={"accept": BROWSER})
        assert answer.status_code == 200, link


def test_a_small_graph_is_browsed_as_well(small_client: TestClient) -> None:
    page = visit(small_client, language="es")
    assert page.texts("h1") == ["Explorar"]
    assert page.links()["/search?kind=actions&state=mx-jal"] == "3 acciones"
