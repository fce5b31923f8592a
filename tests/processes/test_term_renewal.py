"""换届: six months ahead one is reminded; the term ends; a new election settles it."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from workflows.domain.unit.commands import IssueTermReminder, MarkTermDue, MarkTermOverdue
from workflows.processes.effects import DayCame, Effect, Matter, Noticed, Notify, Record, Role, Settled
from workflows.processes.term_renewal import TermRenewal

UNIT = UUID(int=1)
ENDS_ON = date(2026, 1, 10)
REMIND_ON = date(2025, 7, 10)
TERM = Matter(UNIT, UNIT, "branch-term", "elect_committee", ENDS_ON, number=1)
REMIND = Matter(UNIT, UNIT, "branch-term-remind", "issue_term_reminder", REMIND_ON, ends_on=ENDS_ON)
RUNNING = TermRenewal(TERM, REMIND)
EVERYBODY: tuple[Role, ...] = ("unit", "superior")


def reminder(day: date) -> tuple[Effect, ...]:
    command = IssueTermReminder(on=day, term_until=ENDS_ON)
    return (
        Record(command, TERM.key("reminder"), TERM, "reminder"),
        Notify(REMIND, "reminder", to=EVERYBODY),
    )


def due(day: date) -> Record:
    return Record(MarkTermDue(on=day, term_until=ENDS_ON), TERM.key("due"), TERM, "due")


def overdue(day: date) -> tuple[Effect, ...]:
    command = MarkTermOverdue(on=day, term_until=ENDS_ON)
    return (Record(command, TERM.key("overdue"), TERM, "overdue"), Notify(TERM, "overdue", to=EVERYBODY))


def test_the_day_before_the_duty_to_remind_nothing_is_said() -> None:
    assert RUNNING.decide(DayCame(REMIND_ON - timedelta(days=1))) == ()


def test_on_the_day_to_remind_a_reminder_goes_to_the_unit_and_its_superior() -> None:
    assert RUNNING.decide(DayCame(REMIND_ON)) == reminder(REMIND_ON)


def test_a_missed_day_is_made_up_for_while_the_term_still_runs() -> None:
    late = ENDS_ON - timedelta(days=1)
    assert RUNNING.decide(DayCame(late)) == reminder(late)


def test_what_was_reminded_is_not_reminded_again() -> None:
    reminded = RUNNING.evolve(DayCame(REMIND_ON))
    assert reminded.decide(DayCame(REMIND_ON)) == ()
    assert reminded.decide(DayCame(ENDS_ON - timedelta(days=1))) == ()


def test_a_reminder_by_hand_leaves_none_to_issue() -> None:
    assert TermRenewal(TERM, remind=None).decide(DayCame(REMIND_ON)) == ()


def test_the_last_day_is_marked_and_nobody_is_bothered() -> None:
    assert RUNNING.evolve(Noticed("reminder")).decide(DayCame(ENDS_ON)) == (due(ENDS_ON),)


def test_the_day_after_it_is_run_out() -> None:
    after = ENDS_ON + timedelta(days=1)
    assert RUNNING.evolve(Noticed("due")).decide(DayCame(after)) == overdue(after)


def test_after_a_silence_both_marks_are_made_and_one_message_goes_out() -> None:
    after = ENDS_ON + timedelta(days=7)
    assert RUNNING.decide(DayCame(after)) == (due(after), *overdue(after))


def test_a_term_run_out_is_told_once() -> None:
    after = RUNNING.evolve(DayCame(ENDS_ON + timedelta(days=1)))
    assert after.status == "overdue"
    assert after.decide(DayCame(ENDS_ON + timedelta(days=400))) == ()


@pytest.mark.parametrize("day", [REMIND_ON, ENDS_ON, ENDS_ON + timedelta(days=1)])
def test_a_new_election_settles_it(day: date) -> None:
    assert RUNNING.evolve(Settled()).decide(DayCame(day)) == ()


def test_an_earlier_stage_never_undoes_a_later_one() -> None:
    assert RUNNING.evolve(Noticed("overdue")).evolve(Noticed("reminder")).status == "overdue"


def test_a_corrected_day_is_the_same_matter_and_another_occurrence() -> None:
    moved = Matter(UNIT, UNIT, "branch-term", "elect_committee", date(2026, 2, 1), number=1)
    assert moved.id == TERM.id
    assert moved.key("due") != TERM.key("due")
