"""Changes of the organization tree: what they rest on, and what else is recorded with them.

One change speaks of several streams: the people of a unit go elsewhere, units come about or end. Their home
is their own stream; what the change causes there is recorded in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.application.residents import (
    MEMBERS,
    Caused,
    Consequence,
    Residents,
    changed_later,
    not_there,
)
from workflows.domain.act import Command
from workflows.domain.campaign.state import Campaign
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.unit import commands as unit_commands
from workflows.domain.unit import structure_commands as cmd
from workflows.domain.unit.change import Change, SetUp, hurdle
from workflows.domain.unit.events import Founding, Task, UnitEstablished
from workflows.domain.unit.identity import UnitIdentity
from workflows.domain.unit.life import cells_on, tasks_of
from workflows.domain.unit.state import Unit
from workflows.domain.unit.structure_events import UnitDissolved, UnitMoved
from workflows.kernel.errors import WrongUsage
from workflows.policies.findings import Finding


class Planned(msgspec.Struct, frozen=True):
    """A change thought through: for the decision, for the other streams, and for whoever asks first."""

    change: Change
    caused: tuple[Caused, ...] = ()
    consequences: tuple[Consequence, ...] = ()


class Structuring(Residents):
    """Thinks changes of the tree through; ``fresh`` gives new ids."""

    def __init__(self, books: Books, fresh: Callable[[], UUID]) -> None:
        super().__init__(books)
        self.fresh = fresh

    def planned(self, command: Command, unit_id: UUID, superior: UUID | None) -> Planned | None:
        """Return what a command of the tree comes to; None of any other command.

        Raises:
            WrongUsage: a unit or a person it names is not there, or a name is taken.
        """
        match command:
            case unit_commands.EstablishUnit(members=[_, *_]):
                return self._gathered(command, unit_id, superior)
            case unit_commands.EstablishUnit():
                hurdles = self.superior_hurdles(superior, command.on)
                return Planned(Change(hurdles=hurdles)) if hurdles else None
            case cmd.RenameUnit():
                self.check_name(command.name, command.on, but=(unit_id,))
                return Planned(Change())
            case cmd.MoveUnit():
                return self._moved(unit_id, superior, command.on)
            case cmd.MergeUnits():
                return self._merged(command, unit_id)
            case cmd.SplitUnit():
                return self._split(command, unit_id)
            case cmd.DissolveUnit():
                return self._dissolved(command, unit_id)
        return None

    # --- the changes ------------------------------------------------------------------------------------

    def _gathered(
        self, command: unit_commands.EstablishUnit, unit_id: UUID, superior: UUID | None
    ) -> Planned:
        """Return the setting up of a unit with people of others."""
        people = [self._anyone(name, superior, command.on) for name in command.members]
        caused = [self.transfer(person, unit_id, command.on, command.document) for person in people]
        full, members = _counted(people, command.on)
        hurdles = self.superior_hurdles(superior, command.on) + self._gone_later(people, command.on)
        told = [_carried(person, command.on, unit_id) for person in people]
        return Planned(
            Change(full=full, members=members, hurdles=hurdles),
            tuple(caused),
            (Consequence("unit", "begins", unit_id, name=command.name), *told),
        )

    def _anyone(self, name: str, superior: UUID | None, on: date) -> Person:
        """Return the one person of a name (or id) among all who belong to units below a superior on a day."""
        found: dict[UUID, None] = {}
        for unit_id in self.books.below(superior, on):
            who = self.books.find(name, unit_id, on).person
            if who is not None and self.books.person_state(who).unit_on(on) is not None:
                found[who] = None
        if len(found) != 1:
            code = "person-ambiguous" if found else "person-unknown"
            raise WrongUsage(code, person=name, people=[str(person) for person in found])
        return self.books.person_state(next(iter(found)))

    def _gone_later(self, people: Sequence[Person], on: date) -> tuple[Finding, ...]:
        """Say that people cannot be moved on a day from a unit that itself told later where they went."""
        return tuple(
            hurdle("unit-people-later", unit=str(entry.unit_id), on=on.isoformat(), people=[str(p.id)],
                   count=1, latest=entry.on.isoformat())
            for p in people
            for entry in p.units
            if entry.on > on
        )  # fmt: skip

    def _merged(self, command: cmd.MergeUnits, unit_id: UUID) -> Planned:
        on = command.on
        units = tuple(dict.fromkeys(self.unit_named(name, on) for name in command.units))
        if command.name is not None:
            self.check_name(command.name, on, but=(unit_id, *units))
        hurdles: list[Finding] = []
        caused: list[Caused] = []
        told: list[Consequence] = []
        if unit_id in units:
            hurdles.append(hurdle("unit-with-itself", unit=str(unit_id)))
        tasks: list[Task] = []
        people = list(self.people_of(unit_id, on))
        for one in units:
            unit = self.books.unit_state(one)
            if not unit.exists_on(on):
                hurdles.append(not_there(unit))
                continue
            hurdles += self.end_hurdles(one, on, below=False)
            ended = UnitDissolved(dissolved_on=on, document=command.document, into=(unit_id,), merged=True)
            caused.append(Caused(one, ended, one))
            told.append(Consequence("unit", "closed", one, to=unit_id))
            told += self._ending(unit, on)
            told += self._cases(one, unit_id, on)
            still = [open_.task for open_ in tasks_of(unit.at(on)) if open_.done is None]
            tasks += still
            told += [Consequence("task", "carried", None, one, unit_id, name=task.task) for task in still]
            for child in self.right_below(one, on):
                if self.would_loop(child, unit_id, on):
                    hurdles.append(hurdle("unit-loop", unit=str(child), superior=str(unit_id)))
                moved = UnitMoved(moved_on=on, superior=unit_id, document=command.document)
                caused.append(Caused(child, moved, child))
                told.append(Consequence("unit", "carried", child, one, unit_id))
            here = self.people_of(one, on)
            people += here
            caused += [self.transfer(person, unit_id, on, command.document) for person in here]
            told += [_carried(person, on, unit_id) for person in here]
        full, members = _counted(people, on)
        change = Change(
            units, into=(unit_id,), full=full, members=members, hurdles=tuple(hurdles), tasks=tuple(tasks)
        )
        return Planned(change, tuple(caused), tuple(told))

    def _split(self, command: cmd.SplitUnit, unit_id: UUID) -> Planned:
        on, unit = command.on, self.books.unit_state(unit_id)
        now = unit.identity_on(on)
        here = {person.id: person for person in self.people_of(unit_id, on)}
        hurdles: list[Finding] = []
        caused: list[Caused] = []
        told: list[Consequence] = []
        new: list[SetUp] = []
        going: dict[UUID, UUID] = {}
        for one in command.into:
            self.check_name(one.name, on, but=(unit_id,) if command.ends else ())
            fresh = self.fresh()
            people = [self._of(name, here, unit_id, on) for name in one.members]
            for person in people:
                if person.id in going:
                    hurdles.append(hurdle("unit-people-twice", unit=str(unit_id), people=[str(person.id)]))
                going[person.id] = fresh
            event = _founded(one, now, unit, on, unit_id, command.document)
            caused.append(Caused(fresh, event, fresh))
            told.append(Consequence("unit", "begins", fresh, unit_id, name=one.name))
            caused += [self.transfer(person, fresh, on, command.document) for person in people]
            told += [_carried(person, on, fresh) for person in people]
            new.append(SetUp(fresh, event, *_counted(people, on)))
        if len({one.name for one in command.into}) < len(command.into):
            raise WrongUsage("unit-exists", unit=command.into[-1].name)
        hurdles += self._gone_later([here[person] for person in going], on)
        left = [person for person in here if person not in going]
        if command.ends:
            hurdles += self.end_hurdles(unit_id, on)
            hurdles += _left(unit_id, left)
            told.append(Consequence("unit", "closed", unit_id))
            told += self._ending(unit, on)
            told += self._cases(unit_id, now.superior if now is not None else None, on)
        else:
            gone = {str(person) for person in going}
            told += [post for post in self._ending(unit, on, packs=False) if str(post.stream_id) in gone]
        full, members = _counted([here[person] for person in left], on)
        change = Change(new=tuple(new), full=full, members=members, hurdles=tuple(hurdles))
        return Planned(change, tuple(caused), tuple(told))

    def _dissolved(self, command: cmd.DissolveUnit, unit_id: UUID) -> Planned:
        on, unit = command.on, self.books.unit_state(unit_id)
        here = {person.id: person for person in self.people_of(unit_id, on)}
        hurdles = list(self.end_hurdles(unit_id, on))
        going: dict[UUID, UUID] = {}
        if isinstance(command.members_to, str):
            going = dict.fromkeys(here, self.unit_named(command.members_to, on))
        else:
            for name, where in (command.members_to or {}).items():
                going[self._of(name, here, unit_id, on).id] = self.unit_named(where, on)
        into = tuple(dict.fromkeys(going.values()))
        for to in into:
            target = self.books.unit_state(to)
            if to == unit_id:
                hurdles.append(hurdle("unit-with-itself", unit=str(unit_id)))
            elif not target.exists_on(on):
                hurdles.append(not_there(target))
            elif target.dissolved_on is not None:
                hurdles.append(changed_later(to, target.dissolved_on))
        hurdles += _left(unit_id, [person for person in here if person not in going])
        caused = [self.transfer(here[p], to, on, command.document) for p, to in going.items()]
        now = unit.identity_on(on)
        told = [Consequence("unit", "closed", unit_id), *self._ending(unit, on)]
        told += self._cases(unit_id, now.superior if now is not None else None, on)
        told += [_carried(here[person], on, to) for person, to in going.items()]
        return Planned(Change(into=into, hurdles=tuple(hurdles)), tuple(caused), tuple(told))

    def _moved(self, unit_id: UUID, superior: UUID | None, on: date) -> Planned:
        """Return the coming of a unit under another superior: it goes along with all that stands below it.

        Its people, posts and cases stay with it; the packs that its superiors adopted are others then.
        """
        hurdles = self.move_hurdles(unit_id, superior, on)
        now = self.books.unit_state(unit_id).identity_on(on)
        before = self._packs(now.superior if now is not None else None, on)
        after = self._packs(superior, on)
        told = [Consequence("unit", "carried", unit_id, now.superior if now is not None else None, superior)]
        told += [Consequence("pack", "closed", None, *one) for one in before if one not in after]
        told += [Consequence("pack", "begins", None, *one) for one in after if one not in before]
        return Planned(Change(hurdles=hurdles), (), tuple(told))

    def _packs(self, unit_id: UUID | None, on: date) -> list[tuple[UUID, None, str]]:
        """Return the packs adopted by a unit and its superiors that hold on a day: by whom, and the title."""
        line = self.books.line_of(unit_id, on) if unit_id is not None else []
        held = [(holder, one) for holder in line for one in self.books.unit_state(holder).at(on).adopted]
        return [(holder, None, a.pack.title) for holder, a in held if a.until is None or a.until > on]

    def _of(self, name: str, here: dict[UUID, Person], unit_id: UUID, on: date) -> Person:
        who = self.books.find(name, unit_id, on).person
        if who is None or who not in here:
            raise WrongUsage("person-unknown", person=name, people=[])
        return here[who]

    def _ratings(self, unit_id: UUID, on: date) -> Iterator[Consequence]:
        """Yield the campaigns of superiors in which a unit that ends has no grade yet: it gets none."""
        for entry in self.books.files_of(Campaign.kind, self.books.line_of(unit_id, on)[1:]):
            file = self.books.file_state(entry.id).at(on)
            if not isinstance(file, Campaign) or file.start is None or file.is_over:
                continue
            taking_part = file.start.units.units if file.start.units is not None else ()
            is_rated = unit_id in file.ratings() and not file.is_pending(unit_id)
            if unit_id in taking_part and not is_rated:
                yield Consequence("rating", "closed", entry.id, unit_id, name=entry.subject)

    def _cases(self, unit_id: UUID, to: UUID | None, on: date) -> Iterator[Consequence]:
        """Yield the open cases of a unit that ends: nothing is closed by that, ``to`` goes on with them.

        A case keeps its unit; its limits are seen where that unit stands in the tree from then on.
        """
        yield from self._ratings(unit_id, on)
        for entry in self.books.files_of(None, (unit_id,)):
            file = self.books.file_state(entry.id).at(on)
            if file.opened is not None and not file.is_over:
                yield Consequence("file", "carried", entry.id, unit_id, to, name=entry.subject)

    def _ending(self, unit: Unit, on: date, *, packs: bool = True) -> Iterator[Consequence]:
        """Yield what ends with a unit: posts, packs adopted by itself, party cells."""
        cut = unit.at(on)
        for cell in cells_on(cut, on) if packs else ():
            yield Consequence("cell", "closed", None, unit.id, name=cell.name)
        for post in cut.committee:
            yield Consequence("post", "closed", post.person.person, unit.id, name=post.post)
        if packs:
            for adopted in cut.adopted:
                if adopted.until is None or adopted.until > on:
                    yield Consequence("pack", "closed", None, unit.id, name=adopted.pack.title)


def _founded(
    one: cmd.NewUnit, now: UnitIdentity | None, unit: Unit, on: date, unit_id: UUID, document: str | None
) -> UnitEstablished:
    told = unit.established
    return UnitEstablished(
        established_on=on,
        name=one.name,
        level=one.level or (now.level if now is not None else "branch"),
        kind=one.kind or ((now.kind or None) if now is not None else None),
        superior=now.superior if now is not None else None,
        roster_known=told is None or told.roster_known,
        founding=Founding(document=document, split_from=unit_id),
    )


def _counted(people: Sequence[Person], on: date) -> tuple[int, int]:
    """Return how many of some are full members, and members at all, on a day."""
    stages = [person.stage_on(on) for person in people if not person.is_stopped_on(on)]
    return sum(s is Stage.FULL for s in stages), sum(s in MEMBERS for s in stages)


def _carried(person: Person, on: date, to: UUID) -> Consequence:
    return Consequence(person.stage_on(on).value, "carried", person.id, person.unit_on(on), to)


def _left(unit_id: UUID, people: Sequence[UUID]) -> list[Finding]:
    if not people:
        return []
    told: dict[str, Any] = {"people": [str(person) for person in people], "count": len(people)}
    return [hurdle("unit-people-left", unit=str(unit_id), **told)]
