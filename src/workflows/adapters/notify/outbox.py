"""The outbox: what was noticed and what is to be told, written in the transaction of the events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, insert, select

from workflows.adapters.notify.tables import notices, outbox, watched_units
from workflows.adapters.store.times import micros
from workflows.application.ports import Reading, Transaction
from workflows.kernel.clock import Clock
from workflows.scheduler.ports import Line, Note, Noted

INBOX = "inbox"
"""A line for a unit's own inbox has arrived once it is written: it is the message."""

QUEUED, ACCEPTED = "queued", "accepted"
KEYS_AT_A_TIME = 500

LINE_FIELDS = tuple(field.name for field in msgspec.structs.fields(Line))


def connection_of(reading: Reading) -> Connection:
    """Return the connection of a transaction on the log, so that what is written shares its fate.

    Raises:
        TypeError: a log without a database; it needs a :class:`MemoryOutbox`.
    """
    connection = getattr(reading, "connection", None)
    if not isinstance(connection, Connection):
        raise TypeError(f"{type(reading).__name__} has no connection")
    return connection


class SqlOutbox:
    """The outbox of one log, in the same database."""

    def __init__(self, log_id: str, clock: Clock) -> None:
        """Keep the outbox of ``log_id``; ``clock`` says when a line was queued."""
        self._log_id, self._clock = log_id, clock

    def watched(self, reading: Reading, unit_ids: Collection[UUID]) -> Mapping[UUID, date]:
        """Return since which day each unit has been followed."""
        connection = connection_of(reading)
        found: dict[UUID, date] = {}
        for some in _parts(unit_ids):
            wanted = select(watched_units.c.unit_id, watched_units.c.since_on).where(
                watched_units.c.log_id == self._log_id, watched_units.c.unit_id.in_(some)
            )
            found |= {row.unit_id: row.since_on for row in connection.execute(wanted)}
        return found

    def watch(self, transaction: Transaction, unit_ids: Collection[UUID], on: date) -> None:
        """Follow units from ``on``."""
        new = [unit for unit in unit_ids if unit not in self.watched(transaction, unit_ids)]
        if new:
            rows = [{"log_id": self._log_id, "unit_id": unit, "since_on": on} for unit in new]
            connection_of(transaction).execute(insert(watched_units), rows)

    def noted(self, reading: Reading, unit_ids: Collection[UUID], due_from: date) -> Mapping[UUID, Noted]:
        """Return what was noticed before, by matter."""
        connection = connection_of(reading)
        keys: defaultdict[UUID, set[UUID]] = defaultdict(set)
        last: dict[UUID, date] = {}
        for some in _parts(unit_ids):
            wanted = select(notices.c.matter_id, notices.c.key, notices.c.noticed_on).where(
                notices.c.log_id == self._log_id, notices.c.unit_id.in_(some), notices.c.due_on >= due_from
            )
            for row in connection.execute(wanted):
                keys[row.matter_id].add(row.key)
                last[row.matter_id] = max(last.get(row.matter_id, row.noticed_on), row.noticed_on)
        return {matter: Noted(frozenset(found), last[matter]) for matter, found in keys.items()}

    def add(self, transaction: Transaction, notes: Sequence[Note], lines: Sequence[Line]) -> None:
        """Keep notes and lines.

        Raises:
            sqlalchemy.exc.IntegrityError: one is there already; the transaction is to be given up.
        """
        connection = connection_of(transaction)
        now = micros(self._clock.now())
        if notes:
            rows = [{"log_id": self._log_id, **msgspec.structs.asdict(note)} for note in notes]
            connection.execute(insert(notices), rows)
        if lines:
            connection.execute(insert(outbox), [self._row(line, now) for line in lines])

    def _row(self, line: Line, now: int) -> dict[str, Any]:
        state = ACCEPTED if line.channel == INBOX else QUEUED
        return {
            "log_id": self._log_id,
            **msgspec.structs.asdict(line),
            "queued_at": now,
            "state": state,
            "attempts": 0,
            "next_at": now,
            "delivery_id": None,
        }


class MemoryOutbox:
    """The same for a log in memory: for stories and tests, where nothing is delivered."""

    def __init__(self) -> None:
        self.since: dict[UUID, date] = {}
        self.notes: dict[UUID, Note] = {}
        self.lines: dict[UUID, Line] = {}

    def watched(self, reading: Reading, unit_ids: Collection[UUID]) -> Mapping[UUID, date]:
        """Return since which day each unit has been followed."""
        return {unit: self.since[unit] for unit in unit_ids if unit in self.since}

    def watch(self, transaction: Transaction, unit_ids: Collection[UUID], on: date) -> None:
        """Follow units from ``on``."""
        for unit in unit_ids:
            self.since.setdefault(unit, on)

    def noted(self, reading: Reading, unit_ids: Collection[UUID], due_from: date) -> Mapping[UUID, Noted]:
        """Return what was noticed before, by matter."""
        found: dict[UUID, Noted] = {}
        for note in self.notes.values():
            if note.unit_id in unit_ids and note.due_on >= due_from:
                before = found.get(note.matter_id, Noted(frozenset(), note.noticed_on))
                found[note.matter_id] = Noted(before.keys | {note.key}, max(before.last_on, note.noticed_on))
        return found

    def add(self, transaction: Transaction, notes: Sequence[Note], lines: Sequence[Line]) -> None:
        """Keep notes and lines.

        Raises:
            ValueError: one is there already.
        """
        if any(note.key in self.notes for note in notes) or any(line.key in self.lines for line in lines):
            raise ValueError("noticed twice")
        self.notes |= {note.key: note for note in notes}
        self.lines |= {line.key: line for line in lines}


def line_of(row: Row[Any]) -> Line:
    """Return the line of a row of the outbox."""
    told = row._mapping  # "count" is a method of the row itself
    return Line(**{name: told[name] for name in LINE_FIELDS})


def _parts(unit_ids: Collection[UUID]) -> Iterator[list[UUID]]:
    known = list(unit_ids)
    for start in range(0, len(known), KEYS_AT_A_TIME):
        yield known[start : start + KEYS_AT_A_TIME]
