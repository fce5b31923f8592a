"""The tree on the pages: by day, ended units on request, former names, where a unit came from and went."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, County
from tests.entrypoints.web_forms import CLERK, HERE, text_of
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
