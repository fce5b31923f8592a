"""The tests' own machinery: databases are empty and apart, pages are watched."""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, inspect, text

from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll, watched_page

GOOD_PAGE = """<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width">
<title>支部</title><main><h1>党支部</h1></main></html>"""


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_has_an_empty_database_of_its_own(database_url: str, round_: int) -> None:
    engine = create_engine(database_url)
    try:
        assert inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(text("create table left_behind (name text)"))
            connection.execute(text("insert into left_behind values ('向阳村党支部')"))
            assert connection.execute(text("select name from left_behind")).scalar() == "向阳村党支部"
    finally:
        engine.dispose()


def test_the_databases_are_of_both_kinds(sqlite_url: str, pg_url: str) -> None:
    assert [create_engine(url).dialect.name for url in (sqlite_url, pg_url)] == ["sqlite", "postgresql"]


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a page served on this machine; it has no other page, not even an icon."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(GOOD_PAGE.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_pages_of_both_sizes_are_looked_at(site: str, page: Page, phone: Page) -> None:
    for opened in (page, phone):
        opened.goto(site)
        assert opened.title() == "支部"
        assert_accessible(opened)
        assert_no_sideways_scroll(opened)
    assert phone.evaluate("window.innerWidth") == PHONE["width"]


def test_a_page_is_read_without_javascript(page_without_javascript: Page) -> None:
    page_without_javascript.set_content("<p>办理</p><script>document.body.textContent = 'script'</script>")
    assert "办理" in page_without_javascript.inner_text("body")


def test_a_bad_page_is_noticed(page: Page) -> None:
    page.set_content(
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><div style='width: 3000px'>宽</div>"
    )
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)
    with pytest.raises(AssertionError, match="wider than its window"):
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize(
    ("script", "event", "noticed"),
    [
        ("console.error('坏了')", "console", "坏了"),
        ("setTimeout(() => { throw new Error('坏了') })", "pageerror", "坏了"),
        ("new Image().src = '/missing.png'", "response", "404 .*/missing.png"),
        ("new Image().src = location.href.replace('127.0.0.1', 'localhost')", "request", "other hosts"),
    ],
)
def test_a_page_that_misbehaves_fails_its_test(
    browser: Browser, site: str, script: str, event: Any, noticed: str
) -> None:
    def visit() -> None:
        with watched_page(browser) as page:
            page.goto(site)
            with page.expect_event(event):
                page.evaluate(script)

    with pytest.raises(AssertionError, match=noticed):
        visit()


def test_asyncio_runs_whatever_was_in_the_browser_before() -> None:
    async def answer() -> int:
        return 1

    assert asyncio.run(answer()) == 1
