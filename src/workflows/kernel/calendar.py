"""Calendar arithmetic: clipped months counted from the anchor, working days with 调休, periods.

Months and years live here and nowhere else (never in SQL: databases disagree about 29 February).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import holidays

MONTHS_PER_YEAR = 12
MONTHS_PER_QUARTER = 3
SATURDAY = 5

FIRST_YEAR_OF_STATE_HOLIDAYS = 2004
LAST_PUBLISHED_YEAR = 2026
"""The last year whose 调休 the pinned ``holidays`` release knows from a State Council notice."""


def add_months(day: date, months: int) -> date:
    """Return the same day number ``months`` calendar months on (or back), or that month's last day.

    Not invertible (31 Aug - 6 + 6 = 28 Aug), so always counted from the anchor, never from a result.
    ``conv-month-add``; a year is a calendar year, never 365 days (``conv-no-365``).
    """
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_years(start: date, end: date) -> int:
    """Return how many whole years lie between two days; below zero where ``end`` comes first."""
    years = end.year - start.year
    return years - (add_months(start, years * MONTHS_PER_YEAR) > end)


def whole_months(start: date, end: date) -> int:
    """Return how many whole months lie between two days; below zero where ``end`` comes first."""
    months = (end.year - start.year) * MONTHS_PER_YEAR + end.month - start.month
    return months - (add_months(start, months) > end)


def is_clipped(day: date, months: int) -> bool:
    """Say whether ``add_months`` had to fall back to the month's last day."""
    return add_months(day, months).day != day.day


def add(day: date, count: int, unit: str) -> date:
    """Return ``day`` plus ``count`` units: ``day``, ``month``, ``quarter`` or ``year`` (calendar units).

    Raises:
        ValueError: an unknown unit (working days need a :class:`Calendar`).
    """
    match unit:
        case "day":
            return day + timedelta(days=count)
        case "month":
            return add_months(day, count)
        case "quarter":
            return add_months(day, count * MONTHS_PER_QUARTER)
        case "year":
            return add_months(day, count * MONTHS_PER_YEAR)
    raise ValueError(f"no calendar unit {unit!r}")


def months_in(count: int, unit: str) -> int | None:
    """Return how many months ``count`` units are, None for units that are no months."""
    factor = {"month": 1, "quarter": MONTHS_PER_QUARTER, "year": MONTHS_PER_YEAR}.get(unit)
    return None if factor is None else count * factor


@cache
def _country() -> holidays.HolidayBase:
    import holidays  # it brings much along, and few questions turn on working days

    return holidays.country_holidays("CN")


def statutory_holidays(year: int) -> dict[date, str]:
    """Return the days free by law in a year (法定节假日), adjusted ones left out, with Chinese names."""
    import holidays

    told = holidays.country_holidays("CN", years=year, language="en_US")
    named = holidays.country_holidays("CN", years=year, language="zh_CN")
    return {day: named[day] for day, name in sorted(told.items()) if "(" not in name.removesuffix(_SPRING)}


_SPRING = " (Spring Festival)"


@dataclass(frozen=True, slots=True)
class YearTable:
    """The free days and the adjusted working days of one year, all of them; where they were published."""

    year: int
    free: frozenset[date]
    working: frozenset[date]
    source: str = ""
    confidence: str = ""

    def is_working_day(self, day: date) -> bool:
        """Say whether people are at work on a day of the year."""
        return day in self.working or (day not in self.free and day.weekday() < SATURDAY)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days (工作日): Monday to Friday, less public holidays, plus adjusted ones (``conv-workday``).

    ``years`` are whole years as published; other years are those of the library. ``free`` and ``working``
    override single days (the ``[calendar]`` of a story), ``published`` names further years that are known. A
    result that rests on a year nobody published is *provisional*.
    """

    free: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    published: frozenset[int] = field(default_factory=frozenset)
    years: Mapping[int, YearTable] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Say whether people are at work on ``day``."""
        if day in self.working:
            return True
        if day in self.free:
            return False
        if (table := self.years.get(day.year)) is not None:
            return table.is_working_day(day)
        if day.year < FIRST_YEAR_OF_STATE_HOLIDAYS:
            return day.weekday() < SATURDAY
        return bool(_country().is_working_day(day))

    def is_provisional(self, year: int) -> bool:
        """Say whether the year's adjusted days are not known yet."""
        return year > LAST_PUBLISHED_YEAR and year not in self.published and year not in self.years

    def provisional_years(self, start: date, end: date) -> tuple[int, ...]:
        """Return the years from ``start`` to ``end`` whose adjusted days are not known yet."""
        return tuple(year for year in range(start.year, end.year + 1) if self.is_provisional(year))

    def tables(self, start: date, end: date) -> tuple[YearTable, ...]:
        """Return the published tables on which the days from ``start`` to ``end`` rest."""
        return tuple(self.years[year] for year in range(start.year, end.year + 1) if year in self.years)

    def differences(self, table: YearTable) -> list[date]:
        """Return the days of which a table says otherwise than is known; none of a year not known yet."""
        if self.is_provisional(table.year):
            return []
        first = date(table.year, 1, 1)
        days = (first + timedelta(days=n) for n in range(366))
        return [
            day
            for day in days
            if day.year == table.year and table.is_working_day(day) != self.is_working_day(day)
        ]

    def with_years(self, tables: Iterable[YearTable]) -> Calendar:
        """Return this calendar with whole years put in; of two tables of one year the later one holds."""
        found = {**self.years, **{table.year: table for table in tables}}
        return self if found == self.years else replace(self, years=found)

    def last_working_day(self, start: date, count: int, *, counts_start: bool = True) -> tuple[date, bool]:
        """Return the ``count``-th working day from ``start``, and whether it rests on an unpublished year.

        ``counts_start``: the first day counts if it is a working day itself (``conv-notice-start``).
        """
        day = start if counts_start else start + timedelta(days=1)
        left = count
        while True:
            if self.is_working_day(day):
                left -= 1
                if left <= 0:
                    break
            day += timedelta(days=1)
        return day, bool(self.provisional_years(start, day))

    def working_days(self, start: date, end: date) -> int:
        """Return how many working days lie from ``start`` to ``end``, both inclusive."""
        span = (end - start).days + 1
        return sum(self.is_working_day(start + timedelta(days=i)) for i in range(max(span, 0)))

    def with_overrides(self, free: frozenset[date], working: frozenset[date]) -> Calendar:
        """Return this calendar with more free and working days; the newer word wins."""
        return replace(self, free=(self.free - working) | free, working=(self.working - free) | working)


_PERIOD = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_LENGTHS: Mapping[str, int] = {"month": 1, "quarter": MONTHS_PER_QUARTER, "year": MONTHS_PER_YEAR}


@lru_cache(maxsize=10_000)
def _last_of(first: date, kind: str) -> date:
    return add_months(first, _LENGTHS[kind]) - timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter or year, written ``2026-09``, ``2026-Q3``, ``2026``."""

    first: date
    kind: str = "month"

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a written period.

        Raises:
            ValueError: not one of the three forms.
        """
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise ValueError(f"no period: {text!r}")
        year = int(match["year"])
        if match["quarter"]:
            return cls(date(year, MONTHS_PER_QUARTER * int(match["quarter"]) - 2, 1), "quarter")
        if match["month"]:
            return cls(date(year, int(match["month"]), 1), "month")
        return cls(date(year, 1, 1), "year")

    @classmethod
    def of(cls, day: date, kind: str) -> Period:
        """Return the month, quarter or year in which ``day`` lies."""
        length = _LENGTHS[kind]
        return cls(date(day.year, (day.month - 1) // length * length + 1, 1), kind)

    @property
    def last(self) -> date:
        """Return the last day, which still belongs to the period."""
        return _last_of(self.first, self.kind)

    def next(self) -> Period:
        """Return the period after this one."""
        return Period(add_months(self.first, _LENGTHS[self.kind]), self.kind)

    def before(self) -> Period:
        """Return the period before this one."""
        return Period(add_months(self.first, -_LENGTHS[self.kind]), self.kind)

    def holds(self, day: date) -> bool:
        """Say whether ``day`` lies within."""
        return self.first <= day <= self.last

    def within(self, other: Period) -> bool:
        """Say whether this period lies wholly within ``other``."""
        return other.first <= self.first and self.last <= other.last

    def __str__(self) -> str:
        match self.kind:
            case "year":
                return f"{self.first.year}"
            case "quarter":
                return f"{self.first.year}-Q{(self.first.month - 1) // MONTHS_PER_QUARTER + 1}"
        return f"{self.first.year}-{self.first.month:02d}"


def periods(kind: str, start: date, until: date) -> Iterator[Period]:
    """Yield the periods of ``kind`` from the one of ``start`` to the last that begins by ``until``."""
    period = Period.of(start, kind)
    while period.first <= until:
        yield period
        period = period.next()
