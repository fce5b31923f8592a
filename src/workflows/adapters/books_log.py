"""The store as the application sees it: transactions with a directory beside the events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from workflows.adapters.directory import SqlDirectory, metadata
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.store.reader import Reader
from workflows.adapters.store.schema import SCHEMA_LOCK
from workflows.adapters.store.store import Store
from workflows.adapters.store.unit import UnitOfWork
from workflows.application.ports import Reading, Transaction
from workflows.kernel.errors import Conflict
from workflows.kernel.events import NewEvent, Recorded

T = TypeVar("T")


class BooksReading:
    """One unchanging moment of the log, with its directory."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._directory: SqlDirectory | None = None

    @property
    def connection(self) -> Connection:
        """The connection, for views in the same database."""
        return self._reader.connection

    @property
    def log_id(self) -> str:
        """The name of the log."""
        return self._reader.log_id

    @property
    def directory(self) -> SqlDirectory:
        """Return the directory as this transaction sees it."""
        if self._directory is None:
            self._directory = SqlDirectory(self._reader.connection, self._reader.log_id)
        return self._directory

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream after a version, by version."""
        return self._reader.load(stream_id, after_version)

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return the events of several streams."""
        return self._reader.load_many(stream_ids)

    def load_since(self, position: int, limit: int) -> list[Recorded]:
        """Return the events after a position, at most ``limit``, by position."""
        return self._reader.load_since(position, limit)

    def find_event(self, event_id: UUID) -> Recorded | None:
        """Return an event by its id."""
        return self._reader.find(event_id)

    def event_at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        return self._reader.event_at(position)

    def head(self) -> int:
        """Return the position of the last event."""
        return self._reader.head()


class BooksTransaction(BooksReading):
    """One unit of work on the log and its directory."""

    def __init__(self, unit: UnitOfWork) -> None:
        super().__init__(unit)
        self._unit = unit

    def append(self, events: Sequence[NewEvent]) -> list[Recorded]:
        """Add events; the directory takes them in at once."""
        records = self._unit.append(events)
        self.directory.note(records)
        return records

    def claim(self, scope: str, key: str, stream_id: UUID) -> bool:
        """Claim a natural key for a stream; False when another stream holds it."""
        try:
            self._unit.claim(scope, key, stream_id)
        except Conflict:
            return False
        return True

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return which stream holds a natural key."""
        return self._unit.claimed(scope, key)

    def command(self, command_id: UUID) -> tuple[bytes, bytes] | None:
        """Return (hash, answer) of a command answered before."""
        told = self._unit.command(command_id)
        return None if told is None else (told.hash, told.answer)

    def log_command(self, command_id: UUID, fingerprint: bytes, answer: bytes) -> None:
        """Keep the answer to a command."""
        self._unit.log_command(command_id, fingerprint, answer)


class BooksLog:
    """The log of one county: events, claims, answers and directory in one database."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.database.writing(SCHEMA_LOCK) as connection:
            metadata.create_all(connection)

    @property
    def log_id(self) -> str:
        """Return the name of the log."""
        return self.store.log_id

    def submit(self, work: Callable[[Transaction], T]) -> T:
        """Do ``work`` in a transaction shared with others' work; return its result once it is durable."""
        return self.store.submit(lambda unit: work(BooksTransaction(unit))).result()

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """Yield one unchanging moment of the log."""
        with self.store.read() as reader:
            yield BooksReading(reader)


class KeyedIdentity:
    """Natural identity as a keyed digest; the key lies in the key store, never beside the events."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def digest(self, text: str) -> str:
        """Return the keyed digest of a natural key."""
        return self._keys.identity_digest("natural-key", text)
