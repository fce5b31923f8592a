"""花名册: the members of units as of a day, derived from the streams of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.unit.state import Unit
from workflows.projections.naming import Naming, masked_profile
from workflows.projections.standing import posts_of


def rows(
    people: Iterable[Person],
    unit_of: Callable[[UUID], Unit],
    naming: Naming,
    *,
    on: date,
    units: frozenset[UUID],
) -> list[dict[str, Any]]:
    """Return one row a member of the units on a day, by unit and day of membership; numbers are masked."""
    found = []
    for person in people:
        unit_id, stage = person.unit_on(on), person.stage_on(on)
        if unit_id not in units or stage not in (Stage.PROBATIONARY, Stage.FULL):
            continue
        cut = person.at(on)
        admitted, full = cut.admitted, cut.full_from
        found.append(
            {
                "unit": naming.unit(unit_id),
                "unit_id": str(unit_id),
                "person": cut.profile.name,
                "person_id": str(cut.id),
                "stage": stage.value,
                "member_from": admitted[0].isoformat() if admitted else None,
                "full_since": full[0].isoformat() if full and stage is Stage.FULL else None,
                "voting_right": stage is Stage.FULL and not cut.is_barred_on(on),
                "posts": posts_of(cut, unit_of(unit_id) if unit_id else None, on),
                **{k: v for k, v in masked_profile(cut.profile).items() if k != "name"},
            }
        )
    return sorted(found, key=lambda r: (r["unit"] or "", r["member_from"] or "", r["person"] or ""))
