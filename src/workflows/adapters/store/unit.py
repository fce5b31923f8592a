"""A unit of work: one transaction on a log, with all that a command reads and causes.

What is appended, claimed and answered is kept in memory until the transaction ends and then written in bulk:
a refused command leaves nothing to undo, and a hundred commands cost one statement. Readings of the same unit
see it all the same; SQL on :attr:`UnitOfWork.connection` does not see it before the commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from workflows.adapters.store.chain import EventRow, Head
from workflows.adapters.store.log import PAGE, chained
from workflows.adapters.store.reader import Kit, Reader, Touched
from workflows.adapters.store.registry import Answer, Claim
from workflows.adapters.store.times import micros, moment
from workflows.kernel.errors import Conflict
from workflows.kernel.events import NewEvent, Recorded

SAVEPOINT = "zhibu_command"

Afterwards = Callable[[list[Recorded]], None]


@dataclass(slots=True)
class _Pending:
    """What is to be written: by one command, or by those before it in the same transaction."""

    rows: list[EventRow] = field(default_factory=list)
    records: list[Recorded] = field(default_factory=list)
    by_stream: defaultdict[UUID, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    claims: dict[Claim, UUID | None] = field(default_factory=dict)
    answers: dict[UUID, Answer] = field(default_factory=dict)
    afterwards: dict[Hashable, Afterwards] = field(default_factory=dict)

    def add(self, later: _Pending) -> None:
        self.rows += later.rows
        self.records += later.records
        for stream, records in later.by_stream.items():
            self.by_stream[stream] += records
        self.claims |= later.claims
        self.answers |= later.answers
        self.afterwards |= later.afterwards


class UnitOfWork(Reader):
    """One transaction that holds the lock of the log; nothing of it is seen by others before its end."""

    def __init__(
        self, kit: Kit, connection: Connection, *, grouped: bool = False, trusting: bool = False
    ) -> None:
        """Begin; ``grouped`` when commands are kept or dropped one by one.

        ``trusting``: the version of a stream that was not loaded is taken from its first new event and looked
        up only at the end, for all streams at once; if one was wrong the whole transaction is in vain.
        """
        super().__init__(kit, connection)
        self._grouped, self._trusting = grouped, trusting
        self._assumed: dict[UUID, int] = {}
        self._kept, self._own = _Pending(), _Pending()
        self._stored_head: Head | None = None
        self._stored_versions: dict[UUID, int] = {}
        self._stored_holders: dict[Claim, UUID | None] = {}
        self._stored_answers: dict[UUID, Answer | None] = {}
        self._sealed_with: dict[UUID, bytes] = {}
        self._has_savepoint = False
        self._is_broken = False

    # --- reading: what is stored, and what this transaction adds ------------------------------------------

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for views; what it writes shares the fate of the command."""
        if self._grouped and not self._has_savepoint:
            self._connection.exec_driver_sql(f"SAVEPOINT {SAVEPOINT}")
            self._has_savepoint = True
        return self._connection

    def head(self) -> int:
        """Return the position of the last event, those of this transaction included."""
        return self._head().position + len(self._kept.rows) + len(self._own.rows)

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream with a higher version, by version; raises as in a :class:`Reader`."""
        stored = super().load(stream_id, after_version)
        if stored:
            self._stored_versions[stream_id] = stored[-1].version
        elif not after_version:
            self._stored_versions[stream_id] = 0
        pending = (*self._kept.by_stream.get(stream_id, ()), *self._own.by_stream.get(stream_id, ()))
        return stored + [record for record in pending if record.version > after_version]

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return all events of each stream, by version; a stream without events has an empty list."""
        found = super().load_many(stream_ids)
        for stream, records in found.items():
            self._stored_versions[stream] = records[-1].version if records else 0
            records += self._kept.by_stream.get(stream, ())
            records += self._own.by_stream.get(stream, ())
        return found

    def load_since(self, position: int, limit: int = PAGE) -> list[Recorded]:
        """Return the events after ``position``, at most ``limit``, by position; raises as :meth:`load`."""
        stored = super().load_since(position, limit)
        return (stored + [record for record in self._pending() if record.position > position])[:limit]

    def touched_since(self, position: int, limit: int = PAGE) -> list[Touched]:
        """Return whose events stand after ``position``, at most ``limit``, by position; decodes nothing."""
        new = [
            Touched(r.position, r.stream_id, r.event.topic())
            for r in self._pending()
            if r.position > position
        ]
        return (super().touched_since(position, limit) + new)[:limit]

    def find(self, event_id: UUID) -> Recorded | None:
        """Return the event with this id."""
        new = (record for record in self._pending() if record.event_id == event_id)
        return next(new, None) or super().find(event_id)

    def version(self, stream_id: UUID) -> int:
        """Return the version of the stream's last event, 0 when there is none."""
        for pending in (self._own, self._kept):
            if records := pending.by_stream.get(stream_id):
                return records[-1].version
        self._know_versions({stream_id})
        return self._stored_versions[stream_id]

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return the stream that holds ``key`` in ``scope``."""
        claim = scope, key
        for pending in (self._own, self._kept):
            if claim in pending.claims:
                return pending.claims[claim]
        if claim not in self._stored_holders:
            self._stored_holders[claim] = super().claimed(scope, key)
        return self._stored_holders[claim]

    def claims_of(self, stream_id: UUID) -> list[Claim]:
        """Return what a stream holds, as (scope, key)."""
        changed = self._kept.claims | self._own.claims
        stored = [claim for claim in super().claims_of(stream_id) if claim not in changed]
        return stored + [claim for claim, holder in changed.items() if holder == stream_id]

    def _answered(self, command_id: UUID) -> Answer | None:
        for pending in (self._own, self._kept):
            if command_id in pending.answers:
                return pending.answers[command_id]
        if command_id not in self._stored_answers:
            self._stored_answers[command_id] = super()._answered(command_id)
        return self._stored_answers[command_id]

    def _pending(self) -> list[Recorded]:
        return self._kept.records + self._own.records

    # --- writing ----------------------------------------------------------------------------------------

    def append(self, new: Sequence[NewEvent]) -> list[Recorded]:
        """Add events to their streams, all or none; returns them with position and moment of recording.

        The version of each event must be the next of its stream. Moments never decrease, whatever the clock
        says.

        Raises:
            Conflict: ``stream-changed``: the stream has other versions than the caller thought.
            TypeError: an event that could not be read again; see :meth:`EventMapper.encode`.
            ValueError: a NUL character in the header, which PostgreSQL cannot keep.
            KeyProblem: personal data of an erased person.
        """
        self._require_versions(new)
        position = self.head()
        recorded_at = max(micros(self._kit.clock.now()), self._last_recorded_at())
        added = _Pending()
        for event in new:
            position += 1
            row, record = self._recorded(event, position, recorded_at)
            added.rows.append(row)
            added.records.append(record)
            added.by_stream[record.stream_id].append(record)
        self._own.add(added)
        if not self._grouped and len(self._own.rows) >= PAGE:
            self.flush()
        return added.records

    def claim(self, scope: str, key: str, stream_id: UUID) -> None:
        """Have ``stream_id`` hold ``key`` in ``scope``; again changes nothing.

        Raises:
            Conflict: ``claim-taken``; ``holder`` is the stream that has it.
        """
        holder = self.claimed(scope, key)
        if holder is not None and holder != stream_id:
            raise Conflict("claim-taken", scope=scope, holder=holder)
        self._own.claims[scope, key] = stream_id

    def release(self, scope: str, key: str) -> None:
        """Let ``key`` be claimed anew; it need not be held."""
        self.claimed(scope, key)
        self._own.claims[scope, key] = None

    def log_command(self, command_id: UUID, hash_: bytes, answer: bytes) -> Answer:
        """Keep what a command was answered, for its repetitions.

        Raises:
            Conflict: ``command-id-reused``: it was answered before.
        """
        if self._answered(command_id) is not None:
            raise Conflict("command-id-reused", command_id=command_id)
        recorded_at = max(micros(self._kit.clock.now()), self._last_recorded_at())
        kept = Answer(hash_, answer, self.head(), moment(recorded_at))
        self._own.answers[command_id] = kept
        return kept

    def afterwards(self, key: Hashable, work: Afterwards) -> None:
        """Have ``work`` done once at the end of a shared transaction, with all the events it has recorded.

        Of several commands that ask for the same ``key`` one is enough; one that is dropped asks for nothing.
        """
        if not self._grouped:
            raise RuntimeError("only a transaction that is shared has an end of its own")
        self._own.afterwards[key] = work

    # --- for whoever runs the transaction -----------------------------------------------------------------

    def expect_commands(self, command_ids: Sequence[UUID]) -> None:
        """Look up at once what these commands were answered before."""
        found = self._kit.registry.answers(self._connection, command_ids)
        self._stored_answers |= {command_id: found.get(command_id) for command_id in command_ids}

    def keep(self) -> None:
        """Let the command that ran last stand."""
        self._kept.add(self._own)
        self._own = _Pending()
        self._end_savepoint("RELEASE SAVEPOINT")

    def drop(self) -> None:
        """Have nothing left of the command that ran last."""
        self._own = _Pending()
        if self._has_savepoint:
            self._connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        self._end_savepoint("RELEASE SAVEPOINT")

    def conclude(self) -> None:
        """Do what was to be done afterwards; whatever it raises, the transaction is in vain."""
        self.keep()
        for work in self._kept.afterwards.values():
            work(self._kept.records)

    def flush(self) -> None:
        """Write what is pending: first the keys it is sealed with, then the rows.

        Raises:
            Conflict: ``record-repeated``: an event id that is there already, or ``stream-changed`` where
                versions were trusted; the transaction is lost.
        """
        if self._is_broken:
            raise RuntimeError("the transaction is lost: a part of it could not be written")
        self.keep()
        pending, self._kept = self._kept, _Pending()
        self._is_broken = True
        self._check_assumed()
        try:
            self._write(pending)
        except IntegrityError as error:
            raise Conflict("record-repeated") from error
        self._is_broken = False

    def _write(self, pending: _Pending) -> None:
        kit, connection = self._kit, self._connection
        kit.keys.persist(self._sealed_with)
        if pending.rows:
            self._stored_head, rows = chained(self._head(), pending.rows)
            kit.log.insert(connection, rows)
            self._stored_versions |= {s: records[-1].version for s, records in pending.by_stream.items()}
        before = self._stored_holders
        changed = {claim: holder for claim, holder in pending.claims.items() if holder != before[claim]}
        kit.registry.release(connection, [claim for claim in changed if before[claim] is not None])
        kit.registry.hold(
            connection, {claim: holder for claim, holder in changed.items() if holder is not None}
        )
        kit.registry.note(connection, pending.answers)
        self._stored_holders |= changed
        self._stored_answers |= pending.answers

    def _head(self) -> Head:
        if self._stored_head is None:
            self._stored_head = self._kit.log.head(self._connection)
        return self._stored_head

    def _last_recorded_at(self) -> int:
        rows = self._own.rows or self._kept.rows
        return (rows[-1].recorded_at or 0) if rows else self._head().recorded_at

    def _know_versions(self, streams: set[UUID]) -> None:
        unknown = [stream for stream in streams if stream not in self._stored_versions]
        if unknown:
            self._stored_versions |= self._kit.log.versions(self._connection, unknown)

    def _require_versions(self, new: Sequence[NewEvent]) -> None:
        if self._trusting:
            self._assume_versions(new)
        else:
            self._know_versions({event.stream_id for event in new})
        versions: dict[UUID, int] = {}
        for event in new:
            stream = event.stream_id
            version = versions[stream] if stream in versions else self.version(stream)
            if event.version != version + 1:
                raise Conflict("stream-changed", stream_id=stream, expected=event.version - 1, found=version)
            versions[stream] = event.version

    def _assume_versions(self, new: Sequence[NewEvent]) -> None:
        for event in new:
            if event.stream_id not in self._stored_versions:
                self._assumed[event.stream_id] = self._stored_versions[event.stream_id] = event.version - 1

    def _check_assumed(self) -> None:
        """Look up what was assumed, also by commands that were dropped: others were measured by it."""
        if self._assumed:
            found = self._kit.log.versions(self._connection, self._assumed)
            for stream, assumed in self._assumed.items():
                if found[stream] != assumed:
                    raise Conflict("stream-changed", stream_id=stream, expected=assumed, found=found[stream])
            self._assumed.clear()

    def _recorded(self, new: NewEvent, position: int, recorded_at: int) -> tuple[EventRow, Recorded]:
        if "\0" in new.actor or "\0" in new.origin or (new.reason and "\0" in new.reason):
            raise ValueError("a NUL character in the header of an event")
        data, event = self._kit.mapper.encode(new, self._sealed_with)
        row = EventRow(
            self.log_id, position, new.stream_id, new.version, new.event_id, event.topic(),
            event.schema_version, data, new.actor, new.origin, new.unit_id, new.command_id,
            new.correlation_id, new.causation_id, recorded_at, event.effective_on, new.as_history,
            new.reason, b"",
        )  # fmt: skip
        record = Recorded(
            position=position,
            log_id=self.log_id,
            stream_id=new.stream_id,
            version=new.version,
            event_id=new.event_id,
            event=event,
            actor=new.actor,
            origin=new.origin,
            unit_id=new.unit_id,
            command_id=new.command_id,
            correlation_id=new.correlation_id,
            causation_id=new.causation_id,
            recorded_at=moment(recorded_at),
            as_history=new.as_history,
            reason=new.reason,
        )
        return row, record

    def _end_savepoint(self, statement: str) -> None:
        if self._has_savepoint:
            self._connection.exec_driver_sql(f"{statement} {SAVEPOINT}")
            self._has_savepoint = False
