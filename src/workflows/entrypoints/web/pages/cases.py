"""案卷: the list of each kind, by stage, unit and year; the same list as a file; where a case is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.case_lists import light_rows, whole_rows
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row
from workflows.entrypoints.web.cases.kinds import KINDS, beside
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.pages.steps import guarded
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import bad_query
from workflows.entrypoints.web.words import word
from workflows.policies.follow_up import FOLLOW_UP

ALL, OVERDUE, WITHHELD = "all", "overdue", "withheld"
SHORT, CUT = 14, 40
ENDS_IT = frozenset({"end_follow_up"})
HEAD = ("序号", "党组织", "名称", "阶段", "开始日期", "期限", "期限情况")


def is_overdue(row: Row) -> bool:
    """Say whether a limit of a case has passed."""
    return row["limit"] is not None and row["limit"]["status"] == "overdue"


def stage_word(row: Row) -> str:
    """Return the stage of a case in words."""
    return word("stage", f"{row['kind']}.{row['stage']}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: the tab, and the filters, of which those not given are ""."""

    tab: str
    unit: str
    year: str
    text: str
    own: Mapping[str, str]

    @classmethod
    def of(cls, ask: Ask, kind: CaseKind) -> Asked:
        """Read the address.

        Raises:
            PageProblem: 400, a filter nobody can read.
        """
        year = ask.text("year")
        if year and not (year.isascii() and year.isdigit() and len(year) == len("2026")):
            raise bad_query("year", year, "四位的年份，如 2026")
        tab = ask.choice("tab", {ALL, OVERDUE, WITHHELD, *(one.name for one in kind.tabs)}, ALL)
        own = {one.name: ask.choice(one.name, {name for name, _ in one.values}) for one in kind.choices}
        return cls(tab, str(ask.unit_filter() or ""), year, ask.text("q"), own)

    @property
    def query(self) -> dict[str, str]:
        """Return what a link has to keep, the tab left out."""
        told = {"unit": self.unit, "year": self.year, "q": self.text, **self.own}
        return {name: value for name, value in told.items() if value}

    def rows(self, ask: Ask, kind: CaseKind) -> list[Row]:
        """Return the light rows that the filters let through, of every tab."""
        return [
            row
            for row in light_rows(ask.desk, kind.kind, ask.unit_filter(), withheld=self.tab == WITHHELD)
            if matches(row["subject"], self.text)
            and (not self.year or row["opened_on"][:4] <= self.year)
            and (not self.year or not row["over"] or self.year <= row["last_on"][:4])
            and all(not value or _fits(kind, name, row, value) for name, value in self.own.items())
        ]

    def in_tab(self, row: Row, kind: CaseKind, tab: str = "") -> bool:
        """Say whether a row stands under a tab."""
        wanted = tab or self.tab
        if wanted == OVERDUE:
            return is_overdue(row)
        return wanted in (ALL, WITHHELD) or any(
            row["stage"] in one.stages for one in kind.tabs if one.name == wanted
        )


def _fits(kind: CaseKind, name: str, row: Row, value: str) -> bool:
    return next(one.fits(row, value) for one in kind.choices if one.name == name)


def show(ask: Ask, kind: CaseKind) -> HTMLResponse:
    """Show the cases of a kind.

    Raises:
        PageProblem: 400, a filter nobody can read.
    """
    asked, horizon = Asked.of(ask, kind), ask.horizon
    whole = asked.rows(ask, kind)
    rows = [row for row in whole if asked.in_tab(row, kind)]
    counted = whole if asked.tab != WITHHELD else replace(asked, tab=ALL).rows(ask, kind)
    query = {**asked.query, **({} if asked.tab == ALL else {"tab": asked.tab})}
    pages = Pages.of(len(rows), ask.page_number, LONG_LIST, kind.path, horizon, query)
    shown = whole_rows(ask.desk, kind.kind, pages.cut(rows))
    return ask.page(
        "cases.html",
        here=kind.here,
        block="results",
        part=ask.part,
        kind=kind,
        beside=[chip(title, horizon.link(path), here=path == kind.path) for title, path in beside(kind)],
        chips=_chips(ask, kind, asked, counted),
        rows=[
            {**_told(number, row, kind, ask), "is_calm": row["over"] and not query}
            for number, row in enumerate(shown, pages.first)
        ],
        pages=pages,
        asked=asked,
        is_filtered=bool(query),
        units=ask.desk.choices(asked.unit),
        years=range(horizon.as_of.year, _first_year(ask, kind) - 1, -1),
        new_path=f"{kind.path}/new",
        export_xlsx=horizon.link(f"{kind.path}.xlsx", **query),
        export_csv=horizon.link(f"{kind.path}.csv", **query),
    )


def _chips(ask: Ask, kind: CaseKind, asked: Asked, rows: Sequence[Row]) -> list[dict[str, Any]]:
    tabs = [(ALL, "全部", ""), *((one.name, one.word, "") for one in kind.tabs), (OVERDUE, "逾期", "over")]
    return [
        chip(
            told,
            ask.horizon.link(kind.path, tab="" if name == ALL else name, **asked.query),
            here=name == asked.tab,
            shape=shape,
            count=sum(asked.in_tab(row, kind, name) for row in rows),
        )
        for name, told, shape in tabs
    ]


def _first_year(ask: Ask, kind: CaseKind) -> int:
    years = [int(row["opened_on"][:4]) for row in light_rows(ask.desk, kind.kind)]
    return min([ask.horizon.as_of.year, *years])


def _told(number: int, row: Row, kind: CaseKind, ask: Ask) -> dict[str, Any]:
    cells = list(zip(kind.heads, kind.cells(row, ask), strict=True))
    return {
        **row,
        "number": number,
        "path": ask.horizon.link(kind.place(row["file_id"])),
        "stage_word": stage_word(row),
        "light": lights.of_case(row),
        "act": _act(row, kind),
        "cells": [pair for pair in cells if pair[0] not in kind.small],
        "notes": [_note(head, cell.text) for head, cell in cells if head in kind.small and cell.text],
    }


def _note(head: str, text: str) -> str:
    """Return what stands under the name: a short word by itself, a sentence under its heading and cut."""
    if len(text) <= SHORT:
        return text
    return f"{head}：{text[:CUT]}…" if len(text) > CUT else f"{head}：{text}"


def _act(row: Row, kind: CaseKind) -> dict[str, str] | None:
    """Return the command that leads a case further, None where nothing does."""
    followed = is_followed(row["limit"])
    moves = following(row["moves"], row["stage"], kind, followed=followed, wanted=kind.wanted(row))
    ahead = [one["command"] for one in moves if one["ahead"]]
    name = next((one for one in kind.first if one in ahead), next(iter(ahead), None))
    if name is None:
        return None
    return {"title": word("command", name), "path": f"{kind.place(row['file_id'])}/acts/{name}"}


def is_followed(limit: Mapping[str, Any] | None) -> bool:
    """Say whether a limit is the end of a follow-up that has not come."""
    return limit is not None and limit["rule"] == FOLLOW_UP and limit["days_left"] > 0


def following(
    moves: Sequence[Mapping[str, Any]],
    stage: str,
    kind: CaseKind,
    *,
    followed: bool = False,
    wanted: str = "",
) -> list[dict[str, Any]]:
    """Return the commands of a stage; ``ahead``: it leads further on the course.

    ``followed``: the follow-up still runs, so that to end it is possible and not what comes next.
    ``wanted``: the command that comes first (see :class:`CaseKind`); then no other leads further.
    """
    places = {name: number for number, name in enumerate(kind.course)}
    here = places.get(stage, -1)
    first = wanted if any(one["command"] == wanted for one in moves) else ""
    told = [
        {
            "command": one["command"],
            "title": word("command", one["command"]),
            "ahead": one["command"] == first
            or (
                (not first and places.get(one["to"], -1) > here)
                and not (followed and one["command"] in ENDS_IT)
            ),
        }
        for one in moves
    ]
    return sorted(told, key=lambda one: one["command"] not in kind.first)


def save(ask: Ask, kind: CaseKind) -> Response:
    """Return the same list, same filter, as a workbook or as CSV.

    Raises:
        PageProblem: 400, a filter nobody can read.
    """
    asked = Asked.of(ask, kind)
    rows = [row for row in asked.rows(ask, kind) if asked.in_tab(row, kind)]
    told = [
        (
            number,
            row["unit"],
            row["subject"],
            stage_word(row),
            row["opened_on"],
            row["limit"]["due_on"] if row["limit"] else None,
            lights.of_case(row).text,
            *map(_text, kind.cells(row, ask)),
        )
        for number, row in enumerate(whole_rows(ask.desk, kind.kind, rows), 1)
    ]
    return export.answer(ask, kind.title, (*HEAD, *kind.heads), told)


def _text(cell: Cell) -> str:
    return "，".join(part for part in (cell.light.text if cell.light else "", cell.text) if part)


def new(ask: Ask, kind: CaseKind) -> Response:
    """Ask of which unit a case is opened, or go on to its form with all that the address names.

    Raises:
        PageProblem: 400, there is no such unit.
    """
    unit = ask.unit_filter()
    if unit is not None:
        kept = {name: value for name, value in ask.request.query_params.items() if name != "unit"}
        query = f"?{urlencode(kept)}" if kept else ""
        return RedirectResponse(f"/units/{unit}/acts/{kind.opening}{query}", 303)
    there = [one for one in ask.desk.units if one.exists_on(ask.horizon.as_of)]
    return ask.page(
        "case_new.html",
        here=kind.here,
        kind=kind,
        title=word("command", kind.opening),
        units=[(one.id, one.named_on(ask.horizon.as_of)) for one in there],
    )


def _routes(router: APIRouter, kind: CaseKind) -> None:
    """Add the list of a kind, its files, and where one is opened."""

    def listed(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
        return show(ask, kind)

    def saved(ask: Annotated[Ask, Depends()]) -> Response:
        return save(ask, kind)

    def opened(ask: Annotated[Ask, Depends()]) -> Response:
        return new(ask, kind)

    router.add_api_route(kind.path, listed, methods=["GET"], response_model=None)
    router.add_api_route(f"{kind.path}.xlsx", saved, methods=["GET"], response_model=None)
    router.add_api_route(f"{kind.path}.csv", saved, methods=["GET"], response_model=None)
    router.add_api_route(
        f"{kind.path}/new", opened, methods=["GET"], dependencies=[Depends(guarded)], response_model=None
    )


router = APIRouter()
for _kind in KINDS:
    _routes(router, _kind)
