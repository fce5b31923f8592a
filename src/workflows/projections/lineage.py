"""Where a unit came from and what became of it: names, kinds and superiors by day, mergers and splits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.state import Unit
from workflows.projections.naming import Naming


def names_of(unit: Unit) -> list[dict[str, Any]]:
    """Return the names a unit bore, each with the day from which it did, oldest first."""
    found: list[dict[str, Any]] = []
    for one in unit.dated.identities:
        if not found or found[-1]["name"] != one.name:
            found.append({"name": one.name, "from": one.on.isoformat()})
    return found


def predecessors(unit: Unit, books: Books, on: date) -> list[dict[str, Any]]:
    """Return what a unit came out of by a day: what it took in, and the unit it was split from."""
    cut = unit.at(on)
    told = cut.established
    found = []
    if told is not None and told.split_from is not None:
        found.append(_other(told.split_from, told.established_on, "split", books))
    for event, act in cut.each(tree.UnitMerged):
        found += [_other(one, act.on, "merged", books) for one in event.units]
    return found


def successors(unit: Unit, books: Books, on: date) -> list[dict[str, Any]]:
    """Return what was split from a unit by a day, and where its people went at its end."""
    cut = unit.at(on)
    found = [
        _other(new, act.on, "split", books) for event, act in cut.each(tree.UnitSplit) for new in event.into
    ]
    ended = cut.dated.ended
    if ended is not None:
        how = "merged" if ended.merged else "dissolved"
        known = {one["unit_id"] for one in found}
        found += [_other(to, ended.on, how, books) for to in ended.into if str(to) not in known]
    return found


def _other(unit_id: UUID, on: date, how: str, books: Books) -> dict[str, Any]:
    """Return another unit by the name it had on the day, or last had before it."""
    named = books.unit_state(unit_id).identity_on(on)
    name = named.name if named is not None else None
    return {"unit": name, "unit_id": str(unit_id), "on": on.isoformat(), "how": how}


def events(unit: Unit, naming: Naming, on: date) -> Iterator[dict[str, Any]]:
    """Yield what a unit was from which day on: ``from, name, level, kind, superior``, oldest first."""
    for one in unit.at(on).dated.identities:
        yield {
            "from": one.on.isoformat(),
            "name": one.name,
            "level": one.level,
            "kind": one.kind or None,
            "superior": naming.unit(one.superior),
        }
