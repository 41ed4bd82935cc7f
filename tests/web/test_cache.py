"""What is asked again is answered from finished bytes, never from others', and never in part."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from tests.conftest import SITE

from diplolocal.store import PATIENT, Answer, Patience, Query, Store, Wanted
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
HIT = 'cache;desc="hit"'


class Counted:
    """A store that writes down what it is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []

    def answer(self, query: Query, wanted: Wanted, patience: Patience = PATIENT) -> Answer:
        """The answer of the store beneath."""
        self.asked.append(query.text)
        return self._store.answer(query, wanted, patience)

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def counted(small: Store) -> Counted:
    """The small graph, counting."""
    return Counted(small)


@pytest.fixture
def client(parts: Parts, counted: Counted) -> Iterator[TestClient]:
    """A site that keeps a megabyte of answers."""
    some = replace(parts, store=counted, public=counted, cache_bytes=1_000_000, query_bytes=250_000)
    with TestClient(create_app(some), base_url=SITE, follow_redirects=False) as client:
        yield client


def test_the_same_query_is_asked_of_the_store_once(client: TestClient, counted: Counted) -> None:
    first, second = (client.get("/sparql", params={"query": COUNT}) for _ in range(2))
    assert counted.asked == [COUNT]
    assert first.content == second.content
    assert second.headers["server-timing"] == HIT
    assert first.headers["server-timing"] != HIT
    without = {name: value for name, value in second.headers.items() if name != "server-timing"}
    assert without.items() <= first.headers.items()


@pytest.mark.parametrize(
    "other",
    [
        {"params": {"query": COUNT + " "}},
        {"params": {"query": COUNT, "default-graph-uri": "urn:g"}},
        {"params": {"query": COUNT}, "headers": {"accept": "text/csv"}},
        {"params": {"query": COUNT}, "headers": {"accept-language": "es"}},
        {"params": {"query": COUNT}, "headers": {"host": "elsewhere.example"}},
        {"params": {"query": COUNT, "format": "xml"}},
    ],
    ids=["text", "graphs", "type", "language", "host", "format"],
)
def test_a_query_that_differs_in_anything_is_asked_anew(
    client: TestClient, counted: Counted, other: dict[str, dict[str, str]]
) -> None:
    english = {"accept-language": "en"}
    client.get("/sparql", params={"query": COUNT}, headers=english)
    client.get("/sparql", params=other["params"], headers={**english, **other.get("headers", {})})
    assert len(counted.asked) == 2


def test_a_query_by_post_is_kept_too(client: TestClient, counted: Counted) -> None:
    for body, kind in ((COUNT, "application/sparql-query"), (f"query={COUNT}", FORM)):
        answers = [
            client.post("/sparql", content=body, headers={"content-type": kind}) for _ in range(2)
        ]
        assert [answer.headers["server-timing"] == HIT for answer in answers] == [False, True]
    assert len(counted.asked) == 2


def test_what_one_body_asks_is_not_answered_to_another(client: TestClient) -> None:
    headers = {"content-type": "application/sparql-query", "accept": "text/csv"}
    texts = [f'SELECT ("{name}" AS ?x) {{}}' for name in ("one", "two")]
    answers = [client.post("/sparql", content=text, headers=headers).text for text in texts * 2]
    assert answers == ["x\r\none\r\n", "x\r\ntwo\r\n"] * 2


def test_head_is_answered_from_what_get_kept_and_the_other_way_round(
    client: TestClient, counted: Counted
) -> None:
    full = client.get("/sparql", params={"query": COUNT})
    empty = client.head("/sparql", params={"query": COUNT})
    assert (empty.headers["server-timing"], empty.headers["etag"]) == (HIT, full.headers["etag"])
    assert empty.headers["content-length"] == str(len(full.content))
    client.head("/doc/place/mx.ttl")
    asked = len(counted.asked)
    assert client.get("/doc/place/mx.ttl").content
    assert len(counted.asked) == asked


def test_an_answer_has_a_strong_tag_of_its_bytes(client: TestClient) -> None:
    tags = {
        accept: client.get("/sparql", params={"query": COUNT}, headers={"accept": accept}).headers[
            "etag"
        ]
        for accept in ("text/csv", "application/sparql-results+json")
    }
    assert len(set(tags.values())) == 2
    assert not any(tag.startswith("W/") for tag in tags.values())


@pytest.mark.parametrize("times", [1, 2], ids=["as it is made", "when it is kept"])
def test_who_holds_the_answer_is_told_so(client: TestClient, times: int) -> None:
    tag = client.get("/sparql", params={"query": COUNT, "n": "1"}).headers["etag"]
    for _ in range(times):
        answer = client.get(
            "/sparql", params={"query": COUNT, "n": "2"}, headers={"if-none-match": f"W/{tag}"}
        )
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in answer.headers
    whole = client.get("/sparql", params={"query": COUNT, "n": "2"})
    assert (whole.status_code, whole.content != b"") == (200, True)


def test_an_error_is_not_kept(client: TestClient, counted: Counted) -> None:
    for _ in range(2):
        assert client.get("/sparql", params={"query": "SELECT *"}).status_code == 400
    assert len(counted.asked) == 2


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}"])
def test_what_has_another_answer_each_time_is_not_kept(
    client: TestClient, counted: Counted, query: str
) -> None:
    values = {client.get("/sparql", params={"query": query}).text for _ in range(3)}
    assert (len(values), len(counted.asked)) == (3, 3)


def test_every_answer_is_open_to_other_sites_whoever_asked_first(client: TestClient) -> None:
    for headers in ({}, {"origin": "https://elsewhere.example"}, {}):
        answer = client.get("/sparql", params={"query": COUNT}, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"


def test_what_was_asked_for_longest_ago_goes_when_there_is_no_room(
    client: TestClient, counted: Counted
) -> None:
    texts = [f'SELECT ("{"x" * 60_000}{number}" AS ?x) {{}}' for number in range(20)]
    headers = {"content-type": "application/sparql-query", "accept-encoding": "identity"}
    for text in [*texts, texts[-1], texts[0]]:
        client.post("/sparql", content=text, headers=headers)
    assert counted.asked == [*texts, texts[0]]


def test_an_answer_that_would_take_most_of_the_room_is_not_kept(
    client: TestClient, counted: Counted
) -> None:
    large = 'SELECT (CONCAT(?a, ?a, ?a) AS ?x) { BIND("' + "x" * 50_000 + '" AS ?a) }'
    for _ in range(2):
        plain = {"accept-encoding": "identity"}
        answer = client.post("/sparql", data={"query": large}, headers=plain)
        assert len(answer.content) > 150_000
    assert len(counted.asked) == 2


def test_a_site_whose_data_may_change_keeps_nothing(parts: Parts, counted: Counted) -> None:
    remote = replace(parts, public=counted, version=None, cache_bytes=1_000_000)
    with TestClient(create_app(remote), base_url=SITE) as client:
        for _ in range(2):
            assert client.get("/sparql", params={"query": COUNT}).status_code == 200
    assert len(counted.asked) == 2


def test_the_dump_comes_in_parts_and_whole(client: TestClient, parts: Parts) -> None:
    assert parts.dump is not None
    whole = client.get("/dumps/diplolocal.nq.gz")
    assert whole.content == parts.dump.read_bytes()
    assert whole.headers["etag"] == f'"{parts.dumps[0].sha256[:32]}"'
    part = client.get("/dumps/diplolocal.nq.gz", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    held = client.get("/dumps/diplolocal.nq.gz", headers={"if-none-match": whole.headers["etag"]})
    assert held.status_code == 304


def test_who_reads_gzip_gets_the_same_in_fewer_bytes_under_a_tag_of_its_own(
    client: TestClient,
) -> None:
    plain = client.get("/service.ttl", headers={"accept-encoding": "identity"})
    for _ in range(2):
        packed = client.get("/service.ttl", headers={"accept-encoding": "br;q=1, GZIP"})
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 3
        assert packed.content == plain.content
        assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
        assert "Accept-Encoding" in packed.headers["vary"]
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]
    held = {"if-none-match": packed.headers["etag"], "accept-encoding": "gzip"}
    assert client.get("/service.ttl", headers=held).status_code == 304


@pytest.mark.parametrize("path", ["/dumps/diplolocal.nq.gz", "/healthz"])
def test_what_is_compressed_already_or_short_is_sent_as_it_is(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, None)


def test_a_short_answer_depends_on_the_same_as_a_long_one(client: TestClient) -> None:
    for query in ("ASK {}", "SELECT * { ?s ?p ?o } LIMIT 1000"):
        for coding in ("gzip", "identity"):
            asked = {"accept-encoding": coding}
            for _ in range(2):
                answer = client.get("/sparql", params={"query": query}, headers=asked)
                assert "Accept-Encoding" in answer.headers["vary"], (query, coding)
            asked |= {"if-none-match": answer.headers["etag"]}
            held = client.get("/sparql", params={"query": query}, headers=asked)
            assert (held.status_code, "Accept-Encoding" in held.headers["vary"]) == (304, True)
