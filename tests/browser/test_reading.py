"""Searching and reading with a browser that runs our scripts: names are suggested, what is found
follows each choice, and what is counted is what is found.
"""

import csv
import io
import re
from urllib.request import urlopen

from playwright.sync_api import expect
from tests.browser.conftest import Open

NUMBER = re.compile(r"\d[\d,]*")


def counted(text: str) -> int:
    """The first number of a text."""
    found = NUMBER.search(text)
    assert found, text
    return int(found[0].replace(",", ""))


def test_names_are_suggested_while_one_writes(visit: Open) -> None:
    page = visit("/en/search")
    page.get_by_role("combobox", name="Words").press_sequentially("guadal")
    suggested = page.locator("#suggestions option")
    expect(suggested.first).to_be_attached()
    names = suggested.evaluate_all("all => all.map(each => each.value)")
    assert "Guadalajara" in " ".join(names)


def test_what_is_found_follows_each_choice_and_its_count(visit: Open) -> None:
    page = visit("/en/search?kind=actions")
    everything = counted(page.locator("#found").inner_text())
    box = page.get_by_role("checkbox", name=re.compile("^Jalisco "))
    promised = counted(page.locator("label", has_text=re.compile("^Jalisco ")).inner_text())
    box.check(no_wait_after=True)
    page.wait_for_url("**state=*")
    assert counted(page.locator("#found").inner_text()) == promised < everything
    expect(page.get_by_role("checkbox", name=re.compile("^Jalisco "))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("^Jalisco "))).to_be_focused()
    page.go_back()
    assert counted(page.locator("#found").inner_text()) == everything


def test_the_file_and_the_query_have_what_is_shown(visit: Open) -> None:
    page = visit("/en/search?kind=actions&text=embajada")
    total = counted(page.locator("#found").inner_text())
    assert total == page.locator("ol.found > li").count() > 3
    address = page.get_by_role("link", name="CSV", exact=True).get_attribute("href") or ""
    with urlopen(page.url.partition("/en/")[0] + address) as answer:
        rows = list(csv.reader(io.StringIO(answer.read().decode("utf-8-sig"))))
    assert len(rows) == total + 1
    page.get_by_role("link", name="See the SPARQL").click()
    shown = page.locator("#answer h2").inner_text()
    assert counted(shown.removeprefix("Answer")) == total


def test_a_bulletin_is_read_from_the_home_page_on(visit: Open) -> None:
    page = visit("/en/")
    page.get_by_role("link", name="September 8").click()
    expect(page.locator("h1")).to_have_text("Mexican Local Diplomacy Newsletter September 2021")
    page.get_by_role("link", name="October 2021").first.click()
    expect(page.locator("h1")).to_contain_text("October 2021")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Compare").click()
    assert page.url.endswith("/en/compare")
