"""表决复核: a vote judged again by the roster as known now, beside the verdict that was recorded.

The vote keeps its numbers and the roll of its day. Where a correction has since changed who had a vote that
day, quorum and majority are asked again with the number there would have been. Nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import OnBooks, Who, step_of
from workflows.domain.facts import Facts
from workflows.domain.person import events as ev
from workflows.domain.person import judged_again
from workflows.domain.person.book import book_of
from workflows.domain.person.state import Person
from workflows.domain.unit import events as unit_events
from workflows.domain.unit.attendance import roll_without
from workflows.domain.unit.book import book_of as book_of_unit
from workflows.domain.unit.book import meeting_findings
from workflows.domain.unit.elections import ballot_facts
from workflows.domain.unit.meetings import EXCLUDED_CAME
from workflows.domain.unit.state import Unit
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding
from workflows.policies.rules import Rules

OF_PEOPLE = (ev.AdmissionVoted, ev.FullMembershipVoted)
OF_UNITS = (unit_events.Ballot, unit_events.MeetingHeld)
BASE = "eligible"
"""The fact that the roster of the day stands behind."""
ABOUT_VOTERS = frozenset({BASE, "unfit"})
"""The facts of findings that another roster may change: how many should attend, who may not stand."""


def acts_of_person(person: Person, rules: Rules, facts: Facts) -> dict[UUID, list[Finding]]:
    """Return, by event, what is found otherwise today of each act of a person, votes by the roster of today.

    What the roster says of a vote stands in place of what the numbers kept with it say.
    """
    found = judged_again.of_person(person, rules, facts)
    for event_id, of_vote in of_person(person, rules, facts).items():
        said = {(finding.rule, finding.label) for finding in of_vote}
        rest = (one for one in found.get(event_id, ()) if (one.rule, one.label) not in said)
        found[event_id] = [*of_vote, *rest]
    return found


def of_person(person: Person, rules: Rules, facts: Facts) -> dict[UUID, list[Finding]]:
    """Return, by event, what is found otherwise today of each vote on a person; [] where nothing is.

    Where no roll was kept (nobody knew the roster, or an old workbook tells of the vote) the number typed is
    compared with the roster as known now.
    """
    return {
        act.source.event_id: _of_vote(act, act.event, person, rules, facts)
        for act in person.acts
        if isinstance(act.event, OF_PEOPLE) and (act.event.roll is not None or act.event.votes.eligible)
    }


def of_unit(unit: Unit, rules: Rules, facts: Facts) -> dict[UUID, list[Finding]]:
    """Return, by event, what is found otherwise today of each election and resolution of a unit."""
    return {
        act.source.event_id: _of_meeting(act.event, unit, rules, facts)
        for act in unit.acts
        if isinstance(act.event, OF_UNITS) and act.event.roll is not None
    }


def _of_vote(
    act: OnBooks,
    event: ev.AdmissionVoted | ev.FullMembershipVoted,
    person: Person,
    rules: Rules,
    facts: Facts,
) -> list[Finding]:
    unit_id = person.unit_on(act.on)
    roster = facts.roster(unit_id, act.on) if unit_id is not None else None
    if roster is None or roster.roll == event.roll:
        return []
    if event.roll is None and event.votes.eligible == len(roster.roll):
        return []
    votes = event.votes
    said = {
        BASE: len(roster.roll),
        "attending": votes.attending,
        "votes_in_favour": votes.in_all,
        "outcome": getattr(event, "outcome", None),
    }
    book = book_of(person.at(act.on), rules, facts, act.on, complete=False)
    return _otherwise(event.findings, rules.check(step_of(event), on=act.on, book=_with(book, said)))


def _of_meeting(
    event: unit_events.Ballot | unit_events.MeetingHeld, unit: Unit, rules: Rules, facts: Facts
) -> list[Finding]:
    roster = facts.roster(unit.id, event.held_on)
    if roster is None:
        return []
    roll = roll_without(roster, event.excluded or (), _came_after_all(event))
    if roll == event.roll:
        return []
    if isinstance(event, unit_events.MeetingHeld):
        now = replace(event, eligible=len(roll))
        return _otherwise(event.findings, meeting_findings(now, unit, rules, facts, complete=False))
    said = ballot_facts(replace(event, eligible=len(roll)), facts)
    book = book_of_unit(unit.at(event.held_on), rules, facts, event.held_on, complete=False)
    found = rules.check(step_of(event), on=event.held_on, book=_with(book, said))
    return _otherwise(event.findings, found)


def _came_after_all(event: unit_events.Ballot | unit_events.MeetingHeld) -> list[Who]:
    """Return who was left out of those who should attend and came all the same, as found on the day."""
    came = {label for f in event.findings if f.rule == EXCLUDED_CAME for label in f.facts["unfit"]}
    return [one.person for one in event.excluded or () if one.person.label in came]


def _with(book: FactBook, said: dict[str, Any]) -> FactBook:
    return book.extended({name: Fact(value) for name, value in said.items() if value is not None})


def _otherwise(kept: Sequence[Finding], now: Iterable[Finding]) -> list[Finding]:
    """Return the findings about those entitled to vote whose word is another one than that kept."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for finding in kept:
        told.setdefault(_key(finding), []).append(finding.verdict)
    return [f for f in now if f.facts.keys() & ABOUT_VOTERS and f.verdict not in told.get(_key(f), [])]


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.kind, finding.label
