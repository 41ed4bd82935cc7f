"""The bulletin on paper: read back with poppler, page by page, as a reader's program has it."""

import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.clients.programs import program

from diplolocal import backdrop, bulletin, bulletin_pdf, bulletin_words, iris, pictures
from diplolocal.bulletin import Bulletin, Told
from diplolocal.embedded import EmbeddedStore
from diplolocal.pictures import Picture
from diplolocal.search import Asked, Index
from diplolocal.wording import LANGUAGES, Language

RECORD = "diplolocal (2026). The record."
HOSTILE = (
    '#read("/etc/passwd")',
    "= heading [#strong[x]] $x^2$ *bold* _it_ `raw` \\ @label <label> // no comment",
    '"#eval("1+1")" #{ } ~ -- --- ... \' &amp; <script>alert(1)</script>',
)


def drawn(store: EmbeddedStore, index: Index, found: Bulletin) -> Picture:
    asked = Asked(chosen={"bulletin": (found.iri,)})
    behind = backdrop.read(store)
    return pictures.picture(index, behind, "actions-by-state", asked, found.language)


Written = Callable[[str, Language], tuple[Bulletin, bytes]]


@pytest.fixture(scope="module")
def written(store: EmbeddedStore, search: Index) -> Written:
    """Writes the bulletin of a month in a language, once."""
    kept: dict[tuple[str, Language], tuple[Bulletin, bytes]] = {}

    def write(month: str, language: Language) -> tuple[Bulletin, bytes]:
        if (month, language) not in kept:
            found = bulletin.read(store, month, language)
            picture = drawn(store, search, found)
            kept[month, language] = (
                found,
                bulletin_pdf.written(found, record=RECORD, picture=picture),
            )
        return kept[month, language]

    return write


def poppler(name: str, pdf: bytes, folder: Path, *options: str) -> str:
    """What a program of poppler says of a PDF."""
    path = folder / "bulletin.pdf"
    path.write_bytes(pdf)
    command = [
        program(name, "poppler-utils"),
        *options,
        str(path),
        *(["-"] if name == "pdftotext" else []),
    ]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode(
        errors="replace"  # pdfinfo writes the keys of link targets as they are in the file
    )


def words(text: str) -> str:
    """The text without the breaks of its lines."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_is_told_once_under_its_region_with_its_address(
    written: Written, tmp_path: Path, language: Language
) -> None:
    found, pdf = written("2021-09", language)
    text = words(poppler("pdftotext", pdf, tmp_path))
    for action in found.actions:
        assert text.count(bulletin_words.short(action.iri)) == 1
        assert text.count(words(str(action.description))) == 1
        for _, detail in bulletin_words.details(action, language):
            assert words(detail) in text
    places = [text.rindex(f" {section.region} ") for section in found.sections]
    addresses = [text.index(bulletin_words.short(action.iri)) for action in found.actions]
    assert addresses == sorted(addresses)
    assert len(places) == 8


def test_it_has_the_remark_the_figures_the_credit_and_the_citation(
    written: Written, tmp_path: Path
) -> None:
    found, pdf = written("2021-09", Language.ES)
    text = words(poppler("pdftotext", pdf, tmp_path))
    assert words(str(found.remark)) in text
    assert "En el boletín anterior que está en el grafo, julio de 2021: 3." in text
    assert "Saúl Gopar Ensáztiga, Mariana Danae Pérez Becerra y Tannya" in text
    assert RECORD in text
    assert "CC BY 4.0" in text
    assert "Media de 2021" in text


def test_a_region_without_actions_says_so(written: Written, tmp_path: Path) -> None:
    found, pdf = written("2022-02", Language.EN)
    empty = [section for section in found.sections if not section.actions]
    text = words(poppler("pdftotext", pdf, tmp_path))
    assert len(empty) == 7
    assert text.count("Of this region the graph records no action in this bulletin.") == 7


@pytest.mark.parametrize(
    ("language", "tag", "title"),
    [
        (Language.ES, "es-MX", "Boletín de Diplomacia Local Mexicana, septiembre 2021"),
        (Language.EN, "en-GB", "Mexican Local Diplomacy Newsletter September 2021"),
    ],
)
def test_it_is_tagged_and_says_what_it_is_and_in_which_language(
    written: Written, tmp_path: Path, language: Language, tag: str, title: str
) -> None:
    _, pdf = written("2021-09", language)
    told = poppler("pdfinfo", pdf, tmp_path)
    said = {name: value.strip() for name, _, value in (x.partition(":") for x in told.splitlines())}
    assert said["Title"] == title
    assert said["Author"].startswith("Saúl Gopar Ensáztiga, Mariana Danae Pérez Becerra")
    assert said["Tagged"] == "yes"
    assert 3 <= int(said["Pages"]) <= 6
    assert "Date" not in told
    metadata = poppler("pdfinfo", pdf, tmp_path, "-meta")
    assert f"<rdf:li>{tag}</rdf:li>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    structure = poppler("pdfinfo", pdf, tmp_path, "-struct")
    tags = re.findall(r"^ *(H1|H2|Table|TH|Figure|Link|L)\b", structure, re.MULTILINE)
    assert tags.count("H2") == 8 + 4
    assert tags.count("Table") == 4
    assert tags.count("Figure") == 1
    assert tags.count("Link") > 8
    assert "TH" in tags


def test_pages_are_numbered_and_the_contents_say_where_the_regions_are(
    written: Written, tmp_path: Path
) -> None:
    found, pdf = written("2021-09", Language.ES)
    pages = poppler("pdftotext", pdf, tmp_path, "-layout").split("\f")[:-1]
    for place, page in enumerate(pages, start=1):
        assert f"Página {place} de {len(pages)}" in page
    listed = re.sub("\u2060", "", pages[0])
    for section in found.sections:
        [number] = {each for each in re.findall(rf"{section.region} +(\d)\b", listed)}
        assert re.search(rf"^ *{section.region}$", pages[int(number) - 1], re.MULTILINE)


def test_links_lead_to_what_does_not_move(written: Written, tmp_path: Path) -> None:
    found, pdf = written("2021-09", Language.EN)
    links = poppler("pdfinfo", pdf, tmp_path, "-url")
    for action in found.actions:
        assert action.iri in links
    assert found.page
    assert found.page in links


def test_the_same_bulletin_is_the_same_bytes_also_from_several_threads(
    store: EmbeddedStore, search: Index, written: Written
) -> None:
    found, pdf = written("2021-09", Language.ES)
    picture = drawn(store, search, found)

    def again(_: int) -> bytes:
        return bulletin_pdf.written(found, record=RECORD, picture=picture)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(again, range(8))) == {pdf}


def test_what_looks_like_markup_is_text(
    small: EmbeddedStore, small_search: Index, tmp_path: Path
) -> None:
    first, second, third = (f'"""{text}"""'.replace("\\", "\\\\") for text in HOSTILE)
    action = iris.thing("action/2020-05-01")
    text = f"""@prefix dl: <{iris.ONTOLOGY}#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <{iris.thing("bulletin/2020-05")}> a dl:Bulletin ; skos:prefLabel {first}@en ;
        dl:month "2020-05"^^xsd:gYearMonth ; dl:editorialRemark {second}@en ; skos:note {third}@en .
    <{action}> a dl:Action ; dl:reportedIn <{iris.thing("bulletin/2020-05")}> ;
        dl:isHighlightOf <{iris.thing("bulletin/2020-05")}> ; skos:prefLabel {second}@en ;
        dcterms:description {first}@en ; skos:editorialNote {third}@es ;
        dl:region <{iris.thing("region/noroeste")}> .
    <{iris.thing("region/noroeste")}> a dl:Region ; skos:prefLabel "Northwest"@en ."""
    store = EmbeddedStore(parse(text, format=RdfFormat.TURTLE))
    found = bulletin.read(store, "2020-05", Language.EN)
    picture = drawn(small, small_search, found)
    pdf = bulletin_pdf.written(found, record="\n".join(HOSTILE), picture=picture)
    said = re.sub(r"\s+", "", poppler("pdftotext", pdf, tmp_path))
    for hostile in HOSTILE:
        assert re.sub(r"\s+", "", hostile) in said
    assert "root:" not in said


@pytest.mark.parametrize("tongue", ["es-MX", "nah", "x-klingon", "zh-Hans-CN"])
def test_a_text_may_be_in_any_language(
    small: EmbeddedStore, small_search: Index, tmp_path: Path, tongue: str
) -> None:
    found = replace(bulletin.read(small, "2021-04", Language.EN), remark=Told("Ehecatl", tongue))
    pdf = bulletin_pdf.written(found, record=RECORD, picture=drawn(small, small_search, found))
    assert "Ehecatl" in poppler("pdftotext", pdf, tmp_path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("北京 y Łódź", "[U+5317][U+4EAC] y Łódź"),
        ("🗺 Mapa", "[U+1F5FA] Mapa"),
        ("a\x07b", "a[U+0007]b"),
    ],
)
def test_what_no_font_has_is_told_by_its_number(
    small: EmbeddedStore, small_search: Index, tmp_path: Path, name: str, shown: str
) -> None:
    found = replace(bulletin.read(small, "2021-04", Language.EN), remark=Told(name))
    pdf = bulletin_pdf.written(found, record=RECORD, picture=drawn(small, small_search, found))
    assert "<pdfuaid:part>1</pdfuaid:part>" in poppler("pdfinfo", pdf, tmp_path, "-meta")
    assert shown in words(poppler("pdftotext", pdf, tmp_path))


def test_a_bulletin_of_which_little_is_known_is_written_all_the_same(
    small: EmbeddedStore, small_search: Index, tmp_path: Path
) -> None:
    found = bulletin.read(small, "2021-04", Language.EN)
    pdf = bulletin_pdf.written(found, record=RECORD, picture=drawn(small, small_search, found))
    text = words(poppler("pdftotext", pdf, tmp_path))
    assert "Bulletin of April" in text
    assert "Actions recorded: 0." in text
    assert "What the editors say" not in text
