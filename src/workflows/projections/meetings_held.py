"""会议名单: the meetings of units in a period, one row a meeting, each judged by what is known now."""

from __future__ import annotations

from datetime import date
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
    ) -> Answer:
        """Answer which meetings a unit and all below held by a day, of a period and a type if given.

        A row: ``unit, unit_id, position, on, recorded_on, type, also, cell, for_period, eligible, attending,
        topics, resolutions`` (topics voted on), ``valid`` (no rule blocks it by what is known now) and
        ``findings``, those that do not fit. By day, the first one first.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            rows = [
                row
                for unit in opened.books.below(unit_id, day)
                for row in _of_unit(opened, unit, period, meeting, day)
            ]
            rows.sort(key=lambda row: (row["on"], row["unit"] or "", row["position"]))
            return self._answer(opened, rows, day, known_on)


def _of_unit(
    opened: Opened, unit_id: UUID, period: Period | None, meeting: str | None, day: date
) -> list[dict[str, Any]]:
    unit = opened.books.unit_state(unit_id).at(day)
    found = []
    for act in unit.acts:
        event = act.event
        if not isinstance(event, ev.MeetingHeld) or (meeting and meeting not in event.types):
            continue
        if period is None or period.first <= act.on <= period.last:
            rules = opened.books.rules_for(unit_id, act.on)
            found.append(_row(opened, unit, act, event, rules))
    return found


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
