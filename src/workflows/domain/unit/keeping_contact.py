"""建立、移交、撤销联系点: what it leads to, checked against the rules of the day."""

from __future__ import annotations

from workflows.domain.act import Decision, Who, decision
from workflows.domain.unit import contact_commands as cmd
from workflows.domain.unit import contact_events as ce
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.contacts import body_on, standing
from workflows.domain.unit.replies import of_the_branch
from workflows.domain.unit.state import holdings_of
from workflows.policies.findings import Finding, Verdict

NO_CONTACT = "input-no-contact"
NOT_OF_THE_BODY = "input-not-of-the-body"
NOTHING_CHANGES = "input-nothing-changes"
OF_NO_BRANCH = "input-contact-no-branch"
BRANCHES = frozenset({"branch", "general_branch"})


@decided.register
def _(command: cmd.KeepContact, case: Case) -> Decision:
    leader, handed_by = case.find(command.leader), case.who(command.handed_by)
    event = ce.ContactKept(
        kept_on=command.on,
        branch=case.superior,
        leader=leader,
        post=command.post,
        handed_by=handed_by,
        document=command.document,
    )
    findings = [*_judged(case, begins=leader, ends=handed_by), *of_the_branch(command.branch, case)]
    if _is_of_no_branch(case):
        findings.append(_of_input(OF_NO_BRANCH, Verdict.BLOCK, branch=command.branch))
    if handed_by is not None and not _keeps(handed_by, case):
        findings.append(_of_input(NO_CONTACT, Verdict.BLOCK, unfit=[handed_by.label]))
    if _keeps(leader, case):
        findings.append(_of_input(NOTHING_CHANGES, Verdict.NOTE))
    body = body_on(holdings_of(case.unit, case.facts), command.on)
    if body and leader not in body and not command.post:
        findings.append(_of_input(NOT_OF_THE_BODY, Verdict.NOTE, unfit=[leader.label]))
    return decision(event, findings=tuple(findings))


@decided.register
def _(command: cmd.EndContact, case: Case) -> Decision:
    leader = case.find(command.leader)
    event = ce.ContactEnded(ended_on=command.on, branch=case.superior, leader=leader, reason=command.reason)
    findings = [*_judged(case, ends=leader)]
    if case.superior is None:
        findings += of_the_branch(command.branch, case)
    elif not _keeps(leader, case):
        findings.append(_of_input(NO_CONTACT, Verdict.BLOCK, unfit=[leader.label]))
    return decision(event, findings=tuple(findings))


def _is_of_no_branch(case: Case) -> bool:
    """Say whether what is named is another unit than a branch on the day of the act."""
    if case.superior is None or case.superior == case.unit.id:
        return False
    told = case.facts.unit(case.superior, case.command.on)
    return told is not None and told.level not in BRANCHES


def _judged(case: Case, *, begins: Who | None = None, ends: Who | None = None) -> tuple[Finding, ...]:
    """Return what the rules say, with how many of the body keep contact with no branch after the act."""
    on = case.command.on
    body = body_on(holdings_of(case.unit, case.facts), on)
    if not body:
        return case.check()
    kept = {begins} | {
        one.leader
        for one in standing(case.unit, case.facts)
        if one.is_kept(on) and (one.leader, one.branch) != (ends, case.superior)
    }
    lacking = sum(who not in kept for who in body)
    return case.check(leaders=len(body), leaders_without_contact=lacking)


def _keeps(who: Who, case: Case) -> bool:
    """Say whether somebody keeps contact with the branch of the act on its day."""
    kept = standing(case.unit, case.facts)
    return any(
        one.is_kept(case.command.on) and (one.leader, one.branch) == (who, case.superior) for one in kept
    )


def _of_input(rule: str, verdict: Verdict, **facts: object) -> Finding:
    severity = "block" if verdict is Verdict.BLOCK else ""
    return Finding(rule=rule, verdict=verdict, kind="input", severity=severity, facts=facts)
