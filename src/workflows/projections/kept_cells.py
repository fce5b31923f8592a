"""Cells counted where their rows are kept, so that only those shown are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

from workflows.policies.deadlines import Duty
from workflows.projections.counting import Count, SheetCells, gathered
from workflows.projections.live import KeptCounts
from workflows.projections.sheets import Sheet


class KeptCells:
    """Implements :class:`workflows.projections.counting.Cells`."""

    def __init__(
        self, kept: KeptCounts, derived: SheetCells, read: Callable[[Sequence[UUID]], Sheet]
    ) -> None:
        """``derived``: the cells of units without kept rows; ``read`` gives all cells of some units."""
        self._kept, self._derived, self._read = kept, derived, read

    @cached_property
    def _units(self) -> list[Count]:
        return self._kept.of_units()

    @cached_property
    def _members(self) -> list[tuple[UUID, Count]]:
        return gathered(self._kept.of_members())

    def counts(self, units: Sequence[UUID] | None = None) -> list[Count]:
        """Return how many cells there are of each rule, period and verdict; only those of some units."""
        here = None if units is None else frozenset(units)
        members = [count for unit, count in self._members if here is None or unit in here]
        own = self._units if units is None else self._kept.of_units(units)
        return [*own, *members, *self._derived.counts(units)]

    def by_unit(self, rules: Collection[str] | None = None) -> Mapping[UUID, Mapping[str, int]]:
        """Return how many cells of each verdict the units have that have any, of some rules or of all."""
        found: dict[UUID, Counter[str]] = {}
        for unit_id, verdict, number in self._kept.by_unit(rules):
            found.setdefault(unit_id, Counter())[verdict] += number
        for unit_id, count in self._members:
            if rules is None or count.rule in rules:
                found.setdefault(unit_id, Counter())[count.verdict] += 1
        return {**found, **self._derived.by_unit(rules)}

    def samples(self) -> Mapping[str, Duty]:
        """Return a duty of each rule, by the rule's id: the first one of the first unit by id."""
        firsts: dict[str, date] = {}
        for count in (*self._units, *(count for _, count in self._members)):
            firsts[count.rule] = min(count.first, firsts.get(count.rule, count.first))
        found = self._kept.samples(firsts)
        for rule, (unit_id, duty) in self._derived.first_of_rules().items():
            known = found.get(rule)
            if known is None or (duty.first, unit_id) < (known[1].first, known[0]):
                found[rule] = unit_id, duty
        return {rule: duty for rule, (_, duty) in found.items()}

    def sheet(self, units: Sequence[UUID]) -> Sheet:
        """Return the cells of some units."""
        return self._read(units)
