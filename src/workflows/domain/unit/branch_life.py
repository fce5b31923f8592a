"""党小组、主题党日、谈心谈话、决议事项: what they lead to, checked against the rules of their day."""

from __future__ import annotations

from difflib import get_close_matches

from workflows.domain.act import Decision, Who, decision
from workflows.domain.unit import meeting_commands as cmd
from workflows.domain.unit import meeting_events as mv
from workflows.domain.unit.book import TALK_UNKNOWN, TALK_UNTOLD, kind_of_talk
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.life import cells_on, fixed_day_of, tasks_of, theme_day_on
from workflows.policies.findings import Finding, Verdict

CELL_UNKNOWN = "input-cell-unknown"
TASK_UNKNOWN = "input-task-unknown"
SAME_DAY = "input-same-day"
NOT_THE_FIXED_DAY = "input-not-theme-day"


@decided.register
def _(command: cmd.FormCell, case: Case) -> Decision:
    event = mv.CellFormed(formed_on=command.on, name=command.name, leader=case.who(command.leader))
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.DissolveCell, case: Case) -> Decision:
    event = mv.CellDissolved(dissolved_on=command.on, name=command.name, reason=command.reason)
    here = [cell.name for cell in cells_on(case.unit, command.on)]
    lacking = () if command.name in here else (cell_unknown(command.name, here),)
    return decision(event, findings=(*case.check(), *lacking))


def cell_unknown(name: str | None, here: list[str], verdict: Verdict = Verdict.BLOCK) -> Finding:
    """Return the finding that the unit has no cell of that name on that day (or none was named)."""
    facts: dict[str, object] = {"cells": here}
    if name is not None:
        facts["cell"] = name
    return Finding(rule=CELL_UNKNOWN, verdict=verdict, kind="input", severity="block", facts=facts)


@decided.register
def _(command: cmd.FixThemeDay, case: Case) -> Decision:
    return decision(mv.ThemeDayFixed(fixed_on=command.on, day=command.day), findings=case.check())


@decided.register
def _(command: cmd.MoveThemeDay, case: Case) -> Decision:
    event = mv.ThemeDayMoved(
        moved_on=command.on,
        start=command.start,
        to=command.to,
        request_filed_on=command.request_filed_on,
        reason=command.reason,
        document=command.document,
    )
    year = command.start.year
    moved = [e for e, _ in case.unit.each(mv.ThemeDayMoved) if e.start.year == year]
    found = case.check(
        theme_day_from=min(command.start, command.to),
        request_filed_on=command.request_filed_on,
        shifts=len(moved) + 1,
    )
    return decision(event, findings=(*found, *_of_the_days(command, case)))


def _of_the_days(command: cmd.MoveThemeDay, case: Case) -> list[Finding]:
    found = []
    if command.start == command.to:
        facts = {"on": command.to.isoformat()}
        found.append(Finding(rule=SAME_DAY, verdict=Verdict.BLOCK, kind="input", facts=facts))
    fixed = theme_day_on(case.unit, command.on)
    if fixed is not None and fixed_day_of(fixed[0], command.start) != command.start:
        facts = {"on": command.start.isoformat(), "day": str(fixed[0])}
        found.append(Finding(rule=NOT_THE_FIXED_DAY, verdict=Verdict.NOTE, kind="input", facts=facts))
    return found


@decided.register
def _(command: cmd.HoldTalk, case: Case) -> Decision:
    people = tuple(case.find(name) for name in dict.fromkeys(command.participants))
    event = mv.HeartToHeartTalkHeld(held_on=command.on, participants=people, theme=command.theme)
    findings = case.check()
    if kind_of_talk(people, committee_of(case)) is None:
        rule = TALK_UNKNOWN if people else TALK_UNTOLD
        facts = {"persons": len(people)}
        findings = (*findings, Finding(rule=rule, verdict=Verdict.REFER, kind="input", facts=facts))
    return decision(event, findings=findings)


def committee_of(case: Case) -> frozenset[Who]:
    """Return those who hold a post of the committee on the day of the act."""
    return frozenset(post.person for post in case.unit.committee)


@decided.register
def _(command: cmd.CompleteTask, case: Case) -> Decision:
    tasks = tasks_of(case.unit)
    still = sorted((t for t in tasks if t.done is None), key=lambda t: t.task.due_on)
    mine = [t for t in still if t.task.task == command.task and command.due_on in (None, t.task.due_on)]
    event = mv.TaskCompleted(
        completed_on=command.on,
        task=command.task,
        due_on=mine[0].task.due_on if mine else command.due_on,
        meeting=mine[0].meeting.source.event_id if mine else None,
        document=command.document,
    )
    findings = case.check()
    if not mine:
        facts = {"task": command.task, "near": get_close_matches(command.task, [t.task.task for t in still])}
        unknown = Finding(
            rule=TASK_UNKNOWN, verdict=Verdict.BLOCK, kind="input", severity="block", facts=facts
        )
        findings = (*findings, unknown)
    return decision(event, findings=findings)
