"""The child process: whatever a file does to its parser is one refusal; the values keep their types."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.adapters.workbooks.making import (
    MEETINGS,
    ROSTER,
    book,
    meeting,
    member,
    moment,
    read,
    refusal,
    repacked,
    shared_book,
)
from workflows.adapters.workbooks.cellcode import decode, encode
from workflows.adapters.workbooks.limits import STANDARD
from workflows.adapters.workbooks.reader import RawRow, RawSheet, open_raw
from workflows.adapters.workbooks.rows import ErrorValue, MonthShown, Spread, TimeOfDay, Uncalculated
from workflows.adapters.workbooks.xlsx import xlsx_records

SHEET = "xl/worksheets/sheet1.xml"
GOOD = {"党员花名册": [ROSTER, member()]}


def _raw(content: bytes) -> list[RawSheet | RawRow]:
    """Return what the parser reads, with all its coding but without a process of its own: it is faster."""
    lines: list[RawSheet | RawRow] = []
    for record in xlsx_records(io.BytesIO(content), STANDARD):
        if isinstance(record, list):
            number, hidden, cells = json.loads(json.dumps(record))
            lines.append(RawRow(number, bool(hidden), tuple(map(decode, cells))))
        else:
            lines.append(RawSheet(record["sheet"], record["hidden"]))
    return lines


def _cells(content: bytes) -> list[tuple[Any, ...]]:
    return [line.cells for line in _raw(content) if isinstance(line, RawRow)]


def test_numbers_days_and_texts_stay_what_they_are() -> None:
    row = ["1", 1, 1.5, True, date(2024, 1, 20), moment(2024, 1, 20, 14, 30), None, "  "]
    assert _cells(book({"表": [[*row, "x"]]})) == [
        ("1", 1, 1.5, True, date(2024, 1, 20), moment(2024, 1, 20, 14, 30), None, None, "x")
    ]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    rows = [
        line.number for line in _raw(book({"表": [[], ["a"], [], [None], ["b"]]})) if isinstance(line, RawRow)
    ]
    assert rows == [2, 5]


def test_days_of_the_1904_system_are_right() -> None:
    def mac(workbook: Any) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    assert _cells(book({"表": [[date(2024, 1, 20)]]}, mac)) == [(date(2024, 1, 20),)]


def test_a_formula_without_result_is_told_from_one_whose_result_is_empty() -> None:
    content = book({"表": [["=A2", "x"], ["=B2", "y"]]})
    assert _cells(content) == [(Uncalculated("=A2"), "x"), (Uncalculated("=B2"), "y")]

    def calculated(part: bytes) -> bytes:
        part = re.sub(rb'<c r="A1"><f>A2</f><v(?: ?/>|></v>)', b'<c r="A1" t="str"><f>A2</f><v></v>', part)
        return re.sub(rb'<c r="A2"><f>B2</f><v(?: ?/>|></v>)', b'<c r="A2"><f>B2</f><v>7</v>', part)

    assert _cells(repacked(content, {SHEET: calculated})) == [(None, "x"), (7, "y")]


def test_the_dates_that_chinese_excel_stores_by_number_alone_are_dates() -> None:
    """Number 31 is 年月日 and 57 is 年月; the file has no format for them."""
    content = book({"表": [[date(2024, 1, 20), date(2024, 1, 1), date(2024, 2, 3)]]})

    def styled(part: bytes) -> bytes:
        for cell, style in ((b"A1", b"1"), (b"B1", b"2"), (b"C1", b"2")):
            part = part.replace(b'<c r="%s" s="1"' % cell, b'<c r="%s" s="%s"' % (cell, style))
        return part.replace(b' t="d"', b"").replace(b' t="n"', b"")

    styles = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        b'<xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="57"/></cellXfs></styleSheet>'
    )
    cells = _cells(repacked(content, {SHEET: styled, "xl/styles.xml": styles}))
    assert cells == [(date(2024, 1, 20), MonthShown(date(2024, 1, 1)), date(2024, 2, 3))]


def test_styles_that_openpyxl_refuses_do_not_refuse_the_file() -> None:
    def filled(workbook: Any) -> None:
        workbook.worksheets[0]["A1"].fill = PatternFill("solid", fgColor="FF0000")

    content = book(GOOD, filled)
    odd = repacked(content, {"xl/styles.xml": lambda part: part.replace(b"patternFill", b"unknownFill")})
    assert len(read(odd).sheets[0].good) == 1


def test_a_cell_with_an_error_says_so() -> None:
    content = book({"表": [[1, "x"]]})
    broken = repacked(
        content,
        {SHEET: lambda part: part.replace(b'<c r="A1" t="n"><v>1</v>', b'<c r="A1" t="e"><v>#N/A</v>')},
    )
    assert _cells(broken) == [(ErrorValue("#N/A"), "x")]


def test_a_reference_to_no_shared_string_is_an_error_of_the_cell() -> None:
    content = shared_book("表", [["x", "y"]])
    assert _cells(content) == [("x", "y")]
    broken = repacked(content, {SHEET: lambda part: part.replace(b"<v>0</v>", b"<v>99</v>")})
    assert _cells(broken) == [(ErrorValue("#VALUE!"), "y")]


def test_hidden_sheets_and_rows_are_read_and_marked() -> None:
    def hide(workbook: Any) -> None:
        workbook.worksheets[0].sheet_state = "veryHidden"
        workbook.worksheets[0].row_dimensions[2].hidden = True
        workbook.create_sheet("空")

    lines = _raw(book({"表": [["a"], ["b"]]}, hide))
    assert lines == [
        RawSheet("表", True),
        RawRow(1, False, ("a",)),
        RawRow(2, True, ("b",)),
        RawSheet("空", False),
    ]


def test_a_vertically_merged_block_gives_its_value_to_its_lower_rows() -> None:
    def merge(workbook: Any) -> None:
        workbook.worksheets[0].merge_cells("A1:A3")
        workbook.worksheets[0].merge_cells("B1:C1")

    rows = [["甲支部", "x", None], [None, "y", None], [None, "z", "w"], ["乙支部", "v", None]]
    assert _cells(book({"表": rows}, merge)) == [
        ("甲支部", "x"),
        (Spread("甲支部"), "y"),
        (Spread("甲支部"), "z", "w"),
        ("乙支部", "v"),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("XFD1048576", "too-many-rows"), ("XFD2", "too-many-columns"), ("A200001", "too-many-rows")],
)
def test_a_far_cell_is_refused_at_once(cell: str, code: str) -> None:
    def far(workbook: Any) -> None:
        workbook.worksheets[0][cell] = "x"

    assert refusal(book(GOOD, far), limits=replace(STANDARD, cpu_seconds=5)) == code


def test_content_below_many_empty_rows_is_read_and_not_cut() -> None:
    rows = [ROSTER, member("甲明"), *[[] for _ in range(500)], member("乙明")]
    (sheet,) = read(book({"党员花名册": rows})).sheets
    assert [row.row_number for row in sheet.rows] == [2, 503]


def test_a_million_rows_that_are_only_formatted_cost_little() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (at, at) for at in range(3, 400_000))
    content = repacked(
        book(GOOD), {SHEET: lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>")}
    )
    assert len(read(content, limits=replace(STANDARD, cpu_seconds=5)).sheets[0].rows) == 1


def test_more_rows_than_allowed_are_refused_and_not_cut() -> None:
    rows = [MEETINGS, *[meeting() for _ in range(60)]]
    assert refusal(book({"三会一课记录": rows}), limits=replace(STANDARD, rows=50)) == "too-many-rows"


def test_a_cell_that_excel_could_not_hold_is_refused() -> None:
    content = shared_book("表", [["x"]])
    strings = repacked(
        content, {"xl/sharedStrings.xml": lambda part: part.replace(b">x<", b">" + b"x" * 40_000 + b"<")}
    )
    assert refusal(strings) == "cell-too-long"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_a_parser_that_needs_too_much_memory_is_ended_and_only_it() -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    strings += (b"<si><t>" + b"x" * 200_000 + b"</t></si>") * 250 + b"</sst>"
    content = repacked(shared_book("党员花名册", [ROSTER]), {"xl/sharedStrings.xml": strings})
    assert refusal(content, limits=replace(STANDARD, memory_bytes=64 << 20)) == "too-heavy"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of processor time there")
def test_a_parser_that_needs_too_long_is_ended() -> None:
    cells = b"".join(b"<c><v>1</v></c>" for _ in range(20))
    rows = b"".join(b'<row r="%d">%b</row>' % (at, cells) for at in range(3, 400_000))
    content = repacked(
        book(GOOD), {SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")}
    )
    assert refusal(content, limits=replace(STANDARD, cpu_seconds=1, rows=400_000)) == "too-heavy"


def test_a_parser_that_says_nothing_for_too_long_is_ended() -> None:
    """Rows that are only formatted, with something at their end: a second and more without a line."""
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (at, at) for at in range(3, 1_000_000))
    end = b'<row r="1000001"><c r="A1000001"><v>1</v></c></row></sheetData>'
    content = repacked(book(GOOD), {SHEET: lambda part: part.replace(b"</sheetData>", empty + end)})
    assert refusal(content, limits=replace(STANDARD, silent_seconds=1)) == "too-heavy"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", SHEET, "xl/styles.xml"])
def test_broken_markup_is_one_refusal(part: str) -> None:
    content = shared_book("党员花名册", [ROSTER])
    assert refusal(repacked(content, {part: lambda markup: markup[: len(markup) // 2]})) == "unreadable"


def test_a_sheet_whose_part_is_missing_is_refused() -> None:
    assert refusal(repacked(book(GOOD | {"表": [["x"]]}), {"xl/worksheets/sheet2.xml": None})) == "zip-broken"


def test_rows_out_of_order_are_refused() -> None:
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    content = repacked(book(GOOD), {SHEET: lambda part: part.replace(b"</sheetData>", row + b"</sheetData>")})
    assert refusal(content) == "unreadable"


def test_the_child_learns_nothing_of_our_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    from workflows.adapters.workbooks.reader import _environment

    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", "/secret")
    assert not [name for name in _environment() if name.startswith("ZHIBU")]


def test_reading_leaves_no_process_behind_when_it_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(book({"三会一课记录": [MEETINGS, *[meeting() for _ in range(3000)]]}))
    others = _children()  # a database server of other tests, say
    with open_raw(path) as raw:
        next(raw.lines)
    assert _children() <= others


def _children() -> set[str]:
    """Return the processes begun by this one, where the system tells."""
    if sys.platform != "linux":
        return set()
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


@pytest.mark.parametrize(
    "value",
    [
        None,
        "x",
        1,
        1.5,
        True,
        date(2024, 1, 20),
        moment(2024, 1, 20, 1, 2),
        MonthShown(date(2024, 1, 1)),
        TimeOfDay("12:30:00"),
        ErrorValue("#N/A"),
        Uncalculated("=A1"),
        Spread(date(2024, 1, 20)),
        Spread(None),
    ],
)
def test_every_cell_survives_its_way_to_the_parent(value: Any) -> None:
    assert decode(encode(value)) == value


def test_a_number_that_is_none_becomes_an_error() -> None:
    assert encode(float("inf")) == encode(float("nan")) == ["x", "#NUM!"]
