"""Limits reckoned for a day, kept by unit while the log stands still: the next page asks for the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from workflows.application.ports import Reading
from workflows.kernel.events import Known
from workflows.projections.deadlines import Limit

MOST_UNITS = 4_000
"""Of a county with all its branches one day is kept, of a township many."""

ByUnit = Mapping[UUID, Sequence[Limit]]


class Reckoned:
    """What was reckoned at one position of the log, by day and by what was known when.

    An answer that is still being reckoned when the log goes on is kept with its own position, so for nobody.
    """

    def __init__(self, most: int = MOST_UNITS) -> None:
        self._most = most
        self._place: tuple[int, int] | None = None
        self._days: dict[tuple[date, Known], dict[UUID, Sequence[Limit]]] = {}

    def of(
        self,
        reading: Reading,
        known_on: Known,
        day: date,
        units: Sequence[UUID],
        reckon: Callable[[Sequence[UUID]], ByUnit],
    ) -> list[Limit]:
        """Return the limits of units on a day; ``reckon`` is asked for those of units not yet kept."""
        place = reading.head(), reading.undone
        if place != self._place:
            self._place, self._days = place, {}
        days = self._days
        kept = days.pop((day, known_on), {})
        missing = [unit for unit in units if unit not in kept]
        new = reckon(missing) if missing else {}
        found = [limit for unit in units for limit in (kept[unit] if unit in kept else new.get(unit, ()))]
        kept.update({unit: new.get(unit, ()) for unit in missing})
        days[day, known_on] = kept  # as the latest asked for; the oldest go where it is too much
        while sum(map(len, days.values())) > self._most:
            del days[next(iter(days))]
        return found
