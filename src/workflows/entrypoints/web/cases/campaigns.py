"""考评: campaigns, from the opening to the grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.web import campaign_told
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab
from workflows.entrypoints.web.cases.told import pack_title
from workflows.entrypoints.web.paging import LONG_LIST, Pages


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
    return {
        "year": found["year"],
        "flow": campaign_told.flow(found),
        "frozen_on": found["frozen_on"],
        "scheme_title": campaign_told.scheme_title(found, holder, ask),
        "not_given": found["not_given"],
        "criteria": campaign_told.criteria(found),
        "heading": campaign_told.heading(found),
        "rows": [campaign_told.line(row, found, ask) for row in pages.cut(rows)],
        "pages": pages,
        "export_xlsx": ask.horizon.link(f"{base}/scores.xlsx"),
        "plan": campaign_told.plan_rules(found, holder, ask),
        "sample": campaign_told.sample(found, ask),
        "voided": campaign_told.dated(found["round"]["voided"], ask),
        "notices": campaign_told.dated(found["round"]["notices"], ask),
        "appeals": campaign_told.appeals(found, ask),
    }


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
    about_one=True,
)
