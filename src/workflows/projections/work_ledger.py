"""党组织工作台账: the meetings, elections and reminders of units, one row an act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows.domain.facts import Facts
from workflows.domain.unit import events as ev
from workflows.domain.unit.book import meeting_facts
from workflows.domain.unit.state import Unit
from workflows.projections.naming import Naming


def rows(
    units: Iterable[Unit], facts: Facts, naming: Naming, *, on: date, year: int | None
) -> list[dict[str, Any]]:
    """Return what the units did by a day (in ``year``, if given), by unit and day."""
    found = []
    for unit in units:
        for act in unit.at(on).acts:
            if year is not None and act.on.year != year:
                continue
            event = act.event
            row = {
                "unit": naming.unit(unit.id),
                "unit_id": str(unit.id),
                "on": act.on.isoformat(),
                "event": act.source.event,
                "event_id": str(act.source.event_id),
                "position": act.source.position,
                "recorded_on": act.source.recorded_on.isoformat(),
                "type": getattr(event, "type", None),
                "topics": list(getattr(event, "topics", ())),
                "eligible": getattr(event, "eligible", None),
                "attending": getattr(event, "attending", None),
            }
            if isinstance(event, ev.MeetingHeld):
                row["eligible"] = meeting_facts(event, unit, facts)["eligible"]
            found.append(row)
    return sorted(found, key=lambda r: (r["unit"] or "", r["on"], r["position"]))
