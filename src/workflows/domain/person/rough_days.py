"""The days of a course and of a membership that are known only roughly (约日)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace

from workflows.domain.act import Command
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person.state import Person
from workflows.domain.stages import RANK, Stage
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.calendar import whole_years
from workflows.kernel.events import Event, day_field, with_approximate
from workflows.policies.facts import OneOf

ON = "on"

_TAKES_THE_DAY: Mapping[type[Command], str] = {cmd.RegisterMember: "admitted_on", cmd.PostNotice: "starts_on"}
"""The field of an event that takes the day of the act where the command leaves it out."""


def told_in(event: Event, command: Command, approx: Mapping[str, ApproximateDay]) -> Event:
    """Return an event with what the command told of days known only roughly."""
    own = day_field(type(event))
    days = {own if field == ON else field: day for field, day in approx.items()}
    takes = _TAKES_THE_DAY.get(type(command))
    if takes is not None and ON in approx and takes not in days and getattr(command, takes) is None:
        days[takes] = approx[ON]
    told = {field: day for field, day in days.items() if getattr(event, field, None) == day.ordered_on}
    profile = getattr(event, "profile", None)
    if profile is not None and "born_on" in approx:
        event = replace(event, profile=replace(profile, born_approx=approx["born_on"]))
    return with_approximate(event, told)


def of_command(event: Event, command: Command) -> dict[str, ApproximateDay]:
    """Return what an event keeps of the days that its command told only roughly, by field."""
    found = {ON: event.on_approx} | {field: event.approximate(field) for field in command.roughly}
    profile = getattr(event, "profile", None)
    found["born_on"] = profile.born_approx if profile is not None else None
    return {field: day for field, day in found.items() if day is not None and field in command.roughly}


_ADMITTED: Mapping[type[Event], str] = {
    ev.AdmissionVoted: "held_on",
    ev.MemberRegistered: "admitted_on",
    ev.AdmissionApproved: "approved_on",
}


def of_admission(person: Person) -> ApproximateDay | None:
    """Return what is known of the day membership counts from, None where it is exact or unknown."""
    found = person.admitted
    return None if found is None else found[1].event.approximate(_ADMITTED[type(found[1].event)])


def of_full_membership(person: Person) -> ApproximateDay | None:
    """Return what is known of the day full membership counts from, None where it is exact or unknown."""
    found = person.full_from
    if found is None:
        return None
    event = found[1].event
    if isinstance(event, ev.FullMembershipGranted):
        return event.approximate("effective_from" if event.effective_from else "approved_on")
    return event.approximate("full_since")


def of_expiry(person: Person, months: int) -> ApproximateDay | None:
    """Return what is known of the day probation of ``months`` expires, None where it is exact or unknown."""
    admitted = of_admission(person)
    until = None if admitted is None else admitted.moved(months)
    for extension, _ in person.extensions:
        computed = extension.until is None or extension.approximate("until") is not None
        until = until.moved(extension.months) if until is not None and computed else None
    return until


def of_state(person: Person, day: date, months: int) -> dict[str, ApproximateDay]:
    """Return the same for each day of the state of a person (see ``summary``) that is known only roughly."""
    known = person.at(day)
    member = known.stage in (Stage.PROBATIONARY, Stage.FULL)
    applied = known.last(ev.ApplicationReceived)
    entries = {stage: known.since(stage) for stage in (Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET)}
    begun, activist, target = (entry.approx if entry else None for entry in entries.values())
    admitted = of_admission(known) if member else None
    full = of_full_membership(known) if known.stage is Stage.FULL else None
    found = {
        "applied_on": applied[1].approx if applied else begun,
        "activist_since": activist,
        "target_on": target,
        "probation_from": admitted,
        "probation_until": of_expiry(known, months) if member else None,
        "member_from": admitted,
        "full_since": full,
        "standing_from": full,
        "dues_from": admitted,
    }
    return {name: told for name, told in found.items() if told is not None}


# --- what others may know of someone -----------------------------------------------------------------------


def standing(person: Person, since: date, on: date) -> int | OneOf:
    """Return the whole years of standing on a day; several, where the day it began is known only roughly.

    ``person`` is as of that day, ``since`` the day from which the standing surely counts.
    """
    rough, least = of_full_membership(person), whole_years(since, on)
    most = least if rough is None else whole_years(rough.first, on)
    return least if least == most else OneOf(range(least, most + 1))


def open_stage(person: Person, surely: Stage, on: date) -> dict[str, OneOf]:
    """Return as ``stage`` those at which someone may stand on a day, where a rough day leaves it open."""
    reached = {entry.stage for entry in person.stages if entry.first_on <= on < entry.on}
    if not reached or surely is Stage.NOBODY:
        return {}
    return {"stage": OneOf(stage.value for stage in sorted({surely, *reached}, key=RANK.__getitem__))}
