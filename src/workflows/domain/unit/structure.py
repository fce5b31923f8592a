"""更名、调整、合并、拆分、撤销: what a change of the tree leads to at the unit of which it is told."""

from __future__ import annotations

from typing import Any

from workflows.domain.act import Decision, decision
from workflows.domain.unit import structure_commands as cmd
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.change import Change
from workflows.policies.findings import Finding, Verdict


@decided.register
def _(command: cmd.RenameUnit, case: Case) -> Decision:
    event = tree.UnitRenamed(renamed_on=command.on, name=command.name, document=command.document)
    same = command.name == case.unit.name
    return decision(event, findings=(*case.check(**_paper(command)), *_nothing_changes(same)))


@decided.register
def _(command: cmd.MoveUnit, case: Case) -> Decision:
    event = tree.UnitMoved(moved_on=command.on, superior=case.superior, document=command.document)
    now = case.unit.identity
    same = now is not None and now.superior == case.superior
    findings = (*_hurdles(case), *case.check(**_paper(command)), *_nothing_changes(same))
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.ReclassifyUnit, case: Case) -> Decision:
    event = tree.UnitReclassified(
        reclassified_on=command.on,
        kind=command.kind,
        level=command.level,
        units_covered=command.units_covered,
        document=command.document,
    )
    now = case.unit.identity
    kind, level = (now.kind, now.level) if now is not None else (None, None)
    said = {"unit_kind": command.kind or kind or None, "unit_level": command.level or level}
    same = said == {"unit_kind": kind or None, "unit_level": level} and command.units_covered is None
    findings = case.check(**said, units_covered=command.units_covered, **_paper(command))
    return decision(event, findings=(*findings, *_nothing_changes(same)))


@decided.register
def _(command: cmd.MergeUnits, case: Case) -> Decision:
    change = _change(case)
    event = tree.UnitMerged(
        merged_on=command.on,
        units=change.units,
        name=command.name,
        document=command.document,
        tasks=change.tasks,
    )
    counts = {"full_members": change.full, "members": change.members}
    return decision(event, findings=(*_hurdles(case), *case.check(**counts, **_paper(command))))


@decided.register
def _(command: cmd.SplitUnit, case: Case) -> Decision:
    change = _change(case)
    into = tuple(new.id for new in change.new)
    event = tree.UnitSplit(split_on=command.on, into=into, ends=command.ends, document=command.document)
    findings = [*_hurdles(case), *case.check(**_paper(command))]
    for new in change.new:
        findings += case.check_founding(new.event, full_members=new.full, members=new.members)
    return decision(event, findings=tuple(findings))


@decided.register
def _(command: cmd.DissolveUnit, case: Case) -> Decision:
    event = tree.UnitDissolved(
        dissolved_on=command.on,
        reason=command.reason,
        document=command.document,
        into=_change(case).into,
    )
    said = {"reason": command.reason or None, **_paper(command)}
    return decision(event, findings=(*_hurdles(case), *case.check(**said)))


def _change(case: Case) -> Change:
    return case.change if case.change is not None else Change()


def _hurdles(case: Case) -> tuple[Finding, ...]:
    return _change(case).hurdles


def _paper(command: Any) -> dict[str, Any]:
    return {"document": command.document}


def _nothing_changes(is_so: bool) -> tuple[Finding, ...]:
    if not is_so:
        return ()
    return (Finding(rule="input-nothing-changes", verdict=Verdict.NOTE, kind="input"),)
