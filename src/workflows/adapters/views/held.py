"""The meetings that are kept, counted by day and listed; implements ``projections.held.HeldRows``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func

from workflows.adapters.views.keeper import Keeper, chunks
from workflows.kernel.calendar import Period
from workflows.projections.held import HeldRow


class SqlHeldRows:
    """The meetings of units (all, for None), of a period and a type where these are given."""

    def __init__(
        self,
        keeper: Keeper,
        slot: int,
        connection: Connection,
        units: Sequence[UUID] | None,
        period: Period | None,
        meeting: str | None,
    ) -> None:
        self._keeper, self._slot, self._connection = keeper, slot, connection
        self._units, self._period, self._meeting = units, period, meeting
        self._table = keeper.table

    def days(self) -> Mapping[date, int]:
        """Return how many were held on each day."""
        t, found = self._table.c, Counter[date]()
        first, last = (self._period.first, self._period.last) if self._period else (date.min, date.max)
        for query in self._queries(first, last, t.last_on, func.count()):
            for day, number in self._connection.execute(query.group_by(t.last_on)):
                found[day] += number
        return found

    def between(self, first: date, last: date) -> list[HeldRow]:
        """Return those of some days (inclusive), in any order."""
        t = self._table.c
        return [
            HeldRow(unit_id, on, int(position))
            for query in self._queries(first, last, t.unit_id, t.last_on, t.subject)
            for unit_id, on, position in self._connection.execute(query)
        ]

    def _queries(self, first: date, last: date, *columns: Any) -> Iterator[Any]:
        """Yield queries of columns, one row a gathering, for so many units at a time."""
        t = self._table.c
        query = self._keeper.query(self._slot, *columns).where(t.last_on.between(first, last))
        query = query.where(t.found == 0 if self._meeting is None else t.rule == self._meeting)
        if self._units is None:
            yield query
            return
        for some in chunks(self._units):
            yield query.where(t.unit_id.in_(list(some)))
