"""What can be asked for an inspection; each command's day is ``on``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from workflows.domain.case_acts import FileCommand

Text = Annotated[str, Meta(max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
InspectionManner = Literal["regular", "spot", "unannounced"]
Severity = Literal["slight", "ordinary", "serious"]


class InspectionCommand(FileCommand):
    """Base of the commands of an inspection."""

    aggregate: ClassVar[str] = "inspection"


class PlanInspection(InspectionCommand):
    """安排督查; ``manner``: regular (定期), spot (抽查), unannounced (四不两直).

    ``pack``: a plan in force there; where no ``checklist`` is given, its points are the list.
    """

    opens: ClassVar[bool] = True

    manner: InspectionManner = "regular"
    planned_for: date | None = None
    inspectors: list[Word] = msgspec.field(default_factory=list)
    checklist: list[Text] = msgspec.field(default_factory=list)
    pack: Word | None = None
    document: Text | None = None


class CheckedPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One point of the checklist: whether it was in order (None: could not be seen), what was seen."""

    point: Word
    in_order: bool | None = None
    note: Text = ""


class RecordVisit(InspectionCommand):
    """记录实地督查; who was there and what was found in order."""

    inspectors: list[Word] = msgspec.field(default_factory=list)
    checked: list[CheckedPoint] = msgspec.field(default_factory=list)
    note: Text | None = None


class CancelInspection(InspectionCommand, kw_only=True):
    """取消督查; one that was planned and not held, with the reason (the unit is no more, floods)."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    document: Text | None = None


class EndInspection(InspectionCommand, kw_only=True):
    """了结督查; one of which points wait that nobody will look at or raise any more, with the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    document: Text | None = None


class RaiseFinding(InspectionCommand, kw_only=True):
    """提出督查发现的问题; ``rule``: the rule it breaks, by id, where there is one.

    ``point``: the point of the list it is about (its id or words); where none is named those of the rule.
    """

    text: Text = ""
    rule: Word | None = None
    severity: Severity = "ordinary"
    due_on: date | None = None
    point: Text | None = None
