"""软弱涣散整顿: units on the list, from the day they were listed to the end of the follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.domain.listing.state import DUE
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab
from workflows.entrypoints.web.lights import Light, of_deadline
from workflows.policies.follow_up import FOLLOW_UP

BORNE_OUT = {
    "borne_out": ("ok", "账上是这样"), "not_borne_out": ("refer", "账上不是这样，由人判断"),
    "not_told": ("no", "账上看不出"), "by_hand": ("no", "由人认定"),
}  # fmt: skip
HELPERS = (
    ("county_leader", "联系的县级领导"), ("township_leader", "包村的乡镇领导"),
    ("first_secretary", "第一书记"), ("supporting_unit", "帮扶单位"),
)  # fmt: skip
NOT_MONTHLY = frozenset({DUE, FOLLOW_UP})
"""The limits of an overhaul that are no reports."""


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    accepted = row["accepted"]
    if accepted is None:
        return (Cell(""),)
    told = {True: "通过", False: "没有通过"}.get(accepted["passed"], "没有写明通过没有")
    score = "" if accepted["score"] is None else f"{accepted['score']:g} 分，"
    return (Cell(f"{accepted['on']} {score}{told}"),)


def _told(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    plan, state = told["plan"], told["state"]
    helpers = plan["helpers"] if plan else {}
    monthly = [one for one in told["limits"] if one["status"] != "met" and one["rule"] not in NOT_MONTHLY]
    return {
        "criteria": [{**one, "light": Light(*BORNE_OUT[one["state"]])} for one in told["criteria"]],
        "decided_by": told["decided_by"],
        "plan": plan,
        "measures": [mask_text(one) for one in plan["measures"]] if plan else [],
        "helpers": [(label, helpers.get(name)) for name, label in HELPERS],
        "lacking": sum(not helpers.get(name) for name, _ in HELPERS),
        "reports": [{**one, "text": mask_text(one["text"] or "")} for one in told["reports"]],
        "next_report": {"due_on": monthly[0]["due_on"], "light": of_deadline(monthly[0])}
        if monthly
        else None,
        "acceptances": [_acceptance(one) for one in told["overhaul_acceptances"]],
        "follow_up": state.get("follow_up"),
    }


def _acceptance(one: Mapping[str, Any]) -> dict[str, Any]:
    words = {True: Light("ok", "通过"), False: Light("over", "没有通过")}
    return {**one, "light": words.get(one["passed"], Light("refer", "没有写明通过没有"))}


def _wanted(row: Row) -> str:
    """Return the monthly report while it is the nearest limit of an overhaul at work."""
    limit = row["limit"]
    at_work = row["stage"] in ("listed", "planned", "failed", "unsettled")
    return "report_monthly" if at_work and limit is not None and limit["rule"] not in NOT_MONTHLY else ""


LISTINGS = CaseKind(
    kind="listing",
    path="/listings",
    here="/issues",
    title="软弱涣散整顿",
    noun="整顿",
    opening="list_unit",
    tabs=(
        Tab("listed", "已列入", frozenset({"listed"})),
        Tab("working", "整顿中", frozenset({"planned", "failed", "unsettled"})),
        Tab("accepted", "验收通过", frozenset({"accepted"})),
        Tab("delisted", "已摘帽", frozenset({"delisted", "over"})),
    ),
    course=("listed", "planned", "accepted", "delisted", "over"),
    empty="上级决定列为软弱涣散的党组织，点“新增”登记；账上符合哪些情形，看“整顿对象的线索”。",
    heads=("验收",),
    cells=_cells,
    template="case_listing.html",
    told=_told,
    wanted=_wanted,
    usual_name="{year}年软弱涣散整顿",
    links=(("/listings/candidates", "整顿对象的线索"),),
)
