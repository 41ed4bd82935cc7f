"""How things are cited: what is named, in sentences and in the formats of others, read by others'
programs; and the file `CITATION.cff`.
"""

import json
import re
from pathlib import Path

import pytest
import rispy
import yaml
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from pyoxigraph import RdfFormat, parse
from tests.conftest import REPOSITORY

from diplolocal import bibliography, citation, iris
from diplolocal.citation import Edition, Work
from diplolocal.embedded import EmbeddedStore
from diplolocal.not_found import ResourceNotFound
from diplolocal.wording import Language

EDITION = Edition("1.0.0", "2026-12-01")
ACTION = iris.thing("action/2021-01-03")
TITLE = "50 % of José's & Ñandú_\u2019s {A} #1 $ ~ ^ \\ \u201cÍndice\u201d – ¿ü, ç?"
CFF = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>t</title><id>t</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout delimiter=" ">
<names variable="author"/>
<date variable="issued" prefix=" (" suffix=") "><date-part name="year"/>
<date-part name="month" form="numeric" prefix="/"/><date-part name="day" prefix="/"/></date>
<text variable="title" suffix=". "/><text variable="container-title" suffix=". "/>
<text variable="version" suffix=". "/><text variable="URL"/>
</layout></bibliography></style>"""


@pytest.fixture(scope="module")
def action(store: EmbeddedStore) -> Work:
    return citation.work(store, ACTION, EDITION)


def titled(title: str) -> Work:
    text = title.replace("\\", "\\\\").replace('"', '\\"')
    turtle = f"""<{iris.thing("action/1")}> a <{iris.ONTOLOGY}#Action> ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> "{text}"@es ."""
    store = EmbeddedStore(parse(turtle, format=RdfFormat.TURTLE))
    return citation.work(store, iris.thing("action/1"), EDITION)


def test_a_record_is_cited_with_version_day_and_the_bulletin_that_reports_it(action: Work) -> None:
    assert citation.text(action, Language.EN) == (
        "diplolocal (2026). Jalisco governor meets the Chinese ambassador [record]."
        " In: diplolocal: knowledge graph of Mexican local diplomacy."
        " Version 1.0.0, 1 December 2026."
        " https://w3id.org/diplolocal/id/action/2021-01-03"
        " This version: https://w3id.org/diplolocal/doc/action/2021-01-03?version=1.0.0"
        " Reported in: Gopar Ensáztiga, Saúl, and Mariana Danae Pérez Becerra (2021)."
        " Mexican Local Diplomacy Newsletter January 2021. CEMERI, Local Diplomacy Studies"
        " Commission (CEDL). https://cemeri.org/en/documento/d-diplomacia-local-enero-2021-du"
    )
    spanish = citation.text(action, Language.ES)
    assert "[registro]. En: diplolocal: grafo de" in spanish
    assert "Versión 1.0.0, 1 de diciembre de 2026." in spanish


def test_the_data_set_is_cited_by_its_release(store: EmbeddedStore) -> None:
    whole = citation.work(store, iris.DATASET, EDITION)
    assert citation.text(whole, Language.EN) == (
        "diplolocal (2026). diplolocal: knowledge graph of Mexican local diplomacy [data set]."
        " Version 1.0.0, 1 December 2026. https://w3id.org/diplolocal/dataset"
        " This version: https://w3id.org/diplolocal/dataset/1.0.0"
    )


def test_what_was_changed_since_a_release_has_its_day_and_no_address_of_a_version(
    store: EmbeddedStore,
) -> None:
    cited = citation.work(store, ACTION, Edition("1.0.0+abc", "2026-12-01"))
    assert citation.text(cited, Language.EN).startswith(
        "diplolocal (2026). Jalisco governor meets the Chinese ambassador [record]."
        " In: diplolocal: knowledge graph of Mexican local diplomacy."
        " Version 1.0.0+abc, changed since 1 December 2026."
        f" {ACTION} Reported in: "
    )
    assert "con cambios desde el 1 de diciembre de 2026." in citation.text(cited, Language.ES)
    [item] = json.loads(bibliography.csl(cited, Language.EN))
    assert (item["version"], item["issued"]["date-parts"]) == ("1.0.0+abc", [[2026, 12, 1]])


def test_before_the_first_release_there_is_no_day(store: EmbeddedStore) -> None:
    query = iris.NAMESPACE + "queries/states-of-a-country"
    cited = citation.work(store, query, Edition("0.0.0+abc"))
    assert citation.text(cited, Language.EN) == (
        "diplolocal (n.d.). The states that deal with a country [query and its answer]."
        " In: diplolocal: knowledge graph of Mexican local diplomacy. Version 0.0.0+abc."
        " https://w3id.org/diplolocal/queries/states-of-a-country"
    )
    assert b"year" not in bibliography.bibtex(cited, Language.EN)
    assert b"PY" not in bibliography.ris(cited, Language.EN)
    assert "issued" not in json.loads(bibliography.csl(cited, Language.EN))[0]


def test_a_bulletin_says_how_it_is_cited_itself(store: EmbeddedStore) -> None:
    cited = citation.work(store, iris.thing("bulletin/2021-01"), EDITION)
    text = citation.text(cited, Language.EN)
    assert "The work itself: Gopar Ensáztiga" in text
    assert "Reported in" not in text


def test_a_source_without_a_citation_is_named_with_its_address(store: EmbeddedStore) -> None:
    iri = iris.thing("membership/mx-02001-unesco-creative-cities-network")
    text = citation.text(citation.work(store, iri, EDITION), Language.EN)
    assert re.search(
        r"Reported in: UNESCO: the Mexican network of creative cities\. https?://", text
    )


def test_what_has_no_name_is_cited_by_its_path() -> None:
    nameless = iris.thing("participation/1")
    turtle = f"<{nameless}> a <{iris.ONTOLOGY}#Participation> ."
    store = EmbeddedStore(parse(turtle, format=RdfFormat.TURTLE))
    cited = citation.work(store, nameless, EDITION)
    assert citation.text(cited, Language.EN).startswith("(2026). /id/participation/1 [record].")


@pytest.mark.parametrize("iri", [iris.thing("action/none"), "no IRI", "http://example.org/a"])
def test_what_is_not_there_is_not_cited(store: EmbeddedStore, iri: str) -> None:
    with pytest.raises(ResourceNotFound):
        citation.work(store, iri, EDITION)


def test_bibtex_is_what_bibtexparser_reads(action: Work) -> None:
    written = bibliography.bibtex(action, Language.ES)
    assert "Ensáztiga" in written.decode()
    library = parse_string(written.decode(), append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    [entry] = library.entries
    fields = {key: field.value for key, field in entry.fields_dict.items()}
    assert (entry.entry_type, entry.key) == ("misc", "diplolocal-action-2021-01-03-1.0.0")
    assert fields["title"].strip("{}") == action.title[Language.ES]
    assert fields["author"].strip("{}") == "diplolocal"
    assert (fields["year"], fields["month"], fields["version"]) == ("2026", "dec", "1.0.0")
    assert fields["url"] == ACTION
    assert "Mariana Danae Pérez Becerra (2021)" in fields["note"]


def test_every_letter_that_bibtex_reads_otherwise_is_escaped() -> None:
    written = bibliography.bibtex(titled(TITLE), Language.ES).decode()
    library = parse_string(written, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    [entry] = library.entries
    title = entry.fields_dict["title"].value
    for word in ("José's", "Ñandú_", "& ", "50 %", "{A}", "#1 $", "“Índice” – ¿ü, ç?"):
        assert word in title, (word, title)
    raw = re.search(r"title = (.*)", written)
    assert raw is not None
    assert not re.search(r"(?<!\\)[&%#$_]", raw[1])
    bare = re.sub(r"\\[{}]", "", raw[1].rstrip(","))
    assert bare.count("{") == bare.count("}")


def test_ris_is_what_rispy_reads(action: Work) -> None:
    written = bibliography.ris(action, Language.EN)
    assert written.count(b"\n") == written.count(b"\r\n")
    assert written.startswith(b"TY  - DATA\r\n")
    assert written.endswith(b"ER  - \r\n")
    [entry] = rispy.loads(written.decode())
    assert entry["type_of_reference"] == "DATA"
    assert entry["title"] == action.title[Language.EN]
    assert entry["authors"] == ["diplolocal"]
    assert (entry["year"], entry["date"]) == ("2026", "2026/12/01/")
    assert entry["edition"] == "1.0.0"
    assert entry["urls"] == [ACTION]
    assert entry["secondary_title"] == action.within[Language.EN]
    assert "Reported in: Gopar" in entry["notes"][0]


def test_a_line_of_ris_stays_a_line() -> None:
    [entry] = rispy.loads(bibliography.ris(titled("a\\nER  - b"), Language.ES).decode())
    assert "ER - b" in entry["title"]


def test_csl_is_what_citeproc_reads(action: Work, tmp_path: Path) -> None:
    items = json.loads(bibliography.csl(action, Language.EN))
    style = tmp_path / "style.csl"
    style.write_text(STYLE)
    bibliography_of = CitationStylesBibliography(
        CitationStylesStyle(str(style), validate=False), CiteProcJSON(items), formatter.plain
    )
    bibliography_of.register(Citation([CitationItem(items[0]["id"].lower())]))
    [line] = bibliography_of.bibliography()
    assert " ".join(str(line).split()) == (
        "diplolocal (2026/12/1) Jalisco governor meets the Chinese ambassador."
        " diplolocal: knowledge graph of Mexican local diplomacy. 1.0.0."
        " https://w3id.org/diplolocal/id/action/2021-01-03"
    )


def test_what_is_cited_has_its_type_in_csl(store: EmbeddedStore) -> None:
    types = {
        iris.DATASET: "dataset",
        ACTION: "webpage",
        iris.NAMESPACE + "queries/states-of-a-country": "dataset",
        iris.NAMESPACE + "vocab/theme/culture": "webpage",
    }
    for iri, kind in types.items():
        [item] = json.loads(bibliography.csl(citation.work(store, iri, EDITION), Language.EN))
        assert item["type"] == kind


@pytest.mark.parametrize(
    ("edtf", "found"),
    [
        ("2021", {"date-parts": [[2021]]}),
        ("2021-01", {"date-parts": [[2021, 1]]}),
        ("2021-01-09", {"date-parts": [[2021, 1, 9]]}),
        ("2021-01~", {"date-parts": [[2021, 1]], "circa": True}),
        ("2021-01-03/2021-02", {"date-parts": [[2021, 1, 3], [2021, 2]]}),
        ("2021-01/..", {}),
        ("202X", {}),
        ("2021-21", {}),
    ],
)
def test_a_date_has_the_parts_that_are_known(edtf: str, found: dict[str, object]) -> None:
    assert bibliography.date(edtf) == found


def test_the_same_is_written_the_same(store: EmbeddedStore, action: Work) -> None:
    again = citation.work(store, ACTION, EDITION)
    for write in (bibliography.bibtex, bibliography.ris, bibliography.csl):
        assert write(action, Language.ES) == write(again, Language.ES)


def test_a_release_changes_two_lines_of_the_file() -> None:
    changed = citation.released(CFF, "2.1.0", "2027-03-04")
    before, after = CFF.splitlines(), changed.splitlines()
    different = [line for line, was in zip(after, before, strict=True) if line != was]
    assert sorted(different) == ["date-released: 2027-03-04", "version: 2.1.0"]
    assert "cff-version: 1.2.0" in after


def test_the_file_is_a_citation_file() -> None:
    """CFF 1.2.0: what must be there, and of which form what is there must be."""
    read = yaml.load(CFF, Loader=yaml.BaseLoader)
    assert {"cff-version", "message", "title", "authors"} <= read.keys()
    known = {
        "abstract", "authors", "cff-version", "contact", "date-released", "doi", "identifiers",
        "keywords", "license", "license-url", "message", "references", "repository",
        "repository-code", "title", "type", "url", "version",
    }  # fmt: skip
    assert read.keys() <= known
    assert read["cff-version"] == "1.2.0"
    assert read["type"] == "dataset"
    assert read["license"] == "CC-BY-4.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", read["date-released"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", read["version"])
    assert read["url"] == iris.DATASET
    assert all("name" in author or "family-names" in author for author in read["authors"])
    assert len(set(read["keywords"])) == len(read["keywords"])
