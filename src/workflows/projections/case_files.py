"""案卷的状态: where a case stands on a day, in the words of the contract; each kind adds what is its own."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any

from workflows.domain.case_files import CaseFile
from workflows.domain.inspection.state import Inspection
from workflows.domain.rectification.state import Rectification
from workflows.projections.naming import Naming, plain


def state_of(file: CaseFile, naming: Naming, *, on: date) -> dict[str, Any]:
    """Return the state of a case on a day; unknown is None."""
    cut = file.at(on)
    return {
        "kind": type(cut).kind,
        "subject": cut.subject or None,
        "unit": naming.unit(cut.unit_id),
        "unit_id": str(cut.unit_id) if cut.unit_id else None,
        "stage": cut.stage,
        "opened_on": cut.acts[0].on.isoformat() if cut.acts else None,
        "over": cut.is_over,
        **details(cut, naming),
    }


@singledispatch
def details(file: CaseFile, naming: Naming) -> dict[str, Any]:
    """Return what only one kind of case has to tell; each kind registers its own."""
    return {}


@details.register
def _(file: Inspection, naming: Naming) -> dict[str, Any]:
    return {
        "findings": [
            {"text": one.text, "rule": one.rule, "severity": one.severity, "due_on": plain(one.due_on)}
            for one in file.findings
        ]
    }


@details.register
def _(file: Rectification, naming: Naming) -> dict[str, Any]:
    issue, plan, due = file.issue, file.plan, file.due
    if issue is None:
        return {}
    return {
        "source": issue.source,
        "text": issue.text,
        "rule": issue.rule,
        "period": issue.period,
        "severity": issue.severity,
        "due_on": due[0].isoformat() if due else None,
        "measure": plan.measure if plan else None,
        "owner": naming.who(plan.owner) if plan else None,
        "leader": naming.who((plan.leader if plan else None) or issue.leader),
        "level": naming.unit(file.level),
        "closures": [{"on": one.closed_on.isoformat(), "by": naming.who(one.by)} for one in file.closures],
        "recurs": [str(one) for one in issue.recurs],
    }
