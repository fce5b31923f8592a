"""Who turned out to be whom: mergers of people as known at a horizon, and ids read in their light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.counted_once import named_once, recounted
from workflows.domain.person.member_events import PersonsMerged
from workflows.kernel.events import Event, EventRetracted, Known, Recorded, amendments


class Merge(msgspec.Struct, frozen=True, omit_defaults=True):
    """That ``other`` is counted as ``keep`` from one record on, until another one (a retraction) ends it."""

    other: UUID
    keep: UUID
    event_id: UUID
    from_position: int
    from_at: datetime
    until_position: int | None = None
    until_at: datetime | None = None

    def is_of(self, position: int) -> bool:
        """Say whether it began or ended after a position of the log."""
        return max(self.from_position, self.until_position or 0) > position

    def holds(self, known_on: Known) -> bool:
        """Say whether it was known, and not yet withdrawn, at a horizon (inclusive)."""
        if known_on is None:
            return self.until_position is None
        if isinstance(known_on, int):
            begun = self.from_position <= known_on
            return begun and (self.until_position is None or known_on < self.until_position)
        return self.from_at <= known_on and (self.until_at is None or known_on < self.until_at)


def merges_in(records: Sequence[Recorded]) -> tuple[Merge, ...]:
    """Return the mergers told on one stream, in the order of their recording.

    One that was withdrawn, and whose withdrawal was withdrawn in turn, is there twice.
    """
    found: list[Merge] = []
    for told in records:
        event = told.event
        if not isinstance(event, PersonsMerged):
            continue
        stood = False
        for record in (told, *_retractions_after(told, records)):
            known = [one for one in records if one.position <= record.position]
            stands = told.event_id not in amendments(known)[0]
            place = record.position, record.recorded_at
            if stands and not stood:
                found.append(Merge(event.other, told.stream_id, told.event_id, *place))
            elif stood and not stands:
                ended = {"until_position": place[0], "until_at": place[1]}
                found[-1] = msgspec.structs.replace(found[-1], **ended)
            stood = stands
    return tuple(found)


def _retractions_after(told: Recorded, records: Sequence[Recorded]) -> list[Recorded]:
    return [r for r in records if r.position > told.position and isinstance(r.event, EventRetracted)]


class Merged:
    """Who is counted as whom at one horizon."""

    def __init__(self, into: Mapping[UUID, UUID]) -> None:
        self.into = into
        self._others: dict[UUID, list[UUID]] = {}
        for other, keep in into.items():
            self._others.setdefault(keep, []).append(other)

    @classmethod
    def at(cls, merges: Iterable[Merge], known_on: Known) -> Merged:
        """Return who is counted as whom at a horizon; ``merges`` are all there ever were."""
        return cls({merge.other: merge.keep for merge in merges if merge.holds(known_on)})

    def also(self, keep: UUID, other: UUID) -> Merged:
        """Return the same with one more counted as another."""
        return Merged({**self.into, other: keep})

    def one(self, person_id: UUID) -> UUID:
        """Return as whom somebody is counted: themselves, unless they were merged."""
        return self.into.get(person_id, person_id)

    def others(self, person_id: UUID) -> tuple[UUID, ...]:
        """Return who else is counted as this person, in the order in which they were merged."""
        return tuple(self._others.get(person_id, ()))

    def read(self, records: list[Recorded]) -> list[Recorded]:
        """Return records in which whoever was merged bears the id of the person they are."""
        return [self._of(record) for record in records] if self.into else records

    def _of(self, record: Recorded) -> Recorded:
        event = self.event(record.event)
        return record if event is record.event else msgspec.structs.replace(record, event=event)

    def event(self, event: Event) -> Event:
        """Return an event with ids in place; the very same where none stands in it."""
        fields = _telling_of_people(type(event))
        changed = {name: now for name in fields if (now := self._put(was := getattr(event, name))) is not was}
        if not changed:
            return event
        return recounted(event, msgspec.structs.replace(event, **changed))

    def _put(self, value: Any) -> Any:
        """Return a value with ids in place; the very same where none stands in it. Nobody is named twice."""
        if isinstance(value, UUID):
            return self.into.get(value, value)
        if isinstance(value, msgspec.Struct):
            changed = {
                name: now
                for name in value.__struct_fields__
                if (now := self._put(was := getattr(value, name))) is not was
            }
            return msgspec.structs.replace(value, **changed) if changed else value
        if isinstance(value, tuple | list):
            items = [self._put(item) for item in value]
            if all(now is was for now, was in zip(items, value, strict=True)):
                return value
            return type(value)(named_once(value, items))
        if isinstance(value, dict):
            pairs = {self._put(key): self._put(item) for key, item in value.items()}
            return value if pairs == value else pairs
        return value


NOBODY_MERGED = Merged({})

NO_PEOPLE = frozenset({"findings", "approx", "unit_id"})
"""Fields in which nobody is spoken of; findings keep their words, names are looked up when they are read."""


@cache
def _telling_of_people(kind: type[Event]) -> tuple[str, ...]:
    """Return the fields of an event in which the id of a person may stand."""
    if kind is PersonsMerged or issubclass(kind, EventRetracted):
        return ()
    fields = msgspec.inspect.type_info(kind).fields  # type: ignore[attr-defined]
    return tuple(f.name for f in fields if f.name not in NO_PEOPLE and _may_hold_an_id(f.type, frozenset()))


def _may_hold_an_id(node: Any, seen: frozenset[type]) -> bool:
    if isinstance(node, msgspec.inspect.UUIDType):
        return True
    if isinstance(node, msgspec.inspect.StructType):
        if node.cls in seen:
            return False
        return any(_may_hold_an_id(field.type, seen | {node.cls}) for field in node.fields)
    inner = [getattr(node, name, None) for name in ("item_type", "key_type", "value_type")]
    inner += [*getattr(node, "types", ()), *getattr(node, "item_types", ())]
    return any(_may_hold_an_id(one, seen) for one in inner if one is not None)
