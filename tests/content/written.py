"""What is written by hand and what the facts say, as the tests of the content look at them."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from diplolocal.dataset import Source, read
from diplolocal.iris import ONTOLOGY, thing

DL = f"{ONTOLOGY}#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
CLOSE_MATCH = f"{SKOS}closeMatch"
WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"

Said = dict[str, list[NamedNode | Literal]]
Graph = dict[str, Said]
Row = dict[str, str]

# The publisher of the bulletins is no actor; its record is not made from the gazetteer.
_PUBLISHER = "CEMERI"
# What the gazetteer puts in brackets is another name, but for Volkswagen, where it tells two apart.
_FIRMS = {"Volkswagen (brand and manufacturer)": ("Volkswagen", "")}


def written(sources: Iterable[Source]) -> Graph:
    """What files say, by subject and property, objects in the order of the file."""
    found: Graph = defaultdict(lambda: defaultdict(list))
    for quad in read(tuple(sources)):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


@cache
def table(facts: Path, name: str) -> list[Row]:
    """The rows of a gazetteer."""
    with (facts / "gazetteer" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def organisations(facts: Path) -> dict[str, Row]:
    """The rows that are actors, by their English name."""
    rows = table(facts, "organisations")
    return {row["name_en"]: row for row in rows if row["name_en"] != _PUBLISHER}


def actors(graph: Graph) -> dict[str, str]:
    """Organisations, agencies, bodies, firms and missions by their English name."""
    kinds = tuple(thing(f"{kind}/") for kind in ("agency", "body", "firm", "mission"))
    found = [
        (texts(said[f"{SKOS}prefLabel"])[0], iri)
        for iri, said in list(graph.items())
        if iri.startswith((*kinds, thing("organisation/"))) and said[f"{SKOS}prefLabel"]
    ]
    assert len(dict(found)) == len(found), "one English name, two things"
    return dict(found)


def firm_names(row: Row) -> tuple[str, str]:
    """The name of a firm, and the other one that the gazetteer has in brackets."""
    name, _, other = row["name"].removesuffix(")").partition(" (")
    return _FIRMS.get(row["name"], (name, other))


def of(name: str, graph: Graph) -> list[tuple[str, Said]]:
    """The things of a class of ours."""
    kind = NamedNode(f"{DL}{name}")
    return [(iri, said) for iri, said in list(graph.items()) if kind in said[f"{RDF}type"]]


def state(iso: str) -> str:
    return thing(f"place/{iso.lower()}")


def codes(said: Said) -> list[str]:
    properties = ("isoCode", "isoAlpha3", "inegiCode")
    return [code.value for name in properties for code in said[f"{DL}{name}"]]


def values(objects: list[NamedNode | Literal]) -> list[str]:
    return [one.value for one in objects]


def iris(objects: list[NamedNode | Literal]) -> list[str]:
    return [one.value for one in objects if isinstance(one, NamedNode)]


def slugs(objects: list[NamedNode | Literal]) -> list[str]:
    return [iri.rpartition("/")[2] for iri in iris(objects)]


def texts(objects: list[NamedNode | Literal]) -> tuple[str, ...]:
    """The texts, English before Spanish."""
    told = [one for one in objects if isinstance(one, Literal)]
    return tuple(one.value for one in sorted(told, key=lambda one: one.language or ""))


def languages(objects: list[NamedNode | Literal]) -> list[str]:
    return sorted(one.language or "" for one in objects if isinstance(one, Literal))


def canonical(decimal: str) -> str:
    """A decimal number as stores write it (XML Schema 2 §3.2.3.2): without zeros at its end."""
    whole, _, rest = decimal.partition(".")
    return decimal and f"{whole}.{rest.rstrip('0') or '0'}"
