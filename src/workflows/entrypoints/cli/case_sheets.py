"""Ledgers of cases (整改、考评、示范点、党支部分类) on a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import grade_words
from workflows.entrypoints.case_tables import sheet
from workflows.entrypoints.cli import layout

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame

USED = "used"
"""The column of what comes of a grade, without the clauses, which stand in the sheet."""

ON_A_SCREEN = {
    "rectification": (
        "case_subject",
        "stage",
        "issue_severity",
        "due_on",
        "overdue_days",
        "owner",
        "closed_out_on",
    ),
    "campaign": (
        "case_subject",
        "year",
        "stage",
        "score",
        "satisfaction",
        "grade",
        "unit_class",
        USED,
        "revoked_on",
        "plate",
    ),
    "site": ("case_subject", "site_level", "stage", "assessments", USED, "named_on", "delisted_on"),
}


OF_CLASSES = ("unit", "grade", "rated_on", "case_subject", USED)


def view(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return the rows for a screen, each unit once, as a heading above its own."""
    if not rows:
        return frame.wording.say("nothing")
    if "file_kind" not in rows[0]:
        return _by_class(rows, frame)
    return layout.by_unit(_shown(rows, frame), ON_A_SCREEN[rows[0]["file_kind"]], frame)


def _shown(rows: Sequence[Mapping[str, Any]], frame: Frame) -> list[dict[str, Any]]:
    """Return the rows of the sheet with what comes of each grade in few words."""
    told = sheet(rows, frame.wording)
    for row, whole in zip(told, rows, strict=True):
        row[USED] = [grade_words.use_words(use, frame.wording) for use in whole.get("use", ())]
        row[USED] = [words for words in row[USED] if words]
    return told


def _by_class(rows: Sequence[Mapping[str, Any]], frame: Frame) -> RenderableType:
    """Return branches under the class that each is of; no place within a class says who is better."""
    from rich.console import Group

    from workflows.entrypoints import rendering

    wording = frame.wording
    parts = [
        (grade_words.unit_class(key, wording) or wording.words.word("use", "no-class"), list(part))
        for key, part in groupby(rows, key=lambda row: row["class"])
    ]
    flat = [(name, _shown(part, frame)) for name, part in parts]
    return Group(*rendering.tables(flat, wording, columns=OF_CLASSES, width=frame.width))
