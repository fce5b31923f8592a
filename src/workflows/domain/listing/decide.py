"""What a command of a unit on the list leads to."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case, plainly
from workflows.domain.listing import commands as cmd
from workflows.domain.listing import events as ev
from workflows.policies.findings import Finding, Verdict

FAILED = frozenset({Verdict.BLOCK, Verdict.NOT_PASSED, Verdict.WARN})


@decided.register
def _(command: cmd.ListUnit, case: FileCase) -> Decision:
    event = ev.UnitListed(
        listed_on=command.on,
        **case.opening(),
        criteria=tuple(command.criteria),
        listed=command.listed,
        of_units=command.of_units,
        decided_by=command.decided_by,
        document=command.document,
    )
    findings = case.check(listed_units=command.listed, below_standard=command.of_units)
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.PlanOverhaul, case: FileCase) -> Decision:
    event = ev.OverhaulPlanned(
        planned_on=command.on,
        measures=tuple(command.measures),
        county_leader=case.who(command.county_leader),
        township_leader=case.who(command.township_leader),
        first_secretary=case.who(command.first_secretary),
        supporting_unit=command.supporting_unit,
        due_on=command.due_on,
        document=command.document,
    )
    said: dict[str, Any] = {
        name: True
        for name in ("county_leader", "township_leader", "first_secretary", "supporting_unit")
        if getattr(command, name) is not None
    }
    return decision(event, findings=case.check(**said))


plainly(cmd.ReportMonthly, ev.OverhaulReported, "month", "text")


@decided.register
def _(command: cmd.AcceptOverhaul, case: FileCase) -> Decision:
    said: dict[str, Any] = {}
    if command.score is not None:
        said |= {"score": command.score, "score_hundredths": round(command.score * 100)}
    if command.dissatisfied is not None:
        said |= {"asked": 10_000, "dissatisfied": round(command.dissatisfied * 100)}
    asked = case.check_move("accept_overhaul", **said)
    against = [f for f in asked if f.rule != "file-stage" and f.verdict in FAILED]
    passed = False if against else command.passed if command.passed is not None or not said else True
    findings = tuple(_as_a_fact(f) if f in against else f for f in asked)
    if command.passed and against:
        told = {"rules": [f.rule for f in against]}
        claimed = finding_of_case("overhaul-claimed", Verdict.BLOCK, "block", **told)
        findings = (*findings, claimed)
    event = ev.OverhaulAccepted(
        accepted_on=command.on,
        score=command.score,
        dissatisfied=command.dissatisfied,
        asked=command.asked,
        passed=passed,
        text=command.text,
    )
    return decision(event, findings=findings)


def _as_a_fact(finding: Finding) -> Finding:
    """Return a finding by which the acceptance was not passed: a fact to be recorded, not an error."""
    return replace(finding, verdict=Verdict.NOT_PASSED)


plainly(cmd.DelistUnit, ev.UnitDelisted, "document")
plainly(cmd.EndFollowUp, ev.FollowUpEnded, "text")
