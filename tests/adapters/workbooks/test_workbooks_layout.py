"""Other offices, other headings: sheets and columns are found, and what cannot be told is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.adapters.workbooks.making import (
    MEETINGS,
    ROSTER,
    book,
    meeting,
    member,
    read,
    read_one,
    refusal,
)


def test_title_rows_above_and_footers_below_are_no_rows() -> None:
    sheet = read_one(
        [
            ["清河县党员花名册（2026年度）"],
            ["填报单位：清河县委组织部", None, "填报时间：2026年11月20日"],
            [],
            ROSTER,
            member("甲明"),
            [],
            member("乙明"),
            ["合  计", None, None, "2人"],
            ["备注：1.本表一式两份"],
            ["制表人：", None, "审核人："],
            [None, None, None, None, "2026年11月20日"],
            ["（盖章）"],
            ["第 1 页"],
        ],
        "Sheet1",
    )
    assert (sheet.kind, sheet.header_row) == ("members", 4)
    assert [row.row_number for row in sheet.rows] == [5, 7]
    assert sheet.skipped == (8, 9, 10, 11, 12, 13)


def test_who_filled_in_a_table_does_not_name_it() -> None:
    sheet = read_one([["填报单位：甲村党支部"], MEETINGS, meeting()], "Sheet1")
    assert (sheet.kind, len(sheet.good)) == ("meetings", 1)


def test_rows_with_only_a_number_and_repeated_headings_are_passed_over() -> None:
    sheet = read_one(
        [
            ["序号", *ROSTER, "备注"],
            [1, *member("甲明"), "x"],
            ["序号", *ROSTER, "备注"],
            [2, *member("乙明")],
            [3],
            [4, *[None] * 8, "  "],
        ]
    )
    assert [row.cells["name"] for row in sheet.rows] == ["甲明", "乙明"]
    assert sheet.ignored_columns == ("序号", "备注")
    assert sheet.skipped == (3, 5, 6)


def test_a_row_that_is_only_begun_is_no_footer() -> None:
    sheet = read_one([ROSTER, ["李明"], [None, "男"], [None, None, None, None, None, None, "统计局党支部"]])
    assert [[error.code for error in row.errors] for row in sheet.rows] == [
        ["missing", "missing"],
        ["missing"] * 3,
        ["missing"] * 2,
    ]


def test_headings_of_two_levels() -> None:
    def merge(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        for block in ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"):
            sheet.merge_cells(block)

    rows: list[list[Any]] = [
        ["三会一课情况统计"],
        ["支部", "会议日期", "参会人数", None, "会议情况", None, "主持人"],
        [None, None, "应到", "实到", "类型", "内容", None],
        ["甲村党支部", "2026-03-05", 12, 11, "党课", "学习", "李明"],
    ]
    (sheet,) = read(book({"表一": rows}, merge)).sheets
    assert (sheet.kind, sheet.header_row, sheet.errors) == ("meetings", 3, ())
    assert [column.canonical for column in sheet.columns] == [
        "branch",
        "held_on",
        "eligible",
        "attending",
        "type",
        "topics",
        "chair",
    ]
    assert sheet.rows[0].cells["attending"] == 11


def test_a_heading_may_need_the_one_above_it() -> None:
    def merge(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        for block in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
            sheet.merge_cells(block)

    rows: list[list[Any]] = [
        ["姓名", "所在支部", "申请入党", None, "确定为积极分子", None],
        [None, None, "时间", "文号", "时间", "文号"],
        ["李明", "甲村党支部", "2024-01-01", "1号", "2024-08-01", "2号"],
    ]
    (sheet,) = read(book({"发展党员台账": rows}, merge)).sheets
    assert [column.heading for column in sheet.columns] == [
        "姓名",
        "所在支部",
        "申请入党时间",
        "确定为积极分子时间",
    ]
    assert sheet.rows[0].cells["activist_on"] == date(2024, 8, 1)
    assert sheet.ignored_columns == ("文号", "文号")


def test_a_merged_branch_holds_for_all_its_rows_and_a_merged_name_for_none() -> None:
    def merge(workbook: Any) -> None:
        workbook.worksheets[0].merge_cells("G2:G3")
        workbook.worksheets[0].merge_cells("A3:A4")

    rows: list[list[Any]] = [
        ROSTER,
        member("甲明"),
        [*member("乙明")[:6], None, None],
        [None, *member("丙明")[1:]],
    ]
    (sheet,) = read(book({"党员花名册": rows}, merge)).sheets
    assert sheet.rows[1].cells["branch"] == "甲村党支部"
    assert [error.code for error in sheet.rows[2].errors] == ["merged-key"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("身份证号", "公民身份号码"),
        ("入党时间", "加入党组织日期"),
        ("姓名", "姓名"),
        ("所在党支部", "所属支部"),
        ("联系电话", "手机号码"),
    ],
)
def test_two_columns_for_one_fact_refuse_the_sheet_and_name_both(first: str, second: str) -> None:
    headings = [*ROSTER[:-1], second] if second == "手机号码" else [*ROSTER, second]
    headings = [*headings, first] if first == "联系电话" else headings
    sheet = read_one([headings, [*member(), "x", "y"]])
    (error,) = sheet.errors
    assert error.code == "column-twice"
    assert first in error.reason
    assert second in error.reason
    assert sheet.rows == ()


def test_a_day_and_a_time_of_day_are_not_one_fact_but_two_days_are() -> None:
    headings = [*MEETINGS, "会议时间"]
    assert read_one([headings, [*meeting(), "14:30"]], "三会一课记录").errors == ()
    (error,) = read_one([headings, [*meeting(), "2026-03-06"]], "三会一课记录").errors
    assert error.code == "column-twice"


def test_the_plainer_of_two_headings_is_taken() -> None:
    sheet = read_one([[*MEETINGS, "会议主题"], [*meeting(), "另一件事"]], "三会一课记录")
    assert sheet.rows[0].cells["topics"] == "学习"
    assert sheet.ignored_columns == ("会议主题",)


def test_a_missing_column_is_named() -> None:
    sheet = read_one([["姓名", "性别", "民族"], ["李明", "男", "汉族"]])
    (error,) = sheet.errors
    assert (error.code, error.column, sheet.kind) == ("column-missing", "入党时间、所在党支部", "members")


def test_a_named_sheet_without_headings_says_so() -> None:
    (error,) = read_one([["李明", "男"], ["王芳", "女"]]).errors
    assert error.code == "header-missing"


def test_an_unknown_sheet_is_reported_and_the_others_are_read() -> None:
    workbook = read(book({"填表说明": [["请逐行填写"]], "党员花名册": [ROSTER, member()], "Sheet3": []}))
    unknown, roster, empty = workbook.sheets
    assert [error.code for error in unknown.errors] == ["sheet-unknown"]
    assert (unknown.kind, unknown.rows) == (None, ())
    assert len(roster.good) == 1
    assert (empty.kind, empty.errors) == (None, ())


def test_a_file_without_a_known_sheet_is_refused() -> None:
    assert refusal(book({"填表说明": [["请逐行填写"]]})) == "no-sheet-known"
    assert refusal(book({"Sheet1": []})) == "workbook-empty"


def test_a_wrong_sheet_name_gives_way_to_headings_that_are_complete() -> None:
    assert read_one([MEETINGS, meeting()], "党员花名册").kind == "meetings"
