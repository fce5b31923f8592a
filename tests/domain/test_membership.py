"""组织关系、党籍: transfers, what rests and what ends, sums of dues; as the books tell it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from tests.support.books import Told
from tests.support.builders import a_full_member
from tests.support.scenario import PERSON, given, recorded
from workflows.domain.person import member_commands as cmd
from workflows.domain.person import member_events as mv
from workflows.domain.person.relation import Training, transit_of
from workflows.domain.person.state import Person, evolve
from workflows.domain.stages import Stage
from workflows.kernel.events import Event, fold, history
from workflows.kernel.ids import derived

THERE = derived("test", "there")
ON = date(2026, 3, 1)


def person(*events: Event) -> Person:
    """Return someone to whom events have happened."""
    return fold(evolve, Person(PERSON), history([recorded(e, i) for i, e in enumerate(events, 1)]))


def test_who_is_sent_and_not_received_still_belongs_to_the_old_unit() -> None:
    sent = person(*a_full_member(), mv.PersonTransferred(transferred_on=ON, unit_id=THERE, in_transit=True))
    assert sent.unit_id != THERE
    assert transit_of(sent) is not None


def test_the_first_act_of_the_receiving_unit_receives() -> None:
    records = [recorded(e, i) for i, e in enumerate(a_full_member(), 1)]
    there = mv.PersonTransferred(transferred_on=ON, unit_id=THERE, in_transit=True)
    records.append(recorded(there, len(records) + 1))
    dues = recorded(mv.DuesRecorded(paid_on=date(2026, 4, 2), month="2026-04"), len(records) + 1)
    records.append(msgspec.structs.replace(dues, unit_id=THERE))
    received = fold(evolve, Person(PERSON), history(records))
    assert received.unit_on(date(2026, 4, 1)) != THERE
    assert received.unit_on(date(2026, 4, 2)) == THERE
    assert transit_of(received) is None


def test_who_goes_to_a_unit_outside_belongs_to_none_on_these_books() -> None:
    gone = person(*a_full_member(), mv.PersonTransferred(transferred_on=ON, outside="外县某支部"))
    assert gone.unit_id is None
    assert gone.unit_on(date(2026, 2, 28)) is not None


def test_a_stopped_membership_has_no_vote_until_it_is_restored() -> None:
    stopped = person(
        *a_full_member(),
        mv.MembershipStopped(stopped_on=ON, ground="lost"),
        mv.MembershipRestored(restored_on=date(2026, 6, 1)),
    )
    assert [stopped.is_stopped_on(day) for day in (date(2026, 2, 28), ON, date(2026, 5, 31))] == [
        False,
        True,
        True,
    ]
    assert not stopped.is_stopped_on(date(2026, 6, 1))
    assert stopped.stage is Stage.FULL


def test_nothing_is_recorded_of_the_dead() -> None:
    dead = given(*a_full_member(), mv.DeathRecorded(died_on=ON))
    dead.when(cmd.RecordDues(on=date(2026, 4, 1), month="2026-04")).then_refused("dev-stage")


def test_a_transfer_to_the_own_unit_is_noted() -> None:
    story = Told(
        """
[people]
"李" = { stage = "full", since = 2015-07-01 }
[[steps]]
on = 2026-03-01
do = "transfer_person"
person = "李"
with = { to_unit = "甲支部" }
"""
    )
    found = {finding.rule: finding.verdict for finding in story.played[0].outcome.findings}
    assert found["input-same-unit"] == "note"


def test_a_step_that_no_chart_has_is_refused() -> None:
    given(*a_full_member()).when(cmd.RecordStep(on=ON, step="thought_report")).then_refused(
        "input-step-unknown"
    )


@pytest.mark.parametrize("yuan", ["-0.01", "0.001", "NaN", "Infinity", "1000000000.01"])
def test_a_sum_that_nobody_can_pay_is_refused(yuan: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        cmd.RecordDues(on=ON, month="2026-03", amount=Decimal(yuan))


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "26-03", "2026-03-01"])
def test_a_month_is_written_with_year_and_two_digits(month: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"on": ON, "month": month}, cmd.RecordDues)


def test_of_two_moves_the_unexamined_one_breaks_the_time_of_training() -> None:
    from workflows.domain.person import events as ev

    moved = person(
        ev.ApplicationReceived(received_on=date(2024, 1, 1), unit_id=derived("test", "unit")),
        ev.ActivistConfirmed(confirmed_on=date(2024, 6, 1)),
        mv.PersonTransferred(transferred_on=date(2024, 9, 1), unit_id=THERE),
        ev.SemiannualReviewRecorded(reviewed_on=date(2024, 9, 20)),
        mv.PersonTransferred(transferred_on=date(2025, 1, 1), unit_id=derived("test", "third")),
        mv.TransferFileExamined(examined_on=date(2025, 1, 15), in_order=True),
    )
    training = Training(moved)
    assert training.restarted is not None
    assert training.restarted.on == date(2024, 9, 20)
