"""Reading and writing the rows of one log over a connection; where the two databases differ, it is here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Select, bindparam, func, insert, literal, or_, select
from sqlalchemy.engine import Dialect

from workflows.adapters.store.chain import EventRow, Head, genesis, link
from workflows.adapters.store.statements import Ids, Prepared
from workflows.adapters.store.tables import events

COPY = f"COPY events ({', '.join(EventRow._fields)}) FROM STDIN"

PAGE = 2_000
"""Events read at a time where all are wanted."""


class Log:
    """One log in one kind of database."""

    def __init__(self, log_id: str, dialect: Dialect) -> None:
        self.log_id = log_id
        self.is_sqlite = dialect.name == "sqlite"
        self.ids = Ids(dialect)
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
        self._versions = Prepared(
            dialect,
            select(events.c.stream_id, func.max(events.c.version))
            .where(ours, self.ids.hold(events.c.stream_id))
            .group_by(events.c.stream_id),
        )
        self._streams = Prepared(
            dialect,
            select(*events.c)
            .where(ours, self.ids.hold(events.c.stream_id))
            .order_by(events.c.stream_id, events.c.version),
        )
        self._by_ids = Prepared(
            dialect,
            select(*events.c).where(ours, self.ids.hold(events.c.event_id)).order_by(events.c.position),
        )
        self._caused = Prepared(
            dialect,
            select(events.c.stream_id).where(  # unordered: for an order SQLite would leave the index
                ours, self.ids.hold(events.c.causation_id), events.c.version == bindparam("first")
            ),
        )
        self._insert = Prepared(dialect, insert(events))

    # --- reading ----------------------------------------------------------------------------------------

    def head(self, connection: Connection) -> Head:
        """Return the end of the log."""
        row = self._head.first(connection, log_id=self.log_id)
        return self._genesis if row is None else Head(row[0], bytes(row[1]), row[2] or 0)

    def versions(self, connection: Connection, streams: Iterable[UUID]) -> dict[UUID, int]:
        """Return the last version of each stream, 0 where there is none."""
        found = dict.fromkeys(streams, 0)
        if found:
            ids = self.ids.out(found)
            for stream, version in self._versions.all(connection, log_id=self.log_id, ids=ids):
                found[self._uuid_in(stream)] = version
        return found

    def stream(self, connection: Connection, stream_id: UUID, after_version: int = -1) -> list[EventRow]:
        """Return the events of a stream after a version, by version."""
        rows = self._stream.all(
            connection, log_id=self.log_id, stream_id=self.ids.one_out(stream_id), gt=after_version
        )
        return self._rows_in(rows)

    def since(self, connection: Connection, position: int, limit: int) -> list[EventRow]:
        """Return the events after ``position``, at most ``limit``, by position."""
        return self._rows_in(self._since.all(connection, log_id=self.log_id, position=position, page=limit))

    def touched(self, connection: Connection, position: int, limit: int) -> list[tuple[int, UUID, str]]:
        """Return position, stream and topic of the events after ``position``, at most ``limit``."""
        rows = self._touched.all(connection, log_id=self.log_id, position=position, page=limit)
        return [(position, self._uuid_in(stream), topic) for position, stream, topic in rows]

    def all_since(self, connection: Connection, position: int = 0) -> Iterator[EventRow]:
        """Yield every event after ``position``, page by page."""
        while page := self.since(connection, position, PAGE):
            yield from page
            position = page[-1].position

    def streams(self, connection: Connection, streams: Sequence[UUID]) -> list[EventRow]:
        """Return all events of some streams, by stream and version."""
        if not streams:
            return []
        return self._rows_in(self._streams.all(connection, log_id=self.log_id, ids=self.ids.out(streams)))

    def by_event_ids(self, connection: Connection, ids: Sequence[UUID]) -> list[EventRow]:
        """Return the events with these ids, by position."""
        return self._rows_in(self._by_ids.all(connection, log_id=self.log_id, ids=self.ids.out(ids)))

    def begun_by(self, connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams whose first event one of these events caused."""
        if not ids:
            return []
        rows = self._caused.all(connection, log_id=self.log_id, ids=self.ids.out(ids), first=1)
        return [self._uuid_in(stream) for (stream,) in rows]

    def naming_any(self, connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams with a record in whose clear text one of these ids stands."""
        texts = [str(one) for one in ids]
        if self.is_sqlite:
            hits = [func.instr(events.c.data, literal(text.encode(), LargeBinary)) > 0 for text in texts]
        else:
            hits = [func.convert_from(events.c.data, "UTF8").contains(text) for text in texts]
        query = select(events.c.stream_id).distinct().where(events.c.log_id == self.log_id, or_(*hits))
        return [row[0] for row in connection.execute(query)] if hits else []

    def query(self) -> Select[Any]:
        """Return a query for whole rows of this log, to be narrowed and given to :meth:`fetch`."""
        return select(*events.c).where(events.c.log_id == self.log_id)

    def fetch(self, connection: Connection, query: Select[Any]) -> list[EventRow]:
        """Return the rows of :meth:`query`."""
        return [EventRow._make(row) for row in connection.execute(query)]

    def _uuid_in(self, value: Any) -> UUID:
        stream: UUID = _known_uuid(value) if self.is_sqlite else value
        return stream

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
            self._insert.many_ordered(connection, [_for_sqlite(row) for row in rows])
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
