"""Events, their stored form, and what is true as of one day and known on another.

Three clocks, never mixed: *effective* (a local calendar day: when the act took place), *recorded* (UTC, set
by the store: when we learned it) and *now* (injected, see :mod:`workflows.kernel.clock`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar, dataclass_transform
from uuid import UUID

import msgspec

from workflows.kernel.approximate import ApproximateDay, from_json

State = TypeVar("State")

Known = datetime | int | None
"""A horizon of knowledge: a moment (aware), a position of the log, or None for everything."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenMeta(msgspec.StructMeta):
    """Tells type checkers that what is derived from a frozen event or command is frozen."""


class Event(msgspec.Struct, metaclass=FrozenMeta, frozen=True, kw_only=True, tag_field="_topic"):
    """What has happened; ``tag`` is the stored name and never changes, the class may be renamed.

    The first declared field whose name ends with ``_on`` is the day of the act. ``approx`` tells of fields
    that hold a day known only roughly: the field itself holds the latest day possible, by which it is
    ordered. An event without such a day is stored without the field.
    """

    schema_version: ClassVar[int] = 1
    sealed: ClassVar[frozenset[str]] = frozenset()
    """Fields with personal data: optional, stored encrypted, None again once the person's key is erased."""

    approx: dict[str, ApproximateDay] | msgspec.UnsetType = msgspec.UNSET

    @classmethod
    def topic(cls) -> str:
        """Return the stored name, for example ``unit.meeting-held``."""
        tag = cls.__struct_config__.tag
        if not isinstance(tag, str):
            raise TypeError(f"{cls.__name__} has no explicit tag")
        return tag

    @property
    def effective_on(self) -> date:
        """Return the day of the act."""
        day = getattr(self, day_field(type(self)))
        if not isinstance(day, date):
            raise TypeError(f"{type(self).__name__}: the day of the act is no date")
        return day

    @property
    def on_approx(self) -> ApproximateDay | None:
        """Return what is known of the day of the act where it is known only roughly, else None."""
        return self.approximate(day_field(type(self))) if self.approx else None

    def approximate(self, field: str) -> ApproximateDay | None:
        """Return what is known of the day in ``field`` where it is known only roughly, else None."""
        return self.approx.get(field) if isinstance(self.approx, dict) else None

    def recounted(self, before: Event) -> Event:
        """Return the event with what was counted from a field that was just corrected; ``before``: as it was.

        What somebody counted otherwise stays as it was told.
        """
        return self

    def sealed_fields(self) -> frozenset[str]:
        """Return the names of the fields that hold personal data in this very event."""
        return type(self).sealed


@cache
def day_field(kind: type[Event]) -> str:
    """Return the name of the field that holds the day of the act."""
    own = [name for name in kind.__struct_fields__ if name.endswith("_on")]
    if not own:
        raise TypeError(f"{kind.__name__} says no day of its act (a field ending with _on)")
    return own[0]


def event_types(root: type[Event] = Event) -> dict[str, type[Event]]:
    """Return every event class below ``root`` by its stored name; a name used twice is an error of ours."""
    found: dict[str, type[Event]] = {}
    todo = list(root.__subclasses__())
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if not isinstance(kind.__struct_config__.tag, str) or kind.__name__ == kind.__struct_config__.tag:
            continue
        other = found.get(kind.topic())
        if other is not None and other is not kind:
            raise TypeError(f"{kind.topic()} names both {other.__name__} and {kind.__name__}")
        found[kind.topic()] = kind
    return found


class FactCorrected(Event, tag="fact.corrected"):
    """更正: one field of an earlier event held a wrong value; the old value stays readable for ever.

    ``value`` is in JSON form (a day as ISO text, an approximate one as ``{text, from, to}``). A correction
    acts by its recording alone, never by its day.
    """

    corrected_on: date
    event_id: UUID
    field: str
    value: Any
    reason: str
    evidence: str | None = None
    personal: bool = False

    def sealed_fields(self) -> frozenset[str]:
        """Return ``value`` where the corrected field itself is personal."""
        return frozenset({"value"}) if self.personal else frozenset()


class EventRetracted(Event, tag="fact.retracted"):
    """撤回: an earlier event (or correction, or retraction) is withdrawn from the day of recording."""

    retracted_on: date
    event_id: UUID
    reason: str


AMENDING = frozenset({FactCorrected.__name__, EventRetracted.__name__})
"""The names of the events that speak of other events."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as stored: the header and the body."""

    position: int
    log_id: str
    stream_id: UUID
    version: int
    event_id: UUID
    event: Event
    actor: str
    origin: str
    unit_id: UUID | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    recorded_at: datetime
    as_history: bool = False
    reason: str | None = None

    @property
    def effective_on(self) -> date:
        """Return the day of the act."""
        return self.event.effective_on


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event about to be stored; position and moment of recording are the store's to give."""

    stream_id: UUID
    version: int
    event_id: UUID
    event: Event
    actor: str
    origin: str
    unit_id: UUID | None = None
    command_id: UUID | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    as_history: bool = False
    reason: str | None = None

    @property
    def effective_on(self) -> date:
        """Return the day of the act."""
        return self.event.effective_on


def is_known(record: Recorded, known_on: Known) -> bool:
    """Say whether ``record`` was on the books at the horizon ``known_on`` (both ends inclusive)."""
    if known_on is None:
        return True
    if isinstance(known_on, int):
        return record.position <= known_on
    return record.recorded_at <= known_on


def history(
    records: Iterable[Recorded], *, as_of: date | None = None, known_on: Known = None
) -> list[Recorded]:
    """Return the facts of one stream as of a day and as known at a horizon, in the order of their days.

    Events recorded by ``known_on``; minus those retracted, with corrected values put in, by corrections
    recorded by ``known_on``; ordered by (day of the act, position); cut at ``as_of`` (inclusive). The cut
    applies to facts, never to corrections and retractions: these act by their recording alone. A retraction
    may withdraw a correction or another retraction.
    """
    known = [record for record in records if is_known(record, known_on)]
    if any(isinstance(record.event, FactCorrected | EventRetracted) for record in known):
        known = _amended(known)
    if as_of is not None:
        known = [record for record in known if record.effective_on <= as_of]
    return sorted(known, key=lambda record: (record.effective_on, record.position))


def _amended(known: Sequence[Recorded]) -> list[Recorded]:
    withdrawn, changes = amendments(known)
    facts = []
    for record in known:
        if record.event_id in withdrawn or isinstance(record.event, FactCorrected | EventRetracted):
            continue
        for change in changes.get(record.event_id, ()):
            correction = change.event
            if not isinstance(correction, FactCorrected):
                raise TypeError(f"{type(correction).__name__} is no correction")
            record = msgspec.structs.replace(record, event=corrected(record.event, correction))
        facts.append(record)
    return facts


def amendments(known: Sequence[Recorded]) -> tuple[set[UUID], dict[UUID, list[Recorded]]]:
    """Return the ids withdrawn, and by event id the corrections that stand, both in recording order.

    The newest retraction is read first: what it withdraws, be it itself a retraction, has no force.
    """
    withdrawn: set[UUID] = set()
    changes: dict[UUID, list[Recorded]] = {}
    for record in sorted(known, key=lambda r: r.position, reverse=True):
        if record.event_id in withdrawn:
            continue
        match record.event:
            case EventRetracted(event_id=target):
                withdrawn.add(target)
            case FactCorrected(event_id=target):
                changes.setdefault(target, []).insert(0, record)
    return withdrawn, changes


def corrected(event: Event, correction: FactCorrected) -> Event:
    """Return ``event`` with the corrected value put in, checked against the type of the field.

    A correction whose sealed value can no longer be read (the person's key was erased) leaves the field None.
    A day may be corrected to an approximate one, or the other way round. Where the day of the act was told by
    the very words that are corrected (a registration dated by the admission), it goes with them.

    Raises:
        ValueError: the event has no such field, or the value does not fit its type.
    """
    field, value = correction.field, checked_value(type(event), correction)
    told, fields = from_json(correction.value), [field]
    was = event.approximate(field)
    if was is not None and isinstance(value, date):
        own = day_field(type(event))
        fields += [own] if own != field and event.on_approx == was else []
    changed = msgspec.structs.replace(event, **dict.fromkeys(fields, value))
    return with_approximate(changed, dict.fromkeys(fields, told)).recounted(event)


def with_approximate(event: Event, days: Mapping[str, ApproximateDay | None]) -> Event:
    """Return ``event`` with what is known of the days in some fields; None: the day is exact."""
    kept = dict(event.approx) if isinstance(event.approx, dict) else {}
    for field, day in days.items():
        kept.pop(field, None)
        if day is not None:
            kept[field] = day
    if kept == (event.approx or {}):
        return event
    return msgspec.structs.replace(event, approx=kept or msgspec.UNSET)


def checked_value(kind: type[Event], correction: FactCorrected) -> Any:
    """Return the corrected value in the type of its field; see :func:`corrected`."""
    return field_value(kind, correction.field, correction.value)


def field_value(kind: type[Event], field: str, value: Any) -> Any:
    """Return ``value`` (JSON form) in the type of ``field``.

    Raises:
        ValueError: no such field, or a value that does not fit.
    """
    types = _field_types(kind)
    if field not in types:
        raise ValueError(f"{kind.__name__} has no field {field}")
    if value is None and field in kind.sealed:
        return None
    if (told := from_json(value)) is not None:
        value = told.ordered_on.isoformat()
    try:
        return msgspec.convert(value, types[field])
    except msgspec.ValidationError as error:
        raise ValueError(f"{field}: {error}") from error


@cache
def _field_types(kind: type[Event]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def fold(
    evolve: Callable[[Event, State, Recorded], State], initial: State, records: Iterable[Recorded]
) -> State:
    """Return the state after ``records``; ``evolve`` sees each event with its header and never refuses."""
    state = initial
    for record in records:
        state = evolve(record.event, state, record)
    return state
