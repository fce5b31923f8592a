"""考评: campaigns, from the opening to the grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.web import campaign_told, proposed
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.campaign_next import is_awaited, next_of
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab
from workflows.entrypoints.web.cases.told import pack_title
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.paging import LONG_LIST, Pages
from workflows.projections.bulletins import is_decided, is_undecided


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    plan = pack_title(row["scheme"], ask.desk, row["unit_id"]) or row["scheme"] or ""
    return Cell(str(row["year"] or "")), Cell(plan), Cell(f"{row['declared'] or 0} 个")


def _told(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    """Return what only the page of a campaign shows: the flow, every unit, the sample, the plan's rules."""
    found = ask.desk.scores(told["file_id"])
    base = f"{campaign_told.HERE}/{told['file_id']}"
    rows = found["rows"]
    pages = Pages.of(len(rows), ask.page_number, LONG_LIST, base, ask.horizon, {})
    holder = told["state"]["unit_id"]
    shown = pages.cut(rows)
    proposals = proposed.by_unit(shown, str(told["file_id"]), base, ask)
    coming = next_of(found, ask.desk.rules_for(holder))
    lines = [
        {
            **campaign_told.line(row, found, ask),
            "proposals": proposals.get(row["unit_id"], []),
            "is_calm": row["unit_id"] not in proposals and not is_awaited(row, coming["wanted"], found),
        }
        for row in shown
    ]
    return {
        **coming,
        **_deciding(found, is_over=told["state"]["over"]),
        "year": found["year"],
        "flow": campaign_told.flow(found),
        "frozen_on": found["frozen_on"],
        "scheme_title": campaign_told.scheme_title(found, holder, ask),
        "not_given": found["not_given"],
        "criteria": campaign_told.criteria(found),
        "heading": campaign_told.heading(found),
        "rows": lines,
        "awaited": sum(bool(row["proposals"]) for row in lines),
        "pages": pages,
        "bulletin_path": ask.horizon.link(f"{base}/bulletin.docx") if any(map(is_decided, rows)) else "",
        "export_xlsx": ask.horizon.link(f"{base}/scores.xlsx"),
        "plan": campaign_told.plan_rules(found, holder, ask),
        "not_checked": campaign_told.not_checked(found, holder, ask),
        "sample": campaign_told.sample(found, ask),
        "voided": campaign_told.dated(found["round"]["voided"], ask),
        "notices": campaign_told.dated(found["round"]["notices"], ask),
        "appeals": campaign_told.appeals(found, ask),
    }


def _deciding(found: Mapping[str, Any], *, is_over: bool) -> dict[str, Any]:
    """Return how far the deciding has come while some units have their grade and others wait for theirs."""
    rows = found["rows"]
    waiting = sum(map(is_undecided, rows))
    if not is_over or not waiting:
        return {}
    return {"stage": "正在确定等次", "light": Light("no", f"还有 {waiting} 个没有审定，共 {len(rows)} 个")}


_AT_STAGE = {
    "open": "freeze_rubric", "frozen": "assess_self", "reviewed": "draw_sample", "sampled": "recheck",
    "rechecked": "post_notice", "void": "review", "noticed": "confirm_rating",
}  # fmt: skip
"""What comes next in a list, where nobody counts how many units have come how far."""


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
    template="case_campaign.html",
    told=_told,
    wanted=lambda row: _AT_STAGE.get(str(row["stage"]), ""),
    usual_name="{year}年度考评",
    about_one=True,
)
