"""整顿对象的线索: which branches bear a mark of the rules in force; the county decides, nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.entrypoints.reasons import Reasons
from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.listings import LISTINGS
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.paging import LONG_LIST, Pages
from workflows.entrypoints.web.words import CATALOGUE, WORDING, word
from workflows.policies.findings import Calc
from workflows.policies.kinds.counts import fraction

router = APIRouter()
HERE = "/listings/candidates"
HEAD = ("党组织", "符合的情形", "账上的事实", "依据", "账上看不出的", "已经列入")
WHY = {
    "no_campaign": "还没有考评，未达标的数目不知道", "no_names": "考评只报了数目，没有点名，列谁由人定",
    "no_scores": "考评没有写得分，谁在后面由人定", "rounding": "除不尽，往上还是往下取没有写明，由人定",
    "tie": "有得分相同的，由人定",
}  # fmt: skip
DOUBTS = {"SS": "第二手材料", "GK": "凭一般了解", "VQ": "引自逐字引文"}


def says(mark: Mapping[str, Any]) -> str:
    """Return what the facts say of a mark, in words."""
    calc = msgspec.convert(mark["calc"], list[Calc])
    return Reasons(CATALOGUE, lambda told: None).mark(mark["how"], mark["facts"], calc)


@router.get(HERE)
def show(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show which branches bear a mark, and what a bottom share comes to.

    Raises:
        PageProblem: 400, no such unit.
    """
    unit = ask.unit_filter()
    told = ask.desk.weak_candidates(unit)
    query = {"unit": str(unit)} if unit else {}
    pages = Pages.of(len(told["rows"]), ask.page_number, LONG_LIST, HERE, ask.horizon, query)
    return ask.page(
        "candidates.html",
        here=LISTINGS.here,
        listings=LISTINGS,
        branches=told["branches"],
        marks=[{**one, "doubt": DOUBTS.get(one["confidence"], "")} for one in told["marks"]],
        shares=[_share(one) for one in told["shares"]],
        rows=[_row(one) for one in pages.cut(told["rows"])],
        pages=pages,
        unit=str(unit or ""),
        units=ask.desk.choices(unit),
        export_xlsx=ask.horizon.link(f"{HERE}.xlsx", **query),
        export_csv=ask.horizon.link(f"{HERE}.csv", **query),
    )


@router.get(f"{HERE}.xlsx")
@router.get(f"{HERE}.csv")
def save(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the same list as a workbook or as CSV.

    Raises:
        PageProblem: 400, no such unit.
    """
    rows = ask.desk.weak_candidates(ask.unit_filter())["rows"]
    told = [
        (
            row["unit"],
            "；".join(one["label"] for one in row["marks"]),
            "；".join(map(says, row["marks"])),
            "；".join(dict.fromkeys(one["clause"] for one in row["marks"])),
            "；".join(row["open"]),
            row["listed"]["subject"] if row["listed"] else "",
        )
        for row in rows
    ]
    return export.answer(ask, "整顿对象的线索", HEAD, told)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    listed = row["listed"]
    named = [("criteria", one["rule"]) for one in row["marks"]]
    return {
        **row,
        "path": f"/units/{row['unit_id']}",
        "marks": [{**one, "says": says(one), "paths": _paths(one["because"])} for one in row["marks"]],
        "listed": listed
        and {
            **listed,
            "path": LISTINGS.place(listed["file_id"]),
            "light": Light("soon", word("stage", f"listing.{listed['stage']}")),
        },
        "list_path": f"/units/{row['unit_id']}/acts/{LISTINGS.opening}?{urlencode(named)}",
    }


def _paths(sources: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(f"/events/{one['position']}", WORDING.event(one["event"])) for one in sources]


def percent(share: str) -> str:
    """Return a share as one says it: 10%."""
    return f"{float(fraction(share) * 100):g}%"


def _share(share: Mapping[str, Any]) -> dict[str, Any]:
    least, most = share["least"], share["most"]
    return {
        **share,
        "doubt": DOUBTS.get(share["confidence"], ""),
        "share": percent(share["share"]),
        "wanted": "" if least is None else f"{least} 个" if least == most else f"{least} 或 {most} 个",
        "why": [WHY[one] for one in share["why"]],
    }
