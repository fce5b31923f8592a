"""学习培训登记: the hours of concentrated study of each member in a year, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.person.member_events import TrainingRecorded
from workflows.domain.person.state import Person
from workflows.projections.naming import Naming
from workflows.projections.roster import MEMBERS


def rows(
    people: Iterable[Person], naming: Naming, *, year: int, on: date, units: frozenset[UUID]
) -> list[dict[str, Any]]:
    """Return one row a member of the units: how often and how many hours in a year, up to ``on``.

    Hours that nobody wrote down are not counted, and told by ``unknown``: so many times.
    """
    found = []
    for person in people:
        home = person.unit_on(on)
        if home not in units or person.stage_on(on) not in MEMBERS:
            continue
        cut = person.at(on)
        told = [(event, act) for event, act in cut.each(TrainingRecorded) if act.on.year == year]
        hours = [event.hours for event, _ in told if event.hours is not None]
        found.append(
            {
                "unit": naming.unit(home),
                "unit_id": str(home),
                "person": cut.profile.name,
                "person_id": str(cut.id),
                "stage": cut.stage.value,
                "year": year,
                "times": len(told),
                "hours": sum(hours),
                "unknown": len(told) - len(hours),
                "last_on": told[-1][1].on.isoformat() if told else None,
                "titles": list(dict.fromkeys(event.title for event, _ in told if event.title)),
            }
        )
    return sorted(found, key=lambda row: (row["unit"] or "", row["stage"] != "full", row["person"] or ""))
