"""The state of a person or a unit on a day, in the words of the contract; unknown is None."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from workflows.domain.facts import Facts
from workflows.domain.person import rough_days
from workflows.domain.person.book import probation_months
from workflows.domain.person.events import MemberRegistered
from workflows.domain.person.state import Person, summary
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.posts import Holding, held_on
from workflows.domain.unit.state import Unit, holdings_of
from workflows.policies.findings import Verdict
from workflows.policies.rules import Rules
from workflows.projections import committees
from workflows.projections.branch_matters import matters
from workflows.projections.naming import Naming


def of_person(
    person: Person, held: Sequence[Holding] | None, rules: Rules, naming: Naming, *, on: date
) -> dict[str, Any]:
    """Return a person's state on a day; ``held`` are the posts of the unit of that day."""
    cut = person.at(on)
    admitted = cut.admitted
    months = probation_months(rules, admitted[0] if admitted else None)
    told, rough = summary(person, on, months), rough_days.of_state(person, on, months)
    return {
        "unit": naming.unit(cut.unit_id),
        **{key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()},
        **{f"{key}_approx": day.as_json() for key, day in rough.items()},
        "posts": posts_of(cut, held, on),
    }


def posts_of(person: Person, held: Sequence[Holding] | None, on: date) -> list[str]:
    """Return the posts someone holds on a day; before any election by the registration."""
    if held is not None:
        return [holding.post for holding in held if holding.person.person == person.id]
    registered = [a.event for a in person.at(on).acts if isinstance(a.event, MemberRegistered)]
    return list(registered[-1].posts) if registered else []


def posts_held(unit: Unit | None, facts: Facts, on: date) -> tuple[Holding, ...] | None:
    """Return the posts held in a unit on a day; None before its books tell of any."""
    if unit is None or not (holdings := holdings_of(unit.at(on), facts)):
        return None
    return held_on(holdings, on)


def of_unit(
    unit: Unit,
    rules: Rules,
    facts: Facts,
    naming: Naming,
    *,
    on: date,
    superiors: Sequence[Unit] = (),
) -> dict[str, Any]:
    """Return a unit's state on a day; its resolutions are judged with the roster of their day as known."""
    cut = unit.at(on)
    told = cut.identity
    roster = facts.roster(unit.id, on) if told is not None else None
    return {
        "name": told.name if told else None,
        "level": told.level if told else None,
        "kind": (told.kind or None) if told else None,
        "superior": naming.unit(told.superior) if told else None,
        "established_on": str(cut.established.established_on) if cut.established else None,
        "dissolved_on": str(cut.dissolved_on) if cut.dissolved_on else None,
        "full_members": roster.full if roster else None,
        "probationary_members": roster.probationary if roster else None,
        **committees.of_unit(cut, rules, facts, naming, on=on),
        "resolutions": [
            {
                "topic": resolution.topic,
                "passed": is_passed(resolution, event, cut, rules, facts),
                "on": str(act.on),
            }
            for event, act in cut.each(ev.MeetingHeld)
            for resolution in event.resolutions
        ],
        **matters(unit, superiors, roster, facts, naming, on=on),
    }


def is_passed(
    resolution: ev.Resolution, meeting: ev.MeetingHeld, unit: Unit, rules: Rules, facts: Facts
) -> bool | None:
    """Return whether a resolution was passed, judged by the rules of its day and by what is known now.

    None where nobody can tell: a number is unknown, or no rule decides it.
    """
    alone = msgspec.structs.replace(meeting, resolutions=(resolution,))
    found = meeting_findings(alone, unit, rules, facts, complete=False, meetings=(meeting.resolving,))
    if any(f.verdict is Verdict.BLOCK for f in found):
        return False
    majorities = [f for f in found if f.kind == "majority"]
    if not majorities:
        return None
    return all(f.verdict is Verdict.OK for f in majorities)
