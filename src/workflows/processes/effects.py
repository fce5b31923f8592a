"""What a process is told, and what it may ask for; nothing here acts by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from workflows.domain.unit.commands import UnitCommand
from workflows.kernel.ids import derived

Stage = Literal["reminder", "due", "overdue"]
"""How far a matter has come: its end is near, this is its last day, the day has passed."""

Role = Literal["unit", "superior"]
"""Who is told: the unit whose matter it is (its secretary), or the unit above it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """事项: one limit of one case, or one period of a duty; ``due_on`` is its last day (inclusive).

    ``stream_id`` is the unit's or the person's stream. ``number`` tells recurring limits of one case apart;
    ``ends_on`` is the end of the term that the matter is about.
    """

    stream_id: UUID
    unit_id: UUID
    rule: str
    subject: str
    due_on: date
    label: str = ""
    clause: str = ""
    person_id: UUID | None = None
    number: int = 0
    ends_on: date | None = None

    @property
    def id(self) -> UUID:
        """Return the identity of the matter, whatever its day: a corrected day is still the same matter."""
        return derived("matter", self.stream_id, self.rule, self.subject, self.number)

    def key(self, stage: Stage) -> UUID:
        """Return the identity of one stage: the same cause gives the same key, a moved day another one."""
        return derived("notice", self.id, self.due_on.isoformat(), stage)


@dataclass(frozen=True, slots=True)
class DayCame:
    """A day has come: the only way in which a process learns of time."""

    on: date


@dataclass(frozen=True, slots=True)
class Noticed:
    """A stage of the matter was noticed before."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Settled:
    """The matter was done: nothing more is to be said of it."""


Message = DayCame | Noticed | Settled


@dataclass(frozen=True, slots=True)
class Record:
    """Have a command recorded; ``key`` is its command id, so that a repetition changes nothing."""

    command: UnitCommand
    key: UUID
    matter: Matter
    stage: Stage


@dataclass(frozen=True, slots=True)
class Notify:
    """Have those in ``to`` told of a stage of a matter, once."""

    matter: Matter
    stage: Stage
    to: tuple[Role, ...] = ("unit",)


Effect = Record | Notify
