"""Pages in the system's Chromium: desktop, phone, and without JavaScript, each watched while a test runs."""

from __future__ import annotations

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
    from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

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
    yield from _watched_page(browser, viewport=DESKTOP)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """An empty page at the size of a phone, touched instead of clicked."""
    yield from _watched_page(browser, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)


@pytest.fixture
def page_without_javascript(browser: Browser) -> Iterator[Page]:
    """An empty page at desktop size that runs no script."""
    yield from _watched_page(browser, viewport=DESKTOP, java_script_enabled=False)


def _watched_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Yield a page; the test fails if the page complained, or asked any host but that of its own address."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    opened = context.new_page()
    complaints: list[str] = []
    hosts: set[str] = set()
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    try:
        yield opened
    finally:
        context.close()
    assert complaints == [], "the page complained in its console"
    assert len(hosts - {""}) <= 1, f"the page asked other hosts: {sorted(hosts)}"


def assert_accessible(page: Page) -> None:
    """Fail with axe's own report when the page breaks a rule of accessibility."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its window."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"the page is {too_wide} px wider than its window"
