"""The dumps: what there is to take away, and the files themselves, whole or in parts."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from diplolocal import formats, history, iris
from diplolocal.bad_requests import BadRequest, RangeNotSatisfiable
from diplolocal.dumping import SUMS, Dump
from diplolocal.formats import HTML, PLAIN_JSON, Format
from diplolocal.not_found import DumpNotFound, ResourceNotFound
from diplolocal.tables import Table, tables
from diplolocal.web import mementos, negotiation
from diplolocal.web.parts import Parts
from diplolocal.web.problems import problem
from diplolocal.web.responses import (
    FRESH,
    Visit,
    VisitDep,
    described_headers,
    not_modified,
    page,
    unchanged,
)
from diplolocal.wording import message

router = APIRouter()

_PATH = "/dumps"
_OFFERED = (HTML, PLAIN_JSON)
_GZIP = "application/gzip"
_FOREVER = "public, max-age=31536000, immutable"
_RANGE = r"(\d{1,18}-\d{0,18}|-\d{1,18})"
_RANGES = re.compile(rf"bytes=\s*{_RANGE}(\s*,\s*{_RANGE})*\s*", re.ASCII | re.IGNORECASE)

_OTHER_UNIT = re.compile(r"\s*(?!bytes\s*=)[\w!#$%&'*+.^`|~-]+\s*=", re.ASCII | re.IGNORECASE)
"""A range in another unit (RFC 9110 §14.1)."""


@dataclass(frozen=True, slots=True)
class Month:
    """The dumps of a bulletin: its statements, and its rows of the tables."""

    month: str
    graphs: tuple[Dump, ...]
    tables: tuple[Dump, ...]


@router.get(_PATH, summary="The dumps: what there is to take away")
def dumps(visit: VisitDep) -> Response:
    """All files with their sizes and SHA-256, as a page or as JSON."""
    fmt = negotiation.preferred(visit.accept, _OFFERED)
    return _list(visit, fmt)


@router.get(_PATH + ".{suffix}", summary="The dumps, as a page or as JSON")
def dumps_as(suffix: str, visit: VisitDep) -> Response:
    """The same in the format of the suffix."""
    fmt = negotiation.suffixed(_OFFERED, _PATH, suffix)
    return _list(visit, fmt)


@router.get(_PATH + "/{name:path}", summary="One file of the dumps")
def dump(name: str, visit: VisitDep) -> Response:
    """The file, or parts of it on demand (RFC 9110 §14). With the version of the data before its
    name, the address is of this version alone and its file never changes.
    """
    version, _, rest = name.partition("/")
    frozen = version in (visit.parts.release, visit.parts.version)
    name = rest if frozen else name
    kept = {"Cache-Control": _FOREVER if frozen else FRESH}
    if name == SUMS and visit.parts.dumps:
        return _sums(visit, kept)
    found = next((each for each in visit.parts.dumps if each.name == name), None)
    if found is None:
        raise DumpNotFound(name)
    headers = {**kept, **_headers(visit, found)}
    if unchanged(visit, headers):
        return not_modified(Response(headers=headers))
    try:
        in_parts = _is_in_parts(visit, found, headers["ETag"])
    except RangeNotSatisfiable as error:
        refusal = problem(visit, error)
        refusal.headers["Content-Range"] = f"bytes */{found.bytes}"
        return refusal
    file_name = None if found.format in _READ else _file_name(found)
    sent = _File(found.file, media_type=_media_type(found), filename=file_name, headers=headers)
    sent.in_parts = in_parts
    return sent


class _File(FileResponse):
    """A file of the dumps; its date, if it has one, is that of the release: when the file was
    written tells nothing of what is in it. Whether parts of it are sent was decided before.
    """

    in_parts = False

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        self.headers.setdefault("content-length", str(stat_result.st_size))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        passed_over = (b"if-range",) if self.in_parts else (b"if-range", b"range")
        headers = [pair for pair in scope["headers"] if pair[0] not in passed_over]
        await super().__call__({**scope, "headers": headers}, receive, send)


_READ = (formats.DATA_PACKAGE, formats.CSV_METADATA)
"""What a browser shows and does not save."""


def _list(visit: Visit, fmt: Format) -> Response:
    """The list of all. Raises ResourceNotFound where there are none."""
    if not visit.parts.dumps:
        raise ResourceNotFound(_PATH)
    headers = described_headers(visit, _PATH, fmt, _OFFERED)
    if unchanged(visit, headers):
        return not_modified(Response(headers={"Vary": "Accept, Accept-Language", **headers}))
    found = [each for each in visit.parts.dumps if each.bulletin is None]
    if fmt is HTML:
        return page(
            visit,
            "dumps.html",
            headers=headers,
            whole=[each for each in found if not each.name.startswith("tables/")],
            tables=_by_table(found),
            described=[each for each in found if each.format in _READ],
            months=_by_month(visit.parts.dumps),
            released=_released(visit.parts),
            everything=found[0],
            sums=SUMS,
            path=_PATH,
        )
    body = {
        "dataset": iris.DATASET,
        "version": visit.parts.release,
        "released": _released(visit.parts),
        "newest": max((each.bulletin or "" for each in visit.parts.dumps), default="") or None,
        "sums": f"{visit.home}{_PATH}/{SUMS}",
        "files": [_as_json(visit, each) for each in visit.parts.dumps],
    }
    written = json.dumps(body, ensure_ascii=False, indent=2).encode() + b"\n"
    return Response(written, media_type=fmt.media_type, headers={"Vary": "Accept", **headers})


def _as_json(visit: Visit, found: Dump) -> Mapping[str, object]:
    return {
        "name": found.name,
        "address": f"{visit.home}{_PATH}/{found.name}",
        "title": dict(found.title),
        "format": found.format.label,
        "mediaType": found.format.media_type,
        "compressed": "gzip" if found.compressed else None,
        "bytes": found.bytes,
        "sha256": found.sha256,
        "table": found.table,
        "bulletin": found.bulletin,
    }


def _sums(visit: Visit, kept: Mapping[str, str]) -> Response:
    """The sums as `sha256sum -c` reads them."""
    lines = sorted((each.name, each.sha256) for each in visit.parts.dumps)
    text = "".join(f"{digest}  {name}\n" for name, digest in lines)
    tag = hashlib.sha256(text.encode()).hexdigest()[:32]
    headers = {**kept, "ETag": f'"{tag}"', "Link": _links(visit), **_date(visit.parts)}
    response = Response(text, media_type="text/plain; charset=utf-8", headers=headers)
    return not_modified(response) if unchanged(visit, headers) else response


def _headers(visit: Visit, found: Dump) -> Mapping[str, str]:
    """What is said of a file. Its tag is of its bytes, so that it stays the same in a new version
    that does not change them; the digest (RFC 9530 §3) is of the whole, also with a part.
    """
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    headers = {"ETag": f'"{found.sha256[:32]}"', "Repr-Digest": f"sha-256=:{digest}:"}
    return {**headers, "Link": _links(visit, found), **_date(visit.parts)}


def _date(parts: Parts) -> Mapping[str, str]:
    """When the release was issued whose data these are (RFC 9110 §8.8.2); nothing where they are
    not just those of a release.
    """
    known = history.releases(parts.history) if parts.history else ()
    issued = [each.issued for each in known if each.version == parts.release]
    return {"Last-Modified": mementos.http_date(issued[0])} if issued else {}


def _links(visit: Visit, found: Dump | None = None) -> str:
    """Where the list is, what the files are of and, for a table, what its columns mean (Model for
    Tabular Data and Metadata on the Web, 2015, §5.2).
    """
    links = [
        f'<{visit.base}{_PATH}>; rel="collection"',
        f'<{visit.base}{iris.path_of(iris.DATASET)}>; rel="describedby"',
    ]
    if found and found.table and not found.bulletin:
        csvm = formats.CSV_METADATA.media_type
        link = f'<{visit.base}{_PATH}/tables/csv-metadata.json>; rel="describedby"; type="{csvm}"'
        links.append(link)
    return ", ".join(links)


def _is_in_parts(visit: Visit, found: Dump, tag: str) -> bool:
    """Whether parts of the file are asked for. Raises BadRequest where these cannot be read (RFC
    9110 §14.2), and RangeNotSatisfiable where there are none such.
    """
    asked = visit.request.headers.get("range", "")
    if _OTHER_UNIT.match(asked) or visit.request.headers.get("if-range", tag) != tag:
        # Other units are passed over (§14.2). What the client holds a part of has changed, or it
        # tells that by a date, of which more than one file may be: it gets the whole (§13.1.5).
        return False
    if "range" not in visit.request.headers:
        return False
    if not _RANGES.fullmatch(asked.strip()):
        raise BadRequest(
            message(
                "The header Range cannot be read. Write it like this: bytes=0-499, or bytes=500-."
            )
        )
    for part in asked.partition("=")[2].split(","):
        first, _, last = part.strip().partition("-")
        if (first and int(first) >= found.bytes) or (not first and not int(last)):
            raise RangeNotSatisfiable(found.bytes)
        if first and last and int(first) > int(last):
            raise BadRequest(
                message("The header Range asks for a part that ends before it begins.")
            )
    return True


def _media_type(found: Dump) -> str:
    """What is sent: a gzipped file is a gzipped file. It has no Content-Encoding, which clients
    would take off before they save it.
    """
    if found.compressed:
        return _GZIP
    if found.format is formats.CSV:
        return f"{found.format.media_type}; charset=utf-8; header=present"  # RFC 4180 §3
    return found.format.media_type


def _file_name(found: Dump) -> str:
    """What a saved file is called, also when it lies among others."""
    stem = found.name.replace("bulletins/", "").replace("tables/", "").replace("/", "-")
    return stem if stem.startswith("diplolocal") else f"diplolocal-{stem}"


def _by_table(found: Sequence[Dump]) -> list[tuple[Table, list[Dump]]]:
    return [
        (table, some)
        for table in tables()
        if (some := [each for each in found if each.table == table.name])
    ]


def _by_month(found: Sequence[Dump]) -> list[Month]:
    """The dumps of bulletins, the newest first."""
    months = []
    for month, some in groupby(found, lambda each: each.bulletin):
        if month:
            of_month = list(some)
            graphs = tuple(each for each in of_month if each.table is None)
            months.append(Month(month, graphs, tuple(each for each in of_month if each.table)))
    return months[::-1]


def _released(parts: Parts) -> str | None:
    """The day of the last release, if there was one."""
    found = history.releases(parts.history) if parts.history else ()
    return found[-1].issued[:10] if found else None
