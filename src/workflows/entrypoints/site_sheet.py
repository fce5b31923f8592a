"""示范点台账 as it is printed: one line a site, on one sheet of A4 across."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.rendering import cell
from workflows.entrypoints.wording import Wording


def line(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Return a site as a line of the ledger."""
    return {
        "unit": row["unit"],
        "case_subject": row["subject"],
        "site_level": row["level"],
        "site_field": row["field"],
        "stage": wording.stage(f"site.{row['stage']}"),
        "nominated_on": row["nominated_on"],
        "site_planned_on": _planned(row, wording),
        "site_standing": standing(row["standing"], wording),
        "assessments": [_assessment(one, wording) for one in row["assessments"]],
        "named_on": row["named_on"],
        "review_due_on": row["review_due_on"],
        "use": [grade_words.use_line(one, wording) for one in row["use"]],
        "delisted_on": row["delisted_on"],
        "remark": wording.words.listed(_remarks(row, wording)),
        "unit_id": row["unit_id"],
        "file_id": row["file_id"],
    }


def standing(told: Mapping[str, int], wording: Wording) -> str:
    """Return how many criteria are met, not assessed, unmet; "" where no list was in force."""
    parts = (wording.say(f"criteria_{name}", number=number) for name, number in told.items() if number)
    return ("，" if wording.lang == "zh" else ", ").join(parts)


def _planned(row: Mapping[str, Any], wording: Wording) -> str:
    until = wording.say("plan_until", year=row["until_year"]) if row["until_year"] else ""
    return " ".join(part for part in (row["planned_on"], until) if part)


def _assessment(one: Mapping[str, Any], wording: Wording) -> str:
    """Return an assessment: its day, whether it was passed, the satisfaction, what was unmet."""
    zh = wording.lang == "zh"
    told = {None: "", True: wording.say("site_passed"), False: wording.say("site_failed")}[one["passed"]]
    rate = "" if one["satisfaction"] is None else wording.say("site_rate", rate=f"{one['satisfaction']:g}")
    short = [re.split("[；，。]", label, maxsplit=1)[0] for label in one["unmet_labels"]]
    unmet = wording.say("site_unmet", labels=wording.words.listed(short)) if short else ""
    return ("，" if zh else ", ").join(part for part in (f"{one['on']} {told}".strip(), rate, unmet) if part)


def _remarks(row: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    """Yield what is out of the ordinary: to which level it was adjusted and why, why it was taken off."""
    for one in row["adjusted"]:
        level = cell("site_level", one["level"], wording)
        yield " ".join(part for part in (one["on"], level, one["reason"]) if part)
    if row["reason"]:
        yield row["reason"]
