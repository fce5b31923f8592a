"""整改: problems, from the day they were found to their close-out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from workflows.domain.rectification.commands import IssueSource
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Choice, Row, Tab
from workflows.entrypoints.web.words import word


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    return (
        Cell(word("value", row["source"])),
        Cell(row["owner"] or ""),
        Cell(row["measure"] or ""),
    )


ISSUES = CaseKind(
    kind="rectification",
    path="/issues",
    here="/issues",
    title="问题整改",
    noun="问题",
    opening="open_issue",
    tabs=(
        Tab("found", "发现", frozenset({"found"})),
        Tab("working", "整改中", frozenset({"planned", "in_progress"})),
        Tab("submitted", "待验收", frozenset({"submitted", "accepted"})),
        Tab("closed", "已销号", frozenset({"closed"})),
    ),
    course=("found", "planned", "in_progress", "submitted", "accepted", "closed"),
    empty="履行情况里缺的、无效的可以直接列为问题，督查发现的会自己列到这里；别的点“新增”。",
    heads=("来源", "责任人", "措施"),
    cells=_cells,
    choices=(
        Choice(
            "source",
            "来源",
            tuple((name, word("value", name)) for name in get_args(IssueSource)),
            lambda row, value: row["source"] == value,
        ),
    ),
)
