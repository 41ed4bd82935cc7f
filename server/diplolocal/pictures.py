"""The pictures of the site: which there are, what each counts, and the picture itself.

What a picture is called, what it counts and in which form stands in `pictures.ttl`; its numbers
come from the search, so that each is what the search behind its mark finds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from pyoxigraph import Literal, RdfFormat, parse

from diplolocal import cartography, counted, drawing, iris, ties
from diplolocal.backdrop import Backdrop
from diplolocal.counted import Row, Subject
from diplolocal.drawing import Specification
from diplolocal.not_found import FileNotThere
from diplolocal.search import Asked, Index
from diplolocal.store import Term, plain
from diplolocal.wording import Language, Message, Said, message, number, said, say

NETWORK = "network"
"""The form of a picture of who acts with whom, which is offered in formats for networks."""

_COLLECTION = "http://www.w3.org/ns/hydra/core#collection"
_COLUMN = "http://www.w3.org/ns/csvw#column"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
_FORM = "http://purl.org/dc/terms/type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_Facts = Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Definition:
    """A picture that there is: what it is called, what it counts of the members of which list, by
    which facets, and its form.
    """

    name: str
    title: Said
    description: Said
    kind: str
    facets: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of some numbers: what it is called, what it counts out of what was `asked`, the
    numbers as `rows` of a table with the headings `columns`, what they do not say (`notes`), and
    the drawing. `credit` names those whose map it is drawn on. Of a network, `rows` are the
    ties and `nodes` the actors.
    """

    name: str
    title: str
    description: str
    language: Language
    asked: Asked
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    nodes: tuple[Row, ...]
    notes: tuple[str, ...]
    credit: str
    drawing: Specification

    @property
    def form(self) -> str:
        """In which form the numbers are drawn."""
        return definition(self.name).form

    @property
    def linked(self) -> tuple[Row, ...]:
        """The rows whose links the drawing has, in the order of the links."""
        return (*self.rows, *self.nodes)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not any(row.count for row in self.rows)


@cache
def definitions() -> Mapping[str, Definition]:
    """The pictures that there are by name, in the order in which they are shown."""
    graph: dict[str, dict[str, list[Term]]] = {}
    for quad in parse((files("diplolocal") / "pictures.ttl").read_bytes(), format=RdfFormat.TURTLE):
        facts = graph.setdefault(plain(quad.subject), {})
        facts.setdefault(quad.predicate.value, []).append(quad.object)
    found = (_definition(iri, graph) for iri, facts in graph.items() if _COLLECTION in facts)
    return {each.name: each for each in found}


def definition(name: str) -> Definition:
    """The picture of that name. Raises FileNotThere where there is none."""
    if name not in definitions():
        raise FileNotThere(f"/pictures/{name}", tuple(definitions()))
    return definitions()[name]


def picture(
    index: Index, backdrop: Backdrop, name: str, asked: Asked, language: Language
) -> Picture:
    """The picture of that name, of what was asked for. Raises FileNotThere where there is none."""
    of = definition(name)
    subject = Subject(of.kind, of.facets, asked, language)
    form = _FORMS[of.form]
    rows = form.rows(index, backdrop, subject)
    sheet = _Sheet(rows, form.nodes(index, backdrop, subject), backdrop, language)
    said = form.counted(index, subject, rows)
    return Picture(
        name=name,
        title=of.title[language],
        description=of.description[language],
        language=language,
        asked=asked,
        columns=(
            *_headings(of, form, language),
            counted.kind_label(of.kind, language),
        ),
        rows=rows,
        nodes=sheet.nodes,
        notes=tuple(say(each, language) for each in (*said, *form.notes(sheet))),
        credit=form.credit,
        drawing=drawing.whole(form.draw(sheet)),
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is drawn: the numbers, the actors of a network, and what it stands on."""

    rows: tuple[Row, ...]
    nodes: tuple[Row, ...]
    backdrop: Backdrop
    language: Language


def _no_nodes(index: Index, backdrop: Backdrop, subject: Subject) -> tuple[Row, ...]:
    return ()


def _no_notes(sheet: _Sheet) -> tuple[Message, ...]:
    return ()


def _unmapped(sheet: _Sheet) -> tuple[Message, ...]:
    """The countries that are counted and too small for the map."""
    named = ", ".join(row.sentence for row in cartography.unmapped(sheet.rows, sheet.backdrop))
    return (message("Too small for this map: {places}.", places=named),) if named else ()


def _strongest(sheet: _Sheet) -> tuple[Message, ...]:
    """How many ties are not drawn."""
    if len(sheet.rows) <= ties.MOST:
        return ()
    return (
        message(
            "Drawn are the {most} strongest of {count} ties. The table and the files have all.",
            most=ties.MOST,
            count=number(len(sheet.rows), sheet.language),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """How pictures of a form get their numbers, how they are drawn, and what is said of both."""

    rows: Callable[[Index, Backdrop, Subject], tuple[Row, ...]]
    draw: Callable[[_Sheet], Specification]
    nodes: Callable[[Index, Backdrop, Subject], tuple[Row, ...]] = _no_nodes
    counted: Callable[[Index, Subject, Sequence[Row]], tuple[Message, ...]] = counted.notes
    notes: Callable[[_Sheet], tuple[Message, ...]] = _no_notes
    headings: tuple[Message, ...] = ()
    credit: str = ""


def _headings(of: Definition, form: _Form, language: Language) -> Sequence[str]:
    """What stands above the values in the table: the form's own words, or the names of facets."""
    if form.headings:
        return [say(each, language) for each in form.headings]
    return [counted.facet_label(facet, language) for facet in of.facets]


_FORMS: Mapping[str, _Form] = {
    "states": _Form(
        partial(counted.rows, every=True),
        lambda sheet: cartography.map_of_states(sheet.rows, sheet.backdrop, sheet.language),
        credit=cartography.STATES_CREDIT,
    ),
    "world": _Form(
        counted.rows,
        lambda sheet: cartography.map_of_world(sheet.rows, sheet.backdrop, sheet.language),
        notes=_unmapped,
        credit=cartography.WORLD_CREDIT,
    ),
    "months": _Form(counted.rows, lambda sheet: drawing.months(sheet.rows, sheet.language)),
    "bars": _Form(counted.rows, lambda sheet: drawing.bars(sheet.rows)),
    "all-bars": _Form(partial(counted.rows, every=True), lambda sheet: drawing.bars(sheet.rows)),
    "matrix": _Form(counted.crossed, lambda sheet: drawing.matrix(sheet.rows)),
    NETWORK: _Form(
        counted.tied,
        lambda sheet: ties.ties(sheet.rows, sheet.nodes, sheet.backdrop.network, sheet.language),
        nodes=counted.actors,
        counted=counted.untied,
        notes=_strongest,
        headings=(message("Mexican actor"), message("Counterpart")),
    ),
}


def _definition(iri: str, graph: Mapping[str, _Facts]) -> Definition:
    facts = graph[iri]
    [columns], [kind], [form] = facts[_COLUMN], facts[_COLLECTION], facts[_FORM]
    return Definition(
        name=iris.key_of(iri),
        title=_texts(facts[_LABEL]),
        description=_texts(facts[_COMMENT]),
        kind=iris.key_of(plain(kind)),
        facets=tuple(each.rpartition("#")[2] for each in _sequence(plain(columns), graph)),
        form=plain(form),
    )


def _sequence(node: str, graph: Mapping[str, _Facts]) -> list[str]:
    """The members of an RDF list (RDF Schema §5.2)."""
    found = []
    while node in graph:
        found.append(plain(graph[node][_RDF + "first"][0]))
        node = plain(graph[node][_RDF + "rest"][0])
    return found


def _texts(terms: Sequence[Term]) -> Said:
    literals = [term for term in terms if isinstance(term, Literal)]
    return said({term.language or "": term.value for term in literals})
