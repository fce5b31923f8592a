"""总览: what stands open in a township or a county on a day; every number opens the rows behind it.

Units stand in the order of the tree: nothing is scored, nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints import oversight
from workflows.entrypoints.grade_words import unit_class
from workflows.entrypoints.masking import as_shown
from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kinds import BY_KIND
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import bad_query
from workflows.entrypoints.web.words import WORDING
from workflows.kernel.calendar import Period
from workflows.projections import overviews
from workflows.projections.lights import FIELDS

router = APIRouter()
HERE, ROWS = "/overview", "/overview/rows"
STRUCTURES = {"then": "当时的隶属关系", "now": "现在的隶属关系"}
SHAPES = {"over": "over", "soon": "soon", "ok": "ok", "held": "refer"}
"""The shape in which each light is shown: one that rests is neither near nor past."""

TILES = (
    ("limit.over", "over"), ("limit.soon", "soon"), ("limit.ok", "ok"), ("limit.held", ""),
    ("limit.bygone", ""), ("regime.done", ""), ("regime.refer", "refer"), ("regime.pending", "no"),
    ("regime.exempt", "free"), ("term.soon", ""), ("term.over", "over"), ("problem.open", ""),
    ("problem.overdue", "over"), ("problem.waived", ""),
)  # fmt: skip
ALWAYS = frozenset({"limit.over", "limit.soon", "limit.ok", "regime.done", "term.soon", "problem.open"})
"""The numbers that are shown even where they are 0."""

COLUMNS = (
    "limit.over",
    "limit.soon",
    "limit.ok",
    "regime.done",
    "term.soon",
    "problem.open",
    "problem.waived",
)


@dataclass(frozen=True, slots=True)
class Query:
    """What an overview is asked for: a unit with all below (all, for None), by which tree."""

    unit: UUID | None
    structure: str
    alone: str = ""
    """``yes``: of the unit itself, nothing of those below."""

    @classmethod
    def read(cls, ask: Ask) -> Query:
        """Return what an address asks for.

        Raises:
            PageProblem: 400, no such unit or tree.
        """
        alone = ask.choice("alone", ("yes",))
        return cls(ask.unit_filter(), ask.choice("structure", STRUCTURES, "then"), alone)

    def told(self, **changes: object) -> dict[str, object]:
        """Return the parameters of an address that asks for the same but for ``changes``."""
        asked: dict[str, object] = {"unit": self.unit or ""}
        if self.structure != "then":
            asked["structure"] = self.structure
        return {**asked, "alone": self.alone, **changes}


@router.get("/overview")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the sums, the groups and the lights of each unit."""
    asked = Query.read(ask)
    told = answered(ask, "overview", asked)
    query = {name: str(value) for name, value in asked.told().items() if value}
    pages = Pages.of(len(told["rows"]), ask.page_number, LONG_LIST, HERE, ask.horizon, query)
    return ask.page(
        "overview.html",
        here=HERE,
        asked=asked,
        told=told,
        scope=told["unit"] or "全部党组织",
        above=above_of(ask, told["unit_id"], asked),
        tiles=_tiles(told["total"], asked, ask),
        grades=[_grade(row, asked, ask) for row in told["grades"]],
        heads=[(name, oversight.figure(name, WORDING)) for name in COLUMNS],
        groups=[_group(row, told, asked, ask) for row in told["groups"]] if _has_groups(told) else [],
        fields=[(field, oversight.figure(field, WORDING)) for field in FIELDS],
        lines=[_line(row, asked, ask) for row in pages.cut(told["rows"])],
        pages=pages,
        waived=[
            oversight.waived_row(row, WORDING) | {"unit_path": _unit(row, ask), "path": _path(row, ask)}
            for row in told["waived"]
        ],
        **choices(ask),
        drive_path=ask.horizon.link("/overview/drive", **asked.told()),
        export_xlsx=ask.horizon.link("/overview.xlsx", **asked.told()),
    )


@router.get("/overview.xlsx")
@router.get("/overview.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the sums, and on further sheets the matrix, the grades and what was closed on a waiver."""
    told = answered(ask, "overview", Query.read(ask))
    rows = oversight.sums(told, WORDING)
    return export.workbook(ask, "总览", rows, oversight.sheets(told, WORDING))


@router.get("/overview/rows")
def show_rows(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the rows behind a number of the overview, or behind a column of the matrix."""
    asked, of = Query.read(ask), _figure(ask)
    told = answered(ask, "overview_rows", asked, of, alone=bool(asked.alone))
    query = {name: str(value) for name, value in asked.told(of=of).items() if value}
    pages = Pages.of(len(told["rows"]), ask.page_number, LONG_LIST, ROWS, ask.horizon, query)
    return ask.page(
        "overview_rows.html",
        here=HERE,
        asked=asked,
        of=of,
        title=_title(of),
        scope=told["unit"] or "全部党组织",
        rows=[(pages.first + place, _listed(row, ask)) for place, row in enumerate(pages.cut(told["rows"]))],
        pages=pages,
        overview_path=ask.horizon.link(HERE, **asked.told(alone="")),
        export_xlsx=ask.horizon.link("/overview/rows.xlsx", **asked.told(of=of)),
    )


@router.get("/overview/rows.xlsx")
@router.get("/overview/rows.csv")
def save_rows(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, every page of it."""
    of = _figure(ask)
    asked = Query.read(ask)
    told = answered(ask, "overview_rows", asked, of, alone=bool(asked.alone))
    return export.workbook(ask, _title(of), oversight.listed_rows(told["rows"], WORDING))


# --- what is asked of the answers ---------------------------------------------------------------------------


def answered(ask: Ask, name: str, asked: Query, *more: object, **told: object) -> Mapping[str, Any]:
    """Return an answer of those that roll up, at the horizon of the page; kept while the log stands still."""
    horizon, question = ask.horizon, getattr(ask.app.answering, name)
    about = {"on": horizon.as_of, "known_on": horizon.known_on, "structure": asked.structure, **told}
    key = (name, ask.desk.head, horizon.today, *more, asked.unit, *about.items())
    return ask.kept.answer(key, lambda: as_shown(question(*more, asked.unit, **about)))


def _figure(ask: Ask) -> str:
    of = ask.text("of")
    if not overviews.is_known(of):
        raise bad_query("of", of, "总览里的一个数目")
    return of


def choices(ask: Ask) -> dict[str, Any]:
    """Return what the filters offer: the units that have others below them."""
    above = {entry.superior for entry in ask.desk.units}
    return {"superiors": [one for one in ask.desk.units if one.id in above], "structures": STRUCTURES}


def above_of(ask: Ask, unit_id: str | None, asked: Query) -> tuple[str, str] | None:
    """Return the name and the address of the overview of the unit above, where there is one."""
    entry = ask.desk.unit_by_id.get(str(unit_id))
    superior = ask.desk.unit_by_id.get(str(entry.superior)) if entry is not None else None
    if superior is None:
        return None
    return superior.name, ask.horizon.link(HERE, **asked.told(unit=superior.id))


# --- pieces of the pages ------------------------------------------------------------------------------------


def _title(of: str) -> str:
    if of.startswith("class."):
        return f"考评等次：{unit_class(of.partition('.')[2], WORDING)}"
    if of.startswith("grade.") and of.count("."):
        return f"考评等次：{oversight.grade_word(of.rpartition('.')[2], WORDING)}"
    if of.startswith("site."):
        return f"示范点：{oversight.level_word(of.partition('.')[2], WORDING)}"
    return oversight.figure(of, WORDING)


def _tiles(total: Mapping[str, Any], asked: Query, ask: Ask) -> list[dict[str, Any]]:
    """Return the numbers, each with the address of the very rows it counts."""

    def tile(name: str, count: Any, shape: str) -> dict[str, Any]:
        path = ask.horizon.link(ROWS, **asked.told(of="regime.owed" if name == "regime.done" else name))
        return chip(_title(name), path, here=False, shape=shape, count=count)

    told = [
        tile(name, count, shape)
        for name, shape in TILES
        if (count := oversight.number(total, name)) or name in ALWAYS
    ]
    if total["campaigns"]:
        told.append(tile("campaign.running", total["campaigns"], ""))
    told += [tile(f"class.{name}", count, "") for name, count in total["classes"].items()]
    return told + [tile(f"site.{level}", count, "") for level, count in total["sites"].items()]


def _grade(row: Mapping[str, Any], asked: Query, ask: Ask) -> dict[str, Any]:
    return {
        **row,
        "grade": oversight.grade_word(row["grade"], WORDING),
        "class_word": unit_class(row["class"], WORDING),
        "path": ask.horizon.link(ROWS, **asked.told(of=row["of"])),
    }


def _has_groups(told: Mapping[str, Any]) -> bool:
    """Say whether groups are more than the units themselves."""
    return any(row["group_id"] != row["unit_id"] for row in told["rows"])


def _group(row: Mapping[str, Any], told: Mapping[str, Any], asked: Query, ask: Ask) -> dict[str, Any]:
    """Return a group with its numbers, each with the rows behind it; the unit asked for stands for itself."""
    own = row["unit_id"] == told["unit_id"]
    has_more = not own and row["level"] != "branch"
    return {
        "unit": row["unit"],
        "path": ask.horizon.link(HERE, **asked.told(unit=row["unit_id"])) if has_more else _unit(row, ask),
        "branches": row["branches"],
        "numbers": [
            (
                name,
                oversight.number(row, name),
                _rows_of(row["unit_id"], _behind(name), asked, ask, alone=own),
            )
            for name in COLUMNS
        ],
    }


def _behind(name: str) -> str:
    return "regime.owed" if name == "regime.done" else name


def _line(row: Mapping[str, Any], asked: Query, ask: Ask) -> dict[str, Any]:
    """Return a unit with the light of each field, each leading to where that is looked after."""
    cells = []
    for field in FIELDS:
        light = _light(field, row)
        cells.append((field, oversight.figure(field, WORDING), light, _place(field, row, asked, ask)))
    shapes = {light.shape for _, _, light, _ in cells if light is not None}
    pressing = (
        {"over"} if asked.unit is None else {"over", "soon"}
    )  # of all of a county what is past comes first
    return {
        "unit": row["unit"],
        "path": _unit(row, ask),
        "group": row["group"] if row["group_id"] != row["unit_id"] else "",
        "cells": cells,
        "regime": oversight.done_of(row["regime"]),
        "regime_path": _rows_of(row["unit_id"], "regime.owed", asked, ask, alone=True),
        "is_calm": not row["problems"]["waived"] and not (shapes & pressing),
        "is_regime_done": row["regime"]["done"] == row["regime"]["owed"],
        "waived": row["problems"]["waived"],
        "waived_path": _rows_of(row["unit_id"], "problem.waived", asked, ask, alone=True),
    }


def _rows_of(unit: object, of: str, asked: Query, ask: Ask, *, alone: bool) -> str:
    """Return the address of the rows behind a number of a unit, with all below or alone."""
    return ask.horizon.link(ROWS, **asked.told(unit=unit, of=of, alone="yes" if alone else ""))


def _light(field: str, row: Mapping[str, Any]) -> lights.Light | None:
    """Return the light of a field, with how many limits are in that state; None where nothing runs.

    A problem without a limit that runs is told all the same, and so is the grade where nothing is due.
    """
    told = row["lights"].get(field)
    if told and told["worst"]:
        worst = told["worst"]
        return lights.Light(SHAPES[worst], f"{oversight.figure(f'light.{worst}', WORDING)} {told[worst]}")
    if field == "correction" and row["problems"]["open"]:
        return lights.Light("no", f"未销号 {row['problems']['open']}")
    if field == "rating" and row["grades"]:
        return lights.Light("", "、".join(oversight.grade_word(one, WORDING) for one in row["grades"]))
    return None


def _place(field: str, row: Mapping[str, Any], asked: Query, ask: Ask) -> str:
    unit, link = row["unit_id"], ask.horizon.link
    if row["level"] != "branch":  # the pages of a superior are of all below as well
        return _rows_of(unit, field, asked, ask, alone=True)
    match field:
        case "development":
            return link("/pipeline", unit=unit)
        case "term":
            return link("/terms", unit=unit)
        case "meeting":
            quarter = Period.of(ask.horizon.as_of, "quarter")
            year, _, part = str(quarter).partition("-")
            return link("/compliance", unit=unit, year=year, part=part)
        case "correction":
            return link(BY_KIND["rectification"].path, unit=unit)
    return _rows_of(unit, "grade" if row["grades"] else field, asked, ask, alone=True)


def _unit(row: Mapping[str, Any], ask: Ask) -> str:
    return ask.horizon.link(f"/units/{row['unit_id']}")


def _listed(row: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    """Return a row behind a number: what, where it stands, by when, and where it is looked after."""
    name = row["figures"][0]
    shape = SHAPES.get(name.partition(".")[2], "no") if name.startswith("limit.") else ""
    if name.startswith("regime."):
        shape = lights.CELLS[row["told"]][0]
    if name == "problem.open":
        shape = "over" if "problem.overdue" in row["figures"] else "no"
    return {
        "unit": row["unit"],
        "unit_path": _unit(row, ask),
        "group": row["group"],
        "matter": oversight.matter(row, WORDING),
        "path": _path(row, ask),
        "day": date.fromisoformat(row["day"]) if row["day"] else None,
        "light": lights.Light(shape or "free", oversight.standing(row, WORDING)),
    }


def _path(row: Mapping[str, Any], ask: Ask) -> str:
    if row["figures"][0].startswith("regime."):
        path = f"/compliance/{row['unit_id']}/{row['rule']}/{row['subject']}"
        return ask.horizon.link(path, of=row.get("part"))
    entry = ask.desk.files.get(str(row["file_id"]))
    if entry is not None:
        return ask.horizon.link(BY_KIND[entry.kind].place(entry.id))
    if row["field"] in oversight.OF_CASES:
        return ask.horizon.link(BY_KIND[row["kind"]].path, unit=row["unit_id"])
    if row["person_id"]:
        return ask.horizon.link(f"/people/{row['person_id']}")
    return _unit(row, ask)
