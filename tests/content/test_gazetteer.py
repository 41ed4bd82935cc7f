"""Are places, organisations and firms true to the gazetteers? Row by row.

The gazetteers are CSV files among the facts, which are not in the repository (see conftest.py).
What differs from them on purpose is listed here, with the reason. Their identifiers elsewhere:
test_links.py.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal
from tests.content.written import (
    DL,
    FOAF,
    RDF,
    SKOS,
    Graph,
    Row,
    Said,
    actors,
    canonical,
    codes,
    firm_names,
    iris,
    languages,
    of,
    organisations,
    slugs,
    state,
    table,
    texts,
    values,
    written,
)

from diplolocal.dataset import Dataset, Kind
from diplolocal.iris import thing

SCHEMA = "https://schema.org/"
GEO = "http://www.opengis.net/ont/geosparql#"
XSD = "http://www.w3.org/2001/XMLSchema#"

# The class and the type of organisation that a kind of the gazetteer is.
KINDS = {
    "UN agency": ("InternationalOrganisation", "un-body"),
    "intergovernmental": ("InternationalOrganisation", "intergovernmental"),
    "development bank": ("InternationalOrganisation", "development-bank"),
    "fund": ("InternationalOrganisation", "fund"),
    "city network": ("CityNetwork", "city-network"),
    "subnational network": ("CityNetwork", "subnational-network"),
    "NGO": ("CivilSocietyOrganisation", "ngo"),
    "foundation": ("CivilSocietyOrganisation", "foundation"),
    "political foundation": ("CivilSocietyOrganisation", "political-foundation"),
    "humanitarian": ("CivilSocietyOrganisation", "humanitarian"),
    "think tank": ("CivilSocietyOrganisation", "think-tank"),
    "cultural institute": ("CivilSocietyOrganisation", "cultural-institute"),
    "programme": ("CivilSocietyOrganisation", "programme"),
    "chamber of commerce": ("Chamber", "chamber-of-commerce"),
    "university": ("University", "university"),
    "cooperation agency": ("ForeignAgency", "cooperation-agency"),
    "foreign ministry": ("ForeignAgency", "foreign-ministry"),
    "government agency": ("FederalAgency", "government-agency"),
}
# Those of Mexico are no foreign agencies and no international networks.
MEXICAN = {
    "AMEXCID": "FederalAgency",
    "SRE": "FederalAgency",
    "AMAIE": "GovernmentAssociation",
    "CONAGO": "GovernmentAssociation",
}
# The United Nations itself is one of its bodies.
TYPE = {"United Nations": "un-body"}
# Published before the gazetteer was taken over, and kept.
SPANISH_NAME = {
    "United States Department of State": "Departamento de Estado de Estados Unidos",
}
# An acronym that belongs to one language only, by language; others stand in both.
ONE_LANGUAGE = {"Corte IDH": ("es",), "UN Women": ("en",)}
COUNTRY_OF_AGENCY = {
    "GIZ": "de",
    "JICA": "jp",
    "AFD": "fr",
    "USAID": "us",
    "IAF": "us",
    "": "us",  # the Peace Corps
    "GAC": "ca",
    "DoS": "us",
    "MAEUEC": "es",
    "MEAE": "fr",
    "AECID": "es",
    "KOICA": "kr",
}


def test_the_countries_are_those_of_the_gazetteer(facts: Path, graph: Graph) -> None:
    assert {
        iri: (*texts(said[f"{SKOS}prefLabel"]), *codes(said)) for iri, said in of("Country", graph)
    } == {
        thing(f"place/{row['alpha2'].lower()}"): (
            row["name_en"],
            row["name_es"],
            row["alpha2"],
            row["alpha3"],
        )
        for row in table(facts, "countries")
    }


def test_the_states_are_those_of_the_gazetteer(facts: Path, graph: Graph) -> None:
    assert {
        iri: (
            *texts(said[f"{SKOS}prefLabel"]),
            *codes(said),
            *iris(said[f"{DL}partOf"]),
            *iris(said[f"{DL}inRegion"]),
            *iris(said[f"{GEO}hasGeometry"]),
            figures(said),
        )
        for iri, said in of("FederalEntity", graph)
    } == {
        state(row["iso"]): (
            row["name_en"],
            row["name_es"],
            row["iso"],
            row["inegi"],
            thing("place/mx"),
            thing(f"region/{row['region'].lower()}"),
            thing(f"boundary/{row['iso'].lower()}"),
            given_figures(row, "capital"),
        )
        for row in table(facts, "mx_states")
    }


def test_a_state_is_also_known_by_its_official_name(facts: Path, graph: Graph) -> None:
    missing = {
        row["iso"]: row["official_name"]
        for row in table(facts, "mx_states")
        if row["official_name"]
        not in [
            name.value
            for predicate in (f"{SKOS}prefLabel", f"{SKOS}altLabel")
            for name in graph[state(row["iso"])][predicate]
        ]
    }
    assert missing == {}


def test_each_state_has_its_government_named_after_it(facts: Path, graph: Graph) -> None:
    governed = {
        iri: (iris(said[f"{DL}governs"]), texts(said[f"{SKOS}prefLabel"])[0])
        for iri, said in of("StateGovernment", graph)
    }
    assert governed == {
        state(row["iso"]).replace("/place/", "/government/"): (
            [state(row["iso"])],
            "Government of " + ("the " if row["iso"] == "MX-MEX" else "") + row["name_en"],
        )
        for row in table(facts, "mx_states")
    }


def test_the_boundary_of_a_state_is_the_outline_of_the_facts_point_by_point(
    facts: Path, graph: Graph
) -> None:
    outlines = json.loads((facts / "gazetteer" / "mx_states.geojson").read_text("utf-8"))
    found = dict(of("Boundary", graph))
    assert {iri: outline(said) for iri, said in found.items()} == {
        thing(f"boundary/{one['properties']['iso'].lower()}"): (
            f"{GEO}wktLiteral",
            one["geometry"]["type"].upper(),
            one["geometry"]["coordinates"],
        )
        for one in outlines["features"]
    }
    assert len(found) == 32


def test_a_boundary_has_the_name_of_its_state(graph: Graph) -> None:
    different = {
        iri: texts(said[f"{SKOS}prefLabel"])
        for iri, said in of("Boundary", graph)
        for government in [texts(graph[government_of(iri, "boundary")][f"{SKOS}prefLabel"])]
        if texts(said[f"{SKOS}prefLabel"])
        != (
            government[0].replace("Government", "Boundary", 1),
            government[1].replace("Gobierno", "Límite", 1),
        )
    }
    assert different == {}


def test_the_municipalities_are_those_of_the_gazetteer_field_by_field(
    facts: Path, graph: Graph
) -> None:
    found = {
        iri: (
            texts(said[f"{SKOS}prefLabel"]),
            codes(said),
            iris(said[f"{DL}partOf"]),
            figures(said),
        )
        for iri, said in of("Municipality", graph)
    }
    expected = {
        thing(f"place/mx-{row['inegi']}"): (
            (row["name"], row["name"]),
            [row["inegi"]],
            [state(row["state_iso"])],
            given_figures(row, "seat"),
        )
        for row in table(facts, "mx_municipalities")
    }
    assert len(found) == 2478
    assert {iri for iri in expected if found.get(iri) != expected[iri]} == set()
    assert found.keys() == expected.keys()


def test_a_municipality_says_nothing_that_the_gazetteer_does_not(graph: Graph) -> None:
    properties = {name for _, said in of("Municipality", graph) for name in said if said[name]}
    assert properties == {
        f"{RDF}type",
        f"{SKOS}prefLabel",
        f"{DL}partOf",
        f"{DL}inegiCode",
        f"{DL}seat",
        f"{DL}population2020",
        f"{SCHEMA}latitude",
        f"{SCHEMA}longitude",
    }


def test_the_people_of_the_municipalities_are_those_of_their_states_and_of_the_census(
    graph: Graph,
) -> None:
    people: Counter[str] = Counter()
    for _, said in of("Municipality", graph):
        (whole,) = iris(said[f"{DL}partOf"])
        people[whole] += sum(int(value) for value in values(said[f"{DL}population2020"]))
    assert people == {
        iri: int(said[f"{DL}population2020"][0].value) for iri, said in of("FederalEntity", graph)
    }
    assert sum(people.values()) == 126_014_024


def test_each_municipality_has_its_government_and_those_of_mexico_city_are_boroughs(
    facts: Path, graph: Graph
) -> None:
    assert {
        iri: (iris(said[f"{DL}governs"]), texts(said[f"{SKOS}prefLabel"]))
        for iri, said in of("MunicipalGovernment", graph)
    } == {
        thing(f"government/mx-{row['inegi']}"): (
            [thing(f"place/mx-{row['inegi']}")],
            (f"Borough government of {row['name']}", f"Alcaldía de {row['name']}")
            if row["state_iso"] == "MX-CMX"
            else (f"Municipal government of {row['name']}", f"Ayuntamiento de {row['name']}"),
        )
        for row in table(facts, "mx_municipalities")
    }


def test_every_organisation_of_the_gazetteer_is_described_field_by_field(
    facts: Path, graph: Graph
) -> None:
    rows = organisations(facts)
    found = {name: described(graph[iri]) for name, iri in actors(graph).items() if name in rows}
    assert found == {name: expected_organisation(row) for name, row in rows.items()}
    assert len(rows) == 118


def test_every_firm_of_the_gazetteer_is_described_field_by_field(facts: Path, graph: Graph) -> None:
    named = actors(graph)
    found = {}
    for row in table(facts, "firms"):
        name, _ = firm_names(row)
        said = graph[named[name]]
        found[row["name"]] = (
            slugs(said[f"{RDF}type"]),
            texts(said[f"{SKOS}prefLabel"]),
            texts(said[f"{SKOS}altLabel"]),
            slugs(said[f"{DL}basedIn"]),
            iris(said[f"{FOAF}homepage"]),
        )
    assert found == {
        row["name"]: (
            ["def#Firm"],
            (name, name),
            (other, other) if other else (),
            [row["country"].lower()],
            [row["homepage"]],
        )
        for row in table(facts, "firms")
        for name, other in [firm_names(row)]
    }
    assert len(found) == 34


def test_what_rests_on_general_knowledge_says_so(facts: Path, graph: Graph) -> None:
    named = actors(graph)
    telling = {
        name
        for name, row in organisations(facts).items()
        # The home page, where no item was found; the Spanish name, where it is one of its own.
        if row["name_en"] != row["name_es"]
        or (row["homepage"] and "general knowledge" in row["note"])
    }
    telling |= {firm_names(row)[0] for row in table(facts, "firms")}
    notes = {name: graph[named[name]][f"{SKOS}editorialNote"] for name in telling}
    assert {name for name, note in notes.items() if languages(note) != ["en", "es"]} == set()
    assert {
        name for name, note in notes.items() if "general knowledge" not in texts(note)[0]
    } == set()
    assert {
        name
        for name, row in organisations(facts).items()
        if row["homepage"]
        and "homepage from general knowledge" in row["note"]
        and "home page" not in texts(notes[name])[0]
    } == set()


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    """The reference data."""
    return written(dataset.of(Kind.REFERENCE))


def figures(said: Said) -> dict[str, str]:
    """Seat, population and point of a territory as they are written; each once at most."""
    found = {}
    for name, datatype in (
        (f"{DL}seat", "string"),
        (f"{DL}population2020", "integer"),
        (f"{SCHEMA}latitude", "decimal"),
        (f"{SCHEMA}longitude", "decimal"),
    ):
        for value in said[name]:
            assert isinstance(value, Literal)
            assert value.datatype.value == XSD + datatype
            assert name not in found
            found[name] = value.value
    return found


def given_figures(row: Row, seat: str) -> dict[str, str]:
    """The same of a row, without the fields that are empty."""
    given = {
        f"{DL}seat": row[seat].strip(),
        f"{DL}population2020": row["population_2020"],
        f"{SCHEMA}latitude": canonical(row["lat"]),
        f"{SCHEMA}longitude": canonical(row["lon"]),
    }
    return {name: value for name, value in given.items() if value}


def outline(said: Said) -> tuple[str, str, object]:
    """The datatype of a boundary, its kind, and its coordinates as GeoJSON nests them."""
    (wkt,) = said[f"{GEO}asWKT"]
    assert isinstance(wkt, Literal)
    kind, _, rest = wkt.value.partition(" ")
    nested = re.sub(r"(-?[\d.]+) (-?[\d.]+)", r"[\1,\2]", rest)
    return wkt.datatype.value, kind, json.loads(nested.replace("(", "[").replace(")", "]"))


def government_of(iri: str, kind: str) -> str:
    return iri.replace(f"/{kind}/", "/government/")


def described(said: Said) -> tuple[object, ...]:
    return (
        slugs(said[f"{RDF}type"]),
        texts(said[f"{SKOS}prefLabel"]),
        sorted(str(name) for name in said[f"{SKOS}altLabel"]),
        slugs(said[f"{DL}organisationType"]),
        slugs(said[f"{DL}agencyOf"]),
        iris(said[f"{FOAF}homepage"]),
    )


def expected_organisation(row: Row) -> tuple[object, ...]:
    kind, detail = KINDS[row["kind"]]
    kind = MEXICAN.get(row["acronym"], kind)
    names = (row["name_en"], SPANISH_NAME.get(row["name_en"], row["name_es"]))
    english, _, spanish = row["acronym"].partition(" / ")
    acronyms = {"en": english, "es": spanish or english}
    return (
        [f"def#{kind}"],
        names,
        sorted(
            f'"{acronyms[language]}"@{language}'
            for language, name in zip(("en", "es"), names, strict=True)
            if acronyms[language] not in ("", name)
            and language in ONE_LANGUAGE.get(row["acronym"], ("en", "es"))
        ),
        [TYPE.get(row["name_en"], detail)],
        [COUNTRY_OF_AGENCY[row["acronym"]]] if kind == "ForeignAgency" else [],
        [row["homepage"]] if row["homepage"] else [],
    )
