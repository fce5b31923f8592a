"""Counting cells without reading them: how many of each verdict, by unit and by rule and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from workflows.domain.unit.verdicts import Verdict
from workflows.policies.deadlines import Duty
from workflows.projections.member_duties import worst
from workflows.projections.sheets import VERDICTS, Sheet


class Count(NamedTuple):
    """How many cells of a rule and a period have a verdict; ``first`` is the first day of the period."""

    rule: str
    period: str
    first: date
    verdict: Verdict
    number: int


class OfMembers(NamedTuple):
    """How many members of a unit have a verdict in a period; ``is_told``: acts speak for some of them."""

    unit_id: UUID
    rule: str
    period: str
    first: date
    verdict: Verdict
    is_told: bool


class Cells(Protocol):
    """The cells that answer a question; whoever holds them, their numbers are those of :class:`Sheet`."""

    def counts(self, units: Sequence[UUID] | None = None) -> list[Count]:
        """Return how many cells there are of each rule, period and verdict; only those of some units."""
        ...

    def by_unit(self, rules: Collection[str] | None = None) -> Mapping[UUID, Mapping[str, int]]:
        """Return how many cells of each verdict the units have that have any, of some rules or of all."""
        ...

    def samples(self) -> Mapping[str, Duty]:
        """Return a duty of each rule, by the rule's id: the first one of the first unit by id."""
        ...

    def sheet(self, units: Sequence[UUID]) -> Sheet:
        """Return the cells of some units."""
        ...


class SheetCells:
    """Cells that were all read; implements :class:`Cells`."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def counts(self, units: Sequence[UUID] | None = None) -> list[Count]:
        """Return how many cells there are of each rule, period and verdict; only those of some units."""
        marks = self._sheet.marks if units is None else self._sheet.where(units=units).marks
        found = Counter((m.duty.rule, m.duty.period, m.duty.first, m.verdict) for m in marks)
        return [Count(*key, number) for key, number in found.items()]

    def by_unit(self, rules: Collection[str] | None = None) -> Mapping[UUID, Mapping[str, int]]:
        """Return how many cells of each verdict the units have that have any, of some rules or of all."""
        found: dict[UUID, Counter[str]] = {}
        for mark in self._sheet.marks:
            if rules is None or mark.duty.rule in rules:
                found.setdefault(mark.unit_id, Counter())[mark.verdict] += 1
        return found

    def samples(self) -> Mapping[str, Duty]:
        """Return a duty of each rule, by the rule's id: the first one of the first unit by id."""
        return {rule: duty for rule, (_, duty) in self.first_of_rules().items()}

    def first_of_rules(self) -> dict[str, tuple[UUID, Duty]]:
        """Return the same with the unit of each."""
        found: dict[str, tuple[UUID, Duty]] = {}
        for mark in sorted(self._sheet.marks, key=lambda m: (m.duty.first, m.unit_id)):
            found.setdefault(mark.duty.rule, (mark.unit_id, mark.duty))
        return found

    def sheet(self, units: Sequence[UUID]) -> Sheet:
        """Return the cells of some units."""
        return self._sheet.where(units=units)


def gathered(told: Iterable[OfMembers]) -> list[tuple[UUID, Count]]:
    """Return what is said of units for their members, one cell a unit, rule and period.

    As :func:`workflows.projections.member_duties.as_told` says it: where nothing was told of any member,
    nobody can say that they missed something.
    """
    parts: dict[tuple[UUID, str, str, date], list[OfMembers]] = {}
    for one in told:
        parts.setdefault(one[:4], []).append(one)
    cells = []
    for (unit_id, rule, period, first), found in parts.items():
        is_told = any(one.is_told for one in found)
        said: list[Verdict] = [
            "refer" if one.verdict == "missing" and not is_told else one.verdict for one in found
        ]
        cells.append((unit_id, Count(rule, period, first, worst(said), 1)))
    return cells


def summed(counts: Iterable[Count]) -> dict[str, int]:
    """Return how many cells there are of each verdict; those there are none of are 0."""
    found: Counter[str] = Counter()
    for one in counts:
        found[one.verdict] += one.number
    return {verdict: found[verdict] for verdict in VERDICTS}


def columns(counts: Iterable[Count], by: Callable[[Count], str]) -> dict[str, list[Count]]:
    """Return the counts under rule or period, the earliest first, then by name."""
    parts: dict[str, list[Count]] = {}
    for one in counts:
        parts.setdefault(by(one), []).append(one)
    return dict(sorted(parts.items(), key=lambda part: (min(one.first for one in part[1]), part[0])))
