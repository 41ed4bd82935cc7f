"""The dumps on the site: the list, the files, whole and in parts."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pandas
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests import histories
from tests.conftest import SITE, Page

from diplolocal.dumping import Dump
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

BROWSER = {"accept": "text/html"}
FILE = "/dumps/tables/actions.csv"


@pytest.fixture(scope="module")
def dumping(parts: Parts, dumped: tuple[Dump, ...]) -> Iterator[TestClient]:
    """The site with all dumps of the small data set, below a path of its host."""
    public = f"{SITE}/datos"
    whole = replace(parts, dumps=dumped, release="1.0.0", public_url=public, cache_bytes=10**8)
    with TestClient(create_app(whole), base_url=SITE, follow_redirects=False) as client:
        yield client


# ------------------------------------------------------------------ the list


def test_the_list_has_every_file(dumping: TestClient, dumped: tuple[Dump, ...]) -> None:
    listed = dumping.get("/dumps.json").json()
    assert [each["name"] for each in listed["files"]] == [each.name for each in dumped]
    assert (listed["version"], listed["newest"]) == ("1.0.0", "2022-02")
    assert listed["dataset"] == "https://w3id.org/diplolocal/dataset"
    [actions] = [each for each in listed["files"] if each["name"] == "tables/actions.csv"]
    content = dumping.get(FILE).content
    assert actions == {
        "name": "tables/actions.csv",
        "address": f"{SITE}/datos/dumps/tables/actions.csv",
        "title": {"es": "Tabla: Acciones (CSV)", "en": "Table: Actions (CSV)"},
        "format": "CSV",
        "mediaType": "text/csv",
        "compressed": None,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "table": "actions",
        "bulletin": None,
    }


def test_every_file_of_the_list_is_there(dumping: TestClient) -> None:
    for each in dumping.get("/dumps.json").json()["files"]:
        answer = dumping.get(each["address"].removeprefix(f"{SITE}/datos"))
        assert answer.status_code == 200
        assert len(answer.content) == each["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == each["sha256"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "Todo lo que hay aquí, en archivos"),
        ("en", "Everything that is here, in files"),
    ],
)
def test_the_page_leads_to_every_file(
    dumping: TestClient, dumped: tuple[Dump, ...], language: str, sentence: str
) -> None:
    answer = dumping.get(f"/dumps?lang={language}", headers=BROWSER)
    assert answer.headers["content-location"] == "/datos/dumps.html"
    page = Page(answer.text)
    assert any(text.startswith(sentence) for text in page.texts("p"))
    assert {f"/datos/dumps/{each.name}" for each in dumped} <= set(page.links())
    assert "/datos/dumps/SHA256SUMS" in page.links()
    months = [text for text in page.texts("th", scope="row") if "20" in text]
    assert len(months) == 11
    assert months[0] == ("Febrero de 2022" if language == "es" else "February 2022")


def test_the_list_is_negotiated(dumping: TestClient) -> None:
    assert dumping.get("/dumps", headers=BROWSER).headers["content-type"].startswith("text/html")
    as_json = dumping.get("/dumps", headers={"accept": "application/json"})
    assert as_json.headers["content-type"] == "application/json"
    assert "Accept" in as_json.headers["vary"]
    again = {"accept": "application/json", "if-none-match": as_json.headers["etag"]}
    assert dumping.get("/dumps", headers=again).status_code == 304
    refused = dumping.get("/dumps", headers={"accept": "text/turtle"})
    assert (refused.status_code, refused.json()["offered"]) == (
        406,
        ["text/html", "application/json"],
    )
    assert dumping.get("/dumps.ttl").status_code == 404


def test_a_site_with_the_n_quads_alone_lists_those(client: TestClient) -> None:
    names = [each["name"] for each in client.get("/dumps.json").json()["files"]]
    assert names == ["diplolocal.nq.gz"]
    assert "/dumps/diplolocal.nq.gz" in Page(client.get("/dumps", headers=BROWSER).text).links()


# ------------------------------------------------------------------ a file


@pytest.mark.parametrize(
    ("name", "media_type", "saved_as"),
    [
        ("diplolocal.nq.gz", "application/gzip", "diplolocal.nq.gz"),
        ("diplolocal.jsonld.gz", "application/gzip", "diplolocal.jsonld.gz"),
        ("bulletins/2021-09.ttl.gz", "application/gzip", "diplolocal-2021-09.ttl.gz"),
        ("tables/actions.csv", "text/csv; charset=utf-8; header=present", "diplolocal-actions.csv"),
        (
            "bulletins/2021-09/actions.csv",
            "text/csv; charset=utf-8; header=present",
            "diplolocal-2021-09-actions.csv",
        ),
        ("tables/actions.parquet", "application/vnd.apache.parquet", "diplolocal-actions.parquet"),
        ("tables/datapackage.json", "application/vnd.datapackage+json", None),
        ("tables/csv-metadata.json", "application/csvm+json", None),
    ],
)
def test_a_file_says_what_it_is(
    dumping: TestClient, name: str, media_type: str, saved_as: str | None
) -> None:
    got = dumping.get(f"/dumps/{name}", headers={"accept-encoding": "gzip"})
    assert got.headers["content-type"] == media_type
    assert "content-encoding" not in got.headers
    disposition = f'attachment; filename="{saved_as}"' if saved_as else None
    assert got.headers.get("content-disposition") == disposition
    assert got.headers["accept-ranges"] == "bytes"
    digest = base64.b64encode(hashlib.sha256(got.content).digest()).decode()
    assert got.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert got.headers["etag"] == f'"{hashlib.sha256(got.content).hexdigest()[:32]}"'
    assert got.headers["cache-control"] == "public, max-age=60"
    assert '</datos/dumps>; rel="collection"' in got.headers["link"]
    assert '</datos/dataset>; rel="describedby"' in got.headers["link"]
    assert got.headers["access-control-expose-headers"] == "*"


def test_a_table_names_what_describes_it(dumping: TestClient) -> None:
    link = dumping.get(FILE).headers["link"]
    described = (
        '</datos/dumps/tables/csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    )
    assert described in link
    assert "csv-metadata" not in dumping.get("/dumps/diplolocal.ttl.gz").headers["link"]


def test_head_says_the_same_without_the_file(dumping: TestClient) -> None:
    whole, head = dumping.get(FILE), dumping.head(FILE)
    for name in ("content-length", "content-type", "etag", "repr-digest", "link"):
        assert head.headers[name] == whole.headers[name]
    assert head.content == b""


def test_pandas_reads_the_tables(dumping: TestClient) -> None:
    csv = pandas.read_csv(io.BytesIO(dumping.get(FILE).content))
    read = pandas.read_parquet(io.BytesIO(dumping.get("/dumps/tables/actions.parquet").content))
    assert list(csv.columns) == list(read.columns)
    assert list(csv["action"]) == list(read["action"])
    assert str(read["date_earliest"].iloc[0]) == csv["date_earliest"].iloc[0] == "2021-01-01"


def test_the_sums_are_those_of_the_files(dumping: TestClient, dumped: tuple[Dump, ...]) -> None:
    sums = dumping.get("/dumps/SHA256SUMS")
    assert sums.headers["content-type"] == "text/plain; charset=utf-8"
    said = {tuple(line.split("  ")) for line in sums.text.splitlines()}
    assert said == {(each.sha256, each.name) for each in dumped}
    again = dumping.get("/dumps/SHA256SUMS", headers={"if-none-match": sums.headers["etag"]})
    assert again.status_code == 304


# ------------------------------------------------------------------ in parts


def test_a_download_that_broke_off_goes_on(dumping: TestClient) -> None:
    whole = dumping.get("/dumps/diplolocal.ttl.gz")
    half = len(whole.content) // 2
    headers = {"range": f"bytes={half}-", "if-range": whole.headers["etag"]}
    rest = dumping.get("/dumps/diplolocal.ttl.gz", headers=headers)
    assert rest.status_code == 206
    length = len(whole.content)
    assert rest.headers["content-range"] == f"bytes {half}-{length - 1}/{length}"
    assert rest.headers["repr-digest"] == whole.headers["repr-digest"]
    assert gzip.decompress(whole.content[:half] + rest.content)


def test_a_file_that_changed_meanwhile_comes_whole(dumping: TestClient) -> None:
    headers = {"range": "bytes=100-", "if-range": '"of an older version"'}
    answer = dumping.get(FILE, headers=headers)
    assert (answer.status_code, answer.content) == (200, dumping.get(FILE).content)


def test_several_parts_come_in_one_answer(dumping: TestClient) -> None:
    answer = dumping.get(FILE, headers={"range": "bytes=0-5, -7"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=999999999-", 416),
        ("bytes=-0", 416),
        ("bytes=0-1,999999999-", 416),
        ("bytes=abc", 400),
        ("bytes=", 400),
        ("bytes=5-2", 400),
        ("=0-1", 400),
        ("bytes", 400),
        ("bytes=²-", 400),
        ("bytes=0-1;2-3", 400),
        ("bytes=--1", 400),
    ],
)
def test_a_part_that_is_not_there_is_refused(dumping: TestClient, asked: str, status: int) -> None:
    answer = dumping.get(FILE, headers={b"range": asked.encode()})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    length = len(dumping.get(FILE).content)
    unsatisfied = f"bytes */{length}" if status == 416 else None
    assert answer.headers.get("content-range") == unsatisfied


@pytest.mark.parametrize("asked", ["items=0-1", "bytes2=0-1", " Lines = 1-2", "none="])
def test_a_range_in_another_unit_is_passed_over(dumping: TestClient, asked: str) -> None:
    answer = dumping.get(FILE, headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, dumping.get(FILE).content)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("asked", ["BYTES=0-3", "bytes= 0-3"])
def test_the_unit_is_read_in_any_case(dumping: TestClient, asked: str) -> None:
    answer = dumping.get(FILE, headers={"range": asked})
    assert (answer.status_code, len(answer.content)) == (206, 4)


# ------------------------------------------------------------------ dates


def test_a_file_of_a_release_has_the_date_of_the_release(
    parts: Parts, dumped: tuple[Dump, ...]
) -> None:
    issued = "Tue, 01 Dec 2026 00:00:00 GMT"
    of_release = replace(parts, dumps=dumped, release="1.1.0", history=histories.small())
    with TestClient(create_app(of_release), base_url=SITE) as client:
        for path in (FILE, "/dumps/SHA256SUMS", "/dumps/1.1.0/tables/actions.csv"):
            given = client.get(path)
            assert given.headers["last-modified"] == issued
            same = client.get(path, headers={"if-modified-since": issued})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["last-modified"] == issued
            other = {"if-modified-since": "Wed, 02 Dec 2026 00:00:00 GMT"}
            assert client.get(path, headers=other).content == given.content
            by_tag = {"if-modified-since": issued, "if-none-match": '"another"'}
            assert client.get(path, headers=by_tag).status_code == 200
        # More than one file may have the date: a part of which is meant, it does not tell.
        part = client.get(FILE, headers={"range": "bytes=0-3", "if-range": issued})
        assert part.status_code == 200


def test_a_file_of_what_is_no_release_has_no_date(
    dumping: TestClient, parts: Parts, dumped: tuple[Dump, ...]
) -> None:
    assert "last-modified" not in dumping.get(FILE).headers
    since = replace(parts, dumps=dumped, release="1.1.0+abc", history=histories.small())
    with TestClient(create_app(since), base_url=SITE) as client:
        answer = client.get(FILE, headers={"if-modified-since": "Tue, 01 Dec 2026 00:00:00 GMT"})
        assert (answer.status_code, "last-modified" in answer.headers) == (200, False)
        part = client.get(FILE, headers={"range": "bytes=0-3"})
        assert (part.status_code, "last-modified" in part.headers) == (206, False)


# ------------------------------------------------------------------ versions


def test_an_address_with_the_version_stays_that_of_the_version(
    dumping: TestClient, parts: Parts
) -> None:
    for version in ("1.0.0", parts.version):
        frozen = dumping.get(f"/dumps/{version}/tables/actions.csv")
        assert frozen.content == dumping.get(FILE).content
        assert frozen.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert dumping.get("/dumps/1.0.0/SHA256SUMS").status_code == 200


def test_the_version_of_data_that_are_no_release_has_an_address(
    parts: Parts, dumped: tuple[Dump, ...]
) -> None:
    changed = replace(parts, dumps=dumped, release="1.0.0+abcdef012345")
    with TestClient(create_app(changed), base_url=SITE) as client:
        for written in ("1.0.0+abcdef012345", "1.0.0%2Babcdef012345"):
            assert client.get(f"/dumps/{written}/tables/actions.csv").status_code == 200
        page = client.get("/dumps?lang=en", headers=BROWSER).text
        assert "/dumps/1.0.0%2Babcdef012345/diplolocal.nq.gz" in page


@pytest.mark.parametrize(
    "name",
    [
        "0.9.0/tables/actions.csv",
        "1.0.0",
        "1.0.0/1.0.0/tables/actions.csv",
        "none",
        "tables/none.csv",
        "tables/",
        "dumps.json",
        "../manifest.json",
        "%2e%2e/manifest.json",
        "..%2f..%2fmanifest.json",
        "tables/..%2f..%2fstore.nq.gz",
        "%00",
        "diplolocal.nq.gz%00",
        "ñ.csv",
    ],
)
def test_what_is_no_dump_is_not_found(dumping: TestClient, name: str) -> None:
    answer = dumping.get(f"/dumps/{name}?lang=en", headers={"accept": "application/json"})
    assert_is_missing(answer)


def test_over_an_endpoint_there_are_no_dumps(parts: Parts) -> None:
    remote = replace(parts, dumps=(), dump=None, version=None, release=None, history=None)
    with TestClient(create_app(remote), base_url=SITE) as client:
        for path in ("", ".json", "/diplolocal.nq.gz", "/SHA256SUMS", "/None/diplolocal.nq.gz"):
            assert_is_missing(client.get(f"/dumps{path}", headers={"accept": "application/json"}))


def test_the_real_site_sends_the_real_dumps(site: str) -> None:
    listed = httpx2.get(f"{site}/dumps.json").json()
    assert len(listed["files"]) > 100
    bulletin = httpx2.get(f"{site}/dumps/bulletins/2021-01.nt.gz")
    assert gzip.decompress(bulletin.content).startswith(b"<https://w3id.org/diplolocal/id/action/")
    part = httpx2.get(f"{site}/dumps/diplolocal.trig.gz", headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"\x1f\x8b")
    head = httpx2.head(f"{site}/dumps/diplolocal.trig.gz")
    [trig] = [each for each in listed["files"] if each["name"] == "diplolocal.trig.gz"]
    assert int(head.headers["content-length"]) == trig["bytes"]


def assert_is_missing(answer: Response) -> None:
    assert answer.status_code == 404, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
