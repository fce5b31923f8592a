"""花名册: the page of a day, its filters and files, and what changed between two days."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, ID_NUMBER, PHONE, County
from tests.entrypoints.web_forms import text_of


def test_the_count_of_the_branch_is_that_of_the_rows_behind_it(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    home = text_of(site.get(f"/units/{unit}"))
    page = site.get(f"/roster?unit={unit}")
    assert page.status_code == 200
    assert "党员 22 人（正式 21，预备 1）" in text_of(page)
    assert "22 人 正式 21 · 预备 1" in home
    assert f'href="/roster?unit={unit}"' in site.get(f"/units/{unit}").text
    assert "共 22 人" in text_of(page)


def test_a_roster_is_of_any_day_and_of_all_units_below(site: TestClient, books: County) -> None:
    unit, above = books.units[BRANCH], books.units[COMMITTEE]
    before = text_of(site.get(f"/roster?unit={unit}&on=2026-01-19"))
    assert "党员 21 人（正式 21，预备 0）" in before
    assert "李明" not in before
    assert "党员 25 人（正式 24，预备 1）" in text_of(site.get(f"/roster?unit={above}"))
    trained = text_of(site.get(f"/roster?unit={unit}&kind=activist"))
    assert "张雨桐" in trained
    assert "王建国" not in trained
    assert "请选" in text_of(site.get("/roster"))


def test_a_roster_is_filtered_by_name_and_kind(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    page = text_of(site.get(f"/roster?unit={unit}&kind=probationary"))
    assert "李明" in page
    assert "第二党小组" in page
    assert "王建国 正式党员" not in page
    assert "共 1 人" in text_of(site.get(f"/roster?unit={unit}&q=wjg"))
    assert site.get(f"/roster?unit={unit}&kind=nobody").status_code == 400
    assert site.get("/roster?unit=x").status_code == 400
    assert site.get(f"/roster?unit={unit}&on=2026-13-01").status_code == 400


def test_the_workbook_has_the_same_people_and_masked_numbers(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    answer = site.get(f"/roster.xlsx?unit={unit}")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    flat = [str(value) for row in rows for value in row if value is not None]
    assert "李明" in flat
    assert "书记" in flat
    assert not any(ID_NUMBER in value or PHONE in value for value in flat)
    assert site.get("/roster.csv").status_code == 400
    assert "李明" in site.get(f"/roster.csv?unit={unit}").content.decode("utf-8-sig")


def test_changes_are_told_with_their_records(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    page = site.get(f"/roster/changes?unit={unit}&since=2026-01-01&until=2026-12-04")
    told = text_of(page)
    assert "2026-01-01 党员 21 人" in told
    assert "2026-12-04 党员 22 人" in told
    assert "增加 1" in told
    assert "审批接收预备党员" in told or "批准接收" in told
    assert site.get(f"/roster/changes?unit={unit}&since=2026-12-05&until=2026-12-04").status_code == 400
    assert site.get("/roster/changes").status_code == 400
    made = site.get(f"/roster/changes.csv?unit={unit}&since=2026-01-01&until={date(2026, 12, 4)}")
    assert "李明" in made.content.decode("utf-8-sig")
