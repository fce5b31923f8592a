"""履行情况 as one set of cells: every count, every list and every table is taken from the same marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import get_args
from uuid import UUID

import msgspec

from workflows.domain.unit.verdicts import Verdict, as_known_by, verdict_on
from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Duty
from workflows.projections.member_duties import MemberDuty, MemberMark, as_told, mark_of, together

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


class Mark(msgspec.Struct, frozen=True):
    """One cell: a unit, the duty of a period, what is to be said of it; ``members``: where it is theirs."""

    unit_id: UUID
    duty: Duty
    verdict: Verdict
    late: int | None = None
    members: tuple[MemberMark, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """Cells in the order of the units, the rules and the periods."""

    marks: tuple[Mark, ...]

    @classmethod
    def of(
        cls,
        duties: Iterable[tuple[UUID, Duty]],
        members: Iterable[MemberDuty],
        *,
        units: Sequence[UUID],
        period: Period,
        on: date,
        is_over: bool = True,
    ) -> Sheet:
        """Return the cells whose period lies within the one asked for and has begun by ``on``.

        ``is_over`` False: the day ``on`` still runs.
        """
        marks = []
        for unit_id, duty in duties:
            if _is_asked(duty, period, on):
                known = as_known_by(duty, on)
                marks.append(Mark(unit_id, known, *verdict_on(known, on, is_over=is_over)))
        gathered: dict[tuple[UUID, str, str], list[MemberMark]] = {}
        for told in members:
            if _is_asked(told.duty, period, on):
                key = (told.unit_id, told.duty.rule, told.duty.period)
                gathered.setdefault(key, []).append(mark_of(told, on, is_over=is_over))
        for (unit_id, _, _), found in gathered.items():
            theirs = as_told(found)
            duty, verdict = together(theirs)
            marks.append(Mark(unit_id, duty, verdict, members=tuple(theirs)))
        place = {unit_id: number for number, unit_id in enumerate(units)}
        here = [mark for mark in marks if mark.unit_id in place]
        return cls(tuple(sorted(here, key=lambda m: (place[m.unit_id], *_order(m.duty)))))

    def where(
        self,
        *,
        rule: str | None = None,
        verdict: str | None = None,
        units: Iterable[UUID] | None = None,
        period: str | None = None,
    ) -> Sheet:
        """Return the cells of a rule, of a verdict, of some units, of one period; None stands for all."""
        wanted = None if units is None else frozenset(units)
        return Sheet(
            tuple(
                mark
                for mark in self.marks
                if (rule is None or mark.duty.rule == rule)
                and (verdict is None or mark.verdict == verdict)
                and (wanted is None or mark.unit_id in wanted)
                and (period is None or mark.duty.period == period)
            )
        )

    @property
    def counts(self) -> dict[str, int]:
        """Return how many cells there are of each verdict; those there are none of are 0."""
        found = Counter(mark.verdict for mark in self.marks)
        return {verdict: found[verdict] for verdict in VERDICTS}

    @property
    def units(self) -> list[UUID]:
        """Return the units that have a cell, in their order."""
        return list(dict.fromkeys(mark.unit_id for mark in self.marks))

    @property
    def rules(self) -> list[tuple[str, str]]:
        """Return the id and the activity of each rule there is a cell of."""
        return list(dict.fromkeys((mark.duty.rule, mark.duty.activity) for mark in self.marks))

    def split(self, by: str) -> dict[str, Sheet]:
        """Return the cells under the period, the rule or the unit they are of."""
        parts: dict[str, list[Mark]] = {}
        for mark in self.marks:
            key = {"period": mark.duty.period, "rule": mark.duty.rule, "unit": str(mark.unit_id)}[by]
            parts.setdefault(key, []).append(mark)
        return {key: Sheet(tuple(marks)) for key, marks in parts.items()}


def _order(duty: Duty) -> tuple[str, date, str, int]:
    return duty.rule, duty.first, duty.part, duty.number


def _is_asked(duty: Duty, period: Period, on: date) -> bool:
    return duty.first <= on and period.first <= duty.first and duty.last <= period.last
