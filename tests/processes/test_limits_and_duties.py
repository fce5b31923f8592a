"""A limit and a duty are each told once a stage, and only of the newest stage that has come."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.processes.effects import DayCame, Matter, Noticed, Notify, Settled
from workflows.processes.limit_watch import LimitWatch
from workflows.processes.quarterly_duty import QuarterlyDuty

UNIT, PERSON = UUID(int=1), UUID(int=2)
LAST = date(2026, 9, 30)
DAY = timedelta(days=1)
ASSEMBLY = Matter(UNIT, UNIT, "meet-assembly", "2026-Q3", LAST)
TALK = Matter(PERSON, UNIT, "dev-first-talk", "hold_first_talk", LAST, person_id=PERSON)
QUARTER = QuarterlyDuty(ASSEMBLY, remind_days=30)
MONTH = QuarterlyDuty(ASSEMBLY, remind_days=7)
LIMIT = LimitWatch(TALK, remind_days=7)


@pytest.mark.parametrize(("duty", "days"), [(QUARTER, 30), (MONTH, 7)])
def test_a_meeting_not_held_is_reminded_of_so_many_days_ahead(duty: QuarterlyDuty, days: int) -> None:
    assert duty.decide(DayCame(LAST - (days + 1) * DAY)) == ()
    assert duty.decide(DayCame(LAST - days * DAY)) == (Notify(ASSEMBLY, "reminder"),)
    assert duty.decide(DayCame(LAST)) == (Notify(ASSEMBLY, "reminder"),)


def test_on_the_first_day_after_the_quarter_it_is_missing() -> None:
    assert QUARTER.evolve(Noticed("reminder")).decide(DayCame(LAST)) == ()
    assert QUARTER.evolve(Noticed("reminder")).decide(DayCame(LAST + DAY)) == (Notify(ASSEMBLY, "overdue"),)


def test_a_meeting_held_is_not_spoken_of() -> None:
    assert QUARTER.evolve(Settled()).decide(DayCame(LAST + DAY)) == ()


def test_a_duty_without_a_day_to_remind_is_only_missed() -> None:
    silent = QuarterlyDuty(ASSEMBLY)
    assert silent.decide(DayCame(LAST)) == ()
    assert silent.decide(DayCame(LAST + DAY)) == (Notify(ASSEMBLY, "overdue"),)


def test_a_limit_is_announced_called_and_missed() -> None:
    told = []
    watch = LIMIT
    for offset in range(-20, 20):
        message = DayCame(LAST + offset * DAY)
        told += [(offset, effect.stage) for effect in watch.decide(message)]
        watch = watch.evolve(message)
    assert told == [(-7, "reminder"), (0, "due"), (1, "overdue")]


def test_after_a_silence_only_the_newest_stage_is_told() -> None:
    assert LIMIT.decide(DayCame(LAST)) == (Notify(TALK, "due"),)
    assert LIMIT.decide(DayCame(LAST + 7 * DAY)) == (Notify(TALK, "overdue"),)


def test_nothing_is_said_of_a_day_that_comes_again() -> None:
    watch = LIMIT.evolve(DayCame(LAST))
    assert watch.decide(DayCame(LAST)) == ()
    assert watch.decide(DayCame(LAST - 3 * DAY)) == ()


@pytest.mark.parametrize("watch", [LIMIT, QUARTER])
def test_an_earlier_stage_never_undoes_a_later_one(watch: LimitWatch | QuarterlyDuty) -> None:
    assert watch.evolve(Noticed("overdue")).evolve(Noticed("reminder")).status == "overdue"
    assert watch.evolve(Settled()).evolve(Noticed("reminder")).status == "settled"


@given(st.lists(st.integers(-60, 60), max_size=40), st.sampled_from([LIMIT, QUARTER, MONTH]))
def test_whatever_days_come_each_stage_is_told_at_most_once(
    offsets: list[int], watch: LimitWatch | QuarterlyDuty
) -> None:
    stages = []
    for offset in offsets:
        message = DayCame(LAST + offset * DAY)
        stages += [effect.stage for effect in watch.decide(message)]
        watch = watch.evolve(message)
    assert len(stages) == len(set(stages))
    assert stages == sorted(stages, key=["reminder", "due", "overdue"].index)
