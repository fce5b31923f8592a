"""A year's table of working days (工作日历) in a pack: what the State Council announces each autumn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from workflows.kernel.calendar import (
    FIRST_YEAR_OF_STATE_HOLIDAYS,
    SATURDAY,
    YearTable,
    statutory_holidays,
)
from workflows.policies.rule import Confidence, Strict

LAST_YEAR = 2199

Doubtful = Literal["workday-on-weekday", "statutory-not-free"]


class Doubt(NamedTuple):
    """What is probably a slip, and may still be meant: a day, the name of its holiday if it is one."""

    what: Doubtful
    day: date
    name: str = ""


class CalendarYear(Strict):
    """All free days (放假) and adjusted working days (调休上班) of one year (``conv-workday``).

    Other days are working days from Monday to Friday. A weekend may be listed as free, as the notices do.
    ``source``: the notice, by its name and number.
    """

    year: int = Field(ge=FIRST_YEAR_OF_STATE_HOLIDAYS, le=LAST_YEAR)
    holidays: tuple[date, ...] = Field(strict=False)
    workdays: tuple[date, ...] = Field(default=(), strict=False)
    source: str = Field(min_length=1)
    confidence: Confidence
    note: str | None = None

    @model_validator(mode="after")
    def _days_of_the_year(self) -> Self:
        slips = [
            InitErrorDetails(
                type=PydanticCustomError(
                    f"calendar_{what}", f"calendar {what}: {day.isoformat()} {self.year}"
                ),
                loc=(name, place),
                input=day,
            )
            for name, place, day, what in self._slips()
        ]
        if slips:
            raise ValidationError.from_exception_data(type(self).__name__, slips)
        return self

    def _slips(self) -> Iterator[tuple[str, int, date, str]]:
        seen: dict[date, str] = {}
        for name in ("holidays", "workdays"):
            for place, day in enumerate(getattr(self, name)):
                if day.year != self.year:
                    yield name, place, day, "outside"
                elif day in seen:
                    yield name, place, day, "twice" if seen[day] == name else "both"
                seen.setdefault(day, name)

    @property
    def table(self) -> YearTable:
        """Return the table as the calendar takes it."""
        return YearTable(
            self.year, frozenset(self.holidays), frozenset(self.workdays), self.source, self.confidence
        )

    def doubts(self) -> list[Doubt]:
        """Return what is probably a slip: a working day anyhow, a weekday free by law that is not listed."""
        free = frozenset(self.holidays)
        legal = statutory_holidays(self.year)
        found = [
            Doubt("workday-on-weekday", day)
            for day in self.workdays
            if day.weekday() < SATURDAY and day not in legal
        ]
        missing = (day for day in legal if day.weekday() < SATURDAY and day not in free)
        return sorted([*found, *(Doubt("statutory-not-free", day, legal[day]) for day in missing)], key=_day)


def _day(doubt: Doubt) -> date:
    return doubt.day
