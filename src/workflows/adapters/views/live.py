"""Reading kept rows: implements :class:`workflows.projections.live.LiveRows`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, func, not_, or_

from workflows.adapters.views.books_log import BooksReading
from workflows.adapters.views.counts import SqlCounts, begun_late
from workflows.adapters.views.held import SqlHeldRows
from workflows.adapters.views.keeper import IDS_AT_A_TIME, Keeper, ViewState, chunks
from workflows.adapters.views.kept_lights import light_of, term_of
from workflows.adapters.views.runner import Views
from workflows.application.ports import Reading
from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Deadline, Duty
from workflows.projections import view as views
from workflows.projections.deadlines import Limit
from workflows.projections.lights import COME_BACK, COUNTED, Kept, Standing
from workflows.projections.live import Asking, KeptDuties, Present
from workflows.projections.member_duties import MemberDuty
from workflows.projections.outlines import Outline
from workflows.projections.outlines import Told as ToldOfCase

_deadline = msgspec.json.Decoder(Deadline)
_duty = msgspec.json.Decoder(Duty)
_case = msgspec.json.Decoder(ToldOfCase)


def _of_limits(columns: Any) -> tuple[Any, ...]:
    return columns.unit_id, columns.person_id, columns.payload, columns.stream_id


def _limit(row: Any) -> Limit:
    """Return a kept limit; what was derived from neither a unit nor a person is that of a case."""
    unit_id, person_id, payload, stream_id = row
    file_id = None if stream_id in (unit_id, person_id) else stream_id
    return Limit(unit_id, person_id, _deadline.decode(payload), file_id)


def _outline(row: Any) -> Outline:
    file_id, unit_id, kind, stage, done_on, opened_on, last_on, position, payload = row
    return Outline(
        file_id=file_id,
        unit_id=unit_id,
        kind=kind,
        stage=stage,
        is_over=done_on is not None,
        opened_on=opened_on,
        last_on=last_on,
        position=int(position),
        told=_case.decode(payload),
    )


class SqlLiveRows:
    """The kept rows of one log."""

    def __init__(self, kept: Views) -> None:
        self._keepers = {keeper.view.name: keeper for keeper in kept.keepers}

    def _ready(self, reading: Reading, name: str, on: date) -> tuple[Keeper, ViewState] | None:
        """Return the view and its state where its rows can answer about ``on``: see ``LiveRows``."""
        if not isinstance(reading, BooksReading) or name not in self._keepers:
            return None
        keeper = self._keepers[name]
        state = keeper.state(reading.connection)
        if state is None or state.version != keeper.view.version or state.position != reading.head():
            return None
        if not state.latest_on <= on <= state.reached or keeper.parked(reading.connection, state.slot):
            return None
        return keeper, state

    def limits(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        person_id: UUID | None,
        on: date,
        met: bool,
        of_people: bool = False,
    ) -> list[Limit] | None:
        """Return the limits open on a day, None where the rows cannot tell."""
        ready = self._ready(reading, views.DEADLINES.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        table = keeper.table
        query = keeper.query(state.slot, *_of_limits(table.c)).where(table.c.first_on <= on)
        if person_id is not None:
            query = query.where(table.c.stream_id == person_id)
        elif units is not None and len(units) <= IDS_AT_A_TIME:
            query = query.where(table.c.unit_id.in_(list(units)))
        if of_people:
            query = query.where(table.c.person_id.is_not(None))
        if not met:
            query = query.where(or_(table.c.done_on.is_(None), table.c.done_on > on))
        wanted = None if units is None or len(units) <= IDS_AT_A_TIME else frozenset(units)
        return [
            _limit(row) for row in reading.connection.execute(query) if wanted is None or row[0] in wanted
        ]

    def present(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        on: date,
        until: date | None,
        bygone_before: date,
    ) -> Present | None:
        """Return the limits open on a day, those long over only counted; None where the rows cannot tell."""
        ready = self._ready(reading, views.DEADLINES.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        t = keeper.table.c
        is_bygone = and_(t.said.in_(COME_BACK), t.last_on < bygone_before)
        found, bygone = list[Limit](), 0
        for some in (None,) if units is None else chunks(units):
            mine = [t.first_on <= on, or_(t.done_on.is_(None), t.done_on > on)]
            mine += [] if some is None else [t.unit_id.in_(list(some))]
            last = [] if until is None else [t.last_on <= until]
            counted = keeper.query(state.slot, func.count()).where(*mine, is_bygone)
            bygone += reading.connection.execute(counted).scalar_one()
            query = keeper.query(state.slot, *_of_limits(t)).where(*mine, *last)
            rows = reading.connection.execute(query.where(not_(is_bygone)))
            found += [_limit(row) for row in rows]
        return Present(found, bygone)

    def standing(self, reading: Reading, *, units: Sequence[UUID] | None, on: date) -> Standing | None:
        """Return the limits open on a day, most of them only counted; None where the rows cannot tell."""
        ready = self._ready(reading, views.DEADLINES.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        t = keeper.table.c
        counted, others = list[Kept](), list[Limit]()
        for some in (None,) if units is None else chunks(units):
            mine = [t.first_on <= on, or_(t.done_on.is_(None), t.done_on > on)]
            mine += [] if some is None else [t.unit_id.in_(list(some))]
            alike = t.unit_id, t.said, light_of(t, on), term_of(t, on)
            query = keeper.query(state.slot, *alike, func.count()).where(*mine, t.said.in_(COUNTED))
            for unit_id, said, light, term, number in reading.connection.execute(query.group_by(*alike)):
                counted.append(Kept(unit_id, said.partition(".")[2], light, term, number))
            query = keeper.query(state.slot, *_of_limits(t)).where(*mine, t.said.not_in(COUNTED))
            others += [_limit(row) for row in reading.connection.execute(query)]
        return Standing(counted, others)

    def duties(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        period: Period,
        on: date,
        rule: str | None = None,
    ) -> KeptDuties | None:
        """Return the duties whose period lies within ``period``; None where the rows cannot tell."""
        ready = self._ready(reading, views.DUTIES.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        table = keeper.table
        wanted = None if units is None else frozenset(units)
        few = units if units is not None and len(units) <= IDS_AT_A_TIME else None
        query = keeper.query(state.slot, table.c.unit_id, table.c.person_id, table.c.payload).where(
            table.c.first_on >= period.first, table.c.last_on <= period.last, table.c.first_on <= on
        )
        if few is not None:
            query = query.where(table.c.unit_id.in_(list(few)))
        if rule is not None:
            query = query.where(table.c.rule == rule)
        unkept = frozenset(begun_late(keeper, state.slot, reading.connection, units, period.first))
        found = KeptDuties([], [], unkept)
        for unit_id, person_id, payload in reading.connection.execute(query):
            if unit_id in unkept or (wanted is not None and unit_id not in wanted):
                continue
            if person_id is None:
                found.of_units.append((unit_id, _duty.decode(payload)))
            else:
                found.of_members.append(MemberDuty(unit_id, person_id, _duty.decode(payload)))
        return found

    def counts(self, reading: Reading, asking: Asking) -> SqlCounts | None:
        """Return what the same duties come to, without reading them; None where the rows cannot tell."""
        ready = self._ready(reading, views.DUTIES.name, asking.on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        return SqlCounts(keeper, state.slot, reading.connection, asking)

    def meetings(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID],
        period: Period | None,
        meeting: str | None,
        on: date,
    ) -> SqlHeldRows | None:
        """Return the meetings of units in a period; None where the rows cannot tell."""
        ready = self._ready(reading, views.MEETINGS.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        is_all = len(units) == len(reading.directory.units())
        return SqlHeldRows(keeper, state.slot, reading.connection, None if is_all else units, period, meeting)

    def in_course(self, reading: Reading, *, units: Sequence[UUID] | None, on: date) -> list[UUID] | None:
        """Return the people on the way to membership; None where the rows cannot tell."""
        ready = self._ready(reading, views.COURSE.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        table = keeper.table
        wanted = None if units is None else frozenset(units)
        found = reading.connection.execute(keeper.query(state.slot, table.c.stream_id, table.c.unit_id))
        return [row[0] for row in found if wanted is None or row[1] in wanted]

    def cases(
        self, reading: Reading, kind: str, *, units: Sequence[UUID] | None, on: date
    ) -> list[Outline] | None:
        """Return the cases of a kind about units in outline; None where the rows cannot tell."""
        ready = self._ready(reading, views.CASES.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        t = keeper.table.c
        columns = (t.stream_id, t.unit_id, t.rule, t.said, t.done_on, t.first_on, t.last_on, t.subject)
        query = keeper.query(state.slot, *columns, t.payload).where(t.rule == kind)
        if units is not None and len(units) <= IDS_AT_A_TIME:
            query = query.where(t.unit_id.in_(list(units)))
        wanted = None if units is None or len(units) <= IDS_AT_A_TIME else frozenset(units)
        found = reading.connection.execute(query)
        return [_outline(row) for row in found if wanted is None or row[1] in wanted]

    def members(self, reading: Reading, on: date) -> Mapping[UUID, Mapping[str, int]] | None:
        """Return how many members of each stage every unit has; None where the rows cannot tell."""
        ready = self._ready(reading, views.MEMBERS.name, on)
        if ready is None or not isinstance(reading, BooksReading):
            return None
        keeper, state = ready
        t, found = keeper.table.c, dict[UUID, dict[str, int]]()
        query = keeper.query(state.slot, t.unit_id, t.rule, func.count())
        query = query.where(t.last_on >= on, t.first_on <= on).group_by(t.unit_id, t.rule)
        for unit_id, stage, number in reading.connection.execute(query):
            found.setdefault(unit_id, {})[stage] = number
        return found
