"""Reading and writing the rows of one log over a connection; where the two databases differ, it is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, insert, select
from sqlalchemy.engine import Dialect

from workflows.adapters.store.chain import EventRow, Head, genesis, link
from workflows.adapters.store.statements import Prepared
from workflows.adapters.store.tables import events

COPY = f"COPY events ({', '.join(EventRow._fields)}) FROM STDIN"

PAGE = 2_000
"""Events read at a time where all are wanted."""

IDS_AT_A_TIME = 500
"""Ids named in one statement; SQLite takes a bounded number of parameters."""


class Log:
    """One log in one kind of database."""

    def __init__(self, log_id: str, dialect: Dialect) -> None:
        self.log_id = log_id
        self.is_sqlite = dialect.name == "sqlite"
        self._genesis = Head(0, genesis(log_id), 0)
        ours = events.c.log_id == bindparam("log_id")
        self._head = Prepared(
            dialect,
            select(events.c.position, events.c.chain, events.c.recorded_at)
            .where(ours)
            .order_by(events.c.position.desc())
            .limit(1),
        )
        self._stream = Prepared(
            dialect,
            select(*events.c)
            .where(ours, events.c.stream_id == bindparam("stream_id"), events.c.version > bindparam("gt"))
            .order_by(events.c.version),
        )
        self._since = Prepared(
            dialect,
            select(*events.c)
            .where(ours, events.c.position > bindparam("position"))
            .order_by(events.c.position)
            .limit(bindparam("page")),
        )
        self._touched = Prepared(
            dialect,
            select(events.c.position, events.c.stream_id, events.c.topic)
            .where(ours, events.c.position > bindparam("position"))
            .order_by(events.c.position)
            .limit(bindparam("page")),
        )
        self._version = Prepared(
            dialect,
            select(func.max(events.c.version)).where(ours, events.c.stream_id == bindparam("stream_id")),
        )
        self._insert = Prepared(dialect, insert(events))

    # --- reading ----------------------------------------------------------------------------------------

    def head(self, connection: Connection) -> Head:
        """Return the end of the log."""
        row = self._head(connection, log_id=self.log_id).first()
        return self._genesis if row is None else Head(row[0], bytes(row[1]), row[2] or 0)

    def versions(self, connection: Connection, streams: Iterable[UUID]) -> dict[UUID, int]:
        """Return the last version of each stream, 0 where there is none."""
        found = dict.fromkeys(streams, 0)
        if len(found) == 1:
            (stream,) = found
            row = self._version(connection, log_id=self.log_id, stream_id=self.id_out(stream)).first()
            return {stream: 0 if row is None else row[0] or 0}
        for ids in chunks(list(found)):
            query = (
                select(events.c.stream_id, func.max(events.c.version))
                .where(events.c.log_id == self.log_id, events.c.stream_id.in_(ids))
                .group_by(events.c.stream_id)
            )
            found.update((stream, version) for stream, version in connection.execute(query))
        return found

    def stream(self, connection: Connection, stream_id: UUID, after_version: int = -1) -> list[EventRow]:
        """Return the events of a stream after a version, by version."""
        rows = self._stream(
            connection, log_id=self.log_id, stream_id=self.id_out(stream_id), gt=after_version
        )
        return self._rows_in(rows)

    def since(self, connection: Connection, position: int, limit: int) -> list[EventRow]:
        """Return the events after ``position``, at most ``limit``, by position."""
        return self._rows_in(self._since(connection, log_id=self.log_id, position=position, page=limit))

    def touched(self, connection: Connection, position: int, limit: int) -> list[tuple[int, UUID, str]]:
        """Return position, stream and topic of the events after ``position``, at most ``limit``."""
        rows = self._touched(connection, log_id=self.log_id, position=position, page=limit)
        return [(row[0], _known_uuid(row[1]) if self.is_sqlite else row[1], row[2]) for row in rows]

    def all_since(self, connection: Connection, position: int = 0) -> Iterator[EventRow]:
        """Yield every event after ``position``, page by page."""
        while page := self.since(connection, position, PAGE):
            yield from page
            position = page[-1].position

    def streams(self, connection: Connection, streams: Sequence[UUID]) -> list[EventRow]:
        """Return all events of some streams, by stream and version."""
        rows: list[EventRow] = []
        for ids in chunks(streams):
            query = self.query().where(events.c.stream_id.in_(ids))
            rows += self.fetch(connection, query.order_by(events.c.stream_id, events.c.version))
        return rows

    def by_event_ids(self, connection: Connection, ids: Sequence[UUID]) -> list[EventRow]:
        """Return the events with these ids, by position."""
        rows: list[EventRow] = []
        for chunk in chunks(ids):
            rows += self.fetch(connection, self.query().where(events.c.event_id.in_(chunk)))
        return sorted(rows, key=lambda row: row.position)

    def query(self) -> Select[Any]:
        """Return a query for whole rows of this log, to be narrowed and given to :meth:`fetch`."""
        return select(*events.c).where(events.c.log_id == self.log_id)

    def fetch(self, connection: Connection, query: Select[Any]) -> list[EventRow]:
        """Return the rows of :meth:`query`."""
        return [EventRow._make(row) for row in connection.execute(query)]

    def id_out(self, value: UUID) -> UUID | str:
        """Return an id as the driver wants it."""
        return value.hex if self.is_sqlite else value

    def _rows_in(self, rows: Iterable[Any]) -> list[EventRow]:
        return (
            [_from_sqlite(row) for row in rows] if self.is_sqlite else [EventRow._make(row) for row in rows]
        )

    # --- writing ----------------------------------------------------------------------------------------

    def insert(self, connection: Connection, rows: Sequence[EventRow]) -> None:
        """Write ``rows``, chained already; the caller holds the lock of the log.

        Raises:
            IntegrityError: of SQLAlchemy; a version or an event id is there already.
        """
        if not rows:
            return
        if self.is_sqlite:
            connection.exec_driver_sql(self._insert.text, [_for_sqlite(row) for row in rows])
        else:
            from workflows.adapters.store.postgres import copy_in  # an extra: only where it is used

            copy_in(connection, COPY, rows)


def chained(head: Head, rows: Iterable[EventRow]) -> tuple[Head, list[EventRow]]:
    """Return ``rows`` with their chain hashes after ``head``, and the new head."""
    done = []
    position, chain, recorded_at = head
    for row in rows:
        chain = link(chain, row)
        done.append(row._replace(chain=chain))
        position, recorded_at = row.position, row.recorded_at or recorded_at
    return Head(position, chain, recorded_at), done


def chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Yield ``ids`` in parts that fit one statement."""
    for start in range(0, len(ids), IDS_AT_A_TIME):
        yield ids[start : start + IDS_AT_A_TIME]


@lru_cache(maxsize=4096)
def _known_uuid(digits: str) -> UUID:
    return UUID(digits)


def _uuid(digits: str | None) -> UUID | None:
    return None if digits is None else _known_uuid(digits)


@lru_cache(maxsize=4096)
def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _from_sqlite(row: Any) -> EventRow:
    """Return a row of the driver in Python's types; ids that come often (stream, unit) are kept."""
    log_id, position, stream_id, version, event_id, topic, schema_version, data, actor, origin, *rest = row
    unit_id, command_id, correlation_id, causation_id, recorded_at, day, history, reason, chain = rest
    return EventRow(
        log_id, position, _known_uuid(stream_id), version, None if event_id is None else UUID(event_id),
        topic, schema_version, data, actor, origin, _uuid(unit_id), _uuid(command_id), _uuid(correlation_id),
        _uuid(causation_id), recorded_at, _day(day), None if history is None else bool(history),
        reason, chain,
    )  # fmt: skip


def _for_sqlite(row: EventRow) -> tuple[Any, ...]:
    """Return a row in the driver's types."""
    unit, command, correlation, causation = row[10:14]
    return (
        row[0], row[1], row[2].hex, row[3], None if row[4] is None else row[4].hex, *row[5:10],
        None if unit is None else unit.hex, None if command is None else command.hex,
        None if correlation is None else correlation.hex, None if causation is None else causation.hex,
        row[14], None if row[15] is None else row[15].isoformat(), row[16], row[17], row[18],
    )  # fmt: skip
