"""Pages in the system's Chromium: desktop, phone, and without JavaScript, each watched while a test runs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

import dev

if (
    TYPE_CHECKING
):  # Playwright is imported by the tests that use it: every other run starts half a second sooner
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
BAD_REQUEST = 400
PARTS_OF_A_PAGE = {"stylesheet", "script", "image", "font"}

# Without these Chromium looks for hosts of its own at every start, which a closed network refuses.
QUIET = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last: Playwright leaves an event loop running, in which asyncio.run() is refused."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this session.

    Raises:
        RuntimeError: there is none; a test without its browser fails, it is never skipped.
    """
    from playwright.sync_api import sync_playwright

    program = dev.find_browser()
    if program is None:
        raise RuntimeError("no Chromium found: install it, or name one in CHROMIUM")
    is_root = sys.platform != "win32" and os.geteuid() == 0
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, args=[*QUIET, *(["--no-sandbox"] if is_root else [])]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page at desktop size."""
    with watched_page(browser, viewport=DESKTOP) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """An empty page at the size of a phone, touched instead of clicked."""
    options = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
    with watched_page(browser, viewport=PHONE, **options) as opened:
        yield opened


@pytest.fixture
def page_without_javascript(browser: Browser) -> Iterator[Page]:
    """An empty page at desktop size that runs no script."""
    with watched_page(browser, viewport=DESKTOP, java_script_enabled=False) as opened:
        yield opened


@contextlib.contextmanager
def watched_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own.

    Raises:
        AssertionError: at the end, if the page complained, lacked a part, or asked a second host.
    """
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    opened = context.new_page()
    complaints: list[str] = []
    hosts: set[str] = set()

    def note_message(message: ConsoleMessage) -> None:
        # an answered 422 is a form with mistakes: what is missing of the page itself is noted below
        if message.type == "error" and "the server responded with a status of" not in message.text:
            complaints.append(message.text)

    def note_response(response: Response) -> None:
        if response.status >= BAD_REQUEST and response.request.resource_type in PARTS_OF_A_PAGE:
            complaints.append(f"{response.status} {response.url}")

    opened.on("console", note_message)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    opened.on("response", note_response)
    try:
        yield opened
    finally:
        context.close()
    assert complaints == [], "the page complained"
    assert len(hosts - {""}) <= 1, f"the page asked other hosts: {sorted(hosts)}"


def follow(lead: Locator, *, touch: bool = False) -> None:
    """Press what leads to another page, and wait until that page is loaded: a click alone does not wait."""
    with lead.page.expect_navigation():
        if touch:
            lead.tap()
        else:
            lead.click()


def assert_accessible(page: Page) -> None:
    """Fail with axe's own report when the page breaks a rule of accessibility."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its window."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"the page is {too_wide} px wider than its window"
