"""Whose officers are offered where an act of a case names somebody who is not of the unit it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.forms.people import Candidates, office_holders

ABOVE: Mapping[str, frozenset[str] | None] = {
    "inspectors": None,
    "leader": None,
    "county_leader": frozenset({"county", "city", "province"}),
    "township_leader": frozenset({"general_branch", "committee"}),
    "first_secretary": None,
}
"""Fields of people from above, with the levels of the units they hold a post in; None for any level."""


def from_above(field: str, level: str) -> bool:
    """Say whether a field names somebody above a unit of a level, so that its own members are not offered.

    Who answers for a problem leads a committee: of a branch somebody above, of a committee one of its own.
    """
    return field in ABOVE and (field != "leader" or level in ("branch", "general_branch"))


def units_of(field: str, above: Iterable[tuple[str, str]]) -> list[str]:
    """Return whose officers are offered, out of the units above, each with its level; the nearest first."""
    levels = ABOVE.get(field)
    return [key for key, level in above if levels is None or level in levels]


def officers_above(field: str, desk: Desk, above: Mapping[str, str], on: date) -> Candidates:
    """Return who holds a post on a day in the units above (id and name) that a field is about."""
    told = ((key, desk.unit_by_id[key].dated.on(on)) for key in above)
    levels = [(key, known.level if known is not None else desk.unit_by_id[key].level) for key, known in told]
    units = {UUID(key): above[key] for key in units_of(field, levels)}
    return Candidates(office_holders(desk.app, units, on))
