"""A unit on the list: by which marks, who helps, what the acceptance came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, TypeVar

from workflows.domain.act import OnBooks
from workflows.domain.case_acts import FileEvent
from workflows.domain.case_files import NOTHING, CaseFile, facts_of, limits_of
from workflows.domain.facts import Facts
from workflows.domain.listing import events as ev
from workflows.domain.stages import Move, compile_table
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Fact

E = TypeVar("E", bound=FileEvent)

_AT_WORK = ("listed", "planned", "failed", "unsettled")
_AT_ACCEPTANCE = ("planned", "failed", "unsettled")
MOVES: tuple[Move, ...] = (
    ("list_unit", NOTHING, "listed"),
    ("plan_overhaul", _AT_WORK, "planned"),
    *(("report_monthly", stage, stage) for stage in _AT_WORK),
    ("accept_overhaul", _AT_ACCEPTANCE, "accepted"),
    ("fail_overhaul", _AT_ACCEPTANCE, "failed"),
    ("leave_overhaul_open", _AT_ACCEPTANCE, "unsettled"),
    ("delist_unit", ("accepted", "unsettled"), "delisted"),
    ("relist_unit", "delisted", "listed"),
    ("delist_unit_gone", (*_AT_WORK, "accepted", "delisted"), "over"),
    ("end_follow_up", "delisted", "over"),
)
STAGES = (NOTHING, *_AT_WORK, "accepted", "delisted", "over")
OFF = frozenset({"delisted", "over"})
DUE = "overhaul-due"
"""What the limit of an overhaul is called: the day named in its plan."""


class Listing(CaseFile, frozen=True):
    """软弱涣散整顿: one unit from the day it was listed to the end of the follow-up."""

    kind: ClassVar[str] = "listing"
    ends: ClassVar[frozenset[str]] = frozenset({"over"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

    @property
    def is_settled(self) -> bool:
        """Say whether the unit is off the list: what was not reported while it was on is then due no more."""
        return self.stage in OFF

    @property
    def plan(self) -> ev.OverhaulPlanned | None:
        """Return the plan that holds: the last one since it was listed, or listed again."""
        found = self.since_listed(ev.OverhaulPlanned)
        return found[0] if found else None

    @property
    def outcome(self) -> ev.OverhaulAccepted | None:
        """Return what the last acceptance came to since it was listed, or listed again."""
        found = self.since_listed(ev.OverhaulAccepted)
        return found[0] if found else None

    def since_listed(self, kind: type[E]) -> tuple[E, OnBooks] | None:
        """Return the last event of a kind since the unit was listed, or listed again."""
        found: tuple[E, OnBooks] | None = None
        for act in self.acts:
            if isinstance(act.event, ev.UnitRelisted):
                found = None
            elif isinstance(act.event, kind):
                found = act.event, act
        return found


@facts_of.register
def _told_facts(file: Listing, facts: Facts, on: date) -> Mapping[str, Fact]:
    first, planned = file.last(ev.UnitListed), file.since_listed(ev.OverhaulPlanned)
    delisted, accepted = file.since_listed(ev.UnitDelisted), file.since_listed(ev.OverhaulAccepted)
    passed = accepted is not None and accepted[0].passed
    if first is None:
        return {}
    listed = file.last(ev.UnitRelisted) or first
    return {
        "listed_on": Fact(listed[1].on, listed[1].source),
        "overhaul_planned_on": Fact(planned[1].on, planned[1].source) if planned else Fact(None),
        "delisted_on": Fact(delisted[1].on, delisted[1].source) if delisted else Fact(None),
        "overhaul_accepted_on": Fact(accepted[1].on, accepted[1].source)
        if accepted and passed
        else Fact(None),
    }


@limits_of.register
def _limits(file: Listing) -> list[Deadline]:
    planned, accepted = file.since_listed(ev.OverhaulPlanned), file.since_listed(ev.OverhaulAccepted)
    if planned is None or planned[0].due_on is None:
        return []
    ended = accepted if accepted and accepted[0].passed else file.since_listed(ev.UnitDelisted)
    met = ended[1] if ended else None
    return [
        Deadline(
            rule=DUE,
            subject=file.subject,
            opens_on=planned[1].on,
            due_on=planned[0].due_on,
            kind="case",
            severity="warn",
            met_on=met.on if met else None,
            met_by=met.source if met else None,
            because=(planned[1].source,),
            remind_days=30,
        )
    ]
