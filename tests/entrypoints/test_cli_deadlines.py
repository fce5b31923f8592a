"""``zhibu deadlines``: what can still be done alone, periods long over counted and listed apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.entrypoints.cli_support import TODAY, County, Run, a_county, answered
from workflows.entrypoints.cli.layout import present
from workflows.entrypoints.web.matters import urgent_first

Made = tuple[County, Run]
RULE_ID = re.compile(r"\b[a-z]+-[a-z]+(-[a-z]+)*\b")


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def rows_of(run: Run, *args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answered(run("deadlines", *args, "--format", "json"))["rows"]
    return found


def test_the_list_has_what_is_overdue_now_and_one_line_for_the_old_blanks(county: Made) -> None:
    rows = rows_of(county[1], "--status", "overdue")
    old = [row for row in rows if row["bygone"]]
    assert old
    screen = county[1]("deadlines", "--status", "overdue").stdout
    assert f"另有更早的 {len(old)} 项" in screen
    assert "--status bygone" in screen
    assert f"共 {len(rows) - len(old)} 行" in screen
    assert not any(row["due_on"] in screen for row in old)


def test_a_period_is_long_over_from_the_32nd_day_on(county: Made) -> None:
    kept = TODAY - timedelta(days=20)
    assert kept == date(2026, 2, 28)
    over = date(2026, 3, 31)
    for on, bygone in ((over, False), (over + timedelta(days=1), True)):
        (row,) = [
            row
            for row in rows_of(county[1], "--unit", "西山", "--on", str(on))
            if row["due_on"] == str(kept) and row["rule"] == "meet-theme-day"
        ]
        assert row["bygone"] is bygone


def test_a_half_year_of_training_long_over_is_one_of_the_old_blanks_a_step_never_is(county: Made) -> None:
    rows = rows_of(county[1], "--person", "王五", "--status", "overdue")
    assert min(row["days_left"] for row in rows) < -300
    for row in rows:
        review = row["rule"] == "dev-activist-review"
        assert row["bygone"] is (review and row["days_left"] < -31)


def test_what_holds_normally_and_ran_out_over_a_year_ago_stands_behind_what_is_late_of_late() -> None:
    def row(on: str, left: int, severity: str) -> dict[str, Any]:
        status = "overdue" if left < 0 else "due"
        told = {"rule": "r", "unit": "", "due_on": on, "days_left": left, "severity": severity}
        return {**told, "status": status, "bygone": False}

    training, term = row("2021-12-30", -1797, "warn"), row("2023-06-01", -1279, "block")
    talk, soon = row("2026-11-20", -11, "warn"), row("2026-12-20", 19, "warn")
    rows = [training, term, talk, soon]
    assert urgent_first(rows) == [term, talk, training, soon]
    assert present(rows) == [term, talk, training, soon]


def test_the_old_blanks_alone_are_listed_when_asked_for(county: Made) -> None:
    run = county[1]
    old = rows_of(run, "--status", "bygone")
    assert old == [row for row in rows_of(run, "--status", "overdue") if row["bygone"]]
    screen = run("deadlines", "--status", "bygone").stdout
    assert f"共 {len(old)} 行" in screen
    assert "另有" not in screen


@pytest.mark.parametrize("status", ["overdue", "due", "bygone", "all"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_screen_has_words_and_no_ids_of_rules(county: Made, lang: str, status: str) -> None:
    screen = county[1]("deadlines", "--status", status, "--lang", lang).stdout
    table = [line for line in screen.splitlines() if "--status" not in line]
    assert [line for line in table if RULE_ID.search(line)] == []
    assert ("theme party day 2025-02" if lang == "en" else "主题党日 2025-02") in screen or status in (
        "overdue",
        "due",
    )


def test_json_keeps_the_ids(county: Made) -> None:
    told = answered(county[1]("deadlines", "--format", "json", "--lang", "en"))
    assert {"meet-theme-day", "dev-activist-review"} <= {row["rule"] for row in told["rows"]}
