"""Synthetic data in our own model, of any size, always the same: for measuring, never for reading.

A copy of the real files, and bulletins from the year 2100 on, forty actions to a month, between
real governments and real counterparts. They conform to the shapes and the checks.
"""

import random
import shutil
from pathlib import Path

from diplolocal import iris
from diplolocal.dataset import ROOMS, Dataset, Kind, find, read
from diplolocal.embedded import EmbeddedStore
from diplolocal.store import Row, select

PER_MONTH = 40
FIRST_YEAR = 2100
SEED = 20210101

_SIDES = """
PREFIX dl: <https://w3id.org/diplolocal/def#>
SELECT ?actor ?region WHERE {
  { ?actor a dl:StateGovernment ; dl:governs/dl:inRegion ?region }
  UNION
  {
    VALUES ?kind { dl:ForeignState dl:DiplomaticMission dl:InternationalOrganisation dl:Firm }
    ?actor a ?kind
  }
}
ORDER BY ?actor
"""
_CONCEPTS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept WHERE {
  VALUES ?scheme { <https://w3id.org/diplolocal/vocab/SCHEME> }
  ?concept skos:inScheme ?scheme .
}
ORDER BY ?concept
"""
_HEAD = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dl: <https://w3id.org/diplolocal/def#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{id}bulletin/{month}>
    a dl:Bulletin ;
    skos:prefLabel "Bulletin {month}"@en , "Boletín {month}"@es ;
    dcterms:bibliographicCitation "Bulletin {month}."@en , "Boletín {month}."@es ;
    dcterms:creator <{id}person/saul-gopar-ensaztiga> ;
    dcterms:publisher <{id}body/cemeri> ;
    dl:compiledBy <{id}body/cedl> ;
    dl:month "{month}"^^xsd:gYearMonth ;
    foaf:page <https://example.org/{month}> ;
    dl:editorialRemark "Synthetic."@en , "Sintético."@es .
"""
_ACTION = """
<{id}action/{key}>
    a dl:Action ;
    skos:prefLabel "Action {key}"@en , "Acción {key}"@es ;
    dcterms:description "A synthetic action, the {number}th."@en , "Acción sintética {number}."@es ;
    dl:date "{month}-{day:02}"^^edtf:EDTF ;
    dl:region <{region}> ;
    dl:actionType <{action_type}> ;
    dl:theme <{theme}> ;
    dl:status <https://w3id.org/diplolocal/vocab/status/occurred> ;
    dl:hasParticipation <{id}participation/{key}-1> , <{id}participation/{key}-2> ;
    dl:reportedIn <{id}bulletin/{month}> ;
    dl:confidence <https://w3id.org/diplolocal/vocab/confidence/probable> .

<{id}participation/{key}-1>
    a dl:Participation ;
    dl:actor <{actor}> ;
    dl:role <https://w3id.org/diplolocal/vocab/role/host> .

<{id}participation/{key}-2>
    a dl:Participation ;
    dl:actor <{counterpart}> ;
    dl:role <https://w3id.org/diplolocal/vocab/role/visitor> .
"""


def write(real: Path, root: Path, *, actions: int) -> Dataset:
    """A data set in `root` with the real files of `real` and so many synthetic actions besides."""
    for room in ROOMS:
        ignored = shutil.ignore_patterns("examples")
        shutil.copytree(real / room, root / room, ignore=ignored)
    store = EmbeddedStore(read(find(real).of(Kind.ONTOLOGY, Kind.VOCABULARY, Kind.REFERENCE)))
    chance = random.Random(SEED)
    sides = select(store, _SIDES)
    mexican = [row for row in sides if "region" in row]
    counterparts = [row for row in sides if "region" not in row]
    types, themes = (
        select(store, _CONCEPTS.replace("SCHEME", name)) for name in ("action-type", "theme")
    )
    for first in range(0, actions, PER_MONTH):
        months = first // PER_MONTH
        month = f"{FIRST_YEAR + months // 12}-{months % 12 + 1:02}"
        path = root / "data" / "bulletins" / month[:4] / f"{month}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        blocks = [_HEAD.format(id=iris.thing(""), month=month)]
        for number in range(1, min(PER_MONTH, actions - first) + 1):
            side = chance.choice(mexican)
            blocks.append(
                _ACTION.format(
                    id=iris.thing(""),
                    key=f"{month}-{number:02}",
                    month=month,
                    number=first + number,
                    day=chance.randint(1, 28),
                    region=_iri(side, "region"),
                    actor=_iri(side, "actor"),
                    counterpart=_iri(chance.choice(counterparts), "actor"),
                    action_type=_iri(chance.choice(types), "concept"),
                    theme=_iri(chance.choice(themes), "concept"),
                )
            )
        path.write_text("".join(blocks), encoding="utf-8")
    return find(root)


def _iri(row: Row, name: str) -> str:
    return str(getattr(row[name], "value", ""))
