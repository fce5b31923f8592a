"""What happens to members, and to those who change their unit: transfers, membership, dues, training."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from workflows.domain.act import Decided, Who


class PersonTransferred(Decided, tag="person.transferred", omit_defaults=True):
    """组织关系转接, or the change of unit of someone in training.

    ``unit_id`` is where the relation goes; None where that is not on these books (``outside`` names it).
    ``in_transit``: sent, not yet received; until then the old unit stays responsible. ``reason`` and
    ``opinion`` are what the old unit wrote into the papers; ``letter`` is the number of the 介绍信.
    """

    step: ClassVar[str] = "transfer_person"
    transferred_on: date
    unit_id: UUID | None = None
    outside: str | None = None
    in_transit: bool = False
    reason: str | None = None
    opinion: str | None = None
    document: str | None = None
    letter: str | None = None
    valid_until: date | None = None


class TransferFileExamined(Decided, tag="person.transfer-file-examined", omit_defaults=True):
    """接收审查: the file came and was in order, or not and why; ``unit_id`` received one in transit."""

    step: ClassVar[str] = "examine_transfer_file"
    examined_on: date
    in_order: bool
    document: str | None = None
    unit_id: UUID | None = None
    reason: str | None = None


class ConversionDeferred(Decided, tag="person.conversion-deferred"):
    """推迟讨论转正: by the receiving unit, up to ``until`` (inclusive); the day of conversion stays."""

    step: ClassVar[str] = "defer_conversion"
    deferred_on: date
    until: date | None = None
    reason: str | None = None


class StepRecorded(Decided, tag="person.step-recorded"):
    """A step that only a pack knows; ``name`` is its id there."""

    step: ClassVar[str] = "record_step"
    done_on: date
    name: str
    document: str | None = None

    @property
    def step_named(self) -> str:
        """Return the step of the pack."""
        return self.name


class PapersReturned(Decided, tag="person.papers-returned"):
    """退回补充材料: the papers of a step went back; what was done of it no longer stands, it is done again.

    ``returned`` is the step: a command, or the id of one in a pack.
    """

    step: ClassVar[str] = "return_papers"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    returned_on: date
    returned: str
    reason: str
    by: Who | None = None
    document: str | None = None


class MembershipStopped(Decided, tag="person.membership-stopped"):
    """停止党籍: abroad for good, or contact lost since ``since``."""

    step: ClassVar[str] = "stop_membership"
    stopped_on: date
    ground: str | None = None
    since: date | None = None
    document: str | None = None


class MembershipRestored(Decided, tag="person.membership-restored"):
    """恢复党籍."""

    step: ClassVar[str] = "restore_membership"
    restored_on: date
    document: str | None = None


class MemberStruckOff(Decided, tag="person.struck-off"):
    """除名、劝其退党、自行脱党、开除党籍, told apart by ``kind``; with the clause it rests on.

    ``months_without_*`` are months in a row.
    """

    step: ClassVar[str] = "strike_off"
    struck_off_on: date
    kind: str = "struck_off"
    clause: str | None = None
    months_without_life: int | None = None
    months_without_dues: int | None = None
    months_without_work: int | None = None
    document: str | None = None


class CorrectionOrdered(Decided, tag="person.correction-ordered", omit_defaults=True):
    """限期改正: ordered to correct within ``months``."""

    step: ClassVar[str] = "order_correction"
    ordered_on: date
    months: int | None = None
    document: str | None = None
    ground: str | None = None


class CorrectionConcluded(Decided, tag="person.correction-concluded"):
    """限期改正期满的认定: ``corrected`` or not."""

    step: ClassVar[str] = "conclude_correction"
    concluded_on: date
    corrected: bool = True
    document: str | None = None


class MeetingsExempted(Decided, tag="person.meetings-exempted"):
    """不作参加组织生活的硬性要求 (old, frail, ill), up to ``until`` (inclusive; None: for good)."""

    step: ClassVar[str] = "exempt_from_meetings"
    sealed: ClassVar[frozenset[str]] = frozenset({"reason"})
    exempted_on: date
    reason: str | None = None
    until: date | None = None


class DeathRecorded(Decided, tag="person.death-recorded"):
    """逝世."""

    step: ClassVar[str] = "record_death"
    died_on: date


class DuesRecorded(Decided, tag="person.dues-recorded"):
    """交纳党费: for a ``month`` (2026-07); sums in fen. The base is personal."""

    step: ClassVar[str] = "record_dues"
    sealed: ClassVar[frozenset[str]] = frozenset({"base_fen"})
    paid_on: date
    month: str
    role: str | None = None
    base_fen: int | None = None
    amount_fen: int | None = None


class DuesReduced(Decided, tag="person.dues-reduced"):
    """少交、免交党费: so much a month (in fen; 0: nothing) from a month to another, both included."""

    step: ClassVar[str] = "reduce_dues"
    agreed_on: date
    first_month: str
    last_month: str | None = None
    amount_fen: int = 0
    reason: str | None = None
    discussed_on: date | None = None
    document: str | None = None


class TrainingRecorded(Decided, tag="person.training-recorded"):
    """集中学习培训: so many hours (学时)."""

    step: ClassVar[str] = "record_training"
    held_on: date
    hours: int | None = None
    title: str | None = None
    organizer: str | None = None


class PersonCarried(Decided, tag="person.carried", omit_defaults=True):
    """随党组织变动转入: ``unit_id`` took in the unit of this person, or came out of it.

    Nobody's place of work changed: no papers go from hand to hand, and training goes on.
    """

    step: ClassVar[str] = "transfer_person"
    carried_on: date
    unit_id: UUID
    document: str | None = None


class PersonsMerged(Decided, tag="person.merged"):
    """合并重复的人: all that stands on the stream ``other`` is of this person too.

    It acts by its recording alone, like a correction, and until it is withdrawn.
    """

    step: ClassVar[str] = "merge_persons"
    merged_on: date
    other: UUID
    reason: str


class RightsBarred(Decided, tag="person.rights-barred"):
    """限制党员权利: no vote, no election, no sponsoring until ``until`` (inclusive; None: not restored).

    ``ground``: 留党察看 where none is told (as all were before it was asked for), 留置 or 逮捕.
    """

    step: ClassVar[str] = "bar_rights"
    barred_on: date
    until: date | None = None
    document: str | None = None
    ground: str | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_suspension(self) -> bool:
        """Say whether rights are suspended (留置、逮捕), not barred by discipline."""
        return self.ground in SUSPENSIONS

    @property
    def bars(self) -> bool:
        """Say whether the rights rest: a suspension does so where a rule in force on its day says so."""
        return not self.is_suspension or any(finding.rule == SUSPENDED for finding in self.findings)


SUSPENSIONS = frozenset({"detention", "arrest"})
SUSPENDED = "elect-suspended"
"""The rule by which the rights of a member in detention or arrest are suspended."""
