"""The facts of a unit that rules ask for, by name, each with the event it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks, Who
from workflows.domain.facts import OF_THE_ROSTER, Facts, roster_facts, unit_book
from workflows.domain.papers import paper_facts
from workflows.domain.unit import events as ev
from workflows.domain.unit import meeting_events as mv
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.attendance import attendance, due
from workflows.domain.unit.contacts import OF_THE_BODY, body_facts, counted_contacts
from workflows.domain.unit.life import cell_named, cells_of, fixed_day_of, theme_day_on
from workflows.domain.unit.outcomes import is_void
from workflows.domain.unit.posts import SECRETARY, vacancies_on
from workflows.domain.unit.state import Unit, holdings_of, secretary_of
from workflows.domain.unit.terms import moved_ends, terms_of
from workflows.domain.waivers import reliefs_of
from workflows.kernel.events import Event
from workflows.policies.acts import TALKS
from workflows.policies.facts import Done, Fact, FactBook, FactsOnDemand, Part
from workflows.policies.findings import Finding, Verdict, worst_first
from workflows.policies.rules import Rules

OF_THE_UNIT = frozenset({
    "unit_kind", "unit_level", "books_from", "committee_size", "has_committee", "elected_on", "term_until",
    "term_ends", "kinds_elected", "dissolved_on", "is_township",
})  # fmt: skip
"""The facts read of a unit as it stands on the books: its kind and level are known before it was set up."""

OF_THE_POSTS = frozenset({"vacant_since", "secretary_vacant_since"})
"""The facts for which it must be known who of the committee has left."""


OF_THE_TREE = frozenset({"members_below"})
"""The facts for which all below a unit must be counted."""

OF_THE_COUNTY = frozenset({"is_county"})
"""The facts for which it must be known what stands directly below a unit."""

OF_NEW_MEMBERS = frozenset({"developed_on", "target_listed_on"})
"""The facts for which it must be known when somebody of the unit last came to a stage."""


def facts_of(unit: Unit, rules: Rules, facts: Facts, on: date) -> Mapping[str, Fact]:
    """Return the named facts of a unit as of ``on``; ``unit`` is already cut at that day."""
    return FactsOnDemand(
        {**paper_facts(unit.rare, rules.paper_names), **_told_facts(unit)},
        [
            (OF_THE_UNIT, partial(_facts_of_the_unit, unit, rules, facts, on)),
            (OF_THE_ROSTER, partial(roster_facts, facts, unit.id, on)),
            (OF_THE_POSTS, partial(_facts_of_the_posts, unit, facts, on)),
            (frozenset({"branches"}), partial(_branches, facts, unit.id)),
            (OF_THE_TREE, partial(_facts_of_the_tree, unit, facts, on)),
            *_asked_of_others(unit, facts, on),
        ],
    )


def _asked_of_others(
    unit: Unit, facts: Facts, on: date
) -> list[tuple[frozenset[str], Callable[[], Mapping[str, Fact]]]]:
    return [
        (OF_THE_BODY, partial(body_facts, unit, facts, on)),
        (OF_THE_COUNTY, partial(_facts_of_the_county, unit, facts, on)),
        (OF_NEW_MEMBERS, partial(_facts_of_new_members, unit, facts, on)),
    ]


def _told_facts(unit: Unit) -> dict[str, Fact]:
    start = unit.last(ev.UnitEstablished)
    if start is None:
        return {}
    told, act = start
    return {
        "unit_kind": Fact((unit.identity.kind if unit.identity else told.kind) or None),
        "unit_level": Fact(unit.identity.level if unit.identity else told.level),
        "established_on": Fact(told.established_on, act.source),
        "books_from": Fact(unit.books_from, act.source),
        "cells": Fact(
            [
                Part(cell.name, cell.name, cell.since.on, cell.until, cell.since.source)
                for cell in cells_of(unit)
            ]
        ),
    }


def _facts_of_the_unit(unit: Unit, rules: Rules, facts: Facts, on: date) -> dict[str, Fact]:
    found = {name: Fact(value) for name, value in unit_book(facts.unit(unit.id, on), None).items()}
    ended = next((act for act in reversed(unit.rare) if _is_end(act.event)), None)
    if ended is not None:
        found["dissolved_on"] = Fact(unit.dissolved_on, ended.source)
    founding = unit.established.founding if unit.established is not None else None
    if isinstance(founding, ev.Founding):
        found["is_township"] = Fact(founding.is_township)
    if len(unit.dated.kinds) > 1:
        found |= {"kinds_elected": Fact(_kinds_elected(unit))}
    terms = terms_of(unit, rules)
    if not terms:
        return found
    term = terms[-1]
    found["elected_on"] = Fact(term.act.on, term.act.source)
    if term.until is not None:
        moved = term.changes[-1][1] if term.changes else None
        source, calc = (term.act, term.calc) if moved is None else (moved, ())
        found["term_until"] = Fact(term.until, source.source, calc)
        if moved is not None:
            found["term_moved_on"] = Fact(moved.on, moved.source)
    ends = moved_ends(terms, unit.identity.level if unit.identity is not None else "")
    if ends:
        found["term_ends"] = Fact(ends)
    return found


def _facts_of_the_posts(unit: Unit, facts: Facts, on: date) -> dict[str, Fact]:
    """Return since when posts of the running term are vacant: the oldest vacancy, that of the secretary."""
    election = unit.election
    vacant = vacancies_on(holdings_of(unit, facts), election[0] if election else None, on)
    found = {"vacant_since": Fact(vacant[0].since)} if vacant else {}
    secretary = [one for one in vacant if one.post == SECRETARY]
    if secretary:
        found["secretary_vacant_since"] = Fact(secretary[0].since)
    return found


def _facts_of_the_tree(unit: Unit, facts: Facts, on: date) -> dict[str, Fact]:
    """Return how many members a unit and all below it have; of one not yet set up nothing is known."""
    found: dict[str, Fact] = {}
    if unit.established is not None:
        found["members_below"] = Fact(facts.members_below(unit.id, on))
    return found


def _facts_of_the_county(unit: Unit, facts: Facts, on: date) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    found["is_county"] = Fact(facts.is_county(unit.id, on))
    return found


def _facts_of_new_members(unit: Unit, facts: Facts, on: date) -> dict[str, Fact]:
    """Return since when nobody was developed, or listed to be (from the beginning of the books at most)."""
    found: dict[str, Fact] = {}
    found["developed_on"] = Fact(facts.newest(unit.id, "probationary", on))
    found["target_listed_on"] = Fact(facts.newest(unit.id, "target", on))
    return found


def _is_end(event: Event) -> bool:
    return isinstance(event, tree.UnitDissolved) or (isinstance(event, tree.UnitSplit) and event.ends)


def _kinds_elected(unit: Unit) -> dict[UUID, str]:
    """Return the kind of the unit on the day of each election: a running term is served out."""
    elections = ((act.source.event_id, unit.identity_on(act.on)) for _, act in unit.each(ev.CommitteeElected))
    return {event_id: told.kind for event_id, told in elections if told is not None}


def _branches(facts: Facts, unit_id: UUID) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    found["branches"] = Fact(list(facts.branches(unit_id)))
    return found


def done_of(unit: Unit, rules: Rules, facts: Facts, kind: str | None) -> Mapping[str, list[Done]]:
    """Return the acts of a unit by command and by what duties count, judged by today's knowledge.

    A meeting stands under its type, too, under each where the gathering was several; a lecture of the
    secretary, a talk and a document under what they were.
    """
    found: dict[str, list[Done]] = {}
    for act in unit.acts:
        event = act.event
        name = getattr(type(event), "step", "")
        if isinstance(event, ev.MeetingHeld):
            for meeting, held in _meetings(event, act, unit, rules, facts):
                found.setdefault(meeting, []).append(held)
            name = "hold_meeting"
        for counted, done in told_of(event, act, unit):
            found.setdefault(counted, []).append(done)
        if isinstance(event, ev.Ballot) and is_void(event):
            continue
        found.setdefault(name, []).append(act.done(**_part_of(event)))
    return found | counted_contacts(unit, facts)


def told_of(event: Event, act: OnBooks, unit: Unit) -> list[tuple[str, Done]]:
    """Return what else duties count an act as: a document by its kind, a talk by who talked.

    Where nobody is named, or somebody who is not on the books, it may be each of the talks: a person decides.
    """
    if isinstance(event, mv.DocumentFiled):
        return [(event.kind, act.done(period=event.for_period))]
    if not isinstance(event, mv.HeartToHeartTalkHeld):
        return []
    people = event.participants or ()
    talk = kind_of_talk(people, frozenset(post.person for post in unit.at(act.on).committee))
    if talk is not None:
        return [(talk, act.done())]
    if people and all(who.person for who in people):
        return []  # somebody alone
    flaw = TALK_UNKNOWN if people else TALK_UNTOLD
    return [(one, act.done(valid=False, flaws=(flaw,))) for one in TALKS]


def _part_of(event: Event) -> dict[str, Any]:
    if isinstance(event, mv.BranchReportHeard) and event.branch is not None:
        return {"part": str(event.branch), "period": event.for_period}
    return {}


def kind_of_talk(people: tuple[Who, ...], committee: frozenset[Who]) -> str | None:
    """Return which of the talks asked for it was; None where somebody is not on the books, or is alone."""
    if len(set(people)) <= 1 or not all(who.person for who in people):
        return None
    inside = sum(who in committee for who in people)
    if inside == len(people):
        return "talk_in_committee"
    return "talk_with_member" if inside else "talk_among_members"


def meeting_facts(event: ev.MeetingHeld, unit: Unit, facts: Facts, meeting: str = "") -> dict[str, Any]:
    """Return what the minutes say of a gathering as one of the meetings it was (its own type for "").

    Where they leave out who should attend, the day's roster is the base.
    """
    kind = meeting or event.type
    counted = attendance(event, kind, unit, facts)
    return {
        "type": kind,
        "eligible": counted.eligible,
        "attending": counted.attending,
        "exempt": counted.exempt or None,
        "exempt_here": counted.exempt_here or None,
        "resolutions": list(event.resolutions),
        "outstanding": event.grades.outstanding if event.grades else None,
        "graded": event.grades.in_all if event.grades else None,
        "joined": list(event.types) if event.also else None,
        "rituals": list(event.rituals) or None,
        "theme_day_kept": _theme_day_kept(event, unit) if kind == "theme_party_day" else None,
    }


def _theme_day_kept(event: ev.MeetingHeld, unit: Unit) -> bool | None:
    """Say whether a theme day was held on its fixed day, or on one it was moved to; None: no day is fixed."""
    fixed = theme_day_on(unit, event.held_on)
    if fixed is None:
        return None
    moved = {e.to for e, _ in unit.at(event.held_on).each(mv.ThemeDayMoved)}
    return event.held_on == fixed_day_of(fixed[0], event.held_on) or event.held_on in moved


def base_of(meeting: str, unit: Unit, facts: Facts, on: date) -> int | None:
    """Return how many should attend a meeting on a day: committee members, voters, or all members."""
    return due(ev.MeetingHeld(held_on=on, type=meeting), meeting, unit, facts).number


def meeting_findings(
    event: ev.MeetingHeld,
    unit: Unit,
    rules: Rules,
    facts: Facts,
    *,
    complete: bool,
    meetings: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Return what the rules in force on the day of a gathering say of it, by what is known now.

    It is judged as each of the meetings it was, or as those named.
    """
    cut = unit.at(event.held_on)
    book = FactBook(
        facts_of(cut, rules, facts, event.held_on), complete=complete, reliefs=reliefs_of(cut.rare)
    )
    found: list[Finding] = []
    for meeting in meetings or event.types:
        said = meeting_facts(event, unit, facts, meeting)
        told = {k: Fact(v) for k, v in said.items() if v is not None}
        for finding in rules.check("hold_meeting", on=event.held_on, book=book.extended(told)):
            if finding not in found:
                found.append(finding)
    return worst_first(found)


def unjoined(event: ev.MeetingHeld, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return which of the other meetings of a gathering no rule allows to be held together with it."""
    together = [set(f.facts["joined"]) for f in findings if f.kind == "joins" and f.verdict is Verdict.OK]
    return tuple(also for also in event.types[1:] if not any(also in allowed for allowed in together))


def _meetings(
    event: ev.MeetingHeld, act: OnBooks, unit: Unit, rules: Rules, facts: Facts
) -> Iterator[tuple[str, Done]]:
    """Yield what duties count a gathering as: each of the meetings it was, each with its own base."""
    alone: tuple[str, ...] = ()
    if event.also:
        alone = unjoined(event, meeting_findings(event, unit, rules, facts, complete=False))
    for meeting in event.types:
        flaws: tuple[str, ...] = (NOT_JOINED,) if meeting in alone else ()
        if rules.may_block("hold_meeting", "type", meeting):
            found = meeting_findings(event, unit, rules, facts, complete=False, meetings=(meeting,))
            flaws += tuple(f.rule for f in found if f.verdict is Verdict.BLOCK)
        counted = attendance(event, meeting, unit, facts)
        told = {"eligible": counted.eligible, "attending": counted.attending, "exempt": counted.exempt}
        base = {k: v for k, v in told.items() if v is not None and (v or k != "exempt")}
        part = _cell_of(event, unit) if meeting == "cell_meeting" else ""
        held = act.done(valid=not flaws, period=event.for_period, base=base, flaws=flaws, part=part)
        yield meeting, held
        if meeting == "party_lecture" and is_by_secretary(event, unit):
            yield "secretary_lecture", held


def _cell_of(event: ev.MeetingHeld, unit: Unit) -> str:
    cell = cell_named(unit, event.cell, event.held_on)
    return cell.name if cell else ""


def is_by_secretary(event: ev.MeetingHeld, unit: Unit) -> bool:
    """Say whether the secretary of the day gave the lecture."""
    held = secretary_of(unit.at(event.held_on).holdings, event.held_on)
    return held is not None and event.lecturer is not None and event.lecturer.person == held[0]


NOT_JOINED = "input-joined"
"""What makes a meeting held together with another one count for nothing: no rule allows it."""

TALK_UNKNOWN, TALK_UNTOLD = "input-talk-unknown", "input-talk-untold"
"""What makes a talk count for nothing by itself: somebody is not on the books, or nobody is named."""


def book_of(unit: Unit, rules: Rules, facts: Facts, on: date, *, complete: bool = True) -> FactBook:
    """Return the book of facts on a unit as of ``on``, without its acts."""
    cut = unit.at(on)
    return FactBook(
        facts_of(cut, rules, facts, on), _elections(cut), complete=complete, reliefs=reliefs_of(cut.rare)
    )


def _elections(unit: Unit) -> dict[str, list[Done]]:
    return {"elect_committee": [act.done() for _, act in unit.ballots]}


class Daybook:
    """The books of facts on one unit, each day's read once.

    Between two acts that are no meetings nothing differs but the roster, which is counted only where a rule
    asks for it. ``until``: the day up to which things are told: of the days after it nothing else is known.
    """

    def __init__(self, unit: Unit, rules: Rules, facts: Facts, until: date = date.max) -> None:
        self._unit, self._rules, self._facts, self._until = unit, rules, facts, until
        self._days: dict[date, FactBook] = {}
        self._between: dict[int, tuple[Mapping[str, Fact], Mapping[str, list[Done]]]] = {}

    def on(self, day: date) -> FactBook:
        """Return the book as of a day, without the acts of that day but elections."""
        if day not in self._days:
            known, done, told_by = *self._known(day), min(day, self._until)
            roster = (OF_THE_ROSTER, partial(roster_facts, self._facts, self._unit.id, told_by))
            cut = self._unit.at(day)
            posts = (OF_THE_POSTS, partial(_facts_of_the_posts, cut, self._facts, day))
            others = _asked_of_others(cut, self._facts, told_by)
            self._days[day] = FactBook(FactsOnDemand(known, [roster, posts, *others]), done)
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
    kind = cut.identity.kind if cut.identity else None
    acts = done_of(cut, rules, facts, kind) if done is None else done
    return FactBook(facts_of(cut, rules, facts, on), acts, complete=False, reliefs=reliefs_of(cut.rare))
