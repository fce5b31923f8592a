"""What a unit has besides posts and meetings: cells, theme day, contacts, documents with replies, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.facts import Facts, Roster
from workflows.domain.unit import meeting_events as mv
from workflows.domain.unit.life import cells_on, tasks_of, theme_day_on
from workflows.domain.unit.state import Unit
from workflows.projections import contact_points
from workflows.projections.naming import Naming


def matters(
    unit: Unit, superiors: Sequence[Unit], roster: Roster | None, facts: Facts, naming: Naming, *, on: date
) -> dict[str, Any]:
    """Return the cells, the fixed theme day, the contacts, documents and tasks of a unit as of a day."""
    fixed = theme_day_on(unit, on)
    return {
        "cells": cells(unit, roster, naming, on=on),
        "theme_day": fixed[0] if fixed else None,
        "documents": documents(unit, superiors, on=on),
        "tasks": tasks(unit, naming, on=on),
        **contact_points.of_unit(unit, superiors, facts, naming, on=on),
    }


def cells(unit: Unit, roster: Roster | None, naming: Naming, *, on: date) -> list[dict[str, Any]]:
    """Return the cells there are on a day, each with its leader and how many members are in it."""
    return [
        {
            "name": cell.name,
            "since": cell.since.on.isoformat(),
            "leader": None if cell.leader is None else naming.who(cell.leader),
            "members": None if roster is None else len(roster.cells.get(cell.name, ())),
        }
        for cell in cells_on(unit, on)
    ]


def documents(unit: Unit, superiors: Iterable[Unit], *, on: date) -> list[dict[str, Any]]:
    """Return what a unit filed by a day, each with the reply of a superior by that day (None: none yet).

    A reply answers the last document of its kind and period filed by then; a document may be replied to
    again.
    """
    filed = [(event, act) for event, act in unit.at(on).each(mv.DocumentFiled)]
    replied: dict[UUID, tuple[mv.OfficialReplyGiven, date]] = {}
    for superior in superiors:
        for reply, act in superior.at(on).each(mv.OfficialReplyGiven):
            if reply.branch != unit.id:
                continue
            mine = [
                a.source.event_id
                for event, a in filed
                if event.kind == reply.kind
                and reply.for_period in (None, event.for_period)
                and a.on <= act.on
            ]
            if mine:
                replied[mine[-1]] = reply, act.on
    rows = []
    for event, act in filed:
        answer = replied.get(act.source.event_id)
        rows.append(
            {
                "kind": event.kind,
                "for_period": event.for_period,
                "title": event.title,
                "document": event.document,
                "filed_on": act.on.isoformat(),
                "event_id": str(act.source.event_id),
                "reply": answer[0].reply if answer else None,
                "replied_on": answer[1].isoformat() if answer else None,
                "reason": answer[0].reason if answer else None,
            }
        )
    return rows


def tasks(unit: Unit, naming: Naming, *, on: date) -> list[dict[str, Any]]:
    """Return what resolutions gave somebody to do, by a day, and whether it was done."""
    return [
        {
            "task": one.task.task,
            "owner": naming.who(one.task.owner),
            "due_on": one.task.due_on.isoformat(),
            "resolved_on": one.meeting.on.isoformat(),
            "done_on": one.done.on.isoformat() if one.done else None,
        }
        for one in tasks_of(unit.at(on))
    ]
