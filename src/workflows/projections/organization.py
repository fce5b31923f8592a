"""组织树: the units below one on a day, in the order of the tree, with their people and their past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.tree import superior_on
from workflows.domain.stages import Stage
from workflows.domain.unit.state import Unit, secretary_of
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.projections import lineage
from workflows.projections.opening import Answer, Opened, Opening, Structure


class Organization(Opening):
    """Answers about the tree of units."""

    def units(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        ended: bool = False,
    ) -> Answer:
        """Answer which units stand below one on a day, in the order of the tree.

        A row: ``unit, unit_id, depth, level, kind, superior, superior_id, established_on, dissolved_on,
        full_members, probationary_members, members_below`` (of the unit and all below it), ``secretary,
        secretary_id, since`` (of the secretary), ``names, predecessors, successors``. Who belongs where is
        that of the day; a count is None where the books cannot tell. ``ended``: those that are no more too.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            where = day if structure == "then" else today(self.clock)
            units = self._in_order(opened, unit_id, day, structure)
            counts = self._counts(opened, units, day)
            above = _places(opened, units, where)
            below, depths = _summed(units, above, counts), _depths(units, above)
            rows = [
                _row(opened, one, day, above[one], depths[one], counts[one], below[one])
                for one in units
                if opened.books.unit_state(one).exists_on(day) or (ended and _is_past(opened, one, day))
            ]
            return self._answer(opened, rows, day, known_on)

    def _counts(self, opened: Opened, units: Sequence[UUID], day: date) -> dict[UUID, tuple[int, int] | None]:
        """Return how many full and probationary members each unit has; None where the books cannot tell.

        Counted where they are kept; then nobody is read but who holds a post.
        """
        kept = self.live.members(opened.reading, day) if opened.is_now and self.live is not None else None
        if kept is None:
            self._people(opened, units)
            return {one: _members(opened, one, day) for one in units}
        books = opened.books
        books.preload(units)
        held = (held for one in units for held in books.unit_state(one).at(day).holdings)
        books.preload({one.person.person for one in held if one.person.person is not None})
        found: dict[UUID, tuple[int, int] | None] = {}
        for one in units:
            told = kept.get(one, {})
            numbers = told.get(Stage.FULL.value, 0), told.get(Stage.PROBATIONARY.value, 0)
            found[one] = numbers if books.has_roster(one, day) else None
        return found

    def lineage(self, unit_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer where a unit came from and what became of it by a day; rows: what it was, from when."""
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            unit = opened.books.unit_state(unit_id)
            cut = unit.at(day)
            return {
                "names": lineage.names_of(cut),
                "predecessors": lineage.predecessors(unit, opened.books, day),
                "successors": lineage.successors(unit, opened.books, day),
                "dissolved_on": cut.dissolved_on.isoformat() if cut.dissolved_on else None,
                **self._answer(opened, list(lineage.events(unit, opened.naming, day)), day, known_on),
            }


def _is_past(opened: Opened, unit_id: UUID, day: date) -> bool:
    ended = opened.books.unit_state(unit_id).dissolved_on
    return ended is not None and ended <= day


def _places(opened: Opened, units: Sequence[UUID], where: date) -> dict[UUID, UUID | None]:
    """Return under which unit each stands in the structure of a day."""
    return {one: superior_on(opened.books.unit_state(one).dated, where) for one in units}


def _members(opened: Opened, unit_id: UUID, day: date) -> tuple[int, int] | None:
    roster = opened.books.roster(unit_id, day)
    return None if roster is None else (roster.full, roster.probationary)


def _summed(
    units: Sequence[UUID], above: dict[UUID, UUID | None], counts: dict[UUID, tuple[int, int] | None]
) -> dict[UUID, int]:
    """Return how many members belong to each unit and all below it, as far as the books tell."""
    found = {one: sum(counts[one] or (0, 0)) for one in units}
    for one in reversed(units):  # those below come after the one they stand under
        superior = above[one]
        if superior in found and superior != one and superior is not None:
            found[superior] += found[one]
    return found


def _row(
    opened: Opened,
    unit_id: UUID,
    day: date,
    superior: UUID | None,
    depth: int,
    counts: tuple[int, int] | None,
    below: int,
) -> dict[str, Any]:
    books = opened.books
    unit: Unit = books.unit_state(unit_id)
    cut, named = unit.at(day), unit.identity_on(day)
    secretary = secretary_of(books.holdings(cut), day)
    return {
        "unit": named.name if named else None,
        "unit_id": str(unit_id),
        "depth": depth,
        "level": named.level if named else None,
        "kind": (named.kind or None) if named else None,
        "superior": opened.naming.unit(superior),
        "superior_id": str(superior) if superior else None,
        "established_on": unit.dated.identities[0].on.isoformat() if unit.dated.identities else None,
        "dissolved_on": cut.dissolved_on.isoformat() if cut.dissolved_on else None,
        "full_members": counts[0] if counts else None,
        "probationary_members": counts[1] if counts else None,
        "members_below": below,
        "secretary": opened.naming.person(secretary[0]) if secretary else None,
        "secretary_id": str(secretary[0]) if secretary else None,
        "since": secretary[1].isoformat() if secretary else None,
        "names": lineage.names_of(cut),
        "predecessors": lineage.predecessors(unit, books, day),
        "successors": lineage.successors(unit, books, day),
    }


def _depths(units: Sequence[UUID], above: dict[UUID, UUID | None]) -> dict[UUID, int]:
    """Return how many of the units stand above each; in tree order the one above comes first."""
    found: dict[UUID, int] = {}
    for one in units:
        superior = above[one]
        found[one] = found[superior] + 1 if superior is not None and superior in found else 0
    return found
