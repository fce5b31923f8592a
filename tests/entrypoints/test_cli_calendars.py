"""Working days of a year on the command line: checked, tried, adopted with the notices they settle."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.application.test_calendars import TABLE
from workflows.entrypoints.cli import zhibu

Run = Callable[..., Result]
COUNTY, BRANCH = "甲县委员会", "东河村党支部"
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("receive_application", "2025-03-01", {"name": "王青", "born_on": "1999-01-01"}),
    ("hold_first_talk", "2025-03-10", {}),
    ("confirm_activist", "2025-06-02", {}),
    ("agree_development_target", "2026-09-01", {}),
    ("post_notice", "2026-10-12", {"starts_on": "2026-10-12", "working_days": 60}),
)
WRONG = TABLE.replace("2027-01-02, 2027-01-03]", "2026-01-02, 2027-01-03, 2027-01-03]").replace(
    "workdays = [2027-01-09]", "workdays = [2027-01-01]"
)


@pytest.fixture
def run(own_home: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2027.toml").write_text(TABLE, "utf-8")
    return lambda *args: CliRunner().invoke(zhibu, list(args), prog_name="zhibu")


@pytest.fixture
def noticed(run: Run) -> Run:
    county = {"name": COUNTY, "level": "county"}
    branch = {"name": BRANCH, "kind": "village", "superior": COUNTY}
    for on, told in (("2015-01-01", county), ("2020-01-01", branch)):
        with_ = json.dumps(told)
        assert run("record", "establish_unit", "--on", on, "--with", with_).exit_code == 0
    for verb, on, told in STEPS:
        who = () if "name" in told else ("--person", "王青")
        given = ("--with", json.dumps(told), "--as-history", "--reason", "档案")
        done = run("record", verb, "--on", on, "--unit", BRANCH, *who, *given)
        assert done.exit_code == 0, done.stderr
    return run


def told(result: Result) -> Any:
    assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
    return json.loads(result.stdout)


def test_each_slip_in_a_table_gets_one_message_at_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(WRONG.replace("year = 2027", 'year = 2027\nnotes = "x"'), "utf-8")
    result = run("policy", "check", "wrong.toml")
    assert result.exit_code == 3
    assert result.stdout.splitlines() == ["第11行 calendars.1.notes 没有这一栏，是不是 note？"]
    (tmp_path / "wrong.toml").write_text(WRONG, "utf-8")
    result = run("policy", "check", "wrong.toml")
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "第13行 calendars.1.holidays.2 2026-01-02 不在 2027 年里",
        "第13行 calendars.1.holidays.4 2027-01-03 写了两次",
        "第14行 calendars.1.workdays.1 2027-01-01 既写成放假又写成上班",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TABLE.replace('"county"', '"unit"'), "不能写在本单位（unit）一级的规则包里"),
        (TABLE + TABLE[TABLE.index("[[calendars]]") :], "2027 年的工作日历写了两张"),
        (TABLE.replace('confidence = "GK"\n', ""), "confidence 没有填"),
        (TABLE.replace("year = 2027", "year = 1999"), "calendars.1.year"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(run: Run, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    result = run("policy", "check", "wrong.toml")
    assert result.exit_code == 3
    (line,) = result.stdout.splitlines()
    assert words in line


def test_what_is_probably_a_slip_is_asked_about_and_the_table_is_sound_all_the_same(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "2027.toml").write_text(TABLE.replace("[2027-01-09]", "[2027-01-09, 2027-01-12]"), "utf-8")
    result = run("policy", "check", "2027.toml")
    assert result.exit_code == 0
    assert "2027年工作日历：放假 3 天，调休上班 2 天（为测试编的2027年放假安排）。" in result.stdout
    assert "2027-01-12 本来就是工作日" in result.stdout
    assert "2027-02-05（农历除夕）是法定节假日，holidays 里没有" in result.stdout
    (year,) = told(run("policy", "check", "2027.toml", "--format", "json"))["calendars"]
    assert {doubt["what"] for doubt in year["doubts"]} == {"workday-on-weekday", "statutory-not-free"}
    assert year["differs"] == []


def test_a_table_of_a_year_known_already_shows_the_days_that_differ(run: Run, tmp_path: Path) -> None:
    (tmp_path / "2026.toml").write_text(TABLE.replace("2027", "2026"), "utf-8")
    (year,) = told(run("policy", "check", "2026.toml", "--format", "json"))["calendars"]
    assert {"day": "2026-10-01", "is": "workday"} in year["differs"]
    assert {"day": "2026-01-09", "is": "workday"} not in year["differs"]
    assert "与已知的2026年工作日历不同" in run("policy", "check", "2026.toml").stdout


def test_adopting_a_table_lists_the_notices_it_settles_old_day_and_new_day(noticed: Run) -> None:
    run = noticed
    before = run("pipeline", "--unit", BRANCH, "--on", "2026-11-20").stdout
    assert "（暂定）" in before
    tried = run("policy", "impact", "2027.toml", "--unit", COUNTY, "--on", "2026-11-20").stdout
    assert "公示期满" in tried
    done = run("policy", "adopt", "2027.toml", "--unit", COUNTY, "--on", "2026-11-20")
    assert done.exit_code == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "按这张工作日历重算的公示，1 处" in said
    assert "王青" in said
    assert "（暂定）" not in run("pipeline", "--unit", BRANCH, "--on", "2026-11-20").stdout
    assert "（暂定）" in run("pipeline", "--unit", BRANCH, "--on", "2026-11-19").stdout
    again = run("policy", "adopt", "2027.toml", "--unit", COUNTY, "--on", "2026-11-21", "--format", "json")
    assert told(again)["recomputed"] == []
    assert run("rebuild").exit_code == 0
    assert run("verify").exit_code == 0


def test_a_branch_cannot_adopt_the_working_days_of_its_county(noticed: Run) -> None:
    result = noticed("policy", "adopt", "2027.toml", "--unit", BRANCH, "--on", "2026-11-20")
    assert result.exit_code == 2
    assert f"--unit {COUNTY}" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 3
