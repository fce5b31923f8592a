"""期限: every limit and duty with its day, its status and its why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.matters import is_bygone, matter_of, urgent_first
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
    found = _found(ask)
    rows = found[status]
    query = {
        k: v for k, v in (("status", "" if status == "open" else status), ("unit", str(unit or ""))) if v
    }
    pages = Pages.of(len(rows), ask.page_number, LONG_LIST, "/deadlines", horizon, query)
    return ask.page(
        "deadlines.html",
        here="/deadlines",
        block="results",
        matters=list(enumerate((matter_of(row, desk) for row in pages.cut(rows)), pages.first)),
        pages=pages,
        chips=[
            chip(
                word,
                horizon.link("/deadlines", status="" if name == "open" else name, unit=unit or ""),
                here=name == status,
                shape=shape,
                count=len(found[name]) if name in found else None,
            )
            for name, (word, shape) in STATUSES.items()
        ],
        unit=str(unit or ""),
        status=status,
        part=ask.part,
        bygone=len(found["bygone"]) if status in ("open", "overdue") else 0,
        bygone_path=horizon.link("/deadlines", status="bygone", unit=unit or ""),
        units=desk.units,
        export_xlsx=horizon.link("/deadlines.xlsx", **query),
        export_csv=horizon.link("/deadlines.csv", **query),
    )


@router.get("/deadlines.xlsx")
@router.get("/deadlines.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter, as a workbook or as CSV."""
    rows = _found(ask)[ask.choice("status", STATUSES, "open")]
    matters = [matter_of(row, ask.desk) for row in rows]
    head = ("序号", "事项", "支部", "截止日", "期限", "条款", "规则")
    told = [
        (n, one.title, one.unit, one.due_on, one.light.text, one.clause, one.row["rule"])
        for n, one in enumerate(matters, 1)
    ]
    return export.answer(ask, "期限", head, told)


def _found(ask: Ask) -> dict[str, list[Mapping[str, Any]]]:
    """Return the limits under the statuses that can be told at once; periods long over stand alone."""
    if ask.choice("status", STATUSES, "open") == "met":
        return {"met": urgent_first(ask.desk.deadlines(ask.unit_filter(), None, "met")["rows"])}
    rows = urgent_first(ask.desk.deadlines(ask.unit_filter(), None, None)["rows"])
    present = [row for row in rows if not is_bygone(row)]
    return {
        "open": present,
        "overdue": [row for row in present if row["status"] == "overdue"],
        "due": [row for row in present if row["status"] == "due"],
        "bygone": [row for row in rows if is_bygone(row)],
    }
