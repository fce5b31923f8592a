"""合并重复的人: in every field of every event that can hold a person the one kept stands since the merger."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest

from tests.support.scenario import recorded
from workflows.application.case_files import OPENINGS, file_kind_of
from workflows.application.folding import state_of
from workflows.application.merges import Merge, Merged, merges_in
from workflows.domain.act import Decided, Who
from workflows.domain.person.events import MemberRegistered
from workflows.domain.person.member_events import PersonsMerged
from workflows.domain.unit.events import UnitEstablished
from workflows.kernel.clock import end_of_day, moment_of
from workflows.kernel.events import Event, EventRetracted, FactCorrected, Known, event_types
from workflows.kernel.ids import derived

KEEP, OTHER, STREAM, HOME = (derived("everywhere", name) for name in ("keep", "other", "stream", "home"))
ON = date(2026, 3, 10)
MERGED_ON, APART_ON = ON + timedelta(days=30), ON + timedelta(days=60)
TOLD = recorded(PersonsMerged(merged_on=MERGED_ON, other=OTHER, reason="重复"), 10, stream=KEEP)
APART = recorded(
    EventRetracted(retracted_on=APART_ON, event_id=TOLD.event_id, reason="两个人"), 11, stream=KEEP
)
PLAIN: dict[object, Any] = {date: ON, UUID: OTHER, str: "x", int: 1, float: 1.0, bool: True, Any: "x"}


NOBODY_THERE = frozenset({"findings", "approx", "unit_id"})
"""What was found keeps its words, and a home is no person."""


def filled(kind: Any, seen: tuple[type, ...] = ()) -> Any:
    """Return a value of a type, as full as it can be, in which every id is that of the one merged away."""
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is Who:
        return Who(person=OTHER)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return filled(next(one for one in inner if one not in (type(None), msgspec.UnsetType)), seen)
    if origin is tuple:
        return () if inner[0] in seen else (filled(inner[0], seen),)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind, include_extras=False)
        return kind(**{name: filled(hints[name], (*seen, kind)) for name in kind.__struct_fields__})
    return {} if origin is dict else inner[0]


def event_of(kind: type[Event]) -> Event:
    """Return an event of a kind with an id of the one merged away wherever one may stand."""
    hints = get_type_hints(kind)
    names = [name for name in kind.__struct_fields__ if name not in ("approx", "findings")]
    return kind(**{name: filled(hints[name]) for name in names})


def ids_in(value: Any) -> Iterator[UUID]:
    """Yield every id in a value, in keys too."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from ids_in(getattr(value, name))
    elif isinstance(value, dict):
        yield from ids_in((*value, *value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from ids_in(item)


def fields_with(event: Event, who: UUID) -> set[str]:
    """Return the fields in which somebody stands."""
    return {name for name in event.__struct_fields__ if who in ids_in(getattr(event, name))}


AMENDING = (PersonsMerged, EventRetracted, FactCorrected)
"""These name a record, or who was merged: they are read by what they say."""

SPEAKING = {
    topic: kind
    for topic, kind in sorted(event_types().items())
    if not topic.startswith("test")
    and not issubclass(kind, AMENDING)
    and fields_with(event_of(kind), OTHER) - NOBODY_THERE
}


def test_every_field_that_is_said_to_speak_of_others_is_walked() -> None:
    assert len(SPEAKING) > 40
    for kind in event_types().values():
        if issubclass(kind, Decided) and not kind.topic().startswith("test"):
            assert kind.people <= fields_with(event_of(kind), OTHER), kind.__name__


def stream_of(event: Event) -> list[Event]:
    """Return the events of a stream on which an event can stand: how it began, and the event."""
    topic = event.topic()
    first = next((one for one in OPENINGS if file_kind_of(one.topic()) == file_kind_of(topic)), None)
    if file_kind_of(topic) is not None and first is not None:
        return [event] if isinstance(event, first) else [event_of(first), event]
    if topic.startswith("unit."):
        founded = UnitEstablished(established_on=ON, name="甲支部", level="branch", kind="village")
        return [event] if isinstance(event, UnitEstablished) else [founded, event]
    return [MemberRegistered(member_on=ON, unit_id=HOME), event]


def as_read(events: list[Event], known_on: Known, merges: tuple[Merge, ...]) -> Event:
    """Return the last event as the state of its stream holds it at a horizon."""
    records = [recorded(event, place, stream=STREAM) for place, event in enumerate(events, 1)]
    state = state_of(STREAM, records, known_on=known_on, merged=Merged.at(merges, known_on))
    return next(act.event for act in state.acts if act.source.position == len(events))


HORIZONS: list[tuple[str, Known, bool]] = [
    ("before", end_of_day(MERGED_ON - timedelta(days=1)), False),
    ("as one", end_of_day(MERGED_ON), True),
    ("before they were two again", end_of_day(APART_ON - timedelta(days=1)), True),
    ("two again", end_of_day(APART_ON), False),
    ("by number, before", 9, False),
    ("by number, as one", 10, True),
    ("now", None, False),
]


@pytest.mark.parametrize("topic", SPEAKING)
def test_the_one_kept_stands_there_as_known_since_the_merger_and_only_then(topic: str) -> None:
    event = event_of(SPEAKING[topic])
    where = fields_with(event, OTHER) - NOBODY_THERE
    merges = merges_in([TOLD, APART])
    for name, known_on, are_one in HORIZONS:
        read = as_read(stream_of(event), known_on, merges)
        gone, there = (KEEP, OTHER) if not are_one else (OTHER, KEEP)
        assert fields_with(read, there) - NOBODY_THERE == where, name
        assert not fields_with(read, gone) - NOBODY_THERE, name


def test_a_correction_that_named_the_other_names_the_one_kept() -> None:
    kind = SPEAKING["rectification.correction-planned"]
    events = stream_of(event_of(kind))
    wrong = msgspec.structs.replace(events[-1], owner=None)
    records = [recorded(event, place, stream=STREAM) for place, event in enumerate((events[0], wrong), 1)]
    told = FactCorrected(
        corrected_on=ON,
        event_id=records[-1].event_id,
        field="owner",
        value={"person": str(OTHER)},
        reason="x",
    )
    records.append(recorded(told, 3, moment_of(ON), STREAM))
    merged = Merged.at(merges_in([TOLD]), None)
    (plan,) = (a.event for a in state_of(STREAM, records, merged=merged).acts if isinstance(a.event, kind))
    assert plan.owner == Who(person=KEEP)  # type: ignore[attr-defined]
