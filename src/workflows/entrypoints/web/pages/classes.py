"""先进、中间、后进: the branches of a day by class, with their grades and what comes of them; no rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints import case_tables, grade_words
from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kinds import BESIDE_THE_RATINGS, BY_KIND
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.words import WORDING
from workflows.projections.case_ledgers import CLASSES
from workflows.projections.grades import CLASSES as WORDS

router = APIRouter()
HERE = BESIDE_THE_RATINGS[1]
NONE = "none"
RATINGS = BY_KIND["campaign"]


def _class_of(row: Mapping[str, Any]) -> str:
    return str(row["class"] or NONE)


@router.get(HERE)
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the branches by class; with a class asked for those alone.

    Raises:
        PageProblem: 400, no such unit or class.
    """
    unit, only = ask.unit_filter(), ask.choice("class", (*WORDS, NONE))
    rows = ask.desk.classes(unit)["rows"]
    query = {"unit": str(unit)} if unit else {}
    counts = Counter(map(_class_of, rows))
    wanted = [row for row in rows if only in ("", _class_of(row))]
    asked = {**query, **({"class": only} if only else {})}
    pages = Pages.of(len(wanted), ask.page_number, LONG_LIST, HERE, ask.horizon, asked)
    return ask.page(
        "classes.html",
        here=RATINGS.here,
        beside=[
            chip(RATINGS.title, ask.horizon.link(RATINGS.path), here=False),
            chip(BESIDE_THE_RATINGS[0], ask.horizon.link(HERE), here=True),
        ],
        chips=[
            chip(
                title,
                ask.horizon.link(HERE, **{"class": "" if name == "all" else name}, **query),
                here=name == (only or "all"),
                count=len(rows) if name == "all" else counts[name],
            )
            for name, title in (("all", "全部"), *((name, title_of(name)) for name in (*WORDS, NONE)))
        ],
        groups=[
            (title_of(name), counts[name], [_shown(row) for row in part])
            for name, part in groupby(pages.cut(wanted), key=_class_of)
        ],
        pages=pages,
        units=ask.desk.units,
        unit=unit,
        export_xlsx=ask.horizon.link(f"{HERE}.xlsx", **query),
        export_csv=ask.horizon.link(f"{HERE}.csv", **query),
    )


def title_of(name: str) -> str:
    """Return what a class is called; of those of none that there is no class."""
    return "没有分类" if name == NONE else grade_words.unit_class(name, WORDING)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a branch as the page shows it; without a grade nothing but its name."""
    words = (grade_words.use_words(use, WORDING) for use in row["use"])
    return {
        **row,
        "grade": grade_words.grade_told(row, WORDING),
        "path": RATINGS.place(row["file_id"]) if row["file_id"] else "",
        "words": [told for told in words if told],
        "lines": [grade_words.use_line(use, WORDING) for use in row["use"]],
    }


@router.get(f"{HERE}.xlsx")
@router.get(f"{HERE}.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the branches by class as a workbook or as CSV, whichever class is shown."""
    rows: Sequence[Mapping[str, Any]] = ask.desk.classes(ask.unit_filter())["rows"]
    named = [{**row, "class": row["class"] or ""} for row in rows]
    return export.workbook(ask, CLASSES, case_tables.sheet(named, WORDING))
