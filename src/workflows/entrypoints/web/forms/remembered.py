"""What the books know of a case already: it stands in the form beforehand, nobody types it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import UNSET

from workflows.domain.act import Who
from workflows.domain.campaign.events import UnitDeclared
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import CaseFile
from workflows.domain.inspection.state import Inspection
from workflows.domain.listing.state import Listing
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.events import Measured
from workflows.domain.site.state import Site
from workflows.domain.unit.state import Unit
from workflows.domain.unit.terms import renewal_of

Told = str | Who | Sequence[str] | Sequence[Who]
"""A text as the form shows it, somebody to be chosen, or units to be ticked."""


def remembered(file: CaseFile, command: str, on: date, about: UUID | None = None) -> Mapping[str, Told]:
    """Return by field what stands in an empty form of a command; ``about``: the unit it is about."""
    match file:
        case Rectification():
            found = _of_a_problem(file, command, on)
        case Listing():
            found = _of_an_overhaul(file, command, on)
        case Inspection():
            found = _of_an_inspection(file, command)
        case Site():
            found = _of_a_site(file, command, on)
        case Campaign():
            found = _of_a_campaign(file, command, about)
        case _:
            return {}
    return {name: told for name, told in found.items() if told}


def of_an_election(unit: Unit, command: str) -> Mapping[str, Told]:
    """Return by field what stands in the empty form of an act of the next election of a unit."""
    renewal = renewal_of(unit)
    asked = renewal.requested[0] if renewal.requested else None
    approved = renewal.approved[0] if renewal.approved else None
    nominees = (approved.nominees if approved else asked.nominees if asked else None) or ()
    if command == "approve_election" and nominees:
        return {"nominees": nominees}
    if command != "elect_committee":
        return {}
    rows = {f"candidates.{place}.person": who for place, who in enumerate(nominees)}
    return {**rows, **({"seats": str(asked.seats)} if asked and asked.seats else {})}


def asked_for(unit: Unit) -> frozenset[str]:
    """Return by id who was asked for as a candidate of the next election of a unit."""
    requested = renewal_of(unit).requested
    return frozenset(str(who.person) for who in (requested[0].nominees if requested else None) or ())


def _of_a_problem(file: Rectification, command: str, on: date) -> Mapping[str, Told | None]:
    plan, issue = file.plan, file.issue
    owner = plan.owner if plan else None
    if command in ("report_progress", "submit_correction"):
        return {"by": owner}
    if command != "plan_correction":
        return {}
    due = file.due
    return {
        "measure": plan.measure if plan else None,
        "owner": owner,
        "leader": (plan.leader if plan else None) or (issue.leader if issue else None),
        "due_on": str(due[0]) if due is not None and due[0] >= on else None,
    }


def _of_an_overhaul(file: Listing, command: str, on: date) -> Mapping[str, Told | None]:
    plan = file.plan
    if command != "plan_overhaul" or plan is None:
        return {}
    return {
        "measures": "\n".join(plan.measures),
        "county_leader": plan.county_leader,
        "township_leader": plan.township_leader,
        "first_secretary": plan.first_secretary,
        "supporting_unit": plan.supporting_unit,
        "due_on": str(plan.due_on) if plan.due_on else None,
    }


def _of_an_inspection(file: Inspection, command: str) -> Mapping[str, Told | None]:
    """Return who was to look, where they come: planned once, not asked again."""
    inspectors = file.plan.inspectors if file.plan is not None else None
    return {"inspectors": inspectors} if command == "record_visit" else {}


def _of_a_site(file: Site, command: str, on: date) -> Mapping[str, Told | None]:
    if command == "name_site":
        return {"level": file.level}
    if command != "assess_site":
        return {}
    told = [one.measured for one in file.assessments if one.measured is not UNSET]
    known = told[-1] if told else Measured()
    measured = {"area": known.area, "operators": known.operators, "tutors": known.tutors}
    numbers = {name: f"{value:g}" for name, value in measured.items() if value is not None}
    return {"year": str(on.year), **numbers}


def _of_a_campaign(file: Campaign, command: str, about: UUID | None) -> Mapping[str, Told | None]:
    if command == "declare" and file.start is not None and file.start.units is not None:
        told = {unit for event, _ in file.each(UnitDeclared) for unit in event.declared.units}
        return {"units": [str(one) for one in file.start.units.units if one not in told]}
    if command == "draw_sample":
        return {"passed": [str(one) for one in file.passed.units]}
    if command == "recheck":
        return {"sampled": [str(one) for one in file.sample.sampled.units] if file.sample else None}
    if command == "confirm_rating" and about is not None:
        score = file.score_of(about)
        return {"score": f"{score:g}" if score is not None else None}
    return {}
