"""``zhibu demo`` again: why the numbers are others than at the first time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.entrypoints.cli_support import TODAY, County, Run, a_county
from workflows.application import commands
from workflows.application.demo.play import OFFICE_BATCH
from workflows.application.recording import Request
from workflows.entrypoints.cli import demo
from workflows.entrypoints.cli.demo import recorded_since, said_again
from workflows.entrypoints.cli.frame import Frame


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[County, Run]]:
    with a_county(monkeypatch) as made:
        yield made


def meet(county: County, day: date, origin: Any, batch: UUID | None = None) -> None:
    command = commands.parse("hold_meeting", {"type": "theme_party_day", "attending": 4}, day)
    county.recording.record(
        Request(command=command, actor="x", origin=origin, unit_id=county.east, correlation_id=batch)
    )


def test_what_was_recorded_after_the_demonstration_is_counted(county: tuple[County, Run]) -> None:
    made, frame = county[0], Frame()
    meet(made, TODAY - timedelta(days=3), "demo")
    assert recorded_since(frame) == {"count": 0, "own": 0}
    meet(made, TODAY - timedelta(days=2), "cli")
    meet(made, TODAY - timedelta(days=1), "scheduler")
    assert recorded_since(frame) == {"count": 2, "own": 1}


def test_the_import_of_the_demonstration_is_part_of_it_that_of_a_user_is_not(
    county: tuple[County, Run],
) -> None:
    made, frame = county[0], Frame()
    meet(made, TODAY - timedelta(days=4), "demo")
    meet(made, TODAY - timedelta(days=3), "import", OFFICE_BATCH)
    assert recorded_since(frame) == {"count": 0, "own": 0}
    meet(made, TODAY - timedelta(days=2), "import", UUID(int=1))
    assert recorded_since(frame) == {"count": 1, "own": 0}


def test_more_events_than_are_looked_at_are_told_as_so_many_or_more(
    county: tuple[County, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, frame = county[0], Frame()
    monkeypatch.setattr(demo, "EVENTS_LOOKED_AT", 2)
    for days in (3, 2):
        meet(made, TODAY - timedelta(days=days), "cli")
    assert "又记了 2 条以上，" in said_again(recorded_since(frame), frame)


def test_the_second_demonstration_says_so(
    county: tuple[County, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, run = county
    monkeypatch.setattr(made, "demo", lambda **_: {"played": False}, raising=False)
    meet(made, TODAY - timedelta(days=3), "demo")
    assert "没有再演示。\n" in run("demo", "--once").stderr
    meet(made, TODAY, "scheduler")
    told = run("demo", "--once")
    assert "演示以后又记了 1 条（系统记的 1 条" in told.stderr
    assert "可能与第一次不同" in "".join(told.stderr.split())
    assert "待办：逾期" in told.stdout
