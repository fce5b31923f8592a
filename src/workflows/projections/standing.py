"""The state of a person or a unit on a day, in the words of the contract; unknown is None."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from workflows.domain.facts import Facts
from workflows.domain.person.book import probation_months
from workflows.domain.person.events import MemberRegistered
from workflows.domain.person.state import Person, summary
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.state import Unit
from workflows.policies.findings import Verdict
from workflows.policies.rules import Rules
from workflows.projections.naming import Naming


def of_person(person: Person, unit: Unit | None, rules: Rules, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return a person's state on a day; ``unit`` is the one of that day, with all its acts."""
    cut = person.at(on)
    admitted = cut.admitted
    told = summary(person, on, probation_months(rules, admitted[0] if admitted else None))
    return {
        "unit": naming.unit(cut.unit_id),
        **{key: value.isoformat() if isinstance(value, date) else value for key, value in told.items()},
        "posts": posts_of(cut, unit, on),
    }


def posts_of(person: Person, unit: Unit | None, on: date) -> list[str]:
    """Return the posts someone holds on a day: by the latest election, before any by the registration."""
    cut = unit.at(on) if unit is not None else None
    if cut is not None and cut.election is not None:
        return [post.post for post in cut.committee if post.person.person == person.id]
    registered = [a.event for a in person.at(on).acts if isinstance(a.event, MemberRegistered)]
    return list(registered[-1].posts) if registered else []


def of_unit(unit: Unit, rules: Rules, facts: Facts, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return a unit's state on a day; its resolutions are judged with the roster of their day as known."""
    cut = unit.at(on)
    told, election = cut.identity, cut.election
    roster = facts.roster(unit.id, on) if told is not None else None
    term_until = None
    then = cut.identity_on(election[0].held_on) if election is not None else None
    if election is not None and then is not None and cut.dissolved_on is None:
        ends = rules.term_end(election[0].held_on, then.kind, then.level)
        term_until = ends[0] if ends else None
    return {
        "name": told.name if told else None,
        "level": told.level if told else None,
        "kind": told.kind if told else None,
        "superior": naming.unit(told.superior) if told else None,
        "established_on": str(cut.established.established_on) if cut.established else None,
        "dissolved_on": str(cut.dissolved_on) if cut.dissolved_on else None,
        "full_members": roster.full if roster else None,
        "probationary_members": roster.probationary if roster else None,
        "committee": None if election is None else committee(cut, naming),
        "elected": None if election is None else elected(election[0], naming),
        "term_from": election[0].held_on.isoformat() if election else None,
        "term_until": term_until.isoformat() if term_until else None,
        "resolutions": [
            {
                "topic": resolution.topic,
                "passed": is_passed(resolution, event, cut, rules, facts),
                "on": str(act.on),
            }
            for event, act in cut.each(ev.MeetingHeld)
            for resolution in event.resolutions
        ],
    }


def committee(unit: Unit, naming: Naming) -> list[dict[str, Any]]:
    """Return the posts of the present committee, with the day since which each is held without a break."""
    return [
        {
            "person": naming.who(post.person),
            "person_id": str(post.person.person) if post.person.person else None,
            "post": post.post,
            "since": _since(unit, post).isoformat(),
        }
        for post in unit.committee
    ]


def _since(unit: Unit, post: ev.Post) -> date:
    """Return the day of the first election of an unbroken row of elections to the same post."""
    day = date.max
    for event, act in reversed(list(unit.each(ev.CommitteeElected))):
        if day is not date.max and post not in (event.posts or ()):
            break
        day = act.on
    return day


def elected(event: ev.CommitteeElected, naming: Naming) -> list[str | None]:
    """Return who was elected: by the votes where they are told, else those named with a post."""
    if event.candidates:
        return naming.all_of(event.elected or ())
    return naming.all_of(dict.fromkeys(post.person for post in event.posts or ()))


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
