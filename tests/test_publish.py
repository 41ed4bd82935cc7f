"""A build is loaded into real stores, Oxigraph's server and Virtuoso: all of it or nothing."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.conftest import REPOSITORY, Run
from tests.engines import Engine, oxigraph, virtuoso
from tests.engines import tell as in_sql

from diplolocal import formats, iris, publish, union
from diplolocal.build import Build
from diplolocal.errors import NotPublished
from diplolocal.exchange import Bounds, Login, post
from diplolocal.publish import Published, Target
from diplolocal.remote import RemoteStore
from diplolocal.store import Query, Wanted, construct, plain, select
from diplolocal.store_errors import AnswerTooLarge, StoreError
from diplolocal.union import counts_of
from diplolocal.wording import Message

KINDS: dict[str, Callable[[Path], AbstractContextManager[Engine]]] = {
    "oxigraph": oxigraph,
    "virtuoso": partial(virtuoso, more="ResultSetMaxRows = 1000"),
}
FIRST, SECOND, THIRD = (
    iris.graph("bulletin", month) for month in ("2021-01", "2021-02", "2021-03")
)
OLD, NEW = {FIRST: 700, SECOND: 900}, {FIRST: 1_300, THIRD: 2}
FOREIGN = "urn:somebody-else"
HARD = (
    "ñ 😀 \u2028",
    "quote \" and \\ and '",
    "line\nbreak\r\ttab",
    "} } ; DROP ALL #",
    "<urn:x> .",
    "2021-01~",
    "",
)
"""Texts that are easily mistaken for something else."""


@pytest.fixture(params=sorted(KINDS), scope="module")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Each engine, running; every test finds it empty."""
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def target(engine: Engine) -> Target:
    """The engine, empty but for a graph of somebody else."""
    where = to(engine)
    for graph in (*counts_of(where.store), *counts_of(where.store, iris.STAGED), FOREIGN):
        tell(where, f"DROP SILENT GRAPH <{graph}>")
    tell(where, f"INSERT DATA {{ GRAPH <{FOREIGN}> {{ <urn:s> <urn:p> 1, 2 }} }}")
    return where


def test_a_build_is_published(target: Target, tmp_path: Path) -> None:
    done = publish.publish(made(tmp_path, OLD), target)
    assert done == Published(graphs=2, statements=1_600, removed=0)
    assert counts(target) == OLD


def test_every_text_arrives_as_it_is(target: Target, tmp_path: Path) -> None:
    build = made(tmp_path, {FIRST: 50})
    publish.publish(build, target)
    with gzip.open(build.store) as lines:
        wanted = {quad.triple for quad in parse(lines.read(), format=RdfFormat.N_QUADS)}
    found = construct(
        target.store, f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{FIRST}> {{ ?s ?p ?o }} }}"
    )
    assert set(found) == wanted


@pytest.mark.parametrize("text", ["SELECT * WHERE", "CONSTRUCT { ?s ?p ?o } WHERE"])
def test_what_was_published_is_read_whole_or_not_at_all(
    target: Target, tmp_path: Path, text: str, request: pytest.FixtureRequest
) -> None:
    wanted = Wanted(formats.TSV.media_type, formats.NTRIPLES.media_type)
    publish.publish(made(tmp_path, {FIRST: 900, SECOND: 1_100}), target)
    few = target.store.answer(Query(f"{text} {{ GRAPH <{FIRST}> {{ ?s ?p ?o }} }}"), wanted)
    assert few.body.count(b"\n") - few.body.startswith(b"?") == 900
    many = Query(f"{text} {{ GRAPH <{SECOND}> {{ ?s ?p ?o }} }}")
    if "virtuoso" in request.node.name:  # it is set to cut at 1,000
        with pytest.raises(AnswerTooLarge, match="more than 1000 rows"):
            target.store.answer(many, wanted)
    else:
        body = target.store.answer(many, wanted).body
        assert body.count(b"\n") - body.startswith(b"?") == 1_100


def test_a_changed_build_takes_the_place_of_the_one_before(target: Target, tmp_path: Path) -> None:
    publish.publish(made(tmp_path / "old", OLD), target)
    done = publish.publish(made(tmp_path / "new", NEW), target)
    assert done == Published(graphs=2, statements=1_302, removed=1)
    assert counts(target) == NEW


def test_publishing_again_changes_nothing(target: Target, tmp_path: Path) -> None:
    build = made(tmp_path, OLD)
    for _ in range(2):
        publish.publish(build, target)
    assert counts(target) == OLD


def test_the_graphs_of_others_stay(target: Target, tmp_path: Path) -> None:
    publish.publish(made(tmp_path / "old", OLD), target)
    publish.publish(made(tmp_path / "new", NEW), target)
    assert counts_of(target.store, FOREIGN) == {FOREIGN: 2}


def test_nothing_is_left_beside_it(target: Target, tmp_path: Path) -> None:
    tell(target, f"INSERT DATA {{ GRAPH <{iris.STAGED}old/x> {{ <urn:s> <urn:p> 1 }} }}")
    publish.publish(made(tmp_path, OLD), target)
    assert counts_of(target.store, iris.STAGED) == {}


def test_one_is_told_how_far_it_is(target: Target, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    publish.publish(
        made(tmp_path, OLD),
        target,
        progress=lambda step, done, total: told.append((step.text, done, total)),
    )
    assert told == [
        ("Sending statements", 1_000, 1_600),
        ("Sending statements", 1_600, 1_600),
        ("Putting the graphs in their place", 0, 1),
    ]


# ------------------------------------------------------------------ what can go wrong


def test_what_counts_otherwise_is_not_put_in_place(target: Target, tmp_path: Path) -> None:
    publish.publish(made(tmp_path / "old", OLD), target)
    wrong = made(tmp_path / "new", NEW)
    wrong = Build(wrong.folder, wrong.version, None, {**NEW, FIRST: 1_301})
    with pytest.raises(NotPublished, match="counts other statements"):
        publish.publish(wrong, target)
    assert (counts(target), counts_of(target.store, iris.STAGED)) == (OLD, {})


def test_an_update_that_is_refused_changes_nothing(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.publish(made(tmp_path / "old", OLD), target)
    monkeypatch.setattr(publish, "_switch", lambda made, gone: "MOVE nonsense")
    with pytest.raises(NotPublished, match=r"^Nothing was published at http.*HTTP 400"):
        publish.publish(made(tmp_path / "new", NEW), target)
    assert (counts(target), counts_of(target.store, iris.STAGED)) == (OLD, {})


def test_who_gives_up_leaves_it_as_it_was(target: Target, tmp_path: Path) -> None:
    publish.publish(made(tmp_path / "old", OLD), target)

    def interrupted(step: Message, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish.publish(made(tmp_path / "new", NEW), target, progress=interrupted)
    assert (counts(target), counts_of(target.store, iris.STAGED)) == (OLD, {})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_engine_that_dies_while_it_is_sent_has_the_old_state(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    with KINDS[kind](folder) as engine:
        publish.publish(made(tmp_path / "old", OLD), to(engine))

        def die(step: Message, done: int, total: int) -> None:
            engine.process.kill()
            engine.process.wait(timeout=10)

        with pytest.raises(NotPublished, match=r"^Nothing was published at http.*refused"):
            publish.publish(made(tmp_path / "new", NEW), to(engine), progress=die)
    with KINDS[kind](folder) as engine:
        assert counts(to(engine)) == OLD
        publish.publish(made(tmp_path / "again", NEW), to(engine))
        assert (counts(to(engine)), counts_of(to(engine).store, iris.STAGED)) == (NEW, {})


@pytest.mark.parametrize("milliseconds", [0, 20, 60])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_engine_that_dies_while_it_moves_has_the_old_state_or_the_new(
    kind: str, milliseconds: int, tmp_path: Path
) -> None:
    folder = tmp_path / "engine"
    folder.mkdir()
    with KINDS[kind](folder) as engine:
        publish.publish(made(tmp_path / "old", OLD), to(engine))

        def die_soon(step: Message, done: int, total: int) -> None:
            if step.text != "Sending statements":
                threading.Timer(milliseconds / 1000, engine.process.kill).start()

        # It may be dead when it is told to move, while it does, when it is to be counted, or later.
        with suppress(NotPublished, StoreError):
            publish.publish(made(tmp_path / "new", NEW), to(engine), progress=die_soon)
        engine.process.wait(timeout=10)
    with KINDS[kind](folder) as engine:
        assert counts(to(engine)) in (OLD, NEW)
        publish.publish(made(tmp_path / "again", NEW), to(engine))
        assert (counts(to(engine)), counts_of(to(engine).store, iris.STAGED)) == (NEW, {})


# ------------------------------------------------------------------ asked afterwards


def test_what_is_asked_is_our_graphs_alone(target: Target, tmp_path: Path) -> None:
    publish.publish(made(tmp_path, OLD), target)
    [row] = select(union.over(target.store), "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert plain(row["n"]) == "1600"


def test_a_virtuoso_that_hides_its_own_graphs_is_asked_as_it_is(tmp_path: Path) -> None:
    readme = (REPOSITORY / "server" / "README.md").read_text(encoding="utf-8")
    [commands] = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "engine").mkdir()
    with virtuoso(tmp_path / "engine") as engine:
        where = to(engine)
        publish.publish(made(tmp_path, OLD), where)
        assert isinstance(union.over(where.store), union.UnionStore)
        in_sql(engine, *commands.replace(";", "").splitlines())
        assert union.over(where.store) is where.store
        publish.publish(made(tmp_path, NEW), where)
        assert counts(where) == NEW


# ------------------------------------------------------------------ the command


def test_a_password_that_is_wrong_is_said_and_not_shown(
    tmp_path_factory: pytest.TempPathFactory, run: Run, real_build: Build
) -> None:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as engine:
        ran = run(
            *("publish", "--root", REPOSITORY, "--into", real_build.folder.parent),
            *("--endpoint", engine.query, "--update-endpoint", engine.update),
            env={**engine.login, "DIPLOLOCAL_UPDATE_PASSWORD": "xyzzy"},
        )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Nothing was published at {engine.update}: HTTP 401; who may")
    assert "xyzzy" not in ran.err


@pytest.mark.parametrize("given", [(), ("--endpoint", "http://127.0.0.1:9/")])
def test_one_has_to_say_where(run: Run, given: tuple[str, ...]) -> None:
    ran = run("publish", *given)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Say where to publish: --endpoint URL")


def test_an_endpoint_that_is_not_there_is_named(run: Run, real_build: Build) -> None:
    ran = run(
        *("publish", "--root", REPOSITORY, "--into", real_build.folder.parent),
        *("--endpoint", "http://127.0.0.1:9/q", "--update-endpoint", "http://127.0.0.1:9/u"),
    )
    assert (ran.code, ran.out) == (3, "")
    assert "http://127.0.0.1:9/q gave no usable answer" in ran.err


def made(folder: Path, graphs: dict[str, int]) -> Build:
    """A build with so many statements in these graphs, sorted as builds are."""
    folder.mkdir(parents=True, exist_ok=True)
    prop = NamedNode("urn:p")
    quads = []
    for graph, count in graphs.items():
        for number in range(count):
            text = HARD[number % len(HARD)]
            value = Literal(text, language="es") if number % 2 else Literal(text)
            thing = NamedNode(f"urn:{number}")
            quads.append(f"{Quad(thing, prop, value, NamedNode(graph))} .\n".encode())
    with gzip.open(folder / "store.nq.gz", "wb") as packed:
        packed.write(b"".join(sorted(quads)))
    return Build(folder, "0123456789ab", None, graphs)


def to(engine: Engine) -> Target:
    login = Login(*engine.login.values()) if engine.login else None
    return Target(RemoteStore(engine.query, seconds=30), engine.update, login)


def tell(target: Target, update: str) -> None:
    done = post(target.update, [("update", update)], Bounds(30), headers={}, login=target.login)
    assert 200 <= done.status < 300, done


def counts(target: Target) -> dict[str, int]:
    return counts_of(target.store)
