"""换届: every term of office as a line of time, with what comes next and what is vacant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.unit_fields import has_unit_form
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.words import word

router = APIRouter()
CHIPS = (
    ("all", "全部", ""), ("overdue", "到期没有换届", "over"), ("near", "六个月内到期", "soon"),
    ("running", "任期内", ""), ("vacant", "有空缺", ""), ("none", "没有选举记录", ""),
)  # fmt: skip
REPORTS = ("approve_officers", "file_committee")
LIGHTS = {"overdue": "over", "near": "soon", "running": "ok", "none": "refer"}
NEAR_A_TERM = 183
"""How many days before its limit a step of an election is offered: the half year one is reminded ahead."""

WIDTH, HEIGHT, APART = 240, 20, 45
"""The size of a line of time in pixels, and how far apart the years on it are written."""
VACANT_LONG_MONTHS = 3
"""A vacancy of so many whole months is shown as urgent: the plans of counties begin to look at it then."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The days from the first to the last that a page shows, on the width of a line of time."""

    first: date
    last: date

    def x(self, day: date) -> int:
        """Return where a day stands."""
        whole = max(1, (self.last - self.first).days)
        return round(WIDTH * min(max((day - self.first).days, 0), whole) / whole)

    @property
    def years(self) -> list[tuple[int, int]]:
        """Return each year that begins on the scale, and where."""
        found = range(self.first.year, self.last.year + 1)
        return [(year, self.x(date(year, 1, 1))) for year in found]

    @property
    def labels(self) -> list[tuple[int, int]]:
        """Return the years that are written, far enough apart to be read."""
        every = -(-APART * len(self.years) // WIDTH)
        return [told for told in self.years[::every] if told[1] < WIDTH - APART]


@dataclass(frozen=True, slots=True)
class Bar:
    """A term on the scale: from, to the end by its length, to the end as it was moved, to the latest day."""

    begins: int
    first_ends: int
    ends: int
    latest: int
    today: int
    told: str


@router.get("/terms")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the terms of everybody, or of a unit and all below, the most urgent first."""
    desk, horizon = ask.desk, ask.horizon
    status = ask.choice("status", {name for name, _, _ in CHIPS}, "all")
    asked, unit = ask.text("q"), ask.unit_filter()
    whole = [row for row in desk.terms(unit)["rows"] if matches(row["unit"] or "", asked)]
    rows = [row for row in whole if _is_shown(row, status)]
    query = {
        k: v
        for k, v in (("status", "" if status == "all" else status), ("q", asked), ("unit", str(unit or "")))
        if v
    }
    pages = Pages.of(len(rows), ask.page_number, LONG_LIST, "/terms", horizon, query)
    shown = pages.cut(rows)
    scale = scale_of(shown, horizon.as_of)
    rest = {k: v for k, v in query.items() if k != "status"}
    return ask.page(
        "terms.html",
        here="/terms",
        block="results",
        part=ask.part,
        rows=[
            {**_told(n, row, scale, horizon.as_of), "is_calm": not query and is_calm(row)}
            for n, row in enumerate(shown, pages.first)
        ],
        pages=pages,
        scale=scale,
        width=WIDTH,
        height=HEIGHT,
        today=scale.x(horizon.as_of),
        chips=[
            chip(
                text,
                horizon.link("/terms", status="" if name == "all" else name, **rest),
                here=name == status,
                shape=shape,
                count=sum(_is_shown(row, name) for row in whole),
            )
            for name, text, shape in CHIPS
        ],
        asked=asked,
        status=status,
        unit=str(unit or ""),
        units=desk.units,
        export_xlsx=horizon.link("/terms.xlsx", **query),
        export_csv=horizon.link("/terms.csv", **query),
    )


@router.get("/terms.xlsx")
@router.get("/terms.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter, as a workbook or as CSV."""
    status, asked = ask.choice("status", {name for name, _, _ in CHIPS}, "all"), ask.text("q")
    rows = [
        row
        for row in ask.desk.terms(ask.unit_filter())["rows"]
        if matches(row["unit"] or "", asked) and _is_shown(row, status)
    ]
    head = (
        "序号",
        "党组织",
        "情况",
        "任期起",
        "任期届满",
        "原任期届满",
        "最迟",
        "班子",
        "主持工作",
        "空缺",
        "下一步",
    )
    told = []
    for number, row in enumerate(rows, 1):
        step = next_step(row)
        told.append(
            (
                number,
                row["unit"],
                word("posting", row["status"]),
                row["term_from"],
                row["term_until"],
                row["term_first_until"] if row["term_changes"] else None,
                row["latest_on"],
                "、".join(f"{word('post', p['post'])} {p['person'] or ''}".strip() for p in row["posts"]),
                "、".join(one["person"] or "" for one in row["acting"]),
                "、".join(f"{word('post', v['post'])}自{v['since']}" for v in row["vacancies"]),
                None if step is None else f"{word('command', step['step'])} {step['due_on'] or ''}".strip(),
            )
        )
    return export.answer(ask, "换届", head, told)


def _is_shown(row: Mapping[str, Any], status: str) -> bool:
    if status == "vacant":
        return bool(row["vacancies"])
    return status in ("all", row["status"])


def scale_of(rows: Sequence[Mapping[str, Any]], as_of: date) -> Scale:
    """Return a scale on which every term shown and the day asked for have their place."""
    days = [as_of]
    for row in rows:
        days += [date.fromisoformat(row[k]) for k in ("term_from", "term_until", "latest_on") if row[k]]
    return Scale(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1))


def _told(number: int, row: Mapping[str, Any], scale: Scale, as_of: date) -> dict[str, Any]:
    return {
        **row,
        "number": number,
        "light": light_of(row),
        "bar": bar_of(row, scale, as_of),
        "next": next_step(row),
        "next_path": form_of_step(row["unit_id"], next_step(row)),
        "vacant": [vacancy_of(one) for one in row["vacancies"]],
        "secretaries": [post for post in row["posts"] if post["post"] == "secretary"],
    }


def is_calm(row: Mapping[str, Any]) -> bool:
    """Say whether a term wants nobody's eye: it runs, no seat is vacant, nobody stands in."""
    return row["status"] == "running" and not row["vacancies"] and not row["acting"]


def light_of(row: Mapping[str, Any]) -> lights.Light:
    """Return the light of a term: run out, near its end, running."""
    left = row["days_left"]
    if left is None:
        return lights.Light("refer", "没有选举记录")
    text = f"逾期 {-left} 天" if left < 0 else "今天到期" if left == 0 else f"还有 {left} 天"
    return lights.Light(LIGHTS[row["status"]], text)


def vacancy_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a vacancy with its age in words, and whether it has lasted long."""
    whole = f"{one['months']} 个月" if one["months"] else f"{one['days']} 天"
    return {**one, "told": f"空缺 {whole}", "shape": "over" if _is_long(one) else "soon"}


def _is_long(one: Mapping[str, Any]) -> bool:
    return bool(one["months"] >= VACANT_LONG_MONTHS)


def next_step(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the step that comes next: of the next election once it has begun, else of the committee."""
    opened = [step for step in row["steps"] if step["open"]]
    ahead = [step for step in opened if step["step"] not in REPORTS]
    return next(iter(ahead or opened), None)


def form_of_step(unit_id: object, step: Mapping[str, Any] | None) -> str:
    """Return the form of a step of an election, "" where there is none."""
    return f"/units/{unit_id}/acts/{step['step']}" if step and has_unit_form(str(step["step"])) else ""


def bar_of(row: Mapping[str, Any], scale: Scale, as_of: date) -> Bar | None:
    """Return the term on the scale; None where there is none."""
    if not row["term_until"]:
        return None
    ends, first = row["term_until"], row["term_first_until"] or row["term_until"]
    latest = row["latest_on"] or ends
    return Bar(
        begins=scale.x(date.fromisoformat(row["term_from"])),
        first_ends=scale.x(date.fromisoformat(min(first, ends))),
        ends=scale.x(date.fromisoformat(ends)),
        latest=scale.x(date.fromisoformat(max(latest, ends))),
        today=scale.x(as_of),
        told=f"任期 {row['term_from']} 至 {ends}" + (f"，最迟 {latest}" if latest > ends else ""),
    )


def renewal_steps(rows: Sequence[Mapping[str, Any]], unit_id: object, as_of: date) -> list[dict[str, Any]]:
    """Return the steps of the next election of a unit, each with its light; [] until it has begun."""
    row = next((row for row in rows if row["unit_id"] == str(unit_id)), None)
    steps = row["steps"] if row is not None else ()
    if not any(step["open"] for step in steps):
        return []
    return [
        {
            **step,
            "light": _light_of_step(step, as_of),
            "path": form_of_step(unit_id, step) if step["open"] and _is_near(step, as_of) else "",
        }
        for step in steps
    ]


def _is_near(step: Mapping[str, Any], as_of: date) -> bool:
    """Say whether a step can be taken now: one without a day, or with one that is not far off."""
    due = step["due_on"]
    return due is None or (date.fromisoformat(due) - as_of).days <= NEAR_A_TERM


def _light_of_step(step: Mapping[str, Any], as_of: date) -> lights.Light:
    if step["done_on"]:
        return lights.Light("ok", "已办")
    if step["due_on"] is None:
        return lights.Light("no", "还没有")
    left = (date.fromisoformat(step["due_on"]) - as_of).days
    return lights.of_deadline({"days_left": left, "status": "due"})
