"""Rows under an adopted pack: derived anew for all it binds, behind the log where they are many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.application.test_adoption import plan
from tests.support.books import County, county
from workflows.adapters.memory import PlainIdentity
from workflows.adapters.views import runner
from workflows.adapters.views.rebuild import Rebuilding
from workflows.application.amending import Amending, Amendment
from workflows.application.commands import parse
from workflows.application.recording import Recording, Request
from workflows.kernel.ids import SeededIds

TODAY = date(2026, 6, 30)


class Desk:
    """Two branches of a county unit, recorded with their views."""

    def __init__(self, told: County) -> None:
        self.told = told
        self.recording = Recording(
            told.log, told.rules, told.clock, PlainIdentity(), SeededIds("desk"), inline=(told.views,)
        )
        self.over = self.do("establish_unit", date(2015, 1, 1), name="甲县", level="county")
        self.branches = [
            self.do("establish_unit", date(2026, 1, 1), named_unit_id=self.over, name=name)
            for name in ("甲支部", "乙支部")
        ]

    def do(self, verb: str, day: date, unit: UUID | None = None, **payload: Any) -> UUID:
        """Record a command; return its stream."""
        superior = payload.pop("named_unit_id", None)
        command = parse(verb, payload, day)
        request = Request(command=command, unit_id=unit, named_unit_id=superior, actor="tester", origin="cli")
        done = self.recording.record(request)
        assert done.stream_id is not None
        return done.stream_id

    def lectures(self) -> list[str]:
        """Return the periods that owe a lecture, from kept rows; they equal what folding says."""
        kept, folded = (a.compliance(None, "2026", TODAY) for a in (self.told.live, self.told.folded))
        assert kept["rows"] == folded["rows"]
        asked = [row for row in kept["rows"] if row["verdict"] != "exempt"]
        return [row["period"] for row in asked if row["rule"] == "county-lecture"]


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with county(database_url, TODAY) as told:
        yield Desk(told)


def test_adopting_and_taking_back_change_the_rows_of_all_below(desk: Desk) -> None:
    assert desk.lectures() == []
    desk.do("adopt_pack", date(2026, 3, 1), desk.over, pack="county-plan", text=plan())
    assert desk.lectures() == ["2026-Q2"] * 2
    desk.do("retire_pack", date(2026, 4, 1), desk.over, pack="county-plan")
    assert desk.lectures() == []


def test_a_retracted_adoption_is_taken_out_of_the_rows(desk: Desk) -> None:
    desk.do("adopt_pack", date(2026, 3, 1), desk.over, pack="county-plan", text=plan())
    assert desk.lectures() == ["2026-Q2"] * 2
    with desk.told.log.read() as reading:
        adoption = next(r for r in reading.load(desk.over) if r.event.topic() == "unit.pack-adopted")
    Amending(desk.recording).amend(
        Amendment(event=adoption.event_id, actor="tester", origin="cli", reason="paper")
    )
    assert desk.lectures() == []


def test_a_rebuild_under_an_adopted_pack_finds_the_same(desk: Desk) -> None:
    desk.do("adopt_pack", date(2026, 3, 1), desk.over, pack="county-plan", text=plan())
    assert all(found.is_equal for found in Rebuilding(desk.told.views).rebuild())
    assert desk.lectures() == ["2026-Q2"] * 2


def test_a_change_for_many_is_left_to_the_runner_and_answers_stay_right(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "MOST_INLINE", 2)
    desk.do("adopt_pack", date(2026, 3, 1), desk.over, pack="county-plan", text=plan())
    with desk.told.log.read() as reading:
        states = desk.told.views._states(reading.connection)
        assert {state.position for state in states.values()} == {reading.head() - 1}
    assert desk.lectures() == ["2026-Q2"] * 2  # folded, since the rows lag behind
    assert desk.told.views.run() == 1
    assert desk.lectures() == ["2026-Q2"] * 2
    desk.do("hold_meeting", date(2026, 4, 2), desk.branches[0], type="party_lecture", attending=5)
    assert desk.lectures() == ["2026-Q2"] * 2
