"""The log as the application asks for it: the store's transactions with the directory beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from workflows.adapters.store.reader import Reader
from workflows.adapters.store.store import Store
from workflows.adapters.store.unit import UnitOfWork
from workflows.adapters.views.directory import Entries, SqlDirectory
from workflows.adapters.views.known_units import KnownUnits
from workflows.adapters.views.schema import prepare
from workflows.application.ports import Inline, Transaction
from workflows.kernel.errors import Conflict
from workflows.kernel.events import NewEvent, Recorded

T = TypeVar("T")
Reads = TypeVar("Reads", bound=Reader)


class BooksReading:
    """One unchanging moment of the log; implements :class:`workflows.application.ports.Reading`."""

    def __init__(self, reader: Reader, known: KnownUnits | None = None) -> None:
        """``known``: the units of earlier readings; not for who may change them."""
        self._reader = reader
        self.log_id = reader.log_id

        def take_over(read: Callable[[], Entries]) -> Entries:
            return read() if known is None else known.of(self, self.directory.epoch(), read)

        self.directory = SqlDirectory(reader.log_id, lambda: self.connection, take_over)

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for views in the same database."""
        return self._reader.connection

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream after a version, by version."""
        return self._reader.load(stream_id, after_version)

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return all events of each stream, by version."""
        return self._reader.load_many(stream_ids)

    def load_since(self, position: int, limit: int) -> list[Recorded]:
        """Return the events after a position, by position."""
        return self._reader.load_since(position, limit)

    def touched_since(self, position: int, limit: int) -> list[tuple[int, UUID, str]]:
        """Return position, stream and topic of the events after a position; decodes nothing."""
        return [(t.position, t.stream_id, t.topic) for t in self._reader.touched_since(position, limit)]

    def find_event(self, event_id: UUID) -> Recorded | None:
        """Return an event by its id."""
        return self._reader.find(event_id)

    def naming_any(self, stream_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams with a record in whose clear text one of these ids stands, in no order."""
        return self._reader.naming_any(stream_ids)

    def begun_by(self, event_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams whose first event one of these events caused, in no order."""
        return self._reader.begun_by(event_ids)

    def event_at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        found = self._reader.load_since(position - 1, 1) if position > 0 else []
        return found[0] if found and found[0].position == position else None

    @property
    def undone(self) -> int:
        """How many transactions of this process were undone so far."""
        return self._reader.undone

    def head(self) -> int:
        """Return the position of the last event."""
        return self._reader.head()


class BooksTransaction(BooksReading):
    """One unit of work; implements :class:`workflows.application.ports.Transaction`."""

    def __init__(self, unit: UnitOfWork) -> None:
        super().__init__(unit)
        self.unit = unit

    def append(self, events: Sequence[NewEvent]) -> list[Recorded]:
        """Add events, and whom they put on the books to the directory."""
        records = self.unit.append(events)
        self.directory.note(records, self.load)
        return records

    def version(self, stream_id: UUID) -> int:
        """Return the version of a stream's last event, 0 when there is none."""
        return self.unit.version(stream_id)

    def claim(self, scope: str, key: str, stream_id: UUID) -> bool:
        """Claim a natural key for a stream; False when another stream holds it."""
        try:
            self.unit.claim(scope, key, stream_id)
        except Conflict:
            return False
        return True

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return which stream holds a natural key."""
        return self.unit.claimed(scope, key)

    def command(self, command_id: UUID) -> tuple[bytes, bytes] | None:
        """Return (hash, answer) of a command answered before."""
        told = self.unit.command(command_id)
        return None if told is None else (told.hash, told.answer)

    def log_command(self, command_id: UUID, fingerprint: bytes, answer: bytes) -> None:
        """Keep the answer to a command."""
        self.unit.log_command(command_id, fingerprint, answer)

    def afterwards(self, view: Inline) -> None:
        """Have a view brought up once to everything the shared transaction records."""

        def bring_up(records: list[Recorded]) -> None:
            transaction = BooksTransaction(self.unit)
            view(transaction, records)
            transaction.finish()

        self.unit.afterwards(view, bring_up)

    def finish(self) -> None:
        """Write the directory's part of the transaction."""
        self.directory.flush()


class BooksLog:
    """The log of one store; implements :class:`workflows.application.ports.Log`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._units = KnownUnits()
        prepare(store.database)

    @property
    def log_id(self) -> str:
        """The name of the log."""
        return self.store.log_id

    def submit(self, work: Callable[[Transaction], T], command_id: UUID | None = None) -> T:
        """Do ``work`` in a transaction shared with others; return its result once it is durable.

        ``work`` may be called a second time, when another command of the same transaction has failed.
        ``command_id`` is what an unknown outcome is looked up by.
        """

        def run(unit: UnitOfWork) -> T:
            transaction = BooksTransaction(unit)
            result = work(transaction)
            transaction.finish()
            return result

        return self.store.submit(run, command_id).result()

    @contextmanager
    def read(self) -> Iterator[BooksReading]:
        """Yield a view of the log that does not change while it is open."""
        with self.store.read() as reader:
            yield BooksReading(reader, self._units)

    @contextmanager
    def write(self) -> Iterator[BooksTransaction]:
        """Yield a transaction of its own, in this thread: for rebuilding views under the lock of the log."""
        with self.store.write() as unit:
            transaction = BooksTransaction(unit)
            yield transaction
            transaction.finish()
