"""The pages in a real browser: desktop, phone, without scripts, enlarged; axe, no sideways scroll."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.web_county import BRANCH, OTHER, County, county
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app

TWICE_AS_LARGE = {"width": 640, "height": 400}  # a window of 1280 x 800 at 200 %
SMALLEST_TARGET = 44


@pytest.fixture(scope="module")
def books() -> County:
    """The county, read by every test of this module and changed by none."""
    return county()


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[str]:
    """The address of the site, served on this machine while the tests of this module run."""
    with served(create_app(books)) as address:
        yield address


def addresses(books: County) -> list[str]:
    """Return an address of every page, in the present and in the past."""
    unit, person = books.units[BRANCH], books.people["李明"]
    past = "as_of=2026-06-30&known_on=2026-07-15"
    return [
        "/",
        f"/?{past}",
        "/units",
        "/units?ended=yes&level=branch",
        f"/units/{unit}",
        f"/units/{books.units[OTHER]}",
        f"/units/{unit}/history",
        f"/people/{person}",
        f"/people/{person}?{past}",
        f"/people/{books.people['王建国']}",
        f"/people/{person}/history?{past}&diff=2026-12-04",
        "/pipeline",
        "/pipeline?q=zzz",
        "/deadlines",
        f"/roster?unit={unit}",
        f"/roster/changes?unit={unit}&since=2026-01-01",
        f"/dues?unit={unit}&month=2026-10",
        f"/training?unit={unit}",
        "/compliance",
        f"/compliance?rule=meet-theme-day&{past}",
        "/compliance?verdict=invalid",
        "/compliance/list?verdict=missing",
        f"/compliance/{unit}/meet-theme-day/2026-11",
        f"/compliance/{unit}/meet-assembly/2026-Q1?{past}",
        f"/compliance/{unit}/edu-hours/2026",
        "/overview",
        "/overview/rows?of=limit.over",
        "/overview/drive",
        f"/events/{books.marks['vote_on_admission']}",
        f"/events/{books.marks['correction']}",
        "/?as_of=x",
        "/nope",
    ]


def test_pages_are_accessible_at_the_desk(site: str, books: County, page: Page) -> None:
    for address in addresses(books):
        page.goto(site + address)
        _open_some_whys(page)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_pages_are_accessible_on_the_phone(site: str, books: County, phone: Page) -> None:
    for address in addresses(books):
        phone.goto(site + address)
        _open_some_whys(phone)
        assert_accessible(phone)
        assert_no_sideways_scroll(phone)


def test_buttons_are_large_enough_for_a_thumb(site: str, books: County, phone: Page) -> None:
    for address in addresses(books):
        phone.goto(site + address)
        small = phone.eval_on_selector_all(
            ".btn, .chips a, .tabs a, summary, select, .query input:not([type=hidden])",
            "(all, least) => all.map(e => [e.getBoundingClientRect(), e.textContent])"
            ".filter(([box]) => box.width && (box.height < least)).map(([box, text]) => text + box.height)",
            SMALLEST_TARGET,
        )
        assert small == [], address


def test_pages_can_be_enlarged_to_twice_their_size(site: str, books: County, page: Page) -> None:
    page.set_viewport_size(TWICE_AS_LARGE)  # type: ignore[arg-type]
    for address in addresses(books):
        page.goto(site + address)
        _open_some_whys(page)
        assert_no_sideways_scroll(page)
        assert page.locator("h1").is_visible()


def test_everything_can_be_read_without_scripts(
    site: str, books: County, page_without_javascript: Page
) -> None:
    page = page_without_javascript
    page.goto(site)
    follow(page.get_by_role("link", name="逾期"))
    follow(page.get_by_role("link", name="李明 讨论转正", exact=True))
    assert page.get_by_role("heading", level=1).inner_text().startswith("李明")
    assert page.get_by_text("2025-12-01 + 12 个月").first.is_visible()
    follow(page.get_by_role("link", name="2025-12-01 讨论接收预备党员").first)
    assert page.get_by_role("heading", level=1).inner_text().startswith("讨论接收预备党员")
    page.goto(site + "/pipeline")
    page.get_by_label("姓名或拼音首字母").fill("qy")
    follow(page.get_by_role("button", name="查询"))
    assert page.get_by_role("link", name="仇英").is_visible()
    assert not page.get_by_role("link", name="李明").is_visible()
    assert not page.get_by_role("button", name="打印").is_visible()


def test_a_filter_changes_the_list_alone(site: str, page: Page) -> None:
    page.goto(site + "/pipeline")
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.get_by_label("阶段").select_option("probationary")
    page.wait_for_url("**stage=probationary**")
    page.get_by_role("link", name="仇英").wait_for(state="detached")
    assert page.get_by_role("link", name="李明").is_visible()
    assert page.evaluate("document.body.dataset.kept") == "yes"
    page.get_by_role("link", name="导出 Excel").wait_for()


def test_another_day_is_asked_for_and_left_again(site: str, books: County, page: Page) -> None:
    page.goto(f"{site}/people/{books.people['李明']}")
    follow(page.get_by_role("link", name="看某一天的情况"))
    page.get_by_label("截至哪一天的事实").fill("2025-03-20")
    follow(page.get_by_role("button", name="查看"))
    assert page.get_by_text("历史视图").is_visible()
    follow(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="发展党员"))
    assert page.get_by_role("row", name="李明").get_by_text("发展对象（待列）").is_visible()
    follow(page.get_by_role("link", name="回到今天"))
    assert page.get_by_role("row", name="李明").get_by_text("预备党员").is_visible()


def test_the_keyboard_reaches_the_text_first(site: str, page: Page) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_text("跳到正文")).to_be_focused()


def test_paper_has_no_menu_and_no_buttons(site: str, books: County, page: Page) -> None:
    page.goto(f"{site}/people/{books.people['李明']}")
    assert page.get_by_role("button", name="打印").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="主菜单").is_visible()
    assert not page.get_by_role("button", name="打印").is_visible()
    assert page.get_by_text("填表人").is_visible()


def _open_some_whys(page: Page) -> None:
    """Open the first explanations of a page: the others are made of the same pieces."""
    page.evaluate("for (const d of [...document.querySelectorAll('details')].slice(0, 4)) d.open = true")


def test_the_counts_above_a_list_follow_its_filter(site: str, page: Page) -> None:
    page.goto(site + "/deadlines")
    whole = page.get_by_label("按状态筛选").inner_text()
    page.get_by_label("支部", exact=True).select_option(label=OTHER)
    page.wait_for_url("**unit=**")
    page.wait_for_function("was => document.querySelector('#kinds').innerText !== was", arg=whole)
    assert page.get_by_label("按状态筛选").count() == 1
