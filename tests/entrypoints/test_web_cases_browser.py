"""A missing meeting becomes a problem on a phone, in a real browser; axe looks on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.web_cases import CAMPAIGN, MISSED, VISIT, Cases, cases
from tests.entrypoints.web_county import OTHER
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app


@pytest.fixture
def made() -> Cases:
    """A county of its own."""
    return cases()


@pytest.fixture
def site(made: Cases) -> Iterator[str]:
    """The address of the site, whose pages record as the secretary."""
    with served(create_app(made.books, actor="王建国")) as address:
        yield address


def look(page: Page) -> None:
    """Look at a page as axe and a narrow window do."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_a_missing_meeting_is_listed_as_a_problem_and_planned_on_a_phone(
    site: str, made: Cases, phone: Page
) -> None:
    page = phone
    page.goto(f"{site}/compliance/{made.books.units[OTHER]}/meet-assembly/2026-Q2")
    look(page)
    follow(page.get_by_role("link", name="列为问题"), touch=True)
    expect(page.get_by_label("名称")).to_have_value("2026年二季度支部党员大会缺")
    expect(page.get_by_label("违反的规定")).to_have_value("meet-assembly")
    look(page)
    page.get_by_label("整改期限").fill("2026-12-20")
    follow(page.get_by_role("button", name="下一步：核对").last, touch=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("提交前请核对")
    look(page)
    follow(page.get_by_role("button", name="确认登记"), touch=True)
    expect(page.get_by_role("status")).to_contain_text("现在：已列出问题")
    look(page)
    follow(page.get_by_role("link", name="制定整改措施"), touch=True)
    page.get_by_label("整改措施").fill("补开党员大会")
    page.get_by_label("责任人", exact=True).select_option(label="吴海（正式党员）")
    follow(page.get_by_role("button", name="下一步：核对").last, touch=True)
    follow(page.get_by_role("button", name="确认登记"), touch=True)
    follow(page.get_by_role("link", name="看2026年二季度支部党员大会缺"), touch=True)
    expect(page.get_by_text("不能销号：关联的规定还没有做到")).to_be_visible()
    look(page)
    page.goto(f"{site}/issues?tab=working")
    expect(page.get_by_role("row", name="2026年二季度支部党员大会缺")).to_contain_text("吴海")
    look(page)
    for address in (
        f"/issues/{made.ids[MISSED]}/acts/accept_correction",
        f"/inspections/{made.ids[VISIT]}",
        f"/inspections/{made.ids[VISIT]}/acts/record_visit",
        f"/campaigns/{made.ids[CAMPAIGN]}/acts/review",
        "/sites/new",
    ):
        page.goto(site + address)
        look(page)
