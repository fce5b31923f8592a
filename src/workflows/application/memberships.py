"""花名册, day by day: who was a member of a unit when, counted from what is known of its people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from uuid import UUID

from workflows.domain.facts import Roster
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage


class Memberships:
    """Who was a member of a unit when; between two days of change a roster is counted once."""

    def __init__(self, people: Iterable[Person], unit_id: UUID) -> None:
        self._spells: list[tuple[date, date, Stage, Person]] = []
        days: set[date] = set()
        for person in people:
            own = {entry.on for entry in person.units} | {entry.on for entry in person.stages}
            changes = sorted(own | person.membership_changes)
            for first, end in pairwise([*changes, date.max]):
                stage = person.stage_on(first)
                if stage not in (Stage.PROBATIONARY, Stage.FULL) or person.is_stopped_on(first):
                    continue
                if person.unit_on(first) == unit_id:
                    self._spells.append((first, end, stage, person))
                    days |= {first, end, *person.bar_changes}
        self._days = sorted(days)
        self._rosters: dict[int, Roster] = {}

    def on(self, day: date) -> Roster:
        """Return the roster of a day."""
        place = bisect_right(self._days, day)
        if place not in self._rosters:
            here = [(stage, person) for first, end, stage, person in self._spells if first <= day < end]
            full = [person for stage, person in here if stage is Stage.FULL]
            voters = frozenset(person.id for person in full if not person.is_barred_on(day))
            since = min((first for first, _, _, _ in self._spells if first <= day), default=None)
            self._rosters[place] = Roster(len(full), len(here) - len(full), voters, since)
        return self._rosters[place]
