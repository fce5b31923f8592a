"""复核: what an act entered late, a correction or a withdrawal does to the acts that come after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks, step_of
from workflows.domain.person import judged_again
from workflows.domain.person.events import AdmissionVoted, FullMembershipVoted
from workflows.domain.person.member_commands import MergePersons, RecordDues, RecordTraining
from workflows.domain.person.state import Person
from workflows.kernel.events import Event, Recorded
from workflows.policies.findings import Finding, Verdict

if TYPE_CHECKING:
    from workflows.application.recording import Batch, Request

LATER_ACTS, OUT_OF_STAGE = "input-later-acts", "input-out-of-stage"
NOW_OTHERWISE = "input-now-otherwise"
AT_THE_END = 10**12
"""Where an act stands that is only supposed: behind everything on the books."""

MOVES_NOTHING = (RecordDues, RecordTraining, MergePersons)


def of_late_entry(batch: Batch, stream_id: UUID, request: Request, events: Sequence[Event]) -> list[Finding]:
    """Return what an act of an earlier day does to the acts on the books that come after it.

    One that leaves a later act without the stage it belongs to is refused: the later one is put right first.
    """
    person, command = batch.books.state(stream_id), request.command
    if command.aggregate != "person" or not request.complete or isinstance(command, MOVES_NOTHING):
        return []
    if not isinstance(person, Person) or not person.acts or person.acts[-1].on <= command.on:
        return []
    supposed = [_supposed(batch, stream_id, number, event) for number, event in enumerate(events)]
    after = batch.books.supposed(stream_id, supposed)
    if not isinstance(after, Person):
        return []
    return _told(disturbed(person, after, batch.books), LATER_ACTS, Verdict.BLOCK)


def of_amendment(before: Person, after: Person, books: Books) -> list[Finding]:
    """Return, as notes, which acts of a person are found otherwise since a correction or a withdrawal."""
    return _told(disturbed(before, after, books), OUT_OF_STAGE, Verdict.NOTE)


def _told(found: Sequence[tuple[OnBooks, Finding]], rule: str, verdict: Verdict) -> list[Finding]:
    """Return one finding for all acts that lost their stage, and a note for each other one."""
    lost = [act for act, finding in found if finding.kind == "stage" and finding.verdict is Verdict.BLOCK]
    told = [_finding(rule, lost[0], verdict, count=len(lost))] if lost else []
    for act, finding in found:
        if finding.kind != "stage" and finding.verdict is not Verdict.OK:
            clause = finding.clause and f"（{finding.clause}）"
            about = {"label": finding.label, "found": finding.verdict.value, "clause": clause}
            told.append(_finding(NOW_OTHERWISE, act, Verdict.NOTE, **about))
    return told


def disturbed(before: Person, after: Person, books: Books) -> list[tuple[OnBooks, Finding]]:
    """Return the acts found otherwise in one state of a person and not in another, each with what is new."""
    known = {
        (event_id, finding.rule, finding.label, finding.verdict)
        for event_id, findings in _judged(before, books).items()
        for finding in findings
    }
    found: list[tuple[OnBooks, Finding]] = []
    judged = _judged(after, books)
    for act in after.acts:
        told = judged.get(act.source.event_id, ())
        new = [f for f in told if (act.source.event_id, f.rule, f.label, f.verdict) not in known]
        found += [(act, finding) for finding in new[:1]]
    return found


def outcome_of_vote(person: Person, event_id: UUID, books: Books) -> bool | None:
    """Return whether a vote on a person passed by its numbers as corrected; None where that is as kept."""
    act = next((act for act in person.acts if act.source.event_id == event_id), None)
    if act is None or not isinstance(act.event, AdmissionVoted | FullMembershipVoted):
        return None
    rules = books.rules_for(person.unit_on(act.on), act.on)
    passed = judged_again.vote_of(act, person, rules, books)
    return None if passed is act.event.passed else passed


def _judged(person: Person, books: Books) -> dict[UUID, list[Finding]]:
    if not person.acts:
        return {}
    day = person.acts[-1].on
    return judged_again.of_person(person, books.rules_for(person.unit_on(day), day), books, whole=True)


def _supposed(batch: Batch, stream_id: UUID, number: int, event: Event) -> Recorded:
    owner, place = batch.owner, AT_THE_END + number
    now = owner.clock.now()
    return Recorded(
        position=place,
        log_id="",
        stream_id=stream_id,
        version=place,
        event_id=owner.new_id(now),
        event=event,
        actor="",
        origin="supposed",
        recorded_at=now,
    )


def _finding(rule: str, act: OnBooks, verdict: Verdict, **more: object) -> Finding:
    facts = {"step": step_of(act.event), "on": act.on.isoformat(), "position": act.source.position, **more}
    severity = "block" if verdict is Verdict.BLOCK else "record"
    return Finding(
        rule=rule, verdict=verdict, kind="input", severity=severity, facts=facts, because=(act.source,)
    )
