"""Counting the kept duties in the database; implements :class:`workflows.projections.live.KeptCounts`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, and_, case, func, or_

from workflows.adapters.views.keeper import Keeper, chunks
from workflows.policies.deadlines import Duty
from workflows.projections.counting import Count, OfMembers
from workflows.projections.live import Asking

_duty = msgspec.json.Decoder(Duty)


class SqlCounts:
    """The cells of a question as the database counts them; no row is decoded but the samples."""

    def __init__(self, keeper: Keeper, slot: int, connection: Connection, asking: Asking) -> None:
        self._keeper, self._slot, self._connection, self._asking = keeper, slot, connection, asking
        self._table = keeper.table
        self.unkept = frozenset(begun_late(keeper, slot, connection, asking.units, asking.period.first))
        self._units = [unit for unit in asking.units if unit not in self.unkept]

    def of_units(self, units: Sequence[UUID] | None = None) -> list[Count]:
        """Return how many duties of units there are of each rule, period and verdict."""
        t, said = self._table.c, self._said()
        columns = (t.rule, t.first_on, t.last_on, func.min(t.subject), said, func.count())
        found: dict[tuple[str, str, date, Any], int] = {}
        for query in self._queries(units, *columns):
            query = query.where(t.person_id.is_(None)).group_by(t.rule, t.first_on, t.last_on, said)
            for rule, first, _, subject, verdict, number in self._connection.execute(query):
                key = rule, subject.partition(" ")[0], first, verdict
                found[key] = found.get(key, 0) + number
        return [Count(*key, number) for key, number in found.items()]

    def by_unit(self, rules: Collection[str] | None = None) -> Iterator[tuple[UUID, str, int]]:
        """Yield how many duties of a unit itself have a verdict, those of some rules or all."""
        t, said = self._table.c, self._said()
        for query in self._queries(None, t.unit_id, said, func.count()):
            query = query.where(t.person_id.is_(None)).group_by(t.unit_id, said)
            query = query if rules is None else query.where(t.rule.in_(sorted(rules)))
            yield from (tuple(row) for row in self._connection.execute(query))

    def of_members(self, units: Sequence[UUID] | None = None) -> Iterator[OfMembers]:
        """Yield what is said of the members of each unit, each verdict once."""
        t, said = self._table.c, self._said()
        told = func.max(t.found)
        for query in self._queries(units, t.unit_id, t.rule, t.subject, t.first_on, said, told):
            query = query.where(t.person_id.is_not(None))
            query = query.group_by(t.unit_id, t.rule, t.subject, t.first_on, said)
            for unit_id, rule, subject, first, verdict, found in self._connection.execute(query):
                yield OfMembers(unit_id, rule, subject.partition(" ")[0], first, verdict, bool(found))

    def samples(self, firsts: Mapping[str, date]) -> dict[str, tuple[UUID, Duty]]:
        """Return a duty of each rule that begins on its day, with its unit: of the first unit by id."""
        t, found = self._table.c, dict[str, tuple[UUID, Duty]]()
        for rule, first in firsts.items():
            units: list[UUID] = []
            for query in self._queries(None, t.unit_id):
                query = query.where(t.rule == rule, t.first_on == first).order_by(t.unit_id).limit(1)
                units += self._connection.execute(query).scalars()
            mine = (t.unit_id == min(units), t.rule == rule, t.first_on == first, t.last_on >= first)
            query = self._keeper.query(self._slot, t.stream_id, t.number, t.payload).where(*mine)
            *_, payload = min(tuple(row) for row in self._connection.execute(query))
            found[rule] = min(units), _duty.decode(payload)
        return found

    def _said(self) -> Any:
        """Return what is said of a duty on the day asked for: see ``domain.unit.verdicts.said_of``."""
        t, on = self._table.c, self._asking.on
        pending = t.open_until > on
        if not self._asking.is_over:
            pending = or_(pending, t.open_until == on)
        return case((and_(t.open_until.is_not(None), pending), "pending"), else_=t.said)

    def _queries(self, units: Sequence[UUID] | None, *columns: Any) -> Iterator[Any]:
        """Yield queries of columns of the duties asked for, for so many units at a time."""
        t, asking = self._table.c, self._asking
        first, last = asking.period.first, asking.period.last
        query = self._keeper.query(self._slot, *columns).where(
            t.last_on.between(first, last), t.first_on.between(first, min(last, asking.on))
        )
        if asking.rule is not None:
            query = query.where(t.rule == asking.rule)
        if units is None and asking.is_all and not self.unkept:
            yield query
            return
        for some in chunks(self._units if units is None else [u for u in units if u not in self.unkept]):
            yield query.where(t.unit_id.in_(list(some)))


def begun_late(
    keeper: Keeper, slot: int, connection: Connection, units: Sequence[UUID] | None, first: date
) -> Iterator[UUID]:
    """Yield the units (all, for None) whose duties are not kept from a day on: their books begin later.

    The first row of a unit is its earliest duty.
    """
    t = keeper.table.c
    query = keeper.query(slot, t.stream_id)
    query = query.where(t.number == 0, t.person_id.is_(None), t.first_on > first)
    if units is None:
        yield from connection.execute(query).scalars()
    for some in chunks(units or ()):
        yield from connection.execute(query.where(t.stream_id.in_(list(some)))).scalars()
