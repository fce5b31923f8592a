"""整改推进: the problems of a span as they stand on a day, counted; nothing is ranked.

Every number is a count of the very problems that carry its name in ``figures``: the rows behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

import msgspec

from workflows.domain.rectification.state import DUE, STAGES
from workflows.projections.outlines import Course, Outline

STANDING = tuple(stage for stage in STAGES if stage != "nothing")
"""The stages a problem may be in on the day: each problem is in one of them, so these add up to ``total``."""

FIGURES = (
    "total", "opened", *STANDING, "overdue", "escalated", "extended", "held", "reopened", "recurring",
    "waived",
)  # fmt: skip
"""``total``: all; ``opened``, ``reopened``, ``extended``: in the span; the others as of the day.

``overdue`` and ``held`` are the words of the limit itself, ``waived`` was closed on a waiver of its rule.
"""


class Problem(msgspec.Struct, frozen=True):
    """A problem of the span as it stands on the day."""

    outline: Outline
    course: Course
    figures: tuple[str, ...]

    @property
    def unit_id(self) -> UUID:
        """Return the unit it was found at."""
        return self.outline.unit_id

    @property
    def source(self) -> str:
        """Return where it came from."""
        return self.course.source


class Tally(msgspec.Struct, frozen=True):
    """How many problems there are of each name; the median is of the ``median_of`` closed ones, if any."""

    counts: dict[str, int]
    median_days: float | None
    median_of: int

    def as_json(self) -> dict[str, Any]:
        """Return the numbers in JSON form, each under its own name."""
        return {**self.counts, "median_days": self.median_days, "median_of": self.median_of}


def problems(outlines: Iterable[Outline], *, first: date, last: date, on: date) -> Iterator[Problem]:
    """Yield the problems that were open on some day from ``first`` to ``last``, as they are ``on``.

    What was closed before the span and did not come back in it is left out.
    """
    for outline in outlines:
        course = outline.told.course
        if course is not None and course.was_open(first, min(last, on)):
            yield _problem(outline, course, first=first, last=last, on=on)


def _problem(outline: Outline, course: Course, *, first: date, last: date, on: date) -> Problem:
    status = None if outline.is_over else outline.status_of(DUE, on)
    said = {
        "opened": _is_within(course.found, first, last),
        outline.stage: True,
        "overdue": status == "overdue",
        "escalated": course.escalated,
        "extended": _is_within(course.extended, first, last),
        "held": status == "held",
        "reopened": _is_within(course.again, first, last),
        "recurring": course.recurring,
        "waived": course.waived,
    }
    return Problem(outline, course, ("total", *(name for name in FIGURES if said.get(name))))


def _is_within(days: Iterable[date], first: date, last: date) -> bool:
    return any(first <= day <= last for day in days)


def tally(found: Iterable[Problem]) -> Tally:
    """Return the numbers of some problems."""
    told = list(found)
    counts = Counter(name for one in told for name in one.figures)
    days = [one.course.days for one in told if one.course.days is not None]
    return Tally(
        counts={name: counts[name] for name in FIGURES},
        median_days=float(median(days)) if days else None,
        median_of=len(days),
    )
