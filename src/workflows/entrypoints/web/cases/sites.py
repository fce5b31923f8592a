"""示范点: demonstration sites, from the nomination to the day they are no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Choice, Row, Tab
from workflows.entrypoints.web.lights import Light, of_deadline
from workflows.entrypoints.web.words import CATALOGUE, word

STATES = {
    "met": ("ok", "达到"), "open": ("no", "未评"), "unmet": ("over", "没有达到"),
    "not_applicable": ("free", "不适用"),
}  # fmt: skip
LEVELS = ("township", "county", "city")


def site_level(level: str) -> str:
    """Return the level of a site in words: of the levels of units there is none of townships."""
    return CATALOGUE.any_word(level, "level", "value") or level


def _standing(standing: Mapping[str, int]) -> list[tuple[Light, int]]:
    return [(Light(*STATES[state]), number) for state, number in standing.items() if number]


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    told = "，".join(f"{light.text} {number}" for light, number in _standing(row["standing"]))
    return (Cell(site_level(row["level"]) if row["level"] else ""), Cell(told))


def _told(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    state, township = told["state"], told["township"]
    reviews = [one for one in told["limits"] if one["status"] != "met"]
    return {
        "plan": _plan(told["rows"]),
        "standing": _standing(told["standing"]),
        "number": sum(told["standing"].values()),
        "assessed_on": told["assessed_on"],
        "result": {True: Light("ok", "合格"), False: Light("over", "不合格")}.get(told["passed"]),
        "satisfaction": told["satisfaction"],
        "measured": [(name, value) for name, value in told["measured"].items() if value is not None],
        "criteria": [
            {**one, "light": Light(*STATES[one["state"]]), "note": mask_text(one["note"] or "")}
            for one in told["criteria"]
        ],
        "review": {"due_on": reviews[0]["due_on"], "light": of_deadline(reviews[0])} if reviews else None,
        "level": site_level(state["level"]) if state["level"] else "",
        "is_named": state["stage"] == "named",
        "township": _township(township) if township else None,
    }


def _township(township: Mapping[str, Any]) -> dict[str, Any]:
    bounds = township["rules"]
    least = next((one["least"] for one in bounds if one["least"] is not None), None)
    most = next((one["most"] for one in bounds if one["most"] is not None), None)
    wanted = f"要求 {least}—{most} 个" if least and most else ""
    kept = all(one["kept"] for one in bounds)
    return {
        **township,
        "wanted": wanted,
        "clause": bounds[0]["clause"] if bounds else "",
        "light": Light("ok" if kept else "soon", wanted) if bounds else None,
        "sites": [
            {
                **one,
                "path": f"{SITES.path}/{one['file_id']}",
                "stage_word": word("stage", f"site.{one['stage']}"),
            }
            for one in township["sites"]
        ],
    }


def _plan(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the last plan of a site that stands, with the record it is in."""
    found = [row for row in rows if row["event"] == "SitePlanned" and not row["retracted_by"]]
    return {**found[-1]["facts"], "on": found[-1]["on"], "position": found[-1]["position"]} if found else None


def _wanted(row: Row) -> str:
    """Return the assessment: before a site is named, and every year once it is."""
    told = row["standing"] or {}
    is_assessed = any(told.get(state) for state in ("met", "unmet"))
    if row["stage"] == "named":
        return "assess_site"
    return "assess_site" if row["stage"] == "planned" and not is_assessed else ""


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
    heads=("级别", "创建标准"),
    cells=_cells,
    choices=(
        Choice(
            "level",
            "级别",
            tuple((one, site_level(one)) for one in LEVELS),
            lambda row, value: row["level"] == value,
        ),
    ),
    usual_name="{place}党建示范点",
    template="case_site.html",
    told=_told,
    wanted=_wanted,
)
