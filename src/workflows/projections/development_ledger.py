"""发展党员台账: one row a person, with the day of each step and the event that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.act import step_of
from workflows.domain.person import events as ev
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.waivers import reliefs_of
from workflows.kernel.events import Event
from workflows.policies.findings import Finding, Verdict
from workflows.projections import waived
from workflows.projections.naming import Naming, plain

BEGINNINGS = (ev.ApplicationReceived, ev.CourseTakenOver)


def row_of(person: Person, naming: Naming, *, on: date) -> dict[str, Any] | None:
    """Return the row of one person as of a day; None of one whose course is not on the books."""
    cut = person.at(on)
    row = kept(cut)
    if row is None:
        return None
    row["findings"] = [
        {"on": act.on.isoformat(), **finding}
        for act in cut.this_round
        for finding in waived.told(worth_telling(act.event), act.on, on, reliefs_of(cut.acts))
    ]
    return {"person": naming.person(cut.id), "unit": naming.unit(cut.unit_id), **row}


def kept(cut: Person) -> dict[str, Any] | None:
    """Return the row of one person without names, as it is kept; None if no course is on the books."""
    acts = cut.this_round
    if not any(isinstance(act.event, BEGINNINGS) for act in acts):
        return None
    steps: dict[str, dict[str, Any]] = {}
    rough: dict[str, Any] = {}
    for act in acts:
        name = step_of(act.event)
        rough.pop(name, None)
        if act.approx is not None:
            rough[name] = act.approx.as_json()
        steps[name] = {
            "on": act.on.isoformat(),
            "event_id": str(act.source.event_id),
            "position": act.source.position,
        }
    return {
        "person_id": str(cut.id),
        "unit_id": str(cut.unit_id) if cut.unit_id else None,
        "stage": None if cut.stage is Stage.NOBODY else cut.stage.value,
        "since": cut.stage_since.isoformat() if cut.stage_since else None,
        "steps": {name: step["on"] for name, step in steps.items()},
        "proofs": steps,
        **({"steps_approx": rough} if rough else {}),
        "findings": [
            {"on": act.on.isoformat(), **plain(finding)}
            for act in acts
            for finding in worth_telling(act.event)
        ],
    }


def worth_telling(event: Event) -> list[Finding]:
    """Return the findings kept with an act that say more than that all is well."""
    kept = getattr(event, "findings", ())
    return [finding for finding in kept if finding.verdict not in (Verdict.OK, Verdict.CONVENTION)]


def rows(
    people: Iterable[Person], naming: Naming, *, on: date, units: frozenset[UUID], year: int | None
) -> list[dict[str, Any]]:
    """Return the rows of those who belong to the units on a day; with ``year`` those with a step in it."""
    found = []
    for person in people:
        if person.unit_on(on) not in units:
            continue
        row = row_of(person, naming, on=on)
        if row is None:
            continue
        if year is None or any(day.startswith(f"{year}-") for day in row["steps"].values()):
            found.append(row)
    return sorted(found, key=lambda r: (r["unit"] or "", min(r["steps"].values()), r["person"] or ""))
