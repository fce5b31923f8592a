"""连带更正: what a meeting resolved was typed once, so it is corrected and withdrawn once too.

A correction of a meeting reaches the votes that were recorded with it, as far as they still hold what the
meeting told: a number put right in the vote by itself stays. A withdrawal of the meeting takes every step
with it that it resolved. See ADR 0014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.act import OnBooks, step_of
from workflows.domain.person.events import AdmissionVoted, FullMembershipVoted
from workflows.domain.unit.attendance import attendance
from workflows.domain.unit.events import MeetingHeld, Resolution
from workflows.domain.unit.state import Unit
from workflows.kernel.events import EventRetracted, FactCorrected, Recorded
from workflows.kernel.ids import derived
from workflows.policies.findings import Finding, Verdict

if TYPE_CHECKING:
    from workflows.application.amending import Amendment
    from workflows.application.recording import Batch

ALONG = "input-goes-along"


class Held(msgspec.Struct, frozen=True):
    """A meeting as the books tell it, and the unit that held it."""

    unit: Unit
    event: MeetingHeld

    def numbers(self, said: Resolution, books: Books) -> dict[str, Any]:
        """Return the numbers of a vote that a resolution of the meeting was."""
        counted = attendance(self.event, self.event.resolving, self.unit, books)
        told = {"eligible": counted.eligible, "attending": counted.attending}
        names = ("in_favour", "against", "abstained", "written_in_favour", "secret")
        return told | {name: getattr(said, name) for name in names}


def number_of_those_named(batch: Batch, target: Recorded) -> int | None:
    """Return how many came to a meeting by the names told; None where that is the number kept, or unknown."""
    told = held(batch.books.state(target.stream_id), target.event_id)
    if told is None or not told.event.attendees:
        return None
    counted = attendance(told.event, told.event.type, told.unit, batch.books).attending
    return None if counted == told.event.attending else counted


def held(state: object, event_id: UUID) -> Held | None:
    """Return a meeting on the books, None where the event is none, or is withdrawn."""
    if not isinstance(state, Unit):
        return None
    found = (event for event, act in state.each(MeetingHeld) if act.source.event_id == event_id)
    event = next(found, None)
    return None if event is None else Held(state, event)


def amendments_along(
    batch: Batch, request: Amendment, target: Recorded, before: object, done: UUID
) -> list[Amendment]:
    """Return the amendments that go along with one just recorded as ``done``.

    ``before``: the state of the stream of ``target`` until then. A correction that is withdrawn is a change
    as well; what went along with a withdrawal that is itself withdrawn comes back with it.
    """
    meeting = _meeting(batch, target)
    if meeting is None:
        return []
    event_id = target.event.event_id if isinstance(target.event, FactCorrected) else target.event_id
    found: list[tuple[UUID, str | None, Any]] = []
    was, now = (held(one, event_id) for one in (before, batch.books.state(target.stream_id)))
    about = (batch.books.one(said.person) for said in meeting.resolutions if said.person)
    for person_id in dict.fromkeys(about):
        records = batch.books.records_of(person_id)
        caused = {record.event_id for record in records if record.causation_id == event_id}
        if isinstance(target.event, EventRetracted):
            found += [(one, None, None) for one in caused]
            continue
        acts = [act for act in batch.books.person_state(person_id).acts if act.source.event_id in caused]
        if isinstance(target.event, MeetingHeld) and request.field is None:
            found += [(act.source.event_id, None, None) for act in acts]
        elif was is not None and now is not None:
            changes = [(act, _changes(act, person_id, was, now, batch.books)) for act in acts]
            found += [(act.source.event_id, *change) for act, told in changes for change in told.items()]
    return [
        msgspec.structs.replace(
            request,
            event=event_id,
            field=field,
            value=value,
            caused_by=done,
            command_id=request.command_id and derived(request.command_id, "along", event_id, field or ""),
        )
        for event_id, field, value in found
    ]


def _meeting(batch: Batch, target: Recorded) -> MeetingHeld | None:
    """Return the meeting that is amended, or that the amendment withdrawn is about."""
    seen: Recorded | None = target
    while seen is not None and isinstance(seen.event, FactCorrected | EventRetracted):
        seen = batch.transaction.find_event(seen.event.event_id)
    return seen.event if seen is not None and isinstance(seen.event, MeetingHeld) else None


def _changes(act: OnBooks, person_id: UUID, before: Held, after: Held, books: Books) -> dict[str, Any]:
    """Return what of a vote changes with the meeting, by field; what was put right by itself stays."""
    vote = act.event
    if not isinstance(vote, AdmissionVoted | FullMembershipVoted):
        return {}
    found: dict[str, Any] = {}
    if before.event.held_on != after.event.held_on and vote.held_on == before.event.held_on:
        found["on"] = after.event.held_on.isoformat()
    was, now = (_said(one, person_id, vote) for one in (before, after))
    if was is None or now is None:
        return found
    old, new = before.numbers(was, books), after.numbers(now, books)
    moved = {name: new[name] for name in new if new[name] != old[name] == getattr(vote.votes, name)}
    if moved:
        found["votes"] = {**msgspec.to_builtins(vote.votes), **moved}
    return found


def _said(told: Held, person_id: UUID, vote: AdmissionVoted | FullMembershipVoted) -> Resolution | None:
    said = (one for one in told.event.resolutions if (one.person, one.step) == (person_id, vote.step))
    return next(said, None)


def noticed(batch: Batch, amended: Amendment) -> Finding:
    """Return the note that a record was amended along with the meeting."""
    record = batch.transaction.find_event(amended.event) if isinstance(amended.event, UUID) else None
    facts: dict[str, Any] = {}
    if record is not None:
        on = record.effective_on.isoformat()
        facts = {"step": step_of(record.event), "on": on, "position": record.position}
    rule = ALONG if amended.field is not None else f"{ALONG}-withdrawn"
    return Finding(rule=rule, verdict=Verdict.NOTE, kind="input", facts=facts)
