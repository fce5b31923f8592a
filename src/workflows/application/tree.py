"""The organization tree as the directory tells it: who stands below whom on a day, or ever did."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from workflows.application.ports import Directory, UnitEntry
from workflows.domain.unit.events import Founding, UnitEstablished
from workflows.domain.unit.identity import Dated
from workflows.domain.unit.state import Unit
from workflows.domain.unit.structure_events import Structural

FOUNDING = UnitEstablished | Structural
"""The events that change what the directory tells of a unit."""

TellDated = Callable[[UnitEntry], Dated]


def entry_of(state: object) -> UnitEntry | None:
    """Return a unit as the directory lists it; None of one that is not on the books (any more)."""
    return UnitEntry.of(state.id, state.dated) if isinstance(state, Unit) else None


def units_below(
    directory: Directory, unit_id: UUID | None, on: date | None = None, dated: TellDated | None = None
) -> list[UUID]:
    """Return a unit and all units below it, superiors first; every unit for None.

    ``on``: by the structure of that day. A unit that is no more by then stands where it stood at its end;
    one that became a part of another stands below that one. Thus each unit has one place, and what it was
    before its end is counted once. Without ``on`` all that were ever below. ``dated`` tells the identities
    of a unit where they are not those known now.
    """
    entries = directory.units()
    if unit_id is None:
        return [entry.id for entry in entries]
    tell = dated or (lambda entry: entry.dated)
    children: dict[UUID, list[UUID]] = {}
    for entry in entries:
        for above in _above(tell(entry), on):
            children.setdefault(above, []).append(entry.id)
    found: dict[UUID, None] = {}
    todo = [unit_id]
    while todo:
        here = todo.pop(0)
        if here not in found:
            found[here] = None
            todo += children.get(here, [])
    return list(found)


def in_tree_order(
    directory: Directory, unit_id: UUID | None, on: date, dated: TellDated | None = None
) -> list[UUID]:
    """Return the same units by the structure of a day, each followed by those below it."""
    entries = directory.units()
    tell = dated or (lambda entry: entry.dated)
    known = {entry.id for entry in entries}
    children: dict[UUID | None, list[UUID]] = {}
    for entry in entries:
        superior = superior_on(tell(entry), on)
        children.setdefault(superior if superior in known else None, []).append(entry.id)
    found: dict[UUID, None] = {}
    todo = [unit_id] if unit_id is not None else list(reversed(children.get(None, [])))
    while todo:
        here = todo.pop()
        if here not in found:
            found[here] = None
            todo += reversed(children.get(here, []))
    return list(found)


def _above(dated: Dated, on: date | None) -> Iterable[UUID]:
    if on is None:
        return dated.superiors
    superior = superior_on(dated, on)
    return () if superior is None else (superior,)


def superior_on(dated: Dated, on: date) -> UUID | None:
    """Return where a unit stands in the structure of a day: below its superior, or what it became part of."""
    ended = dated.ended
    if ended is not None and ended.merged and ended.on <= on:
        return ended.into[0]
    told = dated.on(on)
    return told.superior if told is not None else None


def keeper_on(unit_id: UUID, on: date, dated_of: Callable[[UUID], Dated | None]) -> UUID | None:
    """Return who goes on with the open cases of a unit on a day: itself while it is there.

    Of one that is no more it is what it became a part of, else its last superior; None: there is none.
    """
    here: UUID | None = unit_id
    seen: set[UUID] = set()
    while here is not None and here not in seen:
        seen.add(here)
        dated = dated_of(here)
        if dated is None or dated.ended is None or dated.ended.on > on:
            return here
        here = superior_on(dated, on)
    return None


def named(entries: Iterable[UnitEntry], name: str, on: date) -> list[UnitEntry]:
    """Return the units meant by an id or a whole name: who bears it on a day, else now, else ever did."""
    text = unicodedata.normalize("NFC", name).strip()
    known = list(entries)
    for is_meant in (
        lambda entry: text == str(entry.id),
        lambda entry: entry.exists_on(on) and entry.named_on(on) == text,
        lambda entry: entry.name == text,
        lambda entry: text in entry.names,
    ):
        if found := [entry for entry in known if is_meant(entry)]:
            return found
    return []


def change_days(entries: Iterable[UnitEntry], after: date) -> list[date]:
    """Return the days after one on which some unit came under another superior."""
    return sorted({one.on for entry in entries for one in entry.dated.identities[1:] if one.on > after})


def is_county(units: Sequence[Unit], on: date) -> bool | None:
    """Say whether township committees stand directly below a committee; None where nobody said so.

    ``units``: it, then all below it. It is none where no committee stands directly below it, or where it was
    set up as a township's.
    """
    unit, *below = units
    if _is_township(unit):
        return False
    told = [(one, one.identity_on(on)) for one in below]
    committees = [
        one
        for one, named in told
        if named is not None and named.superior == unit.id and named.level == "committee"
    ]
    if any(map(_is_township, committees)):
        return True
    return None if committees else False


def _is_township(unit: Unit) -> bool:
    founding = unit.established.founding if unit.established is not None else None
    return isinstance(founding, Founding) and bool(founding.is_township)


def ever_above(stream_id: UUID, directory: Directory) -> set[UUID]:
    """Return every unit below which a unit ever stood, at whatever distance."""
    above = {entry.id: entry.dated.superiors for entry in directory.units()}
    found: set[UUID] = set()
    todo = [stream_id]
    while todo:
        new = above.get(todo.pop(), frozenset()) - found
        found |= new
        todo += new
    return found
