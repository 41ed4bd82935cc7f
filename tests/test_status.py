"""How much there is and what is missing: counted by hand in the small graph (`small.trig`)."""

import json
import re

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from diplolocal import iris, status, status_json
from diplolocal.changes import Changes, ClassChanges
from diplolocal.embedded import EmbeddedStore
from diplolocal.iris import thing
from diplolocal.status import EntityCount, LinkedClass, Month, RegionCount, Status
from diplolocal.status_json import as_json
from diplolocal.wording import Language

DL = iris.ONTOLOGY + "#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
METHOD = iris.NAMESPACE + "vocab/link-method/"
TYPE = iris.NAMESPACE + "vocab/question-type/"
NORTHWEST, WEST = thing("region/noroeste"), thing("region/occidente")


@pytest.fixture(scope="module")
def found(small: EmbeddedStore) -> Status:
    """The status of the small graph."""
    return status.read(small)


def test_each_thing_counts_under_the_narrowest_of_its_classes(found: Status) -> None:
    assert {each.iri.removeprefix(DL): each.things for each in found.classes} == {
        "Action": 4,
        "Bulletin": 3,
        "Country": 2,
        "FederalEntity": 3,
        "ForeignTerritory": 1,
        "Instrument": 2,
        "InternationalOrganisation": 1,
        "Link": 5,
        "Membership": 1,
        "MunicipalGovernment": 2,
        "Municipality": 3,
        "OpenQuestion": 2,
        "Participation": 6,
        "Region": 2,
        "Source": 1,
        "StateGovernment": 1,
        "Twinning": 3,
    }


def test_a_thing_of_a_class_and_of_a_wider_one_counts_once(small_quads: list[Quad]) -> None:
    more = parsed(
        f"<{thing('place/mx-mor')}> a <{DL}FederalEntity>, <{DL}Territory> .", "reference/places"
    )
    found = status.read(EmbeddedStore([*small_quads, *more]))
    counts = {each.iri.removeprefix(DL): each.things for each in found.classes}
    assert (counts["FederalEntity"], counts.get("Territory")) == (4, None)


def test_every_month_since_the_first_bulletin_is_there_with_its_actions(found: Status) -> None:
    assert found.months == (
        Month("2021-01", thing("bulletin/2021-01"), {NORTHWEST: 1, WEST: 1}),
        Month("2021-02", None, {}),
        Month("2021-03", thing("bulletin/2021-03"), {WEST: 1}),
        Month("2021-04", thing("bulletin/2021-04"), {}),
    )
    assert [month.total for month in found.months] == [2, 0, 1, 0]


def test_months_go_on_over_the_end_of_a_year() -> None:
    store = EmbeddedStore(
        quad
        for month in ("2021-11", "2022-02")
        for quad in parsed(
            f"<{thing('bulletin/' + month)}> a <{DL}Bulletin> ; <{DL}month>"
            f' "{month}"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> .',
            f"bulletin/{month}",
        )
    )
    assert [month.month for month in status.months(store)] == [
        "2021-11",
        "2021-12",
        "2022-01",
        "2022-02",
    ]


def test_without_bulletins_there_are_no_months() -> None:
    assert status.months(EmbeddedStore()) == ()


def test_a_region_has_actions_of_bulletins_and_of_other_sources_only(found: Status) -> None:
    assert found.regions == (
        RegionCount(NORTHWEST, entities=1, in_bulletins=1, elsewhere=0),
        RegionCount(WEST, entities=2, in_bulletins=2, elsewhere=1),
    )


def test_what_a_municipality_takes_part_in_counts_once_for_its_state(found: Status) -> None:
    assert found.entities == (
        EntityCount(
            thing("place/mx-bcn"),
            NORTHWEST,
            in_bulletins=2,
            elsewhere=0,
            twinnings=0,
            agreements=0,
            memberships=1,
        ),
        EntityCount(
            thing("place/mx-col"),
            WEST,
            in_bulletins=0,
            elsewhere=0,
            twinnings=0,
            agreements=0,
            memberships=0,
        ),
        EntityCount(
            thing("place/mx-jal"),
            WEST,
            in_bulletins=2,
            elsewhere=1,
            twinnings=3,
            agreements=1,
            memberships=0,
        ),
    )


def test_links_are_counted_by_target_class_property_and_method(found: Status) -> None:
    counts = [
        (each.target, each.cls.removeprefix(DL), each.property, each.method, each.links)
        for each in found.links
    ]
    same, close = OWL + "sameAs", SKOS + "closeMatch"
    assert counts == [
        ("geonames", "FederalEntity", same, METHOD + "identifier", 2),
        ("wikidata", "FederalEntity", same, METHOD + "agreed-sources", 1),
        ("wikidata", "Municipality", same, METHOD + "agreed-sources", 1),
        ("wikidata", "Municipality", close, METHOD + "single-source", 1),
    ]
    assert found.methods == (
        ("geonames", same, METHOD + "identifier", 2),
        ("wikidata", same, METHOD + "agreed-sources", 2),
        ("wikidata", close, METHOD + "single-source", 1),
    )
    assert found.targets == ("geonames", "wikidata")
    assert found.linked_to("wikidata", DL + "Municipality") == 2
    assert found.linked_to("geonames", DL + "Municipality") == 0


def test_classes_say_how_many_of_their_things_have_no_item_of_wikidata(found: Status) -> None:
    assert found.linked == (
        LinkedClass(DL + "FederalEntity", things=3, with_item=1),
        LinkedClass(DL + "InternationalOrganisation", things=1, with_item=0),
        LinkedClass(DL + "Municipality", things=3, with_item=2),
    )
    assert [each.without_item for each in found.linked] == [2, 1, 1]


def test_a_question_says_what_it_is_about_and_which_items_are_candidates(found: Status) -> None:
    [(conflict, [zapopan]), (missing, [nations])] = found.by_type
    assert (conflict, missing) == (TYPE + "conflicting-sources", TYPE + "missing-identifier")
    assert zapopan.iri == thing("question/item-of-zapopan")
    assert zapopan.label == {
        Language.EN: "Which item is Zapopan?",
        Language.ES: "¿Qué elemento es Zapopan?",
    }
    assert zapopan.description[Language.EN] == "Reading both would settle it."
    assert zapopan.about == (thing("place/mx-14039"), thing("place/mx-14120"))
    assert zapopan.candidates == (
        "http://www.wikidata.org/entity/Q1",
        "http://www.wikidata.org/entity/Q2",
    )
    assert (nations.about, nations.candidates) == ((thing("organisation/un"),), ())


def test_everything_counted_is_called_by_its_name_in_both_languages(found: Status) -> None:
    named = [
        *(each.iri for each in found.classes),
        *(each.iri for each in found.regions),
        *(each.iri for each in found.entities),
        *(each.iri for each in found.linked),
        *(name for each in found.links for name in (each.cls, each.property, each.method)),
        *(name for each in found.questions for name in (each.type, *each.about)),
    ]
    assert [name for name in named if set(found.names.get(name, {})) != set(Language)] == []


def test_what_was_counted_is_put_in_the_order_of_its_names(found: Status) -> None:
    ordered = {
        language: [
            found.names[each.iri][language]
            for each in status.by_name(found.linked, found.names, language)
        ]
        for language in Language
    }
    assert ordered == {
        Language.EN: ["Federal entity", "International organisation", "Municipality"],
        Language.ES: ["Entidad federativa", "Municipio", "Organización internacional"],
    }


def test_an_empty_store_has_an_empty_status() -> None:
    assert status.read(EmbeddedStore()) == Status((), (), (), (), (), (), (), {})


# JSON.


def test_json_has_the_months_and_says_of_those_that_are_not_in_the_graph_yet(found: Status) -> None:
    months = json.loads(as_json(found, version="abc"))["months"]
    assert months[:2] == [
        {
            "month": "2021-01",
            "bulletin": thing("bulletin/2021-01"),
            "actions": 2,
            "regions": [{"region": NORTHWEST, "actions": 1}, {"region": WEST, "actions": 1}],
        },
        {"month": "2021-02", "bulletin": None, "actions": None, "regions": None},
    ]
    assert (months[3]["actions"], months[3]["regions"][0]["actions"]) == (0, 0)


def test_json_has_numbers_iris_and_labels_by_language(found: Status) -> None:
    document = json.loads(as_json(found, version="abc"))
    assert list(document) == [
        "version",
        "classes",
        "months",
        "regions",
        "entities",
        "links",
        "linkedClasses",
        "questions",
    ]
    assert document["version"] == "abc"
    assert document["classes"][0] == {
        "class": DL + "Action",
        "label": {"en": "Action", "es": "Acción"},
        "things": 4,
    }
    assert document["regions"][1] == {
        "region": WEST,
        "label": {"en": "West", "es": "Occidente"},
        "entities": 2,
        "actionsInBulletins": 2,
        "actionsElsewhere": 1,
    }
    assert document["entities"][2] == {
        "entity": thing("place/mx-jal"),
        "label": {"en": "Jalisco", "es": "Jalisco"},
        "region": WEST,
        "actionsInBulletins": 2,
        "actionsElsewhere": 1,
        "twinnings": 3,
        "agreements": 1,
        "memberships": 0,
    }
    assert document["links"][3] == {
        "target": "wikidata",
        "class": DL + "Municipality",
        "label": {"en": "Municipality", "es": "Municipio"},
        "predicate": SKOS + "closeMatch",
        "method": METHOD + "single-source",
        "links": 1,
    }
    assert document["linkedClasses"][2] == {
        "class": DL + "Municipality",
        "label": {"en": "Municipality", "es": "Municipio"},
        "things": 3,
        "withWikidata": 2,
        "withoutWikidata": 1,
    }
    assert document["questions"][1] == {
        "type": TYPE + "missing-identifier",
        "label": {"en": "Missing identifier", "es": "Identificador faltante"},
        "questions": [
            {
                "question": thing("question/item-of-un"),
                "label": {"en": "Which item is the UN?", "es": "¿Qué elemento es la ONU?"},
                "description": {"en": "A list would settle it.", "es": "Lo resolvería una lista."},
                "about": [thing("organisation/un")],
                "candidates": [],
            }
        ],
    }


def test_json_has_the_differences_where_versions_were_compared(found: Status) -> None:
    assert "differences" not in json.loads(as_json(found, version="abc"))
    alone = json.loads(as_json(found, version="abc", changes=Changes()))
    assert alone["differences"] == {"before": None, "classes": []}
    changes = Changes(
        "def",
        (ClassChanges(DL + "Action", new=("urn:n",), gone=("urn:g",), changed=("urn:c", "urn:d")),),
        {DL + "Action": {Language.EN: "Action", Language.ES: "Acción"}},
    )
    assert json.loads(as_json(found, version=None, changes=changes))["differences"] == {
        "before": "def",
        "classes": [
            {
                "class": DL + "Action",
                "label": {"en": "Action", "es": "Acción"},
                "new": ["urn:n"],
                "gone": ["urn:g"],
                "changed": ["urn:c", "urn:d"],
            }
        ],
    }


def test_every_key_of_the_json_is_explained(found: Status) -> None:
    document = as_json(found, version="abc", changes=Changes("def", (), {}))
    keys = set(re.findall(r'"([a-zA-Z]+)":', document)) - set(Language)
    explained = set(re.findall(r"[a-zA-Z]+", status_json.__doc__ or ""))
    assert len(keys) > 30
    assert keys - explained == set()


def test_the_same_graph_gives_the_same_bytes_whatever_its_order(small_quads: list[Quad]) -> None:
    texts = {
        as_json(status.read(EmbeddedStore(quads)), version="abc")
        for quads in (small_quads, reversed(small_quads))
    }
    assert len(texts) == 1


# What the tests above say in one word.


def parsed(turtle: str, graph: str) -> list[Quad]:
    """Statements in one of our named graphs."""
    name = NamedNode(iris.graph(graph))
    return [
        Quad(each.subject, each.predicate, each.object, name)
        for each in parse(turtle, format=RdfFormat.TURTLE)
    ]
