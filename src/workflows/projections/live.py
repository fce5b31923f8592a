"""What a reader may ask of kept rows instead of folding the log: the same rows, read from tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from workflows.application.ports import Reading
from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Duty
from workflows.projections.counting import Count, OfMembers
from workflows.projections.deadlines import Limit
from workflows.projections.held import HeldRows
from workflows.projections.lights import Standing
from workflows.projections.member_duties import MemberDuty
from workflows.projections.outlines import Outline


class Asking(NamedTuple):
    """Which duties are asked for: of these units (``is_all``: of every one), in a period, on a day.

    ``is_over``: asked is the end of that day. ``rule``: only those of one.
    """

    units: Sequence[UUID]
    is_all: bool
    period: Period
    on: date
    is_over: bool
    rule: str | None = None


class KeptCounts(Protocol):
    """What the kept duties come to, counted where they lie; those of units ``unkept`` are left out."""

    @property
    def unkept(self) -> frozenset[UUID]:
        """Return the units whose books begin too late: theirs must be derived."""
        ...

    def of_units(self, units: Sequence[UUID] | None = None) -> list[Count]:
        """Return how many duties of units there are of each rule, period and verdict."""
        ...

    def by_unit(self, rules: Collection[str] | None = None) -> Iterable[tuple[UUID, str, int]]:
        """Return how many duties of a unit itself have a verdict, those of some rules or all."""
        ...

    def of_members(self, units: Sequence[UUID] | None = None) -> Iterable[OfMembers]:
        """Return what is said of the members of each unit, each verdict once."""
        ...

    def samples(self, firsts: Mapping[str, date]) -> dict[str, tuple[UUID, Duty]]:
        """Return a duty of each rule that begins on its day, with its unit: of the first unit by id."""
        ...


class Present(NamedTuple):
    """Limits of a day; ``bygone``: how many more there are whose period is long over."""

    limits: list[Limit]
    bygone: int


class KeptDuties(NamedTuple):
    """Duties of units and of members; ``unkept``: units whose books begin too late, these must be derived."""

    of_units: list[tuple[UUID, Duty]]
    of_members: list[MemberDuty]
    unkept: frozenset[UUID]


class LiveRows(Protocol):
    """Kept rows of the views; each method returns None where the rows cannot answer, then the log is folded.

    They cannot answer while a view is being built, has parked streams in question, lags behind the log as
    ``reading`` sees it, does not reach as far ahead as ``on``, or holds acts of days after ``on``.
    """

    def limits(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        person_id: UUID | None,
        on: date,
        met: bool,
        of_people: bool = False,
    ) -> list[Limit] | None:
        """Return the limits open on a day of units and their people, or of one person; ``met`` ones too.

        ``of_people``: not those of the units.
        """
        ...

    def present(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        on: date,
        until: date | None,
        bygone_before: date,
    ) -> Present | None:
        """Return the limits open on a day that fall due by ``until``; what is bygone is only counted.

        That is what comes back and was due before a day.
        """
        ...

    def standing(self, reading: Reading, *, units: Sequence[UUID] | None, on: date) -> Standing | None:
        """Return the limits open on a day, those counted where they lie whose days say how they stand."""
        ...

    def duties(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID] | None,
        period: Period,
        on: date,
        rule: str | None = None,
    ) -> KeptDuties | None:
        """Return the duties of units and members whose period lies within ``period``, of one rule or all."""
        ...

    def counts(self, reading: Reading, asking: Asking) -> KeptCounts | None:
        """Return what the same duties come to, without reading them."""
        ...

    def meetings(
        self,
        reading: Reading,
        *,
        units: Sequence[UUID],
        period: Period | None,
        meeting: str | None,
        on: date,
    ) -> HeldRows | None:
        """Return the meetings of units in a period, of a type or of all."""
        ...

    def in_course(self, reading: Reading, *, units: Sequence[UUID] | None, on: date) -> list[UUID] | None:
        """Return the people on the way to membership in units."""
        ...

    def cases(
        self, reading: Reading, kind: str, *, units: Sequence[UUID] | None, on: date
    ) -> list[Outline] | None:
        """Return the cases of a kind about units (all, for None) in outline, in no order."""
        ...

    def members(self, reading: Reading, on: date) -> Mapping[UUID, Mapping[str, int]] | None:
        """Return how many members of each stage every unit has on a day, where it has any."""
        ...
