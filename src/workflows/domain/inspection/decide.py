"""What a command of an inspection leads to."""

from __future__ import annotations

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, plainly
from workflows.domain.inspection import commands as cmd
from workflows.domain.inspection import events as ev


@decided.register
def _(command: cmd.PlanInspection, case: FileCase) -> Decision:
    event = ev.InspectionPlanned(
        planned_on=command.on,
        **case.opening(),
        manner=command.manner,
        planned_for=command.planned_for,
        inspectors=case.whom(command.inspectors),
        checklist=tuple(command.checklist),
        pack=command.pack,
        document=command.document,
    )
    used = case.cases.manners(case.about, command.on) | {command.manner}
    return decision(event, findings=case.check(inspection_manner=command.manner, manners=sorted(used)))


@decided.register
def _(command: cmd.RecordVisit, case: FileCase) -> Decision:
    event = ev.VisitRecorded(
        visited_on=command.on,
        inspectors=case.whom(command.inspectors),
        checked=tuple(ev.Checked(one.point, one.in_order, one.note) for one in command.checked),
        note=command.note,
    )
    return decision(event, findings=case.check())


plainly(cmd.RaiseFinding, ev.FindingRaised, "text", "rule", "severity", "due_on")
