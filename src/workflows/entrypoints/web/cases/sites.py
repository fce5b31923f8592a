"""示范点: demonstration sites, from the nomination to the day they are no more."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab
from workflows.entrypoints.web.words import word


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    return (Cell(word("level", row["level"]) if row["level"] else ""),)


SITES = CaseKind(
    kind="site",
    path="/sites",
    here="/sites",
    title="示范点",
    noun="示范点",
    opening="nominate_site",
    tabs=(
        Tab("nominated", "已申报", frozenset({"nominated"})),
        Tab("planned", "创建中", frozenset({"planned"})),
        Tab("named", "已命名", frozenset({"named"})),
        Tab("delisted", "已取消", frozenset({"delisted"})),
    ),
    course=("nominated", "planned", "named"),
    empty="申报一个示范点点“新增”。",
    heads=("级别",),
    cells=_cells,
)
