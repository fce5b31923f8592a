"""An inspection and the facts that rules ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from workflows.domain.case_files import NOTHING, CaseFile, facts_of
from workflows.domain.facts import Facts
from workflows.domain.inspection import events as ev
from workflows.domain.stages import Move, compile_table
from workflows.policies.facts import Fact

MOVES: tuple[Move, ...] = (
    ("plan_inspection", NOTHING, "planned"),
    ("record_visit", ("planned", "visited"), "visited"),
    ("raise_finding", "visited", "visited"),
)
STAGES = (NOTHING, "planned", "visited")


class Inspection(CaseFile, frozen=True):
    """督查; an inspection may be visited more than once, and ends with its last visit."""

    kind: ClassVar[str] = "inspection"
    ends: ClassVar[frozenset[str]] = frozenset({"visited"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

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
