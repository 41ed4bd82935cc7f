"""The site over Virtuoso: every page and every query of the house says the same as over the
embedded store. The build gets there as people would send it, with `diplolocal publish`.

One thing is not the same, and nothing can be done about it from here: Virtuoso keeps coordinates of
a geo:wktLiteral as numbers of 32 bits, under a datatype of its own
(github.com/openlink/virtuoso-opensource, issues 456 and 808). They are compared as such numbers.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from struct import pack, unpack

import httpx2
import pytest
from tests.conftest import REPOSITORY, command, environment, serving
from tests.engines import Engine, virtuoso

from diplolocal import formats, tables, union
from diplolocal.build import Build
from diplolocal.embedded import EmbeddedStore
from diplolocal.remote import RemoteStore
from diplolocal.store import Query, Store, Wanted, load_query, plain, select

TABLES = {f"table-{table.name}" for table in tables.tables()}
QUERIES = sorted(
    name
    for file in (files("diplolocal") / "queries").iterdir()
    # Tables are written from a build alone: over an endpoint there are no dumps.
    if (name := file.name.removesuffix(".rq")) not in TABLES
)
ONLY_OF_A_BUILD = re.compile(
    r'<link rel="alternate" type="application/(?:atom|feed)\+\w+" href="/changes[^>]*>\n'
    r'|<script type="application/ld\+json">.*?</script>\n?'
    r"|(?<=diplolocal) 1\.\d+\.\d+(?=, https)"
    r'|<a href="/(?:(?:es|en)/)?(?:dumps|changes|timemap/[^"]*)">[^<]*</a>(?: ·\s*)?'
    r'|<section id="validation">.*?</section>',
    re.DOTALL,
)
"""The feeds, the data set in schema.org with its version and its files, the version to be cited,
what leads to files and versions, the last validation.
"""

LESS_IS_SAID = ("void-datatypes",)
"""Virtuoso does not tell the datatype of what has a language, and has one of its own for
geometries: of these the description of the data set says nothing, or that.
"""

PAGES = (
    "/",
    "/?lang=en",
    "/doc/place/mx-jal",
    "/doc/place/mx-jal?lang=en",
    "/doc/action/2021-01-03",
    "/doc/bulletin/2021-09",
    "/doc/region/occidente",
    "/vocab/theme",
    "/quality",
    "/quality?lang=en",
)
"""Without the ontology and the data set, which name their versions, and files of the build."""

GRAPHS = ("/doc/region/occidente", "/doc/action/2021-01-03", "/doc/bulletin/2021-09")
SPARQL = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY ?c",
)


@pytest.fixture(scope="module")
def engine(real_build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Virtuoso that the real build was published to, beside its own graphs."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        where = ("--endpoint", running.query, "--update-endpoint", running.update)
        ran = subprocess.run(
            [
                command(),
                "publish",
                "--root",
                REPOSITORY,
                "--into",
                real_build.folder.parent,
                *where,
            ],
            env=environment(running.login),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        yield running


@pytest.fixture(scope="module")
def remote(engine: Engine) -> Store:
    """That Virtuoso, as the site asks it."""
    return union.over(RemoteStore(engine.query, seconds=60))


@pytest.fixture(scope="module")
def remote_site(engine: Engine) -> Iterator[str]:
    """The address of the site over that Virtuoso."""
    environment = {"DIPLOLOCAL_ENDPOINT_SECONDS": "120", "DIPLOLOCAL_QUERY_SECONDS": "120"}
    with serving("--root", REPOSITORY, "--endpoint", engine.query, env=environment) as address:
        yield address


def test_every_graph_has_as_many_statements_as_in_the_build(
    remote: Store, real_build: Build
) -> None:
    assert union.counts_of(remote) == real_build.counts


def test_virtuoso_itself_would_count_otherwise(engine: Engine, real_build: Build) -> None:
    alone = RemoteStore(engine.query, seconds=60)
    [row] = select(alone, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    assert int(plain(row["n"])) > sum(real_build.counts.values())


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_of_the_house_has_the_same_answer(
    remote: Store, store: EmbeddedStore, name: str
) -> None:
    for query in alone(load_query(name)):
        there, here = answered(remote, query), answered(store, query)
        assert name in LESS_IS_SAID or there == here


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_the_same(site: str, remote_site: str, path: str) -> None:
    here, there = (httpx2.get(address + path, timeout=120) for address in (site, remote_site))
    assert (there.status_code, here.status_code) == (200, 200)
    # What somebody else may change at any time has no version.
    unversioned = re.sub(
        r"(?:Versión de los datos|Version of the data) [^<]*\.(?=</p>)", "", here.text
    )
    said = there.text.replace(remote_site, site)
    assert shared(said) == shared(unversioned)


@pytest.mark.parametrize("fmt", formats.GRAPH, ids=lambda fmt: fmt.suffix)
@pytest.mark.parametrize("path", GRAPHS)
def test_every_document_says_the_same(
    site: str, remote_site: str, path: str, fmt: formats.Format
) -> None:
    here, there = (
        httpx2.get(f"{address}{path}.{fmt.suffix}", timeout=120) for address in (site, remote_site)
    )
    assert (there.status_code, there.headers["content-type"]) == (200, here.headers["content-type"])
    said = there.text.replace(remote_site, site)
    assert sorted(said.splitlines()) == sorted(here.text.splitlines())


@pytest.mark.parametrize("fmt", formats.RESULTS, ids=lambda fmt: fmt.suffix)
@pytest.mark.parametrize("query", SPARQL)
def test_a_stranger_counts_the_same(
    site: str, remote_site: str, query: str, fmt: formats.Format
) -> None:
    form, accept = {"query": query}, {"Accept": fmt.media_type}
    here, there = (
        httpx2.post(f"{address}/sparql", data=form, headers=accept, timeout=120)
        for address in (site, remote_site)
    )
    assert (there.status_code, there.headers["content-type"]) == (200, here.headers["content-type"])
    assert there.content == here.content


def alone(query: str) -> list[str]:
    """The query of a list with none of its filters, and with each of them alone: all at once are
    too long for Virtuoso, which says so. Any other query as it is.
    """
    block = re.compile(r"  # filter: (\w+)\n.*?  # end\n", re.DOTALL)
    names = [found[1] for found in block.finditer(query)]
    if not names:
        return [query]

    def with_only(name: str) -> str:
        return block.sub(lambda found: found[0] if found[1] == name else "", query)

    return [with_only(name) for name in ("", *names)]


def answered(store: Store, query: str) -> Counter[str]:
    """What a query finds, in whatever order."""
    wanted = Wanted(formats.JSON.media_type, formats.NTRIPLES.media_type)
    answer = store.answer(Query(query), wanted)
    if answer.media_type == formats.NTRIPLES.media_type:
        return Counter(rounded(answer.body.decode()).split("\n"))
    found = json.loads(answer.body)
    return Counter(rounded(json.dumps(row, sort_keys=True)) for row in found["results"]["bindings"])


def shared(page: str) -> list[str]:
    """What a page says that does not come of a build, word by word."""
    return rounded(ONLY_OF_A_BUILD.sub("", page)).split()


def rounded(text: str) -> str:
    """The text with the coordinates of its geometries as numbers of 32 bits, each written alike."""
    return re.sub(
        r"(?:MULTI)?(?:POINT|POLYGON|LINESTRING) ?\([-0-9.,() ]*\)",
        lambda found: re.sub(
            r"-?\d+(?:\.\d+)?",
            lambda number: str(unpack("f", pack("f", float(number[0])))[0]),
            found[0].replace(", ", ",").replace(" (", "("),
        ),
        text.replace(
            "http://www.openlinksw.com/schemas/virtrdf#Geometry",
            "http://www.opengis.net/ont/geosparql#wktLiteral",
        ),
    )
