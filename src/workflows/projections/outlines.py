"""案卷一览: of each case what lists, tabs, filters and counts need, and no more; one row a case.

Kept without a clock: which limit is the nearest, and whether it has passed, comes out at reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import OnBooks
from workflows.domain.case_acts import FileEvent
from workflows.domain.case_files import NOTHING, CaseFile
from workflows.domain.inspection.state import Inspection
from workflows.domain.rectification import events as ev
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.policies.deadlines import Deadline
from workflows.projections import deadlines
from workflows.projections.deadlines import Limit
from workflows.projections.waived_problems import closed_on_a_waiver

NO_LIMIT = "9999"


class Course(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a problem went through: the days it was listed, listed again and extended, in their order.

    ``turns``: the days on which it was over, no longer over, over again. ``days``: from the day it was found
    to the closure that holds. ``waived``: that closure rests on a waiver.
    """

    source: str
    rule: str | None = None
    due_on: date | None = None
    found: tuple[date, ...] = ()
    again: tuple[date, ...] = ()
    extended: tuple[date, ...] = ()
    turns: tuple[date, ...] = ()
    days: int | None = None
    escalated: bool = False
    recurring: bool = False
    waived: bool = False

    def was_open(self, first: date, last: date) -> bool:
        """Say whether the problem was listed within a span (inclusive), or open when it began."""
        if any(first <= day <= last for day in (*self.found, *self.again)):
            return True
        is_over = sum(day < first for day in self.turns) % 2 == 1
        return not is_over and any(day < first for day in self.found)


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a case beside the columns; ``limits``: those its last act left open, nearest first.

    ``level``: that of a demonstration site. ``withheld_until``: the day from which an unannounced inspection
    may be in a list.
    """

    subject: str
    limits: tuple[Deadline, ...] = ()
    course: Course | None = None
    level: str | None = None
    withheld_until: date | None = None


class Outline(msgspec.Struct, frozen=True):
    """A case as it stands; ``position`` is that of its opening, ``last_on`` the day of its last act."""

    file_id: UUID
    unit_id: UUID
    kind: str
    stage: str
    is_over: bool
    opened_on: date
    last_on: date
    position: int
    told: Told

    @property
    def own(self) -> dict[str, str | None]:
        """Return what only the lists of one kind filter by, under the names of the row of a case."""
        if self.told.course is not None:
            return {"source": self.told.course.source}
        return {"level": self.told.level} if self.kind == Site.kind else {}

    def is_withheld_on(self, day: date) -> bool:
        """Say whether it is an unannounced inspection whose day has not come."""
        until = self.told.withheld_until
        return until is not None and day < until

    def limit_on(self, day: date) -> Deadline | None:
        """Return the nearest limit on a day that was not met; None where none stands."""
        shown = sorted(deadlines.with_the_next(self.told.limits, day), key=lambda one: (one.due_on, one.rule))
        return next((limit for limit in shown if deadlines.status_on(limit, day) != "met"), None)

    def status_of(self, rule: str, day: date) -> str | None:
        """Return where a limit of this name stands on a day; None where it was met, or there is none."""
        limit = next((one for one in self.told.limits if one.rule == rule), None)
        return deadlines.status_on(limit, day) if limit is not None else None


def outline_of(file: CaseFile, limits: Iterable[Limit]) -> Outline | None:
    """Return a case in outline, with its limits as of the same day; None of one that nobody opened."""
    opened, unit_id = next((act for act in file.acts if act.event is file.opened), None), file.unit_id
    if opened is None or unit_id is None:
        return None
    last = file.acts[-1].on
    return Outline(
        file_id=file.id,
        unit_id=unit_id,
        kind=type(file).kind,
        stage=file.stage,
        is_over=file.is_over,
        opened_on=file.acts[0].on,
        last_on=last,
        position=opened.source.position,
        told=Told(
            subject=file.subject,
            limits=tuple(sorted(_light(limits, last), key=lambda one: (one.due_on, one.rule))),
            course=_course(file) if isinstance(file, Rectification) else None,
            level=file.level if isinstance(file, Site) else None,
            withheld_until=file.withheld_until if isinstance(file, Inspection) else None,
        ),
    )


def _light(limits: Iterable[Limit], last: date) -> Iterable[Deadline]:
    """Yield what is needed of the limits to say where they stand; of those met by the last act nothing is."""
    for limit in limits:
        told = limit.deadline
        if told.met_on is None or told.met_on > last:
            yield Deadline(
                rule=told.rule,
                subject="",
                opens_on=told.opens_on,
                due_on=told.due_on,
                kind=told.kind,
                met_on=told.met_on,
                remind_days=told.remind_days,
                first_due_on=told.first_due_on,
                reliefs=tuple(replace(one, document="", reason="") for one in told.reliefs),
                awaited=told.awaited,
            )


def _course(file: Rectification) -> Course | None:
    found, due, closed = file.last(ev.IssueOpened), file.due, file.last(ev.IssueClosedOut)
    if found is None:
        return None
    is_closed = file.stage == "closed"
    return Course(
        source=found[0].source,
        rule=found[0].rule,
        due_on=due[0] if due else None,
        found=tuple(act.on for _, act in file.each(ev.IssueOpened)),
        again=tuple(act.on for _, act in file.each(ev.IssueReopened)),
        extended=tuple(act.on for _, act in file.each(ev.CorrectionExtended)),
        turns=tuple(act.on for act in _turns(file)),
        days=(closed[1].on - found[1].on).days if is_closed and closed is not None else None,
        escalated=file.level is not None and not is_closed,
        recurring=bool(found[0].recurs),
        waived=closed_on_a_waiver(file) is not None,
    )


def _turns(file: CaseFile) -> Iterable[OnBooks]:
    """Yield the acts by which a case came to be over, and no longer over, in turn."""
    here, was_over = NOTHING, False
    for act in file.acts:
        if isinstance(act.event, FileEvent):
            here = file.table.get((here, act.event.move), here)
        if (here in file.ends) != was_over:
            was_over = not was_over
            yield act


def row_of(outline: Outline, on: date) -> dict[str, Any]:
    """Return the light row of a case on a day: what it has, it has under the name it has in the whole row."""
    limit = outline.limit_on(on)
    return {
        "file_id": str(outline.file_id),
        "kind": outline.kind,
        "subject": outline.told.subject,
        "stage": outline.stage,
        "over": outline.is_over,
        "opened_on": outline.opened_on.isoformat(),
        "last_on": outline.last_on.isoformat(),
        "limit": {"due_on": limit.due_on.isoformat(), "status": deadlines.status_on(limit, on)}
        if limit is not None
        else None,
        **outline.own,
    }


def by_urgency(outlines: Iterable[Outline], on: date) -> list[dict[str, Any]]:
    """Return the light rows of cases: those still open first, by their nearest limit, as they were opened."""
    rows = [row_of(one, on) for one in sorted(outlines, key=lambda one: one.position)]
    return sorted(rows, key=_urgency)


def _urgency(row: dict[str, Any]) -> tuple[bool, str, str]:
    limit = row["limit"]
    return row["over"], limit["due_on"] if limit else NO_LIMIT, row["opened_on"]
