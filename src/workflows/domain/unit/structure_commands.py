"""What can be asked for of the organization tree; each command's day is ``on``, units are named."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from workflows.domain.unit.commands import Count, Text, UnitCommand, UnitKind, UnitLevel

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class RenameUnit(UnitCommand):
    """党组织更名."""

    name: Name
    document: Text | None = None


class MoveUnit(UnitCommand):
    """调整党组织隶属关系; ``superior`` by name or id, none: it stands under nobody on these books."""

    superior: Text | None = None
    document: Text | None = None

    @property
    def unit_named(self) -> str | None:
        """Return the new superior."""
        return self.superior


class ReclassifyUnit(UnitCommand):
    """改变党组织类别、层级; ``units_covered`` where it becomes a joint branch (联合党支部)."""

    kind: UnitKind | None = None
    level: UnitLevel | None = None
    units_covered: Count | None = None
    document: Text | None = None


class MergeUnits(UnitCommand):
    """合并党组织, told of the unit that goes on; ``units`` become a part of it; ``name``: a new name."""

    units: Annotated[list[Name], Meta(min_length=1, max_length=100)]
    name: Name | None = None
    document: Text | None = None


class NewUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that a split brings about; ``kind`` and ``level`` are those of the one split where not told."""

    name: Name
    members: list[Text] = msgspec.field(default_factory=list)
    kind: UnitKind | None = None
    level: UnitLevel | None = None


class SplitUnit(UnitCommand):
    """拆分党组织; those whom no new unit names stay; ``ends``: the unit itself is no more."""

    into: Annotated[list[NewUnit], Meta(min_length=1, max_length=100)]
    ends: bool = False
    document: Text | None = None


class DissolveUnit(UnitCommand):
    """撤销党组织; ``members_to``: the unit to which everybody goes, or {name: unit}."""

    reason: Text = ""
    members_to: Text | dict[str, Text] | None = None
    document: Text | None = None


Structural = RenameUnit | MoveUnit | ReclassifyUnit | MergeUnits | SplitUnit | DissolveUnit
"""The commands that change the tree."""
