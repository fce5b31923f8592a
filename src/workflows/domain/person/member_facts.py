"""The facts of a member, and of someone who changed unit, that rules ask for, by name."""

from __future__ import annotations

from datetime import date
from typing import Any

from workflows.domain.act import OnBooks
from workflows.domain.person import away_events as av
from workflows.domain.person import member_events as mv
from workflows.domain.person.relation import (
    TRAINED,
    Training,
    is_after,
    moves_at,
    open_correction,
    stop_on,
    struck_off,
    transit_of,
)
from workflows.domain.person.rough_days import of_admission
from workflows.domain.person.state import Person
from workflows.domain.person.whereabouts import absence, letter, lost
from workflows.domain.stages import Stage
from workflows.kernel import calendar
from workflows.policies.facts import Fact


def of_member(person: Person, on: date, expires: Fact | None, put: Any) -> None:
    """Put the facts of someone as of ``on``; ``person`` is cut at that day, ``expires`` ends probation."""
    if person.stage in TRAINED:
        training = Training(person)
        put("papers_examined", training.unexamined is None, training.unexamined)
        if training.restarted is not None:
            put("training_restarted_on", training.restarted.on, training.restarted)
    if person.stage is Stage.PROBATIONARY:
        _on_probation(person, expires, put)
    if person.stage in (Stage.PROBATIONARY, Stage.FULL):
        if person.admitted is not None:
            rough = of_admission(person)
            put("member_from", *person.admitted, approx=rough)
            put("dues_from", *person.admitted, approx=rough)
        if (excused := excused_on(person, on)) is not None:
            put("attendance_excused", True, excused)
        if (stop := stop_on(person, on)) is not None:
            put("stopped_on", stop[1].on, stop[1])
            put("stop_ground", stop[0].ground, stop[1])
        _whereabouts(person, put)
    if (sent := letter(person)) is not None:
        put("letter_issued_on", sent[1].on, sent[1])
        put("letter_valid_until", sent[0].valid_until, sent[1])
        if sent[2] is not None:
            put("letter_received_on", sent[2].on, sent[2])
    if (struck := struck_off(person)) is not None:
        put("struck_off_on", struck[1].on, struck[1])
    if (ordered := open_correction(person)) is not None:
        event, act, closed = ordered
        put("correction_ordered_on", act.on, act)
        put("correction_months", event.months, act)
        if event.months is not None:
            ends = act.approx.moved(event.months) if act.approx else None
            put("correction_ends_on", calendar.add_months(act.on, event.months), act, approx=ends)
        if closed is not None:
            put("correction_closed_on", closed.on, closed)


def _whereabouts(person: Person, put: Any) -> None:
    away, missing = absence(person), lost(person)
    if away is not None and away.ended is None:
        put("away_since", away.act.on, away.act)
        put("away_purpose", away.event.purpose, away.act)
        put("away_fixed", away.event.fixed_place, away.act)
        if away.is_abroad:
            put("abroad_since", away.act.on, away.act)
    if missing is not None and missing.found is None:
        put("lost_since", missing.since, missing.act)
    elif missing is not None and missing.found is not None:
        put("was_lost_since", missing.since, missing.act)
        put("found_on", missing.found.on, missing.found)
    if (left := person.last(av.GraduationRecorded)) is not None:
        put("graduated_on", left[1].on, left[1])


def excused_on(person: Person, on: date) -> OnBooks | None:
    """Return by which act somebody, cut at that day, is not asked to come to meetings."""
    told = person.last(mv.MeetingsExempted)
    return told[1] if told is not None and (told[0].until is None or on <= told[0].until) else None


def _on_probation(person: Person, expires: Fact | None, put: Any) -> None:
    moved = moves_at(person, Stage.PROBATIONARY)
    if moved or person.course_known or transit_of(person) is not None:
        put("transferred_in", bool(moved), moved[-1][1] if moved else None)
    if (deferred := person.last(mv.ConversionDeferred)) is None:
        return
    event, act = deferred
    if not any(is_after(extended, act) for _, extended in person.extensions):
        if expires is not None:
            put("deferred_from", expires.value, act, approx=expires.approx)
        put("deferred_until", event.until, act)
