"""A period as one writes it in a Chinese sentence: ``2026年11月``, ``2026年三季度``."""

from __future__ import annotations

import re

QUARTERS = "一二三四"
_PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))")


def period_told(text: str) -> str:
    """Return a quarter or a month in words, anything else (a year, a day, a name) as it stands."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return text
    year, quarter, month = found.groups()
    return f"{year}年{QUARTERS[int(quarter) - 1]}季度" if quarter else f"{year}年{int(month)}月"
