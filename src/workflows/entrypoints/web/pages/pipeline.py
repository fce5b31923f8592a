"""发展党员: who stands where, what comes next and by when; filtered, paged, exported with the same filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.matters import light_of, pressing, step_title
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.words import earliest_word, word
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
PICK_ALL, BOARD = "all", "board"
COLUMNS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("申请人", ("applicant",)),
    ("积极分子", ("activist",)),
    ("发展对象", ("target_agreed", "target")),
    ("预备党员", ("probationary",)),
    ("本年转正", ("full",)),
)
"""The columns of the board, each with its stages; the last one is of those made full members this year."""

MOST_CARDS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list: the step to be done now with its days, and the light of the nearest limit.

    ``limit_of`` names the step of that limit where it is another one; ``due_on`` is its day, for the order.
    """

    person_id: str
    name: str
    unit: str
    unit_id: str
    stage: str
    time_in_stage: str
    step: str
    days: str
    light: lights.Light
    limit_of: str
    due_on: str
    stage_id: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: how many stand there, the cards shown, where the others are listed."""

    title: str
    count: int
    cards: Sequence[Line]
    rest: str


@router.get("/pipeline")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show who stands where, those with the nearest limit first."""
    desk, horizon = ask.desk, ask.horizon
    items, query = _asked(ask)
    view = ask.choice("view", {BOARD})
    pages = Pages.of(len(items), ask.page_number, LONG_LIST, "/pipeline", horizon, query)
    return ask.page(
        "pipeline.html",
        here="/pipeline",
        block="results",
        view=view,
        views=[
            chip("列表", horizon.link("/pipeline", **query), here=not view),
            chip("五栏看板", horizon.link("/pipeline", **query, view=BOARD), here=view == BOARD),
        ],
        columns=columns_of(ask, items, query) if view else [],
        lines=list(enumerate(lines_of(pages.cut(items), desk), pages.first)),
        pages=pages,
        asked={name: query.get(name, "") for name in FILTERS},
        units=desk.choices(ask.unit_filter()),
        stages={name: SHORT_STAGES[name] for name in STAGES},
        lights=LIGHTS,
        is_picked=ask.text("pick") == PICK_ALL,
        pick_all=horizon.link(
            "/pipeline", **query, page=pages.number if pages.number > 1 else "", pick=PICK_ALL
        ),
        export_xlsx=horizon.link("/pipeline.xlsx", **query),
        export_csv=horizon.link("/pipeline.csv", **query),
    )


@router.get("/pipeline.xlsx")
@router.get("/pipeline.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter and columns, as a workbook or as CSV."""
    items, _ = _asked(ask)
    lines = lines_of(items, ask.desk)
    head = ("序号", "姓名", "支部", "阶段", "在本阶段", "下一步", "办理日期", "期限")
    rows = [
        (
            n,
            one.name,
            one.unit,
            one.stage,
            one.time_in_stage,
            one.step,
            one.days or "没有期限",
            _limit_text(one),
        )
        for n, one in enumerate(lines, 1)
    ]
    return export.answer(ask, "发展党员", head, rows)


def _limit_text(line: Line) -> str:
    return f"{line.light.text}（{line.limit_of}）" if line.limit_of else line.light.text


@dataclass(frozen=True, slots=True)
class Item:
    """One person found, with the open limits, the nearest first; ``line`` where it is told already."""

    row: Mapping[str, Any]
    limits: Sequence[Mapping[str, Any]]
    line: Line | None = None

    @property
    def order(self) -> tuple[str, str, str]:
        """Return what people are listed by: the day of the nearest limit, then unit and name."""
        due_on = str(self.limits[0]["due_on"]) if self.limits else FAR
        return due_on, self.row["unit"] or "", self.row["person"] or ""


def lines_of(items: Sequence[Item], desk: Desk) -> list[Line]:
    """Return the lines of some people; what comes next is only reckoned for these."""
    wanted = tuple(UUID(item.row["person_id"]) for item in items if item.line is None)
    rows = {row["person_id"]: row for row in desk.pipeline_of(wanted)} if wanted else {}
    return [item.line or line_of(rows[item.row["person_id"]], item.limits, desk) for item in items]


def _asked(ask: Ask) -> tuple[list[Item], dict[str, str]]:
    """Return the people the address asks for in their order, and the filter its links keep."""
    desk = ask.desk
    unit = ask.unit_filter()
    stage = ask.choice("stage", {*STAGES, EVERYBODY})
    light, name = ask.choice("light", LIGHTS), ask.text("q")
    limits = limits_by_person(desk.limits_of_people(unit), desk)
    items = [
        Item(row, limits.get(row["person_id"], []))
        for row in desk.in_course(unit)
        if (stage in ("", EVERYBODY) or row["stage"] == stage) and matches(row["person"] or "", name)
    ]
    if stage == EVERYBODY and name:
        lines = _members(ask, name, {item.row["person_id"] for item in items})
        items += [Item({"unit": one.unit, "person": one.name}, [], one) for one in lines]
    if light:
        items = _under(items, light, desk)
    items.sort(key=lambda item: item.order)
    told = {"unit": str(unit) if unit else "", "stage": stage, "light": light, "q": name}
    return items, {key: value for key, value in told.items() if value}


def _under(items: Sequence[Item], light: str, desk: Desk) -> list[Item]:
    """Return the people under a light; of who has no limit the next step decides, reckoned where it must."""
    found = [item for item in items if item.limits and light_of(item.limits[0], desk).shape == light]
    if light in ("over", "soon"):
        return found
    free = [item for item in items if not item.limits]
    told = zip(free, lines_of(free, desk), strict=True)
    return [*found, *(replace(item, line=line) for item, line in told if line.light.shape == light)]


def columns_of(ask: Ask, items: Sequence[Item], query: Mapping[str, str]) -> list[Column]:
    """Return the five columns of the board: those of the list, and who became a full member this year."""
    found = []
    for title, stages in COLUMNS:
        is_full = stages == ("full",)
        own = [item for item in items if item.row.get("stage") in stages] if not is_full else []
        cards = _converted(ask, query) if is_full else lines_of(own[:MOST_CARDS], ask.desk)
        stage = {} if is_full or len(stages) > 1 else {"stage": stages[0]}
        rest = ask.horizon.link("/pipeline", **{**query, **stage})
        number = len(cards) if is_full else len(own)
        found.append(Column(title, number, cards[:MOST_CARDS], "" if is_full else rest))
    return found


def _converted(ask: Ask, query: Mapping[str, str]) -> list[Line]:
    """Return those made full members in the year asked for who fit the filter."""
    desk, horizon = ask.desk, ask.horizon
    year = f"{horizon.as_of.year}-"
    roster = desk.app.answering.roster(ask.unit_filter(), horizon.as_of, horizon.known_on)["rows"]
    people = [
        row["person_id"]
        for row in roster
        if (row["full_since"] or "").startswith(year) and matches(row["person"] or "", query.get("q", ""))
    ]
    if not people or query.get("stage", EVERYBODY) != EVERYBODY:
        return []
    limits = limits_by_person(desk.limits_of_people(ask.unit_filter()), desk)
    rows = [row for one in people for row in desk.pipeline(None, UUID(one))["rows"]]
    lines = [line_of(row, limits.get(row["person_id"], []), desk) for row in rows]
    return [line for line in lines if query.get("light", "") in ("", line.light.shape)]


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
            days="",
            light=lights.Light("ok", "正常"),
            limit_of="",
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
    """Return a row of the pipeline with the step to be done now, and the light of the nearest limit.

    The step is the one the person's own page names; the nearest limit may be that of a later step.
    """
    as_of = str(desk.horizon.as_of)
    nearest = next(iter(limits), None)
    asked = pressing(row, limits)
    step = "" if asked is None else str(asked["step"])
    own = next((limit for limit in limits if limit["subject"] == step), None)
    earliest = "" if asked is None else asked.get("earliest_on") or ""
    latest = str(own["due_on"]) if own else "" if asked is None else asked.get("latest_on") or ""
    if nearest is not None:
        light = light_of(nearest, desk)
    else:
        light = lights.Light("no", "未到") if earliest > as_of else lights.Light("ok", "正常")
    limit_of = str(nearest["subject"]) if nearest and nearest["subject"] != step else ""
    return Line(
        person_id=row["person_id"],
        name=row["person"] or "（姓名已删除）",
        unit=row["unit"] or "",
        unit_id=row["unit_id"] or "",
        stage=SHORT_STAGES.get(row["stage"], word("stage", row["stage"])),
        time_in_stage=span_word(row["since"], desk.horizon.as_of),
        step=step_title(desk, step, row["unit_id"]) if step else "–",
        days=days_word(earliest, latest, as_of, provisional=bool(asked and asked["provisional"])),
        light=light,
        limit_of=step_title(desk, limit_of, row["unit_id"]) if limit_of else "",
        due_on=str(nearest["due_on"]) if nearest else FAR,
        stage_id=str(row["stage"]),
    )


def days_word(earliest: str, latest: str, as_of: str, *, provisional: bool = False) -> str:
    """Return from when and by when a step is to be done, "" without either; a day that came is left out.

    ``provisional``: the earliest day rests on working days not known yet, and is marked so.
    """
    first = earliest_word(earliest, provisional)
    if latest and (not earliest or earliest <= as_of or earliest >= latest):
        return f"最迟 {latest}"
    if latest:
        return f"{first}起，最迟 {latest}"
    return f"{first}起" if earliest else ""


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
