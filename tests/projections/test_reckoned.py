"""Limits of a day of the past: reckoned once while the log stands still, for each horizon by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.projections.test_two_axes import RULES, log_of
from tests.support.books import BRANCH, Told
from tests.support.happenings import DAYS, HAPPENINGS, UNIT, Happening
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.ids import derived
from workflows.policies.deadlines import Deadline
from workflows.projections.answers import Answering
from workflows.projections.deadlines import Limit
from workflows.projections.reckoned import Reckoned

TODAY = date(2026, 6, 30)
A, B, C = (derived("reckoned", name) for name in "abc")


class Standing:
    """A log that stands at a place."""

    def __init__(self, head: int = 1) -> None:
        self.head_, self.undone = head, 0

    def head(self) -> int:
        """Return the position of the last event."""
        return self.head_


class Reckoner:
    """Who reckons, and remembers of which units it was asked."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []

    def __call__(self, units: Iterable[UUID]) -> dict[UUID, list[Limit]]:
        """Return a limit of each unit."""
        self.asked += units
        return {unit: [Limit(unit, None, Deadline("r", "s", TODAY, TODAY))] for unit in units}


def ask(kept: Reckoned, log: Standing, known_on: int | None, on: date, units: Sequence[UUID]) -> list[UUID]:
    """Return the units that had to be reckoned for an answer, which always is of those asked for."""
    reckon = Reckoner()
    found = kept.of(log, known_on, on, units, reckon)  # type: ignore[arg-type]
    assert [limit.unit_id for limit in found] == list(units)
    return reckon.asked


def test_only_units_not_yet_asked_for_are_reckoned() -> None:
    kept, log = Reckoned(), Standing()
    assert ask(kept, log, None, TODAY, [A, B]) == [A, B]
    assert ask(kept, log, None, TODAY, [B, C]) == [C]
    assert ask(kept, log, None, TODAY, [C, A]) == []


def test_another_day_another_knowledge_and_another_log_are_reckoned_anew() -> None:
    kept, log = Reckoned(), Standing()
    ask(kept, log, None, TODAY, [A])
    assert ask(kept, log, None, TODAY - timedelta(1), [A]) == [A]
    assert ask(kept, log, 1, TODAY, [A]) == [A]
    log.head_ = 2
    assert ask(kept, log, None, TODAY, [A]) == [A]
    log.undone = 1
    assert ask(kept, log, None, TODAY, [A]) == [A]


def test_the_days_asked_for_longest_ago_make_room() -> None:
    kept, log = Reckoned(most=3), Standing()
    for number in (0, 1):
        ask(kept, log, number, TODAY, [A])
    ask(kept, log, 0, TODAY, [A])
    ask(kept, log, 2, TODAY, [A, B])
    assert ask(kept, log, 0, TODAY, [A]) == []
    assert ask(kept, log, 1, TODAY, [A]) == [A]


def test_what_was_begun_before_the_log_went_on_is_told_to_nobody_after_it() -> None:
    kept, before, after = Reckoned(), Standing(10), Standing(11)

    def slowly(units: Iterable[UUID]) -> dict[UUID, list[Limit]]:
        ask(
            kept, after, None, TODAY - timedelta(1), [B]
        )  # meanwhile somebody recorded, and another page asks
        return Reckoner()(units)

    kept.of(before, None, TODAY, [A], slowly)  # type: ignore[arg-type]
    assert ask(kept, after, None, TODAY, [A]) == [A]
    assert ask(kept, after, None, TODAY - timedelta(1), [B]) == []


def test_no_other_page_is_answered_while_one_is_reckoned() -> None:
    told, free = Told(BRANCH).answering, list[bool]()
    reckoned = told._reckoned

    def watched(*asked: Any) -> Any:
        other = Thread(target=lambda: free.append(told._lock.acquire(blocking=False)))
        other.start()
        other.join()
        return reckoned(*asked)

    told._reckoned = watched  # type: ignore[method-assign,assignment]
    told.deadlines(on=TODAY - timedelta(1), status="all")
    assert free == [False]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(HAPPENINGS, st.lists(st.tuples(DAYS, st.none() | st.integers(1, 60)), min_size=1, max_size=6))
def test_whatever_was_asked_before_an_answer_is_that_of_one_who_was_asked_nothing(
    happenings: list[Happening], asked: list[tuple[date, int | None]]
) -> None:
    log = log_of(happenings)
    clock = FixedClock(moment_of(TODAY))
    often = Answering(log, RULES, clock)
    for on, known_on in (*asked, *asked):
        once = Answering(log, RULES, clock)
        told = often.deadlines(None, None, on, "all", known_on)
        assert told == once.deadlines(None, None, on, "all", known_on)
        assert often.agenda(UNIT, on, known_on) == once.agenda(UNIT, on, known_on)
