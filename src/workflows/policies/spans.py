"""Spans of whole calendar units: a day so many after another, and the arithmetic that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from workflows.kernel import calendar
from workflows.policies.findings import Calc


def span_after(day: date, count: int, unit: str) -> tuple[date, Calc]:
    """Return ``day`` plus ``count`` calendar units, with the line of arithmetic."""
    end = calendar.add(day, count, unit)
    op = "-" if count < 0 else "+"
    return end, Calc(day.isoformat(), op, str(abs(count)), end.isoformat(), unit)


def is_clipped(day: date, count: int, unit: str) -> bool:
    """Say whether the month's end cut the result (``conv-month-add``)."""
    months = calendar.months_in(count, unit)
    return months is not None and calendar.is_clipped(day, months)


def was_clipped(line: Calc) -> bool:
    """Say whether the month's end cut the result of a line of arithmetic that adds whole units to a day."""
    return (
        line.op == "+"
        and bool(line.unit)
        and is_clipped(date.fromisoformat(line.left), int(line.right), line.unit)
    )


def span_days(count: int, unit: str) -> Fraction:
    """Return about how many days a span is, only to compare spans of different units; never to count with."""
    months = calendar.months_in(count, unit)
    return Fraction(count) if months is None else months * DAYS_PER_MONTH


DAYS_PER_MONTH = Fraction(146_097, 4_800)
"""The mean month of the calendar: 400 years have 146,097 days."""


def days_between(start: date, end: date) -> int:
    """Return the calendar days from ``start`` to ``end``."""
    return (end - start) // timedelta(days=1)


def first_that(first: date, last: date, holds: Callable[[date], bool]) -> date | None:
    """Return the first day from ``first`` to ``last`` for which ``holds``; once true it stays so."""
    if not holds(last):
        return None
    low, high = first, last
    while low < high:
        middle = low + (high - low) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + timedelta(days=1)
    return low


def turning(first: date, last: date, *tests: Callable[[date], bool]) -> Iterator[date]:
    """Yield the day at which each test turns true, of those that do."""
    for holds in tests:
        day = first_that(first, last, holds)
        if day is not None:
            yield day
