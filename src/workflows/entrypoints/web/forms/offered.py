"""What is done about a matter at once: the form of its act, with everything known of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.duty_form import form_of
from workflows.entrypoints.web.forms.fields import has_form
from workflows.entrypoints.web.forms.guard import may_record
from workflows.entrypoints.web.forms.unit_fields import has_unit_form
from workflows.entrypoints.web.matters import RUNNING, Matter, step_path
from workflows.projections.deadlines import TASK


def offered(matter: Matter, ask: Ask) -> Matter:
    """Return a matter with the form of its act, where pages record and it runs; else as it stands."""
    row = matter.row
    if ask.horizon.is_past or not may_record(ask.request) or row["status"] not in RUNNING:
        return matter
    path = "" if matter.is_of_case or row["awaited"] else _form(row)
    if not path:
        return matter
    is_late = row["status"] == "overdue" and not row.get("person_id") and bool(row.get("activity"))
    action = "办理" if row.get("person_id") else "补录" if is_late else "登记"
    return replace(matter, act_path=path, action=action)


def _form(row: Mapping[str, Any]) -> str:
    """Return the form of what a limit waits for: a step of somebody, a duty, a task, an act of the unit."""
    subject, unit_id = str(row["subject"]), row["unit_id"]
    if row.get("person_id"):
        return step_path(row["person_id"], subject) if has_form(subject) else ""
    if row.get("activity"):
        period, _, part = subject.partition(" ")
        return form_of(str(row["activity"]), unit_id, period, part)
    acts = f"/units/{unit_id}/acts"
    if row["rule"] == TASK:
        return f"{acts}/complete_task?{urlencode({'task': subject})}"
    return f"{acts}/{subject}" if has_unit_form(subject) else ""
