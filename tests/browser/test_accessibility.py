"""Can everybody use the site? Every kind of page is looked at by axe, in Spanish and light colours
and in English and dark ones, and at the width of a telephone and of a large screen (WCAG 2.2, AA).
"""

import json

import pytest
from playwright.sync_api import Browser
from tests.browser.kinds import KINDS, PAGES, PIECES
from tests.clients.programs import fetched
from tests.conftest import REPOSITORY

AXE = "axe-core@4.14.0"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
TEMPLATES = REPOSITORY / "server" / "diplolocal" / "web" / "templates"
WIDTHS = (360, 1600)


def test_every_kind_of_page_is_looked_at() -> None:
    there = {path.name for path in TEMPLATES.glob("*.html")}
    assert KINDS.keys() | PIECES == there


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks at a page (MPL-2.0, only run here)."""
    script = fetched(AXE) / "axe-core" / "axe.min.js"
    return script.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "colours"), [("es", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_kind_of_page(
    chromium: Browser, site: str, axe: str, language: str, colours: str
) -> None:
    found: dict[str, list[str]] = {}
    # Our Content-Security-Policy would not let axe in; the other tests hold it.
    with chromium.new_context(
        base_url=f"{site}/{language}/",
        bypass_csp=True,
        color_scheme="dark" if colours == "dark" else "light",
        viewport={"width": 1280, "height": 900},
    ) as context:
        page = context.new_page()
        for address in PAGES:
            page.goto(address.removeprefix("/"))
            page.evaluate(axe)
            run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
            violations = page.evaluate(run, list(RULES))["violations"]
            told = [
                f"{each['id']}: {json.dumps([node['html'][:200] for node in each['nodes'][:3]])}"
                for each in violations
            ]
            if told:
                found[address] = told
    assert found == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(chromium: Browser, site: str, width: int) -> None:
    wider = {}
    with chromium.new_context(
        base_url=f"{site}/es/", viewport={"width": width, "height": 740}
    ) as context:
        page = context.new_page()
        for address in PAGES:
            page.goto(address.removeprefix("/"))
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wider[address] = needed
            # Lines that can be read: no paragraph of text is wider than some 90 letters.
            lines = page.evaluate(
                "Math.max(0, ...[...document.querySelectorAll('main p:not(.ask, .row)')]"
                ".map(p => p.offsetWidth))"
            )
            assert lines <= 1_000, address
    assert wider == {}


def test_no_page_asks_anybody_else_breaks_a_rule_of_ours_or_is_heavy(
    chromium: Browser, site: str
) -> None:
    complaints: list[str] = []
    heavy: dict[str, int] = {}
    with chromium.new_context(base_url=f"{site}/en/") as context:
        page = context.new_page()
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((site + "/", "data:", "blob:"))
                else complaints.append(asked.url)
            ),
        )
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{page.url}: {said.text}")
                if "Content Security Policy" in said.text
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        for address in PAGES:
            page.goto(address.removeprefix("/"))
            sizes = page.evaluate(
                """[...performance.getEntriesByType('navigation'),
                ...performance.getEntriesByType('resource')]
                .filter(each => !/\\.svg|\\/editor\\//.test(each.name))
                .map(each => each.encodedBodySize)"""
            )
            if sum(sizes) > 100_000:
                heavy[address] = sum(sizes)
    assert (complaints, heavy) == ([], {})
