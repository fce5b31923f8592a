"""花名册, day by day: who was a member of a unit when, counted from what is known of its people."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from workflows.domain.facts import Roster
from workflows.domain.person import rough_days
from workflows.domain.person.events import CellAssigned
from workflows.domain.person.member_events import MeetingsExempted
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage, changes_membership
from workflows.kernel.events import Event


class Spell(NamedTuple):
    """That somebody is a member of a unit at a stage; ``end`` is the first day on which it is not so."""

    unit_id: UUID
    stage: Stage
    first: date
    end: date


def spells_of(person: Person) -> Iterator[Spell]:
    """Yield when somebody was a member of which unit; a change of unit, stage or rest begins a new spell."""
    own = {entry.on for entry in person.units} | {entry.on for entry in person.stages}
    changes = sorted(own | person.membership_changes)
    for first, end in pairwise([*changes, date.max]):
        stage, unit_id = person.stage_on(first), person.unit_on(first)
        is_member = stage in (Stage.PROBATIONARY, Stage.FULL) and not person.is_stopped_on(first)
        if is_member and unit_id is not None:
            yield Spell(unit_id, stage, first, end)


class Memberships:
    """Who was a member of a unit when; between two days of change a roster is counted once."""

    def __init__(self, people: Iterable[Person], unit_id: UUID) -> None:
        self._spells: list[tuple[date, date, Stage, Person]] = []
        self._told: dict[UUID, tuple[MeetingsExempted | CellAssigned, ...]] = {}
        self._unit_id = unit_id
        days: set[date] = set()
        for person in people:
            for spell in spells_of(person):
                if spell.unit_id == unit_id:
                    self._spells.append((spell.first, spell.end, spell.stage, person))
                    days |= {spell.first, spell.end, *person.bar_changes, *self._days_told(person)}
        self._days = sorted(days)
        self._rosters: dict[int, Roster] = {}

    def on(self, day: date) -> Roster:
        """Return the roster of a day."""
        place = bisect_right(self._days, day)
        if place not in self._rosters:
            here = [(stage, person) for first, end, stage, person in self._spells if first <= day < end]
            full = [person for stage, person in here if stage is Stage.FULL]
            voters = frozenset(person.id for person in full if not person.is_barred_on(day))
            everybody = [person for _, person in here]
            self._rosters[place] = Roster(
                len(full),
                len(here) - len(full),
                voters,
                members_from=min((first for first, _, _, _ in self._spells if first <= day), default=None),
                everybody=frozenset(person.id for person in everybody),
                exempt=frozenset(person.id for person in everybody if _is_exempt(self._told[person.id], day)),
                cells=self._cells(everybody, day),
            )
        return self._rosters[place]

    def _days_told(self, person: Person) -> set[date]:
        """Return the days from which a member is free to stay away or not, and in one cell or another."""
        if person.id not in self._told:
            self._told[person.id] = tuple(
                act.event for act in person.acts if isinstance(act.event, MeetingsExempted | CellAssigned)
            )
        days = set()
        for event in self._told[person.id]:
            days.add(event.effective_on)
            if isinstance(event, MeetingsExempted) and event.until is not None:
                days.add(event.until + timedelta(days=1))
        return days

    def _cells(self, people: Iterable[Person], day: date) -> dict[str, frozenset[UUID]]:
        """Return who is in which cell of this unit: by the last word that was said while they were here."""
        found: dict[str, set[UUID]] = {}
        for person in people:
            said = [
                event.cell
                for event in self._told[person.id]
                if isinstance(event, CellAssigned)
                and event.assigned_on <= day
                and person.unit_on(event.assigned_on) == self._unit_id
            ]
            if said and said[-1]:
                found.setdefault(said[-1], set()).add(person.id)
        return {name: frozenset(members) for name, members in found.items()}


def _is_exempt(told: Sequence[MeetingsExempted | CellAssigned], day: date) -> bool:
    """Say whether the last word on a member by a day lets them stay away on that day."""
    said = [e for e in told if isinstance(e, MeetingsExempted) and e.exempted_on <= day]
    return bool(said) and (said[-1].until is None or day <= said[-1].until)


_LEFT_BY = {Stage.STRUCK_OFF: "struck_off", Stage.DECEASED: "deceased", Stage.ANNULLED: "annulled"}


def left_of(person: Person, unit_id: UUID, since: date) -> tuple[date, str] | None:
    """Return the first day after ``since`` on which someone is no member of a unit any more, and why.

    None where they are one still, or were none on ``since``.
    """
    if not _belongs(person, unit_id, since):
        return None
    days = {entry.on for entry in person.units} | {entry.on for entry in person.stages}
    days |= person.membership_changes
    for day in sorted(days):
        if day > since and not _belongs(person, unit_id, day):
            stage = person.stage_on(day)
            if stage in _LEFT_BY:
                return day, _LEFT_BY[stage]
            if person.unit_on(day) != unit_id:
                return day, "transferred"
            return day, "stopped" if person.is_stopped_on(day) else "left"
    return None


def _belongs(person: Person, unit_id: UUID, day: date) -> bool:
    is_member = person.stage_on(day) in (Stage.PROBATIONARY, Stage.FULL)
    return is_member and person.unit_on(day) == unit_id and not person.is_stopped_on(day)


@cache
def moves_members(kind: type[Event]) -> bool:
    """Say whether an event of a person may change a roster or a name on it."""
    return "unit_id" in kind.__struct_fields__ or changes_membership(getattr(kind, "step", ""))


def newest_of(people: Iterable[Person], stage: Stage, unit_id: UUID, begin: date, on: date) -> date:
    """Return the last day by ``on`` on which someone came to a stage in the unit, at the earliest ``begin``.

    Of a member registered from old papers the day counts, wherever it was: nobody is accused by a doubt.
    """
    days = [begin]
    for person in people:
        cut = person.at(on)
        days += [e.on for e in cut.stages if e.stage is stage and cut.unit_on(e.on) == unit_id]
        admitted = cut.admitted if stage is Stage.PROBATIONARY else None
        if admitted is not None and cut.unit_on(admitted[0]) in (unit_id, None):
            days.append(admitted[0])
    return max(days)


STOPPED = "stopped"
"""What stands in place of the stage of a member whose membership rests (停止党籍)."""


def known_of(person: Person, on: date) -> dict[str, Any]:
    """Return what rules about voters, mentors, sponsors and posts ask for, of someone as of a day."""
    stage, cut = person.stage_on(on), person.at(on)
    stopped = stage in (Stage.PROBATIONARY, Stage.FULL) and person.is_stopped_on(on)
    facts: dict[str, Any] = {
        "stage": STOPPED if stopped else stage.value if stage is not Stage.NOBODY else None,
        "rights_barred": person.is_barred_on(on),
    }
    full = cut.full_from
    if stage is Stage.FULL and full is not None:
        facts["years_standing"] = rough_days.standing(cut, full[0], on)
    return facts | ({} if stopped else rough_days.open_stage(person, stage, on))
