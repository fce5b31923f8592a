"""What a row is refused or flagged for, and what its typed cells are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.adapters.workbooks.making import (
    MEETINGS,
    ROSTER,
    TODAY,
    book,
    meeting,
    member,
    number,
    read,
    read_one,
    repacked,
)
from workflows.adapters.workbooks.rows import CellError, Row

SHEET = "xl/worksheets/sheet1.xml"
COURSE = [
    "姓名",
    "出生日期",
    "所在党支部",
    "申请入党时间",
    "谈话时间",
    "确定为入党积极分子时间",
    "确定为发展对象时间",
]
COURSE += ["政治审查时间", "集中培训时间", "公示开始时间", "支部大会接收时间", "上级党委审批时间", "转正时间"]
UNITS = [
    "支部名称",
    "上级党组织",
    "类别",
    "成立时间",
    "本届选举时间",
    "任期(年)",
    "书记",
    "委员会成员",
    "党小组数",
]


def _member(**cells: Any) -> Row:
    return read_one([ROSTER, member(**cells)]).rows[0]


def _meeting(**cells: Any) -> Row:
    return read_one([MEETINGS, meeting(**cells)], "三会一课记录").rows[0]


def _codes(row: Row) -> list[tuple[str, str]]:
    return [(error.column, error.code) for error in row.errors]


def _rules(row: Row) -> list[str]:
    return [flag.rule for flag in row.flags]


def test_a_good_member() -> None:
    row = _member()
    assert (row.errors, row.flags, row.row_number, row.sheet) == ((), (), 2, "党员花名册")
    assert row.cells == {
        "name": "李明",
        "sex": "male",
        "ethnicity": None,
        "born_on": date(1980, 5, 6),
        "identity_number": number(),
        "education": None,
        "admitted_on": date(2001, 7, 1),
        "full_since": date(2002, 7, 1),
        "branch": "甲村党支部",
        "posts": (),
        "phone": "13812345678",
    }
    assert row.raw["name"] == row.written[0] == "李明"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"name": None}, "姓名", "missing"),
        ({"name": "　"}, "姓名", "missing"),
        ({"name": "/"}, "姓名", "missing"),
        ({"name": "\u200b\x1f"}, "姓名", "missing"),
        ({"所在党支部": "\u200b"}, "所在党支部", "missing"),
        ({"name": "李" * 61}, "姓名", "name-long"),
        ({"name": "李" * 2001}, "姓名", "too-long"),
        ({"身份证号": 110101199003071234}, "身份证号", "identity-not-text"),
        ({"身份证号": "410105198005060012"}, "身份证号", "identity-check"),
        ({"入党时间": None}, "入党时间", "missing"),
        ({"入党时间": "—"}, "入党时间", "missing"),
        ({"入党时间": "不详"}, "入党时间", "date-unreadable"),
        ({"入党时间": 2001.1}, "入党时间", "date-incomplete"),
        ({"入党时间": "2099年"}, "入党时间", "date-future"),
        ({"入党时间": TODAY + timedelta(days=1)}, "入党时间", "date-future"),
        ({"转正时间": "2002-02-30"}, "转正时间", "date-impossible"),
        ({"出生日期": "1980年5月"}, "出生日期", "date-incomplete"),
        ({"所在党支部": None}, "所在党支部", "missing"),
    ],
)
def test_a_member_is_refused_for(cells: dict[str, Any], column: str, code: str) -> None:
    row = _member(**cells)
    assert _codes(row) == [(column, code)]
    assert row.flags == ()
    assert all(error.reason and error.remedy for error in row.errors)


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    row = _member(name=None, 身份证号="1", 入党时间="不详")
    assert [code for _column, code in _codes(row)] == ["missing", "identity-length", "date-unreadable"]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"出生日期": date(1980, 5, 7)}, "input-born-mismatch"),
        ({"性别": "女"}, "input-sex-mismatch"),
        ({"性别": "未知"}, "input-sex"),
        ({"联系电话": "12345"}, "input-phone"),
        ({"身份证号": number(area="990101")}, "input-area-code"),
        ({"转正时间": date(2001, 6, 1)}, "input-date-order"),
        ({"转正时间": None}, "input-full-missing"),
    ],
)
def test_a_member_is_flagged_for(cells: dict[str, Any], rule: str) -> None:
    row = _member(**cells)
    assert _rules(row) == [rule]
    assert row.errors == ()
    assert all(flag.message for flag in row.flags)


def test_flags_show_no_number_in_full() -> None:
    phone = _member(联系电话="138123456789").flags[0].message
    area = _member(身份证号=number(area="990101")).flags[0].message
    assert "138****6789" in phone
    assert number(area="990101") not in area


def test_a_probationary_member_within_two_years_is_not_flagged() -> None:
    assert _member(入党时间=TODAY - timedelta(days=400), 转正时间="未转正").flags == ()


def test_the_day_of_birth_comes_from_the_number_where_the_sheet_has_none() -> None:
    assert _member(出生日期=None).cells["born_on"] == date(1980, 5, 6)


def test_a_column_that_asks_for_the_month_only_takes_the_day_from_the_number() -> None:
    headings = ["出生年月" if heading == "出生日期" else heading for heading in ROSTER]
    rows = [
        member(出生日期="1980.05"),
        member(出生日期=1980.5),
        member(出生日期="1980年6月"),
        member(出生日期="1980.05", 身份证号=None),
    ]
    read_rows = read_one([headings, *rows]).rows
    assert [row.cells["born_on"] for row in read_rows] == [date(1980, 5, 6), date(1980, 5, 6), None, None]
    assert [_codes(row) for row in read_rows] == [[], [], *[[("出生年月", "date-incomplete")]] * 2]


def test_a_formula_without_result_is_an_error_of_its_cell_but_not_in_an_unread_column() -> None:
    (sheet,) = read(book({"党员花名册": [[*ROSTER, "备注"], [*member(入党时间="=A1"), "=A1"]]})).sheets
    assert _codes(sheet.rows[0]) == [("入党时间", "formula-empty")]
    broken = book({"党员花名册": [ROSTER, member(联系电话=1)]})
    broken = repacked(broken, {SHEET: lambda part: part.replace(b't="n"><v>1</v>', b't="e"><v>#REF!</v>')})
    assert _codes(read(broken).sheets[0].rows[0])[-1] == ("联系电话", "error-value")


def test_hidden_rows_and_sheets_are_flagged() -> None:
    def hide(workbook: Any) -> None:
        workbook.worksheets[0].row_dimensions[2].hidden = True
        workbook.worksheets[0].sheet_state = "hidden"
        workbook.create_sheet("Sheet2")

    sheet = read(book({"党员花名册": [ROSTER, member()]}, hide)).sheets[0]
    assert [flag.rule for flag in sheet.flags] == ["input-hidden-sheet"]
    assert _rules(sheet.rows[0]) == ["input-hidden-row"]


def test_a_good_meeting() -> None:
    assert _meeting().cells == {
        "branch": "甲村党支部",
        "held_on": date(2026, 3, 5),
        "type": "party_lecture",
        "eligible": 12,
        "attending": 11,
        "chair": "李明",
        "lecturer": None,
        "topics": "学习",
    }


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"实到人数": 13}, "实到人数", "attending-over"),
        ({"实到人数": "13人"}, "实到人数", "attending-over"),
        ({"实到人数": -1}, "实到人数", "count-negative"),
        ({"实到人数": 2.5}, "实到人数", "count-fraction"),
        ({"应到人数": "若干"}, "应到人数", "count-text"),
        ({"应到人数": 0, "实到人数": None}, "应到人数", "count-zero"),
        ({"应到人数": True}, "应到人数", "count-text"),
        ({"类型": "茶话会"}, "类型", "meeting-unknown"),
        ({"类型": None}, "类型", "missing"),
        ({"日期": None}, "日期", "missing"),
        ({"日期": "2026-W10-4"}, "日期", "date-week"),
        ({"党支部": "无"}, "党支部", "missing"),
    ],
)
def test_a_meeting_is_refused_for(cells: dict[str, Any], column: str, code: str) -> None:
    assert _codes(_meeting(**cells)) == [(column, code)]


def test_a_meeting_of_nobody_is_flagged_and_unknown_numbers_are_not() -> None:
    assert _rules(_meeting(实到人数=0)) == ["input-nobody"]
    row = _meeting(应到人数=None, 实到人数="—", 主持人=None, 主要内容="无")
    assert (row.errors, row.flags) == ((), ())
    assert (row.cells["eligible"], row.cells["attending"], row.cells["topics"]) == (None, None, "无")


def _course(*days: str) -> Row:
    return read_one([COURSE, ["李明", "1990-01-01", "甲村党支部", *days]], "发展党员台账").rows[0]


def test_a_course_in_order_has_no_flag() -> None:
    days = "2022-01-01 2022-01-20 2022-08-01 2023-08-01 2023-09-01 2023-10-01 2023-10-15"
    days += " 2023-11-01 2023-12-01 2024-11-01"
    row = _course(*days.split())
    assert (row.errors, row.flags) == ((), ())
    assert row.cells["trained_on"] == date(2023, 10, 1)


def test_days_out_of_order_are_flagged_with_both_headings_and_days() -> None:
    (flag,) = _course("2024-08-09", "2024-07-10").flags
    assert (flag.rule, flag.column) == ("input-date-order", "申请入党时间、谈话时间")
    assert flag.message == "谈话时间（2024-07-10）早于申请入党时间（2024-08-09）"


def test_a_step_left_out_does_not_hide_the_order() -> None:
    row = _course("2022-01-01", "2022-01-20", "/", "2022-01-10")
    assert [flag.column for flag in row.flags] == ["谈话时间、确定为发展对象时间"]


def test_review_training_and_notice_are_compared_with_the_steps_around_them() -> None:
    days = "2022-01-01 2022-01-20 2022-08-01 2023-08-01 2023-07-01 2023-12-01 2023-12-02 2023-11-01"
    assert [flag.column for flag in _course(*days.split()).flags] == [
        "确定为发展对象时间、政治审查时间",
        "集中培训时间、支部大会接收时间",
        "公示开始时间、支部大会接收时间",
    ]


def test_a_span_of_days_is_taken_by_its_proper_end_and_flagged() -> None:
    days = "2022-01-01 2022-01-20 2022-08-01 2023-08-01 2023-09-01"
    days += " 2023.9.20-2023.9.24 2023年10月8日至14日 2023-11-01"
    row = _course(*days.split())
    assert (row.cells["trained_on"], row.cells["notice_on"]) == (date(2023, 9, 24), date(2023, 10, 8))
    assert _rules(row) == ["input-date-range"] * 2


def _unit(**cells: Any) -> Row:
    row = {
        "支部名称": "甲村党支部",
        "上级党组织": "清河县城关镇党委",
        "类别": "行政村",
        "成立时间": "1990-01-23",
        "本届选举时间": "2021-12-20",
        "任期(年)": 5,
        "书记": "林　鑫",
        "委员会成员": "林鑫、陈霞、黄伟",
        "党小组数": 2,
    }
    return read_one([UNITS, [*(row | cells).values()]], "支部基本情况").rows[0]


def test_a_good_unit() -> None:
    row = _unit()
    assert (row.errors, row.flags) == ((), ())
    assert row.cells == {
        "name": "甲村党支部",
        "superior": "清河县城关镇党委",
        "kind": "village",
        "established_on": date(1990, 1, 23),
        "elected_on": date(2021, 12, 20),
        "term_years": 5,
        "secretary": "林鑫",
        "committee": ("林鑫", "陈霞", "黄伟"),
        "cell_count": 2,
    }


@pytest.mark.parametrize(
    ("cells", "rule", "canonical"),
    [
        ({"任期(年)": "若干"}, "input-term", "term_years"),
        ({"类别": "其他"}, "input-kind", "kind"),
        ({"党小组数": "若干"}, "input-count", "cell_count"),
        ({"成立时间": "2022-01-01"}, "input-date-order", ""),
    ],
)
def test_a_unit_is_flagged_for(cells: dict[str, Any], rule: str, canonical: str) -> None:
    row = _unit(**cells)
    assert (row.errors, _rules(row)) == ((), [rule])
    assert not canonical or row.cells[canonical] is None


def test_an_empty_unit_cell_is_unknown_and_no_flag() -> None:
    row = _unit(**dict.fromkeys(UNITS[1:]))
    assert (row.errors, row.flags) == ((), ())
    assert row.cells["committee"] == ()


def test_a_row_can_be_refused_later_for_what_only_the_books_know() -> None:
    row = _meeting().refused_for(CellError("党支部", "乙", "unknown-branch", {"text": "乙"}))
    assert _codes(row) == [("党支部", "unknown-branch")]
    assert row.errors[0].reason == "没有这个党支部：乙"
