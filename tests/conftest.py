"""What tests share: the real files, one build of them, stores over it, and the site.

Take the smallest thing that has what you need; write anything peculiar in the test itself.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, Quad, parse

from diplolocal import constraints, iris, resources
from diplolocal.build import Build, build
from diplolocal.database import database, history_database
from diplolocal.dataset import ROOMS, Dataset, Kind, find, quads
from diplolocal.dumping import Dump, dumps, everything
from diplolocal.embedded import EmbeddedStore
from diplolocal.search import Index
from diplolocal.search_index import FILE, index, make
from diplolocal.store import Limits, construct, plain
from diplolocal.web.app import create_app
from diplolocal.web.parts import Parts

REPOSITORY = Path(__file__).parent.parent
SITE = "http://diplolocal.test"
LIMITS = Limits(
    seconds=30,
    service_seconds=60,
    memory_bytes=1_000_000_000,
    answer_bytes=100_000_000,
    answer_rows=1_000_000,
)


SEVERAL = "PYTEST_XDIST_WORKER" in os.environ
"""Whether several processes run tests, each some of the files."""


@contextmanager
def shared(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all processes of a run have together, and one of them alone in the block: what
    the first makes, the others find.
    """
    if not SEVERAL:
        yield factory.mktemp(name)
        return
    folder = factory.getbasetemp().parent / name
    folder.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The real files."""
    return find(REPOSITORY)


@pytest.fixture(scope="session")
def real_build(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of the real files, made once for all processes that run tests; where there are
    several, with all that a server makes of it, so that no two servers do.
    """
    with shared(tmp_path_factory, "build") as into:
        made = build(dataset, into)
        if SEVERAL:
            folder = database(made)
            history_database(made)
            dumps(made, folder)
            index(made, folder)
    return made


@pytest.fixture(scope="session")
def store(real_build: Build) -> EmbeddedStore:
    """The embedded store over the real build."""
    return EmbeddedStore.load(real_build.store)


@pytest.fixture(scope="session")
def small_quads(dataset: Dataset) -> list[Quad]:
    """A small graph (`small.trig`), the terms and concepts that it uses, and what is derived."""
    sources = dataset.of(Kind.ONTOLOGY, Kind.VOCABULARY)
    terms = tuple(source for source in sources if source.path.stem != "checks")
    written = [
        *parse(path=REPOSITORY / "tests" / "small.trig"),
        *(quad for term in terms for quad in quads(term)),
    ]
    store = EmbeddedStore(written)
    rules = [rule.read_text(encoding="utf-8") for rule in dataset.rules]
    derived = {triple for rule in rules for triple in construct(store, rule)}
    derived -= {quad.triple for quad in written}
    graph = NamedNode(iris.DERIVED)
    return [
        *written,
        *(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in derived),
    ]


@pytest.fixture(scope="session")
def small(small_quads: list[Quad]) -> EmbeddedStore:
    """A store over the small graph."""
    return EmbeddedStore(small_quads)


@pytest.fixture(scope="session")
def exemplified(small_quads: list[Quad]) -> EmbeddedStore:
    """A store over the small graph with example queries (`examples.trig`)."""
    return EmbeddedStore([*small_quads, *parse(path=REPOSITORY / "tests" / "examples.trig")])


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with the bulletins and the ontology, and of everything else only what these lead
    to, in the same files: built in a second. To be copied by whoever changes it.
    """
    root = tmp_path_factory.mktemp("small")
    for room in ROOMS:
        shutil.copytree(
            REPOSITORY / room,
            root / room,
            ignore=shutil.ignore_patterns("queries", "examples", "releases"),
        )
    small = find(root)
    cut = small.of(Kind.REFERENCE, Kind.RELATIONS, Kind.LINKS, Kind.QUESTIONS)
    leads: dict[str, list[str]] = defaultdict(list)
    led: list[str] = []
    for source in small.described:
        for quad in quads(source):
            if source in cut:
                leads[plain(quad.subject)].append(plain(quad.object))
            else:
                led.append(plain(quad.object))
    reached: set[str] = set()
    while led:
        if (thing := led.pop()) not in reached:
            reached.add(thing)
            led += leads.get(thing, [])
    for source in cut:
        kept = sorted(line for thing, line in source.subject_lines.items() if thing in reached)
        blocks = {source.text.count("\n", 0, at) + 1: block for at, block in _blocks(source.text)}
        first = min(source.subject_lines.values())
        header = "".join(block for line, block in blocks.items() if line < first)
        text = header + "".join(blocks[line] for line in kept)
        source.path.write_text(text, encoding="utf-8")
        if not kept:
            source.path.unlink()
    return root


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """What empty lines part, and where it begins."""
    for found in re.finditer(r"(?:.+\n)+\n?", text):
        yield found.start(), found[0]


@pytest.fixture(scope="session")
def small_build(small_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """One build of the small data set, made once for all processes that run tests."""
    with shared(tmp_path_factory, "small-build") as into:
        made = build(find(small_root), into)
        if SEVERAL:
            dumps(made, database(made))
    return made


@pytest.fixture(scope="session")
def dumped(small_build: Build) -> tuple[Dump, ...]:
    """The dumps of the small data set."""
    return dumps(small_build, database(small_build))


@pytest.fixture(scope="session")
def search(real_build: Build, store: EmbeddedStore) -> Index:
    """What can be searched in the real build."""
    path = real_build.folder / FILE
    # A command may have made it before.
    if not path.is_file():
        make(store, path)
    return Index.open(path)


@pytest.fixture(scope="session")
def small_search(small: EmbeddedStore) -> Index:
    """What can be searched in the small graph."""
    return Index.over(small)


@pytest.fixture(scope="session")
def parts(real_build: Build, store: EmbeddedStore, search: Index) -> Parts:
    """What the site is made of."""
    return Parts(
        store=store,
        public=store,
        limits=LIMITS,
        version=real_build.version,
        context=real_build.context.read_bytes(),
        shapes=constraints.opened(real_build.shapes.read_text(encoding="utf-8")),
        prefixes=resources.prefixes(store),
        public_url=SITE,
        query_bytes=10_000,
        search=search,
        services=("https://query.wikidata.org/sparql",),
        counts=real_build.counts,
        dump=real_build.store,
        release=real_build.release,
        history=EmbeddedStore(),
        dumps=(everything(real_build),),
        report=real_build.report,
    )


@pytest.fixture(scope="session")
def client(parts: Parts) -> Iterator[TestClient]:
    """The site, asked in this process; redirects are not followed."""
    with TestClient(create_app(parts), base_url=SITE, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def small_client(parts: Parts, small: EmbeddedStore, small_search: Index) -> Iterator[TestClient]:
    """The site over the small graph."""
    over_small = replace(parts, store=small, public=small, search=small_search)
    app = create_app(replace(over_small, version="abcdef012345"))
    with TestClient(app, base_url=SITE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def copy(small_root: Path, tmp_path: Path) -> Path:
    """A copy of the small data set to spoil."""
    return Path(shutil.copytree(small_root, tmp_path / "copy"))


@pytest.fixture
def real_copy(tmp_path: Path) -> Path:
    """A copy of the real files to spoil."""
    root = tmp_path / "copy"
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, root / room)
    return root


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The installed command, in an empty folder, in English unless it is told otherwise."""

    def run_command(
        *arguments: str | Path, env: dict[str, str] | None = None, unprivileged: bool = False
    ) -> Ran:
        done = subprocess.run(
            [*(bound_by_permissions() if unprivileged else ()), command(), *map(str, arguments)],
            cwd=tmp_path,
            env=environment(env),
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_command


@pytest.fixture(scope="session")
def site(real_build: Build) -> Iterator[str]:
    """The address of a real server, started by the real command on a free port."""
    with serving("--root", REPOSITORY, "--into", real_build.folder.parent) as address:
        yield address


class serving:  # noqa: N801 - read as a phrase: `with serving(...) as address`
    """A real server while the block runs; the address it said it is at."""

    def __init__(self, *arguments: str | Path, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [command(), "serve", "--port", "0", *map(str, arguments)],
            env=environment(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert "http://" in said, self._process.communicate(timeout=10)
        return next(word for word in said.split() if word.startswith("http://")).rstrip("/")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


def command() -> str:
    """The command that is installed beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name("diplolocal"))


def bound_by_permissions() -> tuple[str, ...]:
    """What a command is run under so that the permissions of files hold, for root as well."""
    if os.geteuid():
        return ()
    lost = "-dac_override,-dac_read_search"
    return ("setpriv", "--bounding-set", lost, "--inh-caps", "-all")


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """A plain environment: English, wide, none of our settings."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith("DIPLOLOCAL_")
    }
    return {**plain, "LC_ALL": "C.UTF-8", "COLUMNS": "200", **(more or {})}


def wait_for(address: str, *, seconds: float = 20) -> None:
    """Wait until something answers at an address, whatever it answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            httpx2.get(address)
        except httpx2.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


class Page(HTMLParser):
    """A page as its reader meets it: each element, closed, with its attributes and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], str]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in ("meta", "link", "input", "br", "img", "hr", "source"):
            self.elements.append((tag, attributes, ""))
        else:
            self._open.append((tag, attributes, []))

    def handle_data(self, data: str) -> None:
        for _, _, pieces in self._open:
            pieces.append(data)

    def handle_endtag(self, tag: str) -> None:
        opened, attributes, pieces = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        self.elements.append((tag, attributes, " ".join("".join(pieces).split())))

    def texts(self, tag: str, **attributes: str) -> list[str]:
        """The text of every such element, in the order in which they end."""
        return [
            text
            for name, has, text in self.elements
            if name == tag and attributes.items() <= has.items()
        ]

    def links(self) -> dict[str, str]:
        """Where each `<a>` leads to, without the language that the address begins with, and its
        text.
        """
        return {
            re.sub(r"^/(es|en)(?=/)", "", has["href"]): text
            for name, has, text in self.elements
            if name == "a"
        }

    def forms(self) -> list[tuple[str, str]]:
        """How each `<form>` is sent, and where to."""
        return [
            (has.get("method", "get"), has["action"])
            for name, has, _ in self.elements
            if name == "form"
        ]
