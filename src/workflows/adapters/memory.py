"""A log in memory: the same promises for one process, for stories and fast tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from threading import RLock
from typing import TypeVar
from uuid import UUID

import msgspec

from workflows.application.books import state_of
from workflows.application.case_files import file_kind_of, listed_as, opened_as
from workflows.application.merges import Merge, merges_in
from workflows.application.ports import FileEntry, Inline, Transaction, UnitEntry
from workflows.application.streams import home_of, kind_of
from workflows.application.tree import FOUNDING, entry_of
from workflows.domain.person.member_events import PersonsMerged
from workflows.kernel.clock import Clock
from workflows.kernel.errors import Conflict
from workflows.kernel.events import EventRetracted, FactCorrected, NewEvent, Recorded

T = TypeVar("T")


class MemoryDirectory:
    """Which streams there are and who ever belonged where."""

    def __init__(self) -> None:
        self._units: dict[UUID, UnitEntry] = {}
        self._files: dict[UUID, FileEntry] = {}
        self._people: dict[UUID, list[UUID]] = {}
        self._homes: dict[UUID, list[UUID]] = {}
        self._merges: dict[UUID, tuple[Merge, ...]] = {}

    def units(self) -> Sequence[UnitEntry]:
        """Return every unit, in the order they were put on the books."""
        return list(self._units.values())

    def unit(self, unit_id: UUID) -> UnitEntry | None:
        """Return one unit, None where there is none of that id."""
        return self._units.get(unit_id)

    def files(self) -> Sequence[FileEntry]:
        """Return every case, in the order they were opened on the books."""
        return list(self._files.values())

    def people_of(self, unit_id: UUID) -> Sequence[UUID]:
        """Return everybody who ever belonged to a unit."""
        return self._people.get(unit_id, [])

    def units_of(self, person_id: UUID) -> Sequence[UUID]:
        """Return every unit a person ever belonged to."""
        return self._homes.get(person_id, [])

    def merges(self) -> Sequence[Merge]:
        """Return every merger of people, withdrawn or not."""
        return [merge for told in self._merges.values() for merge in told]

    def note(self, record: Recorded, records: Sequence[Recorded]) -> None:
        """Take in one event, the last of the ``records`` of its stream."""
        event = record.event
        if (opened := opened_as(record.stream_id, event)) is not None:
            self._files[record.stream_id] = opened
        if isinstance(event, FactCorrected | EventRetracted) and file_kind_of(records[0].event.topic()):
            self._amend_file(record.stream_id, records)
        if isinstance(event, FOUNDING) or (
            isinstance(event, FactCorrected | EventRetracted) and kind_of(records) == "unit"
        ):
            self._amend(record.stream_id, records)
        if isinstance(event, PersonsMerged) or (
            isinstance(event, EventRetracted) and record.stream_id in self._merges
        ):
            self._merges[record.stream_id] = merges_in(records)
        home = home_of(record)
        homes = self._homes.get(event.other, ()) if isinstance(event, PersonsMerged) else (home,)
        keepers = [merge.keep for merge in self.merges() if merge.other == record.stream_id]
        for unit_id in (one for one in homes if isinstance(one, UUID)):
            for person_id in dict.fromkeys((record.stream_id, *keepers)):
                if person_id not in self._people.setdefault(unit_id, []):
                    self._people[unit_id].append(person_id)
                    self._homes.setdefault(person_id, []).append(unit_id)

    def _amend_file(self, file_id: UUID, records: Sequence[Recorded]) -> None:
        entry = listed_as(state_of(file_id, records))
        if entry is None:
            self._files.pop(file_id, None)
        else:
            self._files[file_id] = entry

    def _amend(self, unit_id: UUID, records: Sequence[Recorded]) -> None:
        entry = entry_of(state_of(unit_id, records))
        if entry is None:
            self._units.pop(unit_id, None)
        else:
            self._units[unit_id] = entry


class MemoryLog:
    """A log that lives as long as its process; one transaction at a time, undone when it fails."""

    def __init__(self, clock: Clock, log_id: str = "memory") -> None:
        self.log_id = log_id
        self._clock, self._lock = clock, RLock()
        self.records: list[Recorded] = []
        self._streams: dict[UUID, list[Recorded]] = {}
        self._by_id: dict[UUID, Recorded] = {}
        self._claims: dict[tuple[str, str], UUID] = {}
        self._answers: dict[UUID, tuple[bytes, bytes]] = {}
        self.directory = MemoryDirectory()
        self._views: dict[Inline, None] = {}
        self.undone = 0

    def submit(self, work: Callable[[Transaction], T], command_id: UUID | None = None) -> T:
        """Do ``work``; when it fails everything it did is undone."""
        with self._lock:
            size, claims, answers = len(self.records), dict(self._claims), dict(self._answers)
            self._views.clear()
            try:
                result = work(self)
                for view in self._views:
                    view(self, self.records[size:])
                return result
            except BaseException:
                self.undone += 1
                self._cut(size)
                self._claims, self._answers = claims, answers
                raise

    @contextmanager
    def read(self) -> Iterator[MemoryLog]:
        """Return the log itself, locked against writers."""
        with self._lock:
            yield self

    def _cut(self, size: int) -> None:
        if len(self.records) == size:
            return
        kept = self.records[:size]
        self.records, self._streams, self._by_id = [], {}, {}
        self.directory = MemoryDirectory()
        for record in kept:
            self._take(record)

    def _take(self, record: Recorded) -> None:
        self.records.append(record)
        self._streams.setdefault(record.stream_id, []).append(record)
        self._by_id[record.event_id] = record
        self.directory.note(record, self._streams[record.stream_id])

    def afterwards(self, view: Inline) -> None:
        """Have a view brought up at the end of the transaction."""
        self._views[view] = None

    def append(self, events: Sequence[NewEvent]) -> list[Recorded]:
        """Add events; ``recorded_at`` never runs backwards."""
        done = []
        for event in events:
            stream = self._streams.get(event.stream_id, [])
            if event.version != len(stream) + 1:
                raise Conflict("version-taken", version=event.version)
            if event.event_id in self._by_id:
                raise Conflict("event-id-taken", event_id=str(event.event_id))
            last = self.records[-1].recorded_at if self.records else datetime.min.replace(tzinfo=UTC)
            record = Recorded(
                position=len(self.records) + 1,
                log_id=self.log_id,
                recorded_at=max(self._clock.now(), last),
                **{name: getattr(event, name) for name in event.__struct_fields__},
            )
            self._take(record)
            done.append(record)
        return done

    def version(self, stream_id: UUID) -> int:
        """Return the version of a stream's last event."""
        return len(self._streams.get(stream_id, ()))

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream after a version."""
        return self._streams.get(stream_id, [])[after_version:]

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return all events of each stream."""
        return {stream_id: self._streams.get(stream_id, []) for stream_id in stream_ids}

    def load_since(self, position: int, limit: int) -> list[Recorded]:
        """Return the events after a position."""
        return self.records[position : position + limit]

    def find_event(self, event_id: UUID) -> Recorded | None:
        """Return an event by its id."""
        return self._by_id.get(event_id)

    def naming_any(self, stream_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams with a record in which one of these ids stands, in no order."""
        texts = [str(one).encode() for one in stream_ids]
        return [
            stream
            for stream, records in self._streams.items()
            if any(text in told for told in (msgspec.json.encode(r.event) for r in records) for text in texts)
        ]

    def begun_by(self, event_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams whose first event one of these events caused, in no order."""
        causes = set(event_ids)
        return [stream for stream, records in self._streams.items() if records[0].causation_id in causes]

    def event_at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        return self.records[position - 1] if 0 < position <= len(self.records) else None

    def head(self) -> int:
        """Return the position of the last event."""
        return len(self.records)

    def claim(self, scope: str, key: str, stream_id: UUID) -> bool:
        """Claim a natural key for a stream."""
        return self._claims.setdefault((scope, key), stream_id) == stream_id

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return which stream holds a natural key."""
        return self._claims.get((scope, key))

    def command(self, command_id: UUID) -> tuple[bytes, bytes] | None:
        """Return (hash, answer) of a command answered before."""
        return self._answers.get(command_id)

    def log_command(self, command_id: UUID, fingerprint: bytes, answer: bytes) -> None:
        """Keep the answer to a command."""
        self._answers[command_id] = (fingerprint, answer)


class PlainIdentity:
    """Digests without a key: for stories and tests, where nobody's identity is at stake."""

    def digest(self, text: str) -> str:
        """Return the digest of a natural key."""
        return sha256(text.encode()).hexdigest()
