"""IRIs: made, taken apart, shortened and expanded in one place."""

import pytest

from diplolocal import iris

JALISCO = "https://w3id.org/diplolocal/id/place/mx-jal"
PREFIXES = {
    "diplolocal": "https://w3id.org/diplolocal/",
    "place": "https://w3id.org/diplolocal/id/place/",
    "dl": "https://w3id.org/diplolocal/def#",
}


def test_a_thing_is_named_by_its_kind_and_key() -> None:
    assert iris.thing("place/mx-jal") == JALISCO


def test_a_graph_is_named_by_the_parts_of_its_key() -> None:
    assert iris.graph("bulletin", "2021-01") == (
        "https://w3id.org/diplolocal/graph/bulletin/2021-01"
    )


def test_a_graph_of_one_part_has_no_slash_at_its_end() -> None:
    assert iris.graph("catalog") == "https://w3id.org/diplolocal/graph/catalog"


def test_a_check_is_named_by_its_file() -> None:
    assert iris.check("missing-class") == "https://w3id.org/diplolocal/check/missing-class"


@pytest.mark.parametrize(
    "path", ["/id/place/mx-jal", "/def", "/context/v1.jsonld", "/id/person/josé", "/"]
)
def test_a_path_and_its_iri_lead_to_each_other(path: str) -> None:
    assert iris.path_of(iris.of_path(path)) == path


def test_another_house_s_iri_is_its_own_address() -> None:
    assert iris.path_of("http://www.wikidata.org/entity/Q13160") == (
        "http://www.wikidata.org/entity/Q13160"
    )


@pytest.mark.parametrize(
    ("iri", "ours"),
    [
        (JALISCO, True),
        ("https://w3id.org/diplolocal/", True),
        ("https://w3id.org/diplolocality/id/place/mx-jal", False),
        ("http://w3id.org/diplolocal/id/place/mx-jal", False),
        ("urn:https://w3id.org/diplolocal/", False),
    ],
)
def test_ours_is_what_is_in_the_namespace(iri: str, ours: bool) -> None:
    assert iris.is_ours(iri) is ours


@pytest.mark.parametrize(
    ("iri", "document"),
    [
        (JALISCO, "https://w3id.org/diplolocal/doc/place/mx-jal"),
        ("https://w3id.org/diplolocal/def#Action", "https://w3id.org/diplolocal/def"),
        (
            "https://w3id.org/diplolocal/vocab/role/host",
            "https://w3id.org/diplolocal/vocab/role/host",
        ),
        ("http://example.org/a#b", "http://example.org/a"),
    ],
)
def test_a_thing_has_a_document_and_a_term_is_in_one(iri: str, document: str) -> None:
    assert iris.document_of(iri) == document


def test_the_longest_namespace_shortens() -> None:
    assert iris.shorten(JALISCO, PREFIXES) == "place:mx-jal"


def test_what_no_namespace_fits_stays_whole() -> None:
    assert iris.shorten("http://example.org/a", PREFIXES) == "http://example.org/a"


def test_a_prefixed_name_is_expanded() -> None:
    assert iris.expand("place:mx-jal", PREFIXES) == JALISCO


@pytest.mark.parametrize("name", ["Jalisco", "https://example.org/", "unknown:x", ":x", ""])
def test_what_has_no_known_prefix_is_not_expanded(name: str) -> None:
    assert iris.expand(name, PREFIXES) == name


@pytest.mark.parametrize("iri", [JALISCO, iris.ONTOLOGY + "#Action", iris.DERIVED])
def test_shortening_and_expanding_give_the_same_iri(iri: str) -> None:
    assert iris.expand(iris.shorten(iri, PREFIXES), PREFIXES) == iri


def test_the_addresses_that_are_promised() -> None:
    assert (iris.ONTOLOGY, iris.CONTEXT, iris.DERIVED) == (
        "https://w3id.org/diplolocal/def",
        "https://w3id.org/diplolocal/context/v1.jsonld",
        "https://w3id.org/diplolocal/graph/derived",
    )


def test_an_action_is_followed_by_those_that_took_part_whatever_its_key() -> None:
    in_order = [
        iris.thing(key)
        for key in (
            "bulletin/2021-01",
            "action/2021-01-02",
            "participation/2021-01-02-1",
            "unnamed/2021-01-02-1",
            "action/2021-01-10",
            "bulletin/2021-02",
            "action/signing-mx-14039-jp-kyoto-1980",
            "participation/signing-mx-14039-jp-kyoto-1980-1",
            "participation/signing-mx-14039-jp-kyoto-1980-2",
            "action/signing-mx-14039-jp-kyoto-1980-2",
            "place/mx-14039",
        )
    ]
    assert sorted(reversed(in_order), key=iris.place) == in_order


@pytest.mark.parametrize(
    ("iri", "month"),
    [
        ("https://w3id.org/diplolocal/id/bulletin/2021-04", "2021-04"),
        ("https://w3id.org/diplolocal/id/bulletin/2021-13", None),
        ("https://w3id.org/diplolocal/id/bulletin/2021-00", None),
        ("https://w3id.org/diplolocal/id/bulletin/2021-4", None),
        ("https://w3id.org/diplolocal/id/bulletin/2021-04\n", None),
        ("https://w3id.org/diplolocal/id/bulletin/２０２１-04", None),
        ("https://w3id.org/diplolocal/id/action/2021-04", None),
        ("https://example.org/id/bulletin/2021-04", None),
    ],
)
def test_a_bulletin_is_that_of_the_month_in_its_key(iri: str, month: str | None) -> None:
    assert iris.month_of(iri) == month


def test_the_key_of_a_thing_is_the_last_part_of_its_iri() -> None:
    assert iris.key_of(JALISCO) == "mx-jal"
