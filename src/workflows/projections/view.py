"""Views: rows derived from one stream's state, kept in tables, dropped and rebuilt at any time.

A view is a name, a version and a pure function from a stream to rows. No view reads a clock or another view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import State
from workflows.application.memberships import spells_of
from workflows.domain.case_files import CaseFile
from workflows.domain.facts import Facts
from workflows.domain.person.state import Person
from workflows.domain.stages import changes_membership
from workflows.domain.unit.events import MeetingHeld
from workflows.domain.unit.state import Unit
from workflows.domain.unit.verdicts import said_of
from workflows.kernel.calendar import add_months
from workflows.kernel.events import Event
from workflows.policies.deadlines import Duty
from workflows.policies.rules import Rules
from workflows.projections import (
    deadlines,
    development_ledger,
    duties,
    lights,
    member_duties,
    outlines,
    pipeline,
)

HORIZON_MONTHS = 15
"""How far ahead recurring duties are derived; the sweep extends the horizon before it runs out."""


class Row(msgspec.Struct, frozen=True):
    """A row as it is kept: what is sorted, searched and counted by, and the rest as JSON.

    ``said``: what is to be said of it whatever the day, or once ``open_until`` is over; until then it is
    pending (a limit: not near yet, see ``lights``). ``found``: how many acts speak for it.
    """

    unit_id: UUID | None
    person_id: UUID | None
    rule: str
    subject: str
    first_on: date | None
    last_on: date | None
    done_on: date | None
    payload: bytes
    said: str | None = None
    open_until: date | None = None
    found: int | None = None


@dataclass(frozen=True)
class Subject:
    """One stream with all that its rows may rest on; ``until`` is the horizon of what recurs."""

    state: State
    rules: Rules
    facts: Facts
    until: date

    @cached_property
    def told(self) -> duties.Told:
        """Return what is told of a unit, read once for all views."""
        if not isinstance(self.state, Unit):
            raise TypeError("only a unit has duties")
        return duties.Told(self.state, self.rules, self.facts, on=self.until)

    @cached_property
    def limits_of_file(self) -> list[deadlines.Limit]:
        """Return the limits of a case, reckoned once for all views."""
        if not isinstance(self.state, CaseFile):
            raise TypeError("these are the limits of a case")
        return deadlines.of_file(self.state, self.rules, self.facts, on=self.until, until=self.until)


@dataclass(frozen=True)
class View:
    """A view: a new shape is a new version, filled beside the old one."""

    name: str
    version: int
    derive: Callable[[Subject], Iterator[Row]]


def horizon_from(today: date) -> date:
    """Return the day up to which duties are derived."""
    return add_months(today, HORIZON_MONTHS)


def _deadlines(subject: Subject) -> Iterator[Row]:
    state = subject.state
    if isinstance(state, CaseFile):
        limits = subject.limits_of_file
    elif isinstance(state, Unit):
        if state.established is None:
            return
        limits = deadlines.limits_of_unit(state, subject.rules, subject.told, until=subject.until)
    else:
        limits = deadlines.of_person(
            state, subject.rules, subject.facts, on=subject.until, until=subject.until
        )
    kind = type(state).kind if isinstance(state, CaseFile) else None
    for limit in limits:
        told = limit.deadline
        yield Row(
            unit_id=limit.unit_id,
            person_id=limit.person_id,
            rule=told.rule,
            subject=told.subject,
            first_on=told.opens_on,
            last_on=told.due_on,
            done_on=told.met_on,
            payload=msgspec.json.encode(told),
            said=lights.said_of(told, lights.field_of(limit, kind)),
            open_until=lights.last_ok(told),
        )


def _duties(subject: Subject) -> Iterator[Row]:
    state = subject.state
    if isinstance(state, Person):
        until = subject.until
        for told in member_duties.derive(state, subject.rules, subject.facts, on=until, until=until):
            yield _duty(told.unit_id, told.person_id, told.duty)
    if not isinstance(state, Unit) or state.established is None:
        return
    # the first row tells from when on duties are kept; a later horizon only adds rows behind
    for duty in sorted(subject.told.duties(subject.until), key=lambda duty: (duty.first, duty.rule)):
        yield _duty(state.id, None, duty)


def _duty(unit_id: UUID, person_id: UUID | None, duty: Duty) -> Row:
    deciding = duties.deciding_evidence(duty)
    said, open_until = said_of(duty)
    return Row(
        unit_id=unit_id,
        person_id=person_id,
        rule=duty.rule,
        subject=duties.subject_of(duty),
        first_on=duty.first,
        last_on=duty.last,
        done_on=deciding.on if deciding else None,
        payload=msgspec.json.encode(duty),
        said=said,
        open_until=open_until,
        found=len(duty.evidence),
    )


def _course(subject: Subject) -> Iterator[Row]:
    person = subject.state
    if isinstance(person, Person) and person.unit_id and person.stage in pipeline.IN_COURSE:
        yield _of_person(person, person.stage.value, person.stage_since, {"stage": person.stage.value})


def _development(subject: Subject) -> Iterator[Row]:
    person = subject.state
    row = development_ledger.kept(person) if isinstance(person, Person) and person.unit_id else None
    if isinstance(person, Person) and row is not None:
        yield _of_person(person, person.stage.value, date.fromisoformat(min(row["steps"].values())), row)


def _meetings(subject: Subject) -> Iterator[Row]:
    """Yield a row for each of the meetings that a gathering was; ``found`` counts them, from 0.

    None is judged: what the rules say of those that are shown is asked when they are.
    """
    unit = subject.state
    if not isinstance(unit, Unit):
        return
    for event, act in sorted(unit.each(MeetingHeld), key=lambda held: held[1].source.position):
        for number, meeting in enumerate(event.types):
            yield Row(
                unit_id=unit.id,
                person_id=None,
                rule=meeting,
                subject=str(act.source.position),
                first_on=act.on,
                last_on=act.on,
                done_on=None,
                payload=b"{}",
                found=number,
            )


def _cases(subject: Subject) -> Iterator[Row]:
    """Yield the one row of a case: ``rule`` is its kind, ``said`` its stage, ``done_on`` the day it ended.

    ``subject`` is the position of its opening.
    """
    file = subject.state
    outline = outlines.outline_of(file, subject.limits_of_file) if isinstance(file, CaseFile) else None
    if outline is not None:
        yield Row(
            unit_id=outline.unit_id,
            person_id=None,
            rule=outline.kind,
            subject=str(outline.position),
            first_on=outline.opened_on,
            last_on=outline.last_on,
            done_on=outline.last_on if outline.is_over else None,
            payload=msgspec.json.encode(outline.told),
            said=outline.stage,
        )


def _members(subject: Subject) -> Iterator[Row]:
    """Yield the spells for which somebody was a member of a unit: ``rule`` is the stage, days inclusive."""
    person = subject.state
    for spell in spells_of(person) if isinstance(person, Person) else ():
        yield Row(
            unit_id=spell.unit_id,
            person_id=person.id,
            rule=spell.stage.value,
            subject="",
            first_on=spell.first,
            last_on=spell.end - timedelta(days=1),
            done_on=None,
            payload=b"{}",
        )


def _of_person(person: Person, rule: str, first_on: date | None, payload: Any) -> Row:
    return Row(
        unit_id=person.unit_id,
        person_id=person.id,
        rule=rule,
        subject="",
        first_on=first_on,
        last_on=person.acts[-1].on if person.acts else None,
        done_on=None,
        payload=msgspec.json.encode(payload),
    )


DEADLINES = View("deadlines", 6, _deadlines)
DUTIES = View("duties", 5, _duties)
COURSE = View("pipeline", 2, _course)
DEVELOPMENT = View("development_ledger", 1, _development)
MEETINGS = View("meetings", 1, _meetings)
CASES = View("cases", 3, _cases)
MEMBERS = View("members", 1, _members)
VIEWS = (DEADLINES, DUTIES, COURSE, DEVELOPMENT, MEETINGS, CASES, MEMBERS)


# --- what an event touches beyond its own stream ---------------------------------------------------------


def changes_rosters(kind: type[Event]) -> bool:
    """Say whether an event of a person may change who belongs to a unit, or who may vote there."""
    return changes_membership(getattr(kind, "step", ""))


def founds(kind: type[Event]) -> bool:
    """Say whether an event of a unit may change what its people's rows rest on: kind, level, books, posts.

    Meetings and reminders do not.
    """
    return getattr(kind, "step", "") not in OF_THE_BRANCH_ALONE


OF_THE_BRANCH_ALONE = frozenset(
    {
        "hold_meeting", "issue_term_reminder", "mark_term_due", "mark_term_overdue", "form_cell",
        "dissolve_cell", "fix_theme_day", "move_theme_day", "file_document", "hold_talk", "hear_report",
        "reply_document", "complete_task", "keep_contact", "end_contact",
        "record_censure",
    }
)  # fmt: skip
"""Acts of a unit on which nothing rests but its own rows."""
