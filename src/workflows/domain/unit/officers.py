"""书记、副书记、委员: approved, filed, appointed, ended; an election requested, its reply, a term moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows.domain.act import Decision, Who, decision
from workflows.domain.facts import Member
from workflows.domain.unit import election_commands as cmd
from workflows.domain.unit import election_events as el
from workflows.domain.unit import events as ev
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.posts import OFFICERS, SECRETARY, acting_on, held_on
from workflows.domain.unit.state import holdings_of
from workflows.domain.unit.terms import CommitteeTerm, months_moved, renewal_of, term_of
from workflows.policies.findings import Finding, Verdict


@decided.register
def _(command: cmd.RequestElection, case: Case) -> Decision:
    nominees = tuple(case.find(name) for name in command.nominees)
    findings = case.check(seats=command.seats, officers=_members(nominees, case))
    event = el.ElectionRequested(
        requested_on=command.on,
        planned_on=command.planned_on,
        seats=command.seats,
        nominees=nominees,
        document=command.document,
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.ApproveElection, case: Case) -> Decision:
    asked = renewal_of(case.unit).requested
    requested = asked[0].nominees or () if asked else ()
    struck = tuple(case.find(name) for name in command.struck)
    named = tuple(case.find(name) for name in command.nominees)
    nominees = tuple(who for who in named or requested if who not in struck)
    findings = list(case.check())
    if asked is None and case.complete:
        findings.append(_of_input("input-election-not-requested", Verdict.NOTE))
    others = [who.label for who in struck if asked is not None and who not in requested]
    if others:
        findings.append(_of_input("input-not-nominated", Verdict.BLOCK, unfit=others))
    event = el.ElectionApproved(
        approved_on=command.on, nominees=nominees, struck=struck, document=command.document
    )
    return decision(event, findings=tuple(findings))


@decided.register
def _(command: cmd.ApproveOfficers, case: Case) -> Decision:
    posts = _posts(command.posts, case)
    found = (*case.check(), *_nothing_waits(posts, case, officers=True))
    event = el.OfficersApproved(approved_on=command.on, posts=posts, document=command.document)
    return decision(event, findings=found)


@decided.register
def _(command: cmd.FileCommittee, case: Case) -> Decision:
    posts = _posts(command.posts, case)
    found = (*case.check(), *_nothing_waits(posts, case, officers=False))
    event = el.CommitteeFiled(filed_on=command.on, posts=posts, document=command.document)
    return decision(event, findings=found)


@decided.register
def _(command: cmd.AppointSecretary, case: Case) -> Decision:
    who = case.find(command.person)
    member = case.facts.member(who, command.on)
    appointed = [Member(who, {**member.facts, "post": command.post})]
    secretaries = [member] if command.post == SECRETARY else None
    findings = (*case.check(appointed=appointed, secretaries=secretaries), *_nobody(member))
    event = el.SecretaryAppointed(
        appointed_on=command.on, person=who, post=command.post, document=command.document
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.EndPost, case: Case) -> Decision:
    who, holdings = case.find(command.person), holdings_of(case.unit, case.facts)
    held = [
        h
        for h in (*held_on(holdings, command.on), *acting_on(holdings, command.on))
        if h.person == who and command.post in (None, h.post)
    ]
    findings = case.check(reason=command.reason)
    if not held:
        findings = (*findings, _of_input("input-holds-no-post", Verdict.BLOCK, unfit=[who.label]))
    event = el.PostEnded(
        ended_on=command.on, person=who, post=command.post, reason=command.reason, document=command.document
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.EntrustActing, case: Case) -> Decision:
    who, holdings = case.find(command.person), holdings_of(case.unit, case.facts)
    findings = [*case.check(document=command.document), *_nobody(case.facts.member(who, command.on))]
    if any(h.post == SECRETARY for h in held_on(holdings, command.on)):
        findings.append(_of_input("input-secretary-in-office", Verdict.NOTE))
    if not command.document and case.complete:
        findings.append(_of_input("input-acting-document", Verdict.WARN))
    if command.until is not None and command.until < command.on:
        facts = {"until": command.until.isoformat(), "on": command.on.isoformat()}
        findings.append(_of_input("input-until-before", Verdict.BLOCK, **facts))
    event = el.ActingEntrusted(
        entrusted_on=command.on, person=who, until=command.until, document=command.document
    )
    return decision(event, findings=tuple(findings))


@decided.register
def _(command: cmd.ApproveTermChange, case: Case) -> Decision:
    term = term_of(case.unit, case.rules)
    first = term.first_until if term else None
    later = term is None or term.until is None or command.term_until >= term.until
    kind = el.TermExtended if later else el.TermShortened
    said: dict[str, Any] = {"reason": command.reason, "document": command.document}
    findings: tuple[Finding, ...] = ()
    if term is None or first is None:
        if case.complete:
            findings = (_of_input("input-no-term", Verdict.BLOCK),)
    else:
        extensions = term.extensions + 1 if later else None
        said |= {
            "term_change_months": months_moved(first, command.term_until),
            "term_extensions": extensions,
        }
        findings = _sound_end(command.term_until, term)
    event = kind(
        approved_on=command.on,
        term_until=command.term_until,
        first_until=first,
        reason=command.reason,
        document=command.document,
    )
    return decision(event, findings=(*case.check(**said), *findings))


def _sound_end(new: date, term: CommitteeTerm) -> tuple[Finding, ...]:
    """Return what makes a new end senseless: no other day, or one before the term began."""
    if new == term.until:
        return (_of_input("input-term-unchanged", Verdict.BLOCK, term_until=new.isoformat()),)
    if new < term.act.on:
        facts = {"term_until": new.isoformat(), "elected_on": term.act.on.isoformat()}
        return (_of_input("input-term-before-election", Verdict.BLOCK, **facts),)
    return ()


def _members(people: Iterable[Who], case: Case) -> list[Member] | None:
    return [case.facts.member(who, case.command.on) for who in people] or None


def _posts(named: dict[str, Any], case: Case) -> tuple[ev.Post, ...]:
    return tuple(ev.Post(case.find(name), post) for name, post in named.items())


def _nothing_waits(posts: tuple[ev.Post, ...], case: Case, *, officers: bool) -> tuple[Finding, ...]:
    """Return what is wrong with an approval or a filing: someone holds no post, nobody waits for it."""
    held = held_on(holdings_of(case.unit, case.facts), case.command.on)
    strangers = [p.person.label for p in posts if p.person not in {h.person for h in held}]
    if strangers:
        return (_of_input("input-holds-no-post", Verdict.BLOCK, unfit=strangers),)
    waiting = [h for h in held if (h.post in OFFICERS) == officers and h.settled is None]
    if held and not waiting and not posts:
        return (_of_input("input-nothing-waits", Verdict.NOTE),)
    return ()


def _nobody(member: Member) -> tuple[Finding, ...]:
    """Return what is wrong with someone who is to lead a branch: known, and no full member."""
    stage = member.facts.get("stage")
    if member.who.person is None or stage in (None, "full"):
        return ()
    return (_of_input("input-not-full-member", Verdict.WARN, unfit=[member.label]),)


def _of_input(rule: str, verdict: Verdict, **facts: Any) -> Finding:
    severity = "block" if verdict is Verdict.BLOCK else ""
    return Finding(rule=rule, verdict=verdict, kind="input", severity=severity, facts=facts)
