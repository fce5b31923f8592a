"""Where that is recorded which a recurring duty of a unit counts."""

from __future__ import annotations

from urllib.parse import urlencode

from workflows.entrypoints.web.forms.unit_fields import has_unit_form
from workflows.policies.acts import DOCUMENTS, LECTURES, MEETINGS, TALKS, TEAM_IN_CONTACT


def form_of(activity: str, unit_id: object, period: str, part: str | None = None) -> str:
    """Return the form in which an activity of a period is recorded, "" where there is none.

    ``part``: the cell, of a duty that each cell has.
    """
    acts = f"/units/{unit_id}/acts"
    if activity in MEETINGS or activity in LECTURES:
        kind = activity if activity in MEETINGS else "party_lecture"
        cell = {"cell": part} if part and activity == "cell_meeting" else {}
        return f"{acts}/hold_meeting?{urlencode({'type': kind, 'period': period, **cell})}"
    if activity in TALKS:
        return f"{acts}/hold_talk"
    if activity == TEAM_IN_CONTACT:
        return f"{acts}/keep_contact"
    if activity in DOCUMENTS:
        return f"{acts}/file_document?{urlencode({'kind': activity, 'for_period': period})}"
    return f"{acts}/{activity}" if has_unit_form(activity) else ""
