"""我的待办: what is overdue, what falls due, and why."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.offered import offered
from workflows.entrypoints.web.matters import NEAR_DAYS, matter_of
from workflows.entrypoints.web.paging import TASK_LIST, Pages, chip
from workflows.entrypoints.web.words import weekday

router = APIRouter()
WHEN = {
    "all": ("全部", ""),
    "overdue": ("逾期", "over"),
    "today": ("今天到期", "soon"),
    "week": ("本周", ""),
    "bygone": ("更早的", ""),
}


@router.get("/")
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the to-do list: overdue first, the rest by its last day."""
    desk, horizon = ask.desk, ask.horizon
    only = ask.choice("only", WHEN, "all")
    found = ask.paged(partial(desk.agenda, None, only=only, within=NEAR_DAYS), TASK_LIST)
    counts = found["counts"]
    query = {} if only == "all" else {"only": only}
    pages = Pages.of(found["total"], ask.page_number, TASK_LIST, "/", horizon, query)
    return ask.page(
        "todo.html",
        here="/",
        task_count=counts["all"],
        weekday=weekday(horizon.as_of),
        chips=[
            chip(
                word,
                horizon.link("/", only="" if name == "all" else name),
                here=name == only,
                count=counts[name],
                shape=shape,
            )
            for name, (word, shape) in WHEN.items()
        ],
        matters=[offered(matter_of(row, desk), ask) for row in found["rows"]],
        pages=pages,
        earlier=counts["bygone"] if only in ("all", "overdue") else 0,
        earlier_path=horizon.link("/", only="bygone"),
        export_path=horizon.link("/todo.xlsx", **query),
    )


@router.get("/todo.xlsx")
@router.get("/todo.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list, same filter, as a workbook or as CSV."""
    found = ask.desk.agenda(None, only=ask.choice("only", WHEN, "all"), within=NEAR_DAYS)
    matters = [matter_of(row, ask.desk) for row in found["rows"]]
    head = ("序号", "期限", "事项", "支部", "截止日", "条款")
    told = [
        (n, one.light.text, one.title, one.unit, one.due_on, one.clause) for n, one in enumerate(matters, 1)
    ]
    return export.answer(ask, "我的待办", head, told)
