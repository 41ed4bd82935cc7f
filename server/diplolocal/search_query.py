"""A search as a SPARQL query that finds exactly the same."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from diplolocal import iris, listing
from diplolocal.listing import Values
from diplolocal.search import Asked
from diplolocal.search_index import KIND, MONTH
from diplolocal.store import bind, load_query

_MONTH = NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")


def query(asked: Asked, things: Sequence[str]) -> str:
    """The query of the list, where there is one that finds the same, else one that names the
    things, which are all that is found.
    """
    return of_list(asked) or bind(
        load_query("search-named"), thing=[NamedNode(thing) for thing in things]
    )


def of_list(asked: Asked) -> str | None:
    """The query of the list that finds the same: where all is of one kind, no words are asked for
    and the list has those filters.
    """
    kinds = asked.chosen.get(KIND, ())
    if len(kinds) != 1 or asked.text.strip():
        return None
    of, values = listing.listings()[kinds[0]], _values(asked)
    if values is None or not values.keys() <= {each.name for each in of.filters}:
        return None
    return listing.query(of, values)


def _values(asked: Asked) -> Values | None:
    """The values of the filters of a list; None where a list has no such filter: what a bulletin of
    that month reports is asked for by the bulletin.
    """
    chosen = {facet: values for facet, values in asked.chosen.items() if values and facet != KIND}
    if months := chosen.pop(MONTH, ()):
        if "bulletin" in chosen:
            return None
        chosen["bulletin"] = tuple(iris.thing(f"bulletin/{month}") for month in months)
    span = {"monthFrom": asked.month_from, "monthTo": asked.month_to}
    return {
        **{facet: [NamedNode(value) for value in values] for facet, values in chosen.items()},
        **{name: [Literal(month, datatype=_MONTH)] for name, month in span.items() if month},
    }
