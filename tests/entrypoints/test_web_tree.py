"""The tree on the pages: by day, with ended units and old names; what a change brings, before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, County
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from tests.entrypoints.web_tree import NEW, RENAMED, SMALL, changed_county
from workflows.entrypoints.web.site import create_app


@pytest.fixture(scope="module")
def books() -> County:
    """The county after its tree changed."""
    return changed_county()


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[TestClient]:
    """The site over it."""
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as client:
        yield client


def told(site: TestClient, path: str) -> str:
    """Return the text of a page."""
    answer = site.get(path)
    assert answer.status_code == 200, path
    return text_of(answer)


def test_the_tree_shows_each_unit_below_its_superior_with_people_and_secretary(site: TestClient) -> None:
    page = told(site, "/units")
    assert "账上的党组织 4 个，另有撤销的 1 个" in page
    assert f"1 {COMMITTEE} 党委 · 村 – – 含下级 28" in page
    assert f"2 {RENAMED} 曾用名 {BRANCH} 党支部 · 村 {COMMITTEE} 王建国 21 2027-03-20" in page
    assert f"4 {NEW} 党支部 · 村 {COMMITTEE} – 4 没有选举记录" in page
    assert SMALL not in page


def test_indentation_follows_the_depth_only_in_the_whole_tree(site: TestClient) -> None:
    assert site.get("/units").text.count('class="fix d1"') == 3
    assert (
        'class="fix d2"' in site.get("/units?ended=yes").text
    )  # what was merged stands below what took it in
    assert 'class="fix d' not in site.get("/units?level=branch").text


def test_units_that_are_no_more_are_shown_on_request_with_where_they_went(site: TestClient) -> None:
    page = told(site, "/units?ended=yes")
    assert f"{SMALL} 2026-09-01 并入{RENAMED}" in page.replace("2026-09-01  ", "2026-09-01 ")
    assert "2026-09-01 撤销" in page


@pytest.mark.parametrize(
    ("day", "there", "missing"),
    [
        ("2026-06-30", (BRANCH, SMALL), (RENAMED, NEW)),
        ("2026-07-01", (RENAMED, SMALL), (NEW,)),
        ("2026-08-31", (RENAMED, SMALL), (NEW,)),
        ("2026-09-01", (RENAMED,), (SMALL, NEW)),
        ("2026-10-11", (RENAMED,), (SMALL, NEW)),
        ("2026-10-12", (RENAMED, NEW), (SMALL,)),
    ],
)
def test_each_day_has_its_own_tree(
    site: TestClient, day: str, there: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    page = told(site, f"/units?as_of={day}")
    assert all(name in page for name in there)
    assert not any(name in page for name in missing)


def test_a_unit_is_found_by_a_former_name(site: TestClient) -> None:
    page = told(site, f"/units?q={BRANCH}")
    assert RENAMED in page
    assert COMMITTEE not in page.split("换届期限")[1].split(RENAMED)[0]
    assert "没有这样的党组织" in told(site, "/units?q=zzz")
    assert site.get("/units?ended=perhaps").status_code == 400


def test_a_branch_tells_its_former_names_where_it_came_from_and_what_was_split_off(
    site: TestClient, books: County
) -> None:
    page = told(site, f"/units/{books.units[BRANCH]}")
    assert f"曾用名 {BRANCH} 2011-06-20 至 2026-06-30" in page
    assert f"接收合并的{SMALL}" in page
    assert f"分出{NEW}" in page
    new = told(site, f"/units/{books.units[NEW]}")
    assert f"由{RENAMED}分出" in new
    assert "曾用名" not in new


def test_a_unit_that_never_changed_has_no_past_to_tell(site: TestClient, books: County) -> None:
    assert "沿革" not in told(site, f"/units/{books.units[COMMITTEE]}")
    assert "沿革" not in told(site, f"/units/{books.units[BRANCH]}?as_of=2026-06-30")


def test_the_home_of_a_merged_unit_leads_to_its_successor_and_to_its_last_day(
    site: TestClient, books: County
) -> None:
    path = f"/units/{books.units[SMALL]}"
    page = site.get(path)
    assert "起不再存在" in text_of(page)
    assert f'href="/units/{books.units[BRANCH]}"' in page.text
    assert f'href="{path}?as_of=2026-08-31"' in page.text
    last = told(site, f"{path}?as_of=2026-08-31")
    assert "起不再存在" not in last
    assert "3 人" in last


# --- what goes with a change --------------------------------------------------------------------------------


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own."""
    books = changed_county()
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


def acts(clerk: Clerk, command: str, unit: str = BRANCH) -> str:
    """Return where a unit is changed."""
    return f"/units/{clerk.books.units[unit]}/acts/{command}"


def test_a_merger_is_listed_before_it_is_saved_and_saved_as_listed(clerk: Clerk) -> None:
    path, other = acts(clerk, "merge_units"), str(clerk.books.units[OTHER])
    offered = clerk.site.get(path).text
    assert f'value="{other}"' in offered
    assert f'value="{clerk.books.units[COMMITTEE]}"' not in offered, "a branch takes in branches"
    fields = {"on": "2026-12-04", "units": other, "document": "青组〔2026〕20号"}
    clerk.open(path)
    before = clerk.count()
    page = text_of(clerk.post(path, "check", **fields))
    assert clerk.count() == before
    assert f"{OTHER}：并入{RENAMED}" in page
    assert f"{OTHER}的书记周桂英：职务终止" in page
    for name in ("周桂英", "吴海", "单立新"):
        assert f"正式党员{name}：转入{RENAMED}" in page
    assert f"入党申请人仇英：转入{RENAMED}" in page
    assert "人员 4 项" in page
    assert "党组织 1 项" in page
    assert "往期没有做到的" in page  # limits of periods long over are told by number
    assert clerk.post(path, "confirm", **fields).status_code == 303
    assert clerk.count() == before + 6  # the merger, the end of the other branch, four people
    home = told(clerk.site, f"/units/{other}")
    assert f"并入{RENAMED}" in home


def test_a_split_lists_the_new_branch_and_who_goes_there(clerk: Clerk) -> None:
    path = acts(clerk, "split_unit")
    fields = {"on": "2026-12-04", "into.0.name": "西坡党支部", "into.0.members": "党员05\n党员06\n党员07"}
    clerk.open(path)
    page = text_of(clerk.post(path, "check", **fields))
    assert "西坡党支部：新设" in page
    assert "正式党员党员05：转入西坡党支部" in page


def test_a_dissolution_lists_limits_that_go_along_with_people(clerk: Clerk) -> None:
    path = acts(clerk, "dissolve_unit", OTHER)
    fields = {"on": "2026-12-04", "members_to": str(clerk.books.units[BRANCH]), "reason": "人数不足"}
    clerk.open(path)
    page = text_of(clerk.post(path, "check", **fields))
    assert f"{OTHER}：撤销" in page
    assert f"随人转到{RENAMED}" in page


def test_a_refused_dissolution_lists_on_the_form_what_would_go_with_it(clerk: Clerk) -> None:
    path = acts(clerk, "dissolve_unit", OTHER)
    clerk.open(path)
    unasked = re.search(r'<select id="members_to"[^>]*>\s*<option value="([^"]*)"', clerk.site.get(path).text)
    assert unasked is not None
    assert unasked[1] == ""  # nobody goes anywhere by a list that was left alone
    before = clerk.count()
    answer = clerk.post(path, "check", on="2026-12-04", reason="人数不足")
    page = text_of(answer)
    assert answer.status_code == 422
    assert clerk.count() == before
    assert 'aria-describedby="members_to-h members_to-e"' in answer.text  # told where it is put right
    assert "如果办成，一并变动的" in page
    assert f"{OTHER}：撤销" in page
    assert f"{OTHER}的书记周桂英：职务终止" in page


def test_a_move_tells_under_whom_the_unit_comes_before_it_is_saved(clerk: Clerk) -> None:
    path = acts(clerk, "move_unit")
    clerk.open(path)
    page = text_of(clerk.post(path, "check", on="2026-12-04"))
    assert "一并变动的" in page
    assert f"{RENAMED}：不再有上级" in page


def test_only_units_that_are_there_on_the_day_can_be_chosen_by_the_name_of_that_day(clerk: Clerk) -> None:
    path = acts(clerk, "merge_units", OTHER)
    assert SMALL not in clerk.open(path)
    assert RENAMED in clerk.open(path)
    then = clerk.open(f"{path}?on=2026-06-30")
    assert SMALL in then
    assert BRANCH in then
    assert NEW not in then


def test_an_act_that_changes_no_tree_lists_nothing(clerk: Clerk) -> None:
    path = acts(clerk, "rename_unit")
    clerk.open(path)
    page = text_of(clerk.post(path, "check", on="2026-12-04", name="向阳村联合党支部"))
    assert "提交前请核对" in page
    assert "一并变动的" not in page
