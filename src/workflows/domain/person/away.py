"""外出、失联、在途: what the commands lead to."""

from __future__ import annotations

from typing import Any

from workflows.domain.act import Decision, decision
from workflows.domain.person import away_commands as cmd
from workflows.domain.person import away_events as av
from workflows.domain.person.case import Case, decided, plainly
from workflows.domain.person.relation import transit_of
from workflows.domain.person.whereabouts import absence, lost
from workflows.policies.findings import Finding, Verdict

NOT_AWAY = "input-not-away"
NOT_IN_TRANSIT = "input-not-in-transit"
ALREADY_LOST = "input-already-lost"
NOT_OUT_OF_CONTACT = "input-not-out-of-contact"

plainly(
    cmd.IssueCertificate,
    av.CertificateIssued,
    number="number",
    until="until",
    addressed_to="addressed_to",
)
plainly(cmd.RecordGraduation, av.GraduationRecorded)


@decided.register
def _(command: cmd.RegisterAbsence, case: Case) -> Decision:
    said: dict[str, Any] = {
        "purpose": command.purpose,
        "fixed_place": command.fixed_place,
        "until": command.until,
    }
    event = av.AbsenceRegistered(left_on=command.on, place=command.place, document=command.document, **said)
    return decision(event, findings=case.check(**said))


@decided.register
def _(command: cmd.EndAbsence, case: Case) -> Decision:
    away = absence(case.person)
    none = away is None or away.ended is not None
    findings = (*case.check(), *((_input(NOT_AWAY, Verdict.BLOCK),) if none else ()))
    return decision(av.AbsenceEnded(back_on=command.on), findings=findings)


@decided.register
def _(command: cmd.ReportLostContact, case: Case) -> Decision:
    event = av.ContactLost(lost_on=command.on, ways=command.ways, document=command.document)
    known = lost(case.person)
    again = known is not None and known.found is None
    facts = {"since": known.since.isoformat()} if known is not None else {}
    findings = (*case.check(), *((_input(ALREADY_LOST, Verdict.BLOCK, **facts),) if again else ()))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.RecordContact, case: Case) -> Decision:
    """Take contact with someone out of contact, or away; with anybody else there is nothing to note."""
    known, away = lost(case.person), absence(case.person)
    wanted = (known is not None and known.found is None) or (away is not None and away.ended is None)
    findings = (*case.check(), *(() if wanted else (_input(NOT_OUT_OF_CONTACT, Verdict.NOTE),)))
    event = av.ContactMade(contacted_on=command.on, way=command.way, by=case.who(command.by))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.RecordReceipt, case: Case) -> Decision:
    """Take the receipt of a letter: from that day the relation is with the unit it was sent to."""
    sent = transit_of(case.person)
    event = av.ReceiptRecorded(
        received_on=command.on,
        number=command.number,
        unit_id=sent.unit_id if sent is not None else None,
        outside=sent.outside if sent is not None else None,
    )
    findings = (*case.check(), *(() if sent is not None else (_input(NOT_IN_TRANSIT, Verdict.BLOCK),)))
    return decision(event, findings=findings)


def _input(rule: str, verdict: Verdict, **facts: Any) -> Finding:
    severity = "block" if verdict is Verdict.BLOCK else ""
    return Finding(rule=rule, verdict=verdict, kind="input", severity=severity, facts=facts)
