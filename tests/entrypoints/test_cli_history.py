"""What a history tells on a screen, in a sheet and to programs, of what was corrected and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.entrypoints.cli_support import County, Run, a_county, answered
from workflows.application.amending import Amendment
from workflows.kernel.clock import moment_of

Made = tuple[County, Run]


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with a_county(monkeypatch) as made:
        yield made


def the_talk_moved(county: Made, day: str) -> int:
    """Correct the day of 王五's first talk the day after; return the position of the talk."""
    made, run = county
    rows: list[dict[str, Any]] = answered(run("history", "王五", "--format", "json"))["rows"]
    talk = next(row["position"] for row in rows if row["event"] == "FirstTalkHeld")
    made.clock.put(moment_of(date(2026, 3, 21)))
    made.amending.amend(
        Amendment(event=talk, actor="x", origin="cli", reason="按谈话记录", field="on", value=day)
    )
    return int(talk)


def test_a_corrected_day_stands_on_both_sides_of_what_differs(county: Made) -> None:
    the_talk_moved(county, "2024-03-22")
    _, differing = county[1]("history", "王五", "--diff", "2026-03-20").stdout.split("与", maxsplit=1)
    before = next(line for line in differing.splitlines() if line.startswith("此前"))
    after = next(line for line in differing.splitlines() if line.startswith("此后"))
    assert "2024-03-20" in before
    assert "2024-03-22" in after
    assert "已由第" in after
    assert "更正：召开日 2024-03-20 → 2024-03-22" in differing


def test_a_finding_in_the_history_of_a_person_is_told_of_the_person(county: Made) -> None:
    rows = answered(county[1]("history", "王五", "--format", "json"))["rows"]
    told = [finding["message"] for row in rows for finding in row["findings"]]
    assert any("王五" in message for message in told)
    assert not any("东河村党支部" in message for message in told)
    assert {row["unit"] for row in rows} == {"东河村党支部"}
