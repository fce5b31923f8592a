"""召开会议: what the minutes say, against the rules and the roster of the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import Decision, Who, decision, impossible_numbers
from workflows.domain.facts import Member
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev
from workflows.domain.unit.attendance import attendance, roll_without
from workflows.domain.unit.book import NOT_JOINED, base_of, is_by_secretary, meeting_facts, unjoined
from workflows.domain.unit.branch_life import cell_unknown
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.life import cell_named, cells_on
from workflows.domain.unit.posts import acting_on, held_on
from workflows.domain.unit.state import holdings_of, secretary_of
from workflows.policies.findings import Finding, Verdict

ROSTER_DIFFERS = "input-eligible-roster"
EXCLUDED_CAME, ON_LEAVE_CAME = "input-excluded-came", "input-on-leave-came"
PERSON_UNKNOWN = "input-resolved-person"


@decided.register
def _(command: cmd.HoldMeeting, case: Case) -> Decision:
    event = _minutes(command, case)
    if event.attendees:
        event = replace(event, attending=attendance(event, event.type, case.unit, case.facts).attending)
    findings: list[Finding] = []
    for meeting in event.types:
        said = meeting_facts(event, case.unit, case.facts, meeting)
        found = case.check(
            **said,
            chairs=_chairing(event.chair, case),
            lecturers=_lecturing(event, case),
            excluded=[left_out(one) for one in event.excluded or ()] or None,
        )
        findings += [finding for finding in found if finding not in findings]
    return decision(event, findings=(*findings, *_of_the_input(command, event, findings, case)))


def _minutes(command: cmd.HoldMeeting, case: Case) -> ev.MeetingHeld:
    """Return the meeting as the minutes tell it, people found."""
    return ev.MeetingHeld(
        held_on=command.on,
        type=command.type,
        also=tuple(kind for kind in dict.fromkeys(command.also) if kind != command.type),
        chair=case.who(command.chair),
        lecturer=case.who(command.lecturer),
        eligible=command.eligible,
        attending=None if isinstance(command.attending, list) else command.attending,
        attendees=case.everybody(command.attending),
        exempt=tuple(ev.Absent(case.find(a.person), a.reason) for a in command.exempt),
        leave=tuple(ev.Absent(case.find(a.person), a.reason) for a in command.leave),
        excluded=excluded_by(command.excluded, case),
        topics=tuple(command.topics),
        resolutions=tuple(_resolution(said, case) for said in command.resolutions),
        tasks=tuple(
            ev.Task(said.task.task or said.topic, said.task.due_on, case.find(said.task.owner))
            for said in command.resolutions
            if said.task is not None
        ),
        attachments=tuple(command.attachments),
        grades=None
        if command.grades is None
        else ev.Grades(**{n: getattr(command.grades, n) for n in command.grades.__struct_fields__}),
        rituals=tuple(dict.fromkeys(command.rituals)),
        cell=command.cell,
        for_period=command.for_period,
        roll=_roll(command, case),
    )


def excluded_by(said: Iterable[cmd.ExcludedPerson], case: Case) -> tuple[ev.Excluded, ...]:
    """Return those said to be left out of the count, found."""
    return tuple(
        ev.Excluded(case.find(e.person), e.reason, e.superior_consent, e.assembly_vote, e.category)
        for e in said
    )


def left_out(excluded: ev.Excluded) -> Member:
    """Return someone left out of those who should attend, as rules ask about them."""
    told = {
        "superior_consent": excluded.superior_consent,
        "assembly_vote": excluded.assembly_vote,
        "category": excluded.category,
    }
    return Member(excluded.person, told)


def came_after_all(excluded: Iterable[ev.Excluded], came: Iterable[Who]) -> tuple[Finding, ...]:
    """Return a note where somebody left out of those who should attend came all the same: they count."""
    both = {one.person for one in excluded} & set(came)
    facts = {"unfit": sorted(who.label for who in both)}
    return (Finding(rule=EXCLUDED_CAME, verdict=Verdict.NOTE, kind="input", facts=facts),) if both else ()


def on_leave_and_here(event: ev.MeetingHeld) -> tuple[Finding, ...]:
    """Return a note where somebody is named among those who came and among those on leave."""
    both = {one.person for one in event.leave or ()} & set(event.attendees or ())
    facts = {"unfit": sorted(who.label for who in both)}
    return (Finding(rule=ON_LEAVE_CAME, verdict=Verdict.NOTE, kind="input", facts=facts),) if both else ()


def _resolution(said: cmd.ResolutionVotes, case: Case) -> ev.Resolution:
    about = said.about
    return ev.Resolution(
        said.topic,
        said.in_favour,
        said.against,
        said.abstained,
        said.written_in_favour,
        said.secret,
        None if about is None else case.find(about.person).person,
        None if about is None else about.step,
    )


def _roll(command: cmd.HoldMeeting, case: Case) -> tuple[UUID, ...] | None:
    if ev.ASSEMBLY not in (command.type, *command.also) or not command.resolutions or not case.complete:
        return None
    roster = case.facts.roster(case.unit.id, command.on)
    came = case.everybody(command.attending)
    return None if roster is None else roll_without(roster, excluded_by(command.excluded, case), came)


def _chairing(chair: Who | None, case: Case) -> list[Member] | None:
    """Return who chairs, and whether they are on the committee of the day, or the one a new one follows."""
    today, yesterday = case.command.on, case.command.on - timedelta(days=1)
    now = holdings_of(case.unit, case.facts), today
    before = holdings_of(case.unit.at(yesterday), case.facts), yesterday
    committee = {h.person for told in (now, before) for h in (*held_on(*told), *acting_on(*told))}
    if chair is None or chair.person is None or not committee:
        return None
    held = secretary_of(*now) or secretary_of(*before)
    is_secretary = None if held is None else chair.person == held[0]
    return [Member(chair, {"on_committee": chair in committee, "is_secretary": is_secretary})]


def _lecturing(event: ev.MeetingHeld, case: Case) -> list[Member] | None:
    """Return who lectures, and whether they are the secretary of the day; None where nobody is told."""
    if event.lecturer is None or event.lecturer.person is None:
        return None
    return [Member(event.lecturer, {"is_secretary": is_by_secretary(event, case.unit)})]


# --- what is wrong with the minutes themselves ----------------------------------------------------------


def _of_the_input(
    command: cmd.HoldMeeting, event: ev.MeetingHeld, findings: Iterable[Finding], case: Case
) -> list[Finding]:
    cast = [(r.in_favour, r.against, r.abstained) for r in event.resolutions]
    written = [r.written_in_favour for r in event.resolutions]
    counted = attendance(event, event.resolving, case.unit, case.facts)
    eligible = event.eligible if event.resolving == event.type else counted.eligible
    here = counted.attending if event.attendees else event.attending
    found = list(impossible_numbers(eligible, here, cast, written))
    found += _roster_differs(command, case)
    found += [_not_joined(event, also) for also in unjoined(event, findings)]
    found += _cell_told(event, case)
    found += came_after_all(event.excluded or (), event.attendees or ())
    found += on_leave_and_here(event)
    for said, kept in zip(command.resolutions, event.resolutions, strict=True):
        if said.about is not None and kept.person is None:
            found.append(Finding(rule=PERSON_UNKNOWN, verdict=Verdict.BLOCK, kind="input", severity="block"))
    return found


def _roster_differs(command: cmd.HoldMeeting, case: Case) -> list[Finding]:
    if command.eligible is None or not case.complete:
        return []
    base = base_of(command.type, case.unit, case.facts, command.on)
    if base is None or base == command.eligible:
        return []
    facts = {"eligible": command.eligible, "roster": base, "on": command.on.isoformat()}
    return [Finding(rule=ROSTER_DIFFERS, verdict=Verdict.NOTE, kind="input", facts=facts)]


def _not_joined(event: ev.MeetingHeld, also: str) -> Finding:
    facts = {"type": also, "joined": list(event.types)}
    return Finding(rule=NOT_JOINED, verdict=Verdict.REFER, kind="input", facts=facts)


def _cell_told(event: ev.MeetingHeld, case: Case) -> list[Finding]:
    """Return a finding where a cell met and the books cannot tell which; a branch may have none on them."""
    here = [cell.name for cell in cells_on(case.unit, event.held_on)]
    if "cell_meeting" not in event.types or not here or cell_named(case.unit, event.cell, event.held_on):
        return []
    return [cell_unknown(event.cell, here, Verdict.REFER)]
