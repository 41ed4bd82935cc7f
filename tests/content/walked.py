"""What follows from what was written by hand, followed step by step: no query, no rule of ours."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from pyoxigraph import NamedNode, RdfFormat, parse
from tests.conftest import REPOSITORY
from tests.content.written import DL, RDF, SKOS, Graph, Said, iris, of, slugs, texts, values

from diplolocal.iris import thing

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
MEXICO = thing("place/mx")
STATES = thing("place/mx-")


def name(iri: str, graph: Graph) -> str:
    """The English name of a thing, or of a term."""
    said = graph[iri]
    return texts(said[f"{SKOS}prefLabel"] or said[f"{RDFS}label"])[0]


def has(iri: str, prop: str, graph: Graph) -> list[str]:
    """The things that a thing is tied to by a property of ours."""
    return iris(graph[iri][f"{DL}{prop}"])


def value(iri: str, prop: str, graph: Graph) -> str | None:
    """The one value of a property of ours, if there is one."""
    found = values(graph[iri][f"{DL}{prop}"])
    assert len(found) < 2
    return found[0] if found else None


@cache
def kinds(top: str) -> frozenset[str]:
    """A class of ours and those below it, as the ontology has them."""
    ontology = parse(path=REPOSITORY / "ontology" / "diplolocal.ttl", format=RdfFormat.TURTLE)
    below = defaultdict(set)
    for quad in ontology:
        if quad.predicate.value == f"{RDFS}subClassOf" and isinstance(quad.subject, NamedNode):
            below[str(getattr(quad.object, "value", ""))].add(quad.subject.value)

    def under(one: str) -> frozenset[str]:
        return frozenset({one}).union(*(under(each) for each in below[one]))

    return under(f"{DL}{top}")


def is_a(iri: str, classes: frozenset[str], graph: Graph) -> bool:
    """Whether a thing is of one of the classes, or, without a name, of that class of actors."""
    return bool(classes & {*iris(graph[iri][f"{RDF}type"]), *has(iri, "actorClass", graph)})


def above(place: str, graph: Graph) -> Iterator[str]:
    """A territory and those it is part of."""
    yield place
    for one in has(place, "partOf", graph):
        yield from above(one, graph)


def places(actor: str, graph: Graph) -> set[str]:
    """The territories, and those above, that an actor or the government it belongs to governs."""
    governed = {one for place in has(actor, "governs", graph) for one in above(place, graph)}
    return governed.union(*(places(one, graph) for one in has(actor, "agencyOf", graph)))


def states(found: set[str], graph: Graph) -> set[str]:
    """Those of some territories that are federal entities."""
    return {one for one in found if f"{DL}FederalEntity" in iris(graph[one][f"{RDF}type"])}


def actions(graph: Graph) -> list[tuple[str, Said]]:
    """The actions."""
    return of("Action", graph)


def actors(action: str, top: str, graph: Graph) -> set[str]:
    """The named actors of an action that are of a class; Mexico's own missions are nobody's
    counterparts.
    """
    wanted = kinds(top)
    return {
        actor
        for participation in has(action, "hasParticipation", graph)
        for actor in has(participation, "actor", graph)
        if is_a(actor, wanted, graph) and MEXICO not in has(actor, "represents", graph)
    }


def states_of(action: str, graph: Graph) -> set[str]:
    """The federal entities of the Mexican actors of an action."""
    found = [places(actor, graph) for actor in actors(action, "MexicanActor", graph)]
    return states(set().union(*found), graph)


def countries_of(action: str, graph: Graph) -> set[str]:
    """The countries of the counterparts of an action, named or not, Mexico left out."""
    wanted = kinds("InternationalActor")
    unnamed = {one for one in has(action, "unnamedActor", graph) if is_a(one, wanted, graph)}
    found: set[str] = set()
    for one in actors(action, "InternationalActor", graph) | unnamed:
        seats = [*has(one, "represents", graph), *has(one, "basedIn", graph)]
        found |= places(one, graph).union(*(above(seat, graph) for seat in seats))
    return {
        one for one in found if f"{DL}Country" in iris(graph[one][f"{RDF}type"]) and one != MEXICO
    }


def sides(twinning: str, graph: Graph) -> tuple[str, str]:
    """The Mexican and the foreign place of a twinning."""
    first, second = sorted(
        has(twinning, "party", graph), key=lambda one: not one.startswith(STATES)
    )
    assert first.startswith(STATES)
    assert not second.startswith(STATES)
    return first, second


def state_of(place: str, graph: Graph) -> str:
    """The federal entity in which a Mexican place is, or that it is."""
    (found,) = states(set(above(place, graph)), graph)
    return found


def country_of(place: str, graph: Graph) -> str:
    """The country in which a place is."""
    return list(above(place, graph))[-1]


def families(concept: str, graph: Graph) -> set[str]:
    """The concepts at the top of the scheme that are above a concept, or it itself."""
    found = iris(graph[concept][f"{SKOS}broader"])
    return set().union(*(families(one, graph) for one in found)) if found else {concept}


def slug(iri: str | None) -> str:
    """The last part of an IRI."""
    return (iri or "").rpartition("/")[2]


def concepts(iri: str, prop: str, graph: Graph) -> list[str]:
    """The last parts of the concepts that a thing is coded with."""
    return slugs(graph[iri][f"{DL}{prop}"])
