"""The page where people write queries: blank, with an answer, or with what was wrong.

It is a plain form that works without JavaScript. Where the editor was fetched when the package was
built (`server/query_editor.py`), it takes the place of the form's field, and `static/query.js`
brings what is shown here below it: there is one way to show an answer, and it is here.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from pyoxigraph import Literal

from diplolocal.errors import DiploLocalError
from diplolocal.formats import CSV, GRAPH, JSON, TSV, XML, Format
from diplolocal.store import Answer, Query, bind, load_query, plain, select
from diplolocal.store_errors import QuerySyntaxError
from diplolocal.web.problems import problem
from diplolocal.web.responses import Visit, VisitDep, not_modified, page, unchanged
from diplolocal.web.shown import Shown, show
from diplolocal.wording import message, say

router = APIRouter()

MOST = 1000
"""How many rows or triples of an answer the page shows; it says so where there are more."""

_TABLE = (CSV, TSV, JSON, XML)
_YES_OR_NO = (JSON, XML)
_CLASS = "http://www.w3.org/2002/07/owl#Class"


@dataclass(frozen=True, slots=True)
class Download:
    """The whole answer in another format: what it is called, where it is, and the name that its
    file is saved under.
    """

    label: str
    address: str
    file: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a query cannot be read: line and column, counted from 1, and the text of the line."""

    line: int
    column: int
    text: str

    @property
    def pointer(self) -> str:
        """A mark below the column, as wide as what stands before it."""
        return re.sub(r"\S", " ", self.text[: self.column - 1]).ljust(self.column - 1) + "^"


@dataclass(frozen=True, slots=True)
class Form:
    """What is in the form: the query, `kept`, which goes with it unseen, and the graphs it is asked
    of; `has_editor` where a better one can take the place of its field.
    """

    query: str
    kept: Sequence[tuple[str, str]]
    graphs: Sequence[str]
    has_editor: bool


def blank(visit: Visit) -> Response:
    """The page with a query to begin with, without the comment that is for us."""
    query = Query(load_query("latest-actions").partition("\n")[2].strip())
    return page(visit, "sparql.html", shown=None, form=_form(visit, query))


def answered(visit: Visit, query: Query, answer: Answer) -> Response:
    """The page with an answer, which is in SPARQL JSON or in N-Triples. Works through all of it."""
    shown = show(visit, answer, most=MOST)
    downloads = _downloads(visit, query, shown)
    return page(visit, "sparql.html", shown=shown, downloads=downloads, form=_form(visit, query))


def refused(visit: Visit, query: Query, error: DiploLocalError) -> Response:
    """What was wrong: below the query for people, as a problem document for programs."""
    place = None
    if isinstance(error, QuerySyntaxError) and error.line and error.column:
        lines = query.text.splitlines()
        text = lines[error.line - 1] if error.line <= len(lines) else ""
        place = Place(error.line, error.column, text)
    return problem(
        visit, error, template="sparql.html", shown=None, place=place, form=_form(visit, query)
    )


@router.get("/sparql/completions.json", include_in_schema=False)
def completions(visit: VisitDep) -> Response:
    """What the editor completes: the prefixes of the house, and the classes and properties of the
    ontology with what they are called and mean in the language of the page.
    """
    rows = select(
        visit.parts.store, bind(load_query("terms"), language=Literal(visit.language.value))
    )
    # A term with several domains has several rows.
    terms = {plain(row["term"]): row for row in rows}
    described = [
        {"iri": iri, "label": plain(row["label"]), "definition": plain(row["definition"])}
        for iri, row in terms.items()
    ]
    classes = {iri for iri, row in terms.items() if plain(row["type"]) == _CLASS}
    body = {
        "prefixes": dict(visit.parts.prefixes),
        "classes": [term for term in described if term["iri"] in classes],
        "properties": [term for term in described if term["iri"] not in classes],
    }
    return _json(visit, body)


def _json(visit: Visit, body: object) -> Response:
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:16]}"',
        "Cache-Control": "public, max-age=3600",
        "Content-Language": visit.language,
        "Vary": "Accept-Language",
    }
    response = Response(content, media_type="application/json", headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _form(visit: Visit, query: Query) -> Form:
    graphs = _graphs(query)
    language = [("lang", visit.content.value)] if visit.content is not visit.language else []
    return Form(query.text, [*language, *graphs], [graph for _, graph in graphs], has_editor())


@cache
def has_editor() -> bool:
    """Whether the editor was fetched when this package was built."""
    return (files("diplolocal.web") / "static" / "editor" / "yasqe.min.js").is_file()


def _downloads(visit: Visit, query: Query, shown: Shown) -> Sequence[Download]:
    """All of the answer, in each format that its kind has."""
    if shown.turtle is not None:
        return _written(visit, query, GRAPH)
    if shown.truth is not None:
        return _written(visit, query, _YES_OR_NO)
    return [*_written(visit, query, _TABLE), *_labelled(visit, query)]


def _labelled(visit: Visit, query: Query) -> Sequence[Download]:
    """The answer for a spreadsheet: what each IRI is called stands beside it."""
    title = say(message("CSV with labels"), visit.language)
    [table] = _written(visit, query, (CSV,), labels=visit.content)
    return [replace(table, label=title)]


def _written(
    visit: Visit, query: Query, offered: Sequence[Format], **more: str
) -> Sequence[Download]:
    asked = [("query", query.text), *_graphs(query), *more.items()]
    return [
        Download(
            fmt.label,
            visit.base + "/sparql?" + urlencode([*asked, ("format", fmt.suffix)]),
            f"answer.{fmt.suffix}",
        )
        for fmt in offered
    ]


def _graphs(query: Query) -> list[tuple[str, str]]:
    """The data set of the query as parameters (SPARQL 1.1 Protocol §2.1.4)."""
    return [
        *(("default-graph-uri", graph) for graph in query.default_graphs),
        *(("named-graph-uri", graph) for graph in query.named_graphs),
    ]
