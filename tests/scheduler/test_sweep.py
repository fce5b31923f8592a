"""The sweep over a county in memory: what is told, to whom, and that it is told once."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.adapters.notify.build import memory_sweep
from workflows.adapters.notify.outbox import MemoryOutbox
from workflows.application import commands
from workflows.application.recording import Request
from workflows.kernel.clock import moment_of
from workflows.kernel.events import Recorded
from workflows.projections.answers import Answering
from workflows.scheduler.sweep import LeaseLost, Sweep

ELECTED_ON = date(2023, 9, 10)
REMIND_ON = date(2026, 3, 10)
ENDS_ON = date(2026, 9, 10)
DAY = timedelta(days=1)
POSTS = {"赵": "secretary", "钱": "organization", "孙": "publicity"}


class Swept:
    """A township with one branch below it, followed since a quiet day."""

    def __init__(self, *, follow_from: date = date(2026, 1, 20), books_from: date = date(2026, 1, 1)) -> None:
        self.county = County()
        self.committee = self.county.branch("某镇党委", level="committee", books_from=books_from)
        self.branch = self._below("甲支部", books_from)
        self.county.do(
            "elect_committee",
            ELECTED_ON,
            unit=self.branch,
            posts=POSTS,
            eligible=9,
            attending=9,
            as_history=True,
        )
        self.outbox = MemoryOutbox()
        self.sweep: Sweep = memory_sweep(self.county.app.recording, self.outbox)
        self.on(follow_from)

    def _below(self, name: str, books_from: date) -> UUID:
        command = commands.parse(
            "establish_unit", {"name": name, "kind": "organ", "books_from": books_from}, date(2020, 1, 1)
        )
        outcome = self.county.app.recording.record(
            Request(
                command=command,
                actor="tester",
                origin="cli",
                named_unit_id=self.committee,
                as_history=True,
                reason="paper",
            )
        )
        assert outcome.stream_id is not None
        return outcome.stream_id

    def on(self, day: date) -> list[dict[str, Any]]:
        """Let the day come and return what is told."""
        self.county.app.clock.put(moment_of(day))
        rows: list[dict[str, Any]] = self.sweep.remind(day)["rows"]
        return rows

    def meet(self, kind: str, day: date) -> None:
        """Hold a meeting."""
        self.county.do("hold_meeting", day, unit=self.branch, type=kind, eligible=9, attending=9)

    @property
    def noticed(self) -> list[Recorded]:
        """Return what the scheduler recorded."""
        return [record for record in self.county.app.log.records if record.origin == "scheduler"]


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(row["rule"], row["matter"], row["stage"], row["recipient"]) for row in rows]


def about(rows: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["rule"] == rule]


def test_six_months_before_its_end_a_term_is_reminded_of_once_in_the_log_and_to_both() -> None:
    town = Swept()
    assert about(town.on(REMIND_ON - DAY), "branch-term-remind") == []
    rows = about(town.on(REMIND_ON), "branch-term-remind")
    assert told(rows) == [
        ("branch-term-remind", "issue_term_reminder", "reminder", "甲支部"),
        ("branch-term-remind", "issue_term_reminder", "reminder", "某镇党委"),
    ]
    assert rows[0]["text"] == (
        "甲支部：本届任期2026-09-10届满（还有184天），请及早准备换届。"
        "依据《中国共产党支部工作条例（试行）》第二十二条。"
    )
    (record,) = town.noticed
    assert (type(record.event).__name__, record.actor, record.effective_on) == (
        "TermReminderIssued",
        "system",
        REMIND_ON,
    )
    assert about(town.on(REMIND_ON), "branch-term-remind") == []
    assert about(town.on(REMIND_ON + DAY), "branch-term-remind") == []


def test_an_assembly_not_held_is_reminded_of_thirty_days_ahead_and_missed_on_the_first_day_after() -> None:
    town = Swept()
    town.on(date(2026, 4, 1))
    last = date(2026, 6, 30)
    assert about(town.on(last - 31 * DAY), "meet-assembly") == []
    (row,) = about(town.on(last - 30 * DAY), "meet-assembly")
    assert (row["matter"], row["due_on"], row["status"], row["days_left"]) == (
        "2026-Q2",
        "2026-06-30",
        "due",
        30,
    )
    assert about(town.on(last), "meet-assembly") == []
    (row,) = about(town.on(last + DAY), "meet-assembly")
    assert (row["matter"], row["status"], row["stage"]) == ("2026-Q2", "overdue", "overdue")
    assert "已过1天" in row["text"]
    assert about(town.on(last + 2 * DAY), "meet-assembly") == []


def test_a_meeting_held_in_time_is_not_spoken_of() -> None:
    town = Swept()
    town.meet("branch_assembly", date(2026, 2, 5))
    rows = [row for day in range(70) for row in town.on(date(2026, 2, 6) + day * DAY)]
    assert [row for row in about(rows, "meet-assembly") if row["matter"] == "2026-Q1"] == []


def test_on_one_day_a_term_reminder_and_a_quarterly_one_go_out_and_the_second_run_tells_nothing() -> None:
    town = Swept()
    day = REMIND_ON
    town.county.app.clock.put(moment_of(day))
    preview = town.sweep.remind(day, dry_run=True)
    before = len(town.county.app.log.records)
    first = town.sweep.remind(day)
    assert {"branch-term-remind", "meet-assembly"} <= {row["rule"] for row in first["rows"]}
    assert first["rows"] == preview["rows"]
    assert len(town.county.app.log.records) == before + 1
    again = town.sweep.remind(day)
    assert again["rows"] == []
    assert again["position"] == first["position"]
    assert (again["as_of"], again["known_on"]) == (day.isoformat(), None)


def test_a_dry_run_writes_nothing() -> None:
    town = Swept()
    before = (len(town.county.app.log.records), dict(town.outbox.notes), dict(town.outbox.lines))
    town.sweep.remind(REMIND_ON, dry_run=True)
    assert before == (len(town.county.app.log.records), town.outbox.notes, town.outbox.lines)


def test_the_end_of_a_term_is_marked_and_then_that_it_ran_out() -> None:
    town = Swept()
    town.on(REMIND_ON)
    assert about(town.on(ENDS_ON), "branch-term") == []
    rows = about(town.on(ENDS_ON + DAY), "branch-term")
    assert [row["recipient"] for row in rows] == ["甲支部", "某镇党委"]
    assert about(town.on(ENDS_ON + 2 * DAY), "branch-term") == []
    assert [type(record.event).__name__ for record in town.noticed] == [
        "TermReminderIssued",
        "TermDue",
        "TermOverdue",
    ]
    assert [record.event.term_until for record in town.noticed] == [ENDS_ON] * 3  # type: ignore[attr-defined]


def test_a_new_election_settles_the_term() -> None:
    town = Swept()
    town.on(REMIND_ON)
    town.county.do(
        "elect_committee",
        date(2026, 9, 1),
        unit=town.branch,
        posts=POSTS,
        eligible=9,
        attending=9,
        as_history=True,
    )
    rows = town.on(ENDS_ON + DAY)
    assert about(rows, "branch-term") == []
    assert len(town.noticed) == 1


def test_a_reminder_issued_by_hand_is_not_issued_again() -> None:
    town = Swept()
    town.county.do("issue_term_reminder", REMIND_ON - 5 * DAY, unit=town.branch)
    assert about(town.on(REMIND_ON + DAY), "branch-term-remind") == []
    assert town.noticed == []


def test_the_first_look_at_a_unit_tells_its_past_in_one_line() -> None:
    town = Swept(follow_from=date(2026, 8, 20), books_from=date(2020, 1, 1))
    history = [
        line for line in town.outbox.lines.values() if line.channel == "inbox" and line.stage == "history"
    ]
    (line,) = [line for line in history if line.unit_id == town.branch]
    assert line.count > 60  # three duties a month and a quarter, for more than six years
    assert line.first_on is not None
    assert line.first_on < date(2020, 4, 2)
    own = [x for x in town.outbox.lines.values() if x.channel == "inbox" and x.recipient == str(town.branch)]
    assert len(own) < 8, own
    assert [row for row in town.on(date(2026, 8, 21)) if row["stage"] == "history"] == []


def test_a_term_that_ran_out_before_the_first_look_is_marked_once_without_a_letter_of_its_own() -> None:
    town = Swept(follow_from=date(2027, 1, 20))
    assert [type(record.event).__name__ for record in town.noticed] == ["TermOverdue"]
    assert [line.rule for line in town.outbox.lines.values() if line.rule == "branch-term"] == []
    town.on(date(2027, 1, 21))
    assert len(town.noticed) == 1


def test_a_term_about_to_end_is_reminded_of_even_if_the_day_to_remind_lay_before_the_first_look() -> None:
    town = Swept(follow_from=date(2026, 8, 20))
    assert [type(record.event).__name__ for record in town.noticed] == ["TermReminderIssued"]


def test_after_weeks_of_silence_one_line_tells_all_missed_periods_of_a_duty() -> None:
    town = Swept()
    rows = about(town.on(date(2026, 7, 2)), "meet-theme-day")
    (row,) = [row for row in rows if row["stage"] == "overdue"]
    assert row["count"] == 6  # January to June
    assert row["matter"] == "2026-06"
    assert "共6项没有完成" in row["text"]
    assert about(town.on(date(2026, 7, 3)), "meet-theme-day") == []


def test_a_day_to_come_sends_reminders_ahead_and_calls_nothing_overdue() -> None:
    town = Swept()
    preview = town.sweep.remind(date(2026, 10, 5), dry_run=True)["rows"]
    rows = town.sweep.remind(date(2026, 10, 5))["rows"]
    assert rows == preview
    assert {row["stage"] for row in rows} <= {"reminder"}
    assert town.noticed == []


def test_a_corrected_election_is_a_new_occurrence_but_not_on_the_same_day() -> None:
    town = Swept()
    town.on(REMIND_ON)
    election = next(r for r in town.county.app.log.records if type(r.event).__name__ == "CommitteeElected")
    town.county.correct(election.event_id, "held_on", "2023-09-11", REMIND_ON)
    assert about(town.on(REMIND_ON), "branch-term-remind") == []
    assert about(town.on(REMIND_ON + 2 * DAY), "branch-term-remind") == []  # met by the reminder of before


def test_a_worker_whose_lease_is_lost_writes_nothing() -> None:
    town = Swept()
    town.county.app.clock.put(moment_of(REMIND_ON))
    before = len(town.county.app.log.records)
    with pytest.raises(LeaseLost):
        town.sweep.run(REMIND_ON, may_write=lambda transaction: False)
    assert len(town.county.app.log.records) == before
    assert town.sweep.run(REMIND_ON, may_write=lambda transaction: True).events == 1


def test_new_units_wait_while_their_books_are_being_filled() -> None:
    town = Swept()
    new = town.county.branch("乙支部", kind="organ", on=date(2020, 1, 1), books_from=date(2020, 1, 1))
    town.county.app.clock.put(moment_of(REMIND_ON))
    town.sweep.run(REMIND_ON, begin_new=False)
    assert new not in town.outbox.since
    town.sweep.run(REMIND_ON)
    assert town.outbox.since[new] == REMIND_ON


def test_a_person_is_named_when_the_line_is_read_and_never_kept() -> None:
    town = Swept()
    person: UUID | None = town.county.do(
        "receive_application", date(2026, 2, 1), unit=town.branch, name="王小明", born_on=date(1995, 5, 1)
    ).stream_id
    rows = [row for day in range(40) for row in town.on(date(2026, 2, 2) + day * DAY)]
    mine = [row for row in rows if row["person_id"] == str(person)]
    assert [row["stage"] for row in mine] == ["reminder", "due", "overdue"]
    assert all("王小明" in row["text"] for row in mine)
    assert "王小明" not in repr(list(town.outbox.lines.values()))


def test_a_day_that_is_awaited_is_never_told_as_missed() -> None:
    town = Swept()
    lost = date(2026, 1, 25)
    person = town.county.member(town.branch, "李")
    town.county.do("report_lost_contact", lost, person=person)
    rows = [row for day in range(170, 200) for row in town.on(lost + day * DAY)]
    assert about(rows, "member-stop-lost") == []
    app = town.county.app
    answering = Answering(app.log, app.rules, app.clock)
    (limit,) = [
        row
        for row in answering.deadlines(person_id=person, on=lost + 199 * DAY)["rows"]
        if row["rule"] == "member-stop-lost"
    ]
    assert (limit["due_on"], limit["status"], limit["days_left"]) == ("2026-07-25", "due", 0)
