"""The command line as people and scripts meet it: the installed command, run as a process."""

import csv
import gzip
import hashlib
import io
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple
from rdflib.compare import isomorphic
from tests.conftest import REPOSITORY, Page, Ran, Run, command, environment, serving

from diplolocal import __version__, iris
from diplolocal.build import Build
from diplolocal.wording import Language, message, say, speaker

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
REGIONS = """PREFIX dl: <https://w3id.org/diplolocal/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?region ?name WHERE { ?region a dl:Region ; skos:prefLabel ?name FILTER(LANG(?name) = "es") }
ORDER BY ?region LIMIT 2"""
CONSTRUCT = 'CONSTRUCT { <urn:s> <urn:p> "ñ"@es , 1 } WHERE {}'
COMMANDS = ("validate", "format", "build", "serve", "query", "show", "status")
SPANISH = {"LC_ALL": "es_MX.UTF-8"}


@pytest.fixture
def real(real_build: Build) -> tuple[str, ...]:
    """The options that name the real files and the build that was made of them."""
    return ("--root", str(REPOSITORY), "--into", str(real_build.folder.parent))


# Help and version.


@pytest.mark.parametrize(
    ("language", "env"),
    [
        (Language.ES, SPANISH),
        (Language.ES, {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "es_ES.UTF-8"}),
        (Language.EN, {"LC_ALL": "en_GB.UTF-8"}),
        (Language.EN, {"LC_ALL": "C"}),
        (Language.EN, {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}),
    ],
)
def test_help_speaks_the_language_of_the_locale(
    run: Run, language: Language, env: dict[str, str]
) -> None:
    told = run("--help", env=env)
    assert (told.code, told.err) == (0, "")
    text = " ".join(told.out.split())
    assert speaker(language)("The linked-data knowledge graph of Mexican local diplomacy.") in text
    assert speaker(language)("Ask a SPARQL query.") in text
    other = Language.EN if language is Language.ES else Language.ES
    assert speaker(other)("Ask a SPARQL query.") not in text
    assert [name for name in COMMANDS if name not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_both_languages(run: Run, name: str) -> None:
    english, spanish = run(name, "--help"), run(name, "--help", env=SPANISH)
    assert (english.code, spanish.code) == (0, 0)
    sentence = "Language of what is said." if name != "build" else "Folder that builds are made in."
    assert sentence in english.out
    assert sentence not in spanish.out
    assert speaker(Language.ES)(sentence) in " ".join(spanish.out.split())


def test_version_is_said(run: Run) -> None:
    assert run("--version") == Ran(0, f"diplolocal {__version__}\n", "")


def test_without_a_command_there_is_help(run: Run) -> None:
    told = run()
    assert "Commands:" in told.out + told.err
    assert told.code == 2


# validate.


# Its country is an open question, and the only finding in the real data.
UNKNOWN_SEAT = "firm:omni-8-textil"


def test_validate_says_that_the_real_data_conform(run: Run) -> None:
    english, spanish = (
        run("validate", "--root", REPOSITORY),
        run("validate", "--root", REPOSITORY, "--lang", "es"),
    )
    assert (english.code, english.err, spanish.code, spanish.err) == (0, "", 0, "")
    assert f"\n  {UNKNOWN_SEAT} – Omni 8 Textil\n" in english.out
    last = english.out.splitlines()[-1], spanish.out.splitlines()[-1]
    assert last[0].startswith("The data conform. Violations: 0, warnings: 1, in ")
    assert last[1].startswith(say(message("The data conform."), Language.ES))


def test_validate_says_so_to_programs_too(run: Run) -> None:
    as_json = run("validate", "--root", REPOSITORY, "--format", "json")
    report = json.loads(as_json.out)
    assert (as_json.code, report["conforms"]) == (0, True)
    assert [(found["severity"], found["node"]) for found in report["findings"]] == [
        ("Warning", iris.thing("firm/omni-8-textil"))
    ]
    as_turtle = run("validate", "--root", REPOSITORY, "--format", "turtle")
    graph = rdflib.Graph().parse(data=as_turtle.out, format="turtle")
    assert (as_turtle.code, list(graph.objects(None, SH.conforms))) == (0, [rdflib.Literal(True)])


def test_validate_names_file_line_thing_and_what_to_do(run: Run, copy: Path) -> None:
    bulletin, line = month_thirteen(copy)
    told = run("validate", "--root", copy)
    assert (told.code, told.err) == (1, "")
    assert f"Violation  {bulletin}:{line}" in told.out
    assert "action:2021-01-01 – " in told.out
    assert "2021-13" in told.out
    assert told.out.splitlines()[-1].startswith("The data do not conform. Violations: 1, ")
    spanish = run("validate", "--root", copy, "--lang", "es")
    assert spanish.code == 1
    assert f"{bulletin}:{line}" in spanish.out
    assert say(message("The data do not conform."), Language.ES) in spanish.out
    assert "The data do not conform" not in spanish.out


def test_validate_tells_programs_the_same_finding(run: Run, copy: Path) -> None:
    bulletin, line = month_thirteen(copy)
    as_json = run("validate", "--root", copy, "--format", "json", "--lang", "en")
    report = json.loads(as_json.out)
    assert (as_json.code, report["conforms"], report["violations"]) == (1, False, 1)
    [found, seat] = report["findings"]
    assert seat["node"] == iris.thing("firm/omni-8-textil")
    assert (found["severity"], found["file"], found["line"], found["node"]) == (
        "Violation",
        str(bulletin),
        line,
        "https://w3id.org/diplolocal/id/action/2021-01-01",
    )
    assert set(found["messages"]) == {"es", "en"}
    assert found["message"] == found["messages"]["en"]
    as_turtle = run("validate", "--root", copy, "--format", "turtle")
    graph = rdflib.Graph().parse(data=as_turtle.out, format="turtle")
    assert (as_turtle.code, list(graph.objects(None, SH.conforms))) == (1, [rdflib.Literal(False)])
    assert set(graph.objects(None, SH.focusNode)) == {
        rdflib.URIRef(one["node"]) for one in (found, seat)
    }


def test_what_cannot_be_read_ends_every_command_with_the_file_and_the_line(
    run: Run, copy: Path
) -> None:
    bulletin = copy / "data" / "bulletins" / "2021" / "2021-01.ttl"
    text = bulletin.read_text(encoding="utf-8")
    bulletin.write_text(text + "this is no Turtle\n", encoding="utf-8")
    for arguments in (("validate",), ("build",), ("query", "ASK {}"), ("show", "Jalisco")):
        told = run(*arguments, "--root", copy)
        assert (arguments, told.code, told.out) == (arguments, 2, "")
        assert f"{bulletin}:{text.count(chr(10)) + 1}: " in told.err
        assert told.err.splitlines()[-1] == "Files that cannot be read: 1. Nothing was changed."
        assert "Traceback" not in told.err
    spanish = run("validate", "--root", copy, "--lang", "es")
    assert spanish.err.splitlines()[-1] == say(
        message("Files that cannot be read: {count}. Nothing was changed.", count=1), Language.ES
    )


# build.


def test_build_prints_the_folder_and_makes_it_once(
    run: Run, tmp_path: Path, small_root: Path
) -> None:
    first = run("build", "--root", small_root, "--into", tmp_path / "builds")
    folder = Path(first.out.strip())
    assert (first.code, first.err, folder.parent) == (0, "", tmp_path / "builds")
    assert {path.name for path in folder.iterdir()} >= {"store.nq.gz", "manifest.json"}
    made = {path.name: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    assert run("build", "--root", small_root, "--into", tmp_path / "builds") == first
    assert {path.name: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())} == made
    shown = [path.name for path in folder.parent.iterdir() if not path.name.startswith(".")]
    assert shown == [folder.name]


def test_a_build_is_made_in_the_current_folder_where_none_is_named(
    run: Run, tmp_path: Path, small_root: Path, small_build: Build
) -> None:
    told = run("build", "--root", small_root)
    assert told == Ran(0, f"build/{small_build.version}\n", "")
    assert (tmp_path / "build" / small_build.version / "manifest.json").is_file()


def test_data_that_do_not_conform_are_not_built(run: Run, copy: Path, tmp_path: Path) -> None:
    bulletin, line = month_thirteen(copy)
    told = run("build", "--root", copy)
    assert (told.code, told.out) == (1, "")
    assert f"{bulletin}:{line}" in told.err
    assert told.err.splitlines()[-1].startswith("The data do not conform, so no build was made;")
    assert [path.name for path in (tmp_path / "build").iterdir()] == [".reports"]


def test_a_folder_that_cannot_be_written_is_named(
    run: Run, tmp_path: Path, small_root: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    told = run("build", "--root", small_root, "--into", tmp_path / "file")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"{tmp_path / 'file'}: The build cannot be written: ")
    assert told.err.endswith("Choose another folder with --into.\n")


# query.


def test_a_query_is_answered_as_a_table(run: Run, real: tuple[str, ...]) -> None:
    told = run("query", REGIONS, *real)
    assert (told.code, told.err) == (0, "")
    assert cells(told.out) == [
        ["region", "name"],
        ["region:centronorte", "Centronorte"],
        ["region:centrosur", "Centrosur"],
    ]
    assert told.out.rstrip().endswith("Rows: 2")


def test_a_query_is_read_from_a_file(run: Run, real: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "regions.rq").write_text(REGIONS, encoding="utf-8")
    assert run("query", "regions.rq", *real) == run("query", REGIONS, *real)


def test_a_query_is_read_from_standard_input(real: tuple[str, ...]) -> None:
    told = piped("query", "-", *real, "--format", "csv", given=REGIONS.encode())
    assert list(csv.reader(io.StringIO(told.out)))[1] == [
        "https://w3id.org/diplolocal/id/region/centronorte",
        "Centronorte",
    ]


@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
def test_results_are_written_in_the_format_asked_for(
    run: Run, real: tuple[str, ...], suffix: str
) -> None:
    told = run("query", REGIONS, *real, "--format", suffix)
    assert (told.code, told.err) == (0, "")
    if suffix == "csv":
        rows = list(csv.reader(io.StringIO(told.out)))[1:]
    else:
        results_format = pyoxigraph.QueryResultsFormat.from_extension(
            {"json": "srj", "xml": "srx"}.get(suffix, suffix)
        )
        found = pyoxigraph.parse_query_results(told.out, format=results_format)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        rows = [
            [getattr(solution[name], "value", "") for name in ("region", "name")]
            for solution in found
        ]
    assert rows == [
        ["https://w3id.org/diplolocal/id/region/centronorte", "Centronorte"],
        ["https://w3id.org/diplolocal/id/region/centrosur", "Centrosur"],
    ]


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "table"])
def test_a_graph_is_written_in_the_format_asked_for(
    run: Run, real: tuple[str, ...], suffix: str
) -> None:
    told = run("query", CONSTRUCT, *real, "--format", suffix)
    rdf_format = RdfFormat.from_extension("ttl" if suffix == "table" else suffix)
    assert (told.code, told.err) == (0, "")
    assert {quad.triple for quad in pyoxigraph.parse(told.out, format=rdf_format)} == {
        Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("ñ", language="es")),
        Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(1)),
    }


def test_yes_and_no_are_said_in_the_language(run: Run, real: tuple[str, ...]) -> None:
    said = [
        run("query", query, *real, "--lang", language).out.strip()
        for query in ("ASK {}", "ASK { FILTER(false) }")
        for language in ("en", "es")
    ]
    assert said == ["yes", "sí", "no", "no"]


@pytest.mark.parametrize("columns", ["40", "200"])
def test_a_table_shows_every_cell_in_full(run: Run, real: tuple[str, ...], columns: str) -> None:
    long = "".join(f"{number}-" for number in range(200))
    query = f'SELECT ("{long}" AS ?a) ("[red]x[/red]" AS ?b) ("ñ😀" AS ?c) {{}}'
    told = run("query", query, *real, env={"COLUMNS": columns})
    assert ["".join(column) for column in zip(*cells(told.out)[1:], strict=True)] == [
        long,
        "[red]x[/red]",
        "ñ😀",
    ]


def test_a_query_that_cannot_be_read_is_told_with_its_line(run: Run, real: tuple[str, ...]) -> None:
    told = run("query", "SELECT *\n{ ?s ?p", *real)
    assert (told.code, told.out) == (3, "")
    assert told.err.startswith("The query cannot be read, at line 2, column 8: ")
    spanish = run("query", "SELECT *\n{ ?s ?p", *real, "--lang", "es")
    assert spanish.err.startswith("No se puede leer la consulta, en la línea 2, columna 8: ")


def test_an_answer_in_a_format_of_the_other_kind_is_refused(
    run: Run, real: tuple[str, ...]
) -> None:
    told = run("query", "ASK {}", *real, "--format", "ttl")
    assert told == Ran(
        2,
        "",
        "Not offered in that format. Offered: application/sparql-results+json,"
        " application/sparql-results+xml, text/csv, text/tab-separated-values.\n",
    )


def test_a_running_site_is_asked_without_any_files(run: Run, site: str) -> None:
    told = run("query", "ASK {}", "--endpoint", f"{site}/sparql")
    assert told == Ran(0, "yes\n", "")


# show.


@pytest.mark.parametrize(
    "name",
    [
        "https://w3id.org/diplolocal/id/government/mx-jal",
        "government:mx-jal",
        "Gobierno de Jalisco",
        "government of jalisco",
    ],
)
def test_a_thing_is_shown_by_iri_short_name_or_label(
    run: Run, real: tuple[str, ...], name: str
) -> None:
    told = run("show", name, *real)
    assert (told.code, told.err) == (0, "")
    assert [line.strip() for line in told.out.splitlines() if line] == [
        "Government of Jalisco (government:mx-jal)",
        "governs (dl:governs): Jalisco (place:mx-jal)",
        "type (rdf:type): State government (dl:StateGovernment)",
        "name (skos:prefLabel): Government of Jalisco",
        "← agency of (dl:agencyOf): 4",
        "← contracting party (dl:contractingParty): 12",
        "← member (dl:member): 1",
    ]


def test_a_thing_is_shown_in_spanish(run: Run, real: tuple[str, ...]) -> None:
    told = run("show", "government:mx-jal", *real, env=SPANISH)
    assert told.out.splitlines()[:2] == [
        "Gobierno de Jalisco (government:mx-jal)",
        "  gobierna (dl:governs): Jalisco (place:mx-jal)",
    ]


def test_an_action_is_shown_with_who_took_part(run: Run, real: tuple[str, ...]) -> None:
    lines = run("show", "action:2021-01-03", *real).out.splitlines()
    assert lines[0] == "Jalisco governor meets the Chinese ambassador (action:2021-01-03)"
    assert "  date (dl:date): January 2021" in lines
    role = "    role (dl:role): Participant (role:participant)"
    assert lines.count(role) == 2
    assert any("Zhu Qingqiao (person:zhu-qingqiao)" in line for line in lines)


@pytest.mark.parametrize("name", ["Atlantis", "place:atlantis", "http://exa mple/", "urn:x", ""])
def test_a_name_that_nothing_has_is_told(run: Run, real: tuple[str, ...], name: str) -> None:
    told = run("show", name, *real)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("Nothing in this graph is called ")


# status.


def test_the_status_says_how_much_there_is_and_which_months_are_missing(
    run: Run, real: tuple[str, ...]
) -> None:
    english, spanish = run("status", *real), run("status", *real, env=SPANISH)
    assert (english.code, english.err, spanish.code, spanish.err) == (0, "", 0, "")
    assert ["Bulletin", "11"] in words(english.out)
    assert ["Boletín", "11"] in words(spanish.out)
    for month in ("2021-04", "2021-06", "2021-08"):
        assert [month, "not in the graph yet"] in words(english.out)
        assert [month, "aún no está en el grafo"] in words(spanish.out)
    assert ["2021-01", *"11111111", "8"] in words(english.out)
    assert ["2021-02", *"00111100", "4"] in words(english.out)
    assert ["1", "North-central", "5", "2"] in [row[:4] for row in words(english.out)]
    assert "that does not mean that nothing happened." in " ".join(english.out.split())
    assert "eso no significa que no haya ocurrido nada." in " ".join(spanish.out.split())
    assert "There is no other build to compare with. Name one with --against FOLDER." in english.out


@pytest.mark.parametrize("columns", ["80", "30"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_status_fits_the_window_and_nothing_is_cut(
    run: Run, real: tuple[str, ...], columns: str, language: str
) -> None:
    narrow = run("status", *real, "--lang", language, env={"COLUMNS": columns}).out
    wide = run("status", *real, "--lang", language, env={"COLUMNS": "1000"}).out
    assert max(map(len, narrow.splitlines())) <= int(columns)
    assert "…" not in narrow
    questions = [line for line in wide.splitlines() if "(question:" in line]
    assert len(questions) > 50
    if columns == "80":
        # No word is broken, be it in a cell that is folded.
        assert {word for word in wide.split() if "─" not in word} - set(narrow.split()) == set()
        assert {"Sur", "Aguascalientes"} <= set(narrow.split())


def test_programs_get_the_status_as_json(
    run: Run, real: tuple[str, ...], real_build: Build
) -> None:
    told = run("status", *real, "--format", "json")
    document = json.loads(told.out)
    assert (told.code, told.err, document["version"]) == (0, "", real_build.version)
    assert document["differences"] == {"before": None, "classes": []}
    assert document["months"][3] == {
        "month": "2021-04",
        "bulletin": None,
        "actions": None,
        "regions": None,
    }
    assert {each["label"]["es"]: each["things"] for each in document["classes"]}["Boletín"] == 11
    assert run("status", *real, "--format", "json", "--lang", "es") == told


def test_the_status_says_what_differs_from_the_build_before(
    run: Run, real_build: Build, tmp_path: Path
) -> None:
    builds = tmp_path / "builds"
    shutil.copytree(real_build.folder, builds / real_build.version)
    earlier_build(real_build, builds / "earlier")
    real = ("--root", str(REPOSITORY), "--into", str(builds))
    told = run("status", *real)
    assert "Compared with the build earlier." in told.out
    assert ["Class", "New", "Gone", "Changed"] in words(told.out)
    assert ["Action", "1", "0", "0"] in words(told.out)
    assert ["Person", "0", "1", "0"] in words(told.out)
    assert ["Bulletin", "0", "0", "1"] in words(told.out)
    assert ["Municipality", "6", "0", "0"] in words(told.out)
    lines = [line.strip() for line in told.out.splitlines()]
    new = lines.index("Municipality – New:")
    assert lines[new + 1 : new + 7] == [f"- place:mx-0100{number}" for number in range(1, 6)] + [""]
    assert lines[lines.index("Person – Gone:") + 1] == "- person:nobody"
    assert "Of each class, 5 new and 5 changed things are named at most;" in told.out
    document = json.loads(run("status", *real, "--format", "json").out)
    assert document["differences"]["before"] == "earlier"
    changes = {
        each["label"]["en"]: (each["new"], each["gone"], each["changed"])
        for each in document["differences"]["classes"]
    }
    municipalities = [iris.thing(f"place/mx-0100{number}") for number in range(1, 7)]
    assert changes == {
        "Action": ([iris.thing("action/2021-01-03")], [], []),
        "Bulletin": ([], [], [iris.thing("bulletin/2021-09")]),
        "Municipality": (municipalities, [], []),
        "Person": ([], [iris.thing("person/nobody")], []),
    }


def test_a_build_elsewhere_can_be_named_to_compare_with(
    run: Run, real: tuple[str, ...], real_build: Build, tmp_path: Path, site: str
) -> None:
    other = earlier_build(real_build, tmp_path / "other")
    told = run("status", *real, "--against", other, env=SPANISH)
    assert "Comparada con la compilación other." in told.out
    assert ["Acción", "1", "0", "0"] in words(told.out)
    same = run("status", *real, "--against", real_build.folder)
    assert same.out.endswith("What is written by hand is the same.\n")
    endpoint = run("status", "--endpoint", f"{site}/sparql", "--against", other, "--format", "json")
    document = json.loads(endpoint.out)
    assert (document["version"], document["differences"]["before"]) == (None, "other")


def test_what_is_no_build_cannot_be_compared_with(
    run: Run, real: tuple[str, ...], tmp_path: Path
) -> None:
    assert run("status", *real, "--against", tmp_path) == Ran(
        2, "", f"{tmp_path}: This is not a complete build. Make one with `diplolocal build`.\n"
    )


def test_a_running_site_has_the_same_status_as_its_files(
    run: Run, site: str, real: tuple[str, ...]
) -> None:
    ours, theirs = (
        json.loads(run("status", *where, "--format", "json").out)
        for where in (real, ("--endpoint", f"{site}/sparql"))
    )
    assert theirs == {**ours, "version": None}
    shown = httpx2.get(f"{site}/quality.json", timeout=60).json()
    assert {**shown, "differences": ours["differences"]} == ours


def test_a_month_that_is_missing_is_not_in_the_graph_yet(run: Run, real: tuple[str, ...]) -> None:
    told = run("show", "bulletin:2021-04", *real)
    assert told == Ran(
        2,
        "",
        "The bulletin of April 2021 is not in the graph yet. That does not mean that nothing"
        " happened.\nThe bulletins around it: March 2021, May 2021.\n",
    )


# serve.


def test_the_site_is_opened_in_the_browser_when_asked(tmp_path: Path, small_root: Path) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    builds = tmp_path / "builds"
    with serving(
        "--root", small_root, "--into", builds, "--open", env={"BROWSER": f"{browser} %s"}
    ) as site:
        httpx2.get(site)
        for _ in range(100):
            if opened.exists():
                break
            httpx2.get(f"{site}/static/icon.svg")
        assert opened.read_text() == f"{site}/\n"


def test_a_busy_port_is_told_before_anything_is_built(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = run("serve", "--root", REPOSITORY, "--port", str(port))
        spanish = run("serve", "--root", REPOSITORY, "--port", str(port), "--lang", "es")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. Choose another one,"
    )
    assert (spanish.code, spanish.err != told.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_site_over_another_sites_endpoint_shows_the_same_pages(site: str) -> None:
    with serving("--root", REPOSITORY, "--endpoint", f"{site}/sparql") as other:
        for path in (
            "/",
            "/doc/action/2021-01-03",
            "/doc/place/mx-jal",
            "/vocab/theme/culture",
            "/graph/bulletin/2021-01",
            "/doc/none",
        ):
            pages = [
                Page(httpx2.get(address + path, headers={"accept": "text/html"}, timeout=60).text)
                for address in (site, other)
            ]
            assert pages[0].texts("main")[0] != ""
            # What an endpoint answers has no version to be cited by, no earlier ones and no files.
            [here], [there] = (page.texts("main") for page in pages)
            for only_here in (
                r"(?<=diplolocal) 1\.\d+\.\d+(?=, https)",
                "Todas las versiones · ",
                "Descargas · Qué cambió · ",
            ):
                here = re.sub(only_here, "", here)
            assert (path, there) == (path, here)
        for path in ("/doc/action/2021-01-03.ttl", "/def.ttl", "/graph/reference/states.ttl"):
            graphs = [
                rdflib.Graph().parse(
                    data=httpx2.get(address + path, timeout=60).text, format="turtle"
                )
                for address in (site, other)
            ]
            assert isomorphic(*graphs)
        tagged = httpx2.get(f"{other}/doc/place/mx-jal.ttl", timeout=60).headers
    assert "etag" not in tagged


def test_a_query_that_the_other_site_cannot_read_is_told_as_our_own(site: str) -> None:
    with serving("--root", REPOSITORY, "--endpoint", f"{site}/sparql") as other:
        answer = httpx2.get(f"{other}/sparql", params={"query": "SELECT * {"})
    assert (answer.status_code, answer.json()["status"]) == (400, 400)


@pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("query", "ASK {}")])
def test_an_endpoint_that_is_not_there_is_told(run: Run, arguments: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    told = run(*arguments, "--root", REPOSITORY, "--endpoint", endpoint)
    assert (told.code, told.out) == (3, "")
    assert told.err.startswith(f"The SPARQL endpoint {endpoint} gave no usable answer: ")
    assert "Connection refused" in told.err
    assert told.err.endswith("Check its address and that it runs.\n")


@pytest.mark.parametrize("endpoint", ["nonsense", "ftp://127.0.0.1/x", "http://", "file:///etc/x"])
def test_an_endpoint_that_is_no_address_is_told(run: Run, endpoint: str) -> None:
    told = run("query", "ASK {}", "--root", REPOSITORY, "--endpoint", endpoint)
    assert "Traceback" not in told.err
    assert told.code in (2, 3)
    assert endpoint in told.err


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "70000"), ("ENDPOINT_SECONDS", "0"), ("QUERY_BYTES", "many")],
)
def test_a_setting_that_cannot_be_used_is_told_by_its_name(run: Run, name: str, value: str) -> None:
    told = run("serve", "--root", REPOSITORY, env={f"DIPLOLOCAL_{name}": value})
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"DIPLOLOCAL_{name} cannot be {value}: ")
    assert told.err.endswith("Change or unset it.\n")
    assert told.err.count("\n") == 1


def test_an_option_goes_before_the_environment(real: tuple[str, ...]) -> None:
    elsewhere = {"DIPLOLOCAL_PORT": "1", "DIPLOLOCAL_HOST": "192.0.2.1"}
    with serving(*real, "--host", "127.0.0.1", env=elsewhere) as address:
        assert httpx2.get(f"{address}/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_the_environment_says_how_the_world_sees_the_site(real: tuple[str, ...]) -> None:
    with serving(*real, env={"DIPLOLOCAL_PUBLIC_URL": "https://data.example.org/"}) as address:
        document = httpx2.get(f"{address}/doc/place/mx-jal.jsonld").json()
    assert document["@context"] == "https://data.example.org/context/v1.jsonld"


# 130 is 128 + SIGINT, as shells count; the other signal is passed on to whoever sent it.
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_serve_ends_cleanly_when_it_is_told_to(
    real: tuple[str, ...], how: signal.Signals, code: int
) -> None:
    with subprocess.Popen(
        [command(), "serve", "--port", "0", *map(str, real)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        process.send_signal(how)
        _, err = process.communicate(timeout=30)
    assert said.startswith("The site is at http://127.0.0.1:")
    assert (process.returncode, err) == (code, "")


# For people only.


def test_a_bar_is_shown_on_a_terminal_while_one_waits(tmp_path: Path, run: Run) -> None:
    root = str(REPOSITORY)
    seen = on_a_terminal("validate", "--root", root, folder=tmp_path)
    assert "━" in seen
    assert "/" in seen
    assert run("validate", "--root", root).err == ""


def test_no_bar_is_shown_where_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    assert "━" not in on_a_terminal("--version", folder=tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("validate", "--format", "nope"),
        ("validate", "--lang", "fr"),
        ("validate", "--root", "/nowhere"),
        ("serve", "--port", "abc"),
        ("serve", "--port", "70000"),
        ("serve", "--root", "/nowhere", "--port", "0"),
        ("query",),
        ("query", "none.rq"),
        ("query", "."),
        ("query", ""),
        ("query", "x" * 5_000),
        ("query", "none\x01.rq"),
        ("show",),
        ("build", "--into", "/proc/none"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_a_wrong_call_is_told_in_a_sentence_and_never_with_a_trace(
    run: Run, arguments: tuple[str, ...], small_root: Path
) -> None:
    told = run(*arguments, env={"DIPLOLOCAL_ROOT": str(small_root)})
    assert (told.code, told.out) == (2, "")
    assert told.err.strip() != ""
    assert "Traceback" not in told.err


def test_a_query_that_is_not_utf_8_is_told_and_never_with_a_trace(
    real: tuple[str, ...], tmp_path: Path, run: Run
) -> None:
    (tmp_path / "latin.rq").write_bytes(b"ASK {} # \xf1")
    from_file = run("query", "latin.rq", *real)
    assert (from_file.code, from_file.out) == (2, "")
    assert from_file.err == "latin.rq: The query cannot be read: it is not UTF-8 text\n"
    from_pipe = piped("query", "-", *real, given=b"ASK {} # \xf1")
    assert "Traceback" not in from_pipe.err
    assert (from_pipe.code, from_pipe.out) == (2, "")


# What the tests above say in one word.


def month_thirteen(root: Path) -> tuple[Path, int]:
    """Spoil a date of the first action of January; the file, and the line of the action."""
    bulletin = root / "data" / "bulletins" / "2021" / "2021-01.ttl"
    text = bulletin.read_text(encoding="utf-8")
    before, subject, after = text.partition("\naction:2021-01-01\n")
    assert subject
    spoilt = after.replace('dl:date "2021-01"', 'dl:date "2021-13"', 1)
    assert spoilt != after
    bulletin.write_text(before + subject + spoilt, encoding="utf-8")
    return bulletin, before.count("\n") + 2


def earlier_build(made: Build, folder: Path) -> Path:
    """A build as it was some time before: one action and six municipalities less, a person more,
    and a bulletin with another month.
    """
    shutil.copytree(made.folder, folder)
    missing = ["action/2021-01-03", *(f"place/mx-0100{number}" for number in range(1, 7))]
    subjects = tuple(f"<{iris.thing(key)}> ".encode() for key in missing)
    with gzip.open(made.store, "rb") as packed:
        lines = [
            line.replace(b'"2021-09"', b'"2020-09"')
            if line.startswith(f"<{iris.thing('bulletin/2021-09')}> ".encode())
            else line
            for line in packed
            if not line.startswith(subjects)
        ]
    person = f"<{iris.ONTOLOGY}#Person>"
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    people = f"<{iris.graph('reference', 'people')}>"
    lines.append(f"<{iris.thing('person/nobody')}> {a} {person} {people} .\n".encode())
    (folder / "store.nq.gz").write_bytes(gzip.compress(b"".join(lines)))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / "store.nq.gz").read_bytes()).hexdigest()
    changed = {**manifest, "version": folder.name}
    changed["files"] = {**manifest["files"], "store.nq.gz": digest}
    (folder / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    return folder


def words(status: str) -> list[list[str]]:
    """The cells of tables that were drawn without lines, row by row; the empty ones left out."""
    return [re.split(r"\s{2,}", line.strip()) for line in status.splitlines() if line.strip()]


def cells(table: str) -> list[list[str]]:
    """The cells of a table that was drawn with lines, row by row."""
    return [
        [cell.strip() for cell in line.replace("┃", "│").split("│")[1:-1]]
        for line in table.splitlines()
        if line.startswith(("│", "┃"))
    ]


def piped(*arguments: str | Path, given: bytes) -> Ran:
    """The command with something on its standard input."""
    done = subprocess.run(
        [command(), *map(str, arguments)],
        env=environment(),
        input=given,
        capture_output=True,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def on_a_terminal(*arguments: str, folder: Path) -> str:
    """What the command, run in a folder, writes on standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [command(), *arguments],
        env=environment({"TERM": "xterm"}),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ):
        os.close(theirs)
        pieces = []
        while piece := read_or_nothing(ours):
            pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode()


def read_or_nothing(terminal: int) -> bytes:
    """The next bytes; none when the other side is gone, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


# A release.


def test_a_release_is_made_and_said_in_the_language(run: Run, copy: Path) -> None:
    told = run(
        *("release", "1.0.0", "--es", "Primera.", "--en", "First.", "--root", copy),
        *("--issued", "2026-11-01T00:00:00Z", "--lang", "es"),
    )
    assert (told.code, told.err) == (0, "")
    assert re.fullmatch(r"Se publicó 1\.0\.0: creado [\d,]+, modificado 0, .*\n", told.out)
    assert told.out.endswith("git tag v1.0.0\n")
    again = run("release", "1.1.0", "--es", "Otra.", "--en", "Other.", "--root", copy)
    assert again == Ran(2, "", "Nothing was changed since release 1.0.0.\n")


def test_a_release_says_when_it_was_made(run: Run, copy: Path) -> None:
    before = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert run("release", "1.0.0", "--es", "Primera.", "--en", "First.", "--root", copy).code == 0
    head = (copy / "data" / "releases" / "1.0.0.ttl").read_text("utf-8")
    issued = re.search(r'dcterms:issued "(.*?)"', head)
    assert issued
    assert before <= issued[1] <= f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
