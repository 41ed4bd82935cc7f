"""The first time somebody comes, and how they go on: in their language, through the search and the
map to a thing, to the bulletin of a month, and to the same page in the other language.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Open


@pytest.mark.parametrize(
    ("locale", "language", "heading"),
    [
        ("es-MX", "es", "La diplomacia local mexicana en datos enlazados"),
        ("en-GB", "en", "Mexican local diplomacy as linked data"),
        ("fr-FR", "es", "La diplomacia local mexicana en datos enlazados"),
    ],
)
def test_a_first_visit_is_answered_in_the_language_of_the_reader(
    visit: Open, locale: str, language: str, heading: str
) -> None:
    page = visit("/", locale=locale)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_text(heading)
    page.get_by_role("navigation").first.get_by_role("link").first.click()
    assert urlsplit(page.url).path == f"/{language}/bulletins"


def test_an_address_with_a_language_is_in_that_language_whoever_asks(visit: Open) -> None:
    page = visit("/en/about", locale="es-MX")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_what_is_searched_for_at_the_top_is_found_narrowed_and_opened(visit: Open) -> None:
    page = visit("/es/")
    page.get_by_role("searchbox", name="Buscar en todo").fill("climatico")
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/search?text=climatico")
    before = total(page)
    box = page.get_by_role("checkbox", name=re.compile("^Jalisco "))
    promised = int(box.locator("xpath=following-sibling::label/small").inner_text())
    box.check()
    page.wait_for_url("**state=mx-jal*")
    assert total(page) == promised < before
    page.locator("ol.found a").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert re.match("/es/(doc|vocab)/", urlsplit(page.url).path)


def test_a_state_on_the_map_leads_to_as_many_actions_as_it_says(visit: Open) -> None:
    page = visit("/en/")
    state = page.locator("figure svg a[aria-label^='Jalisco:']")
    [said] = re.findall(r"\d+", state.get_attribute("aria-label") or "")
    state.click()
    page.wait_for_url("**/en/search?*state=mx-jal*")
    assert total(page) == int(said) > 0


def test_a_month_on_the_first_page_leads_to_its_bulletin_with_as_many_actions(
    visit: Open,
) -> None:
    page = visit("/es/")
    month = page.get_by_role("link", name=re.compile("septiembre")).first
    [said] = re.findall(r"\d+", month.inner_text())
    month.click()
    page.wait_for_url("**/es/bulletins/2021-09")
    expect(page.locator("h1")).to_contain_text("septiembre 2021")
    expect(page.locator(".region")).to_have_count(8)
    expect(page.locator(".region article")).to_have_count(int(said))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search?text=clima&kind=actions&state=mx-jal&state=mx-nle&view=table",
        "/bulletins/2021-09",
        "/compare?state=mx-jal&state=mx-nle",
        "/pictures/actions-by-month?state=mx-jal",
        "/doc/place/mx-jal",
        "/sparql?query=ASK+%7B%7D",
    ],
)
def test_the_other_language_is_the_same_page_with_the_same_question(
    visit: Open, address: str
) -> None:
    page = visit(f"/es{address}")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/**")
    there = urlsplit(page.url)
    assert there.path == "/en" + urlsplit(address).path
    assert parse_qs(there.query) == parse_qs(urlsplit(address).query)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/**")
    assert urlsplit(page.url).path == "/es" + urlsplit(address).path


def test_names_are_suggested_while_one_writes(visit: Open) -> None:
    page = visit("/es/search")
    page.get_by_role("combobox", name="Palabras").press_sequentially("jali")
    expect(page.locator("#suggestions option").first).to_be_attached()
    names = page.locator("#suggestions option").evaluate_all("all => all.map(each => each.value)")
    assert "Jalisco" in names


def test_a_search_that_finds_nothing_leads_on(visit: Open) -> None:
    page = visit("/en/search?text=zzzzzz&state=mx-jal")
    assert total(page) == 0
    ways = [link.get_attribute("href") for link in page.locator("#results ul:not(.chips) a").all()]
    assert ways
    for way in offered(ways):
        page.goto(way)
        assert total(page) > 0, way


def offered(ways: list[str | None]) -> Iterator[str]:
    """The addresses of links."""
    for way in ways:
        assert way
        yield way


def total(page: Page) -> int:
    """How many things the page says it has found."""
    [number] = re.findall(r"[\d,]+", page.locator("#found").inner_text())
    return int(number.replace(",", ""))
