"""换届: the page of terms, its filters and files; the committee of a branch; the same in a terminal."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.cli_support import Books, answered, runner
from tests.entrypoints.web_county import BRANCH, OTHER, County
from tests.entrypoints.web_forms import text_of
from workflows.entrypoints.web.pages.terms import WIDTH, Scale
from workflows.entrypoints.web.pages.units import persons_of
from workflows.kernel.clock import moment_of

JSON = ("--format", "json")


def test_the_terms_of_all_branches_stand_with_the_most_urgent_first(site: TestClient, books: County) -> None:
    page = site.get("/terms")
    assert page.status_code == 200
    told = text_of(page)
    assert told.index(OTHER) < told.index(BRANCH)
    assert "2021-11-10 至 2026-11-10" in told or "2021-11-10 至 2024-11-10" in told
    assert "style=" not in page.text
    assert page.text.count('role="img"') == 2


def test_a_status_and_a_name_choose_the_rows(site: TestClient) -> None:
    over = text_of(site.get("/terms?status=overdue"))
    assert OTHER in over
    assert BRANCH not in over.split("下一步")[-1]
    assert "没有符合条件的党组织" in text_of(site.get("/terms?status=none"))
    assert OTHER not in text_of(site.get("/terms", params={"q": BRANCH})).split("下一步")[-1]


def test_the_list_is_saved_as_a_workbook_and_as_csv(site: TestClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(site.get("/terms.xlsx").content))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert any(OTHER in row for row in cells)
    assert OTHER in site.get("/terms.csv").content.decode("utf-8-sig")


def test_a_branch_shows_its_committee_with_how_and_since_when(site: TestClient, books: County) -> None:
    told = text_of(site.get(f"/units/{books.units[BRANCH]}"))
    assert "支部委员会 换届" in told
    assert "2022-03-20 起" in told


def test_who_holds_two_posts_of_a_committee_is_one_person_of_it() -> None:
    told = [
        ("1", "李", "organization"),
        ("1", "李", "secretary"),
        (None, "赵", "publicity"),
        (None, "钱", "member"),
    ]
    assert persons_of([{"person_id": one, "person": name, "post": post} for one, name, post in told]) == 3


def test_a_line_of_time_holds_every_day_shown() -> None:
    scale = Scale(date(2020, 1, 1), date(2030, 1, 1))
    assert scale.x(date(2020, 1, 1)) == 0
    assert scale.x(date(2030, 1, 1)) == scale.x(date(2040, 1, 1)) == WIDTH
    places = [x for _, x in scale.labels]
    assert all(after - before >= 40 for before, after in pairwise(places))


def test_the_command_line_tells_terms_vacancies_and_what_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    books = Books()
    books.clock.put(moment_of(date(2026, 9, 1)))
    unit = books.act("establish_unit", date(2015, 1, 1), name="甲支部", kind="organ")
    for name in ("李四", "赵一", "钱二", "孙三", "周五", "吴六", "郑七"):
        books.act("register_member", None, unit=unit, name=name, full_since=date(2010, 7, 1))
    posts = {"李四": "secretary", "赵一": "organization", "钱二": "publicity"}
    books.act("elect_committee", date(2024, 1, 10), unit=unit, eligible=7, attending=7, posts=posts)
    books.act("approve_officers", date(2024, 1, 20), unit=unit)
    run = runner(monkeypatch, books)
    ended = '{"person": "李四", "post": "secretary"}'
    answered(run("record", "end_post", "--unit", "甲支部", "--on", "2026-03-01", "--with", ended, *JSON))
    acting = '{"person": "赵一", "document": "3号"}'
    answered(
        run("record", "entrust_acting", "--unit", "甲支部", "--on", "2026-03-05", "--with", acting, *JSON)
    )
    (row,) = answered(run("terms", "--on", "2026-09-01", *JSON))["rows"]
    assert (row["status"], row["term_until"], row["latest_on"]) == ("near", "2027-01-10", "2028-01-10")
    assert row["vacancies"][0]["post"] == "secretary"
    assert (row["vacancies"][0]["months"], row["vacancies"][0]["days"]) == (6, 184)
    assert [one["person"] for one in row["acting"]] == ["赵一"]
    assert [(s["step"], s["due_on"]) for s in row["steps"] if s["open"]] == [
        ("file_committee", None),
        ("issue_term_reminder", "2026-07-10"),
        ("request_election", "2026-12-10"),
        ("elect_committee", "2027-01-10"),
    ]
    told = run("terms", "--on", "2026-09-01").output
    assert "六个月内到期" in told
    assert "赵一（主持工作）" in told
    (early,) = answered(run("terms", "--on", "2026-02-28", *JSON))["rows"]
    assert (early["status"], early["vacancies"], early["acting"]) == ("running", [], [])
