"""A harvester that knows nothing but the address of the home page: what it finds, takes, and keeps
up to date, from real servers that the real command started.
"""

import gzip
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
import uvicorn
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse
from tests import histories
from tests.clients.programs import answer_of, fetched, node
from tests.conftest import LIMITS, Page, command, serving, wait_for
from tests.test_releasing import FIRM, NEW_FIRM, REFERENCE, REPLACED, STONE, TOMBSTONES, add, remove

from diplolocal import iris
from diplolocal.build import build
from diplolocal.dataset import find
from diplolocal.embedded import EmbeddedStore
from diplolocal.search import Index
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

LDES_CLIENT = "ldes-client@0.3.0"
BULLETIN = Path("data", "bulletins", "2021", "2021-12.ttl")

DCAT, DCTERMS = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
TREE = "https://w3id.org/tree#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SPECIFICATION = "https://w3id.org/ldes/specification"
NQUADS = "https://www.iana.org/assignments/media-types/application/n-quads"
FORMATS = {
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "text/turtle": RdfFormat.TURTLE,
}


@dataclass
class Harvester:
    """A program that keeps a copy. It knows HTTP, HTML, RDF, DCAT, TREE and LDES, and of this site
    the address of the home page; `versions` has what is said of each topic, `seen` is the moment up
    to which it has everything.
    """

    home: str
    taken: dict[str, int] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    versions: dict[str, frozenset[Triple]] = field(default_factory=dict)
    seen: str = ""
    tag: str = ""

    def get(self, address: str, accept: str, **headers: str) -> httpx2.Response:
        answer = httpx2.get(address, headers={"accept": accept, **headers}, timeout=60)
        assert answer.status_code in (200, 304), (address, answer.text)
        self.taken[address] = len(answer.content)
        return answer

    def record(self) -> Store:
        """The record of the data set (DCAT), to which the home page links."""
        page = self.get(self.home, "text/html")
        found = Store()
        for link in (has for tag, has, _ in Page(page.text).elements if tag == "link"):
            if link["rel"] == "describedby" and link.get("type") == "text/turtle":
                address = urljoin(self.home, link["href"])
                answer = self.get(address, "text/turtle")
                found.extend(parse(answer.content, format=RdfFormat.TURTLE, base_iri=address))
        return found

    def dump(self) -> set[Triple]:
        """Everything, from the file that the record names."""
        record = self.record()
        [address] = {
            quad.object.value
            for distribution in subjects(record, DCAT + "mediaType", NQUADS)
            for quad in record.quads_for_pattern(
                distribution, NamedNode(DCAT + "downloadURL"), None
            )
            if isinstance(quad.object, NamedNode)
        }
        packed = self.get(address, "*/*").content
        return {quad.triple for quad in parse(gzip.decompress(packed), format=RdfFormat.N_QUADS)}

    def follow(self) -> None:
        """Take what is new in the event stream, and put it in the place of what was there."""
        record = self.record()
        [service] = subjects(record, DCTERMS + "conformsTo", SPECIFICATION)
        [address] = values(record, service, DCAT + "endpointURL")
        answer = self.get(address, ", ".join(FORMATS), **{"if-none-match": self.tag})
        if answer.status_code == 304:
            return
        self.tag = answer.headers["etag"]
        root = read(answer)
        [stream] = subjects(root, TREE + "view", address)
        newest = self.seen
        left = [(address, root)]
        for node_address, page in left:
            newest = max(newest, self.take(stream, page))
            for to in self.new_ways(page, node_address):
                left.append((to, read(self.get(to, ", ".join(FORMATS)))))
        self.seen = newest

    def new_ways(self, page: Store, address: str) -> list[str]:
        """Where a page leads that something new may be: all relations to a page hold at once."""
        old = set()
        ways = values(page, NamedNode(address), TREE + "relation")
        for way in map(NamedNode, ways):
            [value] = values(page, way, TREE + "value")
            is_upper = values(page, way, TYPE) == [TREE + "LessThanOrEqualToRelation"]
            if is_upper and value <= self.seen:
                old.update(values(page, way, TREE + "node"))
        targets = [values(page, NamedNode(way), TREE + "node")[0] for way in ways]
        return [to for to in dict.fromkeys(targets) if to not in old]

    def take(self, stream: NamedNode, page: Store) -> str:
        """The members of a page; the moment of the newest."""
        newest = ""
        for member in map(NamedNode, values(page, stream, TREE + "member")):
            [topic] = values(page, member, DCTERMS + "isVersionOf")
            [moment] = values(page, member, DCTERMS + "created")
            said = page.quads_for_pattern(None, None, None, member)
            self.versions[topic] = frozenset(quad.triple for quad in said)
            self.members.append(member.value)
            newest = max(newest, moment)
        return newest

    def graph(self) -> set[Triple]:
        """All that it knows."""
        return {triple for said in self.versions.values() for triple in said}

    def pages(self) -> dict[str, int]:
        """The pages of the stream below the root that it asked for, and their bytes."""
        return {address: size for address, size in self.taken.items() if "/changes/" in address}

    def forget_what_was_asked(self) -> None:
        self.taken, self.members = {}, []


def read(answer: httpx2.Response) -> Store:
    fmt = FORMATS[answer.headers["content-type"].partition(";")[0]]
    store = Store()
    store.bulk_extend(parse(answer.content, format=fmt))
    return store


def subjects(store: Store, prop: str, value: str) -> list[NamedNode]:
    found = store.quads_for_pattern(None, NamedNode(prop), NamedNode(value))
    return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]


def values(store: Store, subject: NamedNode, prop: str) -> list[str]:
    found = store.quads_for_pattern(subject, NamedNode(prop), None, DefaultGraph())
    return sorted(
        quad.object.value for quad in found if isinstance(quad.object, NamedNode | Literal)
    )


@dataclass(frozen=True)
class Publisher:
    """Whoever works on the files: releases them, and serves them at one address."""

    root: Path
    builds: Path
    port: int

    @property
    def home(self) -> str:
        """All that a harvester is told."""
        return f"http://127.0.0.1:{self.port}/"

    def release(self, version: str, issued: str) -> None:
        said = ("--es", "Un ejemplo.", "--en", "An example.", "--issued", issued)
        answer_of(command(), "release", version, *said, "--root", self.root, "--into", self.builds)

    def serving(self) -> serving:
        return serving("--root", self.root, "--into", self.builds, "--port", str(self.port))

    def graph(self) -> set[Triple]:
        """What is published: the union of all graphs."""
        made = build(find(self.root), self.builds)
        with gzip.open(made.store) as packed:
            return {quad.triple for quad in parse(packed.read(), format=RdfFormat.N_QUADS)}


@pytest.fixture
def publisher(small_root: Path, tmp_path: Path) -> Publisher:
    """A data set without its last bulletin, and with two firms that nothing refers to."""
    root = Path(shutil.copytree(small_root, tmp_path / "root"))
    (root / BULLETIN).rename(tmp_path / BULLETIN.name)
    for name in ("one", "other"):
        add(root / REFERENCE, NEW_FIRM.format(iri=FIRM + name, name=name))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Publisher(root, tmp_path / "builds", port)


def a_month_later(publisher: Publisher) -> None:
    """A bulletin is added, one firm withdrawn, another merged with a new one."""
    (publisher.root.parent / BULLETIN.name).rename(publisher.root / BULLETIN)
    reference, stones = publisher.root / REFERENCE, publisher.root / TOMBSTONES
    for name, stays in (("one", ""), ("other", REPLACED.format(iri=FIRM + "heir"))):
        remove(reference, FIRM + name)
        add(stones, STONE.format(iri=FIRM + name, replaced=stays))
    add(reference, NEW_FIRM.format(iri=FIRM + "heir", name="heredera"))


def test_a_harvester_takes_everything_once_and_then_only_what_changed(
    publisher: Publisher,
) -> None:
    harvester = Harvester(publisher.home)
    publisher.release("1.0.0", "2026-11-01T00:00:00Z")
    with publisher.serving():
        harvester.follow()
        assert harvester.graph() == harvester.dump() == publisher.graph()
        assert len(harvester.members) == len(set(harvester.members))
        everything, size = len(harvester.members), sum(harvester.pages().values())
        harvester.forget_what_was_asked()
        harvester.follow()
        assert harvester.pages() == {}
        before = harvester.graph()

    a_month_later(publisher)
    publisher.release("1.1.0", "2026-12-01T00:00:00Z")
    with publisher.serving():
        harvester.forget_what_was_asked()
        harvester.follow()
        now = publisher.graph()
        assert harvester.graph() == now != before
        # One page of the stream, besides what led to it; a fraction of what there is.
        [(page, page_size)] = harvester.pages().items()
        assert page == f"{publisher.home}changes/1.1.0/1"
        assert len(harvester.members) < everything / 10
        assert page_size < size / 10
        assert harvester.dump() == now
        stones = {FIRM + "one", FIRM + "other"}
        assert stones < harvester.versions.keys()
        for stone in stones:
            types = {str(t.object) for t in harvester.versions[stone] if t.predicate.value == TYPE}
            assert types == {"<https://w3id.org/diplolocal/def#Tombstone>"}
        harvester.forget_what_was_asked()
        harvester.follow()
        assert harvester.pages() == {}


@pytest.fixture
def address() -> Iterator[str]:
    """A site with some releases at an address of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    here = "http://{}:{}".format(*listening.getsockname())
    nothing = EmbeddedStore()
    parts = Parts(
        store=nothing,
        public=nothing,
        limits=LIMITS,
        version="abcdef012345",
        context=b"{}",
        shapes=nothing,
        prefixes={},
        public_url=here,
        query_bytes=10_000,
        search=Index.over(nothing),
        release="1.1.0",
        history=histories.large(a=600, b=20),
    )
    server = uvicorn.Server(uvicorn.Config(create_app(parts), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    wait_for(here)
    yield here
    server.should_exit = True
    thread.join()


def test_the_client_of_others_gets_every_member_and_after_a_moment_only_those(
    address: str,
) -> None:
    """The LDES client of the vocabulary's authors, from npm."""
    script = fetched(LDES_CLIENT) / "ldes-client" / "dist" / "bin" / "cli.js"
    client = (node(), script, f"{address}/changes")
    everything = members(answer_of(*client))
    firms = [*(f"a-{number:05}" for number in range(600)), *(f"b-{n:05}" for n in range(20))]
    assert [iris.key_of(each).partition("?")[0] for each in everything] == firms
    after = members(answer_of(*client, "--after", "2026-01-15T00:00:00Z"))
    assert after == everything[600:]


def members(printed: bytes) -> list[str]:
    """The members that the client printed, each as often as it did."""
    lines = (line.split(b" ") for line in printed.splitlines())
    prop = f"<{DCTERMS}isVersionOf>".encode()
    return sorted(
        line[0].decode().strip("<>") for line in lines if line[1:2] == [prop] and b"?" in line[0]
    )
