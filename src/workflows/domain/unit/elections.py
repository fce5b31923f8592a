"""选举支部委员会、书记, and what the scheduler noticed of a term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from workflows.domain.act import Decision, decision, impossible_numbers
from workflows.domain.facts import Facts, Member
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import election_commands as election_cmd
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit.attendance import roll_without
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.meetings import ROSTER_DIFFERS, came_after_all, excluded_by, left_out
from workflows.domain.unit.outcomes import elected_of, is_void, winners
from workflows.domain.unit.posts import SECRETARY
from workflows.domain.unit.terms import months_early, renewal_of, term_of
from workflows.policies.findings import Finding, Verdict


@decided.register
def _(command: cmd.IssueTermReminder, case: Case) -> Decision:
    event = ev.TermReminderIssued(issued_on=command.on, term_until=command.term_until)
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.MarkTermDue, case: Case) -> Decision:
    return decision(ev.TermDue(noticed_on=command.on, term_until=command.term_until), findings=case.check())


@decided.register
def _(command: cmd.MarkTermOverdue, case: Case) -> Decision:
    event = ev.TermOverdue(noticed_on=command.on, term_until=command.term_until)
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.ElectCommittee, case: Case) -> Decision:
    told, findings = _minutes(command, case)
    return decision(ev.CommitteeElected(**told, term_years=command.term_years), findings=findings)


@decided.register
def _(command: election_cmd.ElectBy, case: Case) -> Decision:
    told, findings = _minutes(command, case)
    return decision(el.ByElectionHeld(**told), findings=findings)


def _minutes(command: cmd.BallotCommand, case: Case) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return the fields of the event of an election, and what is found of it."""
    excluded = excluded_by(command.excluded, case)
    candidates = tuple(ev.Candidate(case.find(c.person), c.votes) for c in command.candidates)
    posts = tuple(ev.Post(case.find(name), post) for name, post in command.posts.items())
    tellers = tuple(case.find(name) for name in command.tellers)
    eligible = command.eligible
    roster = case.facts.roster(case.unit.id, command.on)
    roll, came = None, case.everybody(command.attending)
    if roster is not None and case.complete:
        roll = roll_without(roster, excluded, came)
        eligible = len(roll) if eligible is None else eligible
    told: dict[str, Any] = {
        "held_on": command.on,
        "eligible": eligible,
        "attending": case.present(command.attending),
        "excluded": excluded,
        "candidates": candidates,
        "posts": posts,
        "roll": roll,
        "tellers": tellers,
        **{name: getattr(command, name) for name in _AS_TOLD},
    }
    findings = (*_found(command, case, told), *_cannot_be(candidates, posts), *came_after_all(excluded, came))
    told["elected"] = elected_of(ev.CommitteeElected(**told, findings=findings))
    lost = {c.person for c in candidates if c.votes is not None} - set(told["elected"])
    if told["elected"] and lost & {post.person for post in posts}:
        findings = (*findings, _of_input("input-post-not-elected", Verdict.BLOCK))
    return told, findings


def _cannot_be(candidates: tuple[ev.Candidate, ...], posts: tuple[ev.Post, ...]) -> Iterator[Finding]:
    """Yield what minutes cannot mean: votes told twice of one candidate, two secretaries of one branch."""
    standing = [c.person for c in candidates if c.person.person is not None]
    twice = [who.label for who in dict.fromkeys(standing) if standing.count(who) > 1]
    if twice:
        yield _of_input("input-candidate-twice", Verdict.BLOCK, unfit=twice)
    secretaries = [post.person.label for post in posts if post.post == SECRETARY]
    if len(secretaries) > 1:
        yield _of_input("input-two-secretaries", Verdict.BLOCK, unfit=secretaries)


_AS_TOLD = (
    "ballots_issued", "ballots_returned", "ballots_valid", "ballots_over", "seats", "secret", "proxies",
)  # fmt: skip


def _found(command: cmd.BallotCommand, case: Case, told: dict[str, Any]) -> tuple[Finding, ...]:
    minutes = ev.CommitteeElected(**told)
    named = [(c.votes,) for c in minutes.candidates or ()]
    checked = (
        *_unsaid_is_unknown(
            command, case.check(**ballot_facts(minutes, case.facts), **_too_early(command, case))
        ),
        *impossible_numbers(minutes.eligible, minutes.attending, named),
        *_roster_differs(command, minutes),
        *_not_approved(case, minutes),
    )
    void = is_void(replace(minutes, findings=checked))
    return tuple(f for f in checked if not (void and f.facts.keys() & {"tied", "unfilled"}))


def ballot_facts(minutes: ev.Ballot, facts: Facts) -> dict[str, Any]:
    """Return what the minutes of an election say, as rules ask for it."""
    candidates, posts, on = minutes.candidates or (), minutes.posts or (), minutes.held_on
    standing = dict.fromkeys([*(c.person for c in candidates), *(p.person for p in posts)])
    returned, over = minutes.ballots_returned, minutes.ballots_over
    said: dict[str, Any] = {
        "eligible": minutes.eligible,
        "attending": minutes.attending,
        "candidates": [
            _Tally(c.person.label if c.person.person else f"#{i}", c.votes)
            for i, c in enumerate(candidates, 1)
        ]
        or None,
        "seats": minutes.seats,
        "ballots_issued": minutes.ballots_issued,
        "ballots_returned": returned,
        "ballots_valid": minutes.ballots_valid,
        "ballots_over": over,
        "ballots_countable": None if returned is None or over is None else max(0, returned - over),
        "secret": minutes.secret,
        "proxies": minutes.proxies,
        "tellers": [Member(who, {"is_candidate": who in standing}) for who in minutes.tellers or ()] or None,
        "elected_posts": max(len(posts), minutes.seats or 0) or None,
        "secretaries": [facts.member(p.person, on) for p in posts if p.post == SECRETARY] or None,
        "officers": [facts.member(who, on) for who in standing] or None,
        "excluded": [left_out(e) for e in minutes.excluded or ()] or None,
    }
    if minutes.attending is not None and any(c.votes is not None for c in candidates):
        chosen, tied = winners(candidates, minutes.attending, minutes.seats)
        unfilled = None if minutes.seats is None else minutes.seats - len(chosen)
        said |= {"tied": [who.label for who in tied], "unfilled": unfilled}
    return said


def _too_early(command: cmd.BallotCommand, case: Case) -> dict[str, Any]:
    """Return by how many whole months a new committee comes before the end of the term, and if approved.

    A further election on the day of the last one is that election held again.
    """
    term = term_of(case.unit, case.rules)
    if term is None or term.until is None or term.act.on >= command.on:
        return {}
    if not isinstance(command, cmd.ElectCommittee):
        return {}
    approved = renewal_of(case.unit).approved is not None
    return {"months_early": months_early(term.until, command.on), "early_approved": approved}


def _not_approved(case: Case, minutes: ev.Ballot) -> tuple[Finding, ...]:
    """Return a note where candidates are not among the nominees that the superior approved."""
    approved = renewal_of(case.unit).approved
    if approved is None or not approved[0].nominees:
        return ()
    others = [c.person.label for c in minutes.candidates or () if c.person not in approved[0].nominees]
    return (_of_input("input-candidate-not-approved", Verdict.NOTE, unfit=others),) if others else ()


def _roster_differs(command: cmd.BallotCommand, minutes: ev.Ballot) -> tuple[Finding, ...]:
    if command.eligible is None or minutes.roll is None or len(minutes.roll) == command.eligible:
        return ()
    facts = {"eligible": command.eligible, "roster": len(minutes.roll), "on": command.on.isoformat()}
    return (_of_input(ROSTER_DIFFERS, Verdict.NOTE, **facts),)


def _of_input(rule: str, verdict: Verdict, **facts: Any) -> Finding:
    severity = "block" if verdict is Verdict.BLOCK else ""
    return Finding(rule=rule, verdict=verdict, kind="input", severity=severity, facts=facts)


class _Tally:
    """A candidate as the rules see one: a label that is no name, and the votes."""

    def __init__(self, label: str, votes: int | None) -> None:
        self.label, self.votes = label, votes


def _unsaid_is_unknown(command: cmd.BallotCommand, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Drop ``incomplete`` for numbers of ballots and candidates nobody is bound to give."""
    optional = {
        "ballots_issued", "ballots_returned", "ballots_valid", "ballots_countable", "candidates", "seats",
        "elected_posts",
    }  # fmt: skip
    return tuple(f for f in findings if f.verdict is not Verdict.INCOMPLETE or not set(f.missing) <= optional)
