"""What the commands about members lead to: transfers, deferral, the end of membership, dues, training."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import Any

from workflows.domain.act import Decision, decision
from workflows.domain.person import member_commands as cmd
from workflows.domain.person import member_events as mv
from workflows.domain.person.book import probation_months
from workflows.domain.person.case import Case, decided, plainly
from workflows.domain.person.dues import months_unpaid
from workflows.domain.person.relation import stop_on, transit_of
from workflows.domain.person.rough_days import of_expiry
from workflows.domain.person.state import Person
from workflows.domain.person.whereabouts import absence, lost
from workflows.domain.stages import Stage
from workflows.policies.acts import ACTS
from workflows.policies.findings import Finding, Verdict

SAME_UNIT = "input-same-unit"
DIFFERS = {"months_without_dues": "input-dues-differ", "months_without_life": "input-life-differs"}
"""The slip that is noticed where the months told are not those that the books tell of."""

ALREADY_STOPPED = "input-already-stopped"
SINCE_DIFFERS = "input-since-differs"
UNKNOWN_STEP = "input-step-unknown"
OWN_COMMAND = "input-step-own-command"

_DOCUMENT = {"document": "document"}
plainly(cmd.RestoreMembership, mv.MembershipRestored, **_DOCUMENT)
plainly(cmd.ConcludeCorrection, mv.CorrectionConcluded, corrected="corrected", **_DOCUMENT)
plainly(cmd.ExemptFromMeetings, mv.MeetingsExempted, reason="reason", until="until")
plainly(cmd.RecordDeath, mv.DeathRecorded)
plainly(cmd.RecordTraining, mv.TrainingRecorded, hours="hours", title="title", organizer="organizer")


@decided.register
def _(command: cmd.TransferPerson, case: Case) -> Decision:
    event = mv.PersonTransferred(
        transferred_on=command.on,
        unit_id=None if command.outside else case.named_unit,
        outside=command.to_unit if command.outside else None,
        in_transit=command.in_transit,
        reason=command.reason,
        opinion=command.opinion,
        document=command.document,
        letter=command.letter,
        valid_until=command.valid_until,
    )
    findings = case.check(
        stage=case.person.stage.value,
        reason=command.reason,
        opinion=command.opinion,
        letter=command.letter,
        valid_until=command.valid_until,
        **_of_probation(case),
    )
    if event.unit_id is not None and event.unit_id == case.person.unit_id:
        findings = (*findings, Finding(rule=SAME_UNIT, verdict=Verdict.NOTE, kind="input"))
    return decision(event, findings=findings)


def _of_probation(case: Case) -> dict[str, Any]:
    """Return whether probation has expired on the day of a transfer, and whether conversion was discussed."""
    person = case.person
    if person.stage is not Stage.PROBATIONARY:
        return {}
    admitted = person.admitted
    months = probation_months(case.rules, admitted[0] if admitted else None)
    expiry = person.probation_until(months)
    if expiry is None:
        return {}
    is_expired: bool | None = case.command.on >= expiry[0]
    rough = of_expiry(person, months)
    if rough is not None and rough.first <= case.command.on < rough.last:
        is_expired = None
    return {"probation_expired": is_expired, "conversion_discussed": bool(person.conversion_votes)}


@decided.register
def _(command: cmd.StopMembership, case: Case) -> Decision:
    known = _recorded_since(case.person, command.ground)
    since = command.since or known
    event = mv.MembershipStopped(
        stopped_on=command.on, ground=command.ground, since=since, document=command.document
    )
    findings = case.check(ground=command.ground, since=since)
    if since is not None and known is not None and since != known:
        facts = {"since": since.isoformat(), "known": known.isoformat()}
        findings = (*findings, Finding(rule=SINCE_DIFFERS, verdict=Verdict.NOTE, kind="input", facts=facts))
    if stop_on(case.person, command.on) is not None:
        findings = (*findings, Finding(rule=ALREADY_STOPPED, verdict=Verdict.NOTE, kind="input"))
    return decision(event, findings=findings)


def _recorded_since(person: Person, ground: str) -> date | None:
    """Return the day from which the books tell that someone is abroad, or out of contact."""
    if ground == "lost":
        told = lost(person)
        return told.since if told is not None and told.found is None else None
    away = absence(person)
    return away.act.on if away is not None and away.ended is None and away.is_abroad else None


@decided.register
def _(command: cmd.StrikeOff, case: Case) -> Decision:
    said = {
        name: getattr(command, name)
        for name in ("kind", "clause", "months_without_life", "months_without_dues", "months_without_work")
    }
    event = mv.MemberStruckOff(struck_off_on=command.on, document=command.document, **said)
    stop = stop_on(case.person, command.on)
    findings: list[Finding] = []
    for name, counted in _counted(case).items():
        if said[name] is None:
            said[name] = counted or None
        elif counted not in (None, said[name]):
            facts = {"told": said[name], "counted": counted}
            findings.append(Finding(rule=DIFFERS[name], verdict=Verdict.NOTE, kind="input", facts=facts))
    of_lost = stop is not None and stop[0].ground == "lost" and command.kind == "self_withdrawal"
    told = lost(case.person)
    unfound = of_lost and (told is None or told.found is None)
    return decision(event, findings=(*case.check(**said, lost_and_stopped=unfound), *findings))


def _counted(case: Case) -> dict[str, int | None]:
    """Return the months in a row that the books tell of; None where they do not tell."""
    unit_id, on = case.unit_id, case.command.on
    absent = case.facts.months_absent(case.person.id, unit_id, on) if unit_id is not None else None
    return {"months_without_dues": _months_without_dues(case), "months_without_life": absent}


def _months_without_dues(case: Case) -> int | None:
    """Return how many months in a row the register of dues shows nothing paid; None where there is none."""
    if case.unit_id is None:
        return None
    recorded = case.facts.dues_months(case.unit_id, case.command.on)
    return months_unpaid(case.person, recorded, case.command.on)


@decided.register
def _(command: cmd.ExamineTransferFile, case: Case) -> Decision:
    sent = transit_of(case.person)
    event = mv.TransferFileExamined(
        examined_on=command.on,
        in_order=command.in_order,
        document=command.document,
        unit_id=sent.unit_id if sent is not None and command.in_order else None,
        reason=command.reason,
    )
    findings = case.check(
        stage=case.person.stage.value,
        in_order=command.in_order,
        reason=command.reason,
        in_transit=sent is not None,
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.DeferConversion, case: Case) -> Decision:
    event = mv.ConversionDeferred(deferred_on=command.on, until=command.until, reason=command.reason)
    return decision(event, findings=case.check(deferred_until=command.until, reason=command.reason))


@decided.register
def _(command: cmd.RecordStep, case: Case) -> Decision:
    event = mv.StepRecorded(done_on=command.on, name=command.step, document=command.document)
    known = [step.id for step in case.rules.steps(command.on)]
    if command.step in ACTS:
        return decision(
            event, findings=(*case.check(step=command.step), _refused(OWN_COMMAND, step=command.step))
        )
    if command.step not in known:
        near = get_close_matches(command.step, [step for step in known if step not in ACTS], n=3)
        told = _refused(UNKNOWN_STEP, step=command.step, **({"near": near} if near else {}))
        return decision(event, findings=(*case.check(step=command.step), told))
    return decision(event, findings=case.check_at((command.verb(), command.step), {"step": command.step}))


def _refused(rule: str, **facts: Any) -> Finding:
    return Finding(rule=rule, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts)


@decided.register
def _(command: cmd.OrderCorrection, case: Case) -> Decision:
    event = mv.CorrectionOrdered(
        ordered_on=command.on, months=command.months, document=command.document, ground=command.ground
    )
    findings = case.check(correction_months=command.months, correction_ground=command.ground)
    return decision(event, findings=findings)
