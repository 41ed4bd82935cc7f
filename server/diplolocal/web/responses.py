"""What goes back: pages and documents, with their headers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize
from starlette.datastructures import URL

from diplolocal import iris, jsonld, schema_org
from diplolocal.formats import GRAPH, HTML, JSON_SCHEMA, JSONLD, PAGE, Format
from diplolocal.resources import Names
from diplolocal.store import Term, plain
from diplolocal.web import negotiation
from diplolocal.web.parts import Parts
from diplolocal.wording import Language, in_words, number, speaker

FRESH = "public, max-age=60"
"""How long others may keep what comes from a build: a new one may be served at any time (RFC 9111
§5.2.2).
"""

_NOT_MODIFIED = (
    "cache-control",
    "content-location",
    "etag",
    "last-modified",
    "link",
    "memento-datetime",
    "vary",
)
_DATES = (
    "http://id.loc.gov/datatypes/edtf/EDTF",
    "http://www.w3.org/2001/XMLSchema#date",
    "http://www.w3.org/2001/XMLSchema#gYearMonth",
)
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
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
    html = environment.get_template(template).render(
        visit=visit, page_address=_page_address(visit), other=_other(visit), **values
    )
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
    headers = {"Vary": "Accept"}
    if fmt is JSONLD:
        address = visit.home + iris.path_of(iris.CONTEXT)
        if tree:
            body = jsonld.framed(triples, iri, context=visit.parts.context, address=address)
            headers |= _schemas(visit, triples, iri)
        else:
            body = jsonld.compacted(triples, context=visit.parts.context, address=address)
    else:
        used = _used_prefixes(triples, visit.parts.prefixes)
        ordered = sorted(set(triples), key=str)
        body = (
            serialize(ordered, format=RdfFormat.from_media_type(fmt.media_type), prefixes=used)
            or b""
        )
    return Response(body, media_type=fmt.media_type, headers=headers)


def _schemas(visit: Visit, triples: Sequence[Triple], iri: str) -> Mapping[str, str]:
    """A `Link` to the JSON Schema of each class of ours that the thing is of (RFC 8288)."""
    named = jsonld.words_of(visit.parts.context).classes
    kinds = {
        triple.object.value
        for triple in triples
        if triple.predicate.value == _TYPE
        and isinstance(triple.object, NamedNode)
        and triple.subject == NamedNode(iri)
    }
    links = [
        f"<{visit.base}{iris.path_of(iris.schema(named[kind]))}>"
        f'; rel="describedby"; type="{JSON_SCHEMA.media_type}"'
        for kind in sorted(kinds & named.keys())
        if iris.is_ours(kind)
    ]
    return {"Link": ", ".join(links)} if links else {}


def described_headers(
    visit: Visit, path: str, fmt: Format, offered: Sequence[Format] = PAGE, *, query: str = ""
) -> dict[str, str]:
    """The headers of a document that exists in several formats: where this one is, and where the
    others are; all with the same query, `?version=1.0.0`.
    """
    place = visit.base + iris.uri_of(path)
    alternates = ", ".join(
        f'<{place}.{other.suffix}{query}>; rel="alternate"; type="{other.media_type}"'
        for other in offered
        if other is not fmt
    )
    headers = {"Content-Location": f"{place}.{fmt.suffix}{query}", "Link": alternates}
    if visit.parts.version:
        headers |= {
            "ETag": tag_of(visit, visit.parts.version, fmt),
            "Cache-Control": FRESH,
        }
    return headers


def tag_of(visit: Visit, *parts: str | Format) -> str:
    """The strong validator (RFC 9110 §8.8.3) of what depends on these, and, if one of them is HTML,
    on the language.
    """
    words = [part.suffix if isinstance(part, Format) else part for part in parts]
    return f'"{"-".join([*words, *([visit.language] if HTML in parts else [])])}"'


def unchanged(visit: Visit, headers: Mapping[str, str]) -> bool:
    """Whether the client holds this very document already (RFC 9110 §13.2.2): by its tag, or else
    by the date that it was given with it.

    Another date, be it later, tells nothing: a release is served some time after it was issued.
    """
    asked = visit.request.headers
    if "if-none-match" in asked:
        tags = [tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")]
        return "ETag" in headers and (headers["ETag"] in tags or "*" in tags)
    date = headers.get("Last-Modified")
    return date is not None and asked.get("if-modified-since") == date


def not_modified(response: Response) -> Response:
    """The answer without its body, which the client holds (RFC 9110 §15.4.5)."""
    kept = {name: value for name, value in response.headers.items() if name in _NOT_MODIFIED}
    return Response(status_code=304, headers=kept)


def _other(visit: Visit) -> str:
    """The address of the same page in the other language."""
    language = Language.EN if visit.language is Language.ES else Language.ES
    return visit.base + _path(visit.request.url.include_query_params(lang=language))


def _page_address(visit: Visit) -> str:
    """The address of the page."""
    return visit.home + _path(visit.request.url)


def _path(address: URL) -> str:
    return str(address.replace(scheme="", netloc="")).removeprefix("//")


def _used_prefixes(triples: Sequence[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that shorten something in these triples."""
    named = {
        term.datatype.value if isinstance(term, Literal) else getattr(term, "value", "")
        for triple in triples
        for term in (triple.subject, triple.predicate, triple.object)
    }
    used = {iris.shorten(iri, prefixes).partition(":")[0] for iri in named}
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
        "web_page": schema_org.web_page,
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
