"""发展党员: who stands where, what comes next and by when; filtered, paged, exported with the same filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.matters import light_of, step_title
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.paging import LONG_LIST, Pages
from workflows.entrypoints.web.words import word
from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months

router = APIRouter()
STAGES = ("applicant", "activist", "target_agreed", "target", "probationary")
SHORT_STAGES = {
    "applicant": "申请人", "activist": "积极分子", "target_agreed": "发展对象（待列）", "target": "发展对象",
    "probationary": "预备党员", "full": "正式党员",
}  # fmt: skip
EVERYBODY = "all"
FILTERS = ("unit", "stage", "light", "q")
LIGHTS = {"over": "■ 逾期", "soon": "▲ 临期", "ok": "● 正常", "no": "○ 未到"}
FAR = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list."""

    person_id: str
    name: str
    unit: str
    unit_id: str
    stage: str
    time_in_stage: str
    step: str
    limit_word: str
    limit_on: str
    limit_end: str
    light: lights.Light
    due_on: str


@router.get("/pipeline")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show who stands where, those with the nearest limit first."""
    desk, horizon = ask.desk, ask.horizon
    lines, query = _asked(ask)
    pages = Pages.of(len(lines), ask.page_number, LONG_LIST, "/pipeline", horizon, query)
    return ask.page(
        "pipeline.html",
        here="/pipeline",
        block="results",
        lines=list(enumerate(pages.cut(lines), pages.first)),
        pages=pages,
        asked={name: query.get(name, "") for name in FILTERS},
        units=desk.units,
        stages={name: SHORT_STAGES[name] for name in STAGES},
        lights=LIGHTS,
        export_xlsx=horizon.link("/pipeline.xlsx", **query),
        export_csv=horizon.link("/pipeline.csv", **query),
    )


@router.get("/pipeline.xlsx")
@router.get("/pipeline.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter and columns, as a workbook or as CSV."""
    lines, _ = _asked(ask)
    head = ("序号", "姓名", "支部", "阶段", "在本阶段", "下一步", "可办日期", "期限")
    rows = [
        (n, one.name, one.unit, one.stage, one.time_in_stage, one.step, _days_text(one), one.light.text)
        for n, one in enumerate(lines, 1)
    ]
    return export.answer(ask, "发展党员", head, rows)


def _days_text(line: Line) -> str:
    if not line.limit_on:
        return "没有期限"
    if line.limit_end:
        return f"{line.limit_on} 至 {line.limit_end}"
    return f"{line.limit_on} 起" if line.limit_word == "起" else f"至 {line.limit_on}"


def _asked(ask: Ask) -> tuple[list[Line], dict[str, str]]:
    """Return the lines the address asks for, and the filter its links keep."""
    desk = ask.desk
    unit = ask.unit_filter()
    stage = ask.choice("stage", {*STAGES, EVERYBODY})
    light, name = ask.choice("light", LIGHTS), ask.text("q")
    rows = [
        row
        for row in desk.pipeline(unit, None)["rows"]
        if (stage in ("", EVERYBODY) or row["stage"] == stage) and matches(row["person"] or "", name)
    ]
    limits = limits_by_person(desk.deadlines(unit, None)["rows"], desk)
    lines = [line_of(row, limits.get(row["person_id"], []), desk) for row in rows]
    if stage == EVERYBODY and name:
        lines += _members(ask, name, {line.person_id for line in lines})
    lines = [line for line in lines if not light or line.light.shape == light]
    lines.sort(key=lambda line: (line.due_on, line.unit, line.name))
    told = {"unit": str(unit) if unit else "", "stage": stage, "light": light, "q": name}
    return lines, {key: value for key, value in told.items() if value}


def _members(ask: Ask, name: str, known: set[str]) -> list[Line]:
    """Return the members whose name fits, for the search that looks for anybody."""
    desk, horizon = ask.desk, ask.horizon
    found = desk.app.answering.roster(ask.unit_filter(), horizon.as_of, horizon.known_on)["rows"]
    return [
        Line(
            person_id=row["person_id"],
            name=row["person"] or "（姓名已删除）",
            unit=row["unit"] or "",
            unit_id=row["unit_id"],
            stage=SHORT_STAGES.get(row["stage"], word("stage", row["stage"])),
            time_in_stage="",
            step="–",
            limit_word="",
            limit_on="",
            limit_end="",
            light=lights.Light("ok", "正常"),
            due_on=FAR,
        )
        for row in found
        if row["person_id"] not in known and matches(row["person"] or "", name)
    ]


def limits_by_person(rows: Sequence[Mapping[str, Any]], desk: Desk) -> dict[str, list[Mapping[str, Any]]]:
    """Return the open limits of each person, the nearest first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: str(row["due_on"])):
        if row.get("person_id"):
            found.setdefault(row["person_id"], []).append(row)
    return found


def line_of(row: Mapping[str, Any], limits: Sequence[Mapping[str, Any]], desk: Desk) -> Line:
    """Return a row of the pipeline with its next step and the light of its nearest limit."""
    as_of = desk.horizon.as_of
    limit = next(iter(limits), None)
    asked = next(iter(row["next"]), None)
    if limit is not None:
        following = next((step for step in row["next"] if step["step"] == limit["subject"]), None)
        step = (following or {}).get("title") or step_title(desk, str(limit["subject"]))
        begins = (following or {}).get("earliest_on") or ""
        light, due = light_of(limit, desk), str(limit["due_on"])
        told = (begins, "起", due) if begins and begins < due else (due, "至", "")
    elif asked is not None:
        step = asked.get("title") or step_title(desk, asked["step"])
        earliest, latest = asked.get("earliest_on") or "", asked.get("latest_on") or ""
        light = lights.Light("no", "未到") if earliest > str(as_of) else lights.Light("ok", "正常")
        due, told = FAR, (earliest, "起", latest) if earliest else (latest, "至", "")
    else:
        step, light, due, told = "–", lights.Light("ok", "正常"), FAR, ("", "", "")
    return Line(
        person_id=row["person_id"],
        name=row["person"] or "（姓名已删除）",
        unit=row["unit"] or "",
        unit_id=row["unit_id"] or "",
        stage=SHORT_STAGES.get(row["stage"], word("stage", row["stage"])),
        time_in_stage=span_word(row["since"], as_of),
        step=step,
        limit_word=told[1],
        limit_on=told[0],
        limit_end=told[2],
        light=light,
        due_on=due,
    )


def span_word(since: str | None, as_of: date) -> str:
    """Return how long someone has been at a stage, in whole months and years: ``1 年 3 个月``, ``12 天``."""
    if not since:
        return ""
    start = date.fromisoformat(since)
    months = (as_of.year - start.year) * MONTHS_PER_YEAR + as_of.month - start.month
    months -= add_months(start, months) > as_of
    years, rest = divmod(months, MONTHS_PER_YEAR)
    if not months:
        return f"{(as_of - start).days} 天"
    return " ".join([f"{years} 年"] * bool(years) + [f"{rest} 个月"] * bool(rest))
