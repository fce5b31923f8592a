"""整改推进: the problems of a span as they stand on a day; every number opens the problems behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints import case_tables, oversight
from workflows.entrypoints.correction_sheet import late_told
from workflows.entrypoints.web import export, lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.pages import overview
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.problems import bad_query
from workflows.entrypoints.web.words import WORDING, word
from workflows.kernel.calendar import Period
from workflows.projections import driving

router = APIRouter()
HERE, ROWS = "/overview/drive", "/overview/drive/rows"
SHAPES = {"overdue": "over", "closed": "ok", "held": "refer", "submitted": "soon", "accepted": "soon"}
ALWAYS = frozenset({"total", "opened", *driving.STANDING, "overdue", "reopened"})
COLUMNS = (
    "total",
    "found",
    "planned",
    "in_progress",
    "submitted",
    "accepted",
    "closed",
    "overdue",
    "reopened",
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: whose problems, of which span, of one source or of all."""

    whose: overview.Query
    period: str
    source: str

    @classmethod
    def read(cls, ask: Ask) -> Query:
        """Return what an address asks for.

        Raises:
            PageProblem: 400, no such unit, tree, span or source.
        """
        period = ask.period("period", Period.of(ask.horizon.as_of, "year"))
        return cls(overview.Query.read(ask), str(period), ask.choice("source", oversight.SOURCES))

    def told(self, **changes: object) -> dict[str, object]:
        """Return the parameters of an address that asks for the same but for ``changes``."""
        return {**self.whose.told(), "period": self.period, "source": self.source, **changes}


@router.get(HERE)
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the numbers of the whole, of each unit below and of each source."""
    asked = Query.read(ask)
    told = _drive(ask, asked)
    return ask.page(
        "drive.html",
        here=overview.HERE,
        asked=asked,
        total=told["total"],
        scope=told["unit"] or "全部党组织",
        tiles=[
            chip(
                oversight.drive_word(name, WORDING),
                ask.horizon.link(ROWS, **asked.told(of=name, source="")),
                here=False,
                shape=SHAPES.get(name, ""),
                count=told["total"][name],
            )
            for name in driving.FIGURES
            if told["total"][name] or name in ALWAYS
        ],
        median=oversight.median(told["total"], WORDING),
        heads=[(name, oversight.drive_word(name, WORDING)) for name in COLUMNS],
        parts=[
            ("各党组织", "党组织", [_of_unit(row, told, asked, ask) for row in told["rows"] if row["total"]]),
            ("各种来源", "来源", [_of_source(row, asked, ask) for row in told["sources"]]),
        ],
        **overview.choices(ask),
        spans=_spans(ask, asked),
        overview_path=ask.horizon.link(overview.HERE, **asked.whose.told()),
        export_xlsx=ask.horizon.link("/overview/drive.xlsx", **asked.told()),
    )


@router.get("/overview/drive.xlsx")
@router.get("/overview/drive.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the numbers of each unit below, on a further sheet those of each source."""
    told = _drive(ask, Query.read(ask))
    rows = oversight.drive_sheet(told, WORDING)
    return export.workbook(ask, "整改推进", rows, [oversight.source_sheet(told, WORDING)])


@router.get(ROWS)
def show_rows(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the problems behind a number."""
    asked, of = Query.read(ask), _figure(ask)
    told = _rows(ask, asked, of)
    query = {name: str(value) for name, value in asked.told(of=of).items() if value}
    pages = Pages.of(len(told), ask.page_number, LONG_LIST, ROWS, ask.horizon, query)
    return ask.page(
        "drive_rows.html",
        here=overview.HERE,
        asked=asked,
        title=oversight.drive_word(of, WORDING),
        scope=ask.desk.unit_name(asked.whose.unit) or "全部党组织",
        source=word("value", asked.source) if asked.source else "",
        rows=[(pages.first + place, _problem(row, ask)) for place, row in enumerate(pages.cut(told))],
        pages=pages,
        drive_path=ask.horizon.link(HERE, **asked.told(source="", alone="")),
        export_xlsx=ask.horizon.link("/overview/drive/rows.xlsx", **asked.told(of=of)),
    )


@router.get("/overview/drive/rows.xlsx")
@router.get("/overview/drive/rows.csv")
def save_rows(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list as the ledger of problems has it."""
    of = _figure(ask)
    rows = case_tables.sheet(_rows(ask, Query.read(ask), of), WORDING)
    return export.workbook(ask, f"整改推进{oversight.drive_word(of, WORDING)}", rows)


# --- what is asked of the answers ---------------------------------------------------------------------------


def _drive(ask: Ask, asked: Query) -> Mapping[str, Any]:
    return overview.answered(ask, "drive", asked.whose, period=asked.period)


def _rows(ask: Ask, asked: Query, of: str) -> Sequence[Mapping[str, Any]]:
    told = overview.answered(
        ask,
        "drive_rows",
        asked.whose,
        of,
        period=asked.period,
        source=asked.source or None,
        alone=bool(asked.whose.alone),
    )
    rows: Sequence[Mapping[str, Any]] = told["rows"]
    return rows


def _figure(ask: Ask) -> str:
    of = ask.text("of") or "total"
    if of not in driving.FIGURES:
        raise bad_query("of", of, "整改推进里的一个数目")
    return of


# --- pieces of the pages ------------------------------------------------------------------------------------


def _spans(ask: Ask, asked: Query) -> list[tuple[str, str]]:
    """Return the spans to choose from: this year, its quarters, the years before, the one asked for."""
    day = ask.horizon.as_of
    spans = [str(day.year)]
    spans += [f"{day.year}-Q{n}" for n in range((day.month + 2) // 3, 0, -1)]
    spans += [str(day.year - n) for n in range(1, 4)]
    return [(span, _span_word(span)) for span in dict.fromkeys([*spans, asked.period])]


def _span_word(span: str) -> str:
    year, _, part = span.partition("-")
    if not part:
        return f"{year} 年"
    return f"{year} 年{'第 ' + part[1:] + ' 季度' if part.startswith('Q') else part + ' 月'}"


def _of_unit(row: Mapping[str, Any], told: Mapping[str, Any], asked: Query, ask: Ask) -> dict[str, Any]:
    """Return the row of a unit below, or of the one asked for, then of that one alone."""
    own = row["unit_id"] == told["unit_id"]
    path = None if own else ask.horizon.link(HERE, **asked.told(unit=row["unit_id"]))
    about = {"unit": row["unit_id"], "alone": "yes" if own else ""}
    return _part(str(row["unit"] or ""), path, row, about, asked, ask)


def _of_source(row: Mapping[str, Any], asked: Query, ask: Ask) -> dict[str, Any]:
    return _part(word("value", row["source"]), None, row, {"source": row["source"]}, asked, ask)


def _part(
    name: str,
    path: str | None,
    row: Mapping[str, Any],
    about: Mapping[str, object],
    asked: Query,
    ask: Ask,
) -> dict[str, Any]:
    """Return a row of a table: each number with the problems behind it, where it is not 0."""
    numbers = [
        (
            oversight.drive_word(column, WORDING),
            row[column],
            None if not row[column] else ask.horizon.link(ROWS, **asked.told(of=column, **about)),
            column == "overdue" and row[column],
        )
        for column in COLUMNS
    ]
    return {"name": name, "path": path, "numbers": numbers, "median": oversight.median(row, WORDING)}


def _problem(row: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    waived = row["closed_waiver"]
    is_over, is_held = "overdue" in row["figures"], "held" in row["figures"]
    stage = WORDING.stage(f"rectification.{row['stage']}")
    shape = "over" if is_over else "refer" if is_held else "ok" if row["stage"] == "closed" else "no"
    return {
        **row,
        "unit_path": ask.horizon.link(f"/units/{row['unit_id']}"),
        "path": ask.horizon.link(f"/issues/{row['file_id']}"),
        "source_word": word("value", row["source"]),
        "stage_word": stage if is_over or is_held else "",
        "light": lights.Light(
            shape, f"逾期 {row['overdue_days']} 天" if is_over else "暂缓" if is_held else stage
        ),
        "waived": waived,
        "waived_late": late_told(waived, WORDING) if waived else "",
    }
