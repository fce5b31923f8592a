"""历史: everything on the books of a unit or person, one row an event, with what corrects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from workflows.domain.act import Who
from workflows.domain.papers import PaperAttached
from workflows.domain.person.events import Profile
from workflows.domain.person.member_events import PapersReturned, StepRecorded
from workflows.kernel.approximate import from_json
from workflows.kernel.events import (
    Event,
    EventRetracted,
    FactCorrected,
    Known,
    Recorded,
    amendments,
    corrected,
    field_value,
    is_known,
)
from workflows.policies.acts import ACTS
from workflows.policies.findings import Relief
from workflows.projections import waived
from workflows.projections.naming import MASK, Naming, masked_profile, plain

BY_THE_SYSTEM = frozenset({"TermReminderIssued", "TermDue", "TermOverdue"})
LEFT_OUT = ("findings", "_topic", "roll", "approx")


def rows(
    records: Sequence[Recorded],
    naming: Naming,
    *,
    as_of: date,
    known_on: Known,
    full: bool = False,
    reliefs: Sequence[Relief] = (),
    waived_on: date | None = None,
) -> list[dict[str, Any]]:
    """Return the events known at a horizon, by day and position, with corrected values put in as known then.

    The cut at ``as_of`` concerns facts: a correction is shown where what it corrects is, whatever its day.
    What was retracted keeps its row, with ``retracted_by``; a correction has ``changes``: each field with the
    value that stood when it was made, and its own. ``full`` shows whole birth days. ``reliefs`` are those of
    the stream as known then, read as of ``waived_on`` (``as_of`` where none is
    given): a finding that one of them waives says so beside its own word.
    """
    known = [record for record in records if is_known(record, known_on)]
    withdrawn, changes = amendments(known)
    retracted_by = {
        record.event.event_id: record.position
        for record in known
        if isinstance(record.event, EventRetracted) and record.event_id not in withdrawn
    }
    by_id = {record.event_id: record for record in known}
    found: dict[UUID, tuple[date, int, dict[str, Any]]] = {}
    for record in known:
        if isinstance(record.event, FactCorrected | EventRetracted):
            continue
        event: Event = record.event
        amending = changes.get(record.event_id, [])
        for change in amending:
            if isinstance(change.event, FactCorrected):
                event = corrected(event, change.event)
        if event.effective_on > as_of:
            continue
        row = {
            **_head(record, event, naming, full=full),
            "corrected_by": [change.position for change in amending],
            "retracted_by": retracted_by.get(record.event_id),
        }
        row["findings"] = waived.told(
            getattr(event, "findings", ()), event.effective_on, waived_on or as_of, reliefs
        )
        found[record.event_id] = event.effective_on, record.position, row
    for record in known:
        if not isinstance(record.event, FactCorrected | EventRetracted):
            continue
        target = by_id.get(record.event.event_id)
        if target is None or not _concerns(target.event_id, found, known):
            continue
        row = {
            **_head(record, record.event, naming, full=full, amended=type(target.event)),
            "corrected_by": [],
            "retracted_by": retracted_by.get(record.event_id),
        }
        row["facts"]["event"] = target.position
        if isinstance(record.event, FactCorrected):
            row["changes"] = _changes(record, target, changes.get(target.event_id, []), naming, full=full)
        found[record.event_id] = record.event.effective_on, record.position, row
    return [row for _, _, row in sorted(found.values(), key=lambda entry: entry[:2])]


def withdrawal(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return how all of a stream was withdrawn, with the record by which it began; None where it stands."""
    first = min(rows, key=lambda row: int(row["position"]), default=None)
    by = None if first is None else first["retracted_by"]
    row = next((row for row in rows if by is not None and row["position"] == by), None)
    if row is None:
        return None
    told = {key: row[key] for key in ("position", "on", "recorded_at", "actor")}
    return {**told, "reason": row["facts"]["reason"]}


def _changes(
    record: Recorded, target: Recorded, standing: Sequence[Recorded], naming: Naming, *, full: bool
) -> list[dict[str, Any]]:
    """Return what a correction changed: ``field, old, new``; of a part (profile, votes) only what differs.

    ``standing``: the corrections of the same event that stand, of which those before this one count.
    """
    correction, before = record.event, target.event
    if not isinstance(correction, FactCorrected):
        return []
    for earlier in standing:
        if isinstance(earlier.event, FactCorrected) and earlier.position < record.position:
            before = corrected(before, earlier.event)
    after = corrected(before, correction)
    old, new = (getattr(event, correction.field) for event in (before, after))
    kind = type(before)
    told: list[Any] = [
        rough.text if rough is not None else _told_field(kind, correction.field, value, naming, full=full)
        for rough, value in zip(
            (event.approximate(correction.field) for event in (before, after)), (old, new), strict=True
        )
    ]
    if all(isinstance(value, Mapping) for value in told):  # someone is told as a name, not as a part
        return [
            {
                "field": field.encode_name,
                **dict(zip(("old", "new"), (part.get(field.encode_name) for part in told), strict=True)),
            }
            for field in msgspec.structs.fields(type(new))
            if getattr(old, field.name) != getattr(new, field.name)
        ]
    names = {field.name: field.encode_name for field in msgspec.structs.fields(type(after))}
    return [{"field": names[correction.field], "old": told[0], "new": told[1]}]


def _told_field(kind: type[Event], field: str, value: Any, naming: Naming, *, full: bool) -> Any:
    """Return a field of an event of this kind as its own row tells it: people by name, numbers masked."""
    if field in kind.sealed and value is not None and not isinstance(value, Profile):
        return value if full else MASK * 3
    return _told(value, field, naming, full=full)


def _concerns(target: UUID, shown: Mapping[UUID, Any], known: Sequence[Recorded]) -> bool:
    """Say whether a correction or retraction, perhaps of another one, concerns an event that is shown."""
    by_id = {record.event_id: record.event for record in known}
    seen: set[UUID] = set()
    while target not in shown and target not in seen:
        seen.add(target)
        event = by_id.get(target)
        if not isinstance(event, FactCorrected | EventRetracted):
            return False
        target = event.event_id
    return target in shown


def _head(
    record: Recorded, event: Event, naming: Naming, *, full: bool, amended: type[Event] | None = None
) -> dict[str, Any]:
    name = type(event).__name__
    return {
        "position": record.position,
        "event_id": str(record.event_id),
        "stream": str(record.stream_id),
        "event": name,
        "on": event.effective_on.isoformat(),
        **({"on_approx": told.as_json()} if (told := event.on_approx) is not None else {}),
        "recorded_at": record.recorded_at.isoformat(),
        "actor": record.actor,
        "origin": record.origin,
        "as_history": record.as_history,
        "reason": record.reason,
        "system": record.origin == "scheduler" or name in BY_THE_SYSTEM,
        "unit": naming.unit(record.unit_id),
        "facts": _titled(facts_of(event, naming, full=full, amended=amended), event, record, naming),
        "findings": [],
    }


def _titled(facts: dict[str, Any], event: Event, record: Recorded, naming: Naming) -> dict[str, Any]:
    """Return facts in which steps that only packs know, and papers, are told by their titles."""
    named = _TITLED.get(type(event))
    if named is None or facts.get(named) is None:
        return facts
    titles = naming.titles(record.unit_id, event.effective_on)
    return {**facts, named: facts[named] if facts[named] in ACTS else titles.get(facts[named], facts[named])}


OF_UNITS = frozenset(
    {"unit_id", "superior", "units", "into", "split_from", "of_unit", "about", "to_unit", "branch"}
)
"""The fields of events that hold ids of units."""

OF_CASES = frozenset({"recurs"})
"""The fields of events that hold ids of cases."""

OF_THE_MERGED = frozenset({"other"})
"""The fields of events that hold the id of somebody merged into another."""

OF_INCOME = frozenset({"base_fen"})
"""The fields of events that tell what somebody earns."""

_TITLED: dict[type[Event], str] = {StepRecorded: "name", PapersReturned: "returned", PaperAttached: "kind"}
"""Which field of an event names a step or a paper of a pack."""


def facts_of(
    event: Event, naming: Naming, *, full: bool = False, amended: type[Event] | None = None
) -> dict[str, Any]:
    """Return what an event says in JSON form: ids of people and units as names, numbers and phones masked.

    ``amended``: the kind of event that a correction corrects, by which its value is read.
    """
    found = {}
    amends = isinstance(event, FactCorrected | EventRetracted)
    for field in msgspec.structs.fields(type(event)):
        if field.name in LEFT_OUT or (amends and field.name == "event_id"):
            continue
        value = getattr(event, field.name)
        if value is msgspec.UNSET:
            continue
        if isinstance(event, FactCorrected) and field.name == "value":
            found[field.encode_name] = _told_value(event, amended, naming, full=full)
        else:
            found[field.encode_name] = _told(value, field.name, naming, full=full)
    for name, day in (event.approx or {}).items():
        found[f"{name}_approx"] = day.as_json()
    return found


def _told_value(event: FactCorrected, amended: type[Event] | None, naming: Naming, *, full: bool) -> Any:
    if not event.personal and (rough := from_json(event.value)) is not None:
        return rough.text
    if amended is not None and (event.personal or event.field in getattr(amended, "people", ())):
        value = field_value(amended, event.field, event.value)
        return _told_field(amended, event.field, value, naming, full=full)
    return MASK * 3 if event.personal and event.value is not None else plain(event.value)


def _told(value: Any, name: str, naming: Naming, *, full: bool) -> Any:
    if value is msgspec.UNSET:
        return None
    if isinstance(value, Profile):
        return masked_profile(value, full=full)
    if name in OF_INCOME and value is not None and not full:
        return MASK * 3
    if isinstance(value, Who):
        return naming.who(value)
    if isinstance(value, UUID) and name in OF_UNITS:
        return naming.unit(value)
    if isinstance(value, UUID) and name in OF_THE_MERGED:
        return naming.entered_as(value) or str(value)
    if isinstance(value, UUID) and name in OF_CASES:
        return naming.case(value)
    if isinstance(value, tuple | list):
        return [_told(item, name, naming, full=full) for item in value]
    if isinstance(value, msgspec.Struct):
        return {
            f.encode_name: _told(getattr(value, f.name), f.name, naming, full=full)
            for f in msgspec.structs.fields(type(value))
            if getattr(value, f.name) is not None
        }
    return plain(value)


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows and the fields of the state that differ between two histories of one stream."""
    mine = {row["position"]: row for row in here["rows"]}
    theirs = {row["position"]: row for row in there["rows"]}
    return {
        "rows": [
            {"position": position, "this": mine.get(position), "other": theirs.get(position)}
            for position in sorted({*mine, *theirs})
            if mine.get(position) != theirs.get(position)
        ],
        "state": {
            key: {"this": here["state"].get(key), "other": there["state"].get(key)}
            for key in dict.fromkeys([*here["state"], *there["state"]])
            if here["state"].get(key) != there["state"].get(key)
        },
    }
