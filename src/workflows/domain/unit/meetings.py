"""召开会议: what the minutes say, against the rules and the roster of the day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from workflows.domain.act import Decision, Who, decision, impossible_numbers
from workflows.domain.facts import Member
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import base_of, meeting_facts
from workflows.domain.unit.case import Case, decided
from workflows.policies.findings import Finding, Verdict

ROSTER_DIFFERS = "input-eligible-roster"


@decided.register
def _(command: cmd.HoldMeeting, case: Case) -> Decision:
    event = ev.MeetingHeld(
        held_on=command.on,
        type=command.type,
        chair=case.who(command.chair),
        lecturer=case.who(command.lecturer),
        eligible=command.eligible,
        attending=case.present(command.attending),
        exempt=tuple(ev.Absent(case.find(a.person), a.reason) for a in command.exempt),
        leave=tuple(ev.Absent(case.find(a.person), a.reason) for a in command.leave),
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
