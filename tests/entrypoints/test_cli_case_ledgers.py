"""Ledgers of cases on the command line: on a screen, as CSV, as a workbook with headings of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest

from tests.entrypoints.cli_support import Run, a_county, answered

LEDGERS = ("整改台账", "考评台账", "示范点台账")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    with a_county(monkeypatch) as (county, run):
        issue = county.act(
            "open_issue",
            date(2026, 1, 10),
            unit=county.east,
            subject="活动室漏雨",
            source="inspection",
            severity="serious",
            rule="meet-assembly",
        )
        county.act(
            "plan_correction",
            date(2026, 1, 12),
            file=issue,
            measure="修缮",
            owner="赵一",
            due_on="2026-03-10",
        )
        site = county.act(
            "nominate_site", date(2026, 1, 5), unit=county.west, subject="示范点", field="village"
        )
        county.act("assess_site", date(2026, 2, 1), file=site, passed=True, satisfaction=91)
        campaign = county.act(
            "open_campaign",
            date(2026, 1, 3),
            unit=county.east,
            subject="规范化建设",
            scheme="seed-000-a",
            year=2026,
        )
        county.act("review", date(2026, 2, 3), file=campaign, unit=county.east, score=85, passed=True)
        county.act("confirm_rating", date(2026, 2, 20), file=campaign, unit=county.east, grade="优秀")
        yield run


@pytest.mark.parametrize("name", LEDGERS)
def test_each_ledger_is_available_and_fits_a_terminal_in_chinese(run: Run, name: str) -> None:
    shown = run("ledger", name)
    assert (shown.exit_code, shown.stderr) == (0, "")
    listed = answered(run("ledger", "--format", "json"))["rows"]
    assert {"ledger": name, "available": True} in listed


def test_a_screen_tells_stage_days_late_grade_and_assessments_in_words(run: Run) -> None:
    problems = run("ledger", "整改台账").stdout
    for told in ("东河村党支部", "活动室漏雨", "已有整改措施", "严重", "2026-03-10", "10", "赵一"):
        assert told in problems
    assert "优秀" in run("ledger", "考评台账").stdout
    assert "村" in run("ledger", "示范点台账").stdout
    assert "满意率91%" in "".join(run("ledger", "示范点台账").stdout.split())


@pytest.mark.parametrize("name", LEDGERS)
def test_a_workbook_has_a_chinese_heading_for_each_column_each_once_and_ids_last(run: Run, name: str) -> None:
    made = openpyxl.load_workbook(io.BytesIO(run("ledger", name, "--format", "xlsx").stdout_bytes))
    (sheet,) = made.worksheets
    headings = [str(cell.value) for cell in sheet[1]]
    assert sheet.max_row == 2
    assert len(set(headings)) == len(headings)
    assert not [heading for heading in headings if heading.isascii()]
    assert headings[-2:] == ["党组织编号", "案卷编号"]


def test_a_sheet_has_the_same_in_words_on_one_line_each(run: Run) -> None:
    (row,) = csv.DictReader(io.StringIO(run("ledger", "整改台账", "--format", "csv").stdout.lstrip("\ufeff")))
    told = {name: row[name] for name in ("问题来源", "轻重", "阶段", "逾期天数", "整改措施", "责任人")}
    assert told == {
        "问题来源": "督查发现",
        "轻重": "严重",
        "阶段": "已有整改措施",
        "逾期天数": "10",
        "整改措施": "修缮",
        "责任人": "赵一",
    }
    (rated,) = csv.DictReader(
        io.StringIO(run("ledger", "考评台账", "--format", "csv").stdout.lstrip("\ufeff"))
    )
    assert rated["初评分"] == "2026-02-03 85 分"
    assert (rated["考评方案"], rated["等次"]) == ("《2019年党支部规范化建设实施方案》", "优秀")
    (site,) = csv.DictReader(
        io.StringIO(run("ledger", "示范点台账", "--format", "csv").stdout.lstrip("\ufeff"))
    )
    assert site["历年考核"] == "2026-02-01 合格，满意率91%"


def test_problems_stand_on_one_sheet_across_with_waiver_and_remarks(run: Run) -> None:
    (sheet,) = openpyxl.load_workbook(
        io.BytesIO(run("ledger", "整改台账", "--format", "xlsx").stdout_bytes)
    ).worksheets
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.fitToWidth or 1) == 1
    headings = [str(cell.value) for cell in sheet[1]]
    assert headings[-4:] == ["豁免", "备注", "党组织编号", "案卷编号"]


@pytest.mark.parametrize(("name", "empty"), [("党员教育管理台账", "学习培训"), ("特色党建台账", "经验材料")])
def test_a_part_without_a_record_says_what_would_fill_it_on_screen_and_sheet(
    run: Run, name: str, empty: str
) -> None:
    shown = "".join(run("ledger", name).stdout.split())
    assert f"{empty}：没有记录。办理" in shown
    (sheet,) = openpyxl.load_workbook(
        io.BytesIO(run("ledger", name, "--format", "xlsx").stdout_bytes)
    ).worksheets
    lines = {str(row[1].value): str(row[5].value) for row in sheet.iter_rows(min_row=2)}
    assert lines[empty].startswith("没有记录")
    assert not [cell.value for cell in sheet[1] if str(cell.value).isascii()]


@pytest.mark.parametrize("asked", [("--format", "json"), ("--format", "csv"), ()])
@pytest.mark.parametrize("command", [("ledger", "整改台账"), ("deadlines",), ("drive", "--of", "total")])
def test_a_number_of_somebody_in_old_papers_is_masked_wherever_it_is_listed(
    old_papers: Run, command: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    shown = old_papers(*command, "--on", "2026-02-01", *asked)
    told = shown.stdout.replace("\n", "").replace(" ", "")
    assert shown.exit_code == 0, shown.stderr
    assert NUMBER not in told
    assert "138******00" in told


NUMBER = "13800138000"


@pytest.fixture(scope="module")
def old_papers() -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as patch, a_county(patch) as (county, run):
        county.act(
            "open_issue",
            date(2026, 1, 10),
            unit=county.east,
            subject=f"张某{NUMBER}来信",
            text=f"电话{NUMBER}",
            due_on="2026-03-10",
        )
        yield run
