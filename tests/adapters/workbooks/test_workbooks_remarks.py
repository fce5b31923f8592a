"""Remarks go out on a sheet of their own beside the refused rows, and no import takes it for a table."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.adapters.workbooks.making import ROSTER, TODAY, book, member, read
from workflows.adapters.workbooks.paper import LONGEST_NAME, unused_name
from workflows.adapters.workbooks.refusal import UnreadableFile
from workflows.adapters.workbooks.rejects import write_rejects
from workflows.adapters.workbooks.remarks import REMARK_HEADINGS, REMARKS_TITLE, RemarkLine, place_of
from workflows.adapters.workbooks.rows import Workbook

REMARK = RemarkLine(
    "党员花名册", 3, "甲村党支部", "乙明", "提示", "=请核对", "《细则》第七条", "dev-first-talk", "是"
)


def _written(workbook: Workbook, *remarks: RemarkLine) -> bytes:
    target = io.BytesIO()
    write_rejects(target, workbook, TODAY, remarks)
    return target.getvalue()


def _with_one_refused() -> Workbook:
    return read(book({"党员花名册": [ROSTER, member(name=None), member("乙明")]}))


def test_remarks_stand_row_by_row_on_the_last_sheet() -> None:
    made = openpyxl.load_workbook(io.BytesIO(_written(_with_one_refused(), REMARK)))
    assert made.sheetnames == ["党员花名册", REMARKS_TITLE]
    rows = list(made[REMARKS_TITLE].values)
    assert rows[0] == REMARK_HEADINGS
    assert rows[1] == (
        "党员花名册", 3, "甲村党支部", "乙明", "提示", "=请核对", "《细则》第七条", "dev-first-talk", "是",
    )  # fmt: skip
    assert made[REMARKS_TITLE]["F2"].data_type == "s"


def test_every_sheet_has_a_frozen_heading_and_prints_on_whole_pages_of_a4() -> None:
    made = openpyxl.load_workbook(io.BytesIO(_written(_with_one_refused(), REMARK)))
    for sheet in made:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        fitted = sheet.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert fitted.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_a_long_remark_makes_its_row_as_high_as_its_lines() -> None:
    long = RemarkLine("党员花名册", 3, "", "", "提示", "请核对名册。" * 40, "", "input-count", "是")
    sheet = openpyxl.load_workbook(io.BytesIO(_written(_with_one_refused(), REMARK, long)))[REMARKS_TITLE]
    assert sheet.row_dimensions[2].height is None
    assert sheet.row_dimensions[3].height > 5 * 15


def test_the_refused_rows_import_again_and_the_remarks_are_passed_over() -> None:
    table, remarks = read(_written(_with_one_refused(), REMARK), "退回.xlsx").sheets
    assert (table.kind, len(table.refused)) == ("members", 1)
    assert (remarks.kind, remarks.rows, remarks.errors) == (None, (), ())


def test_the_sheet_of_remarks_is_known_under_another_name_and_with_a_column_more(tmp_path: Path) -> None:
    path = tmp_path / "退回.xlsx"
    path.write_bytes(_written(_with_one_refused(), REMARK))
    mended = openpyxl.load_workbook(path)
    mended[REMARKS_TITLE]["J1"] = "已核对"
    mended[REMARKS_TITLE].title = "党员花名册二"
    mended.save(path)
    assert [sheet.kind for sheet in read(path.read_bytes(), "退回.xlsx").sheets] == ["members", None]


def test_a_name_the_office_uses_itself_is_not_used_twice() -> None:
    workbook = read(book({REMARKS_TITLE: [ROSTER, member(name=None)]}))
    made = openpyxl.load_workbook(io.BytesIO(_written(workbook, REMARK)))
    assert made.sheetnames == [REMARKS_TITLE, f"{REMARKS_TITLE}_2"]


def test_names_of_sheets_stay_within_what_a_workbook_allows() -> None:
    used: set[str] = set()
    names = [unused_name("长" * LONGEST_NAME, used) for _ in range(120)]
    assert names[0] == "长" * LONGEST_NAME
    assert names[-1] == "长" * (LONGEST_NAME - 4) + "_120"
    assert len({name.casefold() for name in names}) == 120


def test_remarks_without_a_refused_row_make_a_file_that_says_it_holds_nothing_to_import() -> None:
    good = read(book({"党员花名册": [ROSTER, member("乙明")]}))
    with pytest.raises(UnreadableFile) as refused:
        read(_written(good, REMARK), "退回.xlsx")
    assert refused.value.code == "remarks-only"
    assert "核对时注意到" in refused.value.reason


def test_unit_and_person_are_those_the_sheet_names() -> None:
    units = [["党支部名称", "成立时间", "书记"], ["甲 村党支部", "2001-07-01", "李明"]]
    workbook = read(book({"党员花名册": [ROSTER, member("乙明")], "支部基本情况": units}))
    told = {sheet.kind: place_of(sheet, sheet.rows[0]) for sheet in workbook.sheets}
    assert told == {"members": ("甲村党支部", "乙明"), "units": ("甲 村党支部", "")}
