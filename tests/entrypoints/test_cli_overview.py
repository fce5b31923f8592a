"""``overview`` and ``drive`` on the command line: sums on a screen, the rows behind a number, a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
from rich.cells import cell_len

from tests.entrypoints.cli_support import Run, a_county, answered


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with a_county(monkeypatch) as (county, run):
        for unit, subject in ((county.east, "活动室漏雨"), (county.west, "台账不全")):
            county.act(
                "open_issue", date(2026, 1, 10), unit=unit, subject=subject, source="self_check",
                due_on="2026-03-10",
            )  # fmt: skip
        yield run


@pytest.mark.parametrize("command", ["overview", "drive"])
def test_a_screen_holds_the_sums_in_eighty_cells(run: Run, command: str) -> None:
    shown = run(command)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert max(cell_len(line) for line in shown.stdout.splitlines()) <= 80
    assert "东河镇党委" in shown.stdout


def test_the_number_on_the_screen_is_that_of_the_rows_listed_for_it(run: Run) -> None:
    assert "未销号的问题 2，其中逾期 2" in run("overview").stdout
    for figure in ("逾期的问题", "problem.overdue"):
        assert len(answered(run("overview", "--of", figure, "--format", "json"))["rows"]) == 2
    listed = run("drive", "--of", "逾期", "--source", "自查").stdout
    assert "活动室漏雨" in listed
    assert "台账不全" in listed


def test_a_word_for_no_number_is_told_with_those_there_are(run: Run) -> None:
    for command in ("overview", "drive"):
        refused = run(command, "--of", "排名")
        assert refused.exit_code == 2
        assert "没有“排名”这个数目" in refused.stderr
        assert "逾期" in refused.stderr


@pytest.mark.parametrize(
    "asked", [("--on", "9999-12-31"), ("--on", "0001-01-01"), ("--known-on", "9999-12-31")]
)
def test_a_day_the_books_cannot_hold_is_told_as_the_day_that_was_typed(
    run: Run, asked: tuple[str, str]
) -> None:
    refused = run("drive", *asked)
    assert refused.exit_code == 2
    said = refused.stderr.replace("\n", "")
    assert f"不能看{asked[1]}的情况" in said
    assert "1921-07-01 与 2200-01-01 之间" in said
    assert "请核对年份" in said


def test_sheets_have_the_sums_with_a_last_line_of_all(run: Run) -> None:
    lines = list(csv.DictReader(io.StringIO(run("overview", "--format", "csv").stdout.lstrip("\ufeff"))))
    assert (lines[-1]["党组织"], lines[-1]["未销号的问题"]) == ("合计", "2")
    book = openpyxl.load_workbook(io.BytesIO(run("drive", "--format", "xlsx").stdout_bytes))
    assert [sheet.title for sheet in book.worksheets][1] == "按来源"
    assert [str(cell.value) for cell in book.worksheets[0][1]][:3] == ["党组织", "问题", "新发现"]
