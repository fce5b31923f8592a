"""A unit as an address names it."""

from __future__ import annotations

from workflows.application.ports import UnitEntry
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.problems import not_found


def unit_of(ask: Ask, unit_id: str) -> UnitEntry:
    """Return the unit in an address.

    Raises:
        PageProblem: 404, there is no such unit.
    """
    entry = ask.desk.unit_by_id.get(str(ask.stream(unit_id, "个支部")))
    if entry is None:
        raise not_found("个支部")
    return entry
