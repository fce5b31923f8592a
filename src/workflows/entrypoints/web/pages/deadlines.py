"""期限: every limit and duty with its day, its status and its why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.matters import matter_of, urgent_first
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip

router = APIRouter()
STATUSES = {
    "open": ("未办", ""), "overdue": ("逾期", "over"), "due": ("没到期", ""), "bygone": ("更早的", ""),
    "met": ("已办", "ok"),
}  # fmt: skip


@router.get("/deadlines")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the limits of everybody or of one unit and all below."""
    desk, horizon = ask.desk, ask.horizon
    status, unit = ask.choice("status", STATUSES, "open"), ask.unit_filter()
    found = _found(ask, status, LONG_LIST)
    counts = found["counts"]
    query = {
        k: v for k, v in (("status", "" if status == "open" else status), ("unit", str(unit or ""))) if v
    }
    pages = Pages.of(found["total"], ask.page_number, LONG_LIST, "/deadlines", horizon, query)
    return ask.page(
        "deadlines.html",
        here="/deadlines",
        block="results",
        matters=list(enumerate((matter_of(row, desk) for row in found["rows"]), pages.first)),
        pages=pages,
        chips=[
            chip(
                word,
                horizon.link("/deadlines", status="" if name == "open" else name, unit=unit or ""),
                here=name == status,
                shape=shape,
                count=counts.get(name),
            )
            for name, (word, shape) in STATUSES.items()
        ],
        unit=str(unit or ""),
        status=status,
        part=ask.part,
        bygone=counts["bygone"] if status in ("open", "overdue") else 0,
        bygone_path=horizon.link("/deadlines", status="bygone", unit=unit or ""),
        units=desk.choices(unit),
        export_xlsx=horizon.link("/deadlines.xlsx", **query),
        export_csv=horizon.link("/deadlines.csv", **query),
    )


@router.get("/deadlines.xlsx")
@router.get("/deadlines.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter, as a workbook or as CSV."""
    rows = _found(ask, ask.choice("status", STATUSES, "open"), None)["rows"]
    matters = [matter_of(row, ask.desk) for row in rows]
    head = ("序号", "事项", "支部", "截止日", "期限", "条款", "规则")
    told = [
        (n, one.title, one.unit, one.due_on, one.light.text, one.clause, one.row["rule"])
        for n, one in enumerate(matters, 1)
    ]
    return export.answer(ask, "期限", head, told)


def _found(ask: Ask, status: str, size: int | None) -> Mapping[str, Any]:
    """Return the limits of a status, a page of them or all; periods long over stand alone."""
    unit = ask.unit_filter()
    if status == "met":
        rows = urgent_first(ask.desk.deadlines(unit, None, "met")["rows"])
        pages = Pages.of(len(rows), ask.page_number, size or len(rows) or 1, "", ask.horizon, {})
        return {
            "rows": rows if size is None else pages.cut(rows),
            "total": len(rows),
            "counts": {"met": len(rows)},
        }
    agenda = partial(ask.desk.agenda, unit, only="all" if status == "open" else status)
    found = agenda() if size is None else ask.paged(agenda, size)
    counts = {name: found["counts"][name] for name in ("overdue", "due", "bygone")}
    return {**found, "counts": {"open": found["counts"]["all"], **counts}}
