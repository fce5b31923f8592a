"""要做的事: limits put in order and counted before any of them is written out; only a page of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.deadlines import Deadline
from workflows.policies.follow_up import FOLLOW_UP
from workflows.projections import deadlines
from workflows.projections.deadlines import BYGONE_DAYS, WATCHES, Limit, is_bygone, is_shown, status_on
from workflows.projections.limiting import Limiting
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer, Opened, Structure

DAYS_A_WEEK = 7
Wanted = Callable[[Deadline, date], bool]


def _is_overdue(limit: Deadline, day: date) -> bool:
    return status_on(limit, day) == "overdue"


def _is_due(limit: Deadline, day: date) -> bool:
    return status_on(limit, day) == "due"


def _is_today(limit: Deadline, day: date) -> bool:
    return (
        limit.kind not in WATCHES
        and status_on(limit, day) in ("overdue", "due")
        and days_left(limit, day) == 0
    )


def _is_this_week(limit: Deadline, day: date) -> bool:
    sunday = DAYS_A_WEEK - 1 - day.weekday()
    return (
        limit.kind not in WATCHES
        and status_on(limit, day) in ("overdue", "due")
        and 0 <= days_left(limit, day) <= sunday
    )


FILTERS: Mapping[str, Wanted] = {
    "all": lambda _limit, _day: True,
    "overdue": _is_overdue,
    "due": _is_due,
    "today": _is_today,
    "week": _is_this_week,
}
BYGONE = "bygone"
"""Periods long over stand alone: they would bury what can be done."""


class Agenda(Limiting):
    """Answers what is to be done, a page at a time."""

    def agenda(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        *,
        only: str = "all",
        within: int | None = None,
        first: int = 0,
        count: int | None = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer the limits to be seen to of a unit and all below (of all, for None), longest overdue first.

        Rows as of ``deadlines``, what rests behind what runs. ``within``: only what runs and falls due in so
        many days, or is overdue. ``only``: ``all overdue due today week bygone``; what is bygone stands under
        its own word alone. ``counts`` are of each of these; ``first`` and ``count`` leave some rows.

        Raises:
            WrongUsage: ``status-unknown``.
        """
        if only not in (*FILTERS, BYGONE):
            raise WrongUsage("status-unknown", status=only, known=[*FILTERS, BYGONE])
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            present, bygone, number = self._present(opened, unit_id, day, structure, only, within)
            found = {
                name: [one for one in present if is_so(one.deadline, day)] for name, is_so in FILTERS.items()
            }
            counts = {**{name: len(limits) for name, limits in found.items()}, BYGONE: number}
            order = _in_order(bygone if only == BYGONE else found[only], opened.naming, day)
            shown = order[first:] if count is None else order[first : first + count]
            opened.books.preload({limit.person_id for limit in shown if limit.person_id is not None})
            rows = [deadlines.row_of(limit, opened.naming, day) for limit in shown]
            return {**self._answer(opened, rows, day, known_on), "total": len(order), "counts": counts}

    def _present(
        self,
        opened: Opened,
        unit_id: UUID | None,
        day: date,
        structure: Structure,
        only: str,
        within: int | None,
    ) -> tuple[list[Limit], list[Limit], int]:
        """Return the limits that can still be kept; those long over, where asked for; their number."""
        books, units = opened.books, None
        if unit_id is not None:
            units = self._below(opened, unit_id, day, structure)
        here = books.below(None) if units is None else units
        until = None if within is None else day + timedelta(days=within)
        before = day - timedelta(days=BYGONE_DAYS)
        kept = None
        if opened.is_now and self.live is not None:
            kept = self.live.present(opened.reading, units=units, on=day, until=until, bygone_before=before)
        if kept is None:
            limits = self._limits(opened, here, None, day)
            bygone = _chosen(limits, day, within, is_long_over=True)
            number = len(bygone)
        else:
            limits, bygone, number = kept.limits, [], kept.bygone
            if only == BYGONE and number:
                every = self._kept_limits(opened, units, None, day) or []
                bygone = _chosen(every, day, within, is_long_over=True)
        offered = self._proposed(opened, here, limits if kept is None else None, day)
        return _chosen([*limits, *offered], day, within, is_long_over=False), bygone, number


def days_left(limit: Deadline, day: date) -> int:
    """Return the calendar days until a limit, negative once it has passed; a day awaited is never past."""
    left = (limit.due_on - day).days
    return max(0, left) if limit.awaited else left


def _chosen(limits: Iterable[Limit], day: date, within: int | None, *, is_long_over: bool) -> list[Limit]:
    """Return the open limits that are long over, or those that are not."""
    return [
        one
        for one in limits
        if is_shown(one.deadline, day)
        and (status := status_on(one.deadline, day)) != "met"
        and (within is None or _presses(one.deadline, status, day, within))
        and is_bygone(one.deadline, day) == is_long_over
    ]


def _presses(limit: Deadline, status: str, day: date, within: int) -> bool:
    """Say whether a limit runs and is near; that something is followed up gives nobody anything to do."""
    is_only_watched = limit.kind == FOLLOW_UP and limit.awaited
    return status in ("overdue", "due") and days_left(limit, day) <= within and not is_only_watched


def _in_order(limits: Iterable[Limit], naming: Naming, day: date) -> list[Limit]:
    """Return limits by their last day: the longest overdue first, what rests behind what runs."""

    def order(limit: Limit) -> tuple[Any, ...]:
        told = limit.deadline
        held = status_on(told, day) == "held"
        unit = naming.unit(limit.unit_id) or ""
        return (
            held,
            days_left(told, day),
            unit,
            told.rule,
            str(limit.person_id or ""),
            told.subject,
            told.number,
        )

    return sorted(limits, key=order)
