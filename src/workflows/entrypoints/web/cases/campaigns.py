"""考评: campaigns, from the opening to the grades."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    return Cell(str(row["year"] or "")), Cell(row["scheme"] or ""), Cell(f"{row['declared'] or 0} 个")


CAMPAIGNS = CaseKind(
    kind="campaign",
    path="/campaigns",
    here="/campaigns",
    title="考评",
    noun="考评",
    opening="open_campaign",
    tabs=(
        Tab("open", "申报自评", frozenset({"open", "frozen"})),
        Tab("review", "初评复查", frozenset({"reviewed", "sampled", "rechecked", "void"})),
        Tab("noticed", "公示", frozenset({"noticed"})),
        Tab("decided", "已定等次", frozenset({"decided"})),
    ),
    course=("open", "frozen", "reviewed", "sampled", "rechecked", "noticed", "decided"),
    empty="启动一次考评点“新增”。",
    heads=("年度", "方案", "申报"),
    small=frozenset({"方案"}),
    cells=_cells,
    about_one=True,
)
