"""The two workbooks of the invented county: every slip is found at its place, and no other row is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.workbooks.making import TODAY
from workflows.adapters.workbooks.rows import Workbook
from workflows.adapters.workbooks.workbook import read_workbook

DATA = Path(__file__).parents[2] / "data"
FILES = ("county.xlsx", "county-office.xlsx")
REFUSED = {
    "name missing": ("name", {"missing"}),
    "identity number has a wrong check character": ("identity_number", {"identity-check", "identity-last"}),
    "date cannot be read": ("admitted_on", {"date-unreadable"}),
    "date does not exist": ("born_on", {"date-impossible"}),
    "more attended than were due": ("attending", {"attending-over"}),
}
FLAGGED = {"term is not a number of years": "input-term", "talk before the application": "input-date-order"}
NEEDS_THE_BOOKS = "unknown branch"
SIZES = {
    "county.xlsx": {"units": 64, "members": 1465, "development": 132, "meetings": 3477},
    "county-office.xlsx": {"units": 16, "members": 312, "development": 42, "meetings": 882},
}


@pytest.fixture(scope="module", params=FILES)
def county(request: pytest.FixtureRequest) -> tuple[str, Workbook, list[dict[str, Any]]]:
    name: str = request.param
    slips = json.loads((DATA / f"{name}.slips.json").read_text(encoding="utf-8"))
    return name, read_workbook(DATA / name, today=TODAY), slips


def test_all_four_sheets_are_known_with_all_their_rows(county: Any) -> None:
    name, workbook, _slips = county
    assert {sheet.kind: len(sheet.rows) for sheet in workbook.sheets} == SIZES[name]
    assert [sheet.ignored_columns for sheet in workbook.sheets] == [()] * 4
    assert all(sheet.errors == () for sheet in workbook.sheets)


def test_exactly_the_rows_with_a_slip_are_refused_each_for_its_slip(county: Any) -> None:
    _name, workbook, slips = county
    expected = {
        (slip["sheet"], slip["row"]): REFUSED[slip["what"]] for slip in slips if slip["what"] in REFUSED
    }
    found = {}
    for sheet in workbook.sheets:
        for row in sheet.refused:
            (error,) = row.errors
            assert error.reason
            assert error.remedy
            found[sheet.name, row.row_number] = (error.column, error.code)
    assert found.keys() == expected.keys()
    for place, (canonical, codes) in expected.items():
        column, code = found[place]
        sheet = next(sheet for sheet in workbook.sheets if sheet.name == place[0])
        assert column == sheet.heading(canonical)
        assert code in codes


def test_exactly_the_rows_with_a_soft_slip_are_flagged(county: Any) -> None:
    _name, workbook, slips = county
    expected = {
        (slip["sheet"], slip["row"], FLAGGED[slip["what"]]) for slip in slips if slip["what"] in FLAGGED
    }
    found = {
        (sheet.name, row.row_number, flag.rule)
        for sheet in workbook.sheets
        for row in sheet.rows
        for flag in row.flags
    }
    assert found == expected


def test_an_unknown_branch_is_left_to_those_who_know_the_branches(county: Any) -> None:
    _name, workbook, slips = county
    (slip,) = [slip for slip in slips if slip["what"] == NEEDS_THE_BOOKS]
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == slip["sheet"])
    row = next(row for row in sheet.rows if row.row_number == slip["row"])
    known = {unit.cells["name"] for unit in workbook.sheets[0].rows}
    assert row.errors == ()
    assert row.cells["branch"] not in known
    others = {row.cells["branch"] for sheet in workbook.sheets[1:] for row in sheet.good} - {
        row.cells["branch"]
    }
    assert others <= known


def test_the_six_ways_to_write_a_date_say_the_same() -> None:
    workbook = read_workbook(DATA / "county-office.xlsx", today=TODAY)
    units = workbook.sheets[0].rows
    assert [unit.cells["elected_on"] for unit in units[:4]] == [
        date(2024, 1, 20),
        date(2022, 7, 20),
        date(2022, 1, 20),
        date(2023, 1, 20),
    ]
    assert units[0].raw["elected_on"] == "2024年1月20日"
    assert units[1].raw["elected_on"] == 20220720


def test_personal_numbers_are_masked_in_what_is_said(county: Any) -> None:
    _name, workbook, _slips = county
    said = [
        (error.value, error.reason, error.remedy)
        for sheet in workbook.sheets
        for row in sheet.refused
        for error in row.errors
        if error.column == sheet.heading("identity_number")
    ]
    assert said
    assert all("*" * 11 in value for value, *_rest in said)


@pytest.mark.skipif(sys.platform != "linux", reason="measured by /proc")
def test_the_county_is_read_as_fast_as_openpyxl_alone_allows_and_in_little_memory() -> None:
    """Guard, child and typing of every cell against bare openpyxl in the same run; 1.5 to 2 times here."""
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(DATA / "county.xlsx")],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    bare, ours, megabytes = map(float, measured.stdout.split())
    assert ours < 5 * bare
    assert megabytes < 200


MEASURE = """
import resource, sys
from datetime import date
from pathlib import Path
import openpyxl
from workflows.adapters.workbooks.workbook import read_workbook

WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

def seconds():
    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime for who in WHO)

began = seconds()
book = openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True)
assert sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)) > 5000
between = seconds()
read_workbook(Path(sys.argv[1]), today=date(2026, 11, 21))
ours = seconds() - between
# ru_maxrss of a process itself begins with the peak of whoever started it, VmHWM does not.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
own = int(status["VmHWM"].split()[0])
print(between - began, ours, max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024)
"""
"""Run by itself, since the peak memory of a process is that of everything it ever did."""


def test_the_fingerprint_is_that_of_the_bytes() -> None:
    first = read_workbook(DATA / "county-office.xlsx", today=TODAY)
    with (DATA / "county-office.xlsx").open("rb") as file:
        again = read_workbook(file, today=TODAY)
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 64
