"""A year's working days adopted as a pack: provisional until then, decided after, as known at either time."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.application.test_adoption import Told
from workflows.entrypoints.wording import Wording
from workflows.kernel.clock import FixedClock, SystemClock, moment_of
from workflows.policies.findings import Finding, Verdict
from workflows.projections.answers import Answering
from workflows.projections.impact import Impact

TABLE = """
id = "work-calendar-2027"
title = "2027年工作日历"
issuer = "县委组织部"
level = "county"
source = "为测试编的"
issued_on = 2026-12-20

[[calendars]]
year = 2027
source = "为测试编的2027年放假安排"
confidence = "GK"
holidays = [2027-01-01, 2027-01-02, 2027-01-03]
workdays = [2027-01-09]
"""
POSTED = date(2026, 12, 28)
LAST = date(2027, 1, 4)
"""Monday to Thursday, then, Friday being free, the next Monday."""


class Noticed(Told):
    """Somebody agreed to be a development target, whose public notice runs over the end of the year."""

    def __init__(self) -> None:
        super().__init__()
        self.person = self.applied(date(2025, 3, 1))
        self.step("hold_first_talk", date(2025, 3, 10))
        self.step("confirm_activist", date(2025, 6, 2))
        self.step("agree_development_target", date(2026, 12, 1))
        self.step("post_notice", POSTED, starts_on=POSTED, working_days=5)

    def step(self, verb: str, on: date, **fields: Any) -> None:
        """Record a step of the person's course."""
        self.county.do(verb, on, person=self.person, unit=self.here, as_history=True, **fields)

    def listed(self, on: date) -> Finding:
        """Return what the rule on the notice says of listing the target on a day; nothing is recorded."""
        request = _request("list_development_target", on, self.person, self.here)
        self.county.app.clock.put(max(self.county.app.clock.now(), moment_of(on)))
        told = self.county.app.recording.record(request, preview=True)
        (found,) = [finding for finding in told.findings if finding.kind == "notice"]
        return found

    def calendar(self, on: date = date(2026, 12, 29), text: str = TABLE, **fields: Any) -> Any:
        """Adopt the table for the county."""
        return self.adopt(on=on, pack="work-calendar-2027", text=text, **fields)

    def next_step(self, on: date, **more: Any) -> tuple[str | None, bool]:
        """Return the first lawful day of listing the target, and whether it is provisional."""
        answering = Answering(self.county.app.log, self.county.app.rules, SystemClock(), named={})
        rows = answering.pipeline(self.here, on=on, **more)["rows"]
        (step,) = [s for row in rows for s in row["next"] if s["step"] == "list_development_target"]
        return step["earliest_on"], step["provisional"]

    def impact(self, text: str, on: date) -> dict[str, Any]:
        """Try a text for the county on a day."""
        app = self.county.app
        return Impact(app.log, app.rules, FixedClock(moment_of(on))).impact(text, self.over, on=on)


def _request(verb: str, on: date, person: UUID, unit: UUID) -> Any:
    from workflows.application.commands import parse
    from workflows.application.recording import Request

    return Request(command=parse(verb, {}, on), actor="t", origin="cli", person_id=person, unit_id=unit)


@pytest.fixture
def told() -> Noticed:
    return Noticed()


def test_a_notice_into_a_year_without_a_table_is_left_to_a_person_and_its_day_is_provisional(
    told: Noticed,
) -> None:
    found = told.listed(date(2027, 1, 5))
    assert (found.verdict, found.provisional) == (Verdict.REFER, (2027,))
    message = Wording("zh").finding(found, command="list_development_target")
    assert "（暂定），但2027年的调休安排还没有公布" in message
    assert "采用那一年的工作日历（zhibu policy adopt）" in message
    assert told.next_step(date(2026, 12, 30)) == (str(found.earliest_on), True)


def test_once_the_table_is_adopted_the_notice_is_decided_and_says_from_where(told: Noticed) -> None:
    told.calendar()
    early, found = told.listed(LAST), told.listed(date(2027, 1, 5))
    assert (early.verdict, early.earliest_on) == (Verdict.BLOCK, date(2027, 1, 5))
    assert (found.verdict, found.provisional) == (Verdict.OK, ())
    assert found.calendars == {"2027": {"source": "为测试编的2027年放假安排", "confidence": "GK"}}
    assert "2027年工作日历：为测试编的2027年放假安排" in Wording("zh").finding(found)
    assert told.next_step(date(2026, 12, 30)) == ("2027-01-05", False)


def test_as_known_or_as_of_before_the_adoption_the_day_stays_provisional(told: Noticed) -> None:
    known = len(told.county.app.log.records)
    told.calendar()
    assert told.next_step(date(2026, 12, 30), known_on=known)[1] is True
    assert told.next_step(date(2026, 12, 28))[1] is True
    assert told.next_step(date(2026, 12, 29))[1] is False


def test_the_table_counts_for_its_whole_year_from_whichever_day_the_pack_holds(told: Noticed) -> None:
    told.calendar(start=date(2027, 6, 1))
    assert told.listed(date(2027, 1, 5)).verdict is Verdict.OK


def test_a_table_taken_back_leaves_the_year_provisional_again(told: Noticed) -> None:
    told.calendar()
    told.county.do("retire_pack", date(2027, 1, 4), unit=told.over, pack="work-calendar-2027")
    assert told.listed(date(2027, 1, 5)).verdict is Verdict.REFER


def test_a_later_text_mends_a_year_and_leaves_the_others_standing(told: Noticed) -> None:
    told.calendar()
    mended = TABLE.replace("2027-01-03]", "2027-01-03, 2027-01-04]")
    done = told.calendar(on=date(2026, 12, 30), text=mended)
    (conflict,) = [finding for finding in done.findings if finding.verdict is Verdict.CONFLICT]
    assert conflict.values == {"2027-01-04": False}
    assert told.next_step(date(2026, 12, 30)) == ("2027-01-06", False)
    other = TABLE.replace("2027", "2028")
    told.calendar(on=date(2026, 12, 31), text=other.replace("work-calendar-2028", "work-calendar-2027"))
    assert told.next_step(date(2026, 12, 31)) == ("2027-01-06", False)


def test_trying_a_table_lists_each_notice_with_its_old_and_new_day(told: Noticed) -> None:
    free = TABLE.replace("2027-01-03]", "2027-01-03, 2027-01-04]")
    (row,) = told.impact(free, date(2026, 12, 30))["rows"]
    assert (row["change"], row["unit"], row["person"]) == ("notice", "甲支部", "王")
    assert (row["rule"], row["subject"]) == ("dev-object-notice", "list_development_target")
    assert row["before"] == {"earliest_on": "2027-01-05", "provisional": [2027], "verdict": None}
    assert row["after"] == {"earliest_on": "2027-01-06", "provisional": [], "verdict": None}


def test_an_act_recorded_while_the_day_was_provisional_is_listed_with_what_is_now_to_be_said(
    told: Noticed,
) -> None:
    told.step("list_development_target", LAST)
    (row,) = told.impact(TABLE, date(2027, 1, 6))["rows"]
    assert (row["before"]["verdict"], row["after"]["verdict"]) == ("refer", "block")


def test_where_every_day_is_known_a_table_changes_nothing(told: Noticed) -> None:
    told.calendar()
    assert told.impact(TABLE, date(2026, 12, 30))["rows"] == []


def test_a_year_known_already_and_told_otherwise_is_adopted_with_the_conflict_and_then_holds(
    told: Noticed,
) -> None:
    wrong = TABLE.replace("year = 2027", "year = 2026").replace(
        "holidays = [2027-01-01, 2027-01-02, 2027-01-03]\nworkdays = [2027-01-09]", "holidays = [2026-12-29]"
    )
    done = told.calendar(text=wrong)
    (conflict,) = [finding for finding in done.findings if finding.verdict is Verdict.CONFLICT]
    assert conflict.rule == "conv-workday"
    assert conflict.values["2026-12-29"] is False
    assert conflict.values["2026-10-01"] is True
    message = Wording("zh").finding(conflict)
    assert "2026-12-29 放假" in message
    assert "采用后以这张表为准" in message
    assert told.next_step(date(2026, 12, 30))[0] == "2027-01-06"
