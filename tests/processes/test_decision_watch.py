"""What somebody is to decide is told once, from the first day of its cause; nothing is overdue by it."""

from datetime import date, timedelta
from uuid import UUID

from workflows.processes.decision_watch import DecisionWatch
from workflows.processes.effects import DayCame, Matter, Noticed, Notify, Settled

UNIT = UUID(int=1)
SINCE = date(2027, 1, 1)
DAY = timedelta(days=1)
REVIEW = Matter(UNIT, UNIT, "rating-review", "评星", SINCE)
WATCH = DecisionWatch(REVIEW)
TOLD = (Notify(REVIEW, "due", to=("unit", "superior")),)


def test_it_is_told_to_the_unit_and_the_one_above_on_its_first_day_or_as_soon_as_it_is_known() -> None:
    assert WATCH.decide(DayCame(SINCE - DAY)) == ()
    assert WATCH.decide(DayCame(SINCE)) == TOLD
    assert WATCH.decide(DayCame(SINCE + 40 * DAY)) == TOLD


def test_it_is_told_once_and_never_as_overdue() -> None:
    told = WATCH.evolve(DayCame(SINCE))
    assert [told.decide(DayCame(SINCE + days * DAY)) for days in range(400)] == [()] * 400
    assert WATCH.evolve(Noticed("due")).decide(DayCame(SINCE + DAY)) == ()


def test_what_was_decided_is_not_spoken_of() -> None:
    assert WATCH.evolve(Settled()).decide(DayCame(SINCE)) == ()
