"""What changes the organization tree: renamed, moved, of another kind, merged, split, dissolved."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Decided
from workflows.domain.unit.events import Task


class UnitRenamed(Decided, tag="unit.renamed", omit_defaults=True):
    """党组织更名; the old name stays searchable."""

    step: ClassVar[str] = "rename_unit"
    renamed_on: date
    name: str
    document: str | None = None


class UnitMoved(Decided, tag="unit.moved", omit_defaults=True):
    """调整隶属关系; ``superior`` None: it stands under nobody on these books."""

    step: ClassVar[str] = "move_unit"
    moved_on: date
    superior: UUID | None = None
    document: str | None = None


class UnitReclassified(Decided, tag="unit.reclassified", omit_defaults=True):
    """党组织改变类别、层级; what is None stays as it was."""

    step: ClassVar[str] = "reclassify_unit"
    reclassified_on: date
    kind: str | None = None
    level: str | None = None
    units_covered: int | None = None
    document: str | None = None


class UnitMerged(Decided, tag="unit.merged", omit_defaults=True):
    """党组织合并, told at the unit that goes on; ``units`` became a part of it.

    What it causes is recorded on the streams of those units, of what stood below them, of their people.
    ``tasks``: what their resolutions had set and was still open; this unit goes on with it.
    """

    step: ClassVar[str] = "merge_units"
    people: ClassVar[frozenset[str]] = frozenset({"tasks"})
    merged_on: date
    units: tuple[UUID, ...]
    name: str | None = None
    document: str | None = None
    tasks: tuple[Task, ...] | None = ()


class UnitSplit(Decided, tag="unit.split", omit_defaults=True):
    """党组织拆分, told at the unit that is split; ``into``: the new ones, ``ends``: it is no more itself."""

    step: ClassVar[str] = "split_unit"
    split_on: date
    into: tuple[UUID, ...]
    ends: bool = False
    document: str | None = None


class UnitDissolved(Decided, tag="unit.dissolved", omit_defaults=True):
    """撤销党组织; ``dissolved_on`` is the first day on which it is no more, ``into`` where its people went.

    ``merged``: it became a part of the one unit ``into``.
    """

    step: ClassVar[str] = "dissolve_unit"
    dissolved_on: date
    reason: str = ""
    document: str | None = None
    into: tuple[UUID, ...] = ()
    merged: bool = False


Structural = UnitRenamed | UnitMoved | UnitReclassified | UnitMerged | UnitSplit | UnitDissolved
"""The events by which the tree changes after a unit was set up."""
