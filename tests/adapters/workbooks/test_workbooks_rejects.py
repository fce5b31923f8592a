"""The refused rows go back to the user as a workbook that, once mended, imports as it is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.adapters.workbooks.making import (
    MEETINGS,
    ROSTER,
    TODAY,
    book,
    meeting,
    member,
    moment,
    read,
    read_one,
)
from tests.support.office import Converted
from workflows.adapters.workbooks.rejects import ERROR_HEADING, write_rejects
from workflows.adapters.workbooks.remarks import RemarkLine
from workflows.adapters.workbooks.rows import CellError, Workbook
from workflows.adapters.workbooks.workbook import read_workbook

DATA = Path(__file__).parents[2] / "data"


def _rejects(workbook: Workbook) -> bytes:
    target = io.BytesIO()
    write_rejects(target, workbook, TODAY)
    return target.getvalue()


@pytest.mark.parametrize("name", ["county.xlsx", "county-office.xlsx"])
def test_exactly_the_refused_rows_come_back_with_the_users_own_cells(name: str) -> None:
    workbook = read_workbook(DATA / name, today=TODAY)
    again = read(_rejects(workbook), "退回.xlsx")
    for sheet in again.sheets:
        origin = next(each for each in workbook.sheets if each.name == sheet.name)
        assert sheet.kind == origin.kind
        assert sheet.header_row == 1
        assert sheet.ignored_columns == (*origin.ignored_columns, ERROR_HEADING)
        assert [row.raw for row in sheet.rows] == [row.raw for row in origin.refused]
        assert [row.errors for row in sheet.rows] == [row.errors for row in origin.refused]
    assert sum(len(sheet.rows) for sheet in again.sheets) == sum(
        len(sheet.refused) for sheet in workbook.sheets
    )


def test_the_mended_file_imports_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "退回.xlsx"
    workbook = read(
        book({"党员花名册": [["党员花名册"], [*ROSTER, "备注"], [*member(name=None), "甲"], member("乙明")]})
    )
    assert write_rejects(path, workbook, TODAY) == 1
    mended = openpyxl.load_workbook(path)
    mended["党员花名册"]["A2"] = "甲明"
    mended.save(path)
    (sheet,) = read_workbook(path, today=TODAY).sheets
    (row,) = sheet.good
    assert row.cells["name"] == "甲明"
    assert row.cells["identity_number"] == workbook.sheets[0].good[0].cells["identity_number"]
    assert row.written[8] == "甲"


def test_a_row_refused_again_gets_one_column_of_errors() -> None:
    first = Workbook((read_one([ROSTER, member(name=None)]),), "")
    second = read(_rejects(read(_rejects(first))))
    assert second.sheets[0].headings == (*ROSTER, ERROR_HEADING)


def test_no_refused_row_makes_no_file(tmp_path: Path) -> None:
    assert write_rejects(tmp_path / "x.xlsx", Workbook((read_one([ROSTER, member()]),), ""), TODAY) == 0
    assert not (tmp_path / "x.xlsx").exists()


def test_cells_keep_their_types_and_nothing_becomes_a_formula_or_a_link() -> None:
    cells: dict[str, Any] = {
        "日期": moment(2026, 3, 5, 14, 30),
        "主持人": '=HYPERLINK("http://203.0.113.9/")',
        "主要内容": "http://203.0.113.9/",
        "实到人数": 99,
    }
    content = _rejects(Workbook((read_one([MEETINGS, meeting(**cells)], "三会一课记录"),), ""))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["三会一课记录"]
    assert [cell.value for cell in sheet[2]][:7] == [
        "甲村党支部",
        moment(2026, 3, 5, 14, 30),
        "党课",
        12,
        99,
        '=HYPERLINK("http://203.0.113.9/")',
        "http://203.0.113.9/",
    ]
    assert {cell.data_type for cell in sheet[2]} == {"s", "d", "n"}
    assert not [cell for row in sheet for cell in row if cell.hyperlink]
    assert "实到99人多于应到12人" in sheet["H2"].value
    assert sheet["H1"].value == ERROR_HEADING


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "{=1+1}", "＝1", "http://203.0.113.9/"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    made = _rejects(Workbook((read_one([[*ROSTER, "备注"], [*member(name=None), text]]),), ""))
    cell = openpyxl.load_workbook(io.BytesIO(made))["党员花名册"]["I2"]
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_identity_and_phone_columns_are_text_also_where_a_number_stood() -> None:
    workbook = read(book({"党员花名册": [ROSTER, member(身份证号=110101199003071234, 联系电话=13812345678)]}))
    sheet = openpyxl.load_workbook(io.BytesIO(_rejects(workbook)))["党员花名册"]
    for cell in ("D2", "H2"):
        assert (sheet[cell].data_type, sheet[cell].number_format) == ("s", "@")
    assert sheet["H2"].value == "13812345678"
    assert sheet.column_dimensions["D"].number_format == "@" or sheet["D3"].number_format == "@"


def test_a_sheet_known_only_by_its_title_row_is_known_again() -> None:
    rows = [["党员花名册"], ["姓名", "入党日期", "支部"], ["李明", "不详", "甲村党支部"]]
    workbook = read(book({"Sheet1": rows}))
    (sheet,) = read(_rejects(workbook)).sheets
    assert sheet.kind == "members"
    assert len(sheet.refused) == 1


def test_errors_found_later_are_written_too() -> None:
    sheet = read_one([MEETINGS, meeting()], "三会一课记录")
    row = sheet.rows[0].refused_for(CellError("党支部", "甲", "unknown-branch", {"text": "甲"}))
    made = openpyxl.load_workbook(io.BytesIO(_rejects(Workbook((replace(sheet, rows=(row,)),), ""))))
    assert made["三会一课记录"]["H2"].value.startswith("【党支部】没有这个党支部：甲。")


def test_merged_and_half_written_cells_come_back_as_the_user_sees_them() -> None:
    def merge(made: Any) -> None:
        made.worksheets[0].merge_cells("G2:G3")

    rows = [ROSTER, member("甲明"), [*member(name=None, 入党时间="2001年7月")[:6], None, "x"]]
    workbook = read(book({"党员花名册": rows}, merge))
    sheet = openpyxl.load_workbook(io.BytesIO(_rejects(workbook)))["党员花名册"]
    assert sheet["G2"].value == "甲村党支部"
    assert sheet["E2"].value == "2001年7月"
    assert sheet["C2"].value.date() == date(1980, 5, 6)


def test_the_file_opens_in_libreoffice(tmp_path: Path, converted: Converted) -> None:
    path = tmp_path / "rejects.xlsx"
    remark = RemarkLine("党员花名册", 2, "甲村党支部", "甲明", "提示", "请核对", "", "input-count", "是")
    write_rejects(path, read_workbook(DATA / "county.xlsx", today=TODAY), TODAY, [remark])
    again = read_workbook(converted(path, "xlsx:Calc MS Excel 2007 XML"), today=TODAY)
    known = [(sheet.kind, len(sheet.refused)) for sheet in again.sheets]
    assert known == [("members", 5), ("meetings", 2), (None, 0)]
