"""花名册: who belonged to a branch on a day and as what; what changed between two days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.domain.stages import Stage
from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.people import twin_text
from workflows.entrypoints.web.horizon import read_day
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import PageProblem, bad_query
from workflows.entrypoints.web.words import event_word, word
from workflows.kernel.calendar import add_months

router = APIRouter()
PATH = "/roster"
TRAINED = (Stage.APPLICANT, Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET)
KINDS = {
    "": "全部党员", "full": "正式党员", "probationary": "预备党员", "marked": "情况特殊的",
    "stopped": "停止党籍", "applicant": "入党申请人", "activist": "积极分子", "target": "发展对象",
}  # fmt: skip
STAGES_OF = {
    "applicant": (Stage.APPLICANT,),
    "activist": (Stage.ACTIVIST,),
    "target": (Stage.TARGET_AGREED, Stage.TARGET),
}
HEAD = (
    "序号", "姓名", "性别", "出生年", "民族", "学历", "身份证号", "电话", "支部", "身份", "入党", "转正",
    "党小组", "职务", "表决权", "在本支部起", "情况",
)  # fmt: skip
UNTIL_WORD = {"exempt": "至", "barred": "至", "suspended": "至", "correcting": "至", "in_transit": "有效至"}
CHANGE_HEAD = ("序号", "日期", "变化", "姓名", "身份", "支部", "来自或者去向", "记录")


WHY_TWICE = {
    "number": "身份证号相同",
    "name_born": "姓名、出生日期相同",
    "name_unit": "同一个支部里同名，有一个没有写出生日期",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the roster, in words."""

    row: Mapping[str, Any]
    name: str
    posts: str
    marks: Sequence[str]
    votes: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Line:
        """Return a row in words."""
        return cls(
            row=row,
            name=row["person"] or "（姓名已删除）",
            posts="、".join(word("post", post) for post in row["posts"]),
            marks=[mark_text(name, told) for name, told in row["circumstances"].items()],
            votes="有" if row["voting_right"] else "没有",
        )

    def cells(self, number: int) -> tuple[object, ...]:
        """Return the line of the workbook."""
        row = self.row
        born = str(row.get("born_on") or "")[:4]
        return (
            number, self.name, word("value", row.get("gender") or ""), born, row.get("ethnic_group") or "",
            row.get("education") or "", row.get("id_number") or "", row.get("phone") or "", row["unit"],
            word("stage", row["stage"]), row["member_from"] or "", row["full_since"] or "", row["cell"] or "",
            self.posts, self.votes, row["in_unit_since"], "；".join(self.marks),
        )  # fmt: skip


def mark_text(name: str, told: Mapping[str, Any]) -> str:
    """Return what is out of the ordinary in words: ``流动党员（2026-01-10 外出）``."""
    days = [f"{told['since']} 起"] if told.get("since") else []
    if name in ("floating", "away"):
        days = [f"{told['since']} 外出"]
        if name == "away" and told.get("floating_from"):
            days.append(f"满 {told['floating_from']} 为流动党员")
    if told.get("until") and name in UNTIL_WORD:
        days.append(f"{UNTIL_WORD[name]} {told['until']}")
    if told.get("to"):
        days.append(f"转往{told['to']}")
    return word("mark", name) + (f"（{'，'.join(days)}）" if days else "")


@router.get("/roster")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the roster of a unit and all below on a day; without a unit the units to choose from."""
    desk, unit, day = ask.desk, ask.unit_filter(), _day(ask, "on", ask.horizon.as_of)
    kind, name = ask.choice("kind", KINDS), ask.text("q")
    query = _query(ask, unit, day, kind, name)
    members = _rows(ask, unit, day, ()) if unit else []
    lines = [Line.of(row) for row in _chosen(ask, unit, day, kind, name, members)] if unit else []
    pages = Pages.of(len(lines), ask.page_number, LONG_LIST, PATH, ask.horizon, query)
    counted = [row for row in members if "stopped" not in row["marks"]]
    counts = {
        "": len(members),
        "full": sum(row["stage"] == "full" for row in counted),
        "probationary": sum(row["stage"] == "probationary" for row in counted),
        "marked": sum(bool(row["marks"]) for row in members),
        "stopped": len(members) - len(counted),
    }
    return ask.page(
        "roster.html",
        here=PATH,
        unit=str(unit or ""),
        unit_name=desk.unit_name(unit),
        day=day,
        kind=kind,
        asked=name,
        units=desk.choices(unit),
        lines=list(enumerate(pages.cut(lines), pages.first)),
        pages=pages,
        total=len(counted),
        counts=counts,
        is_trained=kind in STAGES_OF,
        many_units=len({line.row["unit_id"] for line in lines}) > 1,
        chips=[
            chip(
                told,
                ask.horizon.link(PATH, **{**query, "kind": key}),
                here=key == kind,
                count=counts.get(key),
            )
            for key, told in KINDS.items()
        ],
        twice=ask.horizon.link(f"{PATH}/twice", unit=str(unit or "")),
        changes=ask.horizon.link(f"{PATH}/changes", unit=str(unit or ""), until=str(day)),
        export_xlsx=ask.horizon.link(f"{PATH}.xlsx", **query),
        export_csv=ask.horizon.link(f"{PATH}.csv", **query),
    )


@router.get(f"{PATH}/twice")
def twice(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show who of a unit and all below may have been entered twice; without a unit those to choose from."""
    desk, unit, horizon = ask.desk, ask.unit_filter(), ask.horizon
    rows = desk.app.answering.entered_twice(unit, horizon.as_of, horizon.known_on)["rows"] if unit else []
    query = {"unit": str(unit)} if unit else {}
    pages = Pages.of(len(rows), ask.page_number, LONG_LIST, f"{PATH}/twice", horizon, query)
    return ask.page(
        "twice.html",
        here=PATH,
        unit=str(unit or ""),
        unit_name=desk.unit_name(unit),
        units=desk.choices(unit),
        pairs=[
            {
                "why": WHY_TWICE[row["because"]],
                "two": [(one, twin_text(one)) for one in (row["one"], row["other"])],
                "path": _merging(row["one"]["person_id"], row["other"]["person_id"]),
            }
            for row in pages.cut(rows)
        ],
        pages=pages,
    )


def _merging(keep: str, other: str) -> str:
    return f"/people/{keep}/steps/merge_persons?other={other}"


@router.get("/roster.xlsx")
@router.get("/roster.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list as a workbook or as CSV; numbers stay masked.

    Raises:
        PageProblem: 400, no unit.
    """
    unit, day = _needed(ask), _day(ask, "on", ask.horizon.as_of)
    kind, name = ask.choice("kind", KINDS), ask.text("q")
    members = _rows(ask, unit, day, ())
    lines = [Line.of(row) for row in _chosen(ask, unit, day, kind, name, members)]
    title = f"{ask.desk.unit_name(unit)}花名册"
    return export.answer(ask, title, HEAD, [line.cells(n) for n, line in enumerate(lines, 1)])


@router.get("/roster/changes")
def show_changes(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show what changed on the roster of a unit between two days.

    Raises:
        PageProblem: 400, no unit, or the days the wrong way round.
    """
    unit, since, until = _needed(ask), *_span(ask)
    told = ask.app.answering.roster_changes(unit, since, until, ask.horizon.known_on)
    kinds = list(dict.fromkeys(row["change"] for row in told["rows"]))
    return ask.page(
        "roster_changes.html",
        here=PATH,
        unit=str(unit),
        unit_name=ask.desk.unit_name(unit),
        since=since,
        until=until,
        before=told["before"],
        after=told["after"],
        tally=[(word("change", kind), sum(row["change"] == kind for row in told["rows"])) for kind in kinds],
        rows=[_change(row) for row in told["rows"]],
        units=ask.desk.choices(unit),
        roster=ask.horizon.link(PATH, unit=str(unit), on=str(until)),
        export_xlsx=ask.horizon.link(
            f"{PATH}/changes.xlsx", unit=str(unit), since=str(since), until=str(until)
        ),
    )


@router.get("/roster/changes.xlsx")
@router.get("/roster/changes.csv")
def save_changes(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the changes between two days as a workbook or as CSV.

    Raises:
        PageProblem: 400, no unit, or the days the wrong way round.
    """
    unit, since, until = _needed(ask), *_span(ask)
    told = ask.app.answering.roster_changes(unit, since, until, ask.horizon.known_on)
    rows = [
        (n, one["on"], one["what"], one["name"], one["stage"], one["unit"], one["other"], one["event"])
        for n, one in enumerate(map(_change, told["rows"]), 1)
    ]
    title = f"{ask.desk.unit_name(unit)}花名册变化{since}至{until}"
    return export.answer(ask, title, CHANGE_HEAD, rows)


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "on": row["on"],
        "kind": row["change"],
        "what": word("change", row["change"]),
        "name": row["person"] or "（姓名已删除）",
        "person_id": row["person_id"],
        "stage": word("stage", row["stage"]),
        "unit": row["unit"] or "",
        "other": row["other"] or "",
        "event": event_word(row["event"]) if row["event"] else "",
        "path": f"/events/{row['position']}" if row["position"] else "",
    }


# --- what is asked ------------------------------------------------------------------------------------------


def _day(ask: Ask, name: str, default: date) -> date:
    told = ask.text(name)
    return read_day(name, told) if told else default


def _span(ask: Ask) -> tuple[date, date]:
    until = _day(ask, "until", ask.horizon.as_of)
    since = _day(ask, "since", add_months(until, -1))
    if since > until:
        raise bad_query("since", str(since), f"不晚于 {until} 的一天")
    return since, until


def _needed(ask: Ask) -> UUID:
    unit = ask.unit_filter()
    if unit is None:
        raise PageProblem(HTTPStatus.BAD_REQUEST, "不能列出", "没有选支部", "请先选一个支部")
    return unit


def _query(ask: Ask, unit: UUID | None, day: date, kind: str, name: str) -> dict[str, str]:
    on = "" if day == ask.horizon.as_of else str(day)
    told = {"unit": str(unit or ""), "on": on, "kind": kind, "q": name}
    return {key: value for key, value in told.items() if value}


def _rows(ask: Ask, unit: UUID, day: date, stages: Sequence[Stage]) -> list[dict[str, Any]]:
    more = {"stages": stages} if stages else {}
    rows: list[dict[str, Any]] = ask.app.answering.roster(unit, day, ask.horizon.known_on, **more)["rows"]
    return rows


def _chosen(
    ask: Ask, unit: UUID, day: date, kind: str, name: str, members: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    if kind in STAGES_OF:
        members = _rows(ask, unit, day, STAGES_OF[kind])
    elif kind == "marked":
        members = [row for row in members if row["marks"]]
    elif kind == "stopped":
        members = [row for row in members if "stopped" in row["marks"]]
    elif kind:
        members = [row for row in members if row["stage"] == kind and "stopped" not in row["marks"]]
    return [row for row in members if matches(row["person"] or "", name)]
