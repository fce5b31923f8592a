"""督查清单: each point of an inspection beside what the facts say of it, what was seen, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET

from workflows.application.books import Books
from workflows.domain.campaign.events import FrozenCriterion
from workflows.domain.inspection import events as ev
from workflows.domain.inspection.checklist import Point, is_about, point_of
from workflows.domain.inspection.state import Inspection
from workflows.domain.rectification.state import Rectification
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.rules import Rules
from workflows.projections import proofs
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer
from workflows.projections.proofs import Fill
from workflows.projections.scoring import Scoring

Row = dict[str, Any]
SEEN = {True: "in_order", False: "not_in_order", None: "not_looked"}


class Inspecting(Scoring):
    """Answers what the facts say of the points of an inspection, so that nothing is written down twice."""

    def checklist(self, file_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer each point of the list of an inspection: the facts of its units, what was seen, the problem.

        The facts are those of the year up to the visit (to the day asked for, before it), of the unit and all
        branches below. ``counts``: points in order, not in order, not looked at, and those not in order of
        which no problem was made.

        Raises:
            WrongUsage: ``stream-unknown``: no inspection is there on the day.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books, naming = opened.books, opened.naming
            file = books.file_state(file_id).at(day)
            if not isinstance(file, Inspection) or file.plan is None or file.unit_id is None:
                raise WrongUsage("stream-unknown", stream=str(file_id))
            rules = books.rules_for(file.unit_id, file.acts[0].on)
            points = [point_of(rules, one, file.acts[0].on, file.plan.pack) for one in file.points]
            visited = file.last(ev.VisitRecorded)
            asked_on = visited[1].on if visited else day
            units = list(_looked_at(books, file.unit_id, asked_on))
            criteria = [
                FrozenCriterion(one.id, one.label, proved_by=one.rules, partly=one.partly) for one in points
            ]
            fills = self.fills(opened, criteria, units, asked_on.year, asked_on)
            problems, now = list(_problems(file, books, day)), books.rules_for(file.unit_id, day)
            rows = [
                _row(one, file, [(unit, fills[unit][one.id]) for unit in units], problems, naming, now)
                for one in points
            ]
            return {
                "manner": file.plan.manner,
                "pack": file.plan.pack,
                "planned_for": file.plan.planned_for.isoformat() if file.plan.planned_for else None,
                "withheld": file.is_withheld_on(day),
                "visited_on": visited[1].on.isoformat() if visited else None,
                "facts_on": asked_on.isoformat(),
                "units": len(units),
                "counts": _counts(rows),
                "others": [one for one in problems if not any(one is row["problem"] for row in rows)],
                **self._answer(opened, rows, day, known_on),
            }


def _looked_at(books: Books, home: UUID, day: date) -> Iterator[UUID]:
    """Yield the unit inspected and the branches below it, in the order of the structure."""
    for one in books.in_order(home, day):
        unit = books.unit_state(one)
        told = unit.identity_on(day)
        if told is not None and unit.exists_on(day) and (one == home or told.level == "branch"):
            yield one


def _row(
    point: Point,
    file: Inspection,
    fills: Sequence[tuple[UUID, Fill]],
    problems: Sequence[Row],
    naming: Naming,
    rules: Rules,
) -> Row:
    seen = file.seen.get(point.id)
    problem = next((one for one in problems if _is_about(one, point, rules)), None)
    return {
        "point": point.id,
        "label": point.label,
        "clause": point.clause or None,
        "confidence": point.confidence or None,
        "rule": rule_of(point, [fill for _, fill in fills]),
        "facts": [_facts(unit, fill, naming) for unit, fill in fills if fill.proofs],
        "seen": SEEN[seen.in_order] if seen is not None else "not_looked",
        "note": (seen.note or None) if seen is not None else None,
        "problem": problem,
        "to_raise": seen is not None and seen.in_order is False and problem is None,
    }


def rule_of(point: Point, fills: Sequence[Fill]) -> str | None:
    """Return the rule a problem of a point is about: the first not kept by the facts, else the first."""
    broken = (proof.rule for fill in fills for proof in fill.proofs if proof.outcome in proofs.BROKEN)
    return next(broken, next(iter(point.rules), point.rule))


def _facts(unit_id: UUID, fill: Fill, naming: Naming) -> Row:
    return {
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id),
        "state": fill.state,
        "why": fill.why,
        "times": fill.times,
        "proofs": [proofs.as_row(one, naming.person(one.person_id)) for one in fill.proofs],
    }


def _problems(file: Inspection, books: Books, day: date) -> Iterator[Row]:
    """Yield the problems that the inspection made, in the order of their days."""
    units = list(books.below(file.unit_id, day))
    found = [
        (entry.id, () if finding.points is UNSET else finding.points)
        for finding, act in file.each(ev.FindingRaised)
        for entry in books.caused_files({act.source.event_id}, units)
    ]
    books.preload(file_id for file_id, _ in found)
    for file_id, points in found:
        cut = books.file_state(file_id).at(day)
        if isinstance(cut, Rectification) and cut.issue:
            yield {
                "file_id": str(file_id),
                "subject": cut.subject,
                "stage": cut.stage,
                "rule": cut.rule,
                "text": cut.issue.text,
                "points": list(points),
                "over": cut.is_over,
            }


def _is_about(problem: Row, point: Point, rules: Rules) -> bool:
    by_words = problem["text"].startswith(point.label)
    return point.id in problem["points"] or by_words or is_about(rules, point, problem["rule"])


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    told = {name: sum(row["seen"] == name for row in rows) for name in SEEN.values()}
    return {**told, "to_raise": sum(row["to_raise"] for row in rows)}
