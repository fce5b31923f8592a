"""履行情况 on the web: the table, the list behind each of its numbers, the page of a cell, the files."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
from docx import Document
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, County

SHAPES = {
    "缺": "missing",
    "无效": "invalid",
    "迟": "late",
    "待定": "refer",
    "未到": "pending",
    "已开": "met",
    "免": "exempt",
}
TILE = re.compile(r'<a href="([^"]+)"[^>]*><span class="st \w+">(\S+)</span> <span class="n">(\d+)</span>')


def tiles(html: str) -> dict[str, tuple[str, int]]:
    """Each tile by its verdict: where it leads, and its number."""
    return {SHAPES[word]: (unescape(path), int(count)) for path, word, count in TILE.findall(html)}


def listed(site: TestClient, path: str) -> list[str]:
    """The verdicts of the rows of a list, page after page."""
    found: list[str] = []
    while path:
        html = site.get(path).text
        body = html[html.index("<tbody>") : html.index("</tbody>")] if "<tbody>" in html else ""
        found += re.findall(r'class="key"><span class="st \w+">(\S+?)[ <]', body)
        more = re.search(r'<a href="([^"]+)" rel="next">', html)
        path = unescape(more[1]) if more else ""
    return found


def text_of(site: TestClient, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", site.get(path).text)).split())


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?rule=meet-theme-day",
        "?part=Q3",
        "?year=2026&part=11",
        "?as_of=2026-06-30",
        "?rule=meet-committee&part=Q1",
    ],
)
def test_every_tile_is_the_number_of_rows_its_link_lists(site: TestClient, asked: str) -> None:
    found = tiles(site.get(f"/compliance{asked}").text)
    assert set(found) == set(SHAPES.values())
    assert sum(count for _, count in found.values()) > 0
    for verdict, (path, count) in found.items():
        rows = listed(site, path)
        assert len(rows) == count
        assert {SHAPES[row] for row in rows} <= {verdict}


def test_a_tile_of_one_unit_counts_that_unit_and_all_below(site: TestClient, books: County) -> None:
    asked = "/compliance?rule=meet-theme-day"
    whole = tiles(site.get(asked).text)
    below = tiles(site.get(f"{asked}&unit={books.units[COMMITTEE]}").text)
    parts = [tiles(site.get(f"{asked}&unit={books.units[name]}").text) for name in (BRANCH, OTHER)]
    for verdict, (_, count) in whole.items():
        assert count == below[verdict][1] == sum(part[verdict][1] for part in parts)


def test_the_table_of_a_rule_has_its_months_and_says_what_is_wanting(site: TestClient) -> None:
    told = text_of(site, "/compliance?rule=meet-theme-day")
    assert "履行情况：主题党日" in told
    assert "《中国共产党党员教育管理工作条例》第十六条：每月相对固定一天开展主题党日" in told
    assert all(f"{month} 月" in told for month in range(1, 13))
    assert f"缺 ：{BRANCH} 11 月" in told
    assert "不排名次" in told


def test_units_are_left_to_those_with_a_verdict(site: TestClient) -> None:
    told = text_of(site, "/compliance?rule=meet-committee&verdict=met")
    table = told[told.index("已办/应办") : told.index("合计")]
    assert (BRANCH in table, OTHER in table) == (True, False)


def test_a_cell_tells_verdict_rule_arithmetic_records_and_ways(site: TestClient, books: County) -> None:
    told = text_of(site, f"/compliance/{books.units[BRANCH]}/meet-theme-day/2026-11")
    for part in (
        "11 月主题党日 缺", "应召开主题党日1次，没有记录。", "第十六条", "算数的 0 次 < 应有 1 次",
        "2026-11-01 至 2026-11-30", "这一期没有记录", "补录", "所属期间 2026-11", "规则 meet-theme-day",
    ):  # fmt: skip
        assert part in told, part
    held = text_of(site, f"/compliance/{books.units[BRANCH]}/meet-assembly/2026-Q1")
    for part in ("已开 02-10", "到会 19 ÷ 应到 21 ≈ 90%", "2026-02-10 召开会议", "算数"):
        assert part in held, part
    assert "可以怎样办" not in held


def test_a_cell_of_members_names_them_without_ranking(site: TestClient, books: County) -> None:
    told = text_of(site, f"/compliance/{books.units[BRANCH]}/edu-hours/2026")
    assert "名应达到" in told
    assert "王建国" in told
    assert "按姓名排列，不排名次" in told


@pytest.mark.parametrize(
    "path",
    [
        "/compliance/{unit}/meet-theme-day/2031-01", "/compliance/{unit}/meet-theme-day/soon",
        "/compliance/{unit}/no-such-rule/2026-01", "/compliance/x/meet-theme-day/2026-01",
    ],
)  # fmt: skip
def test_a_cell_that_is_not_there_is_told_so(site: TestClient, books: County, path: str) -> None:
    assert site.get(path.format(unit=books.units[BRANCH])).status_code == 404


@pytest.mark.parametrize(
    "asked", ["year=26", "year=二〇二六", "part=Q5", "verdict=fine", "rule=no-such", "unit=x"]
)
def test_what_cannot_be_asked_is_refused(site: TestClient, asked: str) -> None:
    assert site.get(f"/compliance?{asked}").status_code == 400


def test_a_past_day_is_marked_and_kept_in_every_link(site: TestClient) -> None:
    html = site.get("/compliance?as_of=2026-06-30&known_on=2026-07-15").text
    assert '<body class="past">' in html
    for path, _ in tiles(html).values():
        assert "as_of=2026-06-30" in path
        assert "known_on=2026-07-15" in path
    rows = text_of(site, "/compliance/list?verdict=missing&as_of=2026-06-30")
    assert "6 月，看依据" in rows
    assert "11 月，看依据" not in rows


def sheet(site: TestClient, path: str) -> list[tuple[object, ...]]:
    answer = site.get(path)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_files_have_the_rows_of_the_pages(site: TestClient) -> None:
    rows = sheet(site, "/compliance/list.xlsx?verdict=missing&year=2026")
    assert len(rows) - 1 == tiles(site.get("/compliance").text)["missing"][1]
    table = sheet(site, "/compliance.xlsx?rule=meet-theme-day")
    assert [row[1] for row in table[1:]] == [BRANCH, OTHER, "合计 2 个"]
    assert table[0][2:4] == ("1 月", "2 月")
    assert table[1][12] == "缺"
    assert site.get("/compliance.csv").text.startswith("﻿序号,支部,")


def test_the_menu_leads_there(site: TestClient) -> None:
    assert '<a href="/compliance">履行情况</a>' in site.get("/units").text


def test_the_bulletin_of_a_period_has_a_row_for_what_the_list_calls_missing_or_in_vain(
    site: TestClient,
) -> None:
    page = site.get("/compliance?part=Q3").text
    (path,) = re.findall(r'href="(/compliance/bulletin\.docx[^"]*)"', page)
    document = Document(io.BytesIO(site.get(unescape(path)).content))
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    listed_units = set()
    for verdict in ("missing", "invalid"):
        book = openpyxl.load_workbook(
            io.BytesIO(site.get(f"/compliance/list.xlsx?part=Q3&verdict={verdict}").content)
        )
        listed_units |= {row[1].value for row in list(book.worksheets[0].rows)[1:] if row[0].value}
    assert {row[0] for row in rows} == {str(unit) for unit in listed_units}
    assert all("《" in row[2] for row in rows)
    assert document.paragraphs[0].text == "关于2026年三季度按期事项履行情况的通报"


def test_a_year_in_which_nothing_was_asked_gives_no_bulletin(site: TestClient) -> None:
    refused = site.get("/compliance/bulletin.docx?year=1995")
    assert refused.status_code == 404
    assert "没有要求" in refused.text
