"""联系点: who of a leading body keeps contact with which branch on a day, and of what class the branch is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.facts import Facts
from workflows.domain.unit.contacts import standing, without_contact
from workflows.domain.unit.posts import held_on
from workflows.domain.unit.state import Unit, holdings_of
from workflows.projections import grades
from workflows.projections.naming import Naming


def of_unit(
    unit: Unit, superiors: Sequence[Unit], facts: Facts, naming: Naming, *, on: date
) -> dict[str, Any]:
    """Return with which branches the leaders of a unit keep contact, and which leaders above keep it with it.

    ``without_contact``: who of the leading body keeps none, once anybody does.
    """
    kept = _kept(unit, facts, naming, on)
    lacking = without_contact(unit.at(on), facts, on) if kept else ()
    above = [one for superior in superiors for one in _kept(superior, facts, naming, on)]
    return {
        "contacts": kept,
        "without_contact": naming.all_of(lacking),
        "contact_leaders": [one for one in above if one["branch_id"] == str(unit.id)],
    }


def _kept(unit: Unit, facts: Facts, naming: Naming, on: date) -> list[dict[str, Any]]:
    cut = unit.at(on)
    found = [one for one in standing(cut, facts) if one.is_kept(on)]
    posts = held_on(holdings_of(cut, facts), on) if found else ()
    return [
        {
            "leader": naming.who(one.leader),
            "leader_id": str(one.leader.person) if one.leader.person else None,
            "posts": [held.post for held in posts if held.person == one.leader],
            "told_post": one.post,
            "unit": naming.unit(unit.id),
            "branch": naming.unit(one.branch),
            "branch_id": str(one.branch),
            "since": one.since.isoformat(),
            "event_id": str(one.source.event_id),
            "position": one.source.position,
        }
        for one in found
    ]


def with_classes(
    contacts: Sequence[dict[str, Any]], books: Books, naming: Naming, on: date
) -> list[dict[str, Any]]:
    """Return the contacts with the class of each branch (先进、中间、后进), None where no rating tells it."""
    units = sorted({UUID(one["branch_id"]) for one in contacts})
    rows = grades.by_class(books, naming, units, on) if units else []
    told = {row["unit_id"]: row["class"] for row in rows}
    return [{**one, "class": told.get(one["branch_id"])} for one in contacts]
