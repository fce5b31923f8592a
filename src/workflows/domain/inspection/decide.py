"""What a command of an inspection leads to."""

from __future__ import annotations

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case, plainly
from workflows.domain.inspection import commands as cmd
from workflows.domain.inspection import events as ev
from workflows.domain.inspection.checklist import point_of, points_of
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
    return tuple(
        _about(name, ids, case, planned.pack)
        for name, ids in (("visit-not-in-order", broken), ("visit-not-looked", unseen))
        if ids
    )


def _about(name: str, ids: list[str], case: FileCase, pack: str | None) -> Finding:
    labels = [point_of(case.rules, one, case.command.on, pack).label for one in ids]
    return finding_of_case(name, Verdict.NOTE, "record", points=ids, labels=labels)


plainly(cmd.CancelInspection, ev.InspectionCancelled, "reason", "document")
plainly(cmd.RaiseFinding, ev.FindingRaised, "text", "rule", "severity", "due_on")
