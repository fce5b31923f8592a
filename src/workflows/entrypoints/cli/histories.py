"""A history as a sheet: one row an event, what it says in words, the moment of recording in local time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.cli.amendments import changes_of
from workflows.entrypoints.cli.facts_lines import facts_line
from workflows.kernel.clock import LOCAL

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording

FINDINGS, CHANGES = "findings", "changes"


def history_sheet(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[dict[str, Any]]:
    """Return the rows of a history for CSV and workbook, in the columns that they have."""
    return [_row(row, wording) for row in rows]


def _row(row: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    told = {
        **row,
        "recorded_at": local_moment(str(row["recorded_at"])),
        "facts": facts_line(row, wording),
        FINDINGS: [finding["message"] for finding in row[FINDINGS]],
    }
    if row.get("now"):
        told["now"] = [finding["message"] for finding in row["now"]]
    else:
        told.pop("now", None)
    if CHANGES in row:
        told[CHANGES] = changes_of(row, wording)
    return told


def local_moment(text: str) -> str:
    """Return a moment as the clock on the wall showed it: ``2026-11-22 08:22``."""
    return f"{datetime.fromisoformat(text).astimezone(LOCAL):%Y-%m-%d %H:%M}"
