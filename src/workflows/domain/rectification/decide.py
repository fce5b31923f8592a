"""What a command of a problem leads to; closing it rests on the facts, not on a claim."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from workflows.domain.act import Decision, Who, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case
from workflows.domain.facts import Broken, EarlierIssue
from workflows.domain.rectification import commands as cmd
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.state import Rectification
from workflows.policies.findings import Finding, Verdict
from workflows.policies.follow_up import follow_up
from workflows.policies.relief import holds_on

STILL_BROKEN, CANNOT_TELL = "close-still-broken", "close-cannot-tell"
BY_ANOTHER, WHO_WANTED = "close-by-another", "close-who"
PERHAPS_THE_SAME = "close-perhaps-the-same"
ITSELF = frozenset({"", "本支部", "本党支部", "党支部", "本单位", "本党组织"})
"""How a waiver says that nobody above gave it."""

RECURS, RELAPSE = "issue-recurs", "issue-relapse"
EARLIER_DAY, HELD_BEFORE = "correction-due-earlier", "correction-held-before"
BROKEN_THERE = "close-broken-there"
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
        findings = (*findings, msgspec.structs.replace(again, label=_label(case, rule)))
        findings = (*findings, *_relapse(case, rule or "", earlier))
    return decision(event, findings=findings)


def _label(case: FileCase, rule: str | None) -> str:
    known = case.rules.rule(rule) if rule else None
    return known.label if known is not None else ""


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
            label=_label(case, rule),
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
    due = _problem(case).due
    if due is None or on <= due[0] or any(holds_on(one, on) for one in _problem(case).holds):
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
    return decision(event, findings=(*case.check_move(event.move), *_by_another(case, event.by), *seen))


def _still_to_be_done(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return, for whoever accepts, what will not let the problem be closed; it does not stop them."""
    told = (one for one in _clean(case, on) if one.rule == STILL_BROKEN)
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
def _(command: cmd.CloseOut, case: FileCase) -> Decision:
    told = _clean(case, command.on)
    is_in_order = case.file.stage == "accepted" and all(one.rule != STILL_BROKEN for one in told)
    ends_with_the_unit = case.is_gone and not is_in_order
    event = ev.IssueClosedOut(
        closed_on=command.on,
        by=case.who(command.by),
        document=command.document,
        reason=command.reason,
        unit_gone=ends_with_the_unit or None,
    )
    if ends_with_the_unit:
        told = (*case.of_the_gone(command.reason), *_goes_on(case, command.on))
    return decision(event, findings=(*case.check_move(event.move), *_by_another(case, event.by), *told))


def _goes_on(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return that what the problem is about is broken in the unit that the merged one became a part of."""
    problem = _problem(case)
    heir = case.cases.successor(case.unit_id, on) if case.unit_id is not None else None
    issue = problem.last(ev.IssueOpened)
    if heir is None or problem.rule is None or issue is None:
        return ()
    found = case.cases.broken(problem.rule, heir, on, since=issue[1].on, period=issue[0].period)
    if found is None or not found.what:
        return ()
    told = {"rule": problem.rule, "on": on.isoformat(), "broken": list(found.what), "unit": str(heir)}
    goes_on = finding_of_case(BROKEN_THERE, Verdict.REFER, "warn", **told)
    named = {"label": found.label, "clause": found.clause, "pack": found.pack, "because": found.because}
    return (msgspec.structs.replace(goes_on, **named),)


def _by_another(case: FileCase, by: Who | None) -> tuple[Finding, ...]:
    """Return a block where whoever accepts or closes had a hand in putting it right; unsaid is missing.

    Whoever stood on the books under a bare name then may be known by now. Names that differ in what stands
    in brackets only are for a person to tell apart.
    """
    if by is None:
        if not case.complete:
            return ()
        wanted = finding_of_case(WHO_WANTED, Verdict.INCOMPLETE, "block", missing="by")
        return (wanted,)
    others = _problem(case).put_right_by
    known = {one for other in others for one in (other, case.who(other.name))}
    if by in known:
        return (finding_of_case(BY_ANOTHER, Verdict.BLOCK, "block", person=by.label),)
    if by.name is not None and _plain(by.name) in {_plain(one.name) for one in others if one.name}:
        return (finding_of_case(PERHAPS_THE_SAME, Verdict.REFER, "warn", person=by.label),)
    return ()


def _plain(name: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", name)


def _clean(case: FileCase, on: date) -> tuple[Finding, ...]:
    """Return a block while the rule the problem is about is broken in the facts, and was not waived."""
    problem = _problem(case)
    issue = problem.last(ev.IssueOpened)
    if problem.rule is None or issue is None or case.unit_id is None:
        return ()
    found = case.cases.broken(problem.rule, case.unit_id, on, since=issue[1].on, period=issue[0].period)
    told: dict[str, Any] = {"rule": problem.rule, "on": on.isoformat()}
    if found is not None:
        told["looked"] = [one.what for one in found.looked if one.state != "ahead"]
    if found is None:
        unsure = finding_of_case(CANNOT_TELL, Verdict.REFER, "warn", **told)
        return (msgspec.structs.replace(unsure, label=_label(case, problem.rule)),)
    if found.what:
        broken = Finding(
            rule=STILL_BROKEN,
            verdict=Verdict.BLOCK,
            kind="case",
            label=found.label,
            severity="block",
            clause=found.clause,
            pack=found.pack,
            facts={**told, "broken": list(found.what)},
            because=found.because,
        )
        return (broken,)
    if found.waived:
        return _on_a_waiver(case, found, told)
    return ()


def _on_a_waiver(case: FileCase, found: Broken, told: dict[str, Any]) -> tuple[Finding, ...]:
    """Return that the rule is broken and was waived by name, by whom and when; by the unit itself: refer."""
    facts = {**told, "waived": list(found.waived)}
    given = found.waiver
    if given is None:
        return (finding_of_case("close-waived", Verdict.NOTE, "record", **facts),)
    facts |= {"authority": given.authority, "since": given.since.isoformat()}
    waived = finding_of_case("close-waived", Verdict.NOTE, "record", **facts)
    unit = case.facts.unit(case.unit_id, case.command.on) if case.unit_id else None
    if (given.authority or "") in {*ITSELF, unit.name if unit else ""}:
        return waived, finding_of_case("close-waived-by-itself", Verdict.REFER, "warn", **facts)
    return (waived,)


@decided.register
def _(command: cmd.ReopenIssue, case: FileCase) -> Decision:
    event = ev.IssueReopened(reopened_on=command.on, reason=command.reason, due_on=command.due_on)
    findings = case.check()
    due = _problem(case).due
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
    due = _problem(case).due
    event = ev.CorrectionExtended(
        extended_on=command.on,
        due_on=command.due_on,
        was_due_on=due[0] if due else None,
        reason=command.reason,
        authority=command.authority,
        document=command.document,
    )
    findings = case.check()
    if due is not None and command.due_on <= due[0]:
        told = {"due_on": command.due_on.isoformat(), "was_due_on": due[0].isoformat()}
        findings = (*findings, finding_of_case(EARLIER_DAY, Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.HoldCorrection, case: FileCase) -> Decision:
    event = ev.CorrectionHeld(
        held_on=command.on,
        until=command.until,
        reason=command.reason,
        authority=command.authority,
        document=command.document,
    )
    findings = case.check()
    if command.until < command.on:
        told = {"until": command.until.isoformat(), "on": command.on.isoformat()}
        findings = (*findings, finding_of_case(HELD_BEFORE, Verdict.BLOCK, "block", **told))
    return decision(event, findings=findings)


def _problem(case: FileCase) -> Rectification:
    if not isinstance(case.file, Rectification):
        raise TypeError("the case is no problem")
    return case.file
