"""Who and what stands in a unit on a day, and what forbids that it is no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.tree import change_days, named, superior_on
from workflows.domain.person.member_events import PersonCarried, PersonTransferred
from workflows.domain.person.relation import transit_of
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.change import hurdle
from workflows.domain.unit.state import Unit
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, NewEvent, Recorded
from workflows.kernel.ids import derived
from workflows.policies.findings import Finding

MEMBERS = (Stage.PROBATIONARY, Stage.FULL)
IN_HAND = (Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET, *MEMBERS)
"""The stages of those whose case goes on: they cannot be left in a unit that is no more."""

Fate = Literal["carried", "closed", "begins"]
"""What becomes of something."""


class Caused(msgspec.Struct, frozen=True):
    """An event that a change causes on another stream; ``unit_id``: the unit it happens at.

    ``cause``: the event that causes it, where that is not the one just recorded.
    """

    stream_id: UUID
    event: Event
    unit_id: UUID
    cause: UUID | None = None

    def new(self, act: Recorded, version: int, *key: object) -> NewEvent:
        """Return it as a new event of its stream; its id follows from that of the act, and from ``key``."""
        return NewEvent(
            stream_id=self.stream_id,
            version=version,
            event_id=derived(act.event_id, self.stream_id, *key),
            event=self.event,
            actor=act.actor,
            origin=act.origin,
            unit_id=self.unit_id,
            command_id=act.command_id,
            correlation_id=act.correlation_id,
            causation_id=self.cause or act.event_id,
            as_history=act.as_history,
            reason=act.reason,
        )


class Consequence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What becomes of a thing by a change: ``what`` (stage, post, pack, unit, file) of whom, and where to.

    ``fate`` is carried, closed or begins; ``name`` is a word (post, pack, cell), never a person's name.
    """

    what: str
    fate: Fate
    stream_id: UUID | None = None
    unit_id: UUID | None = None
    to: UUID | None = None
    name: str = ""


class Residents:
    """What is to be known of units and their people before the tree changes."""

    def __init__(self, books: Books) -> None:
        self.books = books

    # --- names and places -------------------------------------------------------------------------------

    def unit_named(self, name: str, on: date) -> UUID:
        """Return the unit that had a name on a day, or ever.

        Raises:
            WrongUsage: ``unit-unknown``, ``unit-ambiguous``.
        """
        entries = self.books.reading.directory.units()
        found = named(entries, name, on)
        if not found:
            raise WrongUsage("unit-unknown", unit=name, units=[entry.name for entry in entries])
        if len(found) > 1:
            raise WrongUsage("unit-ambiguous", unit=name, ids=[str(entry.id) for entry in found])
        return found[0].id

    def check_name(self, name: str, on: date, but: Sequence[UUID] = ()) -> None:
        """Refuse a name that another unit bears on a day or later.

        Raises:
            WrongUsage: ``unit-exists``.
        """
        for entry in self.books.reading.directory.units():
            if entry.id in but or name not in entry.names:
                continue
            unit = self.books.unit_state(entry.id)
            if unit.dated.bears_from(name, on):
                raise WrongUsage("unit-exists", unit=name)

    def superior_hurdles(self, superior: UUID | None, on: date) -> tuple[Finding, ...]:
        """Return what forbids that a unit comes under a superior on a day: it is no more, then or later."""
        if superior is None:
            return ()
        ended = self.books.unit_state(superior).dated.ended
        if ended is None:
            return ()
        return (
            (gone(superior, ended.on, ended.into),)
            if ended.on <= on
            else (changed_later(superior, ended.on),)
        )

    def move_hurdles(self, unit_id: UUID, superior: UUID | None, on: date) -> tuple[Finding, ...]:
        """Return what forbids a move: the superior is no more, or stands below the unit itself."""
        if superior is None:
            return ()
        found = self.superior_hurdles(superior, on)
        if self.would_loop(unit_id, superior, on):
            found += (hurdle("unit-loop", unit=str(unit_id), superior=str(superior)),)
        return found

    def would_loop(self, unit_id: UUID, superior: UUID, on: date) -> bool:
        """Say whether a superior stands below the unit on a day or on any later day on the books."""
        entries = self.books.reading.directory.units()
        return any(unit_id in self.books.line_of(superior, day) for day in (on, *change_days(entries, on)))

    # --- who is there -----------------------------------------------------------------------------------

    def people_of(self, unit_id: UUID, on: date) -> list[Person]:
        """Return those who belong to a unit on a day and whose case goes on, members first."""
        ids = self.books.reading.directory.people_of(unit_id)
        self.books.preload(ids)
        people = [self.books.person_state(person) for person in ids]
        here = [p for p in people if p.unit_on(on) == unit_id and p.stage_on(on) in IN_HAND]
        return sorted(here, key=lambda person: person.stage_on(on) not in MEMBERS)

    def right_below(self, unit_id: UUID, on: date) -> list[UUID]:
        """Return the units right below one that are there on a day."""
        return [
            entry.id
            for entry in self.books.reading.directory.units()
            if entry.exists_on(on) and superior_on(entry.dated, on) == unit_id
        ]

    def end_hurdles(self, unit_id: UUID, on: date, *, below: bool = True) -> tuple[Finding, ...]:
        """Return what forbids that a unit is no more from a day on, whoever takes its people.

        Units stand below it; someone came to it later, or is on the way elsewhere; it changed later.
        """
        unit, directory = self.books.unit_state(unit_id), self.books.reading.directory
        found: list[Finding] = []
        here = str(unit_id)
        left = [str(one) for one in self.right_below(unit_id, on)]
        if below and left:
            found.append(hurdle("unit-below-left", unit=here, units=left, count=len(left)))
        people = [self.books.person_state(person) for person in directory.people_of(unit_id)]
        came = {(entry.on, p.id) for p in people for entry in p.units if entry.unit_id == unit_id}
        # who was sent to where they were already came anew, once they are carried elsewhere before
        came |= {(a.on, p.id) for p in people for a in p.acts if _is_sent_to(unit_id, a.event)}
        late = sorted((day, str(person)) for day, person in came if day > on)
        if late:
            latest = late[-1][0].isoformat()
            told = {"people": [person for _, person in late], "count": len(late), "latest": latest}
            found.append(hurdle("unit-people-later", unit=here, on=on.isoformat(), **told))
        away = [str(p.id) for p in self.people_of(unit_id, on) if transit_of(p.at(on)) is not None]
        if away:
            found.append(hurdle("unit-people-on-the-way", unit=here, people=away, count=len(away)))
        changed = [one.on for one in unit.dated.identities if one.on > on]
        if unit.dissolved_on is not None and unit.dissolved_on > on:
            changed.append(unit.dissolved_on)
        moved = [
            one.on
            for entry in directory.units()
            for one in entry.dated.identities
            if one.superior == unit_id and one.on > on
        ]
        if changed or moved:
            found.append(changed_later(unit_id, max([*changed, *moved])))
        return tuple(found)

    # --- people of units that are no more ---------------------------------------------------------------

    def barred(
        self, person: Person, events: Sequence[Event], unit_id: UUID | None, on: date
    ) -> tuple[Finding, ...]:
        """Say that someone cannot come to a unit on a day on which it is no more."""
        homes = {getattr(event, "unit_id", None) for event in events} - {None}
        if not person.units and unit_id is not None and events:
            homes.add(unit_id)
        found = []
        for home in homes:
            ended = self.books.unit_state(home).dated.ended if isinstance(home, UUID) else None
            if ended is not None and ended.on <= on and isinstance(home, UUID):
                found.append(gone(home, ended.on, ended.into))
        return tuple(found)

    def follows(self, person_id: UUID) -> Caused | None:
        """Return where someone goes who was put late into a unit that was merged or dissolved since.

        Raises:
            WrongUsage: ``unit-gone-since``: nobody can tell where to, or the unit was no more already.
        """
        person = self.books.person_state(person_id)
        for number, entry in enumerate(person.units):
            until = person.units[number + 1].on if number + 1 < len(person.units) else date.max
            unit = self.books.unit_state(entry.unit_id) if entry.unit_id is not None else None
            ended = unit.dated.ended if unit is not None else None
            if unit is None or ended is None or not max(ended.on, entry.on) < until:
                continue
            if person.stage_on(max(ended.on, entry.on)) not in IN_HAND or person.stage not in IN_HAND:
                continue
            if len(ended.into) != 1 or entry.on >= ended.on:
                raise WrongUsage("unit-gone-since", unit=unit.name, day=ended.on.isoformat())
            followed = self.transfer(person, ended.into[0], ended.on, None)
            return msgspec.structs.replace(followed, cause=self._cause_of_the_end(unit))
        return None

    def _cause_of_the_end(self, unit: Unit) -> UUID | None:
        """Return the event that ended a unit: that of the unit which took it in, where it was merged."""
        ends = (
            act for act in reversed(unit.rare) if isinstance(act.event, tree.UnitDissolved | tree.UnitSplit)
        )
        act = next((a for a in ends if not isinstance(a.event, tree.UnitSplit) or a.event.ends), None)
        record = self.books.reading.find_event(act.source.event_id) if act is not None else None
        if record is None:
            return None
        return record.causation_id if record.causation_id is not None else record.event_id

    @staticmethod
    def transfer(person: Person, to: UUID, on: date, document: str | None) -> Caused:
        """Return the carrying over of someone from the unit of a day to another one."""
        event = PersonCarried(carried_on=on, unit_id=to, document=document)
        return Caused(person.id, event, person.unit_on(on) or to)


def _is_sent_to(unit_id: UUID, event: Event) -> bool:
    return isinstance(event, PersonTransferred) and event.unit_id == unit_id


def gone(unit_id: UUID, ended: date, into: Sequence[UUID]) -> Finding:
    """Return the finding that a unit is no more on a day."""
    told = {"dissolved_on": ended.isoformat(), "into": [str(unit) for unit in into]}
    return hurdle("unit-gone", unit=str(unit_id), **told)


def not_there(unit: Unit) -> Finding:
    """Return the finding that a unit is no more, or not yet, on a day."""
    ended = unit.dated.ended
    if ended is not None:
        return gone(unit.id, ended.on, ended.into)
    begun = unit.dated.identities[0].on.isoformat() if unit.dated.identities else ""
    return hurdle("unit-not-yet", unit=str(unit.id), established_on=begun)


def changed_later(unit_id: UUID, day: date) -> Finding:
    """Return the finding that something later on the books forbids a change."""
    return hurdle("unit-changed-later", unit=str(unit_id), latest=day.isoformat())
