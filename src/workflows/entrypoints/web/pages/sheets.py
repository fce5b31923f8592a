"""党费登记、学习培训: the register of a branch, and one sheet by which it is filled in for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workflows.entrypoints.web import export
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.act import WHY
from workflows.entrypoints.web.forms.checking import Flaw
from workflows.entrypoints.web.forms.guard import Pass
from workflows.entrypoints.web.forms.posted import Posted, read_posted
from workflows.entrypoints.web.forms.sheet import KINDS, Entry, Sheet
from workflows.entrypoints.web.pages.steps import BACK, CHECK, CONFIRM, guarded
from workflows.entrypoints.web.paging import chip
from workflows.entrypoints.web.problems import PageProblem, bad_query, not_found
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.words import word
from workflows.kernel.calendar import Period, add_months

router = APIRouter()
SHAPES = {
    "paid": "ok", "short": "soon", "reduced": "free", "stopped": "free", "unrecorded": "refer",
    "unknown": "no",
}  # fmt: skip
DUES_HEAD = (
    "序号", "姓名", "身份", "支部", "月份", "类别", "应交", "实交", "交纳日", "情况",
    "补交最迟", "连续没有记录的月数",
)  # fmt: skip
TRAINING_HEAD = (
    "序号",
    "姓名",
    "身份",
    "支部",
    "年度",
    "次数",
    "学时",
    "没有写学时的次数",
    "最近一次",
    "培训名称",
)
FIRST_YEAR, LAST_YEAR = 1921, 2200


@router.get("/dues")
def show_dues(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show who of a unit owes what for a month, what was paid, what is not recorded."""
    unit, month = ask.unit_filter(), _month(ask)
    rows = _dues(ask, unit, month) if unit else []
    status = ask.choice("status", SHAPES)
    shown = [row for row in rows if not status or row["dues_status"] == status]
    kinds = [name for name in SHAPES if any(row["dues_status"] == name for row in rows)]
    query = {"unit": str(unit or ""), "month": str(month)}
    return ask.page(
        "dues.html",
        here="/roster",
        unit=str(unit or ""),
        unit_name=ask.desk.unit_name(unit),
        month=str(month),
        before=ask.horizon.link("/dues", unit=str(unit or ""), month=str(_shifted(month, -1))),
        after=ask.horizon.link("/dues", unit=str(unit or ""), month=str(_shifted(month, 1))),
        units=ask.desk.choices(unit),
        rows=[(row, SHAPES[row["dues_status"]]) for row in shown],
        chips=[
            chip("全部", ask.horizon.link("/dues", **query), here=not status, count=len(rows)),
            *(
                chip(
                    word("dues", name),
                    ask.horizon.link("/dues", **query, status=name),
                    here=status == name,
                    count=sum(row["dues_status"] == name for row in rows),
                    shape=SHAPES[name],
                )
                for name in kinds
            ),
        ],
        total=_sum(rows, "paid"),
        due=_sum(rows, "due"),
        many_units=len({row["unit_id"] for row in rows}) > 1,
        enter=f"/units/{unit}/sheets/dues?month={month}" if unit else "",
        export_xlsx=ask.horizon.link("/dues.xlsx", **query),
        export_csv=ask.horizon.link("/dues.csv", **query),
    )


@router.get("/dues.xlsx")
@router.get("/dues.csv")
def save_dues(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the register of a month as a workbook or as CSV; the base of nobody is in it.

    Raises:
        PageProblem: 400, no unit.
    """
    unit, month = _needed(ask), _month(ask)
    told = [
        (
            n, row["person"] or "（姓名已删除）", word("stage", row["stage"]), row["unit"], row["month"],
            word("value", row["role"]) if row["role"] else "", row["due"] or "", row["paid"] or "",
            row["paid_on"] or "", word("dues", row["dues_status"]), row["back_until"] or "",
            "" if row["months_unpaid"] is None else row["months_unpaid"],
        )
        for n, row in enumerate(_dues(ask, unit, month), 1)
    ]  # fmt: skip
    return export.answer(ask, f"{ask.desk.unit_name(unit)}党费登记{month}", DUES_HEAD, told)


@router.get("/training")
def show_training(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show how many hours each member of a unit was trained in a year."""
    unit, year = ask.unit_filter(), _year(ask)
    rows = _training(ask, unit, year) if unit else []
    query = {"unit": str(unit or ""), "year": str(year)}
    return ask.page(
        "training.html",
        here="/roster",
        unit=str(unit or ""),
        unit_name=ask.desk.unit_name(unit),
        year=year,
        units=ask.desk.choices(unit),
        rows=rows,
        many_units=len({row["unit_id"] for row in rows}) > 1,
        enter=f"/units/{unit}/sheets/training" if unit else "",
        export_xlsx=ask.horizon.link("/training.xlsx", **query),
        export_csv=ask.horizon.link("/training.csv", **query),
    )


@router.get("/training.xlsx")
@router.get("/training.csv")
def save_training(ask: Annotated[Ask, Depends()]) -> Response:
    """Return the hours of a year as a workbook or as CSV.

    Raises:
        PageProblem: 400, no unit.
    """
    unit, year = _needed(ask), _year(ask)
    told = [
        (
            n, row["person"] or "（姓名已删除）", word("stage", row["stage"]), row["unit"], row["year"],
            row["times"], row["hours"], row["unknown"], row["last_on"] or "", "、".join(row["titles"]),
        )
        for n, row in enumerate(_training(ask, unit, year), 1)
    ]  # fmt: skip
    return export.answer(ask, f"{ask.desk.unit_name(unit)}学习培训{year}", TRAINING_HEAD, told)


# --- the sheet ----------------------------------------------------------------------------------------------


@router.get("/units/{unit_id}/sheets/{name}", dependencies=[Depends(guarded)])
def begin(ask: Annotated[Ask, Depends()], unit_id: str, name: str) -> HTMLResponse:
    """Show the sheet with what is proposed: role and dues as they were last time.

    Raises:
        PageProblem: 404, no such unit or sheet.
    """
    return _form(_sheet(ask, unit_id, name))


@router.post("/units/{unit_id}/sheets/{name}")
def take(
    ask: Annotated[Ask, Depends()], unit_id: str, name: str, posted: Annotated[Posted, Depends(read_posted)]
) -> Response:
    """Check, or record, a sheet.

    Raises:
        PageProblem: 404 no such unit or sheet, 400 nobody knows which button.
    """
    sheet = _sheet(ask, unit_id, name, posted)
    if posted.do == BACK:
        return _form(sheet)
    if posted.do not in (CHECK, CONFIRM):
        raise PageProblem(HTTPStatus.BAD_REQUEST, "不能提交", "不知道要做什么", "请用页面上的按钮")
    requests = sheet.requests()
    if flaws := sheet.flaws():
        return _form(sheet, flaws)
    told = sheet.run(requests, preview=True)
    wants_reason = any(found.wants_reason for one in told if not one.refused for found in one.found)
    if posted.do == CHECK:
        return _check(sheet, told, wants_reason)
    if wants_reason and not sheet.reason:
        return _check(sheet, told, wants_reason, [Flaw(WHY, "请写明原因")])
    done = sheet.run(requests, preview=False)
    if any(one.refused for one in done):
        return _check(sheet, done, wants_reason, is_done=True)
    more = f"&month={sheet.month}" if name == "dues" else ""
    return RedirectResponse(f"{sheet.kind.path}?unit={sheet.entry.id}{more}", HTTPStatus.SEE_OTHER)


def _sheet(ask: Ask, unit_id: str, name: str, posted: Posted | None = None) -> Sheet:
    entry = unit_of(ask, unit_id)
    if name not in KINDS:
        raise not_found("张登记表")
    return Sheet(ask, name, entry, posted)


def _form(sheet: Sheet, flaws: Sequence[Flaw] = ()) -> HTMLResponse:
    return _page(
        sheet,
        "sheet.html",
        flaws=flaws,
        wrong={flaw.field: flaw.text for flaw in flaws},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
    )


def _check(
    sheet: Sheet,
    told: Sequence[Entry],
    wants_reason: bool,
    flaws: Sequence[Flaw] = (),
    *,
    is_done: bool = False,
) -> HTMLResponse:
    posted = sheet.posted
    return _page(
        sheet,
        "sheet_check.html",
        flaws=flaws,
        told=told,
        is_done=is_done,
        ready=sum(not one.refused for one in told),
        wants_reason=wants_reason,
        carried=list(posted.carried() if posted else ()),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
    )


def _page(sheet: Sheet, template: str, *, status: HTTPStatus, **told: Any) -> HTMLResponse:
    request, backing = sheet.ask.request, sheet.backing
    form = Pass(request)
    made = str(backing.recording.new_id(backing.clock.now()))
    page = sheet.ask.page(
        template,
        here="/roster",
        sheet=sheet,
        path=request.url.path,
        token=form.token,
        command_id=sheet.posted.one("command_id") if sheet.posted else made,
        **told,
    )
    page.status_code = status
    form.onto(page)
    return page


# --- what is asked ------------------------------------------------------------------------------------------


def _dues(ask: Ask, unit: UUID, month: Period) -> list[dict[str, Any]]:
    horizon = ask.horizon
    found: list[dict[str, Any]] = ask.app.answering.dues(unit, [str(month)], horizon.as_of, horizon.known_on)[
        "rows"
    ]
    return found


def _training(ask: Ask, unit: UUID, year: int) -> list[dict[str, Any]]:
    horizon = ask.horizon
    found: list[dict[str, Any]] = ask.app.answering.training(unit, year, horizon.as_of, horizon.known_on)[
        "rows"
    ]
    return found


def _month(ask: Ask) -> Period:
    told = ask.text("month") or str(Period.of(ask.horizon.as_of, "month"))
    try:
        period = Period.parse(told)
    except ValueError as error:
        raise bad_query("month", told, "年-月，如 2026-07") from error
    if period.kind != "month":
        raise bad_query("month", told, "年-月，如 2026-07")
    return period


def _shifted(month: Period, months: int) -> Period:
    return Period.of(add_months(month.first, months), "month")


def _year(ask: Ask) -> int:
    told = ask.text("year") or str(ask.horizon.as_of.year)
    if not (told.isascii() and told.isdigit() and FIRST_YEAR <= int(told) <= LAST_YEAR):
        raise bad_query("year", told, "年份，如 2026")
    return int(told)


def _needed(ask: Ask) -> UUID:
    unit = ask.unit_filter()
    if unit is None:
        raise PageProblem(HTTPStatus.BAD_REQUEST, "不能列出", "没有选支部", "请先选一个支部")
    return unit


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    return str(sum((Decimal(row[name]) for row in rows if row[name]), Decimal("0.00")))
