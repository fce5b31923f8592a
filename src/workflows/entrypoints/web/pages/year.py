"""全年完成表: the duties of one unit in a year, cell by cell as compliance answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.application.ports import UnitEntry
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.forms.duty_form import form_of
from workflows.entrypoints.web.pages.compliance import activity_word
from workflows.entrypoints.web.paging import chip
from workflows.entrypoints.web.problems import bad_query
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.why import Why, of_cell
from workflows.kernel.calendar import Period

router = APIRouter()
SPANS = {"month": 1, "quarter": 3, "year": 12}
MONTHS = 12
DONE = frozenset({"met", "late"})
WANTING = frozenset({"over", "soon", "refer"})
MEETING_EVENT = "MeetingHeld"
FIRST_YEAR, LAST_YEAR = 1921, 2200


@dataclass(frozen=True, slots=True)
class Cell:
    """One duty of one period: its light, why, and where it is seen to or read."""

    what: str
    period: str
    when: str
    light: lights.Light
    why: Why
    verdict: str
    path: str
    act: str
    span: int
    relief: str

    @property
    def short(self) -> lights.Light:
        """Return the light as it fits into a table: of what was held in time only the day."""
        told = self.light.text
        return lights.Light(self.light.shape, told.removeprefix("已开 "))


@dataclass(frozen=True, slots=True)
class Line:
    """One duty over the year; ``gap`` months before its first cell have none."""

    what: str
    label: str
    gap: int
    cells: Sequence[Cell]
    rest: int


@dataclass(frozen=True, slots=True)
class Tile:
    """How a period stands: how many of its duties are done of how many there are."""

    when: str
    done: int
    whole: int
    light: lights.Light
    path: str


def cells_of(entry: UnitEntry, desk: Desk, year: int) -> list[Cell]:
    """Return the cells of one unit in a year, as compliance answers them."""
    rows = desk.compliance(entry.id, str(year))["rows"]
    return [cell_of(row, desk) for row in rows if row["unit_id"] == str(entry.id)]


def cell_of(row: Mapping[str, Any], desk: Desk) -> Cell:
    """Return one cell of compliance as pages show it."""
    as_of, period = desk.horizon.as_of, Period.parse(row["period"])
    activity = str((row.get("facts") or {}).get("activity") or "")
    what = activity_word(row)
    when = period_word(row["period"], as_of)
    light = lights.of_cell(row, period.last, as_of)
    held = [one for one in row["evidence"] if one["event"] == MEETING_EVENT]
    unit = f"/units/{row['unit_id']}"
    path = f"/meetings/{held[-1]['position']}" if held else ""
    act = ""
    if (row.get("facts") or {}).get("counted_by") != "person" and row["verdict"] in (
        "missing",
        "invalid",
        "pending",
    ):
        act = form_of(activity, row["unit_id"], row["period"], row.get("part"))
    relief = f"{unit}/acts?rule={row['rule']}&subject={row['period']}"
    told = of_cell(row, f"{when}{what}", desk.head)
    span = SPANS[period.kind]
    return Cell(what, row["period"], when, light, told, row["verdict"], path, act, span, relief)


def lines_of(cells: Sequence[Cell], year: int) -> list[Line]:
    """Return the cells as lines of a table of twelve months, those of shorter periods first."""
    grouped: dict[tuple[int, str, str], list[Cell]] = {}
    for cell in cells:
        grouped.setdefault((cell.span, cell.what, cell.why.rule_text), []).append(cell)
    found = []
    for (span, what, label), own in sorted(grouped.items(), key=lambda pair: pair[0]):
        ordered = sorted(own, key=lambda cell: cell.period)
        first = Period.parse(ordered[0].period).first
        gap = first.month - 1 if first.year == year else 0
        rest = MONTHS - gap - span * len(ordered)
        found.append(Line(what, label, gap, ordered, max(0, rest)))
    return found


def tile_of(cells: Sequence[Cell], period: Period, entry: UnitEntry, desk: Desk) -> Tile:
    """Return how a period stands; its link leads to exactly the cells that are counted."""
    own = counted(cells, str(period))
    done = sum(cell.verdict in DONE for cell in own)
    shapes = [cell.light.shape for cell in own]
    shape = min(shapes, key=lights.URGENCY.index) if shapes else "free"
    link = desk.horizon.link(f"/units/{entry.id}/year", year=period.first.year, period=period)
    told = {
        "over": "有缺的",
        "soon": "有临期或者迟的",
        "refer": "有待定的",
        "no": "还没到",
        "ok": "齐了",
        "free": "没有要求",
    }
    return Tile(
        period_word(str(period), desk.horizon.as_of),
        done,
        len(own),
        lights.Light(shape, told[shape]),
        f"{link}#cells",
    )


def counted(cells: Sequence[Cell], period: str) -> list[Cell]:
    """Return the cells of one period that bind: what is exempt is not counted."""
    return [cell for cell in cells if cell.period == period and cell.verdict != "exempt"]


@router.get("/units/{unit_id}/year")
def show(ask: Annotated[Ask, Depends()], unit_id: str) -> HTMLResponse:
    """Show the year of one unit as a table, and one period or what wants seeing to as a list.

    Raises:
        PageProblem: 404, there is no such unit; 400, no such year or period.
    """
    desk, entry, year = ask.desk, unit_of(ask, unit_id), _year(ask)
    cells = cells_of(entry, desk, year)
    told = ask.text("period")
    period = ask.period("period", Period.of(ask.horizon.as_of, "month")) if told else None
    shown = counted(cells, str(period)) if period else [c for c in cells if c.light.shape in WANTING]
    path, link = f"/units/{entry.id}/year", ask.horizon.link
    return ask.page(
        "unit_year.html",
        here="/units",
        entry=entry,
        year=year,
        lines=lines_of(cells, year),
        months=range(1, MONTHS + 1),
        shown=sorted(shown, key=lambda cell: (lights.URGENCY.index(cell.light.shape), cell.period)),
        done=sum(cell.verdict in DONE for cell in shown),
        period=period_word(str(period), ask.horizon.as_of) if period else "",
        exempt=sum(cell.verdict == "exempt" for cell in cells),
        years=[
            chip(f"{one} 年", link(path, year=one), here=one == year) for one in range(year - 1, year + 2)
        ],
        all_path=link(path, year=year),
        export_xlsx=link(f"/units/{entry.id}/year.xlsx", year=year),
    )


@router.get("/units/{unit_id}/year.xlsx")
@router.get("/units/{unit_id}/year.csv")
def save(ask: Annotated[Ask, Depends()], unit_id: str) -> Response:
    """Return the cells of the year as a workbook or as CSV, one row a cell.

    Raises:
        PageProblem: 404, there is no such unit; 400, no such year.
    """
    entry, year = unit_of(ask, unit_id), _year(ask)
    head = ("序号", "期间", "事项", "结论", "说明", "依据")
    rows = [
        (n, cell.period, cell.what, cell.light.text, cell.why.conclusion, cell.why.basis)
        for n, cell in enumerate(cells_of(entry, ask.desk, year), 1)
    ]
    return export.answer(ask, f"{entry.name}{year}年完成表", head, rows)


def _year(ask: Ask) -> int:
    told = ask.text("year") or str(ask.horizon.as_of.year)
    if not (told.isascii() and told.isdigit()) or not FIRST_YEAR <= int(told) <= LAST_YEAR:
        raise bad_query("year", told, "一个年份，如 2026")
    return int(told)


def this_month_and_quarter(as_of: date) -> tuple[Period, Period, Period]:
    """Return the month, the quarter and the year of a day."""
    return Period.of(as_of, "month"), Period.of(as_of, "quarter"), Period.of(as_of, "year")
