"""What goes back: pages, documents, and errors as problem documents (RFC 9457)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import ceil
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from diplolocal import errors, iris, jsonld
from diplolocal.formats import GRAPH, HTML, JSONLD, PAGE, Format
from diplolocal.resources import Names
from diplolocal.store import Term, plain
from diplolocal.web import negotiation
from diplolocal.web.parts import Parts
from diplolocal.wording import Language, Message, in_words, message, number, say, speaker

STATUS: Mapping[type[errors.DiploLocalError], tuple[int, Message]] = {
    errors.NotInGraphYet: (404, message("Not in the graph yet")),
    errors.ResourceNotFound: (404, message("Not found")),
    errors.NotAcceptable: (406, message("Not acceptable")),
    errors.BadRequest: (400, message("Bad request")),
    errors.MethodRefused: (405, message("Method not allowed")),
    errors.UnsupportedMediaType: (415, message("Unsupported media type")),
    errors.RequestTooLarge: (413, message("Request too large")),
    errors.AddressTooLong: (414, message("Address too long")),
    errors.QuerySyntaxError: (400, message("Query that cannot be read")),
    errors.QueryRefused: (403, message("Refused")),
    errors.AnswerTooLarge: (403, message("Answer too large")),
    errors.QueryTimeout: (503, message("Query took too long")),
    errors.QueryTooCostly: (503, message("Query needs too much")),
    errors.StoreBusy: (503, message("Busy")),
    errors.NobodyWaits: (503, message("Given up")),
    errors.NotReady: (503, message("Not ready")),
    errors.TooMuchAsked: (429, message("Too many queries")),
    errors.StoreUnavailable: (502, message("The SPARQL store gave no answer")),
    errors.ServiceUnavailable: (502, message("Another endpoint gave no answer")),
    errors.DiploLocalError: (500, message("Something is wrong here")),
}
"""The status of each error; an error that is not listed has its parent's."""

_MEMBERS: Mapping[type[errors.DiploLocalError], tuple[str, ...]] = {
    errors.QuerySyntaxError: ("line", "column"),
    errors.NotAcceptable: ("offered",),
    errors.AnswerTooLarge: ("limit",),
    errors.QueryTimeout: ("limit", "elapsed"),
    errors.QueryTooCostly: ("elapsed",),
    errors.AllowanceSpent: ("limit", "used"),
}
"""What a problem document says besides, by error."""

FRESH = "public, max-age=60"
"""How long others may keep what comes from a build: a new one may be served at any time (RFC 9111
§5.2.2).
"""

_NOT_MODIFIED = ("cache-control", "content-location", "etag", "link", "vary")
_PROBLEM = Format("json", "application/problem+json", "JSON")
_DATES = (
    "http://id.loc.gov/datatypes/edtf/EDTF",
    "http://www.w3.org/2001/XMLSchema#date",
    "http://www.w3.org/2001/XMLSchema#gYearMonth",
)
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + kind for kind in ("integer", "decimal", "double", "float")}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is asking and how: the request, what the site is made of, and the language."""

    request: Request
    parts: Parts
    language: Language
    asked: Language | None

    @property
    def home(self) -> str:
        """Where the site is for the world, without a slash at its end. It comes from the
        configuration: who asks may write anything into Host (RFC 9110 §17.1).
        """
        return self.parts.public_url

    @property
    def base(self) -> str:
        """What the paths of the site begin with, without a slash at its end: empty, unless the
        public address has a path.
        """
        return self.parts.base

    @property
    def accept(self) -> str | None:
        """The `Accept` header; several are one (RFC 9110 §5.3)."""
        return ", ".join(self.request.headers.getlist("accept")) or None


async def _visit(
    request: Request, lang: Annotated[str | None, Query(description="es or en")] = None
) -> Visit:
    return visit_of(request, lang)


VisitDep = Annotated[Visit, Depends(_visit)]


def visit_of(request: Request, lang: str | None) -> Visit:
    """The visit that a request is."""
    language = negotiation.speak(request.headers.get("accept-language"), lang)
    return Visit(request, request.app.state.parts, language, language if lang == language else None)


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] = {},
    **values: object,
) -> Response:
    """A page in the language of the visit; `values` are what its template names."""
    environment = _environment(visit.language)
    html = environment.get_template(template).render(visit=visit, other=_other(visit), **values)
    return Response(
        html,
        status,
        media_type="text/html; charset=utf-8",
        headers={"Content-Language": visit.language, "Vary": "Accept, Accept-Language", **headers},
    )


def text(visit: Visit, template: str, **values: object) -> str:
    """A template that is no page, in the language of the visit."""
    return _environment(visit.language).get_template(template).render(**values)


def is_number(term: Term) -> bool:
    """Whether a term is a number, which a table shows at the right."""
    return isinstance(term, Literal) and term.datatype.value in _NUMBERS


def document(
    visit: Visit, fmt: Format, triples: Sequence[Triple], iri: str, *, tree: bool = True
) -> Response:
    """A graph about `iri` in one of the graph formats; JSON-LD as a tree from `iri`, or as a flat
    list.
    """
    if fmt is JSONLD:
        address = visit.home + iris.path_of(iris.CONTEXT)
        if tree:
            body = jsonld.framed(triples, iri, context=visit.parts.context, address=address)
        else:
            body = jsonld.compacted(triples, context=visit.parts.context, address=address)
    else:
        used = _used_prefixes(triples, visit.parts.prefixes)
        ordered = sorted(set(triples), key=str)
        body = (
            serialize(ordered, format=RdfFormat.from_media_type(fmt.media_type), prefixes=used)
            or b""
        )
    return Response(body, media_type=fmt.media_type, headers={"Vary": "Accept"})


def described_headers(
    visit: Visit, path: str, fmt: Format, offered: Sequence[Format] = PAGE
) -> Mapping[str, str]:
    """The headers of a document that exists in several formats: where this one is, and where the
    others are.
    """
    alternates = ", ".join(
        f'<{visit.base}{path}.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
        for other in offered
        if other is not fmt
    )
    headers = {"Content-Location": f"{visit.base}{path}.{fmt.suffix}", "Link": alternates}
    if visit.parts.version:
        language = f"-{visit.language}" if fmt is HTML else ""
        headers |= {
            "ETag": f'"{visit.parts.version}-{fmt.suffix}{language}"',
            "Cache-Control": FRESH,
        }
    return headers


def unchanged(visit: Visit, headers: Mapping[str, str]) -> bool:
    """Whether the client holds this very document already (RFC 9110 §13.1.2)."""
    held = visit.request.headers.get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in held.split(",")]
    return "ETag" in headers and (headers["ETag"] in tags or "*" in tags)


def not_modified(response: Response) -> Response:
    """The answer without its body, which the client holds (RFC 9110 §15.4.5)."""
    kept = {name: value for name, value in response.headers.items() if name in _NOT_MODIFIED}
    return Response(status_code=304, headers=kept)


def problem(
    visit: Visit,
    error: errors.DiploLocalError,
    *,
    template: str = "problem.html",
    **values: object,
) -> Response:
    """An error as a page for a browser, as a problem document for everybody else; `values` are what
    the template of the page names besides.
    """
    status, title = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    detail = say(error.sentence, visit.language)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if after := _retry_after(error):
        headers |= {"Retry-After": str(after)}
    nearest = error.nearest if isinstance(error, errors.NotInGraphYet) else ()
    if negotiation.choose(visit.accept, (_PROBLEM, HTML)) is HTML:
        return page(
            visit,
            template,
            status=status,
            headers=headers,
            title=say(title, visit.language),
            detail=detail,
            nearest=nearest,
            **values,
        )
    body = {
        "type": "about:blank",
        "title": say(title, visit.language),
        "status": status,
        "detail": detail,
        **_members(error),
    }
    if nearest:
        body |= {"nearest": [bulletin for _, bulletin in nearest]}
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status,
        media_type=_PROBLEM.media_type,
        headers={**headers, "Content-Language": visit.language},
    )


def _members(error: errors.DiploLocalError) -> Mapping[str, object]:
    """What the problem document says besides, for programs (RFC 9457 §3.2)."""
    names = next((_MEMBERS[cls] for cls in type(error).__mro__ if cls in _MEMBERS), ())
    values = {name: getattr(error, name) for name in names}
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in values.items()
        if value is not None
    }


def _retry_after(error: errors.DiploLocalError) -> int | None:
    """After how many seconds one may ask again (RFC 9110 §10.2.3). A query that took too much may
    be asked again after as long as it took: so a client that does so always leaves half the time to
    others.
    """
    if isinstance(error, errors.StoreBusy | errors.TooMuchAsked):
        return error.retry_after
    if isinstance(error, errors.QueryTimeout | errors.QueryTooCostly):
        return max(1, ceil(error.elapsed))
    return None


def _other(visit: Visit) -> str:
    """The address of the same page in the other language."""
    language = Language.EN if visit.language is Language.ES else Language.ES
    address = visit.request.url.include_query_params(lang=language)
    return visit.base + str(address.replace(scheme="", netloc="")).removeprefix("//")


def _used_prefixes(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that shorten something in these triples."""
    used: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            iri = term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")
            used.add(iris.shorten(iri, prefixes).partition(":")[0])
    return {prefix: namespace for prefix, namespace in prefixes.items() if prefix in used}


@cache
def _environment(language: Language) -> Environment:
    """The templates, speaking one language."""
    environment = Environment(
        loader=PackageLoader("diplolocal.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": speaker(language),
        "address_of": _address_of,
        "graph_formats": GRAPH,
        "language": language,
        "name_of": partial(_name_of, language),
    }
    environment.filters |= {
        "capitalised": lambda text: text[:1].upper() + text[1:],
        "first_sentence": lambda text: re.split(r"(?<=[.?!…])\s", text, maxsplit=1)[0],
        "key": iris.key_of,
        "in_words": lambda edtf: in_words(edtf, language),
        "number": lambda count: number(int(count), language),
        "text": partial(_text, language),
        "mine": partial(_mine, language),
        "plain": plain,
        "shortened": lambda iri, visit: iris.shorten(iri, visit.parts.prefixes),
    }
    environment.tests |= {
        "iri": lambda term: isinstance(term, NamedNode),
        "numeric": is_number,
        # Only these are linked to: a browser would run javascript:.
        "web_address": lambda iri: iri.lower().startswith(("http://", "https://")),
    }
    return environment


def _address_of(iri: str, visit: Visit) -> str:
    """Where a page leads to for an IRI: the document about one of our things, another's own
    address.
    """
    if not iris.is_ours(iri):
        return iri
    path = visit.base + iris.path_of(iris.document_of(iri))
    anchor = "#" + iri.partition("#")[2] if "#" in iri else ""
    return f"{path}?lang={visit.asked}{anchor}" if visit.asked else path + anchor


def _name_of(language: Language, iri: str, names: Names, visit: Visit) -> str:
    """The label in the page's language, or else in another, or else the shortened IRI."""
    said = names.get(iri, {})
    return (
        said.get(language)
        or next(iter(said.values()), "")
        or iris.shorten(iri, visit.parts.prefixes)
    )


def _text(language: Language, term: Term) -> str:
    """A literal as people read it: dates in words."""
    if isinstance(term, Literal) and term.datatype.value in _DATES:
        return in_words(term.value, language)
    return plain(term)


def _mine(language: Language, terms: Sequence[Term]) -> list[Term]:
    """The terms without the literals that say the same in another language."""
    return [
        term
        for term in terms
        if not isinstance(term, Literal) or term.language in (None, "", language)
    ]
