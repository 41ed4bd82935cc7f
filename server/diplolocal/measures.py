"""How good the data are, in numbers: measurements in the Data Quality Vocabulary (DQV, 2016).

What is measured stands in `quality.ttl`, in both languages; `measures.rq` counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from diplolocal import iris
from diplolocal.resources import Names
from diplolocal.store import Row, Store, load_query, plain, select
from diplolocal.wording import said

_DQV = "http://www.w3.org/ns/dqv#"
_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COMMENT = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_DECIMAL = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
_DEFINITION = NamedNode("http://www.w3.org/2004/02/skos/core#definition")
_LINKED = iris.within(iris.QUALITY, "linked-to-wikidata")
_AVERAGE = iris.within(iris.QUALITY, "sources-per-action")
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a metric came to: so many (`part`) of so many (`whole`), of the whole data set or of
    the things of a class.
    """

    metric: str
    part: int
    whole: int
    cls: str | None = None

    @property
    def value(self) -> Decimal:
        """The share, or the average, to four places."""
        return (Decimal(self.part) / Decimal(self.whole)).quantize(_PLACES)

    @property
    def is_share(self) -> bool:
        """Whether it says of how many it is so, rather than how many there are on average."""
        return self.metric != _AVERAGE


def measured(store: Store) -> tuple[Measure, ...]:
    """The measures of all that a store holds; none of what there is nothing of."""
    found = [
        Measure(plain(row["metric"]), _count(row, "part"), _count(row, "whole"))
        for row in select(store, load_query("measures"))
    ]
    found += [
        Measure(_LINKED, _count(row, "withItem"), _count(row, "things"), plain(row["class"]))
        for row in select(store, load_query("things-with-item"))
    ]
    return tuple(measure for measure in found if measure.whole)


def triples(measures: tuple[Measure, ...], known: Mapping[str, str]) -> list[Triple]:
    """The metrics and what they came to, as a graph; `known` prefixes name the classes."""
    found = [*_static()]
    for measure in measures:
        found += _measurement(measure, known)
    return found


def names() -> Names:
    """What the metrics are called."""
    return _texts(_LABEL)


def definitions() -> Names:
    """What the metrics measure."""
    return _texts(_DEFINITION)


def _texts(prop: NamedNode) -> Names:
    return {
        metric: said(
            {
                str(triple.object.language): triple.object.value
                for triple in _static()
                if plain(triple.subject) == metric
                and triple.predicate == prop
                and isinstance(triple.object, Literal)
            }
        )
        for metric in {plain(triple.subject) for triple in _static()}
    }


def _measurement(measure: Measure, known: Mapping[str, str]) -> Iterator[Triple]:
    """One measurement; what was measured of a class is a measurement of its partition (VoID)."""
    names = [f"measured:{measure.metric.rpartition('#')[2]}"]
    measured_on = iris.DATASET
    if measure.cls:
        names.append(f"class:{iris.shorten(measure.cls, known)}")
        measured_on = iris.within(iris.DATASET, names[1])
    node = NamedNode(iris.within(iris.QUALITY, *names))
    yield Triple(node, _RDF_TYPE, NamedNode(_DQV + "QualityMeasurement"))
    yield Triple(node, NamedNode(_DQV + "computedOn"), NamedNode(measured_on))
    yield Triple(NamedNode(measured_on), NamedNode(_DQV + "hasQualityMeasurement"), node)
    yield Triple(node, NamedNode(_DQV + "isMeasurementOf"), NamedNode(measure.metric))
    value = Literal(str(measure.value), datatype=_DECIMAL)
    yield Triple(node, NamedNode(_DQV + "value"), value)
    yield Triple(node, _COMMENT, Literal(f"{measure.part} / {measure.whole}"))


def _count(row: Row, name: str) -> int:
    """A count; what nothing was found for is none."""
    return int(plain(row[name])) if name in row else 0


@cache
def _static() -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(_text(), format=RdfFormat.TURTLE))


def _text() -> bytes:
    return (files("diplolocal") / "quality.ttl").read_bytes()
