"""The site without a mouse: the order in which Tab goes, what Space and Enter do, that one sees
where one is, and that nothing moves for those who asked for stillness.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Open
from tests.browser.kinds import KINDS

SEEN = """() => {
    const it = document.activeElement;
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    return {
        name: it.tagName + (it.id ? '#' + it.id : ''),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0,
    };
}"""
STILL = """() => [...document.querySelectorAll('*')].filter((each) => {
    const style = getComputedStyle(each);
    const none = (times) => times.split(',').every((time) => parseFloat(time) === 0);
    return !none(style.transitionDuration) || style.animationName !== 'none'
        || style.scrollBehavior !== 'auto';
}).map((each) => each.outerHTML.slice(0, 100))"""


def test_the_first_tab_skips_to_the_content_and_the_third_is_in_the_search(visit: Open) -> None:
    page = visit("/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="diplolocal", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.insert_text("jalisco")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?text=jalisco")


def test_after_the_skip_the_next_tab_is_in_the_content(visit: Open) -> None:
    page = visit("/en/about")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_choices_come_before_what_is_found_and_can_be_skipped(visit: Open) -> None:
    page = visit("/en/search?text=jalisco")
    page.locator("#text").focus()
    page.keyboard.press("Tab")  # its button
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to what is found")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    assert page.evaluate("document.activeElement.closest('#results')") is None
    skip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#results') !== null")


def test_space_chooses_and_the_keyboard_stays_where_it_was(visit: Open) -> None:
    page = visit("/en/search?text=jalisco")
    box = page.get_by_role("checkbox", name=re.compile("^Actions "))
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**kind=actions*")
    expect(page.get_by_role("checkbox", name=re.compile("^Actions "))).to_be_focused()
    page.keyboard.press("Space")
    page.wait_for_url(lambda address: "kind=" not in urlsplit(address).query)


def test_enter_in_a_field_shows_what_is_found(visit: Open) -> None:
    page = visit("/en/search?kind=actions")
    page.locator("#monthFrom").fill("2021-09")
    page.keyboard.press("Enter")
    page.wait_for_url("**monthFrom=2021-09*")
    assert "kind=actions" in page.url


def test_a_state_on_the_map_is_opened_by_the_keyboard(visit: Open) -> None:
    page = visit("/en/pictures/actions-by-state")
    state = page.locator("figure svg a[aria-label^='Jalisco:']")
    state.focus()
    assert seen(page)["seen"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?*state=mx-jal*")


@pytest.mark.parametrize("address", ["/", "/search?text=clima", "/bulletins/2021-09"])
def test_one_sees_where_the_keyboard_is(visit: Open, address: str) -> None:
    page = visit(f"/es{address}")
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        met.append(seen(page))
    assert [each for each in met if not each["seen"] or not each["ring"]] == []


def test_nothing_moves_for_who_wants_it_still(visit: Open) -> None:
    page = visit("/en/", motion=False)
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    for template in ("home.html", "search.html", "bulletin.html", "picture.html", "sparql.html"):
        page.goto("/en" + KINDS[template][0])
        assert page.evaluate(STILL) == [], template


def seen(page: Page) -> dict[str, object]:
    """What has the keyboard, whether there is a ring around it, and whether it can be seen."""
    found: dict[str, object] = page.evaluate(SEEN)
    return found
