"""How a cell crosses from child process to parent: JSON, with a letter for each further type (单元格编码).

Empty is ``null``; text, numbers and truth values are themselves; ``["d", day]``, ``["t", day and time]``,
``["m", first day of a month shown without day]``, ``["o", time of day]``, ``["x", error shown]``, ``["f",
formula without result]``, ``["s", value of a merged block in a lower cell]``.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any

from workflows.adapters.workbooks.rows import (
    ErrorValue,
    MonthShown,
    Plain,
    Spread,
    TimeOfDay,
    Uncalculated,
    Written,
)

PLAIN = frozenset({str, int, bool, type(None)})
"""Types that are their own code."""


def encode(value: Written) -> Any:
    """Return ``value`` as JSON can carry it; a number that is none becomes an error cell."""
    match value:
        case float() if not math.isfinite(value):
            return ["x", "#NUM!"]
        case None | str() | bool() | int() | float():
            return value
        case datetime():
            return ["t", value.isoformat()] if value.time() != time() else ["d", value.date().isoformat()]
        case date():
            return ["d", value.isoformat()]
        case MonthShown(first_day=day):
            return ["m", day.isoformat()]
        case TimeOfDay(shown=shown):
            return ["o", shown]
        case ErrorValue(shown=shown):
            return ["x", shown]
        case Uncalculated(formula=formula):
            return ["f", formula]
        case Spread(value=plain):
            return ["s", encode(plain)]


def decode(code: Any) -> Written:
    """Return the cell that ``encode`` was given.

    Raises:
        ValueError: ``code`` is nothing that ``encode`` makes.
    """
    match code:
        case ["s", inner]:
            return Spread(_plain(inner))
        case _:
            return _plain(code)


def _plain(code: Any) -> Plain:
    match code:
        case None | str() | bool() | int() | float():
            return code
        case ["d", str(text)]:
            return date.fromisoformat(text)
        case ["t", str(text)]:
            return datetime.fromisoformat(text)
        case ["m", str(text)]:
            return MonthShown(date.fromisoformat(text))
        case ["o", str(text)]:
            return TimeOfDay(text)
        case ["x", str(text)]:
            return ErrorValue(text)
        case ["f", str(text)]:
            return Uncalculated(text)
        case _:
            raise ValueError("not a cell")
