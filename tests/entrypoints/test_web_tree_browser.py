"""The tree in a real browser: a day of it, a branch with a past, a merger checked and saved; axe looks on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.web_county import BRANCH, OTHER, County
from tests.entrypoints.web_tree import RENAMED, SMALL, changed_county
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app


@pytest.fixture
def books() -> County:
    """The county after its tree changed."""
    return changed_county()


@pytest.fixture
def site(books: County) -> Iterator[str]:
    """The address of the site, whose pages record as the secretary."""
    with served(create_app(books, actor="王建国")) as address:
        yield address


def look(page: Page) -> None:
    """Look at a page as axe and a narrow window do."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def walk(page: Page, site: str, books: County) -> None:
    """Look at the tree, at another day of it, at a branch with a past and at one that is no more."""
    page.goto(f"{site}/units")
    look(page)
    page.get_by_label("撤销的").select_option("yes")
    follow(page.get_by_role("button", name="查询"))
    expect(page.get_by_role("link", name=SMALL)).to_be_visible()
    look(page)
    page.get_by_label("哪一天").fill("2026-06-30")
    follow(page.get_by_role("button", name="查询"))
    expect(page.get_by_role("status")).to_contain_text("2026-06-30")
    expect(page.get_by_role("link", name=BRANCH)).to_be_visible()
    look(page)
    for unit in (BRANCH, SMALL):
        page.goto(f"{site}/units/{books.units[unit]}")
        expect(page.get_by_role("heading", name="沿革")).to_be_visible()
        look(page)
    follow(page.get_by_role("link", name="看它最后一天的情况"))
    expect(page.get_by_role("status")).to_contain_text("2026-08-31")


def test_the_tree_at_the_desk_and_its_corners(site: str, books: County, page: Page) -> None:
    walk(page, site, books)
    page.goto(f"{site}/units?ended=yes")
    lefts = page.eval_on_selector_all(".tree th a", "all => all.map(a => a.getBoundingClientRect().left)")
    assert lefts[0] < lefts[1] < lefts[2] > lefts[3] == lefts[1]


def test_the_tree_on_the_phone_is_told_in_words(site: str, books: County, phone: Page) -> None:
    walk(phone, site, books)
    phone.goto(f"{site}/units?ended=yes")
    lefts = phone.eval_on_selector_all(".tree th a", "all => all.map(a => a.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1
    assert phone.locator("td[data-l=上级]", has_text=RENAMED).is_visible()


def test_a_merger_is_checked_and_saved(site: str, books: County, page: Page) -> None:
    page.goto(f"{site}/units/{books.units[BRANCH]}/acts/merge_units")
    page.get_by_label(OTHER).check()
    follow(page.get_by_role("button", name="下一步：核对"))
    expect(page.get_by_role("heading", name="一并变动的")).to_be_visible()
    expect(page.get_by_text(f"入党申请人仇英：转入{RENAMED}")).to_be_visible()
    look(page)
    follow(page.get_by_role("button", name="确认登记"))
    page.goto(f"{site}/units")
    expect(page.get_by_role("link", name=OTHER)).to_have_count(0)
