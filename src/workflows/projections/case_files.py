"""案卷的状态: where a case stands on a day, in the words of the contract; each kind adds what is its own."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any

from workflows.domain.campaign import events as campaign_events
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import CaseFile
from workflows.domain.inspection.state import Inspection
from workflows.domain.listing.state import Listing
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.projections.naming import Naming, plain


def state_of(file: CaseFile, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return the state of a case on a day; unknown is None.

    ``kept_by``: the unit that goes on with it, where its own is no more.
    """
    cut = file.at(on)
    keeper = naming.keeper(cut.unit_id, on)
    return {
        "kind": type(cut).kind,
        "subject": cut.subject or None,
        "unit": naming.unit(cut.unit_id),
        "unit_id": str(cut.unit_id) if cut.unit_id else None,
        "kept_by": naming.unit(keeper),
        "kept_by_id": str(keeper) if keeper else None,
        "stage": cut.stage,
        "opened_on": cut.acts[0].on.isoformat() if cut.acts else None,
        "over": cut.is_over,
        **details(cut, naming),
    }


@singledispatch
def details(file: CaseFile, naming: Naming) -> dict[str, Any]:
    """Return what only one kind of case has to tell; each kind registers its own."""
    return {}


@details.register
def _(file: Inspection, naming: Naming) -> dict[str, Any]:
    return {
        "findings": [
            {"text": one.text, "rule": one.rule, "severity": one.severity, "due_on": plain(one.due_on)}
            for one in file.findings
        ],
        "not_looked": file.not_looked if file.stage != "planned" else [],
        "to_raise": file.to_raise,
    }


@details.register
def _(file: Rectification, naming: Naming) -> dict[str, Any]:
    issue, plan, due = file.issue, file.plan, file.due
    if issue is None:
        return {}
    return {
        "source": issue.source,
        "text": issue.text,
        "rule": issue.rule,
        "period": issue.period,
        "severity": issue.severity,
        "due_on": due[0].isoformat() if due else None,
        "measure": plan.measure if plan else None,
        "owner": naming.who(plan.owner) if plan else None,
        "leader": naming.who((plan.leader if plan else None) or issue.leader),
        "level": naming.unit(file.level),
        "closures": [{"on": one.closed_on.isoformat(), "by": naming.who(one.by)} for one in file.closures],
        "recurs": [str(one) for one in issue.recurs],
    }


@details.register
def _(file: Campaign, naming: Naming) -> dict[str, Any]:
    start, sample, outcome = file.start, file.sample, file.outcome
    if start is None:
        return {}
    return {
        "scheme": start.scheme,
        "year": start.year,
        "units": start.units.count if start.units else None,
        "declared": file.declared,
        "passed": file.passed.count,
        "sample": None if sample is None else {**_named(sample.sampled, naming), "seed": sample.seed},
        "recheck": None
        if outcome is None
        else {"sampled": outcome.sampled.count, "wrong": outcome.wrong.count, "concealed": outcome.concealed},
        "ratings": [
            {
                "unit": naming.unit(unit),
                "unit_id": str(unit),
                "on": act.on.isoformat(),
                "event": act.source.event,
                "grade": getattr(act.event, "grade", None),
                "score": getattr(act.event, "score", None),
                "satisfaction": getattr(act.event, "satisfaction", None),
                "void_on": void.on.isoformat() if (void := file.voiding(act)) is not None else None,
            }
            for unit, acts in file.ratings().items()
            for act in acts
        ],
    }


def _named(told: campaign_events.Named, naming: Naming) -> dict[str, Any]:
    return {"count": told.count, "units": [*(naming.unit(unit) for unit in told.units), *told.others]}


@details.register
def _(file: Listing, naming: Naming) -> dict[str, Any]:
    plan, outcome = file.plan, file.outcome
    told: dict[str, Any] = {"due_on": None, "helpers": {}, "accepted": None}
    if plan is not None:
        told["due_on"] = plan.due_on.isoformat() if plan.due_on else None
        told["helpers"] = {
            "county_leader": naming.who(plan.county_leader),
            "township_leader": naming.who(plan.township_leader),
            "first_secretary": naming.who(plan.first_secretary),
            "supporting_unit": plan.supporting_unit,
        }
    if outcome is not None:
        told["accepted"] = {
            "on": outcome.accepted_on.isoformat(),
            "score": outcome.score,
            "dissatisfied": outcome.dissatisfied,
            "passed": outcome.passed,
        }
    return told


@details.register
def _(file: Site, naming: Naming) -> dict[str, Any]:
    return {
        "level": file.level,
        "assessments": [
            {
                "on": one.assessed_on.isoformat(),
                "year": one.year,
                "satisfaction": one.satisfaction,
                "passed": one.passed,
                "unmet": [each.id for each in one.criteria if each.met is False],
            }
            for one in file.assessments
        ],
    }
