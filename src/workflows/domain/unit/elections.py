"""选举支部委员会、书记, and what the scheduler noticed of a term."""

from __future__ import annotations

from workflows.domain.act import Decision, Who, decision, impossible_numbers
from workflows.domain.facts import Member
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev
from workflows.domain.unit.attendance import roll_without
from workflows.domain.unit.case import Case, decided
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
    excluded = tuple(
        ev.Excluded(case.find(e.person), e.reason, e.superior_consent, e.assembly_vote)
        for e in command.excluded
    )
    candidates = tuple(ev.Candidate(case.find(c.person), c.votes) for c in command.candidates)
    posts = tuple(ev.Post(case.find(name), post) for name, post in command.posts.items())
    eligible = command.eligible
    roster = case.facts.roster(case.unit.id, command.on)
    roll = None
    if roster is not None and case.complete:
        roll = roll_without(roster, excluded)
        eligible = len(roll) if eligible is None else eligible
    attending = case.present(command.attending)
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
