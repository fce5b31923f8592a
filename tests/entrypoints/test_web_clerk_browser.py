"""A clerk in a real browser: one applicant to activist, ten through one meeting; axe looks on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.web_county import BRANCH, TODAY, County, county
from tests.support.browser import assert_accessible, assert_no_sideways_scroll, follow
from tests.support.serving import served
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

TEN = [f"申请{number:02d}" for number in range(10)]
SMALLEST_TARGET = 44


@pytest.fixture
def books() -> County:
    """A county of its own, with ten applicants of one branch, of whom three were not talked to yet."""
    made = county()
    for name in TEN:
        made.act("2026-11-10", "receive_application", {"name": name, "born_on": "1999-01-02"})
    for name in TEN[:7]:
        made.act("2026-11-20", "hold_first_talk", {"by": "王建国"}, person=name)
    made.clock.put(moment_of(TODAY, 8))
    return made


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


def from_applicant_to_activist(page: Page, site: str) -> None:
    """Move one person from application to activist, looking at every page on the way."""
    page.goto(f"{site}/pipeline")
    follow(page.get_by_role("link", name="登记申请人"))
    look(page)
    follow(page.get_by_role("button", name="下一步：核对"))
    expect(page).to_have_title("有 3 处需要改正：登记申请人 · 支部工作台")
    expect(page.locator(".errsum")).to_be_focused()
    look(page)
    follow(page.get_by_role("link", name="请填写姓名"))
    expect(page.locator("#name")).to_be_focused()
    page.get_by_label("所在党支部").select_option(label=BRANCH)
    page.get_by_label("办理日期").fill("2026-11-20")
    page.get_by_label("姓名", exact=True).fill("沈文涛")
    page.get_by_label("出生日期").fill("2000-05-01")
    follow(page.get_by_role("button", name="下一步：核对"))
    look(page)
    follow(page.get_by_role("button", name="修改 姓名"))
    expect(page.locator("#name")).to_be_focused()
    assert page.get_by_label("姓名", exact=True).input_value() == "沈文涛"
    follow(page.get_by_role("button", name="下一步：核对"))
    follow(page.get_by_role("button", name="确认登记"))
    expect(page.get_by_role("status")).to_contain_text("沈文涛：收到入党申请书")
    look(page)
    follow(page.get_by_role("link", name="办理 ：派人谈话"))
    look(page)
    page.get_by_label("办理日期").fill("2026-11-25")
    page.get_by_label("谈话人").select_option(label="王建国（正式党员）")
    follow(page.get_by_role("button", name="下一步：核对"))
    follow(page.get_by_role("button", name="确认登记"))
    follow(page.get_by_role("link", name="办理 ：确定入党积极分子"))
    page.get_by_label("党员", exact=True).check()
    follow(page.get_by_role("button", name="下一步：核对"))
    follow(page.get_by_role("button", name="确认登记"))
    expect(page.get_by_role("status")).to_contain_text("现在是入党积极分子")
    look(page)


def ten_at_one_meeting(page: Page, site: str) -> None:
    """Take ten people through one meeting: seven are recorded, three refused with reasons."""
    page.goto(f"{site}/pipeline?q=申请")
    look(page)
    follow(page.get_by_role("link", name="勾选本页全部"))
    follow(page.get_by_role("button", name="批量办理"))
    expect(page.get_by_role("heading", level=1)).to_have_text("批量办理：10 人")
    look(page)
    page.get_by_label("办哪一步").select_option(label="确定入党积极分子")
    follow(page.get_by_role("button", name="填写"))
    look(page)
    page.get_by_label("办理日期").fill("2026-12-01")
    page.get_by_label("党员", exact=True).check()
    follow(page.get_by_role("button", name="下一步：逐个核对"))
    expect(page.get_by_role("heading", name="7 人可以登记，3 人不能")).to_be_visible()
    look(page)
    follow(page.get_by_role("button", name="确认登记 7 人"))
    expect(page.get_by_role("heading", level=1)).to_have_text("登记了 7 人，3 人没有登记")
    expect(page.get_by_text("缺少派人谈话")).to_have_count(3)
    look(page)
    follow(page.get_by_role("link", name="接着办这 3 人"))
    expect(page.get_by_role("heading", level=1)).to_have_text("派人谈话：3 人")


def test_a_clerk_moves_one_applicant_from_application_to_activist(
    site: str, books: County, page: Page
) -> None:
    before = head(books)
    from_applicant_to_activist(page, site)
    assert head(books) == before + 3


def test_the_same_on_a_phone(site: str, books: County, phone: Page) -> None:
    before = head(books)
    from_applicant_to_activist(phone, site)
    assert head(books) == before + 3


def test_without_scripts_a_step_is_recorded_and_a_double_click_records_once(
    site: str, books: County, page_without_javascript: Page
) -> None:
    page, before = page_without_javascript, head(books)
    page.goto(f"{site}/people/{books.people['何志强']}")
    follow(page.get_by_role("link", name="办理 ：派人谈话"))
    follow(page.get_by_role("button", name="下一步：核对"))
    page.get_by_role("button", name="确认登记").dblclick()
    page.wait_for_url("**/done?event=*")
    assert "已经登记" in page.get_by_role("heading", level=1).inner_text()
    assert head(books) == before + 1


def test_ten_go_through_one_meeting_each_by_itself(site: str, books: County, page: Page) -> None:
    before = head(books)
    ten_at_one_meeting(page, site)
    assert head(books) == before + 7


def test_ten_go_through_one_meeting_on_a_phone(site: str, books: County, phone: Page) -> None:
    before = head(books)
    ten_at_one_meeting(phone, site)
    assert head(books) == before + 7


def test_everything_on_a_form_is_large_enough_for_a_thumb(site: str, books: County, phone: Page) -> None:
    person = books.people["李明"]
    for address in (
        "/people/new",
        f"/people/{person}/steps/vote_on_full_membership",
        f"/people/{books.people['张雨桐']}/steps/assign_mentors",
        f"/people/{person}/steps/transfer_person",
        f"/people/{person}/steps",
        f"/people/{person}/record",
        "/pipeline?view=board",
    ):
        phone.goto(site + address)
        look(phone)
        small = phone.eval_on_selector_all(
            ".btn, .chips a, .tabs a, .opt label, summary, select, textarea, .field>input:not([type=hidden])",
            "(all, least) => all.map(e => [e.getBoundingClientRect(), e.textContent + e.name])"
            ".filter(([box]) => box.width && (box.height < least)).map(([box, text]) => text + box.height)",
            SMALLEST_TARGET,
        )
        assert small == [], address


def test_pages_of_acts_are_accessible_at_the_desk(site: str, books: County, page: Page) -> None:
    person = books.people["李明"]
    people = "&".join(f"person={books.people[name]}" for name in TEN[:3])
    for address in (
        f"/people/{person}/steps/vote_on_full_membership",
        f"/people/{books.people['张雨桐']}/steps/assign_mentors",
        f"/people/{person}/steps/record_dues",
        f"/people/{person}/record",
        "/pipeline?view=board",
        f"/pipeline/batch?command=vote_on_admission&{people}",
    ):
        page.goto(site + address)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        look(page)


def test_the_record_fills_sheets_of_paper_with_its_heading_on_each(
    site: str, books: County, page: Page
) -> None:
    page.goto(f"{site}/people/{books.people['李明']}/record")
    printed = page.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") >= 2
    page.emulate_media(media="print")
    assert page.locator("thead").evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert page.get_by_text("填表人：").is_visible()
    assert not page.get_by_role("navigation", name="主菜单").is_visible()
