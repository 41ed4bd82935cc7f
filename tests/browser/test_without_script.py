"""The site where no script runs: all of it works, some of it in one click more."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Open


def test_from_the_first_page_to_a_bulletin_in_the_other_language(visit: Open) -> None:
    page = visit("/", script=False)
    page.get_by_role("searchbox").fill("agua")
    page.get_by_role("banner").get_by_role("button", name="Buscar").click()
    page.wait_for_url("**/es/search?text=agua")
    box = page.get_by_role("checkbox", name=re.compile("^Acciones "))
    promised = box.locator("xpath=following-sibling::label/small").inner_text()
    box.check()
    page.get_by_role("button", name="Mostrar").first.click()
    page.wait_for_url("**kind=actions*")
    expect(page.locator("#found")).to_have_text(re.compile(rf"^{promised} resultados?$"))
    page.locator("ol.found a").first.click()
    page.wait_for_url("**/es/doc/action/**")
    page.get_by_role("navigation").first.get_by_role("link", name="Boletines").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("septiembre")).first.click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_be_visible()
    assert "2021-09" in urlsplit(page.url).path


@pytest.mark.parametrize("view", ["list", "table", "map", "timeline"])
def test_every_view_of_what_is_found_is_a_link(visit: Open, view: str) -> None:
    page = visit("/en/search?kind=actions", script=False)
    called = {"list": "List", "table": "Table", "map": "Map", "timeline": "Time line"}[view]
    page.get_by_role("navigation", name="How it is shown").get_by_role("link", name=called).click()
    here = page.get_by_role("navigation", name="How it is shown").locator("[aria-current]")
    expect(here).to_have_text(called)


def test_on_a_telephone_the_choices_are_there(visit: Open) -> None:
    page = visit("/en/search?text=jalisco", script=False, width=360)
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.locator("ol.found a").first).to_be_visible()


def test_the_numbers_of_a_picture_are_a_table(visit: Open) -> None:
    page = visit("/en/pictures/actions-by-month", script=False)
    expect(page.locator("figure svg")).to_be_visible()
    assert page.locator("table.figures tbody tr").count() > 10
