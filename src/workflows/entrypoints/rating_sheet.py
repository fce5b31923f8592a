"""考评台账 as it is printed: one line a unit and campaign, on one sheet of A4 across.

What every criterion was given stands in the table of the campaign itself (``zhibu scores``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.case_words import shipped_title
from workflows.entrypoints.wording import Wording

SELF = "assess_self"


def line(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Return what a campaign says of a unit as a line of the ledger."""
    scores = row["scores"]
    return {
        "unit": row["unit"],
        "case_subject": row["subject"],
        "year": row["year"],
        "scheme": plan(row),
        "stage": wording.stage(f"campaign.{row['stage']}"),
        "declared_on": row["declared_on"],
        "self_score": [_score(one, wording) for one in scores if one["step"] == SELF],
        "review_score": [_score(one, wording) for one in scores if one["step"] != SELF],
        "satisfaction": _number(row["satisfaction"]),
        "score": _number(row["score"]),
        "grade": grade_words.grade_told(row, wording),
        "unit_class": grade_words.unit_class(row["class"], wording),
        "use": [grade_words.use_line(one, wording) for one in row["use"]],
        "rated_on": row["rated_on"],
        "plate": _plate(row, wording),
        "revoked_on": row["revoked_on"],
        "remark": wording.words.listed(_remarks(row, wording)),
        "unit_id": row["unit_id"],
        "file_id": row["file_id"],
    }


def plan(row: Mapping[str, Any]) -> str:
    """Return the plan of a campaign by its title; by what was written where no pack has it."""
    title = row.get("scheme_title") or (shipped_title(row["scheme"]) if row["scheme"] else None)
    return f"《{title}》" if title else str(row["scheme"] or "")


def _score(one: Mapping[str, Any], wording: Wording) -> str:
    """Return one score: its day, the points, whether it passed, why, and that its round was voided."""
    parts = [str(one["on"])]
    if one["score"] is not None:
        parts.append(wording.say("rated_points", points=_number(one["score"])))
    if one["passed"] is False:
        parts.append(wording.say("told_failed"))
    elif one["passed"] and one["score"] is None:
        parts.append(wording.say("told_passed"))
    void = [wording.say("rated_void")] if one["void"] else []
    reason = [str(one["reason"])] if one["reason"] else []
    mark = "；" if wording.lang == "zh" else "; "
    return " ".join(parts) + wording.words.bracketed(mark.join(void + reason))


def _plate(row: Mapping[str, Any], wording: Wording) -> str:
    """Return how it stands with the plate, and since when."""
    if not row["plate"]:
        return ""
    told = wording.words.word("plate", row["plate"])
    day = row["plate_taken_down_on"] or row["plate_hung_on"]
    return " ".join(part for part in (told, day if row["plate"] != "due" else None) if part)


def _remarks(row: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    """Yield what is out of the ordinary: why a grade was revoked, by whom and by what paper a plate hangs."""
    if row["reason"]:
        yield str(row["reason"])
    if row["plate_document"]:
        yield f"{row['plate_awarded_by'] or ''} {row['plate_document']}".strip()


def _number(value: Any) -> Any:
    """Return a whole number without its point, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
