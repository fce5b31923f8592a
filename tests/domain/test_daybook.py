"""The books of a unit read day by day say the same as each day's book read alone."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.scenario import UNIT, Neighbours, recorded, rules
from workflows.domain.act import Who
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import OF_THE_UNIT, Daybook, book_of
from workflows.domain.unit.state import Unit, evolve
from workflows.kernel.events import Event

RULES = rules()
ASKED = sorted(OF_THE_UNIT)
FIRST = date(2018, 1, 1)
days = st.integers(0, 3_000).map(lambda count: FIRST + timedelta(days=count))


class Alone(Neighbours):
    """A reader who knows the unit only as it stands on the books, whatever the day asked for."""


def elected(on: date) -> Event:
    return ev.CommitteeElected(held_on=on, posts=(ev.Post(Who(name="王"), "secretary"),))


def told(established: date, elections: list[date], meetings: list[date]) -> Unit:
    events: list[Event] = [
        ev.UnitEstablished(established_on=established, name="甲支部", level="branch", kind="village"),
        *map(elected, elections),
        *(ev.MeetingHeld(held_on=day, type="branch_assembly") for day in meetings),
    ]
    unit = Unit(UNIT)
    for position, event in enumerate(sorted(events, key=lambda event: event.effective_on), 1):
        unit = evolve(event, unit, recorded(event, position, stream=UNIT))
    return unit


@given(days, st.lists(days, max_size=3), st.lists(days, max_size=4), st.lists(days, min_size=1, max_size=8))
def test_each_day_of_a_daybook_is_the_book_of_that_day(
    established: date, elections: list[date], meetings: list[date], asked: list[date]
) -> None:
    unit, facts = told(established, elections, meetings), Alone()
    book = Daybook(unit, RULES, facts)
    for day in asked:
        alone = book_of(unit, RULES, facts, day)
        assert {name: book.on(day).value(name) for name in ASKED} == {
            name: alone.value(name) for name in ASKED
        }
        assert book.on(day).done("elect_committee") == alone.done("elect_committee")
