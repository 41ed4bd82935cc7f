"""One version number of the data: the newest release's, in its file, in RDF, in the header, in
`CITATION.cff`, in the manifest of the build and in the tag of git. Before the first release there
is none to compare with, and `CITATION.cff` names the one that is to come.
"""

import json
import subprocess

import pytest
import yaml
from fastapi.testclient import TestClient
from pyoxigraph import NamedNode, RdfFormat, parse
from tests.conftest import REPOSITORY

from diplolocal import iris, releases
from diplolocal.build import Build
from diplolocal.dataset import Dataset, quads
from diplolocal.store import plain
from diplolocal.web.parts import Parts

VERSION = NamedNode("http://www.w3.org/ns/dcat#version")


@pytest.fixture(scope="module")
def newest(dataset: Dataset) -> str | None:
    return releases.newest(dataset)


def test_each_release_is_called_as_its_file(dataset: Dataset) -> None:
    for source in dataset.releases:
        said = [
            (plain(quad.subject), plain(quad.object))
            for quad in quads(source)
            if quad.predicate == VERSION
        ]
        assert said == [(iris.release(source.path.stem), source.path.stem)]


def test_the_file_for_citing_names_the_newest_release(dataset: Dataset) -> None:
    read = yaml.load(
        (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )
    last = dataset.releases[-1:]
    assert [(read["version"], read["date-released"]) for _ in last] == [
        (source.path.stem, releases.issued(source)[:10]) for source in last
    ]


def test_what_is_served_is_of_the_newest_release(
    client: TestClient, parts: Parts, real_build: Build, newest: str | None
) -> None:
    manifest = json.loads((real_build.folder / "manifest.json").read_text(encoding="utf-8"))
    answer = client.get("/dataset.nt")
    in_rdf = {
        plain(quad.object)
        for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)
        if (quad.subject, quad.predicate) == (NamedNode(iris.DATASET), VERSION)
    }
    [cited] = client.get("/cite.json").json()
    assert (
        {parts.release}
        == {manifest["release"]}
        == in_rdf
        == {answer.headers["Dataset-Version"]}
        == {cited["version"]}
    )
    assert answer.headers["Dataset-Version"].partition("+")[0] == (newest or releases.NONE)


def test_the_newest_tag_is_the_newest_release(dataset: Dataset, newest: str | None) -> None:
    tags = git("tag", "--list", "v*", "--merged", "HEAD", "--sort=version:refname").split()
    due = {f"v{newest}"}
    written = git("log", "-1", "--format=%H", "--", f"data/releases/{newest}.ttl")
    if written in ("", git("rev-parse", "HEAD")):
        # The tag is put on the commit that brings the release: until then it is the one before.
        due |= {f"v{source.path.stem}" for source in dataset.releases[-2:]}
    assert set(tags[-1:]) <= due


def git(*words: str) -> str:
    """What git says of this checkout; nothing where there is no git, or this is none."""
    try:
        ran = subprocess.run(
            ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, timeout=20, check=False
        )
    except FileNotFoundError:
        return ""
    return ran.stdout.strip()
