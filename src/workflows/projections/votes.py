"""表决复核的答案: the votes of a branch that the roster as known today judges otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.act import OnBooks
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.policies.findings import Finding
from workflows.projections import revotes
from workflows.projections.naming import plain
from workflows.projections.opening import Answer, Opened, Opening


class Revoting(Opening):
    """Answers about votes that were recorded one way and would be judged another way today."""

    def votes(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        *,
        below: bool = True,
    ) -> Answer:
        """Answer which votes of a unit and all below (of its members too) would be judged otherwise today.

        Without ``below`` only its own. Each row has ``now``: the findings that differ; what was recorded
        stands.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = [unit_id] if unit_id is not None and not below else opened.books.below(unit_id, day)
            here = frozenset(units)
            rows: list[dict[str, Any]] = []
            for person in self._people(opened, units):
                cut = person.at(day)
                rows += [
                    {**_head(act, opened, cut.unit_on(act.on)), **_whose(cut, opened), "now": plain(found)}
                    for act, found in self._otherwise(opened, cut, day)
                    if cut.unit_on(act.on) in here
                ]
            for unit in units:
                state = opened.books.unit_state(unit).at(day)
                found = revotes.of_unit(state, opened.books.rules_for(unit, day), opened.books)
                rows += [
                    {**_head(act, opened, unit), "person": None, "person_id": None, "now": plain(now)}
                    for act in state.acts
                    if (now := found.get(act.source.event_id))
                ]
            rows.sort(key=lambda row: (row["on"], row["position"]))
            return self._answer(opened, rows, day, known_on)

    def _otherwise(self, opened: Opened, person: Person, day: date) -> list[tuple[OnBooks, list[Finding]]]:
        rules = opened.books.rules_for(person.unit_on(day), day)
        found = revotes.of_person(person, rules, opened.books)
        return [(act, now) for act in person.acts if (now := found.get(act.source.event_id))]

    def _beside_votes(self, opened: Opened, rows: list[dict[str, Any]], stream_id: UUID, day: date) -> None:
        """Put ``now`` beside each act of a history: what is found otherwise by what is known there."""
        books, state = opened.books, opened.books.state(stream_id)
        if isinstance(state, Person):
            rules = books.rules_for(state.unit_on(day), day)
            found = revotes.acts_of_person(state.at(day), rules, books)
        elif not isinstance(state, Unit):
            return
        else:
            found = revotes.of_unit(state.at(day), books.rules_for(stream_id, day), books)
        for row in rows:
            now = found.get(UUID(row["event_id"]))
            if now is not None:
                row["now"] = plain(now)


def _head(act: OnBooks, opened: Opened, unit_id: UUID | None) -> dict[str, Any]:
    return {
        "event": act.source.event,
        "event_id": str(act.source.event_id),
        "position": act.source.position,
        "on": act.on.isoformat(),
        "recorded_on": act.source.recorded_on.isoformat(),
        "unit": opened.naming.unit(unit_id),
        "unit_id": str(unit_id) if unit_id else None,
        "passed": getattr(act.event, "passed", None),
    }


def _whose(person: Person, opened: Opened) -> dict[str, Any]:
    return {"person": opened.naming.person(person.id), "person_id": str(person.id)}
