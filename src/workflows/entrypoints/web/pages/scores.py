"""考评得分: one unit of a campaign criterion by criterion, and all of them as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.application.commands import commands_of
from workflows.entrypoints import grade_words, scoring_words
from workflows.entrypoints.rendering import cell
from workflows.entrypoints.web import bulletins, campaign_told, export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.campaigns import CAMPAIGNS
from workflows.entrypoints.web.forms.act import UNIT
from workflows.entrypoints.web.pages.case import entry_of
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.words import WORDING, word

router = APIRouter()
OF_A_UNIT = (
    "review",
    "assess_self",
    "survey_masses",
    "confirm_rating",
    "hang_plate",
    "revoke_rating",
    "take_plate_down",
)
"""The acts about one unit of a campaign, the one that is usual first."""

COLUMNS = tuple(name for name in scoring_words.SHEET if name != "unit_id")


def _asked(ask: Ask, case_id: str) -> Mapping[str, Any]:
    """Return the scores of a campaign at this horizon.

    Raises:
        PageProblem: 404, there is no such campaign, or not yet on that day.
    """
    entry = entry_of(ask, CAMPAIGNS, case_id)
    if ask.desk.case(entry.id)["state"] is None:
        raise not_found(f"件{CAMPAIGNS.noun}")
    return ask.desk.scores(entry.id)


@router.get("/campaigns/{case_id}/units/{unit_id}")
def show(ask: Annotated[Ask, Depends()], case_id: str, unit_id: str) -> HTMLResponse:
    """Show claim, facts, last year and reviews of one unit side by side.

    Raises:
        PageProblem: 404, no such campaign, or the unit takes no part in it.
    """
    told, entry = _asked(ask, case_id), unit_of(ask, unit_id)
    row = next((one for one in told["rows"] if one["unit_id"] == str(entry.id)), None)
    if row is None:
        raise not_found("个参加这次考评的党组织")
    base = CAMPAIGNS.place(told["file_id"])
    return ask.page(
        "campaign_unit.html",
        here=CAMPAIGNS.here,
        base=base,
        unit=row["unit"],
        unit_path=ask.horizon.link(f"/units/{entry.id}"),
        subject=row["subject"],
        year=told["year"],
        acts=_acts(ask, told["file_id"], entry.id, base),
        is_over=told["campaign"]["over"],
        line=campaign_told.line(row, told, ask),
        satisfaction=f"{row['satisfaction']:g}%" if row["satisfaction"] is not None else "",
        last=_last(row["last"], entry.id, ask),
        because=(row["draft"] or {}).get("because", ()),
        criteria=[campaign_told.side_by_side(one, ask) for one in row["criteria"]],
        scores=[_score(one, ask) for one in reversed(row["scores"])],
    )


def _acts(ask: Ask, file_id: str, unit_id: object, base: str) -> list[dict[str, str]]:
    """Return what can be done about the unit at the stage of the campaign; each form knows the unit."""
    moves = {one["command"] for one in ask.desk.case(entry_of(ask, CAMPAIGNS, file_id).id)["moves"]}
    known = commands_of(CAMPAIGNS.kind)
    return [
        {"title": word("command", name), "path": f"{base}/acts/{name}?{UNIT}={unit_id}"}
        for name in OF_A_UNIT
        if name in moves and name in known
    ]


def _last(told: Mapping[str, Any] | None, unit_id: object, ask: Ask) -> dict[str, str] | None:
    if told is None:
        return None
    path = ask.horizon.link(campaign_told.unit_path(told["file_id"], unit_id))
    grade = "已取消" if told["revoked"] else grade_words.grade_told(told, WORDING)
    return {"path": path, "score": campaign_told.number(told["score"]), "grade": grade}


def _score(one: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    passed = {True: "达标", False: "没有达标"}.get(one["passed"], "")
    parts = [f"{campaign_told.number(one['score'])} 分" if one["score"] is not None else "", passed]
    return {
        "word": word("command", one["step"]),
        "on": one["on"],
        "path": campaign_told.event_path(one["event_id"], ask),
        "reason": one["reason"],
        "void": one["void"],
        "text": " ".join(part for part in parts if part),
    }


def _save(ask: Annotated[Ask, Depends()], case_id: str) -> Response:
    """Return every criterion of every unit as a workbook or as CSV.

    Raises:
        PageProblem: 404, no such campaign.
    """
    told = _asked(ask, case_id)
    head = [WORDING.column(name) for name in COLUMNS]
    rows = [[_value(name, row[name]) for name in COLUMNS] for row in scoring_words.rows(told, WORDING)]
    return export.answer(ask, f"{told['campaign']['subject']}各项得分", head, rows)


@router.get("/campaigns/{case_id}/bulletin.docx")
def save_bulletin(ask: Annotated[Ask, Depends()], case_id: str) -> Response:
    """Return the bulletin of a decided campaign as a Word document.

    Raises:
        PageProblem: 404, no such campaign, or no grade of it stands at this horizon.
    """
    return bulletins.of_campaign(ask, UUID(_asked(ask, case_id)["file_id"]))


def _value(name: str, value: Any) -> object:
    return cell(name, value, WORDING) if isinstance(value, list) else value


for _kind in ("xlsx", "csv"):
    router.add_api_route(
        f"/campaigns/{{case_id}}/scores.{_kind}", _save, methods=["GET"], response_model=None
    )
