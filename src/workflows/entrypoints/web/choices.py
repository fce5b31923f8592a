"""The units a filter offers: all of a small county, of a large one those above and the branches of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from workflows.application.ports import UnitEntry

MOST_UNITS = 200
"""More than this nobody finds anything in, and every page would carry them."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Units to choose from; ``is_part``: the branches of other units come once their unit is chosen."""

    units: Sequence[UnitEntry]
    is_part: bool = False

    def __iter__(self) -> Iterator[UnitEntry]:
        """Yield the units in their order."""
        return iter(self.units)

    @classmethod
    def of(cls, units: Sequence[UnitEntry], chosen: UUID | str | None) -> Choices:
        """Return the units to choose from where one is chosen, or none."""
        if len(units) <= MOST_UNITS:
            return cls(units)
        own = next((entry for entry in units if str(entry.id) == str(chosen or "")), None)
        home = None if own is None else own.superior if own.level == "branch" else own.id
        shown = [
            entry
            for entry in units
            if entry.level != "branch" or entry == own or (home is not None and entry.superior == home)
        ]
        return cls(shown, is_part=True)
