"""更正 and 撤回: nothing is overwritten; what was wrong stays readable beside what is right."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from workflows.application import again, along, merging, resolving, standing
from workflows.application.casework import check_subject
from workflows.application.corrected_values import read_value, with_unit
from workflows.application.recording import Batch, Origin, Outcome, Recording
from workflows.application.rough_days import as_stored, corrected_roughly, same_value, with_birth
from workflows.application.undoing import Undoing
from workflows.domain.act import Who
from workflows.domain.case_acts import FileOpened
from workflows.domain.person.state import Person
from workflows.domain.unit.events import MeetingHeld
from workflows.kernel.clock import today
from workflows.kernel.errors import Conflict, WrongUsage
from workflows.kernel.events import (
    Event,
    EventRetracted,
    FactCorrected,
    NewEvent,
    Recorded,
    amendments,
    corrected,
    day_field,
)
from workflows.kernel.ids import derived
from workflows.policies.findings import Finding, Verdict

DERIVED_FIELDS = frozenset({"findings", "unit_id", "approx", "born_approx", "other"})
"""What a correction may not touch: findings are what was found; a move to another unit and a merger of people
are acts of their own; how roughly a day is known is told by the day itself."""


NAMES_OF_THOSE_WHO_CAME = frozenset({"attending", "attendees"})


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A correction (``field`` given) or a retraction of an event, named by id or position.

    ``caused_by``: the amendment along with which it is made, None where it was asked for by itself.
    """

    event: UUID | int
    actor: str
    origin: Origin
    reason: str
    field: str | None = None
    value: Any = None
    evidence: str | None = None
    command_id: UUID | None = None
    on: date | None = None
    correlation_id: UUID | None = None
    caused_by: UUID | None = None


class Amending:
    """Corrections and retractions on every aggregate."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    def amend(self, request: Amendment) -> Outcome:
        """Record a correction or a retraction.

        Raises:
            WrongUsage: no such event or field, a value that does not fit, no reason, or nothing that would
                change.
            Conflict: the command id was used for another command.
        """
        return self.recording.work(lambda batch: self.in_batch(batch, request), request.command_id)

    def in_batch(self, batch: Batch, request: Amendment) -> Outcome:
        """Do the same within a transaction already open."""
        if not request.reason.strip():
            raise WrongUsage("reason-wanted")
        fingerprint = batch.fingerprint(request)
        if request.command_id is not None:
            known = batch.transaction.command(request.command_id)
            if known is not None and known[0] != fingerprint:
                raise Conflict("command-id-used", command_id=str(request.command_id))
            if known is not None:
                told = msgspec.json.decode(known[1], type=Outcome)
                return msgspec.structs.replace(told, repeated=True)
        target = self._target(batch, request.event)
        person_id = batch.books.one(target.stream_id)
        before = batch.books.state(person_id)
        records = batch.transaction.load(target.stream_id)
        withdrawn, changes = amendments(records)
        if target.event_id in withdrawn:
            raise WrongUsage("event-withdrawn", position=target.position)
        undoing, day = Undoing(batch), self._day(request)
        judged_on, stood = max(day, today(self.recording.clock)), None
        if request.caused_by is None:
            undoing.check(target, request.field)
            standing.check(target, request.field, request.value)
            stood = standing.before(batch.books, target, request.field, judged_on)
        event = self._event(request, target, changes.get(target.event_id, []), day, batch)
        version = records[-1].version
        done = [self._append(batch, request, target, event, version, 1)]
        noticed: list[Finding] = []
        if isinstance(before, Person):
            passed = again.outcome_of_vote(batch.books.person_state(before.id), target.event_id, batch.books)
            if passed is not None and request.field not in (None, "passed"):
                # whether a vote passed is computed from its numbers: corrected with them
                fields = {"field": "passed", "value": passed, "personal": False}
                then = msgspec.structs.replace(event, **fields)
                done.append(self._append(batch, request, target, then, version, 2))
            noticed = again.of_amendment(before, batch.books.person_state(before.id), batch.books)
        came = (
            along.number_of_those_named(batch, target) if request.field in NAMES_OF_THOSE_WHO_CAME else None
        )
        if came is not None:
            # how many came is computed from the names: corrected with them
            fields = {"field": "attending", "value": came, "personal": False}
            done.append(
                self._append(batch, request, target, msgspec.structs.replace(event, **fields), version, 2)
            )
        noticed += undoing.along(target, judged_on) if request.field is None else ()
        noticed += merging.of_retraction(target, batch.books) if request.field is None else ()
        undoing.follow(done[0], target)
        if stood is not None:
            stood.check(batch.books)
        outcome = Outcome(
            verdict=Verdict.OK,
            findings=tuple(noticed),
            events=tuple(type(record.event).__name__ for record in done),
            stream_id=person_id,
            event_ids=tuple(record.event_id for record in done),
            position=done[-1].position,
        )
        for more in along.amendments_along(batch, request, target, before, done[0].event_id):
            outcome = _together(outcome, self.in_batch(batch, more), along.noticed(batch, more))
        if request.command_id is not None:
            batch.transaction.log_command(request.command_id, fingerprint, msgspec.json.encode(outcome))
        return outcome

    def _day(self, request: Amendment) -> date:
        """Return the day of an amendment.

        Raises:
            WrongUsage: what :meth:`Recording.check_day` raises.
        """
        if request.on is None or request.caused_by is not None:
            return request.on or today(self.recording.clock)
        self.recording.check_day(request.on)
        return request.on

    def _append(
        self, batch: Batch, request: Amendment, target: Recorded, event: Event, version: int, number: int
    ) -> Recorded:
        new = NewEvent(
            stream_id=target.stream_id,
            version=version + number,
            event_id=derived(request.command_id, number) if request.command_id else self._fresh(),
            event=event,
            actor=request.actor,
            origin=request.origin,
            unit_id=target.unit_id,
            command_id=request.command_id,
            correlation_id=request.correlation_id,
            causation_id=request.caused_by or target.event_id,
            reason=request.reason,
        )
        (record,) = batch.append([new])
        return record

    def _fresh(self) -> UUID:
        return self.recording.new_id(self.recording.clock.now())

    @staticmethod
    def _target(batch: Batch, event: UUID | int) -> Recorded:
        found = (
            batch.transaction.event_at(event)
            if isinstance(event, int)
            else batch.transaction.find_event(event)
        )
        if found is None:
            raise WrongUsage("event-unknown", event=str(event))
        return found

    def _event(
        self, request: Amendment, target: Recorded, earlier: list[Recorded], day: date, batch: Batch
    ) -> Event:
        if request.field is None:
            return EventRetracted(retracted_on=day, event_id=target.event_id, reason=request.reason)
        kind = type(target.event)
        if isinstance(target.event, FactCorrected | EventRetracted):
            raise WrongUsage("correct-a-correction", position=target.position)
        now = target.event
        for change in earlier:
            if isinstance(change.event, FactCorrected):
                now = corrected(now, change.event)
        rough = corrected_roughly(now, request.field, request.value, latest=today(self.recording.clock))
        told = request.value if rough is None else rough.ordered_on.isoformat()
        find = partial(self._who, batch, target, now.effective_on)
        names_told = isinstance(now, MeetingHeld) and request.field == "attending" and isinstance(told, list)
        field, value = in_place(now, "attendees" if names_told else request.field, told)
        if isinstance(now, MeetingHeld) and field == "resolutions":
            value = resolving.as_kept(value, now.resolutions, find)
        if field == "profile" and request.field == "born_on":
            value, rough = with_birth(value, rough), None
        if field is None or field in DERIVED_FIELDS:
            raise WrongUsage(
                "field-unknown", field=request.field, fields=correctable(kind), event=kind.__name__
            )
        try:
            checked = read_value(kind, field, with_unit(kind, field, value, batch.books.units_by_id), find)
        except ValueError as error:
            raise WrongUsage("field-value", field=request.field, detail=str(error)) from error
        if isinstance(now, FileOpened) and field == "subject":
            check_subject(batch.books, now, target.stream_id, str(checked))
        if isinstance(checked, date) and field == day_field(kind):
            self.recording.check_day(checked)
        if same_value(now, field, checked, rough):
            raise WrongUsage("nothing-changes", field=request.field)
        correction = FactCorrected(
            corrected_on=day,
            event_id=target.event_id,
            field=field,
            value=as_stored(checked, rough),
            reason=request.reason,
            evidence=request.evidence,
        )
        # a bare name may come in by the correction itself, where people on the books stood before
        standing = (target.event, now, corrected(now, correction))
        personal = any(field in event.sealed_fields() for event in standing)
        return msgspec.structs.replace(correction, personal=personal)

    @staticmethod
    def _who(batch: Batch, target: Recorded, on: date, name: str) -> Who:
        """Return who is meant by a name seen from the unit that acted, as of the day of the act."""
        unit_id = target.unit_id or batch.books.person_state(batch.books.one(target.stream_id)).unit_on(on)
        return batch.books.find(name, unit_id, on)


def _together(outcome: Outcome, more: Outcome, note: Finding) -> Outcome:
    """Return what an amendment and one that went along with it came to."""
    return msgspec.structs.replace(
        outcome,
        findings=(*outcome.findings, note, *more.findings),
        events=(*outcome.events, *more.events),
        event_ids=(*outcome.event_ids, *more.event_ids),
        position=max(outcome.position, more.position),
    )


def in_place(event: Event, name: str, value: Any) -> tuple[str | None, Any]:
    """Return the field of an event meant by a public name, and the value it is to hold.

    ``on`` is the day of the act. A name that belongs to a part of the event (``born_on`` of the profile,
    ``in_favour`` of the votes) means the whole part, with that one value changed.
    """
    if name == "on":
        return day_field(type(event)), value
    for field in msgspec.structs.fields(type(event)):
        if name in (field.name, field.encode_name):
            return field.name, value
    for field in msgspec.structs.fields(type(event)):
        part = getattr(event, field.name)
        if isinstance(part, msgspec.Struct) and name in part.__struct_fields__:
            return field.name, {**msgspec.to_builtins(part), name: value}
    return None, value


def correctable(kind: type[Event]) -> tuple[str, ...]:
    """Return the public names of the fields of an event that may be corrected."""
    return tuple(f.encode_name for f in msgspec.structs.fields(kind) if f.name not in DERIVED_FIELDS)
