"""What a roll-up counts: a unit with all below, by the structure of a day, each under its group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.application.tree import superior_on
from workflows.domain.unit.identity import Dated, UnitIdentity


@dataclass(frozen=True, slots=True)
class Scope:
    """The units of a roll-up in the order of the tree; ``groups`` is where each of them is counted.

    A group is the unit directly below ``root``: the township of a branch, where one asks for a county; the
    root stands under itself. ``root`` is None where several units have none above them: each is then a group.
    """

    root: UUID | None
    units: tuple[UUID, ...]
    groups: Mapping[UUID, UUID]
    dated: Mapping[UUID, Dated]
    on: date

    @classmethod
    def of(cls, books: Books, unit_id: UUID | None, *, on: date, by: date) -> Scope:
        """Return a unit with all below (all, for None) as they are on a day, by the structure of ``by``.

        A unit that became a part of another stands under that one: see ``units_below``.
        """
        dated = books.dated_units()
        units = tuple(one for one in books.in_order(unit_id, by) if dated[one].identities)
        known, groups = frozenset(units), dict[UUID, UUID]()
        above = {one: superior_on(dated[one], by) for one in units}
        tops = [one for one in units if above[one] not in known]
        root = unit_id if unit_id is not None else tops[0] if len(tops) == 1 else None
        for one in units:
            superior = above[one]
            inherits = superior in groups and superior != root and one != root
            groups[one] = groups[superior] if inherits and superior is not None else one
        return cls(root, units, groups, dated, on)

    def identity(self, unit_id: UUID) -> UnitIdentity | None:
        """Return what a unit is on the day."""
        return self.dated[unit_id].on(self.on) if unit_id in self.dated else None

    def name(self, unit_id: UUID) -> str | None:
        """Return the name of a unit on the day."""
        told = self.identity(unit_id)
        return told.name if told is not None else None

    def level(self, unit_id: UUID) -> str | None:
        """Return the level of a unit on the day."""
        told = self.identity(unit_id)
        return told.level if told is not None else None

    def is_there(self, unit_id: UUID) -> bool:
        """Say whether a unit exists on the day."""
        return unit_id in self.dated and self.dated[unit_id].exists_on(self.on)

    @property
    def places(self) -> Iterator[UUID]:
        """Yield the groups in the order of the tree."""
        yield from dict.fromkeys(self.groups[one] for one in self.units)
