"""迟到的豁免: a waiver given, or put on the books, only after what it lets pass was over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from workflows.kernel.calendar import Period
from workflows.policies.findings import Relief
from workflows.policies.relief import holds_on


class Late(msgspec.Struct, frozen=True):
    """A period or last day that was over before its waiver: ``days`` from its end to the day of the waiver.

    ``entered_on``: the waiver bears a day in time, but was recorded only then.
    """

    what: str
    days: int
    waiver: Relief
    entered_on: date | None = None


def last_day_of(what: str) -> date | None:
    """Return the last day of a period (``2026-Q2``), a day itself; None of what is neither."""
    for read in (date.fromisoformat, lambda text: Period.parse(text).last):
        try:
            return read(what)
        except ValueError:
            continue
    return None


def meant(waivers: Sequence[Relief], on: date) -> Relief | None:
    """Return the waiver on which something is let pass on a day: the first that holds, else the last."""
    holding = sorted((one for one in waivers if holds_on(one, on)), key=_order)
    return holding[0] if holding else max(waivers, key=_order, default=None)


def letting_pass(waivers: Sequence[Relief], whats: Iterable[str], on: date) -> Relief | None:
    """Return the waiver by which periods or days are let pass on a day; None where no waiver does.

    It is the first that covers the last day of one of them, though it ended since; else the first of the day.
    """
    ends = [last for what in whats if (last := last_day_of(what)) is not None]
    covering = (one for last in ends for one in sorted(waivers, key=_order) if holds_on(one, last))
    first = next(covering, None)
    return first if first is not None else meant([one for one in waivers if holds_on(one, on)], on)


def late_of(waivers: Sequence[Relief], whats: Iterable[str], on: date) -> tuple[Late, ...]:
    """Return which of the periods or days let pass on a day were over by then, each with its days.

    One that a waiver covered on its last day is in time; where that one was recorded later, this is told.
    """
    found = []
    for what in whats:
        last = last_day_of(what)
        if last is None:
            continue
        covering = [one for one in waivers if holds_on(one, last)]
        if any(one.source.recorded_on <= last for one in covering):
            continue
        if covering:
            first = min(covering, key=lambda one: one.source.recorded_on)
            entered = first.source.recorded_on
            found.append(Late(what, (entered - last).days, first, entered))
        elif (given := meant(waivers, on)) is not None and given.since > last:
            found.append(Late(what, (given.since - last).days, given))
    return tuple(found)


def _order(relief: Relief) -> tuple[date, int]:
    return relief.since, relief.source.position
