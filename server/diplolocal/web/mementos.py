"""Old versions by HTTP: which one is asked for, and links from one to the others (Memento, which is
RFC 7089, and RFC 5829).

Every release since a thing was first published is a memento of its document: also where the thing
itself stayed as it was, the names of what it points at may be others.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse, Response

from diplolocal import history, iris, versions
from diplolocal.bad_requests import BadRequest
from diplolocal.formats import PLAIN_JSON, Format
from diplolocal.history import Change, Release, Version
from diplolocal.not_found import HistoryNotKept, NotThereThen, ReleaseNotFound, ResourceNotFound
from diplolocal.store import Store
from diplolocal.versions import State
from diplolocal.web.responses import FRESH, Visit
from diplolocal.wording import message

TIMEMAP = "/timemap"
"""Where the mementos of a document are listed: before its path."""

LINK_FORMAT = Format("txt", "application/link-format", "Link Format")
TIMEMAPS = (LINK_FORMAT, PLAIN_JSON)
"""How a list of mementos is written; the first is the default (RFC 7089 §5)."""

VERSION = "version"
"""The parameter that asks for an old version."""


def held(visit: Visit, iri: str, number: str) -> tuple[Store, State]:
    """What is asked for as `?version=1.0.0`, and the records that have it.

    Raises HistoryNotKept, ReleaseNotFound, NotThereThen, or ResourceNotFound for what no release
    ever had.
    """
    known = visit.parts.history
    if known is None:
        raise HistoryNotKept
    release = versions.release_of(known, number)
    if release is None:
        raise ReleaseNotFound(number, [each.version for each in history.releases(known)])
    every = history.versions(known, iri)
    if not every:
        raise ResourceNotFound(iri)
    state = versions.state(every, release)
    if state is None:
        there = [each.version for each in _mementos(visit, every)]
        raise NotThereThen(iri, number, there)
    return known, state


def redirected(visit: Visit, iri: str, suffix: str) -> Response | None:
    """Where the document was at the time of `Accept-Datetime` (RFC 7089 §4.1, pattern 1.1): found.
    None where nothing is asked for or no release has it. Raises BadRequest for what is no date.
    """
    asked = visit.request.headers.get("accept-datetime")
    known = visit.parts.history
    if asked is None or known is None:
        return None
    moment = _moment(asked)
    releases = _mementos(visit, history.versions(known, iri))
    if not releases:
        return None
    # RFC 7089 §4.5.3: before the first there is the first.
    before = [each for each in releases if _when(each) <= moment]
    number = (before or releases[:1])[-1].version
    others = [pair for pair in visit.request.query_params.multi_items() if pair[0] != VERSION]
    query = urlencode([(VERSION, number), *others])
    return RedirectResponse(
        f"{visit.base}{iris.uri_of(_path(iri))}{suffix}?{query}",
        302,
        headers={
            "Cache-Control": FRESH,
            "Link": links(visit, iri),
            "Vary": "Accept-Datetime, Accept",
        },
    )


def links(visit: Visit, iri: str, state: State | None = None) -> str:
    """The links of a document to its other versions, as the value of a `Link` header: of the
    current one, or of an old one.
    """
    current = _current(visit, iri)
    found = [
        (current, 'rel="original timegate"'),
        (_timemap(visit, iri), f'rel="timemap version-history"; type="{LINK_FORMAT.media_type}"'),
    ]
    if state:
        found.append((current, 'rel="latest-version"'))
        for relation, version in (("predecessor", state.before), ("successor", state.after)):
            if version:
                address = f"{current}?{VERSION}={version.release.version}"
                found.append((address, f'rel="{relation}-version"'))
    return ", ".join(f"<{address}>; {what}" for address, what in found)


def http_date(moment: str) -> str:
    """A moment (xsd:dateTime) as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(moment).astimezone(UTC), usegmt=True)


def listed(visit: Visit, iri: str) -> Sequence[Release]:
    """The releases that have the thing, the oldest first."""
    known = visit.parts.history
    return _mementos(visit, history.versions(known, iri)) if known else ()


def as_links(visit: Visit, iri: str, releases: Sequence[Release]) -> bytes:
    """The mementos of a document in the link format (RFC 7089 §5)."""
    current, dates = _current(visit, iri), [http_date(each.issued) for each in releases]
    lines = [
        f'<{current}>; rel="original timegate latest-version"',
        f'<{_timemap(visit, iri)}>; rel="self"; type="{LINK_FORMAT.media_type}";'
        f' from="{dates[0]}"; until="{dates[-1]}"',
    ]
    for place, (release, date) in enumerate(zip(releases, dates, strict=True)):
        first, last = ("first " * (place == 0), "last " * (place == len(releases) - 1))
        address = f"{current}?{VERSION}={release.version}"
        lines.append(f'<{address}>; rel="{first}{last}memento"; datetime="{date}"')
    return (",\n".join(lines) + "\n").encode()


def as_tree(visit: Visit, iri: str, releases: Sequence[Release]) -> dict[str, object]:
    """The same as a tree of JSON, as web archives write it."""
    current = _current(visit, iri)
    mementos: list[object] = [
        {"datetime": each.issued, "uri": f"{current}?{VERSION}={each.version}"} for each in releases
    ]
    return {
        "original_uri": current,
        "timegate_uri": current,
        "timemap_uri": {
            "link_format": _timemap(visit, iri),
            "json_format": f"{_timemap(visit, iri)}.{PLAIN_JSON.suffix}",
        },
        "mementos": {"first": mementos[0], "last": mementos[-1], "list": mementos},
    }


def _mementos(visit: Visit, known: Sequence[Version]) -> list[Release]:
    """The releases that have a topic, by its versions."""
    if not known or visit.parts.history is None:
        return []
    found = []
    for release in history.releases(visit.parts.history):
        there = [each for each in known if each.release.issued <= release.issued]
        if there and there[-1].change is not Change.DELETED:
            found.append(release)
    return found


def _moment(asked: str) -> datetime:
    try:
        found = parsedate_to_datetime(asked)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            message(
                "Accept-Datetime cannot be {value}. Write it as HTTP does: {example}.",
                value=asked[:100],
                example="Thu, 01 Oct 2026 12:00:00 GMT",
            )
        ) from error


def _when(release: Release) -> datetime:
    return datetime.fromisoformat(release.issued)


def _path(iri: str) -> str:
    return iris.path_of(iris.document_of(iri))


def _current(visit: Visit, iri: str) -> str:
    return visit.home + iris.uri_of(_path(iri))


def _timemap(visit: Visit, iri: str) -> str:
    return visit.home + TIMEMAP + iris.uri_of(_path(iri))
