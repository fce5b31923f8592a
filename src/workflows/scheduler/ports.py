"""What adapters must offer the scheduler: limits, a memory of what was noticed, addresses, words, a lease."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from workflows.application.ports import Reading, Transaction
from workflows.kernel.ids import derived
from workflows.policies.deadlines import Deadline

LineStage = Literal["reminder", "due", "overdue", "history"]


class OpenLimit(msgspec.Struct, frozen=True):
    """A limit of a unit, or of a person in it; a period of a duty is one too (``kind`` is ``cadence``)."""

    unit_id: UUID
    person_id: UUID | None
    deadline: Deadline


class OpenLimits(Protocol):
    """The table of limits, or whatever can tell what is in it."""

    def of_units(
        self,
        reading: Reading,
        unit_ids: Collection[UUID],
        *,
        on: date,
        due_from: date | None,
        due_until: date,
    ) -> Sequence[OpenLimit]:
        """Return the limits of these units that are due from ``due_from`` to ``due_until``, both inclusive.

        Those met on or before ``on`` may be left out, and those that open after it; nothing else may.
        """
        ...


class Noted(msgspec.Struct, frozen=True):
    """What was noticed of a matter before: the keys of its stages, and the last day on which one was."""

    keys: frozenset[UUID]
    last_on: date


class Note(msgspec.Struct, frozen=True):
    """That a stage of a matter is noticed now; ``key`` is unique: it never is noticed twice."""

    key: UUID
    matter_id: UUID
    unit_id: UUID
    rule: str
    stage: str
    due_on: date
    noticed_on: date


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell one recipient over one channel; ids and days only, names are put in when it is read.

    ``due_on`` is the newest last day of ``count`` matters of one rule, ``first_on`` the oldest. A line with
    the stage ``history`` stands for everything a unit was late with before it was looked at for the first
    time.
    """

    key: UUID
    channel: str
    recipient: str
    unit_id: UUID
    rule: str
    subject: str
    stage: LineStage
    due_on: date
    noticed_on: date
    label: str = ""
    clause: str = ""
    person_id: UUID | None = None
    ends_on: date | None = None
    count: int = 1
    first_on: date | None = None

    def sent_over(self, channel: str, recipient: str) -> Line:
        """Return the same matter told to a recipient over a channel."""
        key = derived("line", self.key, channel, recipient)
        return msgspec.structs.replace(self, key=key, channel=channel, recipient=recipient)


class Outbox(Protocol):
    """What was noticed and what is to be told, kept in the same database as the events."""

    def watched(self, reading: Reading, unit_ids: Collection[UUID]) -> Mapping[UUID, date]:
        """Return since which day each unit has been looked at; a unit never looked at is left out."""
        ...

    def watch(self, transaction: Transaction, unit_ids: Collection[UUID], on: date) -> None:
        """Remember that these units are looked at from ``on``; one that is already keeps its day."""
        ...

    def noted(self, reading: Reading, unit_ids: Collection[UUID], due_from: date) -> Mapping[UUID, Noted]:
        """Return what was noticed of the matters of these units due from a day on, by matter."""
        ...

    def add(self, transaction: Transaction, notes: Sequence[Note], lines: Sequence[Line]) -> None:
        """Keep notes and lines.

        Raises:
            Exception: one of them is there already; nothing of the transaction may stand then.
        """
        ...


class Addresses(Protocol):
    """Who is told over which channel."""

    def of(self, unit_id: UUID, unit: str) -> Sequence[tuple[str, str]]:
        """Return (channel, recipient) of a unit, its inbox first."""
        ...


class Wording(Protocol):
    """Turns a line into a sentence."""

    def text(self, line: Line, *, unit: str, person: str | None, on: date) -> str:
        """Return what the recipient reads, with clause and last day."""
        ...


class Lease(msgspec.Struct, frozen=True):
    """The right to sweep; whoever takes it after its end gets a higher epoch."""

    holder: str
    epoch: int


class Leases(Protocol):
    """Of several workers one sweeps."""

    def take(self, holder: str) -> Lease | None:
        """Take or renew the lease; None while another holds it."""
        ...

    def is_ours(self, transaction: Transaction, lease: Lease) -> bool:
        """Say, inside a transaction, whether the lease still has this epoch."""
        ...

    def give_up(self, lease: Lease) -> None:
        """Let others sweep at once."""
        ...


class Jump(msgspec.Struct, frozen=True):
    """A jump of the wall clock: ``seconds`` is what it gained (or, negative, lost) on the monotonic one."""

    kind: Literal["back", "forward"]
    seconds: int
    noticed_at: datetime
    expected_at: datetime


class Jumps(Protocol):
    """The record of jumps, and whether outgoing messages are held because of one."""

    def record(self, jump: Jump) -> None:
        """Keep a jump and hold outgoing messages."""
        ...

    def held(self) -> Jump | None:
        """Return the newest jump nobody has settled, None when nothing is held."""
        ...

    def settle(self, by: str) -> int:
        """Let messages go; ``by`` is a person, or the clock that agrees again. Return how many jumps."""
        ...


class Sending(Protocol):
    """Hands over what waits."""

    def run(self, *, held: bool = False) -> int:
        """Hand over what is due; ``held``: only what does not leave the house. Return how many lines."""
        ...
