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
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|级|年\d{1,2}月\d{1,2}日?)")
_TITLE = re.compile(
    r"(19|20)\d\d(年度|年?度?[^:]*党费)|党费[^:]*\(?(19|20)\d\d年|年度:?(19|20)\d\d|(19|20)\d\d年?度?$"
)
_NO_TITLE = re.compile(r"填表|填报|制表|日期|时间|电话|依据|文号|\d号")
"""What stands on lines whose numbers are days, telephones and documents, never the year of the dues."""
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
    """Return the one year that the titles name: the name of a sheet and the rows above its headings."""
    above = [cell for row in rows for cell in row.cells if isinstance(cell, str)]
    years = {year for text in (name, *above) for year in _years_of_title(text)}
    return years.pop() if len(years) == 1 else None


def _years_of_title(text: str) -> set[int]:
    """Return the years of a title of dues (2026年党费, 2026年度); none of any other line."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    years = {int(year) for year in _YEAR.findall(plain)}
    is_title = _TITLE.match(plain) if plain[:1].isdigit() else _TITLE.search(plain)
    return years if is_title and not _NO_TITLE.search(plain) else set()


def is_tick(text: object) -> bool:
    """Say whether a cell says that dues were paid, and not how much."""
    told = unicodedata.normalize("NFKC", text).strip() if isinstance(text, str) else ""
    return told in _TICKS or told in _PAID
