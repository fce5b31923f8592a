"""案卷: cases are listed, folded and rebuilt on a database as units and people are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect

from tests.support.books import County, county
from workflows.adapters.memory import PlainIdentity
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.schema import prepare
from workflows.adapters.views.tables import files
from workflows.application.amending import Amending, Amendment
from workflows.application.books import States
from workflows.application.commands import parse
from workflows.application.recording import Outcome, Recording, Request
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import SeededIds

TODAY = date(2026, 6, 30)
VISIT = date(2026, 3, 5)


class Office:
    """A branch on a database, and whoever inspects it."""

    def __init__(self, told: County) -> None:
        self.told = told
        self.recording = Recording(
            told.log, told.rules, told.clock, PlainIdentity(), SeededIds("office"), inline=(told.views,),
            states=States(),
        )  # fmt: skip
        founded = self.do("establish_unit", date(2020, 1, 1), name="甲支部", kind="village", level="branch")
        assert founded.stream_id is not None
        self.unit = founded.stream_id

    def do(
        self,
        verb: str,
        day: date,
        unit: UUID | None = None,
        file: UUID | None = None,
        subject: str | None = None,
        **payload: object,
    ) -> Outcome:
        """Record one command."""
        return self.recording.record(
            Request(
                command=parse(verb, payload, day), unit_id=unit, file_id=file, subject=subject,
                actor="tester", origin="cli",
            )
        )  # fmt: skip

    def inspection(self, subject: str = "一季度督查") -> UUID:
        """Plan an inspection of the branch and visit it."""
        planned = self.do("plan_inspection", date(2026, 3, 2), self.unit, subject=subject)
        assert planned.stream_id is not None
        self.do("record_visit", VISIT, file=planned.stream_id)
        return planned.stream_id

    def listed(self) -> list[tuple[str, str]]:
        """Return kind and subject of every case that the directory lists."""
        with self.told.log.read() as reading:
            return [(entry.kind, entry.subject) for entry in reading.directory.files()]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with county(database_url, TODAY) as told:
        yield Office(told)


def test_a_case_is_listed_with_its_unit_and_found_by_its_subject(office: Office) -> None:
    case = office.inspection()
    assert office.listed() == [("inspection", "一季度督查")]
    assert office.told.live.file_named("一季度督查", office.unit) == case
    state = office.told.live.state(case, VISIT)["state"]
    assert (state["kind"], state["unit"], state["stage"]) == ("inspection", "甲支部", "done")
    assert office.told.live.state(case, date(2026, 3, 4))["state"]["stage"] == "planned"


def test_a_subject_is_opened_once_at_a_unit(office: Office) -> None:
    office.inspection()
    with pytest.raises(WrongUsage) as caught:
        office.do("plan_inspection", date(2026, 3, 6), office.unit, subject=" 一季度督查 ")
    assert caught.value.code == "subject-exists"
    with pytest.raises(WrongUsage) as caught:
        office.do("plan_inspection", date(2026, 3, 6), office.unit, subject=" ")
    assert caught.value.code == "subject-wanted"


def test_a_visit_without_a_plan_is_refused(office: Office) -> None:
    refused = office.do("record_visit", VISIT, office.unit, file=UUID(int=7))
    assert refused.refused
    assert [finding.rule for finding in refused.findings] == ["file-stage"]


def test_a_case_retracted_stands_in_the_directory_no_more_and_a_correction_renames_it(office: Office) -> None:
    amending = Amending(office.recording)
    case = office.inspection()
    with office.told.log.read() as reading:
        opened, visited = reading.load(case)
    amending.amend(
        Amendment(
            event=opened.event_id,
            field="subject",
            value="二季度督查",
            reason="paper",
            actor="t",
            origin="cli",
        )
    )
    assert office.listed() == [("inspection", "二季度督查")]
    for record in (visited, opened):  # what was done in a case is taken back before the case
        amending.amend(Amendment(event=record.event_id, reason="never was", actor="t", origin="cli"))
    assert office.listed() == []
    again = office.inspection("二季度督查")
    assert again != case


def test_what_is_kept_of_cases_is_what_a_rebuild_makes(office: Office) -> None:
    office.inspection()
    office.inspection("二季度督查")
    report = Rebuilding(office.told.views).rebuild()
    assert [entry for entry in report if not entry.is_equal] == []
    assert len(office.listed()) == 2


def test_the_limits_of_a_problem_are_there_after_a_rebuild(office: Office) -> None:
    day = date(2026, 3, 2)
    office.do("open_issue", day, office.unit, subject="台账不全", text="缺二月记录", due_on=date(2026, 8, 1))
    asked: dict[str, Any] = {"unit_id": office.unit, "on": TODAY, "status": "all"}
    before = office.told.live.deadlines(**asked)["rows"]
    assert [row["due_on"] for row in before if row["subject"] == "台账不全"] == ["2026-08-01"]
    assert all(entry.is_equal for entry in Rebuilding(office.told.views).rebuild("deadlines"))
    assert office.told.live.deadlines(**asked)["rows"] == before


def test_a_home_made_before_there_were_cases_gets_their_table(office: Office) -> None:
    with office.told.store.database.writing() as connection:
        files.drop(connection)
    prepare(office.told.store.database)
    with office.told.store.database.reading() as connection:
        assert inspect(connection).has_table(files.name)
    office.inspection()
    assert office.listed() == [("inspection", "一季度督查")]
