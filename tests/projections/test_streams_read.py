"""How often an answer goes to the log: as often for a few cases of a county as for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from tests.projections.test_inspecting import BRANCH, PLANNED, RAISED, VISITED, step
from tests.support.books import Told
from workflows.adapters.memory import MemoryLog
from workflows.kernel.events import Recorded
from workflows.projections.answers import Answering

DAY = date(2026, 2, 20)
OPENED = step("2026-02-10", "open_issue", 'source = "self_check", text = "无关", due_on = 2026-03-20')


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    load, load_many = MemoryLog.load, MemoryLog.load_many

    def one(log: MemoryLog, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        found.append("one")
        return load(log, stream_id, after_version)

    def many(log: MemoryLog, stream_ids: list[UUID]) -> dict[UUID, list[Recorded]]:
        found.append("many")
        return load_many(log, stream_ids)

    monkeypatch.setattr(MemoryLog, "load", one)
    monkeypatch.setattr(MemoryLog, "load_many", many)
    return found


def _other(number: int) -> str:
    return OPENED.replace("春季督查", f"无关{number}")


def _inspected(told: Told) -> UUID:
    (row,) = told.answering.cases("inspection", on=DAY)["rows"]
    return UUID(row["file_id"])


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda told, case: told.answering.checklist(case, DAY)["counts"], id="checklist"),
        pytest.param(lambda told, case: told.answering.case(case, DAY)["related"], id="page of a case"),
    ],
)
def test_an_inspection_is_answered_by_as_many_readings_however_many_problems_there_are(
    ask: Callable[[Told, UUID], object], read: list[str]
) -> None:
    readings = []
    for others in (0, 20):
        more = "".join(_other(number) for number in range(others))
        told = Told(BRANCH + PLANNED + more + VISITED + RAISED)
        assert len(told.answering.cases("rectification", on=DAY)["rows"]) == others + 1
        case = _inspected(told)
        told.answering = Answering(told.log, told.app.rules, told.app.clock)  # that has read nothing yet
        read.clear()
        assert ask(told, case)
        readings.append(len(read))
    assert readings[0] == readings[1]


def test_what_a_case_caused_is_told_and_nothing_else() -> None:
    told = Told(BRANCH + PLANNED + _other(1) + VISITED + RAISED)
    related = told.answering.case(_inspected(told), DAY)["related"]
    (problem,) = [one for one in related if one["role"] == "caused"]
    assert (problem["kind"], problem["subject"]) == ("rectification", "春季督查：问题1")
