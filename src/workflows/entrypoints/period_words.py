"""A year, a quarter, a month, as one says them: ``12 月``, ``四季度``."""

from __future__ import annotations

import re
from datetime import date

from workflows.adapters.period_told import QUARTERS
from workflows.kernel.calendar import Period

__all__ = ["QUARTERS", "is_period", "period_word"]


def is_period(text: str) -> bool:
    """Say whether ``text`` names a year, a quarter or a month."""
    return re.fullmatch(r"\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?", text) is not None


def period_word(text: str, on: date) -> str:
    """Return a period as one says it: ``12 月``, ``四季度``; with its year unless it is that of ``on``."""
    period = Period.parse(text)
    year = "" if period.first.year == on.year else f"{period.first.year} 年"
    if "-Q" in text:
        return f"{year}{QUARTERS[(period.first.month - 1) // 3]}季度"
    month = f"{year} {period.first.month} 月".lstrip()
    return month if "-" in text else f"{period.first.year} 年"
