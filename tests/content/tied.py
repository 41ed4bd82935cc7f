"""What the facts say of twinnings, agreements and memberships, and how sure that makes them."""

import csv
import re
from functools import cache
from pathlib import Path

from tests.content.written import DL, FOAF, SKOS, Graph, Row, Said, iris, table, texts

from diplolocal.iris import thing

OFFICIAL = re.compile(
    r"\.gov(\.|/)|\.gob\.|gouv\.qc\.ca|\.legistar\.com|www\.ci\.[a-z]+\.ca\.us|cityofdenton\.com"
    r"|://(www\.alberta|news\.ontario)\.ca|irekia\.euskadi\.eus|www\.clair\.or\.jp|/embamexjp/"
    r"|://pico-rivera\.org|fr\.unesco\.org|://(gcftf|iclei|100resilientcities)\.org"
)
"""Hosts of public bodies, and, for memberships, of the networks themselves."""

OF_ANYBODY = re.compile(r"^github:(?!Open-Earth)|wikipedia\.org|liquisearch")
"""Lists that anybody may edit, their copies and aggregators."""

OF_WIKIPEDIA = re.compile(r"en\.wikipedia lists|wikipedia\.org|liquisearch")


@cache
def rows(facts: Path, name: str) -> list[Row]:
    """The rows of a table of ties."""
    with (facts / "twinning" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources(row: Row) -> list[str]:
    """The sources of a row, as it names them."""
    return row["source"].split(" ; ")


def address(source: str) -> str:
    """Where a source can be read: a data set is named by its repository."""
    return re.sub(r"^github:([^@]+)@.*", r"https://github.com/\1", source)


def addresses(said: Said, graph: Graph) -> frozenset[str]:
    """The addresses of the publications that report a thing."""
    reported = iris(said[f"{DL}reportedIn"])
    return frozenset(page for one in reported for page in iris(graph[one][f"{FOAF}page"]))


def sure(told: list[str], *, independent: int) -> str:
    """How sure a tie is by its sources alone."""
    lists_only = all(OF_ANYBODY.search(source) for source in told)
    if any(OFFICIAL.search(source) for source in told) or (independent > 1 and not lists_only):
        return "confirmed"
    return "reported" if lists_only and independent == 1 else "probable"


def mexican_place(inegi: str, facts: Path) -> str:
    """The place that has a code of INEGI."""
    (iso,) = {row["iso"] for row in table(facts, "mx_states") if row["inegi"] == inegi} or {""}
    return thing(f"place/{iso.lower() or f'mx-{inegi}'}")


def label(iri: str, graph: Graph) -> str:
    """The English name of a thing."""
    return texts(graph[iri][f"{SKOS}prefLabel"])[0]


def above(place: str, graph: Graph) -> str:
    """The territory that a place is part of."""
    return iris(graph[place][f"{DL}partOf"])[0]


def country(place: str, graph: Graph) -> str:
    """The two letters of the country in which a foreign place is."""
    while graph[place][f"{DL}partOf"]:
        place = above(place, graph)
    return place.rpartition("/")[2].upper()
