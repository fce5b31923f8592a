"""The generated office workbook: imported like any other, exactly its slips are refused or flagged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from workflows.adapters.demo_workbook import COURSES, MEETINGS, MEMBERS, UNITS, write_office_workbook
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError
from workflows.adapters.workbooks.workbook import read_workbook
from workflows.application.importing.run import Importing
from workflows.application.importing.shapes import Report
from workflows.bootstrap import memory_app
from workflows.kernel.clock import moment_of

TODAY = date(2026, 11, 21)
FLAGGED = {"term is not a number of years", "talk before the application"}


def imported(path: Path, today: date) -> Report:
    app = memory_app()
    app.clock.put(moment_of(today))
    importing = Importing(app.recording, CellError, suggest_branch)
    return importing.run(read_workbook(path, today=today), actor="demo")


@pytest.mark.parametrize(("seed", "today"), [(1, TODAY), (3, date(2027, 2, 3))])
def test_exactly_the_slips_are_refused_or_flagged(tmp_path: Path, seed: int, today: date) -> None:
    slips = write_office_workbook(tmp_path / "office.xlsx", seed=seed, today=today)
    assert len(slips) == 8
    report = imported(tmp_path / "office.xlsx", today)
    refused = {(slip.sheet, slip.row) for slip in slips if slip.what not in FLAGGED}
    assert {(refusal.sheet, refusal.row) for refusal in report.refusals} == refused
    remarks = {(noticed.sheet, noticed.row) for noticed in report.findings if noticed.remark}
    assert remarks == {(slip.sheet, slip.row) for slip in slips if slip.what in FLAGGED}
    rows = {sheet.sheet: sheet.rows for sheet in report.sheets}
    assert rows[UNITS] == 12
    assert 250 <= rows[MEMBERS] <= 350
    assert rows[COURSES] >= 24
    assert rows[MEETINGS] > 500


def test_it_has_the_habits_of_an_office(tmp_path: Path) -> None:
    write_office_workbook(tmp_path / "office.xlsx", seed=1, today=TODAY)
    book = openpyxl.load_workbook(tmp_path / "office.xlsx")
    assert book.sheetnames == [UNITS, MEMBERS, COURSES, MEETINGS]
    roster = book[MEMBERS]
    assert str(roster["A1"].value).startswith("望川县党员花名册")
    assert roster["A3"].value == "姓  名"
    assert roster.cell(roster.max_row, 1).value == "制表人："
    written = {type(roster.cell(row, 4).value).__name__ for row in range(4, roster.max_row - 1)}
    assert written == {"str", "datetime", "int"}


def test_the_same_seed_writes_the_same_cells(tmp_path: Path) -> None:
    write_office_workbook(tmp_path / "a.xlsx", seed=5, today=TODAY)
    write_office_workbook(tmp_path / "b.xlsx", seed=5, today=TODAY)
    write_office_workbook(tmp_path / "c.xlsx", seed=6, today=TODAY)
    cells = [
        [[cell.value for cell in row] for sheet in openpyxl.load_workbook(tmp_path / name) for row in sheet]
        for name in ("a.xlsx", "b.xlsx", "c.xlsx")
    ]
    assert cells[0] == cells[1]
    assert cells[0] != cells[2]
