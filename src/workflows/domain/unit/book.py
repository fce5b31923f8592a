"""The facts of a unit that rules ask for, by name, each with the event it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks
from workflows.domain.facts import OF_THE_ROSTER, Facts, Roster, roster_facts, unit_book
from workflows.domain.papers import paper_facts
from workflows.domain.unit import events as ev
from workflows.domain.unit.state import Unit
from workflows.domain.waivers import reliefs_of
from workflows.policies.facts import Done, Fact, FactBook, FactsOnDemand
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

OF_THE_UNIT = frozenset(
    {"unit_kind", "unit_level", "books_from", "committee_size", "has_committee", "elected_on", "term_until"}
)
"""The facts read of a unit as it stands on the books: its kind and level are known before it was set up."""


def facts_of(unit: Unit, rules: Rules, facts: Facts, on: date) -> Mapping[str, Fact]:
    """Return the named facts of a unit as of ``on``; ``unit`` is already cut at that day."""
    return FactsOnDemand(
        {**paper_facts(unit.rare, rules.paper_names), **_told_facts(unit)},
        [
            (OF_THE_UNIT, partial(_facts_of_the_unit, unit, rules, facts, on)),
            (OF_THE_ROSTER, partial(roster_facts, facts, unit.id, on)),
        ],
    )


def _told_facts(unit: Unit) -> dict[str, Fact]:
    start = unit.last(ev.UnitEstablished)
    if start is None:
        return {}
    told, act = start
    return {
        "unit_kind": Fact(told.kind),
        "unit_level": Fact(told.level),
        "established_on": Fact(told.established_on, act.source),
        "books_from": Fact(unit.books_from, act.source),
    }


def _facts_of_the_unit(unit: Unit, rules: Rules, facts: Facts, on: date) -> dict[str, Fact]:
    told, election = unit.established, unit.election
    found = {name: Fact(value) for name, value in unit_book(facts.unit(unit.id, on), None).items()}
    if election is not None and told is not None:
        found["elected_on"] = Fact(election[0].held_on, election[1].source)
        ends = rules.term_end(election[0].held_on, told.kind, told.level)
        if ends is not None:
            found["term_until"] = Fact(ends[0], election[1].source, (ends[1],))
    return found


def done_of(unit: Unit, rules: Rules, facts: Facts, kind: str | None) -> Mapping[str, list[Done]]:
    """Return the acts of a unit by command, meetings also by their type, each judged by today's knowledge."""
    found: dict[str, list[Done]] = {}
    for act in unit.acts:
        event = act.event
        name = getattr(type(event), "step", "")
        if isinstance(event, ev.MeetingHeld):
            found.setdefault(event.type, []).append(_meeting(event, act, unit, rules, facts, kind))
            name = "hold_meeting"
        found.setdefault(name, []).append(act.done())
    return found


def meeting_facts(event: ev.MeetingHeld, unit: Unit, facts: Facts) -> dict[str, Any]:
    """Return what the minutes say; where they leave out who should attend, the day's roster is the base."""
    eligible = event.eligible
    if eligible is None:
        eligible = base_of(event.type, unit, facts, event.held_on)
    return {
        "type": event.type,
        "eligible": eligible,
        "attending": event.attending,
        "resolutions": list(event.resolutions),
        "outstanding": event.grades.outstanding if event.grades else None,
        "graded": event.grades.in_all if event.grades else None,
    }


def roll_without(roster: Roster, excluded: tuple[ev.Excluded, ...]) -> tuple[UUID, ...]:
    """Return the voters of a day but for those rightly left out of the count."""
    left_out = {one.person.person for one in excluded if one.is_valid}
    return tuple(person for person in roster.roll if person not in left_out)


def base_of(meeting: str, unit: Unit, facts: Facts, on: date) -> int | None:
    """Return how many should attend a meeting on a day: committee members, voters, or all members."""
    if meeting == "committee_meeting":
        return unit.at(on).committee_size
    roster = facts.roster(unit.id, on)
    if roster is None:
        return None
    return len(roster.voters) if meeting == "branch_assembly" else roster.members


def meeting_findings(
    event: ev.MeetingHeld, unit: Unit, rules: Rules, facts: Facts, *, complete: bool
) -> tuple[Finding, ...]:
    """Return what the rules in force on the day of a meeting say of it, by what is known now."""
    said = meeting_facts(event, unit, facts)
    cut = unit.at(event.held_on)
    book = FactBook(
        facts_of(cut, rules, facts, event.held_on), complete=complete, reliefs=reliefs_of(cut.rare)
    ).extended({k: Fact(v) for k, v in said.items() if v is not None})
    return rules.check("hold_meeting", on=event.held_on, book=book)


def _meeting(
    event: ev.MeetingHeld, act: OnBooks, unit: Unit, rules: Rules, facts: Facts, kind: str | None
) -> Done:
    flaws: tuple[str, ...] = ()
    if rules.may_block("hold_meeting", "type", event.type):
        found = meeting_findings(event, unit, rules, facts, complete=False)
        flaws = tuple(f.rule for f in found if f.verdict is Verdict.BLOCK)
    said = meeting_facts(event, unit, facts)
    base = {k: said[k] for k in ("eligible", "attending") if said[k] is not None}
    return act.done(valid=not flaws, period=event.for_period, base=base, flaws=flaws)


def book_of(unit: Unit, rules: Rules, facts: Facts, on: date, *, complete: bool = True) -> FactBook:
    """Return the book of facts on a unit as of ``on``, without its acts."""
    cut = unit.at(on)
    return FactBook(
        facts_of(cut, rules, facts, on), _elections(cut), complete=complete, reliefs=reliefs_of(cut.rare)
    )


def _elections(unit: Unit) -> dict[str, list[Done]]:
    return {"elect_committee": [act.done() for _, act in unit.each(ev.CommitteeElected)]}


class Daybook:
    """The books of facts on one unit, each day's read once.

    Between two acts that are no meetings nothing differs but the roster, which is counted only where a rule
    asks for it.
    """

    def __init__(self, unit: Unit, rules: Rules, facts: Facts) -> None:
        self._unit, self._rules, self._facts = unit, rules, facts
        self._days: dict[date, FactBook] = {}
        self._between: dict[int, tuple[Mapping[str, Fact], Mapping[str, list[Done]]]] = {}

    def on(self, day: date) -> FactBook:
        """Return the book as of a day, without the acts of that day but elections."""
        if day not in self._days:
            known, done = self._known(day)
            roster = (OF_THE_ROSTER, partial(roster_facts, self._facts, self._unit.id, day))
            self._days[day] = FactBook(FactsOnDemand(known, [roster]), done)
        return self._days[day]

    def _known(self, day: date) -> tuple[Mapping[str, Fact], Mapping[str, list[Done]]]:
        count = self._unit.rare_by(day)
        if count not in self._between:
            cut = self._unit.at(day)
            known = {**_facts_of_the_unit(cut, self._rules, self._facts, day), **_told_facts(cut)}
            self._between[count] = known, _elections(cut)
        return self._between[count]


def whole_book(
    unit: Unit, rules: Rules, facts: Facts, on: date, done: Mapping[str, Sequence[Done]] | None = None
) -> FactBook:
    """Return the book of facts on a unit with all its acts, for limits and duties.

    ``done``: those acts, where they were judged already by rules that say the same of meetings.
    """
    cut = unit.at(on)
    kind = cut.established.kind if cut.established else None
    acts = done_of(cut, rules, facts, kind) if done is None else done
    return FactBook(facts_of(cut, rules, facts, on), acts, complete=False, reliefs=reliefs_of(cut.rare))
