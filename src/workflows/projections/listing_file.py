"""整顿 on a page: by which marks a unit was listed, who helps, the months reported, each acceptance."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.domain.act import Decided, OnBooks
from workflows.domain.listing import events as ev
from workflows.domain.listing.state import Listing
from workflows.policies.findings import Finding, Verdict
from workflows.projections.case_parts import of_page
from workflows.projections.naming import Naming
from workflows.projections.opening import Opened

Row = dict[str, Any]
BORNE_OUT = {Verdict.OK: "borne_out", Verdict.REFER: "not_borne_out", Verdict.NOTE: "not_told"}


@of_page.register
def _(file: Listing, opened: Opened, on: date) -> Row:
    """Return the course of an overhaul in its parts, as of the day of the cut case."""
    listed = file.last(ev.UnitListed)
    plan = file.since_listed(ev.OverhaulPlanned)
    return {
        "criteria": _criteria(listed) if listed else [],
        "decided_by": listed[0].decided_by if listed else None,
        "plan": _plan(plan, opened.naming) if plan else None,
        "reports": [
            {
                "on": act.on.isoformat(),
                "month": event.month,
                "text": event.text or None,
                "position": act.source.position,
            }
            for event, act in file.each(ev.OverhaulReported)
        ],
        "overhaul_acceptances": [_acceptance(event, act) for event, act in file.each(ev.OverhaulAccepted)],
    }


def _findings(act: OnBooks) -> tuple[Finding, ...]:
    return act.event.findings if isinstance(act.event, Decided) else ()


def _criteria(listed: tuple[ev.UnitListed, OnBooks]) -> list[Row]:
    """Return each mark named, in its words, and whether the facts of the day bore it out."""
    event, act = listed
    told = {one.rule: one for one in _findings(act) if one.kind == "mark"}
    return [
        {
            "id": name,
            "label": told[name].label if name in told else name,
            "clause": told[name].clause if name in told else None,
            "state": BORNE_OUT.get(told[name].verdict, "not_told") if name in told else "by_hand",
        }
        for name in event.criteria
    ]


def _plan(plan: tuple[ev.OverhaulPlanned, OnBooks], naming: Naming) -> Row:
    event, act = plan
    return {
        "on": act.on.isoformat(),
        "measures": list(event.measures),
        "due_on": event.due_on.isoformat() if event.due_on else None,
        "helpers": {
            "county_leader": naming.who(event.county_leader),
            "township_leader": naming.who(event.township_leader),
            "first_secretary": naming.who(event.first_secretary),
            "supporting_unit": event.supporting_unit,
        },
    }


def _acceptance(event: ev.OverhaulAccepted, act: OnBooks) -> Row:
    return {
        "on": act.on.isoformat(),
        "score": event.score,
        "dissatisfied": event.dissatisfied,
        "asked": event.asked,
        "passed": event.passed,
        "against": [
            {"label": one.label, "clause": one.clause}
            for one in _findings(act)
            if one.verdict is Verdict.NOT_PASSED
        ],
        "position": act.source.position,
    }
