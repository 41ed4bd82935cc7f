"""The documents about things: as they are, or as they were in a release."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode, Triple

from diplolocal import iris, resources, schema_org, terms, versions
from diplolocal.bad_requests import NotAcceptable
from diplolocal.formats import HTML, JSONLD, PAGE, Format
from diplolocal.history import Change, releases
from diplolocal.not_found import ResourceNotFound
from diplolocal.store import Store, bind, construct, load_query
from diplolocal.versions import State
from diplolocal.web import mementos, tombstones
from diplolocal.web.negotiation import OWN, SCHEMA
from diplolocal.web.ontology_page import ontology_page
from diplolocal.web.release_page import release_page
from diplolocal.web.representations import Asked, asked_for, described, one
from diplolocal.web.responses import (
    FRESH,
    Visit,
    document,
    not_modified,
    tag_of,
    unchanged,
)
from diplolocal.web.thing_page import Then, graph_page, old_page, thing_page
from diplolocal.web.vocabulary_page import vocabulary_page

_FOREVER = "public, max-age=31536000, immutable"
"""How long others may keep what never changes (RFC 8246)."""

_DCTERMS = "http://purl.org/dc/terms/"


def about(visit: Visit, iri: str, fmt: Format | None) -> Response:
    """The document about one of our IRIs, in the format of its suffix, or else in the one that the
    client prefers.

    Raises ResourceNotFound, or BadRequest where the address or Accept-Datetime cannot be read.
    """
    if found := past(visit, iri, fmt):
        return found
    asked = asked_for(visit, iri, fmt)
    stones = tombstones.of(visit.parts)
    if iri not in stones:
        return _current(visit, asked)
    if survivor := stones[iri]:
        return tombstones.moved(visit, survivor, asked.suffix)
    triples = resources.triples(visit.parts.store, iri)
    return tombstones.gone(visit, asked, triples, headers=described(visit, asked))


def past(visit: Visit, iri: str, fmt: Format | None) -> Response | None:
    """The document as it was, or where that is, if the address asks for a version or
    Accept-Datetime for a date; None where the current one is asked for.
    """
    try:
        NamedNode(iri)
    except ValueError as error:
        raise ResourceNotFound(iri) from error
    if found := _old_ontology(visit, iri, f".{fmt.suffix}" if fmt else ""):
        return found
    number = one(visit, mementos.VERSION)
    if number is not None:
        return _old(visit, asked_for(visit, iri, fmt), number)
    return mementos.redirected(visit, iri, f".{fmt.suffix}" if fmt else "")


def _old_ontology(visit: Visit, iri: str, suffix: str) -> Response | None:
    """Where an earlier version of the ontology is read, if that is its version IRI."""
    parts = visit.parts
    if parts.history is None or not iri.startswith(iris.ONTOLOGY + "/"):
        return None
    if iri in resources.versions(parts.store):
        return None
    member = terms.versions(parts.history).get(iri)
    if member is None:
        return None
    path, _, query = iris.path_of(member).partition("?")
    return RedirectResponse(f"{visit.base}{path}{suffix}?{query}", 302)


def _current(visit: Visit, asked: Asked) -> Response:
    """The document as it is."""
    store = visit.parts.store
    if asked.format is None:
        _own(store, asked)  # what does not exist is not found, in whatever format
        raise _not_acceptable()
    triples: list[Triple] = []
    if asked.format is not HTML:
        asked, triples = _said(store, asked)
    headers = described(visit, asked)
    if visit.parts.version:
        headers |= {
            "Cache-Control": FRESH,
            "ETag": tag_of(visit, visit.parts.version, asked.kind, *_token(asked)),
        }
    if moment := _last_change(visit, asked):
        headers["Last-Modified"] = mementos.http_date(moment)
    if asked.format is HTML:
        response = _page(visit, asked, headers)
    else:
        response = _written(visit, asked, triples, headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _old(visit: Visit, asked: Asked, number: str) -> Response:
    """The document as it was in a release."""
    known, state = mementos.held(visit, asked.iri, number)
    if state.version.change is Change.DELETED:
        headers = _then(visit, asked, state)
        return tombstones.gone(visit, asked, _member(known, state), headers=headers)
    if asked.format is None:
        raise _not_acceptable()
    if asked.format is HTML:
        # It names the versions that there are by now.
        headers = _then(visit, asked, state) | {
            "Cache-Control": FRESH,
            "ETag": tag_of(visit, str(visit.parts.version), number, HTML),
        }
        timemap = visit.base + mementos.TIMEMAP + asked.path
        then = Then(state, f"?{mementos.VERSION}={number}", timemap)
        response = _old_page(visit, asked, headers, known=known, then=then)
    else:
        asked, triples = _said_then(known, asked, state, visit.parts.store)
        headers = _then(visit, asked, state) | {
            "Cache-Control": _FOREVER,
            "ETag": tag_of(visit, number, asked.kind, *_token(asked)),
        }
        response = _written(visit, asked, triples, headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _then(visit: Visit, asked: Asked, state: State) -> dict[str, str]:
    moment = mementos.http_date(state.release.issued)
    return {**described(visit, asked, state), "Memento-Datetime": moment}


def _token(asked: Asked) -> Sequence[str]:
    return () if asked.profile is OWN else (asked.profile.token,)


def _not_acceptable() -> NotAcceptable:
    return NotAcceptable([offered.media_type for offered in PAGE])


def _written(
    visit: Visit, asked: Asked, triples: Sequence[Triple], headers: Mapping[str, str]
) -> Response:
    if asked.profile is SCHEMA and asked.format is JSONLD:
        body = schema_org.document(triples, asked.topic)
        return Response(body, media_type=JSONLD.media_type, headers=dict(headers))
    response = document(visit, asked.kind, triples, asked.topic, tree=not asked.is_graph)
    links = (response.headers.get("link"), headers.get("Link"))
    response.headers.update({**headers, "Link": ", ".join(filter(None, links))})
    return response


def _said(store: Store, asked: Asked, *, document: str | None = None) -> tuple[Asked, list[Triple]]:
    """The document as a graph, and in which profile it is: where schema.org has no words for a
    thing, in our own. `document` is its IRI where it is not the current one.

    Raises ResourceNotFound where there is none.
    """
    if asked.profile is SCHEMA:
        found = schema_org.triples(store, asked.topic, document=document)
        if found:
            return asked, found
    return replace(asked, profile=OWN), _own(store, asked, document=document)


def _own(store: Store, asked: Asked, *, document: str | None = None) -> list[Triple]:
    if asked.topic == iris.ONTOLOGY:
        return resources.named_graph(store, iris.graph("ontology", "diplolocal"))
    if asked.is_graph:
        return resources.named_graph(store, asked.topic)
    return resources.triples(store, asked.topic, document=document)


def _said_then(
    history: Store, asked: Asked, state: State, today: Store
) -> tuple[Asked, list[Triple]]:
    """The document as a graph, as it was, and in which profile it is."""
    if asked.is_graph:
        return asked, _member(history, state)
    store = versions.as_of(history, state, today, whole=asked.profile is not OWN)
    member = iris.member(asked.topic, state.release.version)
    said_in, triples = _said(store, asked, document=member)
    if said_in.profile is OWN:
        then = NamedNode(member)
        triples += [
            Triple(then, NamedNode(_DCTERMS + "isVersionOf"), NamedNode(asked.topic)),
            Triple(then, NamedNode(_DCTERMS + "isPartOf"), NamedNode(state.release.iri)),
        ]
    return said_in, triples


def _member(history: Store, state: State) -> list[Triple]:
    """What was said of a topic itself; nothing where it was deleted without a tombstone."""
    member = NamedNode(state.version.member)
    return construct(history, bind(load_query("said-in"), member=member))


def _page(visit: Visit, asked: Asked, headers: Mapping[str, str]) -> Response:
    if asked.topic == iris.ONTOLOGY:
        return ontology_page(visit, asked.topic, headers)
    if asked.is_graph:
        count = len(_own(visit.parts.store, asked))
        return graph_page(visit, asked.topic, headers, count=count)
    if iris.is_vocabulary(asked.topic):
        return vocabulary_page(visit, asked.topic, headers)
    if iris.is_release(asked.topic):
        return release_page(visit, asked.topic, headers)
    return thing_page(visit, asked.topic, headers)


def _old_page(
    visit: Visit, asked: Asked, headers: Mapping[str, str], *, known: Store, then: Then
) -> Response:
    if asked.is_graph:
        count = len(_member(known, then.state))
        return graph_page(visit, asked.topic, headers, count=count, then=then)
    store = versions.as_of(known, then.state, visit.parts.store, whole=True)
    return old_page(visit, asked.topic, headers, store=store, then=then)


def _last_change(visit: Visit, asked: Asked) -> str | None:
    """When the document last changed; None where the data are not just those of a release, so that
    nobody knows.
    """
    known, release = visit.parts.history, visit.parts.release
    if known is None or release is None or "+" in release:
        return None
    if iris.is_thing(asked.iri):
        return versions.last_change(known, asked.iri, terms=asked.format in (HTML, JSONLD))
    # A page about a term lists what it is used for, and that may be anything.
    return next((each.issued for each in reversed(releases(known))), None)
