"""党费 as a wide table: a column for each month (姓名 × 1月…12月), and the year they are of (按月的列)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from workflows.adapters.workbooks.headings import plain_heading
from workflows.adapters.workbooks.reader import RawRow
from workflows.adapters.workbooks.rows import MonthShown, Spread, Written

ENOUGH = 2
"""So many months side by side make a table wide; one alone is only a column."""

_NUMBERS = {name: number for number, name in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_MONTH = re.compile(
    r"((?P<y>(19|20)\d\d)年?度?)?(?P<m>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月(份)?"
    r"(实?[交缴收](纳|费)?)?(党费)?(金额)?"
)
_YEAR = re.compile(r"(?<!\d)((19|20)\d\d)(?=年|\D|$)")
_TICKS = frozenset("√✓✔☑")
_PAID = frozenset({"已交", "已缴", "已收", "交", "缴"})


class MonthColumn(NamedTuple):
    """A column of a month; ``year`` is None where the heading does not say it."""

    at: int
    heading: str
    year: int | None
    month: int


def month_told(readings: Iterable[str], cell: Written, at: int) -> MonthColumn | None:
    """Return the month that a heading is, None where it is none; the reading that tells the year counts."""
    plain = cell.value if isinstance(cell, Spread) else cell
    if isinstance(plain, MonthShown):
        plain = plain.first_day
    if isinstance(plain, date):
        return MonthColumn(at, f"{plain:%Y-%m}", plain.year, plain.month)
    found: MonthColumn | None = None
    for reading in readings:
        told = _MONTH.fullmatch(plain_heading(reading))
        if told is not None and (found is None or told["y"]):
            number = _NUMBERS.get(told["m"]) or int(told["m"])
            found = MonthColumn(at, reading, int(told["y"]) if told["y"] else None, number)
    return found


def year_told(name: str, rows: Iterable[RawRow]) -> int | None:
    """Return the one year that the name of a sheet, else the rows above its headings name."""
    above = [str(cell) for row in rows for cell in row.cells if isinstance(cell, str)]
    for texts in ([name], above):
        plain = [unicodedata.normalize("NFKC", text) for text in texts]
        years = {int(told[0]) for text in plain for told in _YEAR.findall(text)}
        if len(years) == 1:
            return years.pop()
    return None


def is_tick(text: object) -> bool:
    """Say whether a cell says that dues were paid, and not how much."""
    told = unicodedata.normalize("NFKC", text).strip() if isinstance(text, str) else ""
    return told in _TICKS or told in _PAID
