"""软弱涣散整顿: units on the list, from the day they were listed to the end of the follow-up."""

from __future__ import annotations

from workflows.entrypoints.web.cases.kind import CaseKind, Tab

LISTINGS = CaseKind(
    kind="listing",
    path="/listings",
    here="/issues",
    title="软弱涣散整顿",
    noun="整顿",
    opening="list_unit",
    tabs=(
        Tab("listed", "已列入", frozenset({"listed"})),
        Tab("working", "整顿中", frozenset({"planned", "failed"})),
        Tab("accepted", "验收通过", frozenset({"accepted"})),
        Tab("delisted", "已摘帽", frozenset({"delisted", "over"})),
    ),
    course=("listed", "planned", "accepted", "delisted", "over"),
    empty="上级决定列为软弱涣散的党组织，点“新增”登记。",
)
