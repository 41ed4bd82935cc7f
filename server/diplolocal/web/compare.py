"""`/compare`: some states, regions, countries, themes or months side by side, as a page and as a
table.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from diplolocal import comparison, listing, resources
from diplolocal.bad_requests import BadRequest
from diplolocal.comparison import FACETS, MOST, Comparison
from diplolocal.formats import CSV, HTML, Format
from diplolocal.resources import Names
from diplolocal.search_index import MONTH
from diplolocal.store import plain
from diplolocal.web import given as request
from diplolocal.web import negotiation, searched
from diplolocal.web.drawn import backdrop_of
from diplolocal.web.responses import (
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    tag_of,
    unchanged,
)
from diplolocal.wording import in_words, message, number

router = APIRouter()

PATH = "/compare"
_OF = "of"
_OFFERED = (HTML, CSV)
_FIRST = 15
"""How many rows of a table are seen before it is opened."""
_DESCRIPTION = (
    "Two to six of one kind: `state=mx-jal&state=mx-nle`, or `region`, `country`, `theme`, `month`."
)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is to be compared: the facet, and its values in the order of the address."""

    facet: str
    values: tuple[str, ...]

    @property
    def is_comparable(self) -> bool:
        """Whether they are neither too few nor too many."""
        return 2 <= len(self.values) <= MOST


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be compared: its value in an address, what it is called, how many records
    it has, and whether it is chosen.
    """

    given: str
    called: str
    count: int
    is_chosen: bool


@router.get(PATH, summary="Compare", description=_DESCRIPTION)
def compared(visit: VisitDep) -> Response:
    """Some of one kind side by side, in the format that the client prefers."""
    return _written(visit, negotiation.preferred(visit.accept, _OFFERED))


@router.get(PATH + ".{suffix}", summary="Compare, in one format", description=_DESCRIPTION)
def compared_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    return _written(visit, negotiation.suffixed(_OFFERED, PATH, suffix))


def _written(visit: Visit, fmt: Format) -> Response:
    chosen = _chosen(visit)
    if fmt is CSV and not chosen.is_comparable:
        raise BadRequest(
            message(
                "{count} are chosen; from 2 to {most} of one kind can be compared, such as"
                " {example}.",
                count=len(chosen.values),
                most=MOST,
                example="state=mx-jal&state=mx-nle",
            )
        )
    query = visit.request.url.query
    headers = described_headers(visit, PATH, fmt, _OFFERED, query=f"?{query}" if query else "")
    headers["Vary"] = "Accept, Accept-Language"
    if fmt is CSV:
        headers["Content-Language"] = visit.content
        if visit.parts.version:
            headers["ETag"] = tag_of(visit, visit.parts.version, fmt, visit.content)
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    found = _compared(visit, chosen) if chosen.is_comparable else None
    if fmt is HTML:
        return _page(visit, chosen, found, headers)
    assert found is not None
    file = io.StringIO(newline="")
    csv.writer(file).writerows(_table(visit, found))
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _chosen(visit: Visit) -> _Chosen:
    """What the address asks for. Raises BadRequest for what is unknown, and for several kinds."""
    given = request.given(visit, PATH, known=(*FACETS, _OF, "lang"), once=(_OF, "lang"))
    of = request.one(given, _OF)
    if of is not None and of not in FACETS:
        raise BadRequest(
            message(
                "The parameter {name} cannot be {given}. It can be: {known}.",
                name=_OF,
                given=of,
                known=", ".join(FACETS),
            )
        )
    kinds = dict.fromkeys([*(facet for facet in FACETS if facet in given), *([of] if of else [])])
    if len(kinds) > 1:
        raise BadRequest(
            message(
                "Only what is of one kind can be compared, not {kinds} at once. Choose one of them;"
                " to see where several meet, search with all of them.",
                kinds=", ".join(kinds),
            )
        )
    facet = next(iter(kinds), FACETS[0])
    parameter = listing.filters()[facet]
    values = [
        plain(value)
        for text in given.get(facet, ())
        for value in request.values(visit, parameter, [text])
    ]
    return _Chosen(facet, tuple(dict.fromkeys(values)))


def _compared(visit: Visit, chosen: _Chosen) -> Comparison:
    return comparison.compare(
        visit.parts.search,
        backdrop_of(visit),
        visit.parts.store,
        visit.content,
        (chosen.facet, chosen.values),
    )


def _page(
    visit: Visit, chosen: _Chosen, found: Comparison | None, headers: Mapping[str, str]
) -> Response:
    choices = _choices(visit, chosen)
    filters = listing.filters()
    busiest = sorted(choices, key=lambda each: (-each.count, each.given))[:2]
    return page(
        visit,
        "compare.html",
        headers=headers,
        chosen=chosen,
        found=found,
        columns=[
            _called(visit, chosen.facet, value, _names(visit, chosen)) for value in chosen.values
        ],
        choices=choices,
        example=busiest if len(busiest) == 2 else (),
        labels={name: filters[name].label[visit.language] for name in filters},
        titles={name: each.title[visit.language] for name, each in listing.listings().items()},
        facets=FACETS,
        most=MOST,
        address=lambda asked: visit.to(searched.PATH, searched.query_of(visit, asked)),
        rates=_rates(visit, found) if found else (),
        first=_FIRST,
        csv=f"{visit.base}{PATH}.csv?{_query(visit, chosen)}",
    )


def _query(visit: Visit, chosen: _Chosen) -> str:
    pairs = [f"{chosen.facet}={searched.written(visit, chosen.facet, v)}" for v in chosen.values]
    return "&".join([*pairs, f"lang={visit.content}"])


def _names(visit: Visit, chosen: _Chosen) -> Names:
    of = () if chosen.facet == MONTH else chosen.values
    return resources.names_of(visit.parts.store, of)


def _called(visit: Visit, facet: str, value: str, names: Names) -> str:
    if facet == MONTH:
        return in_words(value, visit.content)
    said = names.get(value, {})
    return said.get(visit.content) or next(iter(said.values()), value)


def _rates(visit: Visit, found: Comparison) -> list[tuple[str, list[str]]]:
    """List by list, how much there is for each million people, to a tenth."""
    return [
        (kind, [number(round(rate, 1), visit.language) for rate in rates])
        for kind, rates in found.rates
    ]


def _choices(visit: Visit, chosen: _Chosen) -> list[Choice]:
    """What can be compared of the kind, months by time and everything else by name."""
    backdrop, facet = backdrop_of(visit), chosen.facet
    counts = comparison.choices(visit.parts.search, backdrop, facet)
    found = [
        Choice(
            searched.written(visit, facet, value),
            _called(visit, facet, value, backdrop.names),
            counts.get(value, 0),
            value in chosen.values,
        )
        for value in dict.fromkeys([*counts, *chosen.values])
    ]
    if facet != MONTH:
        found.sort(key=lambda each: listing.folded(each.called))
    return found


def _table(visit: Visit, found: Comparison) -> Iterator[Sequence[str]]:
    """The numbers as rows of a table (RFC 4180): of which list, by which facet and which value, and
    for each of those compared; empty for a month that is not in the graph yet.
    """
    yield (
        "counted",
        "by",
        "value",
        "label",
        *(searched.written(visit, found.facet, value) for value in found.values),
    )
    for row in found.totals:
        yield (row.value, "", "", "", *_numbers(row))
    if found.populations.keys() >= {*found.values}:
        yield ("population2020", "", "", "", *(str(found.populations[v]) for v in found.values))
    for section in found.sections:
        for row in section.rows:
            called = _called(visit, section.facet, row.value, found.names)
            yield (section.kind, section.facet, row.value, called, *_numbers(row))


def _numbers(row: comparison.Row) -> list[str]:
    return ["" if cell.count is None else str(cell.count) for cell in row.cells]
