"""Deriving: each touched stream is folded once; one that cannot be read does not stop the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from uuid import UUID

import msgspec

from workflows.application.books import Books, State
from workflows.application.named_together import speaking_of
from workflows.application.ports import Directory, Reading
from workflows.application.tree import FOUNDING, ever_above, units_below
from workflows.domain.person.member_events import PersonsMerged
from workflows.domain.person.state import Person
from workflows.domain.unit.events import PackAdopted, PackRetired
from workflows.domain.unit.state import Unit
from workflows.domain.unit.structure_events import UnitMoved, UnitReclassified
from workflows.kernel.errors import Problem
from workflows.kernel.events import Event, EventRetracted, FactCorrected, event_types
from workflows.projections.view import Row, Subject, View, changes_rosters, founds

NEVER = date(1, 1, 1)
RULING = {PackAdopted, PackRetired, UnitMoved, UnitReclassified, FactCorrected, EventRetracted}
"""The events of a unit after which other rules may hold for it and all below it."""


class Derived(msgspec.Struct, frozen=True):
    """What one stream came to in one view: its rows and what they rest on, or the error that parked it."""

    rows: tuple[Row, ...] = ()
    rests_on: frozenset[str] = frozenset()
    latest_on: date = NEVER
    error: str | None = None


def derive(
    books: Books, views: Sequence[View], stream_ids: Iterable[UUID], until: date
) -> dict[str, dict[UUID, Derived]]:
    """Return, by view and stream, what each stream comes to; one that cannot be derived has an error."""
    wanted = list(dict.fromkeys(stream_ids))
    with suppress(Problem):  # one of them cannot be read: each is then read alone, below
        books.preload(wanted)
    found: dict[str, dict[UUID, Derived]] = {view.name: {} for view in views}
    for stream_id in wanted:
        for name, derived in _derive_one(books, views, stream_id, until).items():
            found[name][stream_id] = derived
    return found


def _derive_one(books: Books, views: Sequence[View], stream_id: UUID, until: date) -> dict[str, Derived]:
    books.rests_on = set()
    try:
        state = books.state(stream_id)
        if isinstance(state, Person) and state.merged_into is not None:
            return {view.name: Derived() for view in views}
        unit_id = stream_id if isinstance(state, Unit) else state.unit_id
        subject = Subject(state, books.rules_for(unit_id, until), books, until)
        rows = {view.name: tuple(view.derive(subject)) for view in views}
    except Exception as error:  # whatever an event of long ago may do: the stream is parked and shown
        return {view.name: Derived(error=type(error).__name__) for view in views}
    finally:
        keys, books.rests_on = frozenset(books.rests_on or ()), None
    others = keys - {f"stream:{stream_id}"}
    latest = latest_of(state)
    return {name: Derived(rows=made, rests_on=others, latest_on=latest) for name, made in rows.items()}


def latest_of(state: State) -> date:
    """Return the latest day anything in a state holds from."""
    days = [state.acts[-1].on] if state.acts else []
    if isinstance(state, Person):
        days += [entry.on for entry in state.stages[-1:]]
    return max(days, default=NEVER)


def keys_of(stream_id: UUID, topics: Iterable[str], directory: Directory) -> set[str]:
    """Return what rests on a stream whose events of these topics are new: see :func:`derive`.

    A person's event that changes rosters touches every unit the person ever belonged to.
    """
    kinds = [kind for topic in topics if (kind := _kind(topic)) is not None]
    keys: set[str] = set()
    if any(founds(kind) for kind in kinds):
        keys.add(f"stream:{stream_id}")
    if any(issubclass(kind, FOUNDING) for kind in kinds):
        keys |= {f"below:{unit_id}" for unit_id in ever_above(stream_id, directory)}
    if any(changes_rosters(kind) for kind in kinds):
        keys |= {f"members:{unit_id}" for unit_id in directory.units_of(stream_id)}
    return keys


def ruled_by(stream_id: UUID, topics: Iterable[str], directory: Directory) -> list[UUID]:
    """Return the streams whose rules a unit's new events may have changed: all below it, and their people.

    That is so where the unit adopted or took back a pack, came under another superior, became of another
    kind, or something on its books was corrected.
    """
    kinds = {kind for topic in topics if (kind := _kind(topic)) is not None}
    if not kinds & RULING:
        return []
    if all(entry.id != stream_id for entry in directory.units()):
        return []
    units = units_below(directory, stream_id)
    streams = [i for unit in units for i in (unit, *directory.people_of(unit))]
    return list(dict.fromkeys([*streams, *(e.id for e in directory.files() if e.unit_id in set(units))]))


MERGING = frozenset({PersonsMerged.topic(), EventRetracted.topic()})
"""The events by which somebody turns out to be another, or not to be them after all."""


def counted_along(topics: Mapping[UUID, set[str]], reading: Reading) -> dict[UUID, set[str]]:
    """Return the streams whose people are changed by new events of other streams, with these topics.

    What is new of somebody merged into another is new of that other; by a merger both are.
    """
    found: dict[UUID, set[str]] = {}
    for merge in reading.directory.merges():
        found.setdefault(merge.keep, set()).update(topics.get(merge.other, ()))
        found.setdefault(merge.other, set()).update(topics.get(merge.keep, set()) & MERGING)
    return {stream: names for stream, names in found.items() if names}


def spoken_of_anew(topics: Mapping[UUID, set[str]], reading: Reading) -> set[UUID]:
    """Return the streams that may speak of somebody who by new events is another, or is not any more."""
    keepers = {stream for stream, names in topics.items() if names & MERGING}
    merges = [merge for merge in reading.directory.merges() if merge.keep in keepers]
    people = {one for merge in merges for one in (merge.keep, merge.other)}
    return speaking_of(people, reading) if people else set()


@cache
def _kind(topic: str) -> type[Event] | None:
    """Return the event class of a stored name."""
    return event_types().get(topic)
