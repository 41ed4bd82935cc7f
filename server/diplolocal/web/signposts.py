"""Links that lead a program from a page to what it is about (FAIR Signposting, RFC 8288, RFC 9264).

No queries here: a link is made from the IRI alone, so that every answer can afford it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from diplolocal import iris
from diplolocal.formats import GRAPH, HTML, JSONLD, TURTLE, Format
from diplolocal.web.parts import Parts

LINKSET = "/linkset"
"""Where the links of a document are as a document of their own."""

LINKSET_JSON = Format("json", "application/linkset+json", "JSON")
LINKSET_TEXT = Format("txt", "application/linkset", "RFC 8288")
LINKSETS = (LINKSET_JSON, LINKSET_TEXT)
"""How a set of links is written (RFC 9264 §4); the first is the default."""

VOID = "/.well-known/void"
CATALOG = "/dataset"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
AUTHOR = iris.thing("body/diplolocal")

FEEDS = (("/changes.atom", "application/atom+xml"), ("/changes.json", "application/feed+json"))
"""Where news is told to readers of feeds."""

_PAGE_TYPE = "https://schema.org/AboutPage"
_DATASET_TYPE = "https://schema.org/Dataset"
_DESCRIBING = (TURTLE, JSONLD)


@dataclass(frozen=True, slots=True)
class Link:
    """A link from `anchor` to `target`: its relation, and the media type of what is there."""

    anchor: str
    relation: str
    target: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the data set: where it is and its media type."""

    address: str
    type: str


def signposts(parts: Parts, iri: str, fmt: Format, items: Iterable[Item] = ()) -> str:
    """The links of the document about an IRI as the value of a `Link` header: those of a landing
    page for HTML, those of a record about it for a format of RDF (FAIR Signposting §2).
    """
    found = _landing(parts, iri, items) if fmt is HTML else _record(parts, iri, fmt)
    return ", ".join(_written(link) for link in found)


def all_links(parts: Parts, iri: str, items: Iterable[Item] = ()) -> list[Link]:
    """The links of the page about an IRI, of its records and of its files, level 2."""
    files = list(items)
    found = _landing(parts, iri, files)
    for fmt in GRAPH:
        found += _record(parts, iri, fmt)
    for item in files:
        found += [
            Link(item.address, "collection", _page(parts, iri), HTML.media_type),
            Link(item.address, "license", LICENSE),
            Link(item.address, "author", AUTHOR),
        ]
    return found


def of_site(parts: Parts) -> str:
    """What the home page links to, as the value of a `Link` header."""
    found = (
        f'<{parts.base}{path}>; rel="{relation}"; type="{media_type}"'
        for relation, path, media_type in site_links(parts)
    )
    whole = (f'<{iris.DATASET}>; rel="cite-as"', f'<{LICENSE}>; rel="license"')
    return ", ".join((*found, *whole))


def site_links(parts: Parts) -> tuple[tuple[str, str, str], ...]:
    """What the home page links to: relation, path and media type."""
    return (
        ("describedby", VOID, TURTLE.media_type),
        *(("describedby", f"{CATALOG}.{fmt.suffix}", fmt.media_type) for fmt in _DESCRIBING),
        ("item", CATALOG, HTML.media_type),
        ("api-catalog", "/.well-known/api-catalog", LINKSET_JSON.media_type),
        ("linkset", LINKSET, LINKSET_JSON.media_type),
        *(("alternate", path, kind) for path, kind in FEEDS if parts.history is not None),
    )


def as_json(links: Iterable[Link]) -> bytes:
    """A set of links as JSON (RFC 9264 §4.2)."""
    contexts = []
    for anchor, of_anchor in groupby(links, lambda link: link.anchor):
        context: dict[str, object] = {"anchor": anchor}
        ordered = sorted(of_anchor, key=lambda link: link.relation)
        for relation, some in groupby(ordered, lambda link: link.relation):
            context[relation] = [_target(link) for link in some]
        contexts.append(context)
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=2).encode() + b"\n"


def as_text(links: Iterable[Link]) -> bytes:
    """A set of links as the value of a `Link` header (RFC 9264 §4.1)."""
    return (
        ",\n".join(f'{_written(link)}; anchor="{link.anchor}"' for link in links).encode() + b"\n"
    )


def _landing(parts: Parts, iri: str, items: Iterable[Item]) -> list[Link]:
    page = _page(parts, iri)
    records = [(f"{page}.{fmt.suffix}", fmt.media_type) for fmt in GRAPH]
    whole = iri == iris.DATASET
    return [
        Link(page, "cite-as", iri),
        *(Link(page, "describedby", *record) for record in records),
        *(Link(page, "item", item.address, item.type) for item in items),
        *(Link(page, "item", *record) for record in records[:1] if not whole),
        Link(page, "type", _PAGE_TYPE),
        *(Link(page, "type", _DATASET_TYPE) for _ in range(whole)),
        *_common(parts, iri, page),
    ]


def _record(parts: Parts, iri: str, fmt: Format) -> list[Link]:
    page = _page(parts, iri)
    record = f"{page}.{fmt.suffix}"
    return [
        Link(record, "describes", page, HTML.media_type),
        *_common(parts, iri, record),
    ]


def _common(parts: Parts, iri: str, anchor: str) -> list[Link]:
    whole = iri == iris.DATASET
    linkset = parts.public_url + LINKSET + ("" if whole else f"?anchor={quote(iri, safe='/:')}")
    return [
        Link(anchor, "license", LICENSE),
        Link(anchor, "author", AUTHOR),
        *(Link(anchor, "collection", iris.DATASET) for _ in range(not whole)),
        Link(anchor, "linkset", linkset, LINKSET_JSON.media_type),
    ]


def _page(parts: Parts, iri: str) -> str:
    """The landing page about an IRI: the document, in no format in particular."""
    return parts.public_url + quote(iris.path_of(iris.document_of(iri)), safe="/:")


def _target(link: Link) -> Mapping[str, str]:
    return {"href": link.target, **({"type": link.type} if link.type else {})}


def _written(link: Link) -> str:
    kind = f'; type="{link.type}"' if link.type else ""
    return f'<{iris.uri_of(link.target)}>; rel="{link.relation}"{kind}'
