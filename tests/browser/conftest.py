"""One browser, and the site with the real data."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from tests.clients.programs import missing

Open = Callable[..., Page]

_MACHINE = ("--no-sandbox", "--disable-gpu", "--disable-quic")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. Without it a test is skipped, or fails where CI=true. It lives no longer than
    the tests of one file: while it does, no other event loop can run in its thread.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing("no Chromium here: apt-get install chromium")
    expect.set_options(timeout=20_000)  # the machine may have more to do
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=[*_MACHINE])


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Open]:
    """Opens a page of the site. Afterwards: was anybody else asked, did the browser forbid
    anything, did a script break?
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(asked: Request) -> None:
        if not asked.url.startswith((site + "/", "data:", "blob:")):
            complaints.append(asked.url)

    def hear(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            complaints.append(said.text)

    def visited(
        path: str,
        *,
        width: int = 1280,
        locale: str = "es-MX",
        script: bool = True,
        motion: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=site,
            locale=locale,
            viewport={"width": width, "height": 740},
            java_script_enabled=script,
            reduced_motion="no-preference" if motion else "reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield visited
    for context in contexts:
        context.close()
    assert complaints == []
