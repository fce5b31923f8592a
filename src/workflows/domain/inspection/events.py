"""What happens in an inspection: planned, visited, problems raised."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from workflows.domain.act import Who
from workflows.domain.case_acts import FileEvent, FileOpened


class InspectionPlanned(FileOpened, tag="inspection.planned"):
    """督查安排; of one unit and, where the checklist says so, of all below it."""

    step: ClassVar[str] = "plan_inspection"
    people: ClassVar[frozenset[str]] = frozenset({"inspectors"})
    planned_on: date
    manner: str = "regular"
    planned_for: date | None = None
    inspectors: tuple[Who, ...] | None = ()
    checklist: tuple[str, ...] = ()
    pack: str | None = None
    document: str | None = None


class Checked(msgspec.Struct, frozen=True, omit_defaults=True):
    """One point of the checklist as it was found; ``in_order`` None: it could not be seen."""

    point: str
    in_order: bool | None = None
    note: str = ""


class VisitRecorded(FileEvent, tag="inspection.visit-recorded"):
    """实地督查."""

    step: ClassVar[str] = "record_visit"
    people: ClassVar[frozenset[str]] = frozenset({"inspectors"})
    visited_on: date
    inspectors: tuple[Who, ...] | None = ()
    checked: tuple[Checked, ...] = ()
    note: str | None = None


class InspectionCancelled(FileEvent, tag="inspection.cancelled"):
    """督查取消."""

    step: ClassVar[str] = "cancel_inspection"
    cancelled_on: date
    reason: str
    document: str | None = None


class InspectionEnded(FileEvent, tag="inspection.ended"):
    """督查了结, by a person, while points wait."""

    step: ClassVar[str] = "end_inspection"
    ended_on: date
    reason: str
    document: str | None = None


class FindingRaised(FileEvent, tag="inspection.finding-raised"):
    """督查发现问题; ``points`` of the list it is about (unset: recorded before that was told)."""

    step: ClassVar[str] = "raise_finding"
    raised_on: date
    text: str
    rule: str | None = None
    severity: str = "ordinary"
    due_on: date | None = None
    points: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
