"""Windows of one pack along a line: they never overlap, and on each day the highest adopter's text holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workflows.policies.pack import Adopted, ended, left_by, with_another

FIRST = date(2026, 1, 1)
DAYS = 40
TEXT = """id = "plan"
title = "{said}"
issuer = "test"
level = "unit"
source = "test"
issued_on = 2026-01-01
"""
Acts = list[tuple[int, bool]]
"""What one unit did: on which day (from the first), adopted (True) or retired."""
acts: st.SearchStrategy[Acts] = st.lists(st.tuples(st.integers(0, DAYS), st.booleans()), max_size=5)
lines = st.lists(acts, min_size=1, max_size=3)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def held_by(name: int, acts: Acts) -> tuple[Adopted, ...]:
    held: tuple[Adopted, ...] = ()
    for turn, (number, adopts) in enumerate(acts):
        text = TEXT.format(said=f"{name}/{turn}")
        held = with_another(held, Adopted(text, day(number))) if adopts else ended(held, "plan", day(number))
    return held


def stacked(line: Sequence[tuple[Adopted, ...]]) -> tuple[Adopted, ...]:
    found: tuple[Adopted, ...] = ()
    for held in line:
        found += left_by(found, held)
    return found


def on(windows: Sequence[Adopted], when: date) -> list[str]:
    return [one.text for one in windows if one.start <= when and (one.until is None or when < one.until)]


@given(lines)
def test_windows_never_overlap_and_the_highest_adopter_holds_on_each_day(line: list[Acts]) -> None:
    units = [held_by(name, acts) for name, acts in enumerate(line)]
    windows = stacked(units)
    for number in range(-1, DAYS + 2):
        said = [text for unit in units for text in on(unit, day(number))]
        assert on(windows, day(number)) == said[:1]


@given(lines)
def test_every_window_has_days_and_those_of_a_line_follow_each_other(line: list[Acts]) -> None:
    windows = sorted(stacked([held_by(name, acts) for name, acts in enumerate(line)]), key=lambda w: w.start)
    assert all(one.until is None or one.start < one.until for one in windows)
    assert all(one.until is not None and one.until <= two.start for one, two in pairwise(windows))


def test_a_units_own_adoption_holds_again_once_the_superior_retires_its_own() -> None:
    own, above = held_by(1, [(0, True)]), held_by(0, [(10, True), (20, False)])
    assert [(w.start, w.until) for w in left_by(above, own)] == [(day(0), day(10)), (day(20), None)]
