"""What a command of a unit leads to, checked against the rules in force on its day."""

from __future__ import annotations

from datetime import timedelta
from functools import singledispatch
from typing import Any
from uuid import UUID

from workflows.domain.act import Command, Decision, Who, decision, impossible_numbers, of_stage
from workflows.domain.facts import Facts, Member
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import base_of, book_of, meeting_facts, roll_without
from workflows.domain.unit.state import Unit
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict
from workflows.policies.pack import parse_pack
from workflows.policies.rules import Rules

ROSTER_DIFFERS = "input-eligible-roster"


class Case:
    """One command at one unit: everything a decision may look at; ``unit`` is as of the day of the act."""

    def __init__(self, command: Command, unit: Unit, rules: Rules, facts: Facts, *, complete: bool) -> None:
        self.command, self.unit, self.rules, self.facts = command, unit.at(command.on), rules, facts
        self.complete = complete

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of every rule, with what the command says as facts."""
        book = book_of(self.unit, self.rules, self.facts, self.command.on, complete=self.complete)
        more = {name: Fact(value) for name, value in said.items() if value is not None}
        found = self.rules.check(self.command.verb(), on=self.command.on, book=book.extended(more))
        return (*self._exists(), *found)

    def _exists(self) -> tuple[Finding, ...]:
        founding = isinstance(self.command, cmd.EstablishUnit)
        if founding == (self.unit.established is None):
            return ()
        if not founding and not self.complete:
            return ()
        return (of_stage("branch-approve", "", stage="established" if founding else "nothing"),)

    def who(self, name: str | None) -> Who | None:
        """Return who is meant by a name seen from this unit."""
        return None if name is None else self.facts.find(name, self.unit.id, self.command.on)


def decide(
    command: Command,
    unit: Unit,
    rules: Rules,
    facts: Facts,
    *,
    superior: UUID | None = None,
    complete: bool = True,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``superior`` is the unit that ``establish_unit`` names as its superior, found by the caller.
    """
    case = Case(command, unit, rules, facts, complete=complete)
    if isinstance(command, cmd.EstablishUnit):
        return _establish(command, case, superior)
    return _decide(command, case)


def _establish(command: cmd.EstablishUnit, case: Case, superior: UUID | None) -> Decision:
    event = ev.UnitEstablished(
        established_on=command.on,
        name=command.name,
        level=command.level,
        kind=command.kind,
        superior=superior,
        books_from=command.books_from,
        roster_known=command.roster_known,
        cell_count=command.cell_count,
    )
    return decision(event, findings=case.check(unit_kind=command.kind, unit_level=command.level))


@singledispatch
def _decide(command: Command, case: Case) -> Decision:
    raise TypeError(f"no decision for {type(command).__name__}")


@_decide.register
def _(command: cmd.AdoptPack, case: Case) -> Decision:
    pack = parse_pack(command.text or "")
    event = ev.PackAdopted(
        adopted_on=command.on,
        pack=pack.id,
        title=pack.title,
        level=pack.level,
        start=command.start or command.on,
        text=command.text or "",
        running=dict(command.running),
    )
    conflicts = (*case.rules.loosened_by(pack, event.start), *case.rules.otherwise_in(pack))
    return decision(event, findings=(*case.check(), *conflicts))


@_decide.register
def _(command: cmd.RetirePack, case: Case) -> Decision:
    event = ev.PackRetired(retired_on=command.on, pack=command.pack, start=command.start or command.on)
    return decision(event, findings=case.check())


@_decide.register
def _(command: cmd.IssueTermReminder, case: Case) -> Decision:
    event = ev.TermReminderIssued(issued_on=command.on, term_until=command.term_until)
    return decision(event, findings=case.check())


@_decide.register
def _(command: cmd.MarkTermDue, case: Case) -> Decision:
    return decision(ev.TermDue(noticed_on=command.on, term_until=command.term_until), findings=case.check())


@_decide.register
def _(command: cmd.MarkTermOverdue, case: Case) -> Decision:
    event = ev.TermOverdue(noticed_on=command.on, term_until=command.term_until)
    return decision(event, findings=case.check())


@_decide.register
def _(command: cmd.ElectCommittee, case: Case) -> Decision:
    excluded = tuple(
        ev.Excluded(_found(case, e.person), e.reason, e.superior_consent, e.assembly_vote)
        for e in command.excluded
    )
    candidates = tuple(ev.Candidate(_found(case, c.person), c.votes) for c in command.candidates)
    posts = tuple(ev.Post(_found(case, name), post) for name, post in command.posts.items())
    eligible = command.eligible
    roster = case.facts.roster(case.unit.id, command.on)
    roll = None
    if roster is not None and case.complete:
        roll = roll_without(roster, excluded)
        eligible = len(roll) if eligible is None else eligible
    attending = _attending(command.attending, case)
    secretaries = [p.person for p in posts if p.post == "secretary"]
    said = {
        "eligible": eligible,
        "attending": attending,
        "candidates": [
            _Tally(c.person.label if c.person.person else f"#{i}", c.votes)
            for i, c in enumerate(candidates, 1)
        ]
        or None,
        "seats": command.seats,
        "ballots_issued": command.ballots_issued,
        "ballots_returned": command.ballots_returned,
        "elected_posts": len(posts) or command.seats,
        "secretaries": [case.facts.member(who, command.on) for who in secretaries] or None,
        "officers": [case.facts.member(p.person, command.on) for p in posts] or None,
        "excluded": [_left_out(e) for e in excluded] or None,
    }
    named = [(c.votes,) for c in candidates]
    findings = (
        *_unsaid_is_unknown(command, case.check(**said)),
        *impossible_numbers(eligible, attending, named),
    )
    valid = not any(f.verdict is Verdict.BLOCK for f in findings)
    elected = _elected(candidates, attending, command.seats) if valid else ()
    lost = {c.person for c in candidates if c.votes is not None} - set(elected)
    if valid and elected and lost & {post.person for post in posts}:
        findings = (*findings, _not_elected())
    event = ev.CommitteeElected(
        held_on=command.on,
        eligible=eligible,
        attending=attending,
        excluded=excluded,
        ballots_issued=command.ballots_issued,
        ballots_returned=command.ballots_returned,
        ballots_valid=command.ballots_valid,
        seats=command.seats,
        candidates=candidates,
        posts=posts,
        elected=elected,
        term_years=command.term_years,
        roll=roll,
    )
    return decision(event, findings=findings)


def _not_elected() -> Finding:
    return Finding(rule="input-post-not-elected", verdict=Verdict.BLOCK, kind="input", severity="block")


def _left_out(excluded: ev.Excluded) -> Member:
    told = {"superior_consent": excluded.superior_consent, "assembly_vote": excluded.assembly_vote}
    return Member(excluded.person, told)


class _Tally:
    """A candidate as the rules see one: a label that is no name, and the votes."""

    def __init__(self, label: str, votes: int | None) -> None:
        self.label, self.votes = label, votes


def _unsaid_is_unknown(command: cmd.ElectCommittee, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Drop ``incomplete`` for numbers of ballots and candidates nobody is bound to give."""
    optional = {"ballots_issued", "ballots_returned", "candidates", "seats", "elected_posts"}
    return tuple(f for f in findings if f.verdict is not Verdict.INCOMPLETE or not set(f.missing) <= optional)


def _elected(
    candidates: tuple[ev.Candidate, ...], attending: int | None, seats: int | None
) -> tuple[Who, ...]:
    """Return who is elected: more than half of those present, most votes first, no more than there are seats.

    A tie at the last seat elects neither: they are voted on again (``elect-tie``).
    """
    if attending is None:
        return ()
    chosen = sorted(
        (c for c in candidates if c.votes is not None and c.votes * 2 > attending),
        key=lambda c: -(c.votes or 0),
    )
    if seats is not None and len(chosen) > seats:
        line = chosen[seats].votes
        chosen = chosen[:seats]
        if chosen[-1].votes == line:
            chosen = [c for c in chosen if c.votes != line]
    return tuple(c.person for c in chosen)


def _found(case: Case, name: str) -> Who:
    return case.facts.find(name, case.unit.id, case.command.on)


def _attending(said: int | list[str] | None, case: Case) -> int | None:
    """Return a head count; of those named only voters count where the roster is known."""
    if not isinstance(said, list):
        return said
    roster = case.facts.roster(case.unit.id, case.command.on)
    present = {_found(case, name).person for name in said}
    return len(present & roster.voters) if roster is not None else len(said)


@_decide.register
def _(command: cmd.HoldMeeting, case: Case) -> Decision:
    event = ev.MeetingHeld(
        held_on=command.on,
        type=command.type,
        chair=case.who(command.chair),
        lecturer=case.who(command.lecturer),
        eligible=command.eligible,
        attending=_attending(command.attending, case),
        exempt=tuple(ev.Absent(_found(case, a.person), a.reason) for a in command.exempt),
        leave=tuple(ev.Absent(_found(case, a.person), a.reason) for a in command.leave),
        topics=tuple(command.topics),
        resolutions=tuple(
            ev.Resolution(r.topic, r.in_favour, r.against, r.abstained, r.written_in_favour, r.secret)
            for r in command.resolutions
        ),
        attachments=tuple(command.attachments),
        grades=None
        if command.grades is None
        else ev.Grades(**{n: getattr(command.grades, n) for n in command.grades.__struct_fields__}),
        cell=command.cell,
        for_period=command.for_period,
        roll=_roll(command, case),
    )
    said = meeting_facts(event, case.unit, case.facts)
    findings = case.check(**said, chairs=_chairing(event.chair, case))
    cast = [(r.in_favour, r.against, r.abstained) for r in event.resolutions]
    written = [r.written_in_favour for r in event.resolutions]
    impossible = impossible_numbers(event.eligible, event.attending, cast, written)
    return decision(event, findings=(*findings, *impossible, *_roster_differs(command, case)))


def _roll(command: cmd.HoldMeeting, case: Case) -> tuple[UUID, ...] | None:
    if command.type != "branch_assembly" or not command.resolutions or not case.complete:
        return None
    roster = case.facts.roster(case.unit.id, command.on)
    return None if roster is None else roster.roll


def _chairing(chair: Who | None, case: Case) -> list[Member] | None:
    """Return who chairs, and whether they are on the committee of the day, or the one a new one follows."""
    before = case.unit.at(case.command.on - timedelta(days=1))
    committee = {post.person for unit in (before, case.unit) for post in unit.committee}
    if chair is None or chair.person is None or not committee:
        return None
    return [Member(chair, {"on_committee": chair in committee})]


def _roster_differs(command: cmd.HoldMeeting, case: Case) -> tuple[Finding, ...]:
    if command.eligible is None or not case.complete:
        return ()
    base = base_of(command.type, case.unit, case.facts, command.on)
    if base is None or base == command.eligible:
        return ()
    facts = {"eligible": command.eligible, "roster": base, "on": command.on.isoformat()}
    return (Finding(rule=ROSTER_DIFFERS, verdict=Verdict.NOTE, kind="input", facts=facts),)
