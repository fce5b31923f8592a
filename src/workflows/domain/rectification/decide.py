"""What a command of a problem leads to; closing it rests on the facts, not on a claim."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.domain.facts import EarlierIssue
from workflows.domain.rectification import commands as cmd
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.closing import STILL_BROKEN, by_another, clean, label_of, problem_of
from workflows.domain.rectification.state import Rectification
from workflows.policies.findings import Finding, Verdict
from workflows.policies.follow_up import follow_up
from workflows.policies.relief import holds_on

PUT_OFF_LATE = "correction-put-off-late"
RECURS, RELAPSE = "issue-recurs", "issue-relapse"
EARLIER_DAY, HELD_BEFORE = "correction-due-earlier", "correction-held-before"
NO_DAY, ACCEPTED_BROKEN = "reopen-due-wanted", "accept-still-broken"


@decided.register
def _(command: cmd.OpenIssue, case: FileCase) -> Decision:
    rule = None
    if command.rule is not None:
        known = case.rules.rule(command.rule)
        rule = known.id if known is not None else command.rule
    before = case.cases.issues(case.unit_id, rule, command.on) if rule and case.unit_id else ()
    earlier = [one for one in before if one.file_id != case.file.id]
    recurs = tuple(one.file_id for one in earlier)
    event = ev.IssueOpened(
        opened_on=command.on,
        **case.opening(),
        source=command.source,
        text=command.text,
        rule=rule,
        period=command.period,
        severity=command.severity,
        due_on=command.due_on,
        leader=case.who(command.leader),
        document=command.document,
        recurs=recurs,
    )
    findings = case.check(issue_source=command.source, issue_severity=command.severity)
    if recurs:
        again = finding_of_case(RECURS, Verdict.NOTE, "record", rule=rule, times=len(recurs))
        findings = (*findings, msgspec.structs.replace(again, label=label_of(case, rule)))
        findings = (*findings, *_relapse(case, rule or "", earlier))
    return decision(event, findings=findings)


def _relapse(case: FileCase, rule: str, earlier: list[EarlierIssue]) -> tuple[Finding, ...]:
    """Return that the last problem closed about the same rule is still followed up: it has come back."""
    for one in reversed(earlier):
        if one.closed_on is None or one.closed_by is None or one.closed_on >= case.command.on:
            continue
        told = follow_up(case.rules, Rectification.kind, one.closed_on)
        if case.command.on > told.until:
            continue
        facts = {"rule": rule, "closed_on": one.closed_on.isoformat(), "until": told.until.isoformat()}
        relapse = Finding(
            rule=RELAPSE,
            verdict=Verdict.NOTE,
            kind="case",
            label=label_of(case, rule),
            severity="record",
            clause=told.clause,
            pack=told.rule.pack_id if told.rule else "",
            confidence=told.confidence,
            facts=facts,
            because=(one.closed_by,),
            latest_on=told.until,
        )
        return (relapse,)
    return ()


@decided.register
def _(command: cmd.PlanCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionPlanned(
        planned_on=command.on,
        measure=command.measure,
        owner=case.who(command.owner),
        due_on=command.due_on,
        leader=case.who(command.leader),
        document=command.document,
    )
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.ReportProgress, case: FileCase) -> Decision:
    event = ev.ProgressReported(reported_on=command.on, text=command.text, by=case.who(command.by))
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.SubmitCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionSubmitted(submitted_on=command.on, by=case.who(command.by), text=command.text)
    findings = (*case.check(), *_late(case, command.on))
    return decision(event, findings=findings)


def _late(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return the finding that the day set for the correction has passed: recorded, with its days."""
    due = problem_of(case).due
    if due is None or on <= due[0] or any(holds_on(one, on) for one in problem_of(case).holds):
        return ()
    late = Finding(
        rule="correction-due",
        verdict=Verdict.LATE,
        kind="case",
        severity="warn",
        facts={"due_on": due[0].isoformat(), "on": on.isoformat()},
        because=(due[1].source,),
        latest_on=due[0],
        days_late=(on - due[0]).days,
    )
    return (late,)


@decided.register
def _(command: cmd.AcceptCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionAccepted(
        accepted_on=command.on,
        by=case.who(command.by),
        result=command.result,
        on_site=command.on_site,
        text=command.text,
    )
    seen = _still_to_be_done(case, command.on) if command.result == "pass" else ()
    return decision(event, findings=(*case.check_move(event.move), *by_another(case, event.by), *seen))


def _still_to_be_done(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return, for whoever accepts, what will not let the problem be closed; it does not stop them."""
    told = (one for one in clean(case, on) if one.rule == STILL_BROKEN)
    return tuple(
        msgspec.structs.replace(one, rule=ACCEPTED_BROKEN, verdict=Verdict.NOTE, severity="record")
        for one in told
    )


@decided.register
def _(command: cmd.RejectCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionRejected(
        rejected_on=command.on, by=case.who(command.by), reason=command.reason, due_on=command.due_on
    )
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.ReopenIssue, case: FileCase) -> Decision:
    event = ev.IssueReopened(reopened_on=command.on, reason=command.reason, due_on=command.due_on)
    findings = case.check()
    due = problem_of(case).due
    if command.due_on is None and due is not None and due[0] < command.on:
        passed = finding_of_case(NO_DAY, Verdict.WARN, "warn", was_due_on=due[0].isoformat())
        findings = (*findings, passed)
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.EscalateIssue, case: FileCase) -> Decision:
    here = case.keeper or case.unit_id
    to_unit: UUID | None = case.cases.superior(here, command.on, command.to) if here else None
    event = ev.IssueEscalated(escalated_on=command.on, to_unit=to_unit, reason=command.reason)
    findings = case.check()
    if to_unit is None:
        findings = (*findings, finding_of_case("escalate-to-whom", Verdict.INCOMPLETE, "block", missing="to"))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.ExtendCorrection, case: FileCase) -> Decision:
    due = problem_of(case).due
    event = ev.CorrectionExtended(
        extended_on=command.on,
        due_on=command.due_on,
        was_due_on=due[0] if due else None,
        reason=command.reason,
        authority=command.authority,
        document=command.document,
    )
    findings = (*case.check(), *_put_off_late(case, command.on))
    if due is not None and command.due_on <= due[0]:
        told = {"due_on": command.due_on.isoformat(), "was_due_on": due[0].isoformat()}
        findings = (*findings, finding_of_case(EARLIER_DAY, Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


def _put_off_late(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return that the limit was put off only after it had passed: recorded, with its days."""
    late = _late(case, on)
    return tuple(msgspec.structs.replace(one, rule=PUT_OFF_LATE, verdict=Verdict.WARN) for one in late)


@decided.register
def _(command: cmd.HoldCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionHeld(
        held_on=command.on,
        until=command.until,
        reason=command.reason,
        authority=command.authority,
        document=command.document,
    )
    findings = (*case.check(), *_put_off_late(case, command.on))
    if command.until < command.on:
        told = {"until": command.until.isoformat(), "on": command.on.isoformat()}
        findings = (*findings, finding_of_case(HELD_BEFORE, Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)
