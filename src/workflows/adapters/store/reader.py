"""Reading one unchanging moment of a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from workflows.adapters.keys.store import KeyStore
from workflows.adapters.store.chain import EventRow
from workflows.adapters.store.database import Database
from workflows.adapters.store.log import PAGE, Log
from workflows.adapters.store.mapper import EventMapper
from workflows.adapters.store.registry import Answer, Claim, Registry
from workflows.kernel.clock import Clock
from workflows.kernel.errors import Conflict
from workflows.kernel.events import Recorded


@dataclass(frozen=True, slots=True)
class Kit:
    """What every unit of one store works with."""

    database: Database
    log: Log
    registry: Registry
    mapper: EventMapper
    keys: KeyStore
    clock: Clock


class Touched(NamedTuple):
    """That a stream has a new event, without reading the event."""

    position: int
    stream_id: UUID
    topic: str


class Reader:
    """One unchanging moment of a log."""

    def __init__(self, kit: Kit, connection: Connection) -> None:
        self._kit = kit
        self._connection = connection
        kit.keys.refresh()  # whom another process has erased, nobody reads here any more

    @property
    def log_id(self) -> str:
        """The name of the log."""
        return self._kit.log.log_id

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for views that stand in the same database."""
        return self._connection

    @property
    def undone(self) -> int:
        """How many transactions of this process were undone so far.

        Who keeps states between transactions drops them when this has grown: they may rest on events that a
        shared transaction has lost, and a later event may stand at the same position.
        """
        return self._kit.database.undone

    def head(self) -> int:
        """Return the position of the last event, 0 when there is none."""
        return self._kit.log.head(self._connection).position

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream with a higher version, by version.

        Raises:
            UnreadableEvent: one of them cannot be read; none is left out.
        """
        return self._records(self._kit.log.stream(self._connection, stream_id, after_version))

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return all events of each stream, by version; a stream without events has an empty list."""
        found: dict[UUID, list[Recorded]] = {stream: [] for stream in stream_ids}
        for record in self._records(self._kit.log.streams(self._connection, list(found))):
            found[record.stream_id].append(record)
        return found

    def load_since(self, position: int, limit: int = PAGE) -> list[Recorded]:
        """Return the events after ``position``, at most ``limit``, by position; raises as :meth:`load`."""
        return self._records(self._kit.log.since(self._connection, position, limit))

    def touched_since(self, position: int, limit: int = PAGE) -> list[Touched]:
        """Return whose events stand after ``position``, at most ``limit``, by position; decodes nothing."""
        return [Touched(*row) for row in self._kit.log.touched(self._connection, position, limit)]

    def rows_since(self, position: int, limit: int = PAGE) -> list[EventRow]:
        """Return stored rows after ``position`` as they lie, for the chain and for copies."""
        return self._kit.log.since(self._connection, position, limit)

    def find(self, event_id: UUID) -> Recorded | None:
        """Return the event with this id."""
        rows = self._kit.log.by_event_ids(self._connection, [event_id])
        return self._kit.mapper.recorded(rows[0]) if rows else None

    def naming_any(self, stream_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams with a record in whose clear text one of these ids stands: reads them all."""
        return self._kit.log.naming_any(self._connection, stream_ids)

    def begun_by(self, event_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams whose first event one of these events caused, in no order; decodes nothing."""
        return self._kit.log.begun_by(self._connection, event_ids)

    def event_at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        found = self.load_since(position - 1, 1)
        return found[0] if found and found[0].position == position else None

    def version(self, stream_id: UUID) -> int:
        """Return the version of the stream's last event, 0 when there is none."""
        return self._kit.log.versions(self._connection, [stream_id])[stream_id]

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return the stream that holds ``key`` in ``scope``."""
        return self._kit.registry.holder(self._connection, (scope, key))

    def claims_of(self, stream_id: UUID) -> list[Claim]:
        """Return what a stream holds, as (scope, key)."""
        return self._kit.registry.held_by(self._connection, stream_id)

    def command(self, command_id: UUID, hash_: bytes | None = None) -> Answer | None:
        """Return what this command was answered before; None when it is new.

        Raises:
            Conflict: ``command-id-reused``: the id belongs to a command with another ``hash_``.
        """
        answer = self._answered(command_id)
        if answer is not None and hash_ is not None and answer.hash != hash_:
            raise Conflict("command-id-reused", command_id=command_id)
        return answer

    def _answered(self, command_id: UUID) -> Answer | None:
        return self._kit.registry.answers(self._connection, [command_id]).get(command_id)

    def _records(self, rows: Sequence[EventRow]) -> list[Recorded]:
        recorded = self._kit.mapper.recorded
        return [recorded(row) for row in rows]
