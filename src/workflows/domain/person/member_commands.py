"""What can be asked for a member, or for someone who changes their unit; each command's day is ``on``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from workflows.domain.person.commands import PersonCommand, Text

Months = Annotated[int, Meta(ge=0, le=1200)]

Month = Annotated[str, Meta(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")]

FEN_PER_YUAN = 100
MOST_YUAN = 1_000_000_000


def in_fen(yuan: Decimal | None) -> int | None:
    """Return a sum in fen, None where it is unknown.

    Raises:
        ValueError: a sum below nothing, above a thousand million yuan, or in parts of a fen.
    """
    if yuan is None:
        return None
    if not yuan.is_finite() or not 0 <= yuan <= MOST_YUAN:
        raise ValueError(f"Expected 0..{MOST_YUAN} yuan")
    fen = yuan * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise ValueError("Expected whole fen, at most two decimals")
    return int(fen)


class TransferPerson(PersonCommand):
    """转接组织关系、变动单位; ``in_transit``: not yet received; ``outside``: to a unit not on these books.

    ``letter`` is the number of the 介绍信, issued that day; ``valid_until`` what is written on it.
    """

    to_unit: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Text | None = None
    opinion: Text | None = None
    document: Text | None = None
    letter: Text | None = None
    valid_until: date | None = None
    outside: bool = False
    in_transit: bool = False

    @property
    def unit_named(self) -> str | None:
        """Return the unit on these books to which someone goes; None where it is not on them."""
        return None if self.outside else self.to_unit


class ExamineTransferFile(PersonCommand):
    """审查转来的材料: by the receiving unit; it came, was in order, or why it is not taken."""

    in_order: bool = True
    reason: Text | None = None
    document: Text | None = None


class DeferConversion(PersonCommand):
    """推迟讨论转正: by the receiving unit, until a day (inclusive)."""

    until: date | None = None
    reason: Text | None = None


class RecordStep(PersonCommand):
    """记录规则包里的步骤: ``step`` is its id in the pack."""

    step: Annotated[str, Meta(min_length=1, max_length=100)]
    document: Text | None = None


class ReturnPapers(PersonCommand):
    """退回补充材料; ``step``: the one whose papers go back, by command or by its id in a pack."""

    step: Annotated[str, Meta(min_length=1, max_length=100)]
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    by: Text | None = None
    document: Text | None = None


class StopMembership(PersonCommand):
    """停止党籍: abroad, or contact lost since a day."""

    ground: Literal["abroad", "lost"]
    since: date | None = None
    document: Text | None = None


class RestoreMembership(PersonCommand):
    """恢复党籍."""

    document: Text | None = None


class StrikeOff(PersonCommand):
    """除名; ``kind`` tells 除名, 劝其退党, 自行脱党 and 开除党籍 apart."""

    kind: Literal["struck_off", "persuaded_to_leave", "self_withdrawal", "expelled"] = "struck_off"
    clause: Text | None = None
    months_without_life: Months | None = None
    months_without_dues: Months | None = None
    months_without_work: Months | None = None
    document: Text | None = None


class OrderCorrection(PersonCommand):
    """限期改正; so many months. ``ground`` ``lost``: out of contact for long, and found again."""

    months: Annotated[int, Meta(ge=1, le=120)]
    ground: Literal["lost"] | None = None
    document: Text | None = None


class ConcludeCorrection(PersonCommand):
    """限期改正期满认定: corrected or not."""

    corrected: bool = True
    document: Text | None = None


class ExemptFromMeetings(PersonCommand):
    """不作参加组织生活的硬性要求."""

    reason: Text | None = None
    until: date | None = None


class RecordDeath(PersonCommand):
    """逝世."""


class RecordDues(PersonCommand):
    """交纳党费; ``base`` and ``amount`` in yuan, for a month (2026-07)."""

    month: Month
    role: Literal["employed", "self_employed", "retired", "farmer", "student", "hardship"] | None = None
    base: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse sums that cannot be paid."""
        in_fen(self.base)
        in_fen(self.amount)


class ReduceDues(PersonCommand):
    """少交、免交党费: from a month to another (None: no end told); ``amount`` a month, none for nothing.

    ``discussed_on`` is the day the branch discussed it, ``document`` the approval of the superior.
    """

    first_month: Month
    last_month: Month | None = None
    amount: Decimal | None = None
    reason: Text | None = None
    discussed_on: date | None = None
    document: Text | None = None

    def __post_init__(self) -> None:
        """Refuse sums that cannot be paid, and an end before its beginning."""
        in_fen(self.amount)
        if self.last_month is not None and self.last_month < self.first_month:
            raise ValueError("Expected last_month not before first_month")


class RecordTraining(PersonCommand):
    """集中学习培训; hours (学时)."""

    hours: Annotated[int, Meta(ge=0, le=1000)] | None = None
    title: Text | None = None
    organizer: Text | None = None


class MergePersons(PersonCommand, kw_only=True):
    """合并重复的人: ``other`` is the same person, entered a second time; by id, or by a name only one has."""

    roughly: ClassVar[frozenset[str]] = frozenset()

    other: Annotated[str, Meta(min_length=1, max_length=200)]
    reason: Text
