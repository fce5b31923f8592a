"""What a command of an inspection leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case, plainly
from workflows.domain.inspection import commands as cmd
from workflows.domain.inspection import events as ev
from workflows.domain.inspection.checklist import Point, is_about, point_of, points_of
from workflows.domain.inspection.state import Inspection
from workflows.policies.findings import Finding, Verdict


@decided.register
def _(command: cmd.PlanInspection, case: FileCase) -> Decision:
    checklist, pack = tuple(command.checklist), command.pack
    used = case.cases.manners(case.about, command.on) | {command.manner}
    findings = case.check(inspection_manner=command.manner, manners=sorted(used))
    if pack is not None and not checklist:
        checklist = tuple(one.id for one in points_of(case.rules, case.book(), command.on, pack))
        if not checklist:
            findings = (*findings, finding_of_case("inspection-pack", Verdict.BLOCK, "block", pack=pack))
    event = ev.InspectionPlanned(
        planned_on=command.on,
        **case.opening(),
        manner=command.manner,
        planned_for=command.planned_for,
        inspectors=case.whom(command.inspectors),
        checklist=checklist,
        pack=pack,
        document=command.document,
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.RecordVisit, case: FileCase) -> Decision:
    event = ev.VisitRecorded(
        visited_on=command.on,
        inspectors=case.whom(command.inspectors),
        checked=tuple(ev.Checked(one.point, one.in_order, one.note) for one in command.checked),
        note=command.note,
    )
    return decision(event, findings=(*case.check(), *_of_the_list(case, event)))


def _of_the_list(case: FileCase, event: ev.VisitRecorded) -> tuple[Finding, ...]:
    """Return what was found not in order, each to be made a problem, and what nobody has looked at yet."""
    file = case.file
    planned = file.plan if isinstance(file, Inspection) else None
    if not isinstance(file, Inspection) or planned is None or not planned.checklist:
        return ()
    seen = {**file.seen, **{one.point: one for one in event.checked}}
    unseen = [one for one in planned.checklist if one not in seen or seen[one].in_order is None]
    broken = [one.point for one in event.checked if one.in_order is False]
    return _waiting(case, {"visit-not-in-order": broken, "visit-not-looked": unseen})


def _waiting(case: FileCase, waiting: Mapping[str, list[str]]) -> tuple[Finding, ...]:
    found = []
    for name, ids in waiting.items():
        if ids:
            labels = [point.label for point in _points(case, ids)]
            found.append(finding_of_case(name, Verdict.NOTE, "record", points=ids, labels=labels))
    return tuple(found)


def _points(case: FileCase, ids: Iterable[str]) -> list[Point]:
    planned = case.file.plan if isinstance(case.file, Inspection) else None
    pack = planned.pack if planned is not None else None
    return [point_of(case.rules, one, case.command.on, pack) for one in ids]


@decided.register
def _(command: cmd.EndInspection, case: FileCase) -> Decision:
    file = case.file
    left: dict[str, list[str]] = {}
    if isinstance(file, Inspection):
        left = {"end-not-raised": file.to_raise, "end-not-looked": file.not_looked}
    event = ev.InspectionEnded(ended_on=command.on, reason=command.reason, document=command.document)
    return decision(event, findings=(*case.check(), *_waiting(case, left)))


@decided.register
def _(command: cmd.RaiseFinding, case: FileCase) -> Decision:
    points = _points(case, case.file.points) if isinstance(case.file, Inspection) else []
    named, findings = command.point, case.check()
    if named is not None:
        about = [one.id for one in points if named in (one.id, one.label)]
        if not about:
            told = {"point": named, "labels": [one.label for one in points]}
            findings = (*findings, finding_of_case("finding-point", Verdict.BLOCK, "block", **told))
    else:
        about = [one.id for one in points if _is_of(command, one, case)]
        left = case.file.to_raise if isinstance(case.file, Inspection) and not about else []
        findings = (*findings, *_waiting(case, {"finding-no-point": left}))
    event = ev.FindingRaised(
        raised_on=command.on,
        text=command.text,
        rule=command.rule,
        severity=command.severity,
        due_on=command.due_on,
        points=tuple(about),
    )
    return decision(event, findings=findings)


def _is_of(command: cmd.RaiseFinding, point: Point, case: FileCase) -> bool:
    """Say whether a problem is about a point: by its rule, or by words that begin with those of the point."""
    return is_about(case.rules, point, command.rule) or command.text.startswith(point.label)


plainly(cmd.CancelInspection, ev.InspectionCancelled, "reason", "document")
