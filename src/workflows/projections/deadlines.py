"""期限: the limits of people and units, the recurring duties of units among them, one row a limit.

Kept without a clock; overdue, due, held and met come out at reading, from the day asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from workflows.domain import case_files
from workflows.domain.campaign.rubric import of_the_plan
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import CaseFile
from workflows.domain.facts import Facts
from workflows.domain.person.book import book_of
from workflows.domain.person.state import Person
from workflows.domain.stages import RANK, Stage, stages_of
from workflows.domain.unit.life import tasks_of
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import add_months
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import FactBook
from workflows.policies.follow_up import FOLLOW_UP
from workflows.policies.relief import as_json as relief_json
from workflows.policies.relief import holding, is_lapsed
from workflows.policies.rules import Rules
from workflows.projections import duties as duties_view
from workflows.projections import following
from workflows.projections.duties import source_of
from workflows.projections.naming import Naming, plain

Status = Literal["overdue", "due", "held", "met"]
Light = Literal["over", "soon", "ok", "held", "bygone"]
RECURRING = "cadence"
"""The kind of a limit that a duty of every period sets."""
TASK = "resolution-task"
"""The rule of a limit that a resolution set: its own word, no regulation's."""
PROPOSAL = "proposal"
"""The kind of a limit that waits for somebody to decide: it is proposed, and never overdue."""
WATCHES = (FOLLOW_UP, PROPOSAL)
"""The kinds of limits that nothing is to be done by: something is watched, or waits for a decision."""
STATUSES: tuple[Status, ...] = ("overdue", "due", "held", "met")

COMES_BACK = frozenset({RECURRING, "interval"})
"""The kinds of limits that come back: of each period of a unit, of each half year of a person's training."""

BYGONE_DAYS = 31
"""How long after its period what comes back still stands among the things to do, where it has no record."""

AHEAD_MONTHS = 15
"""How far ahead the next time of what comes back at a case is looked for."""

SOON_DAYS = 15
"""A limit this near is 临期 where its rule says nothing about reminding, or less."""

GIVEN_UP = frozenset({Stage.WITHDRAWN, Stage.DROPPED, Stage.ANNULLED, Stage.STRUCK_OFF, Stage.DECEASED})


class Limit(msgspec.Struct, frozen=True):
    """A limit of a person in a unit, of a unit itself, or of a case (``file_id``) about it."""

    unit_id: UUID | None
    person_id: UUID | None
    deadline: Deadline
    file_id: UUID | None = None


def of_person(
    person: Person, rules: Rules, facts: Facts, *, on: date, until: date, book: FactBook | None = None
) -> list[Limit]:
    """Return the limits of a person as of ``on``; recurring ones run up to ``until``.

    What no longer can be done is no limit: the course was given up, or the stage of the step is passed.
    Someone of no unit (the application was retracted) has none. ``book``: that of the person as of ``on``,
    where it was read already.
    """
    cut = person.at(on)
    if cut.unit_id is None:
        return []
    book = book or book_of(cut, rules, facts, on)
    found = rules.deadlines(book, scope="person", until=until)
    return [
        Limit(cut.unit_id, cut.id, limit)
        for limit in found
        if limit.met_on is not None
        or (_is_open(limit, cut.stage) and not _is_before(limit, book.day("books_from")))
    ]


def _is_open(limit: Deadline, stage: Stage) -> bool:
    if stage in GIVEN_UP:
        return False
    stages = stages_of(limit.subject)
    return not stages or stage in stages or RANK[stage] < max(RANK[s] for s in stages)


def of_unit(unit: Unit, rules: Rules, facts: Facts, *, on: date, until: date) -> list[Limit]:
    """Return the limits of a unit as of ``on``, its duties included, period by period up to ``until``."""
    cut = unit.at(on)
    if cut.established is None:
        return []
    return limits_of_unit(cut, rules, duties_view.Told(cut, rules, facts, on=on), until=until)


def limits_of_unit(unit: Unit, rules: Rules, told: duties_view.Told, *, until: date) -> list[Limit]:
    """Do the same with a book already read; ``unit`` is as of the day of that book.

    A unit that is no more has no limits but those that were met.
    """
    found = [
        limit
        for limit in rules.deadlines(told.book, scope="unit", until=until)
        if limit.met_on is not None or not _is_before(limit, unit.books_from)
    ]
    found += tasks_of_resolutions(unit)
    found += [limit for duty in told.duties(until) if (limit := duties_view.as_deadline(duty)) is not None]
    if unit.dissolved_on is not None:
        found = [limit for limit in found if limit.met_on is not None]
    return [Limit(unit.id, None, limit) for limit in found]


def tasks_of_resolutions(unit: Unit) -> list[Deadline]:
    """Return what resolutions gave somebody to do (决议事项), each with its day; whose it is stands in it."""
    found: list[Deadline] = []
    for one in tasks_of(unit):
        owner = one.task.owner.person
        found.append(
            Deadline(
                rule=TASK,
                subject=one.task.task,
                opens_on=one.meeting.on,
                due_on=one.task.due_on,
                label=one.task.task,
                kind="task",
                severity="block",
                number=sum(other.subject == one.task.task for other in found),
                met_on=one.done.on if one.done else None,
                met_by=one.done.source if one.done else None,
                facts={"owner": str(owner)} if owner else {},
                because=(one.meeting.source,),
            )
        )
    return found


def _is_before(limit: Deadline, books_from: date | None) -> bool:
    """Say whether a limit lies before the books of the unit begin: nothing overdue is shown there."""
    return books_from is not None and limit.due_on < books_from


def of_file(file: CaseFile, rules: Rules, facts: Facts, *, on: date, until: date) -> list[Limit]:
    """Return the limits of a case as of ``on``; what is named in a row is the case."""
    cut = file.at(on)
    if cut.unit_id is None:
        return []
    found = case_files.limits_of(cut)
    ruled = rules.deadlines(case_files.book_of(cut, facts, on), scope=type(cut).kind, until=until)
    if isinstance(cut, Campaign) and cut.start is not None:
        ruled = list(of_the_plan(ruled, cut.start.scheme, rules))
    found += [limit for limit in ruled if FOLLOW_UP not in (limit.rule, *limit.aliases)]
    followed = following.limit_of(cut, rules)
    found += [followed] if followed is not None else []
    return [
        Limit(cut.unit_id, None, msgspec.structs.replace(limit, subject=cut.subject), cut.id)
        for limit in found
        if limit.met_on is not None or limit.kind == FOLLOW_UP or not cut.is_settled
    ]


def status_on(limit: Deadline, day: date) -> Status:
    """Return where a limit stands at the end of ``day``; what was done after that day does not count.

    While a waiver of its rule or a hold lasts it rests: it is held, and not overdue. A day that is awaited is
    never overdue.
    """
    if limit.met_on is not None and limit.met_on <= day:
        return "met"
    if holding(limit, day):
        return "held"
    if limit.awaited:
        return "due"
    return "overdue" if limit.due_on < day else "due"


def light_on(limit: Deadline, day: date) -> Light | None:
    """Return the light of a limit on a day: over, soon, ok; held where it rests; None where it was met.

    A day that is awaited is soon once it has come; ``bygone``: see :func:`is_bygone`.
    """
    status, left = status_on(limit, day), (limit.due_on - day).days
    if status == "met":
        return None
    if status == "held":
        return "held"
    if status == "overdue":
        return "bygone" if is_bygone(limit, day) else "over"
    if limit.awaited:
        return "ok" if left > 0 else "soon"
    return "soon" if left <= max(limit.remind_days or 0, SOON_DAYS) else "ok"


def is_bygone(limit: Deadline, day: date) -> bool:
    """Say whether the period of what comes back is long over on ``day``: the next one is the one to keep.

    A limit that stands once (a talk, a term, a task) is never bygone: somebody has to do it or decide.
    """
    comes_back = limit.kind in COMES_BACK and status_on(limit, day) == "overdue"
    return comes_back and limit.due_on + timedelta(days=BYGONE_DAYS) < day


def is_shown(limit: Deadline, day: date) -> bool:
    """Say whether the case of a limit has opened by ``day``, and was not waived for good."""
    return limit.opens_on <= day and (limit.met_on is not None or not is_lapsed(limit, day))


def with_the_next(limits: Iterable[Deadline], day: date) -> list[Deadline]:
    """Return what is shown on a day, and of what comes back and was met so far the next time.

    The limits of one case: each rule comes back once there.
    """
    told = list(limits)
    found = [one for one in told if is_shown(one, day)]
    waiting = {one.rule for one in found if status_on(one, day) != "met"}
    later = (one for one in told if one.opens_on > day and one.kind == "interval" and not is_lapsed(one, day))
    for one in sorted(later, key=lambda one: one.opens_on):
        if one.rule not in waiting:
            waiting.add(one.rule)
            found.append(one)
    return found


def of_the_case(file: CaseFile, rules: Rules, facts: Facts, day: date) -> list[Limit]:
    """Return the limits of a case as of a day, with the next time of what comes back."""
    found = of_file(file, rules, facts, on=day, until=add_months(day, AHEAD_MONTHS))
    wanted = with_the_next((one.deadline for one in found), day)
    return [one for one in found if one.deadline in wanted]


def answered(
    limits: Iterable[Limit], naming: Naming, *, on: date, status: str | None
) -> list[dict[str, Any]]:
    """Return the limits open on a day as rows in JSON form: by last day, unit, rule.

    ``status``: one of the four; ``all``; None is everything but met.
    """
    told = [limit for limit in limits if is_shown(limit.deadline, on)]
    return in_order(told, naming, on=on, status=status)


def in_order(
    limits: Iterable[Limit], naming: Naming, *, on: date, status: str | None = "all"
) -> list[dict[str, Any]]:
    """Return limits as rows in JSON form in the same order, those too that have not begun."""
    rows = [
        row_of(limit, naming, on) for limit in limits if _is_wanted(status_on(limit.deadline, on), status)
    ]
    return sorted(rows, key=lambda row: (row["due_on"], row["unit"] or "", row["rule"], row["person"] or ""))


def _is_wanted(found: Status, wanted: str | None) -> bool:
    if wanted == "all":
        return True
    return found != "met" if wanted is None else found == wanted


def row_of(limit: Limit, naming: Naming, on: date) -> dict[str, Any]:
    """Return a limit as of a day in JSON form."""
    told = limit.deadline
    met = told.met_on if told.met_on is not None and told.met_on <= on else None
    held = () if met is not None else holding(told, on)
    return {
        "rule": told.rule,
        "label": told.label,
        "unit": naming.unit(limit.unit_id),
        "unit_id": str(limit.unit_id) if limit.unit_id else None,
        "person": naming.person(limit.person_id),
        "person_id": str(limit.person_id) if limit.person_id else None,
        "subject": told.subject,
        "title": naming.step(told.subject, limit.unit_id, on),
        "activity": told.facts.get("activity") if told.kind == RECURRING else None,
        "number": told.number,
        "opens_on": told.opens_on.isoformat(),
        "due_on": told.due_on.isoformat(),
        "latest_on": told.latest_on.isoformat() if told.latest_on else None,
        "first_due_on": told.first_due_on.isoformat() if told.first_due_on else None,
        "days_left": max(0, (told.due_on - on).days) if told.awaited else (told.due_on - on).days,
        "status": status_on(told, on),
        "owner": naming.person(UUID(told.facts["owner"])) if told.kind == "task" and told.facts else None,
        "awaited": told.awaited,
        "bygone": is_bygone(told, on),
        "met_on": met.isoformat() if met else None,
        "severity": told.severity,
        "clause": told.clause,
        "pack": told.pack,
        "version": told.version.isoformat() if told.version else None,
        "confidence": told.confidence,
        "aliases": list(told.aliases),
        "calc": plain(told.calc),
        "because": [source_of(source) for source in told.because],
        "reliefs": [relief_json(relief) for relief in told.reliefs],
        "held_by": relief_json(held[-1]) if held else None,
        **({"file_id": str(limit.file_id)} if limit.file_id else {}),
        **({"watch": told.kind} if told.kind in WATCHES else {}),
        **({"proposal": told.facts} if told.kind == PROPOSAL else {}),
        **_roughly(told),
    }


def _roughly(limit: Deadline) -> dict[str, Any]:
    """Return what days known only roughly leave open: ``due_approx`` the range in which the last day lies.

    ``only_first``: of what comes back every so often the later limits cannot be told. ``unsure``: the days.
    """
    if not limit.approx:
        return {}
    days = {
        name: day for name, day in limit.approx.items() if "text" in (day if isinstance(day, dict) else {})
    }
    told = {"unsure": days, "due_approx": limit.approx.get("due_on")}
    return {**told, **({"only_first": True} if limit.approx.get("only_first") else {})}
