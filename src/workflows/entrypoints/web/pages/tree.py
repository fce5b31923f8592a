"""党组织: the tree by day: who stands below whom, what kind it is, its people, its secretary, its term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.entrypoints.web import lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.lineage import former_names, in_words
from workflows.entrypoints.web.matters import urgent_first
from workflows.entrypoints.web.names import matches
from workflows.entrypoints.web.pages.units import TERM_RULE, term_light
from workflows.entrypoints.web.paging import LONG_LIST, Pages

router = APIRouter()
DEEPEST = 5
"""What stands deeper is shown no further to the right."""


@router.get("/units")
def show_all(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the tree of units on a day; with a name or a level asked for those units alone."""
    desk, horizon = ask.desk, ask.horizon
    asked, ended = ask.text("q"), ask.choice("ended", ("yes",)) == "yes"
    told = desk.tree()["rows"]
    level = ask.choice("level", {"all", *(row["level"] for row in told)}, "all")
    found = [
        row
        for row in told
        if (ended or not row["dissolved_on"])
        and level in ("all", row["level"])
        and any(matches(name, asked) for name in _names(row))
    ]
    is_tree = level == "all" and not asked
    query = {
        name: value
        for name, value in (
            ("q", asked),
            ("level", "" if level == "all" else level),
            ("ended", "yes" if ended else ""),
        )
        if value
    }
    pages = Pages.of(len(found), ask.page_number, LONG_LIST, "/units", horizon, query)
    limits = desk.limits_among([UUID(row["unit_id"]) for row in pages.cut(found)])
    overdue = Counter(str(row["unit_id"]) for row in limits if row["status"] == "overdue")
    terms = {str(row["unit_id"]): row for row in urgent_first(limits) if row["rule"] == TERM_RULE}
    return ask.page(
        "units.html",
        here="/units",
        rows=[
            _shown(row, pages.first + place, terms.get(row["unit_id"]), overdue[row["unit_id"]], desk)
            for place, row in enumerate(pages.cut(found))
        ],
        pages=pages,
        asked=asked,
        level=level,
        ended=ended,
        is_tree=is_tree,
        levels=sorted({row["level"] for row in told}),
        there=sum(not row["dissolved_on"] for row in told),
        gone=sum(bool(row["dissolved_on"]) for row in told),
    )


def _names(row: Mapping[str, Any]) -> list[str]:
    """Return every name a unit had until then."""
    return [str(one["name"]) for one in row["names"]] or [str(row["unit"] or "")]


def _shown(
    row: Mapping[str, Any], number: int, term: Mapping[str, Any] | None, overdue: int, desk: Desk
) -> dict[str, Any]:
    """Return a row as the page shows it; of a unit that is no more, what became of it instead of a limit."""
    full, probationary = row["full_members"], row["probationary_members"]
    own = None if full is None else full + probationary
    is_there = not row["dissolved_on"]
    light = term_light(term, desk) if term is not None and is_there else None
    if not is_there:
        light = lights.Light("no", f"{row['dissolved_on']} 撤销")
    return {
        **row,
        "number": number,
        "indent": min(row["depth"], DEEPEST),
        "former": [one.name for one in former_names(row)],
        "past": in_words(row) if not is_there else [],
        "members": own,
        "below": row["members_below"] if row["members_below"] != (own or 0) else None,
        "term": term if is_there else None,
        "light": light,
        "overdue": overdue,
        "is_there": is_there,
    }
