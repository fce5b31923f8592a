"""整改台账 as it is printed: one line a problem, on one sheet of A4 across.

What is out of the ordinary is said in two columns: the waiver, and the remarks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.entrypoints.rendering import cell
from workflows.entrypoints.wording import Wording

REMARKS = (
    "first_due_on", "put_off_late", "escalated_to", "reopened", "closures", "recurs", "relapse_of",
    "relapses", "follow_up_until",
)  # fmt: skip
"""What is said of a problem only where it is so, each by its name."""


def line(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Return a problem as a line of the ledger."""
    return {
        "unit": row["unit"],
        "case_subject": row["subject"],
        "issue_source": row["source"],
        "issue_severity": row["severity"],
        "issue_about": about(row, wording),
        "opened_on": row["opened_on"],
        "measure": row["measure"],
        "owner": row["owner"],
        "case_leader": row["leader"],
        "due_on": row["due_on"],
        "submitted_on": row["submitted_on"],
        "accepted_on": row["accepted_on"],
        "closed_out_on": row["closed_out_on"],
        "stage": wording.stage(f"rectification.{row['stage']}"),
        "overdue_days": row["overdue_days"],
        "waiver": waiver(row, wording),
        "remark": wording.words.listed(remarks(row, wording)),
        "unit_id": row["unit_id"],
        "file_id": row["file_id"],
    }


def about(row: Mapping[str, Any], wording: Wording) -> str:
    """Return what was found, in which period, and the clause it is about."""
    cited = f"{row['label']}（{row['clause']}）" if row["label"] else str(row["rule"] or "")
    parts = (
        str(row["text"] or "").rstrip("。；;. "),
        " ".join(part for part in (row["period"] or "", cited) if part),
    )
    return ("；" if wording.lang == "zh" else "; ").join(part for part in parts if part)


def waiver(row: Mapping[str, Any], wording: Wording) -> str:
    """Return who waived the rule, by which document, until when; first of all where it was closed on that."""
    closed = row["closed_waiver"]
    if closed is not None:
        named = (closed["authority"] or wording.say("waiver_withdrawn"), closed["document"], closed["until"])
        told = _told(*named, wording=wording)
        late = late_told(closed, wording)
        mark = "；" if wording.lang == "zh" else "; "
        return wording.say("closed_on_waiver", told=mark.join(filter(None, (told, late))))
    if row["authority"]:
        return wording.say(
            "waived_now", told=_told(row["authority"], None, row["waived_until"], wording=wording)
        )
    return ""


def late_told(closed: Mapping[str, Any], wording: Wording) -> str:
    """Return how long after the end of the period it was waived, or recorded; "" where that was in time."""
    if not closed["days_after"]:
        return ""
    key = "waiver_entered_late" if closed["entered_on"] else "waiver_given_late"
    return wording.say(key, on=closed["given_on"], entered=closed["entered_on"], days=closed["days_after"])


def _told(authority: str, document: str | None, until: str | None, *, wording: Wording) -> str:
    last = wording.say("waiver_until", day=until) if until else None
    return ("，" if wording.lang == "zh" else ", ").join(part for part in (authority, document, last) if part)


def remarks(row: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    """Yield what is out of the ordinary with a problem: a day put off, a level above, what came back."""
    for name in REMARKS:
        if row[name] and (name != "closures" or row["reopened"]):
            yield f"{wording.column(name)} {cell(name, row[name], wording)}"
