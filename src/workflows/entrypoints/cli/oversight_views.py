"""总览和整改推进 on a screen: the numbers in words, then a table in the order of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.entrypoints import oversight as told
from workflows.entrypoints import rendering
from workflows.entrypoints.cli import layout
from workflows.entrypoints.widths import wrapped
from workflows.projections.driving import FIGURES

if TYPE_CHECKING:
    from rich.console import RenderableType

    from workflows.entrypoints.cli.frame import Frame
    from workflows.entrypoints.wording import Wording

OVERVIEW = ("limit.over", "limit.soon", "limit.ok", "regime.done", "term.soon", "problem.open")
DRIVE = ("total", "overdue", "closed", "waived")
"""The numbers there is room for in a table of a screen; a workbook has them all."""


def overview(answer: Mapping[str, Any], frame: Frame) -> list[RenderableType]:
    """Return the sums in sentences, a row a group, and what was closed on a waiver."""
    wording, say = frame.wording, frame.wording.say
    if not answer["groups"]:
        return [say("nothing")]
    total, regime = answer["total"], answer["total"]["regime"]
    lines = [
        say("overview_limits", branches=total["branches"], **total["limits"]),
        say("overview_regime", quarter=answer["quarter"], **regime),
        say("overview_terms", **total["terms"], campaigns=total["campaigns"]),
        say("overview_problems", **total["problems"]),
    ]
    lines += [say("overview_grade", **row) for row in answer["grades"]]
    rows = [_tiles(row, str(row["unit"] or ""), wording) for row in answer["groups"]]
    rows.append(_tiles(total, say("matrix_all"), wording))
    pieces: list[RenderableType] = ["\n".join(line for text in lines for line in wrapped(text, frame.width))]
    pieces += ["", rendering.table(rows, wording, width=frame.width)]
    if answer["waived"]:
        rows = [told.waived_row(row, wording) for row in answer["waived"]]
        pieces += ["", layout.heading(say("overview_waived"))]
        pieces.append(rendering.table(rows, wording, width=frame.width))
    return [*pieces, "", say("overview_hint")]


def _tiles(row: Mapping[str, Any], title: str, wording: Wording) -> dict[str, Any]:
    """Return a row a screen has room for: short headings, and a name that may be broken."""
    numbers = {wording.words.word("tile", name): told.number(row, name) for name in OVERVIEW}
    heads = wording.column("unit"), wording.words.word("tile", "branches")
    return {heads[0]: title, heads[1]: row["branches"], **numbers}


def drive(answer: Mapping[str, Any], frame: Frame) -> list[RenderableType]:
    """Return every number of the whole, then a few of each unit and of each source."""
    wording, total = frame.wording, answer["total"]
    if not total["total"]:
        return [wording.say("drive_none", span=answer["period"])]
    numbers = [
        f"{told.drive_word(name, wording)} {total[name]}"
        for name in FIGURES
        if total[name] or name == "total"
    ]
    numbers.append(f"{told.drive_word('median_days', wording)} {told.median(total, wording)}")
    lines = wrapped(wording.words.listed(numbers), frame.width, numbers)
    pieces: list[RenderableType] = ["\n".join(lines), ""]
    for rows, head in ((answer["rows"], "unit"), (answer["sources"], "issue_source")):
        shown = [
            told.drive_row(row, _title(row, wording), wording, head=wording.column(head), names=DRIVE)
            for row in rows
            if row["total"]
        ]
        pieces += [rendering.table(shown, wording, width=frame.width), ""]
    return [*pieces, wording.say("drive_hint")]


def _title(row: Mapping[str, Any], wording: Wording) -> str:
    return str(wording.words.word("value", row["source"]) if "source" in row else row["unit"] or "")
