"""会议名单: the meetings of units in a period; those shown are judged by what is known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import meeting_facts, meeting_findings
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import Period
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules
from workflows.projections.held import HeldRow, HeldRows, Told
from workflows.projections.naming import plain
from workflows.projections.opening import Answer, Opened, Opening

TELLING = frozenset({Verdict.BLOCK, Verdict.WARN, Verdict.REFER, Verdict.NOT_PASSED, Verdict.LATE})
"""What a list tells of a meeting; what fits is told on its own page."""


class MeetingsHeld(Opening):
    """Answers about the meetings that were held."""

    def meetings(
        self,
        unit_id: UUID | None = None,
        period: Period | None = None,
        meeting: str | None = None,
        on: date | None = None,
        known_on: Known = None,
        *,
        first: int = 0,
        count: int | None = None,
        newest_first: bool = False,
        most_a_day: int | None = None,
    ) -> Answer:
        """Answer which meetings a unit and all below held by a day, of a period and a type if given.

        A row: ``unit, unit_id, position, on, recorded_on, type, also, cell, for_period, eligible, attending,
        topics, resolutions`` (topics voted on), ``valid`` (no rule blocks it by what is known now) and
        ``findings``, those that do not fit. By day, the first one first; ``newest_first`` turns that about.
        ``first`` and ``count`` leave some of them, ``most_a_day`` so many of each day: only these are judged.
        ``days`` and ``total`` are of all.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = opened.books.below(unit_id, day)
            held = self._held(opened, units, period, meeting, day)
            days = held.days()
            asked = sorted(days, reverse=newest_first)
            skipped = 0
            if count is not None:
                asked, skipped = _spread(days, asked, first, count)
            found = sorted(
                held.between(min(asked), max(asked)) if asked else [],
                key=lambda row: (row.on, opened.naming.unit(row.unit_id) or "", row.position),
                reverse=newest_first,
            )
            shown = found[skipped:] if count is None else found[skipped : skipped + count]
            if most_a_day is not None:
                shown = [
                    row for _, some in groupby(shown, attrgetter("on")) for row in list(some)[:most_a_day]
                ]
            rows = _judged(opened, shown, day)
            told = {one.isoformat(): number for one, number in sorted(days.items())}
            return {**self._answer(opened, rows, day, known_on), "total": sum(days.values()), "days": told}

    def _held(
        self, opened: Opened, units: Sequence[UUID], period: Period | None, meeting: str | None, day: date
    ) -> HeldRows:
        """Return the meetings by ``day``: from kept rows, else from the units' states."""
        if opened.is_now and self.live is not None:
            kept = self.live.meetings(opened.reading, units=units, period=period, meeting=meeting, on=day)
            if kept is not None:
                return kept
        opened.books.preload(units)
        return Told(
            [
                HeldRow(unit_id, act.on, act.source.position)
                for unit_id in units
                for event, act in opened.books.unit_state(unit_id).at(day).each(ev.MeetingHeld)
                if (meeting is None or meeting in event.types)
                and (period is None or period.first <= act.on <= period.last)
            ]
        )


def _spread(
    days: Mapping[date, int], order: Sequence[date], first: int, count: int
) -> tuple[list[date], int]:
    """Return the days over which a page of rows is spread, and how many rows of theirs come before it."""
    wanted, before, skipped = list[date](), 0, 0
    for day in order:
        if before + days[day] > first and before < first + count:
            if not wanted:
                skipped = first - before
            wanted.append(day)
        before += days[day]
    return wanted, skipped


def _judged(opened: Opened, shown: Sequence[HeldRow], day: date) -> list[dict[str, Any]]:
    """Return rows of meetings with what the rules of their days say of them."""
    opened.books.preload({row.unit_id for row in shown})
    units = {row.unit_id: opened.books.unit_state(row.unit_id).at(day) for row in shown}
    held = {
        act.source.position: (unit, act, event)
        for unit in units.values()
        for event, act in unit.each(ev.MeetingHeld)
    }
    return [_row(opened, *held[row.position], opened.books.rules_for(row.unit_id, row.on)) for row in shown]


def _row(opened: Opened, unit: Unit, act: OnBooks, event: ev.MeetingHeld, rules: Rules) -> dict[str, Any]:
    books: Books = opened.books
    findings = meeting_findings(event, unit, rules, books, complete=False)
    said = meeting_facts(event, unit, books)
    return {
        "unit": opened.naming.unit(unit.id),
        "unit_id": str(unit.id),
        "position": act.source.position,
        "event_id": str(act.source.event_id),
        "on": act.on.isoformat(),
        "recorded_on": act.source.recorded_on.isoformat(),
        "type": event.type,
        "also": list(event.types[1:]),
        "cell": event.cell,
        "for_period": event.for_period,
        "eligible": said["eligible"],
        "attending": event.attending,
        "topics": list(event.topics),
        "resolutions": [one.topic for one in event.resolutions],
        "valid": not any(one.verdict is Verdict.BLOCK for one in findings),
        "findings": plain(_telling(findings)),
    }


def _telling(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.verdict in TELLING]
