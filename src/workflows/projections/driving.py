"""整改推进: the problems of a span as they stand on a day, counted; nothing is ranked.

Every number is a count of the very problems that carry its name in ``figures``: the rows behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.state import DUE, STAGES, Rectification
from workflows.projections import deadlines
from workflows.projections.waived_problems import Waived, waiver_of

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
    """A problem of the span as it stands on the day; ``days``: from the day it was found to its closure."""

    file: Rectification
    unit_id: UUID
    source: str
    figures: tuple[str, ...]
    days: int | None = None
    waived: Waived | None = None


class Tally(msgspec.Struct, frozen=True):
    """How many problems there are of each name; the median is of the ``median_of`` closed ones, if any."""

    counts: dict[str, int]
    median_days: float | None
    median_of: int

    def as_json(self) -> dict[str, Any]:
        """Return the numbers in JSON form, each under its own name."""
        return {**self.counts, "median_days": self.median_days, "median_of": self.median_of}


def problems(books: Books, units: Sequence[UUID], *, first: date, last: date, on: date) -> Iterator[Problem]:
    """Yield the problems of units that were open on some day from ``first`` to ``last``, as they are ``on``.

    In the order of the books. What was closed before the span and did not come back in it is left out.
    """
    entries = books.files_of(Rectification.kind, units)
    books.preload(entry.id for entry in entries)
    for entry in entries:
        state = books.file_state(entry.id)
        if not isinstance(state, Rectification) or state.unit_id is None:
            continue
        cut = state.at(on)
        if cut.issue is not None and _was_open(cut, first, min(last, on)):
            yield _problem(cut, state.unit_id, books, first=first, last=last, on=on)


def _was_open(file: Rectification, first: date, last: date) -> bool:
    if any(first <= act.on <= last and isinstance(act.event, _BEGINNINGS) for act in file.acts):
        return True
    before = file.at(first - timedelta(days=1))
    return before.issue is not None and not before.is_over


_BEGINNINGS = (ev.IssueOpened, ev.IssueReopened)


def _problem(
    file: Rectification, unit_id: UUID, books: Books, *, first: date, last: date, on: date
) -> Problem:
    is_closed = file.stage == "closed"
    status = None if is_closed else status_of(file, books, on)
    waived = waiver_of(file, books)
    times = {kind: any(first <= act.on <= last for _, act in file.each(kind)) for kind in _IN_THE_SPAN}
    said = {
        "opened": times[ev.IssueOpened],
        file.stage: True,
        "overdue": status == "overdue",
        "escalated": file.level is not None and not is_closed,
        "extended": times[ev.CorrectionExtended],
        "held": status == "held",
        "reopened": times[ev.IssueReopened],
        "recurring": bool(file.issue and file.issue.recurs),
        "waived": waived is not None,
    }
    return Problem(
        file=file,
        unit_id=unit_id,
        source=file.issue.source if file.issue else "",
        figures=("total", *(name for name in FIGURES if said.get(name))),
        days=days_to_closure(file) if is_closed else None,
        waived=waived,
    )


_IN_THE_SPAN = (ev.IssueOpened, ev.IssueReopened, ev.CorrectionExtended)


def status_of(file: Rectification, books: Books, on: date) -> str | None:
    """Return where the limit of a problem stands on a day; None where no day was set for it."""
    found = deadlines.of_file(file, books.rules_for(file.unit_id, on), books, on=on, until=on)
    limit = next((one.deadline for one in found if one.deadline.rule == DUE), None)
    return deadlines.status_on(limit, on) if limit is not None else None


def days_to_closure(file: Rectification) -> int | None:
    """Return the days from finding a problem to the closure that holds, those of every round included."""
    closed, found = file.last(ev.IssueClosedOut), file.last(ev.IssueOpened)
    return (closed[1].on - found[1].on).days if closed is not None and found is not None else None


def tally(found: Iterable[Problem]) -> Tally:
    """Return the numbers of some problems."""
    told = list(found)
    counts = Counter(name for one in told for name in one.figures)
    days = [one.days for one in told if one.days is not None]
    return Tally(
        counts={name: counts[name] for name in FIGURES},
        median_days=float(median(days)) if days else None,
        median_of=len(days),
    )
