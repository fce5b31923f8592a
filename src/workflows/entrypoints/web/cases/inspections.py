"""督查: what was planned, when it was visited, what was found."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    return (Cell(f"{len(row['findings'])} 个" if row["findings"] else ""),)


INSPECTIONS = CaseKind(
    kind="inspection",
    path="/inspections",
    here="/issues",
    title="督查",
    noun="督查",
    opening="plan_inspection",
    tabs=(
        Tab("planned", "已安排", frozenset({"planned"})),
        Tab("visited", "已督查", frozenset({"visited"})),
    ),
    course=("planned", "visited"),
    empty="安排一次督查点“新增”；督查发现的问题会列到问题整改里。",
    heads=("发现问题",),
    cells=_cells,
    about_one=True,
)
