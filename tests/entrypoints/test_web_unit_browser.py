"""A secretary in a real browser: a meeting on a phone, a vote without quorum, a correction; axe looks on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.web_county import BRANCH, POSTS, County, county
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app

SMALLEST_TARGET = 44
SHORT = "不足"


@pytest.fixture
def books() -> County:
    """A county of its own."""
    return county()


@pytest.fixture
def site(books: County) -> Iterator[str]:
    """The address of the site, whose pages record as the secretary."""
    with served(create_app(books, actor="王建国")) as address:
        yield address


def look(page: Page) -> None:
    """Look at a page as axe and a narrow window do."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def head(books: County) -> int:
    """Return how many records there are."""
    with books.log.read() as reading:
        return reading.head()


def test_this_months_committee_meeting_is_recorded_on_a_phone(site: str, books: County, phone: Page) -> None:
    page, before = phone, head(books)
    page.goto(f"{site}/units/{books.units[BRANCH]}")
    look(page)
    follow(page.get_by_role("link", name="登记", exact=True))
    look(page)
    follow(page.get_by_role("link", name="支部委员会会议"))
    look(page)
    page.get_by_label("开会日期").fill("2026-12-03")
    tally = page.locator(".tally")
    expect(tally).to_contain_text("应到 5 人，须到 3 人；已勾 0 人 不足")
    for name in ("王建国 书记", "陈秀兰 副书记"):
        page.get_by_label(name, exact=True).tap()
    expect(tally).to_contain_text("已勾 2 人 不足")
    page.get_by_label("赵国强 组织委员", exact=True).tap()
    expect(tally).to_contain_text("已勾 3 人 够了")
    page.get_by_text("没到会 ：孙小燕").or_(page.locator("summary", has_text="孙小燕")).first.tap()
    page.get_by_label("孙小燕没到会").select_option(label="请假")
    page.get_by_label("原因").nth(3).fill("出差")
    page.get_by_label("主持人").select_option(label="王建国（书记）")
    page.get_by_label("议题 可以不填").first.fill("研究换届\n研究党费")
    look(page)
    follow(page.get_by_role("button", name="下一步：核对"))
    expect(page.get_by_role("heading", level=1)).to_have_text("提交前请核对")
    expect(page.get_by_text("请假 1 人：孙小燕（出差）")).to_be_visible()
    look(page)
    follow(page.get_by_role("button", name="确认登记"))
    expect(page.get_by_role("status")).to_contain_text("支部委员会会议：主持 王建国")
    look(page)
    assert head(books) == before + 1
    page.go_back()
    page.go_forward()
    assert head(books) == before + 1
    page.goto(f"{site}/meetings?unit={books.units[BRANCH]}")
    look(page)
    follow(page.get_by_role("link", name="支部委员会会议").first)
    look(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("支部委员会会议")


def test_an_assembly_whose_vote_has_no_quorum_is_refused_with_the_arithmetic(
    site: str, books: County, page: Page
) -> None:
    before = head(books)
    page.goto(f"{site}/units/{books.units[BRANCH]}/acts/hold_meeting?type=branch_assembly")
    page.get_by_label("开会日期").fill("2026-12-03")
    for name in [*POSTS, "党员01", "党员02"]:
        page.get_by_role("checkbox", name=name).check()
    expect(page.locator(".tally")).to_contain_text("应到 21 人，须到 11 人；已勾 7 人 不足")
    page.get_by_label("议题", exact=True).fill("推荐先进")
    page.get_by_label("到会赞成票数 可以不填").fill("7")
    follow(page.get_by_role("button", name="下一步：核对").last)
    expect(page).to_have_title("有 1 处需要改正：登记支部党员大会 向阳村党支部 · 支部工作台")
    expect(page.locator(".errsum")).to_be_focused()
    expect(page.locator(".errsum")).to_contain_text("到会人数7，应到人数21，要求不少于1/2（10.5），没有达到")
    look(page)
    assert head(books) == before
    page.get_by_role("button", name="全部勾上").click()
    expect(page.locator(".tally")).to_contain_text("已勾 21 人 够了")
    follow(page.get_by_role("button", name="再加一项 ：决议"))
    expect(page.get_by_text("决议第 2 项")).to_be_visible()
    expect(page.get_by_label("到会赞成票数 可以不填").first).to_have_value("7")
    look(page)


def test_the_attendance_of_a_meeting_is_corrected_from_its_page(
    site: str, books: County, phone: Page
) -> None:
    page, before = phone, head(books)
    page.goto(f"{site}/meetings/{books.marks['hold_meeting']}")
    follow(page.get_by_role("link", name="更正", exact=True))
    look(page)
    follow(page.get_by_role("link", name="更正 到会人数"))
    look(page)
    page.get_by_label("到会人数").fill("4")
    page.get_by_label("理由").fill("按签到册")
    follow(page.get_by_role("button", name="下一步：核对").last)
    expect(page.locator(".chg")).to_contain_text("到会人数 5 → 4")
    look(page)
    follow(page.get_by_role("button", name="确认更正"))
    expect(page.get_by_text("实到 4 人").or_(page.locator("dd", has_text="4 人")).first).to_be_visible()
    look(page)
    assert head(books) == before + 1


def test_without_scripts_rows_are_added_and_all_are_ticked(
    site: str, books: County, page_without_javascript: Page
) -> None:
    page, before = page_without_javascript, head(books)
    page.goto(f"{site}/units/{books.units[BRANCH]}/acts/hold_meeting?type=committee_meeting")
    page.get_by_label("开会日期").fill("2026-12-03")
    follow(page.get_by_role("button", name="全部勾上"))
    expect(page.locator(".tally")).to_contain_text("已勾 5 人 够了")
    follow(page.get_by_role("button", name="再加一项"))
    expect(page.get_by_text("决议第 2 项")).to_be_visible()
    follow(page.get_by_role("button", name="下一步：核对").last)
    page.get_by_role("button", name="确认登记").dblclick()
    page.wait_for_url("**/done?event=*")
    assert head(books) == before + 1


def test_enter_in_a_field_goes_on_to_the_check_and_adds_no_row(site: str, books: County, page: Page) -> None:
    page.goto(f"{site}/units/{books.units[BRANCH]}/acts/elect_committee")
    page.get_by_label("应选人数").press("Enter")
    expect(page.get_by_role("heading", name="需要改正")).to_be_visible()


def addresses(books: County) -> list[str]:
    """Return the pages of a unit."""
    unit, record = books.units[BRANCH], books.marks["hold_meeting"]
    acts = f"/units/{unit}/acts"
    return [
        f"/units/{unit}",
        f"/units/{unit}/year",
        f"/units/{unit}/year?period=2026-11",
        acts,
        f"{acts}?rule=meet-theme-day&subject=2026-11",
        f"{acts}/hold_meeting?type=branch_assembly",
        f"{acts}/elect_committee",
        f"{acts}/waive",
        "/meetings",
        f"/meetings?view=list&period=2026&unit={unit}",
        f"/meetings/{record}",
        f"/events/{record}/correct",
        f"/events/{record}/correct?field=attending",
        f"/events/{record}/retract",
        f"/meetings?as_of=2026-09-30&unit={unit}",
    ]


def test_everything_is_large_enough_for_a_thumb(site: str, books: County, phone: Page) -> None:
    for address in addresses(books):
        phone.goto(site + address)
        look(phone)
        small = phone.eval_on_selector_all(
            ".btn, .chips a, .tabs a, .tabs summary, .opt label, summary, select, textarea, .tiles a, "
            ".field>input:not([type=hidden])",
            "(all, least) => all.map(e => [e.getBoundingClientRect(), e.textContent + e.name])"
            ".filter(([box]) => box.width && (box.height < least)).map(([box, text]) => text + box.height)",
            SMALLEST_TARGET,
        )
        assert small == [], address


def test_pages_of_a_unit_are_accessible_at_the_desk(site: str, books: County, page: Page) -> None:
    for address in addresses(books):
        page.goto(site + address)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        look(page)
