"""Reading commands: shapes of the contract, names, horizons, 80 columns."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.entrypoints.cli_support import TODAY, County, Run, a_county, answered
from workflows.application.amending import Amendment
from workflows.kernel.clock import moment_of

Made = tuple[County, Run]


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_deadlines_have_the_rows_of_the_contract(county: Made) -> None:
    told = answered(county[1]("deadlines", "--person", "王五", "--format", "json"))
    assert {"rows", "as_of", "known_on", "position"} <= told.keys()
    assert told["as_of"] == TODAY.isoformat()
    wanted = {
        "rule", "unit", "unit_id", "person", "person_id", "subject", "due_on", "days_left", "status",
        "clause", "pack", "because",
    }  # fmt: skip
    assert wanted <= told["rows"][0].keys()
    assert {row["person"] for row in told["rows"]} == {"王五"}
    assert {row["status"] for row in told["rows"]} <= {"overdue", "due"}


def test_a_unit_includes_all_below_it(county: Made) -> None:
    town = answered(county[1]("deadlines", "--unit", "东河镇", "--format", "json"))
    east = answered(county[1]("deadlines", "--unit", "东河村", "--format", "json"))
    assert {row["unit"] for row in town["rows"]} >= {"东河村党支部", "西山村党支部"}
    assert {row["unit"] for row in east["rows"]} == {"东河村党支部"}


def test_status_and_day_may_be_asked(county: Made) -> None:
    met = answered(county[1]("deadlines", "--person", "王五", "--status", "met", "--format", "json"))
    assert [row["subject"] for row in met["rows"]] == ["hold_first_talk"]
    early = answered(county[1]("deadlines", "--person", "王五", "--as-of", "2024-03-10", "--format", "json"))
    assert [(row["subject"], row["days_left"]) for row in early["rows"]] == [("hold_first_talk", 22)]


@pytest.mark.parametrize(
    "written", ["2024年3月10日", "2024.03.10", "2024/3/10", "２０２４年３月１０日", "20240310"]
)
def test_a_day_may_be_written_as_offices_write_it(county: Made, written: str) -> None:
    run = county[1]
    for option in ("--on", "--as-of", "--known-on"):
        plain = run("history", "东河村党支部", option, "2024-03-10", "--format", "json")
        assert answered(run("history", "东河村党支部", option, written, "--format", "json")) == answered(
            plain
        )


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("deadlines", "--unit", "北岗"), "找不到党组织“北岗”"),
        (("deadlines", "--unit", "村党支部"), "东河村党支部、西山村党支部"),
        (("deadlines", "--person", "李四"), "西山村党支部"),
        (("deadlines", "--person", "王六"), "相近的有：王五"),
        (("deadlines", "--on", "2026-02-30"), "读不懂日期"),
        (("deadlines", "--on", "2026年2月30日"), "不是一个日历上的日子"),
        (("deadlines", "--on", "明天"), "要用数字写出年、月、日"),
        (("deadlines", "--on", "11月10日"), "请写作 2026-06-30 或 2026年6月30日"),
        (("deadlines", "--known-on", "yesterday"), "--known-on 应是"),
        (("compliance", "--period", "2026-Q5"), "读不懂期间"),
        (("ledger", "发展台账"), "现有的台账：发展党员台账"),
        (("history", "无此人"), "没有这个党组织，没有这个人，也没有叫这个名称的考评"),
        (("commands", "hold_metting"), "hold_meeting"),
    ],
)
def test_what_cannot_be_meant_is_told_with_the_nearest(
    county: Made, args: tuple[str, ...], told: str
) -> None:
    result = county[1](*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_a_ledger_is_meant_by_a_part_of_its_name_that_no_other_has(county: Made) -> None:
    run = county[1]
    whole = answered(run("ledger", "发展党员台账", "--format", "json"))
    assert answered(run("ledger", "发展党员", "--format", "json")) == whole
    assert run("ledger", "台账").exit_code == 2


def test_names_ids_and_unique_parts_mean_the_same(county: Made) -> None:
    made, run = county
    by_name = answered(run("history", "西山村党支部", "--format", "json"))
    assert by_name == answered(run("history", "西山", "--format", "json"))
    assert by_name == answered(run("history", str(made.west), "--format", "json"))
    assert answered(run("history", "李四", "--unit", "西山", "--format", "json"))["kind"] == "person"


def test_pipeline_and_compliance(county: Made) -> None:
    run = county[1]
    (row,) = answered(run("pipeline", "--format", "json"))["rows"]
    assert {"person", "person_id", "unit", "stage", "since", "done", "next"} <= row.keys()
    assert [done["step"] for done in row["done"]][:2] == ["receive_application", "hold_first_talk"]
    cells_ = answered(run("compliance", "--unit", "东河村", "--period", "2025", "--format", "json"))["rows"]
    wanted = {
        "unit", "rule", "period", "verdict", "severity", "evidence", "base", "recorded_days_late",
        "explanation",
    }  # fmt: skip
    assert wanted <= cells_[0].keys()


def test_history_before_and_after_a_correction(county: Made) -> None:
    made, run = county
    before = answered(run("history", "王五", "--format", "json"))
    position = before["rows"][2]["position"]
    made.clock.put(moment_of(date(2026, 3, 21)))
    made.amending.amend(
        Amendment(
            event=position, actor="x", origin="cli", reason="按会议记录", field="on", value="2024-05-01"
        )
    )
    known = answered(
        run("history", "王五", "--known-on", "2026-03-20", "--as-of", "2026-03-20", "--format", "json")
    )
    assert known["rows"] == before["rows"]
    assert known["state"]["activist_since"] == "2024-06-01"
    after = answered(run("history", "王五", "--format", "json", "--diff", "2026-03-20"))
    assert after["state"]["activist_since"] == "2024-05-01"
    assert after["diff"]["state"] == {"activist_since": {"this": "2024-05-01", "other": "2024-06-01"}}
    screen = run("history", "王五", "--diff", "2026-03-20").stdout
    assert "已由第" in screen
    assert "2024-05-01" in screen


def test_personal_numbers_are_masked(county: Made) -> None:
    made, run = county
    made.act(
        "register_member", None, unit=made.east, name="周八", full_since=date(2011, 7, 1),
        id_number="41010519881014002X", phone="13812345606",
    )  # fmt: skip
    for args in (("history", "周八"), ("ledger", "花名册"), ("ledger", "花名册", "--format", "csv")):
        out = run(*args).stdout
        assert "周八" in out
        assert "41010519881014002X" not in out
        assert "13812345606" not in out


SCREENS: list[tuple[str, ...]] = [
    ("deadlines",),
    ("pipeline",),
    ("compliance", "--period", "2025"),
    ("ledger", "花名册"),
    ("ledger", "发展党员台账"),
    ("ledger", "党组织工作台账"),
    ("history", "王五"),
    ("history", "东河村党支部"),
    ("commands",),
    ("policy", "list"),
    ("policy", "show", "central-development"),
    ("record", "agree_development_target", "--person", "王五", "--on", "2025-06-01", "--preview"),
]


@pytest.mark.parametrize("args", SCREENS, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_80_cells(county: Made, args: tuple[str, ...], lang: str) -> None:
    result = county[1](*args, "--lang", lang)
    assert result.exit_code == 0, result.stderr
    assert max(cells(line.rstrip()) for line in result.stdout.splitlines()) <= 80


@pytest.mark.parametrize("args", [args for args in SCREENS if args[0] != "record"], ids=" ".join)
def test_every_answer_has_its_sheets(county: Made, args: tuple[str, ...]) -> None:
    run = county[1]
    table = list(csv.reader(io.StringIO(run(*args, "--format", "csv").stdout)))
    assert all(any("\u4e00" <= char <= "\u9fff" for char in head) for head in table[0])
    english: list[Any] = list(csv.reader(io.StringIO(run(*args, "--format", "csv", "--lang", "en").stdout)))
    assert all(head.isascii() for head in english[0])
    assert run(*args, "--format", "xlsx").stdout_bytes.startswith(b"PK")


def test_output_goes_to_a_file(county: Made, tmp_path: Any) -> None:
    target = tmp_path / "out.csv"
    result = county[1]("pipeline", "--format", "csv", "--output", str(target))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert target.read_bytes().startswith("姓名".encode())
