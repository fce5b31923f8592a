"""履行情况: the recurring duties of a unit, one cell a duty and period, judged for the day asked for.

What is kept holds without a clock: the duty of a period with its evidence and base. Missing and pending come
out at reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.facts import Facts
from workflows.domain.unit.book import Daybook, whole_book
from workflows.domain.unit.events import MeetingHeld
from workflows.domain.unit.state import Unit
from workflows.domain.unit.verdicts import Verdict, verdict_on
from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Deadline, Duty, Evidence
from workflows.policies.facts import Done
from workflows.policies.findings import Source
from workflows.policies.kinds.duties import NO_MEMBERS
from workflows.policies.relief import WAIVED
from workflows.policies.relief import as_json as relief_json
from workflows.policies.rules import Rules
from workflows.projections.naming import Naming

DISSOLVED = "dissolved"
"""Why the last period of a unit asks nothing: it was dissolved before the end of it."""

UNSURE = "unsure"
"""The fact of a limit that a person must judge once it has passed."""


class Told:
    """All that is told of a unit by a day, in the form rules read; each part is read once.

    ``done``: its acts, where they were judged already by rules that say the same of meetings.
    """

    def __init__(
        self,
        unit: Unit,
        rules: Rules,
        facts: Facts,
        *,
        on: date,
        done: Mapping[str, Sequence[Done]] | None = None,
    ) -> None:
        self._unit, self._rules = unit.at(on), rules
        self.book = whole_book(self._unit, rules, facts, on, done)
        self._days = Daybook(self._unit, rules, facts, on)
        self._duties: tuple[tuple[date, date | None], list[Duty]] | None = None

    def duties(self, until: date, since: date | None = None) -> list[Duty]:
        """Return the duties from the beginning of the books to the period in which ``until`` lies.

        Those of the year in which the books begin, or from ``since``, stand before them: exempt.
        """
        begin, end = self._unit.books_from, self._unit.dissolved_on
        start = min(since or date.max, begin.replace(month=1, day=1)) if begin else None
        if self._duties is None or self._duties[0] != (until, start):
            kinds = self._unit.dated.kinds
            found = self._rules.duties(self.book, self._days.on, until=until, since=start, kinds=kinds)
            self._duties = (until, start), found if end is None else upto_the_end(found, end)
        return self._duties[1]

    def within(self, period: Period, until: date, rule: str | None = None) -> list[Duty]:
        """Return the duties of a period, and of the longer ones in which it lies; of one rule or of all."""
        found = self._rules.duties(
            self.book,
            self._days.on,
            until=until,
            first=period.first,
            only=rule,
            kinds=self._unit.dated.kinds,
        )
        end = self._unit.dissolved_on
        return found if end is None else upto_the_end(found, end)


def upto_the_end(duties: Sequence[Duty], end: date) -> list[Duty]:
    """Return the duties of a unit that is no more from ``end`` on; its last period asks nothing of it."""
    return [
        duty
        if duty.last < end or duty.exempt not in ("", NO_MEMBERS)
        else replace(duty, exempt=DISSOLVED, exempt_on=end)
        for duty in duties
        if duty.first < end
    ]


def derive(
    unit: Unit, rules: Rules, facts: Facts, *, on: date, until: date, since: date | None = None
) -> list[Duty]:
    """Return the duties of a unit, by what took place up to ``on``; ``since``: see :meth:`Told.duties`."""
    if unit.at(on).established is None:
        return []
    return Told(unit, rules, facts, on=on).duties(until, since)


def derive_within(
    unit: Unit, rules: Rules, facts: Facts, *, on: date, period: Period, rule: str | None = None
) -> list[Duty]:
    """Return those of a period alone, the longer ones in which it lies too; of one rule or of all."""
    if unit.at(on).established is None:
        return []
    return Told(_recent(unit, period.first), rules, facts, on=on).within(period, min(on, period.last), rule)


def _recent(unit: Unit, since: date) -> Unit:
    """Return a unit without the meetings before a day, but for the last of them and those held for a period.

    They say nothing of later periods but that the branch meets; each would be judged by its roster.
    """
    old = [act for act in unit.acts if act.on < since and isinstance(act.event, MeetingHeld)]
    gone = {act.source.event_id for act in old[:-1] if getattr(act.event, "for_period", None) is None}
    return replace(unit, acts=tuple(act for act in unit.acts if act.source.event_id not in gone))


def as_deadline(duty: Duty) -> Deadline | None:
    """Return the limit a duty sets: the last day of its period; None if it binds nobody or nobody knows.

    One waived by name stays a limit: it rests while the waiver lasts.
    """
    if duty.applies is not True or duty.exempt not in ("", WAIVED):
        return None
    deciding = deciding_evidence(duty)
    return Deadline(
        rule=duty.rule,
        subject=subject_of(duty),
        number=duty.number,
        opens_on=duty.first,
        due_on=duty.due_on or duty.last,
        label=duty.label,
        kind="cadence",
        severity=duty.severity,
        met_on=deciding.on if deciding else None,
        met_by=deciding.source if deciding else None,
        clause=duty.clause,
        pack=duty.pack,
        version=duty.version,
        confidence=duty.confidence,
        facts={"activity": duty.activity, "required": duty.required, **_unsure(duty)},
        because=_because(duty),
        remind_days=duty.remind_days,
        aliases=duty.aliases,
        first_due_on=duty.last if duty.due_on is not None else None,
        reliefs=duty.reliefs,
    )


def _unsure(duty: Duty) -> dict[str, bool]:
    """Return that nobody can tell whether the duty is missing once its period is over, where that is so."""
    over = (duty.due_on or duty.last) + timedelta(days=1)
    return {UNSURE: True} if verdict_on(duty, over)[0] == "refer" else {}


def subject_of(duty: Duty) -> str:
    """Return the period of a duty, with the cell or branch of which it is asked."""
    return f"{duty.period} {duty.part}" if duty.part else duty.period


def _because(duty: Duty) -> tuple[Source, ...]:
    held = tuple(e.source for e in duty.evidence)
    return (*held, *(relief.source for relief in duty.reliefs)) if held else duty.because


def deciding_evidence(duty: Duty) -> Evidence | None:
    """Return the act by which the duty was done: the last one asked for of those that are valid, by day."""
    return duty.done_by()


def cell(duty: Duty, unit_id: UUID, naming: Naming, verdict: Verdict, late: int | None) -> dict[str, Any]:
    """Return a duty of a unit with what is said of it, in JSON form."""
    shown = deciding_evidence(duty) or (duty.evidence[-1] if duty.evidence else None)
    told: dict[str, Any] = {
        "activity": duty.activity,
        "required": duty.required,
        "found": len(duty.evidence),
        "valid": sum(e.valid for e in duty.evidence),
        "first_day": duty.first.isoformat(),
        "last_day": duty.last.isoformat(),
    }
    if duty.standing:
        told["standing"] = True
    if duty.due_on is not None:
        told["due_on"] = duty.due_on.isoformat()
    if verdict == "exempt":
        told["exempt"] = duty.exempt
        if duty.exempt_on is not None:
            told["exempt_on"] = duty.exempt_on.isoformat()
    if verdict == "refer" and duty.unsure:
        told["unsure"] = duty.unsure
    return {
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id),
        "rule": duty.rule,
        "label": duty.label,
        "period": duty.period,
        "part": duty.part or None,
        "part_id": duty.part_key or None,
        "verdict": verdict,
        "severity": duty.severity,
        "evidence": [evidence_of(e) for e in duty.evidence],
        "base": dict(shown.base) if shown else {},
        "recorded_days_late": late,
        "facts": told,
        "clause": duty.clause,
        "pack": duty.pack,
        "version": duty.version.isoformat() if duty.version else None,
        "confidence": duty.confidence,
        "aliases": list(duty.aliases),
        "reliefs": [relief_json(relief) for relief in duty.reliefs],
    }


def evidence_of(evidence: Evidence) -> dict[str, Any]:
    """Return an act that speaks for a duty, in JSON form."""
    return {**source_of(evidence.source), "valid": evidence.valid, "flaws": list(evidence.flaws)}


def source_of(source: Source) -> dict[str, Any]:
    """Return the reference to an event in JSON form."""
    return {
        "event": source.event,
        "event_id": str(source.event_id),
        "position": source.position,
        "on": source.on.isoformat(),
        "recorded_on": source.recorded_on.isoformat(),
    }
