"""The site on paper: pages that are printed, and the bulletin as a PDF, read and looked at by
programs of others (Debian `poppler-utils`).
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Open
from tests.clients.programs import answer_of, program

_POPPLER = "poppler-utils"


@pytest.mark.parametrize(
    ("address", "held"),
    [
        ("/es/bulletins/2021-09", ("septiembre 2021", "Noroeste", "Hermosillo recibe")),
        ("/en/doc/place/mx-jal", ("Jalisco", "CC BY 4.0")),
        ("/en/about", ("What counts as an action",)),
    ],
)
def test_a_printed_page_has_its_content_and_nothing_to_click_on(
    visit: Open, tmp_path: Path, address: str, held: tuple[str, ...]
) -> None:
    page = visit(address)
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, format="Letter")
    text = text_of(printed)
    assert [words for words in held if words not in text] == []
    page.emulate_media(media="print")
    hidden = ("header nav", ".find", ".language", "footer nav", ".skip")
    assert [each for each in hidden if page.locator(each).first.is_visible()] == []
    assert 0.005 < ink_of(printed, tmp_path) < 0.4


def test_a_page_is_printed_in_dark_ink_on_white(visit: Open) -> None:
    page = visit("/en/bulletins/2021-09")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("language", "held"),
    [
        ("es", ("septiembre 2021", "Contenido", "Noroeste", "CC BY 4.0")),
        ("en", ("September 2021", "Contents", "Northwest", "CC BY 4.0")),
    ],
)
def test_the_bulletin_is_a_pdf_one_click_away(
    visit: Open, tmp_path: Path, language: str, held: tuple[str, ...]
) -> None:
    page = visit(f"/{language}/bulletins/2021-09")
    pdf = taken(page, "PDF", tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert [words for words in held if words not in text_of(pdf)] == []
    told = answer_of(program("pdfinfo", _POPPLER), pdf).decode()
    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert 0.005 < ink_of(pdf, tmp_path) < 0.6


def taken(page: Page, label: str, folder: Path) -> Path:
    """The file that the link of that name in the cover of the bulletin leads to."""
    address = page.locator(".take").get_by_role("link", name=label, exact=True)
    answer = page.request.get(address.get_attribute("href") or "")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    file = folder / "taken.pdf"
    file.write_bytes(answer.body())
    return file


def text_of(pdf: Path) -> str:
    """What can be read in it, one line."""
    text = answer_of(program("pdftotext", _POPPLER), pdf, "-").decode()
    return " ".join(text.split())


def ink_of(pdf: Path, folder: Path) -> float:
    """How much of its first page is not white, as pdftoppm draws it."""
    drawn = folder / "page"
    answer_of(program("pdftoppm", _POPPLER), *_FIRST, pdf, drawn)
    picture = drawn.with_suffix(".pgm").read_bytes()
    found = re.match(rb"P5\s(\d+) (\d+)\s255\s", picture)
    assert found
    points = picture[found.end() :]
    assert len(points) == int(found[1]) * int(found[2])
    return sum(point < 200 for point in points) / len(points)


_FIRST = ("-gray", "-r", "40", "-singlefile", "-f", "1", "-l", "1")
