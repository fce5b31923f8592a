"""案卷的状态: where a case stands on a day, in the words of the contract; each kind adds what is its own."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any

from workflows.domain.case_files import CaseFile
from workflows.domain.inspection.state import Inspection
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
