"""Answers about 履行情况: the cells of a period, and units × periods or rules with the counts of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.kernel.calendar import Period
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.deadlines import Duty
from workflows.policies.rules import Rules
from workflows.projections import duties, member_duties
from workflows.projections.counting import Cells, SheetCells, columns, summed
from workflows.projections.kept_cells import KeptCells
from workflows.projections.live import Asking
from workflows.projections.member_duties import MemberDuty
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer, Opened, Opening, Structure
from workflows.projections.sheets import VERDICTS, Mark, Sheet


class Complying(Opening):
    """Answers how recurring duties were done; every count is of the very cells a list of them shows."""

    def compliance(
        self,
        unit_id: UUID | None,
        period: str,
        on: date | None = None,
        known_on: Known = None,
        *,
        rule: str | None = None,
        verdict: str | None = None,
        is_over: bool | None = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer how the recurring duties of a unit and all below were done: all cells within a period.

        ``on`` defaults to today, or to the last day of a period that is over; ``rule`` and ``verdict`` leave
        only those cells. ``is_over``: asked is the end of that day (by default, unless it is today).

        Raises:
            WrongUsage: ``period-unreadable``, ``verdict-unknown``.
        """
        asked, day = self._asked(period, on)
        with self.opened(known_on, day) as opened:
            sheet = self._sheet(opened, unit_id, asked, day, rule, is_over, structure).where(
                verdict=_verdict(verdict)
            )
            rows = [cell_of(mark, opened.naming) for mark in sheet.marks]
            rows.sort(key=_place_of)
            return self._answer(opened, rows, day, known_on)

    def cells(
        self,
        unit_id: UUID | None,
        period: str,
        on: date | None = None,
        known_on: Known = None,
        *,
        rule: str | None = None,
        verdict: str | None = None,
        first: int = 0,
        count: int | None = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer the same in the order of the tree, only some rows; ``total`` is of all of them.

        ``counts`` leave ``verdict`` aside: they say how many rows each verdict has.
        """
        asked, day = self._asked(period, on)
        wanted = _verdict(verdict)
        with self.opened(known_on, day) as opened:
            units = self._in_order(opened, unit_id, day, structure)
            cells = self._cells(opened, units, asked, day, rule)
            by_unit = cells.by_unit()
            numbers = {unit: _number(by_unit[unit], wanted) for unit in units if unit in by_unit}
            total = sum(numbers.values())
            some, skipped = _spread(numbers, first, total if count is None else count)
            marks = cells.sheet(some).where(verdict=wanted).marks if some else ()
            shown = marks[skipped:] if count is None else marks[skipped : skipped + count]
            answer = self._answer(opened, [cell_of(mark, opened.naming) for mark in shown], day, known_on)
            counts = summed(cells.counts())
            return {**answer, "total": total, "counts": counts, "rules": _rules(cells.samples())}

    def rules_asked(
        self,
        unit_id: UUID | None,
        period: str,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> list[dict[str, Any]]:
        """Answer the rules there are such cells of, by their ids: what a filter offers."""
        asked, day = self._asked(period, on)
        with self.opened(known_on, day) as opened:
            units = self._in_order(opened, unit_id, day, structure)
            return _rules(self._cells(opened, units, asked, day, None).samples())

    def matrix(
        self,
        unit_id: UUID | None,
        period: str,
        on: date | None = None,
        known_on: Known = None,
        *,
        rule: str | None = None,
        verdict: str | None = None,
        first: int = 0,
        count: int | None = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer units × periods of one rule, or units × rules where none is named.

        ``verdict`` leaves the units that have such a cell, with all their cells. ``columns`` and ``counts``
        are of all these units, whatever part of them is shown; units stand in the order of the tree.
        ``tiles`` count the cells whatever their unit: what ``cells`` lists for each verdict.
        """
        asked, day = self._asked(period, on)
        by, wanted = "rule" if rule is None else "period", _verdict(verdict)
        with self.opened(known_on, day) as opened:
            order = self._in_order(opened, unit_id, day, structure)
            cells = self._cells(opened, order, asked, day, rule)
            by_unit = cells.by_unit()
            units = [one for one in order if one in by_unit and (wanted is None or by_unit[one][wanted])]
            shown = units[first:] if count is None else units[first : first + count]
            parts = cells.sheet(shown).split("unit") if shown else {}
            everything, samples = cells.counts(), cells.samples()
            counts = everything if wanted is None else cells.counts(units)
            heads = columns(counts, lambda one: one.rule if rule is None else one.period)
            rows = [_row(unit, parts[str(unit)], by, opened.naming) for unit in shown]
            return {
                **self._answer(opened, rows, day, known_on),
                "by": by,
                "columns": [
                    {"key": key, **_told(samples[part[0].rule]), "counts": summed(part)}
                    for key, part in heads.items()
                ],
                "counts": summed(counts),
                "tiles": summed(everything),
                "units": len(units),
                "rules": _rules(samples),
            }

    def _asked(self, period: str, on: date | None) -> tuple[Period, date]:
        try:
            asked = Period.parse(period)
        except ValueError as error:
            raise WrongUsage("period-unreadable", period=period) from error
        return asked, on or min(today(self.clock), asked.last)

    def _sheet(
        self,
        opened: Opened,
        unit_id: UUID | None,
        period: Period,
        day: date,
        rule: str | None,
        is_over: bool | None,
        structure: Structure,
    ) -> Sheet:
        """Return the cells of a unit and all below."""
        return self._sheet_of(
            opened, self._in_order(opened, unit_id, day, structure), period, day, rule, is_over
        )

    def _cells(
        self, opened: Opened, units: Sequence[UUID], period: Period, day: date, rule: str | None
    ) -> Cells:
        """Return the same cells; where rows are kept only those of the units that are shown are read."""
        is_all = len(units) == len(opened.reading.directory.units())
        kept = None
        if opened.is_now and self.live is not None:
            over = day != today(self.clock)
            kept = self.live.counts(opened.reading, Asking(units, is_all, period, day, over, rule))
        if kept is None:
            return SheetCells(self._sheet_of(opened, units, period, day, rule))

        def read(some: Sequence[UUID]) -> Sheet:
            return self._sheet_of(opened, some, period, day, rule)

        late = [unit for unit in units if unit in kept.unkept]
        return KeptCells(kept, SheetCells(read(late) if late else Sheet(())), read)

    def _sheet_of(
        self,
        opened: Opened,
        units: Sequence[UUID],
        period: Period,
        day: date,
        rule: str | None = None,
        is_over: bool | None = None,
    ) -> Sheet:
        """Return the cells of units; the one place from which every answer takes them."""
        kept = None
        if opened.is_now and self.live is not None:
            kept = self.live.duties(opened.reading, units=units, period=period, on=day, rule=rule)
        told, members = ([], []) if kept is None else (list(kept.of_units), list(kept.of_members))
        late = units if kept is None else [unit for unit in units if unit in kept.unkept]
        if late:
            told += self._unit_duties(opened, late, period, day, rule)
            members += self._member_duties(opened, late, period, day, rule)
        over = day != today(self.clock) if is_over is None else is_over
        return Sheet.of(told, members, units=units, period=period, on=day, is_over=over)

    def _unit_duties(
        self, opened: Opened, units: Sequence[UUID], period: Period, day: date, rule: str | None
    ) -> list[tuple[UUID, Duty]]:
        books = opened.books
        self._people(opened, units)
        return [
            (unit_id, duty)
            for unit_id in units
            for duty in duties.derive_within(
                books.unit_state(unit_id),
                books.rules_for(unit_id, day),
                books,
                on=day,
                period=period,
                rule=rule,
            )
        ]

    def _member_duties(
        self, opened: Opened, units: Sequence[UUID], period: Period, day: date, rule: str | None
    ) -> list[MemberDuty]:
        books, here, until = opened.books, frozenset(units), min(day, period.last)
        asks = any(self._asks_members(books.rules_for(unit_id, day), rule) for unit_id in units)
        return [
            one
            for person in (self._people(opened, units) if asks else ())
            for one in member_duties.derive(
                person,
                books.rules_for(person.unit_on(day), day),
                books,
                on=day,
                until=until,
                first=period.first,
                rule=rule,
            )
            if one.unit_id in here
        ]

    @staticmethod
    def _asks_members(rules: Rules, rule: str | None) -> bool:
        named = rules.rules_named(rule) if rule is not None else ()
        return rules.asks_members and (
            rule is None or any(getattr(one, "counted_by", "") == "person" for one in named)
        )


def cell_of(mark: Mark, naming: Naming) -> dict[str, Any]:
    """Return a cell in JSON form; one of members tells of how many it is asked and how many reached it."""
    cell = duties.cell(mark.duty, mark.unit_id, naming, mark.verdict, mark.late)
    if mark.members:
        cell["base"] = member_duties.tally(mark.members)
        cell["facts"] |= member_duties.told_of(mark.members, mark.duty)
        cell["members"] = _members(mark, naming)
    return cell


def _members(mark: Mark, naming: Naming) -> list[dict[str, Any]]:
    """Return what is to be said of each member, by name: nobody is ranked."""
    told = [
        {
            "person": naming.person(one.person_id),
            "person_id": str(one.person_id),
            "verdict": one.verdict,
            "amount": str(amount) if (amount := one.duty.reached()) is not None else None,
            "evidence": [duties.evidence_of(evidence) for evidence in one.duty.evidence],
        }
        for one in mark.members
    ]
    return sorted(told, key=lambda one: (one["person"] or "", one["person_id"]))


def _row(unit: UUID, sheet: Sheet, by: str, naming: Naming) -> dict[str, Any]:
    return {
        "unit": naming.unit(unit),
        "unit_id": str(unit),
        "cells": {key: _cell(part) for key, part in sheet.split(by).items()},
        "counts": sheet.counts,
    }


def _cell(part: Sheet) -> dict[str, Any]:
    """Return what one place of the table says: the worst of its cells, and how many there are of each.

    Of several cells those whose period still runs are left aside where there are others that ask something.
    """
    over = [mark.verdict for mark in part.marks if mark.verdict not in ("pending", "exempt")]
    verdict = member_duties.worst(over or [mark.verdict for mark in part.marks])
    mark = next(mark for mark in part.marks if mark.verdict == verdict)
    deciding = duties.deciding_evidence(mark.duty)
    late = (deciding.on - mark.duty.last).days if deciding is not None and verdict == "late" else None
    told: dict[str, Any] = {
        "verdict": verdict,
        "counts": part.counts,
        "cells": len(part.marks),
        "rule": mark.duty.rule,
        "period": mark.duty.period,
        "part": mark.duty.part or None,
        "on": deciding.on.isoformat() if deciding is not None else None,
        "days_late": late,
        "recorded_days_late": mark.late,
    }
    if len(part.marks) == 1 and mark.members:
        told |= member_duties.tally(mark.members)
    return told


def _told(duty: Duty) -> dict[str, Any]:
    return {"rule": duty.rule, "activity": duty.activity, "label": duty.label}


def _rules(samples: Mapping[str, Duty]) -> list[dict[str, Any]]:
    """Return the rules there are cells of, with their own words, by their ids."""
    return [
        {**_told(duty), "clause": duty.clause, "period": Period.parse(duty.period).kind}
        for _, duty in sorted(samples.items())
    ]


def _number(counts: Mapping[str, int], verdict: str | None) -> int:
    """Return how many cells of a verdict there are, or of all."""
    return sum(counts.values()) if verdict is None else counts.get(verdict, 0)


def _spread(numbers: Mapping[UUID, int], first: int, count: int) -> tuple[list[UUID], int]:
    """Return the units over which a page of rows is spread, and how many rows of theirs come before it."""
    units, skipped, before = list[UUID](), 0, 0
    for unit, number in numbers.items():
        if before + number <= first:
            skipped = before + number
        elif before < first + count and number:
            units.append(unit)
        before += number
    return units, first - skipped


def _verdict(verdict: str | None) -> str | None:
    if verdict is not None and verdict not in VERDICTS:
        raise WrongUsage("verdict-unknown", verdict=verdict, known=list(VERDICTS))
    return verdict


def _place_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what cells are listed by: unit, rule, period, then the part and the words of the rule."""
    return row["unit"] or "", row["rule"], row["period"], row.get("part") or "", row["label"]
