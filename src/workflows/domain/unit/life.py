"""What a unit has from day to day besides its posts: cells, the fixed theme day, tasks of resolutions."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from uuid import UUID

import msgspec

from workflows.domain.act import OnBooks, Who
from workflows.domain.unit import events as ev
from workflows.domain.unit import meeting_events as mv
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import Period
from workflows.policies.facts import Part


class Cell(msgspec.Struct, frozen=True):
    """党小组: from the day it was formed to the day it was dissolved (that day no longer included)."""

    name: str
    since: OnBooks
    until: date | None = None
    leader: Who | None = None

    def is_there(self, day: date) -> bool:
        """Say whether the cell was there on a day."""
        return self.since.on <= day and (self.until is None or day < self.until)


def cells_of(unit: Unit) -> tuple[Cell, ...]:
    """Return every cell the unit ever had, in the order of their forming."""
    found: list[Cell] = []
    for act in unit.rare:
        event = act.event
        if not isinstance(event, mv.CellFormed | mv.CellDissolved):
            continue
        place = next((i for i, c in enumerate(found) if c.name == event.name and c.until is None), None)
        if isinstance(event, mv.CellFormed) and place is None:
            found.append(Cell(event.name, act, leader=event.leader))
        elif isinstance(event, mv.CellFormed) and place is not None:
            found[place] = msgspec.structs.replace(found[place], leader=event.leader)
        elif place is not None:
            found[place] = msgspec.structs.replace(found[place], until=act.on)
    return tuple(found)


def cells_on(unit: Unit, day: date) -> tuple[Cell, ...]:
    """Return the cells there are on a day."""
    return tuple(cell for cell in cells_of(unit.at(day)) if cell.is_there(day))


def cell_named(unit: Unit, name: str | None, day: date) -> Cell | None:
    """Return the cell of a name on a day; where no name is told, the only one there is."""
    here = cells_on(unit, day)
    if name is None:
        return here[0] if len(here) == 1 else None
    return next((cell for cell in here if cell.name == name), None)


def theme_day_on(unit: Unit, day: date) -> tuple[int, OnBooks] | None:
    """Return the day of the month on which the theme day of a month falls, by what was fixed by ``day``."""
    found = unit.at(day).last(mv.ThemeDayFixed)
    return None if found is None else (found[0].day, found[1])


def fixed_day_of(day: int, month: date) -> date:
    """Return the fixed day in the month of a date, the last one of a shorter month."""
    return month.replace(day=min(day, Period.of(month, "month").last.day))


def parts_of(unit: Unit, above: frozenset[UUID]) -> list[Part]:
    """Return the spells in which a branch stood below any of ``above``, by what is known now."""
    start, founded = unit.books_from, unit.last(ev.UnitEstablished)
    if start is None or founded is None:
        return []
    found: list[Part] = []
    for identity, following in zip_longest(unit.dated.identities, unit.dated.identities[1:]):
        if identity.level != "branch" or identity.superior not in above:
            continue
        until = following.on if following is not None else unit.dissolved_on
        if found and found[-1].until == identity.on:
            found[-1] = found[-1]._replace(name=identity.name, until=until)
        else:
            since = max(identity.on, start)
            found.append(Part(str(unit.id), identity.name, since, until, founded[1].source))
    return found


class OpenTask(msgspec.Struct, frozen=True):
    """A task that a resolution set: the meeting, what, who, by when, and how it was done (None: not yet)."""

    meeting: OnBooks
    task: ev.Task
    done: OnBooks | None = None


def tasks_of(unit: Unit) -> list[OpenTask]:
    """Return the tasks that the resolutions of a unit set, in the order of the meetings.

    After them those it goes on with for units that became a part of it, each from the day of that merger.
    """
    done: dict[tuple[UUID | None, str, date | None], OnBooks] = {}
    for finished, act in unit.each(mv.TaskCompleted):
        done.setdefault((finished.meeting, finished.task, finished.due_on), act)
    told = [(act, event.tasks) for event, act in unit.each(ev.MeetingHeld)]
    told += [(act, event.tasks) for event, act in unit.each(tree.UnitMerged)]
    return [
        OpenTask(act, task, done.get((act.source.event_id, task.task, task.due_on)))
        for act, tasks in told
        for task in tasks or ()
    ]
