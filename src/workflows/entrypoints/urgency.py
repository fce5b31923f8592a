"""What stands first among the things to do, on the screen as on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SOFT = frozenset({"warn", "record"})
"""The severities of a limit that holds normally (一般), or is only noted."""

LONG_DAYS = 365


def pressing_first(row: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return what a row stands by before its day: overdue first, of that what is long overdue behind."""
    return row["status"] != "overdue", is_long_overdue(row)


def is_long_overdue(row: Mapping[str, Any]) -> bool:
    """Say whether a limit that holds normally (一般) ran out over a year ago: it stands behind what presses.

    One that must be kept (a term, a task of a resolution) stands first until somebody does it or decides.
    """
    return row["status"] == "overdue" and row["severity"] in SOFT and int(row["days_left"]) < -LONG_DAYS
