"""推算: what lies ahead of one person, and who of a unit reaches a step by a wished day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints import planned
from workflows.entrypoints.answers import explained
from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.horizon import read_day
from workflows.entrypoints.web.problems import bad_query, not_found
from workflows.entrypoints.web.words import WORDING, word

router = APIRouter()
STEPS = ("vote_on_admission", "approve_admission", "vote_on_full_membership", "approve_full_membership")
"""The steps a branch plans for; the others lie on the way to them."""

MOST_PLACES = 10_000
SHAPES = {
    "reaches": "ok", "open": "ok", "waits": "no", "not_earlier": "no", "recurring": "no", "refer": "refer",
    "cannot_tell": "refer", "too_late": "over", "blocked": "over",
}  # fmt: skip
FAR_OFF = frozenset(STEPS)
"""Steps that a person's page tells the earliest day of, beside those that a rule makes wait."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step ahead as a page shows it; ``do_by``: the last day that leaves the wished one possible."""

    title: str
    light: lights.Light
    earliest_on: str
    latest_on: str
    do_by: str
    note: str
    clause: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person with the verdict on the wished day, the first step to be done, and all steps."""

    person_id: str
    name: str
    unit: str
    stage: str
    light: lights.Light
    days_left: str
    following: str
    note: str
    steps: Sequence[Ahead]


@router.get("/plan")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the steps ahead of one person, or who of a unit reaches a step by a day."""
    asked = _asked(ask)
    answer = _answer(ask, asked)
    rows = answer["rows"] if answer else []
    person = rows[0] if asked.person is not None and rows else None
    return ask.page(
        "plan.html",
        here="/pipeline",
        block="results",
        asked=asked,
        steps={name: WORDING.command(name) for name in STEPS},
        units=ask.desk.choices(asked.unit),
        is_told=answer is not None,
        lines=[line_of(row) for row in rows] if asked.by else [],
        told=planned.places(answer, WORDING) if answer and asked.by else [],
        person=person,
        ahead=[ahead_of(step) for step in person["steps"]] if person else [],
        stage=word("stage", person["stage"]) if person else "",
        export_xlsx=ask.horizon.link("/plan.xlsx", **asked.query),
        export_csv=ask.horizon.link("/plan.csv", **asked.query),
    )


@router.get("/plan.xlsx")
@router.get("/plan.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same plan as a workbook or as CSV, a row a step."""
    answer = _answer(ask, _asked(ask)) or {"rows": []}
    head = (
        "姓名",
        "支部",
        "阶段",
        "结论",
        "余下天数",
        "步骤",
        "状态",
        "最早",
        "最迟",
        "须办到",
        "附注",
        "条款",
    )
    told = []
    for row in answer["rows"]:
        verdict = WORDING.verdict(row["verdict"]) if "verdict" in row else ""
        whose = (row["person"], row["unit"], word("stage", row["stage"]), verdict, row.get("days_left"))
        told += [
            (
                *whose,
                one.title,
                one.light.text,
                one.earliest_on,
                one.latest_on,
                one.do_by,
                one.note,
                one.clause,
            )
            for one in map(ahead_of, row["steps"])
        ]
    return export.answer(ask, "推算", head, told)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says."""

    unit: UUID | None
    person: UUID | None
    by: date | None
    step: str
    quota: int | None

    @property
    def query(self) -> dict[str, object]:
        """Return it as the parameters of an address."""
        told = {"unit": self.unit, "person": self.person, "by": self.by, "quota": self.quota}
        step = {"step": self.step} if self.by else {}
        return {name: value for name, value in {**told, **step}.items() if value is not None}


def _asked(ask: Ask) -> Asked:
    by, person = ask.text("by"), ask.text("person")
    return Asked(
        unit=ask.unit_filter(),
        person=ask.stream(person, "个人") if person else None,
        by=read_day("by", by) if by else None,
        step=ask.choice("step", STEPS, STEPS[0]),
        quota=_places(ask.text("quota")),
    )


def _places(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_PLACES:
        raise bad_query("quota", text, "名额的个数")
    return int(text)


def _answer(ask: Ask, asked: Asked) -> Mapping[str, Any] | None:
    """Return the plan, None as long as neither a person nor a day was named."""
    desk = ask.desk
    if asked.person is None and asked.by is None:
        return None
    step = asked.step if asked.by else None
    told = desk.plan(asked.unit, asked.person, asked.by, step, asked.quota)
    if asked.person is not None and not told["rows"] and asked.by is None:
        raise not_found("个人")
    return explained(told, WORDING, desk.name_of)


def line_of(row: Mapping[str, Any]) -> Line:
    """Return one person as the page shows it."""
    return Line(
        person_id=str(row["person_id"]),
        name=row["person"] or "（姓名已删除）",
        unit=str(row["unit"] or ""),
        stage=word("stage", row["stage"]),
        light=_light(row["verdict"]),
        days_left="" if row["days_left"] is None else f"{row['days_left']} 天",
        following=planned.next_by(row, WORDING),
        note=planned.row_note(row, WORDING),
        steps=[ahead_of(step) for step in row["steps"]],
    )


def ahead_of(step: Mapping[str, Any]) -> Ahead:
    """Return one step ahead as a page shows it."""
    return Ahead(
        title=planned.step_word(step, WORDING),
        light=_light(step["status"]),
        earliest_on=step["earliest_on"] or "",
        latest_on=step["latest_on"] or "",
        do_by=step["do_by"] or "",
        note=planned.step_note(step, WORDING),
        clause=step["clause"],
    )


def _light(name: str) -> lights.Light:
    return lights.Light(SHAPES[name], WORDING.verdict(name))


def far_off(person_id: UUID, desk: Desk) -> list[Ahead]:
    """Return the steps ahead of someone that take time, the votes and the approvals, with their days."""
    rows = explained(desk.plan(None, person_id), WORDING, desk.name_of)["rows"]
    return [
        ahead_of(step)
        for row in rows
        for step in row["steps"]
        if step["waits"] or step["step"] in FAR_OFF or step["status"] in ("blocked", "cannot_tell")
    ]
