"""倒排: back from a wished day, the last day on which each step before can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from workflows.projections.planning import Course, Placed


class Back(NamedTuple):
    """A backward pass: by step the last day that leaves the wished day possible, and the course so taken.

    The course taken as late as possible may ask for steps that the earliest one did not, and the other way
    round, where another version of a rule begins in between.
    """

    last: Mapping[str, date]
    course: Sequence[Placed]


def back_from(course: Course, ahead: Sequence[Placed], until: str, by: date) -> Back:
    """Return by when each step must be done for ``until`` to be possible by ``by``.

    Each is taken as late as it can be; those after it as soon as the rules then allow.
    """
    own = [placed for placed in ahead if not placed.step.repeats and placed.on >= course.on]
    if not own:
        return Back({}, ())
    late = course.later(own[0], _latest(course, own[0], until, by, by), until)
    found: dict[str, date] = {}
    bound = by
    for placed in reversed(late):
        bound = found[placed.step.id] = _latest(course, placed, until, bound, by)
    return Back(found, late)


def _latest(course: Course, placed: Placed, until: str, bound: date, by: date) -> date:
    day, refused = bound, None
    while day > placed.on:
        reached = course.reach(placed, day, until)
        if reached is not None and reached <= by:
            break
        refused = day
        over = (reached - by).days if reached is not None else 1
        day = max(placed.on, date.fromordinal(day.toordinal() - max(over, 1)))
    while refused is not None and day.toordinal() + 1 < refused.toordinal():
        later = date.fromordinal(day.toordinal() + 1)
        reached = course.reach(placed, later, until)
        if reached is None or reached > by:
            break
        day = later
    return day
