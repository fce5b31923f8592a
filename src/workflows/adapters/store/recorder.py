"""The library's recorder interfaces on our tables, so that all of `eventsourcing` works on either database.

Its own recorders cannot subscribe on SQLite, write one event a statement, and share no transaction with
views.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import eventsourcing.persistence as library
from eventsourcing.persistence import (
    AggregateRecorder,
    ListenNotifySubscription,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
)
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from workflows.adapters.store.chain import EventRow
from workflows.adapters.store.database import Database
from workflows.adapters.store.log import Log, chained
from workflows.adapters.store.schema import prepare
from workflows.adapters.store.statements import Prepared
from workflows.adapters.store.tables import events, tracking
from workflows.adapters.store.times import micros
from workflows.kernel.clock import Clock, SystemClock
from workflows.kernel.errors import Problem

POLL_SECONDS = 0.2
"""How often a subscription looks for what other processes have recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of one event that the library knows nothing of; see the table."""

    event_id: UUID | None = None
    schema_version: int | None = None
    actor: str | None = None
    origin: str | None = None
    unit_id: UUID | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    effective_on: date | None = None
    as_history: bool | None = None
    reason: str | None = None


NO_HEADER = Header()


@dataclass(frozen=True)
class HeadedEvent(StoredEvent):
    """An event to be stored with its header."""

    header: Header


@dataclass(frozen=True)
class StoredRow(StoredEvent):
    """A stored event that brings its whole row."""

    row: EventRow


@dataclass(frozen=True)
class NotifiedRow(Notification):
    """A notification that brings its whole row."""

    row: EventRow


class SqlRecorder(ProcessRecorder):
    """Events, notifications and tracking of one log; the library's names, our tables and lock."""

    def __init__(self, database: Database, log_id: str, clock: Clock | None = None) -> None:
        self.database = database
        self.log = Log(log_id, database.engine.dialect)
        self._clock = clock or SystemClock()
        insert = (sqlite if database.is_sqlite else postgresql).insert(tracking)
        self._advance = Prepared(
            database.engine.dialect,
            insert.on_conflict_do_update(
                index_elements=[tracking.c.log_id, tracking.c.name],
                set_={"position": insert.excluded.position},
                where=tracking.c.position < insert.excluded.position,
            ).returning(tracking.c.position),
        )

    def create_table(self) -> None:
        """Make the tables if they are missing."""
        prepare(self.database)

    # --- events -----------------------------------------------------------------------------------------

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Write events, all or none, and return their positions.

        Keywords:
            headers: a :class:`Header` for each event; a :class:`HeadedEvent` brings its own.
            tracking: a position to record with them.
            connection: of an open :meth:`Database.writing` for this log, to share its transaction with views.

        Raises:
            IntegrityError: of the library; a version is there already, or the position was recorded before.
        """
        with _errors_of_the_library(), self._writing(kwargs.get("connection")) as connection:
            positions = self._insert(connection, stored_events, kwargs.get("headers"))
            if kwargs.get("tracking") is not None:
                self._track(connection, kwargs["tracking"])
        return positions

    def _insert(
        self, connection: Connection, stored: Sequence[StoredEvent], headers: Sequence[Header] | None
    ) -> list[int]:
        if not stored:
            return []
        head = self.log.head(connection)
        recorded_at = max(micros(self._clock.now()), head.recorded_at)
        rows = [
            self._row(event, header, head.position + count, recorded_at)
            for count, (event, header) in enumerate(
                zip(stored, headers or map(_header_of, stored), strict=True), start=1
            )
        ]
        self.log.insert(connection, chained(head, rows)[1])
        return [row.position for row in rows]

    def _row(self, event: StoredEvent, header: Header, position: int, recorded_at: int) -> EventRow:
        stream_id = event.originator_id
        return EventRow(
            self.log.log_id, position, stream_id if isinstance(stream_id, UUID) else UUID(stream_id),
            event.originator_version, header.event_id, event.topic, header.schema_version, event.state,
            header.actor, header.origin, header.unit_id, header.command_id, header.correlation_id,
            header.causation_id, recorded_at, header.effective_on, header.as_history, header.reason, b"",
        )  # fmt: skip

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return events of one stream by version, within ``gt`` (exclusive) and ``lte`` (inclusive)."""
        stream_id = originator_id if isinstance(originator_id, UUID) else UUID(originator_id)
        query = self.log.query().where(events.c.stream_id == stream_id)
        if gt is not None:
            query = query.where(events.c.version > gt)
        if lte is not None:
            query = query.where(events.c.version <= lte)
        query = query.order_by(events.c.version.desc() if desc else events.c.version)
        with _errors_of_the_library(), self.database.reading() as connection:
            rows = self.log.fetch(connection, query if limit is None else query.limit(limit))
        return [StoredRow(row.stream_id, row.version, row.topic, row.data, row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events of the whole log by position, from ``start`` to ``stop`` (inclusive)."""
        query = self.log.query().order_by(events.c.position).limit(limit)
        if start is not None:
            after = events.c.position >= start if inclusive_of_start else events.c.position > start
            query = query.where(after)
        if stop is not None:
            query = query.where(events.c.position <= stop)
        if topics:
            query = query.where(events.c.topic.in_(topics))
        with _errors_of_the_library(), self.database.reading() as connection:
            rows = self.log.fetch(connection, query)
        return [NotifiedRow(r.stream_id, r.version, r.topic, r.data, r.position, r) for r in rows]

    def max_notification_id(self) -> int | None:
        """Return the position of the last event."""
        with _errors_of_the_library(), self.database.reading() as connection:
            return self.log.head(connection).position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[SqlRecorder]:
        """Return an iterator over the events after ``gt`` that waits for more."""
        return SqlSubscription(self, gt=gt, topics=topics)

    # --- tracking ---------------------------------------------------------------------------------------

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record how far a follower has come.

        Raises:
            IntegrityError: of the library; so far it, or another worker of its name, had come before.
        """
        with _errors_of_the_library(), self._writing(None) as connection:
            self._track(connection, tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return how far a follower has come."""
        query = select(tracking.c.position).where(
            tracking.c.log_id == self.log.log_id, tracking.c.name == application_name
        )
        with _errors_of_the_library(), self.database.reading() as connection:
            return connection.execute(query).scalar()

    def _track(self, connection: Connection, reached: Tracking) -> None:
        done = self._advance.first(
            connection,
            log_id=self.log.log_id,
            name=reached.application_name,
            position=reached.notification_id,
        )
        if done is None:
            raise library.IntegrityError(f"already processed: {reached}")

    @contextlib.contextmanager
    def _writing(self, connection: Connection | None) -> Iterator[Connection]:
        if connection is not None:
            yield connection
            return
        with self.database.writing(self.log.log_id) as own:
            yield own


def _header_of(event: StoredEvent) -> Header:
    return event.header if isinstance(event, HeadedEvent) else NO_HEADER


class SnapshotRecorder(AggregateRecorder):
    """The library's recorder without a common order of events: for snapshots, which are caches."""

    def __init__(self, database: Database, log_id: str) -> None:
        self._recorder = SqlRecorder(database, log_id)

    def create_table(self) -> None:
        """Make the tables if they are missing."""
        self._recorder.create_table()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Write snapshots, all or none."""
        self._recorder.insert_events(stored_events, **kwargs)

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        """Return snapshots of one stream; keywords as for events."""
        found = self._recorder.select_events(originator_id, **kwargs)
        return [StoredEvent(s.originator_id, s.originator_version, s.topic, s.state) for s in found]


class SqlSubscription(ListenNotifySubscription[SqlRecorder]):
    """Woken by commits of this process, and looking by itself for those of others.

    No NOTIFY: inside the transaction it would serialise all commits of PostgreSQL once more.
    """

    def __init__(self, recorder: SqlRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        recorder.database.listen(self._has_been_notified)

    def stop(self) -> None:
        """End the iteration."""
        super().stop()
        self._recorder.database.unlisten(self._has_been_notified)

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._pull()
                self._has_been_notified.wait(POLL_SECONDS)
        except BaseException as error:  # told to whoever iterates
            if self._thread_error is None:
                self._thread_error = error
            self.stop()


@contextlib.contextmanager
def _errors_of_the_library() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        kind: type[library.PersistenceError] = getattr(library, type(error).__name__, library.DatabaseError)
        raise kind(type(error.orig).__name__) from error
    except Problem as error:
        raise library.OperationalError(error.code) from error
