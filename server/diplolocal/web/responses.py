"""What goes back: pages and documents, with their headers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

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
from diplolocal.web.spoken import language_of
from diplolocal.wording import LANGUAGES, Language, in_words, number, speaker

FRESH = "public, max-age=60"
"""How long others may keep what comes from a build: a new one may be served at any time (RFC 9111
§5.2.2).
"""

_LANG = "lang"
"""The parameter with the language of names and descriptions."""

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
    """Who is asking and how: the request, what the site is made of, the language of the site, and
    the language of what it tells of things: their names and descriptions.

    `spoken` is the language that the address is in, `/es/…`; None where it names none.
    """

    request: Request
    parts: Parts
    language: Language
    content: Language
    spoken: Language | None = None

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
    def pages(self) -> str:
        """What the paths of pages in the language of the visit begin with."""
        return f"{self.base}/{self.language}"

    def to(self, path: str, query: Mapping[str, str | Sequence[str]] = {}) -> str:
        """The path of a page in the languages of the visit; `path` begins with a slash."""
        asked = {**query, **({_LANG: self.content} if self.content is not self.language else {})}
        written = f"?{urlencode(asked, doseq=True)}" if asked else ""
        return self.pages + path + written

    @property
    def accept(self) -> str | None:
        """The `Accept` header; several are one (RFC 9110 §5.3)."""
        return ", ".join(self.request.headers.getlist("accept")) or None


async def _visit(
    request: Request,
    lang: Annotated[
        str | None, Query(description="es or en: of the names and descriptions of things")
    ] = None,
) -> Visit:
    return visit_of(request, lang)


VisitDep = Annotated[Visit, Depends(_visit)]


def visit_of(request: Request, lang: str | None) -> Visit:
    """The visit that a request is. The language of the address goes first, then `lang`, then what
    the client prefers; `lang` is for names and descriptions also where the address has another.
    """
    spoken = language_of(request.scope)
    chosen = negotiation.speak(request.headers.get("accept-language"), lang)
    content = chosen if spoken is None or chosen == lang else spoken
    return Visit(request, request.app.state.parts, spoken or chosen, content, spoken)


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] = {},
    permalink: str | None = None,
    **values: object,
) -> Response:
    """A page in the language of the visit; `values` are what its template names. `permalink` is the
    path and query that it is known by, where that may be another than was asked for.
    """
    environment = _environment(visit.language, visit.content)
    html = environment.get_template(template).render(
        visit=visit, addresses=_addresses(visit, status, permalink), other=_other(visit), **values
    )
    spoken = dict.fromkeys((visit.language, visit.content))
    return Response(
        html,
        status,
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Language": ", ".join(spoken),
            "Vary": "Accept, Accept-Language",
            **headers,
        },
    )


def text(visit: Visit, template: str, **values: object) -> str:
    """A template that is no page, in the language of the visit."""
    return _environment(visit.language, visit.content).get_template(template).render(**values)


def letter(language: Language, template: str, **values: object) -> str:
    """A template that is no page and knows of no visit, because it is sent to somebody."""
    return _environment(language, language).get_template(template).render(**values)


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
    on the languages.
    """
    words = [part.suffix if isinstance(part, Format) else part for part in parts]
    languages = dict.fromkeys((visit.language, visit.content)) if HTML in parts else ()
    return f'"{"-".join([*words, *languages])}"'


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


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a page is for the world: at any language (`plain`), and in each."""

    plain: str
    spoken: Mapping[Language, str]


def _addresses(visit: Visit, status: int, permalink: str | None) -> Addresses | None:
    """The absolute addresses of the page; None for what is no page to be found, a problem."""
    if status != 200:
        return None
    asked = visit.request.url
    path = permalink or _path(asked.remove_query_params(_LANG))
    spoken = {language: f"{visit.home}/{language}{path}" for language in LANGUAGES}
    return Addresses(visit.home + (permalink or _path(asked)), spoken)


def _other(visit: Visit) -> Mapping[str, str]:
    """The addresses of the same page in the other language, and with names and descriptions in the
    other one.
    """
    site = next(each for each in LANGUAGES if each is not visit.language)
    content = next(each for each in LANGUAGES if each is not visit.content)
    return {
        "site": visit.base + _in(visit, site),
        "content": visit.base
        + _in(visit, visit.language, content if content is not visit.language else None),
    }


def _in(visit: Visit, language: Language, content: Language | None = None) -> str:
    """The path of the page in a language, with names and descriptions in the same or another."""
    url = visit.request.url.remove_query_params(_LANG)
    if content:
        url = url.include_query_params(**{_LANG: content})
    return f"/{language}{_path(url)}"


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
def _environment(language: Language, content: Language) -> Environment:
    """The templates, speaking one language of things called in the same or another."""
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
        "content": content,
        "graph_formats": GRAPH,
        "language": language,
        "name_of": partial(_name_of, content),
        "named_in": partial(_named_in, content),
        "to": lambda path, visit, query={}: visit.to(path, query),
        "web_page": schema_org.web_page,
    }
    environment.filters |= {
        "capitalised": lambda text: text[:1].upper() + text[1:],
        "first_sentence": lambda text: re.split(r"(?<=[.?!…])\s", text, maxsplit=1)[0],
        "key": iris.key_of,
        "in_words": lambda edtf: in_words(edtf, language),
        "number": lambda count: number(int(count), language),
        "text": partial(_text, language),
        "mine": partial(_mine, content),
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
    anchor = "#" + iri.partition("#")[2] if "#" in iri else ""
    path, _, query = iris.path_of(iris.document_of(iri)).partition("?")
    return visit.to(path, dict(parse_qsl(query))) + anchor


def _name_of(content: Language, iri: str, names: Names, visit: Visit) -> str:
    """The label in the language of the content, or else in another, or else the shortened IRI."""
    said = names.get(iri, {})
    return (
        said.get(content)
        or next(iter(said.values()), "")
        or iris.shorten(iri, visit.parts.prefixes)
    )


def _named_in(content: Language, iri: str, names: Names) -> Language | None:
    """The language of the label, where there is none in that of the content."""
    said = names.get(iri, {})
    return None if content in said else next(iter(said), None)


def _text(language: Language, term: Term) -> str:
    """A literal as people read it: dates in words."""
    if isinstance(term, Literal) and term.datatype.value in _DATES:
        return in_words(term.value, language)
    return plain(term)


def _mine(content: Language, terms: Sequence[Term]) -> list[Term]:
    """The terms without the literals that say the same in another language; where there is none in
    the language of the content, those of the other.
    """
    spoken = {term.language for term in terms if isinstance(term, Literal) and term.language}
    kept = {content} if content in spoken else spoken
    return [
        term
        for term in terms
        if not isinstance(term, Literal) or not term.language or term.language in kept
    ]
