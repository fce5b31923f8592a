"""An inspection and the facts that rules ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from msgspec import UNSET

from workflows.domain.case_files import NOTHING, CaseFile, facts_of, limits_of
from workflows.domain.facts import Facts
from workflows.domain.inspection import events as ev
from workflows.domain.stages import Move, compile_table
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Fact

DONE = "done"
"""The stage of an inspection of which nothing waits any more, or that a person ended."""
MOVES: tuple[Move, ...] = (
    ("plan_inspection", NOTHING, "planned"),
    ("record_visit", ("planned", "visited", DONE), "visited"),
    ("cancel_inspection", "planned", "cancelled"),
    ("raise_finding", "visited", "visited"),
    ("raise_finding", DONE, DONE),
    ("end_inspection", "visited", DONE),
)
STAGES = (NOTHING, "planned", "visited", DONE, "cancelled")
DUE = "inspection-due"
"""What the limit of an inspection is called: the day for which a regular one was planned."""
ANNOUNCED = "regular"
"""How an inspection is held of which the unit may know beforehand."""
UNANNOUNCED = "unannounced"
"""How one is held of which nobody is to know beforehand (四不两直)."""


class Inspection(CaseFile, frozen=True):
    """督查; it may be visited more than once, and is over when all its points were looked at and raised.

    A person may end it before, with a reason; or it was cancelled.
    """

    kind: ClassVar[str] = "inspection"
    ends: ClassVar[frozenset[str]] = frozenset({DONE, "cancelled"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

    @property
    def plan(self) -> ev.InspectionPlanned | None:
        """Return how it was planned."""
        found = self.last(ev.InspectionPlanned)
        return found[0] if found else None

    @property
    def stage(self) -> str:
        """Return where it stands: visited while points wait, done once none does."""
        here = super().stage
        return DONE if here == "visited" and not (self.not_looked or self.to_raise) else here

    @property
    def withheld_until(self) -> date | None:
        """Return the first day on which an unannounced inspection may be in a list; None where it may be now.

        That for which it was planned; where none was told the last day there is: it shows once it was held.
        """
        plan = self.plan
        if plan is None or plan.manner != UNANNOUNCED or self.stage != "planned":
            return None
        return plan.planned_for or date.max

    def is_withheld_on(self, day: date) -> bool:
        """Say whether it is in no list and among no names on a day."""
        return self.withheld_until is not None and self.withheld_until > day

    @property
    def points(self) -> list[str]:
        """Return the points of the list, then those that were looked at besides."""
        planned = self.plan.checklist if self.plan else ()
        return list(dict.fromkeys((*planned, *self.seen)))

    @property
    def not_looked(self) -> list[str]:
        """Return the points of the list that nobody has looked at, or that could not be seen."""
        seen = self.seen
        planned = self.plan.checklist if self.plan else ()
        return [one for one in planned if one not in seen or seen[one].in_order is None]

    @property
    def to_raise(self) -> list[str]:
        """Return the points not in order of which no problem was raised.

        A problem of before ``points`` were told does not say of which point it is: it stands for one.
        """
        told = [one.points for one in self.findings if one.points is not UNSET]
        raised = {point for points in told for point in points}
        waiting = [name for name, one in self.seen.items() if one.in_order is False and name not in raised]
        return waiting[len(self.findings) - len(told) :]

    @property
    def seen(self) -> dict[str, ev.Checked]:
        """Return by point what the last visit that looked at it found."""
        return {one.point: one for event, _ in self.each(ev.VisitRecorded) for one in event.checked}

    @property
    def findings(self) -> tuple[ev.FindingRaised, ...]:
        """Return the problems raised, in the order of their days."""
        return tuple(event for event, _ in self.each(ev.FindingRaised))


@facts_of.register
def _told_facts(file: Inspection, facts: Facts, on: date) -> Mapping[str, Fact]:
    planned = file.last(ev.InspectionPlanned)
    if planned is None:
        return {}
    event, act = planned
    return {
        "inspection_manner": Fact(event.manner, act.source),
        "planned_on": Fact(act.on, act.source),
        "planned_for": Fact(event.planned_for, act.source),
    }


@limits_of.register
def _limits(file: Inspection) -> list[Deadline]:
    """Return the day of a regular visit, awaited there; one unannounced, or by chance, reminds nobody."""
    planned, visited = file.last(ev.InspectionPlanned), file.last(ev.VisitRecorded)
    if planned is None or planned[0].planned_for is None or planned[0].manner != ANNOUNCED:
        return []
    return [
        Deadline(
            rule=DUE,
            subject=file.subject,
            opens_on=planned[1].on,
            due_on=planned[0].planned_for,
            kind="case",
            severity="record",
            met_on=visited[1].on if visited else None,
            met_by=visited[1].source if visited else None,
            because=(planned[1].source,),
            remind_days=7,
            awaited=True,
        )
    ]
