"""Acts that are only planned: events of days ahead, folded like those on the books and kept nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from workflows.domain.act import Decided
from workflows.domain.person import events as ev
from workflows.domain.person.book import probation_months
from workflows.domain.person.member_events import StepRecorded
from workflows.domain.person.state import Person, evolve
from workflows.kernel.events import Event, Recorded, day_field, event_types
from workflows.kernel.ids import derived
from workflows.policies.findings import Source
from workflows.policies.rules import Rules
from workflows.projections.pipeline import stages_of_step

PLANNED_FROM = 10**12
"""Where planned acts stand: behind everything on the books, so that what rests on one can be told."""


def is_planned(source: Source) -> bool:
    """Say whether a fact rests on an act that is only planned."""
    return source.position >= PLANNED_FROM


@cache
def _kinds() -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for kind in sorted(event_types().values(), key=lambda one: one.topic()):
        step = getattr(kind, "step", "")
        if step and kind.topic().startswith("person.") and issubclass(kind, Decided):
            found.setdefault(step, kind)
    return {**found, ev.FullMembershipGranted.step: ev.FullMembershipGranted}


def is_step(name: str) -> bool:
    """Say whether a name is that of a step somebody takes, and not of a paper or a fact."""
    return name in _kinds() or bool(stages_of_step(name))


def planned(step: str, on: date, person: Person, rules: Rules) -> Event:
    """Return the event of a step done on a day as one hopes: passed, agreed, in order; numbers are untold."""
    kind = _kinds().get(step)
    if kind is None:
        return StepRecorded(done_on=on, name=step)
    said: dict[str, Any] = {day_field(kind): on}
    said |= {name: True for name in ("passed", "agreed", "in_order") if name in kind.__struct_fields__}
    if kind is ev.NoticePosted:
        said["starts_on"] = on
    if kind is ev.FullMembershipGranted:
        admitted = person.admitted
        until = person.probation_until(probation_months(rules, admitted[0] if admitted else None))
        said["effective_from"] = until[0] if until else None
    return kind(**said)


def played(step: str, on: date, person: Person, rules: Rules) -> Person:
    """Return the course with a planned act behind all others."""
    number = len(person.acts)
    record = Recorded(
        position=PLANNED_FROM + number,
        log_id="",
        stream_id=person.id,
        version=number + 1,
        event_id=derived("planned", str(person.id), number),
        event=planned(step, on, person, rules),
        actor="",
        origin="planned",
        unit_id=person.unit_id,
        recorded_at=datetime.combine(on, time(), UTC),
    )
    return evolve(record.event, person, record)
