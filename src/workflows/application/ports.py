"""What adapters must offer: the log with its transactions, the directory, identity, and answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from workflows.application.merges import Merge
from workflows.domain.unit.identity import Dated, UnitIdentity
from workflows.kernel.events import Known, NewEvent, Recorded

T = TypeVar("T")


class UnitEntry(msgspec.Struct, frozen=True):
    """A unit as the directory lists it, as known now; ``dated`` tells what it was before, and its end."""

    id: UUID
    name: str
    level: str
    kind: str
    superior: UUID | None
    dated: Dated = Dated()

    def __post_init__(self) -> None:
        """Take what is told as all there ever was, where nothing else is."""
        if not self.dated.identities:
            alone = UnitIdentity(date.min, self.name, self.level, self.kind, self.superior)
            msgspec.structs.force_setattr(self, "dated", Dated((alone,), self.dated.ended))

    @classmethod
    def of(cls, unit_id: UUID, dated: Dated) -> UnitEntry | None:
        """Return the entry of a unit by its identities, None where there is none."""
        if not dated.identities:
            return None
        last = dated.identities[-1]
        return cls(unit_id, last.name, last.level, last.kind, last.superior, dated)

    def named_on(self, day: date) -> str:
        """Return the name of a day."""
        told = self.dated.on(day)
        return told.name if told is not None else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name it ever had, the present one first."""
        return tuple(dict.fromkeys((self.name, *(one.name for one in self.dated.identities))))

    def exists_on(self, day: date) -> bool:
        """Say whether the unit is there on a day."""
        return self.dated.exists_on(day)


class FileEntry(msgspec.Struct, frozen=True):
    """A case as the directory lists it, as known now; ``subject`` is what it is called."""

    id: UUID
    kind: str
    subject: str
    unit_id: UUID


class Directory(Protocol):
    """Which streams there are, and who ever belonged to a unit: ids, names of units and cases, nobody's."""

    def units(self) -> Sequence[UnitEntry]:
        """Return every unit, in the order they were put on the books."""
        ...

    def unit(self, unit_id: UUID) -> UnitEntry | None:
        """Return one unit, None where there is none of that id."""
        ...

    def files(self) -> Sequence[FileEntry]:
        """Return every case, in the order they were opened on the books."""
        ...

    def people_of(self, unit_id: UUID) -> Sequence[UUID]:
        """Return everybody who ever belonged to a unit: a superset for any day."""
        ...

    def units_of(self, person_id: UUID) -> Sequence[UUID]:
        """Return every unit a person ever belonged to, or whoever was ever merged into this one did."""
        ...

    def merges(self) -> Sequence[Merge]:
        """Return every merger of people, withdrawn or not."""
        ...


class Reading(Protocol):
    """The log as one transaction sees it."""

    def load(self, stream_id: UUID, after_version: int = 0) -> list[Recorded]:
        """Return the events of a stream after a version, by version."""
        ...

    def load_many(self, stream_ids: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """Return all events of each stream, by version; a stream without events has an empty list."""
        ...

    def load_since(self, position: int, limit: int) -> list[Recorded]:
        """Return the events after a position, at most ``limit``, by position."""
        ...

    def find_event(self, event_id: UUID) -> Recorded | None:
        """Return an event by its id."""
        ...

    def naming_any(self, stream_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams with a record in whose clear text one of these ids stands, in no order."""
        ...

    def begun_by(self, event_ids: Sequence[UUID]) -> list[UUID]:
        """Return the streams whose first event one of these events caused, in no order."""
        ...

    def event_at(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        ...

    def head(self) -> int:
        """Return the position of the last event, 0 for an empty log."""
        ...

    @property
    def undone(self) -> int:
        """Return how many transactions of this process were undone: what they had written is no more."""
        ...

    @property
    def directory(self) -> Directory:
        """Return the directory as this transaction sees it."""
        ...


class Transaction(Reading, Protocol):
    """One unit of work on the log; everything or nothing."""

    def append(self, events: Sequence[NewEvent]) -> list[Recorded]:
        """Add events; positions and moments of recording are given here.

        Raises:
            Conflict: a version is taken already.
        """
        ...

    def version(self, stream_id: UUID) -> int:
        """Return the version of a stream's last event, 0 when there is none."""
        ...

    def claim(self, scope: str, key: str, stream_id: UUID) -> bool:
        """Claim a natural key for a stream; False when another stream holds it."""
        ...

    def claimed(self, scope: str, key: str) -> UUID | None:
        """Return which stream holds a natural key."""
        ...

    def command(self, command_id: UUID) -> tuple[bytes, bytes] | None:
        """Return (hash, answer) of a command answered before."""
        ...

    def log_command(self, command_id: UUID, fingerprint: bytes, answer: bytes) -> None:
        """Keep the answer to a command."""
        ...

    def afterwards(self, view: Inline) -> None:
        """Have a view brought up once to all that is recorded, when the (perhaps shared) transaction ends.

        If that fails, so does the transaction.
        """
        ...


class Log(Protocol):
    """The event log: transactions one after another, readers beside them."""

    @property
    def log_id(self) -> str:
        """Return the name of the log."""
        ...

    def submit(self, work: Callable[[Transaction], T], command_id: UUID | None = None) -> T:
        """Do ``work`` in a transaction (perhaps shared with others' work); return its result once durable.

        Raises:
            OutcomeUnknown: nobody knows whether it was recorded; it carries ``command_id``.
        """
        ...

    def read(self) -> AbstractContextManager[Reading]:
        """Return a view of the log that does not change while it is open."""
        ...


class Identity(Protocol):
    """Natural identity without storing it: a keyed digest."""

    def digest(self, text: str) -> str:
        """Return the keyed digest of a natural key."""
        ...


class PackLibrary(Protocol):
    """Where the text of a pack is found by its name."""

    def __call__(self, name: str) -> str | None:
        """Return the text of a pack; None where there is none of that name."""
        ...


class Inline(Hashable, Protocol):
    """Views kept in the command's own transaction (directory, limits, to-do)."""

    def __call__(self, transaction: Transaction, records: Iterable[Recorded]) -> None:
        """Bring the inline views up to ``records``, just appended."""
        ...


class Answers(Protocol):
    """The questions of the contract, each answered with ``rows, as_of, known_on, position`` (or a state)."""

    def ask(
        self, question: str, arguments: dict[str, Any], *, as_of: date | None, known_on: Known
    ) -> dict[str, Any]:
        """Answer ``deadlines``, ``compliance``, ``pipeline`` or ``state``, in JSON form."""
        ...
