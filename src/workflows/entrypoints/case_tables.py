"""Ledgers of cases (整改、考评、示范点、党支部分类) as rows of a sheet: each value on one line, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints import correction_sheet, grade_words, rating_sheet, site_sheet
from workflows.entrypoints.wording import Wording

HEADINGS = {
    "subject": "case_subject",
    "source": "issue_source",
    "severity": "issue_severity",
    "leader": "case_leader",
    "planned_on": "site_planned_on",
    "level": "site_level",
    "field": "site_field",
    "class": "unit_class",
    "file_kind": "",
}
"""By which name a key has its heading, where other lists use the same key for another thing; "" for none."""


def sheet(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return the rows for a sheet: each value on one line, each column with a heading of its own."""
    return [_flat(row, wording) for row in rows]


def _flat(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    if row.get("file_kind") == "rectification":
        return correction_sheet.line(row, wording)
    if row.get("file_kind") == "site":
        return site_sheet.line(row, wording)
    if row.get("file_kind") == "campaign":
        return rating_sheet.line(row, wording)
    told: dict[str, Any] = {}
    for key, value in row.items():
        name = HEADINGS.get(key, key)
        if key == "pending":
            continue
        if key == "grade":
            told[name] = grade_words.grade_told(row, wording)
        elif key == "class":
            told[name] = grade_words.unit_class(value, wording)
        elif key == "use":
            told[name] = [grade_words.use_line(one, wording) for one in value]
        elif key == "plate":
            told[name] = wording.words.word("plate", value) if value else ""
        elif name:
            told[name] = _number(value)
    return told


def _number(value: Any) -> Any:
    """Return a whole number without its point, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
