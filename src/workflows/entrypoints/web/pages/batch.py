"""批量办理: one step of several people: one form, each checked and recorded by itself; a result to reload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.act import WHY
from workflows.entrypoints.web.forms.checking import Flaw
from workflows.entrypoints.web.forms.drafts import drafted, to_draft
from workflows.entrypoints.web.forms.fields import fields_of, has_form, is_personal
from workflows.entrypoints.web.forms.guard import Pass
from workflows.entrypoints.web.forms.many import PERSON, Many, Told
from workflows.entrypoints.web.forms.posted import Posted, read_posted
from workflows.entrypoints.web.forms.results import Results
from workflows.entrypoints.web.matters import pressing, step_title
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.pages.people import row_of
from workflows.entrypoints.web.pages.pipeline import limits_by_person
from workflows.entrypoints.web.pages.steps import (
    CHECK,
    CONFIRM,
    EDIT,
    guarded,
    possible,
    refuse_unknown,
    ruled,
    upcoming,
)
from workflows.entrypoints.web.problems import PageProblem, not_found

router = APIRouter()
MOST_PEOPLE = 60
BATCH = "/pipeline/batch"
EVENT, REFUSED = "event", "refused"
NOT_KEPT = "没有登记；接着办的时候会再说明原因"


@dataclass(frozen=True, slots=True)
class Group:
    """People whose next step is the same one (and whose unit is, where its people are chosen from)."""

    command: str
    title: str
    unit: str
    names: Sequence[str]
    path: str


def batch_path(command: str, people: Sequence[object]) -> str:
    """Return where one step of several people is done."""
    pairs = [("command", command)] if command else []
    return f"{BATCH}?{urlencode([*pairs, *((PERSON, str(one)) for one in people)])}"


@router.get(BATCH, dependencies=[Depends(guarded)])
def begin(ask: Annotated[Ask, Depends()]) -> HTMLResponse:
    """Show the form for those who were chosen; where their next steps differ, the groups to choose from.

    Raises:
        PageProblem: 400 nobody or too many chosen, 404 no such step, or nobody is there.
    """
    rows = _rows(ask, ask.request.query_params.getlist(PERSON))
    command = ask.text("command")
    if command:
        return _form(_many(ask, command, rows))
    groups = _groups(ask, rows)
    if len(groups) == 1 and groups[0].command and not ask.text("choose"):
        return _form(_many(ask, groups[0].command, rows))
    return ask.page(
        "batch_groups.html",
        here="/pipeline",
        groups=groups,
        people=[row["person_id"] for row in rows],
        together=_together(ask, rows),
    )


@router.post(BATCH + "/{command}")
def take(
    ask: Annotated[Ask, Depends()], command: str, posted: Annotated[Posted, Depends(read_posted)]
) -> Response:
    """Check, or record, one step of several people.

    Raises:
        PageProblem: 400 nobody or too many chosen, 404 no such step, or nobody is there.
    """
    return _answer(ask, command, posted)


@router.get(BATCH + "/{command}", dependencies=[Depends(guarded)])
def again(ask: Annotated[Ask, Depends()], command: str) -> Response:
    """Show again what was filled in for several people.

    Raises:
        PageProblem: 404 nothing was filled in, no such step, or nobody is there.
    """
    posted = drafted(ask)
    if posted is None:
        raise not_found("张表")
    return _answer(ask, command, posted)


def _answer(ask: Ask, command: str, posted: Posted) -> Response:
    many = _many(ask, command, _rows(ask, posted.all(PERSON)), posted)
    refuse_unknown(posted.do)
    if posted.do != CONFIRM and not posted.is_draft:
        return to_draft(ask, posted)
    if posted.do not in (CHECK, CONFIRM):
        return _form(many, focus=posted.do.removeprefix(EDIT))
    requests = many.requests()
    if flaws := many.flaws():
        return _form(many, flaws)
    told = many.told(requests, preview=True)
    wants_reason = any(one.found and one.found.wants_reason for one in told if not one.refused)
    if posted.do == CHECK:
        return _check(many, told, wants_reason)
    if wants_reason and not many.first.reason:
        return _check(many, told, wants_reason, [Flaw(WHY, "请写明原因")])
    return _go_on(many, many.told(requests, preview=False))


def _rows(ask: Ask, people: Sequence[str]) -> list[Mapping[str, Any]]:
    chosen = list(dict.fromkeys(people))
    if not chosen or len(chosen) > MOST_PEOPLE:
        told = "没有勾选人" if not chosen else f"勾选了 {len(chosen)} 人"
        raise PageProblem(
            HTTPStatus.BAD_REQUEST, "不能批量办理", told, f"请在名单里勾选 1 到 {MOST_PEOPLE} 人"
        )
    return [row_of(ask.stream(one, "个人"), ask.desk) for one in chosen]


def _many(ask: Ask, command: str, rows: Sequence[Mapping[str, Any]], posted: Posted | None = None) -> Many:
    if not has_form(command) or is_personal(command):
        raise not_found("件可以批量办的事")
    if _chooses_people(command) and len({row["unit_id"] for row in rows}) > 1:
        raise PageProblem(
            HTTPStatus.BAD_REQUEST,
            "不能一起办",
            "他们不在一个党支部，要选的人不同",
            "请一个党支部一个党支部地办",
        )
    return Many(ask, command, rows, posted)


def _chooses_people(command: str) -> bool:
    return any(one.kind in ("people", "person") for one in fields_of(command))


def _groups(ask: Ask, rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    desk = ask.desk
    limits = limits_by_person(desk.deadlines()["rows"], desk)
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        asked = pressing(row, limits.get(row["person_id"], []))
        step = str(asked["step"]) if asked else ""
        step = step if has_form(step) else ""
        unit = row["unit"] or "" if step and _chooses_people(step) else ""
        found.setdefault((step, unit), []).append(row)
    return [
        Group(
            step,
            step_title(desk, step) if step else "",
            unit,
            [row["person"] or "" for row in own],
            batch_path(step, [row["person_id"] for row in own]),
        )
        for (step, unit), own in found.items()
    ]


def _together(ask: Ask, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the steps of the chart that can be done for all of them together, in its order."""
    desk = ask.desk
    shared = set.intersection(*({*possible(row["stage"])} for row in rows)) - {"receive_application"}
    if len({row["unit_id"] for row in rows}) > 1:
        shared = {step for step in shared if not _chooses_people(step)}
    chart = [step.id for step in desk.rules.steps(desk.horizon.as_of)]
    place = {step: number for number, step in enumerate(chart)}
    ordered = sorted(shared, key=lambda step: (place.get(step, len(chart)), step))
    return [(step, step_title(desk, step)) for step in ordered]


# --- pages --------------------------------------------------------------------------------------------------


def _form(many: Many, flaws: Sequence[Flaw] = (), focus: str = "") -> HTMLResponse:
    return _page(
        many,
        "batch.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
        flaws=flaws,
        wrong={flaw.field: flaw.text for flaw in flaws},
        shared=many.shared(flaws),
        focus=focus,
        ruled=ruled(many.first),
        reason=many.first.reason,
        is_history=many.first.is_history,
    )


def _check(many: Many, told: Sequence[Told], wants_reason: bool, flaws: Sequence[Flaw] = ()) -> HTMLResponse:
    posted = many.posted
    return _page(
        many,
        "batch_check.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
        flaws=flaws,
        told=told,
        ready=sum(not one.refused for one in told),
        answers=many.answers(),
        wants_reason=wants_reason,
        reason=many.first.reason,
        is_history=many.first.is_history,
        carried=list(posted.carried() if posted else ()),
    )


def _go_on(many: Many, told: Sequence[Told]) -> RedirectResponse:
    """Lead to what became of each, a page of its own: gone back to or shown again, nothing is asked for."""
    form = str(many.posted.command_id if many.posted else "")
    refused = {str(one.act.person_id): list(one.against) for one in told if one.refused}
    results: Results = many.ask.request.app.state.results
    results.keep(form, refused)
    pairs = [("form", form), *((REFUSED, person) for person in refused)]
    for one in told:
        if not one.refused and one.each and one.each.outcome:
            pairs.append((EVENT, f"{one.each.outcome.position}@{one.act.person_id}"))
    return RedirectResponse(f"{BATCH}/{many.command}/done?{urlencode(pairs)}", HTTPStatus.SEE_OTHER)


@router.get(BATCH + "/{command}/done")
def done(ask: Annotated[Ask, Depends()], command: str) -> HTMLResponse:
    """Show what became of each of several people, and what follows.

    Raises:
        PageProblem: 400 nobody or too many, 404 no such step, record, or nobody is there.
    """
    if not has_form(command) or is_personal(command):
        raise not_found("件可以批量办的事")
    desk, query = ask.desk, ask.request.query_params
    results: Results = ask.request.app.state.results
    why = results.told(ask.text("form"))
    events = [told.partition("@")[::2] for told in query.getlist(EVENT)]
    _rows(ask, [*(person for _, person in events), *query.getlist(REFUSED)])
    return ask.page(
        "batch_done.html",
        here="/pipeline",
        title=step_title(desk, command),
        recorded=[_recorded(ask, command, position, person) for position, person in events],
        refused=[
            {**_one(ask, person), "against": why.get(person, [NOT_KEPT])} for person in query.getlist(REFUSED)
        ],
        again=batch_path("", query.getlist(REFUSED)),
    )


def _one(ask: Ask, person: str) -> dict[str, Any]:
    row = row_of(ask.stream(person, "个人"), ask.desk)
    return {"person_id": person, "name": row["person"] or "（姓名已删除）", "row": row}


def _recorded(ask: Ask, command: str, position: str, person: str) -> dict[str, Any]:
    """Return one who was recorded: the record, if anything changed, and the next step."""
    found = _one(ask, person)
    is_number = position.isascii() and position.isdigit() and len(position) <= LONGEST_POSITION
    record = ask.desk.record(int(position)) if is_number and int(position) else None
    if position != "0" and (record is None or str(record.stream_id) != person):
        raise not_found("条记录")
    return {**found, "position": int(position), "following": upcoming(found["row"], ask.desk)[:1]}


def _page(many: Many, template: str, *, status: HTTPStatus, **told: Any) -> HTMLResponse:
    request, backing = many.ask.request, many.first.backing
    form = Pass(request)
    made = str(backing.recording.new_id(backing.clock.now()))
    page = many.ask.page(
        template,
        here="/pipeline",
        many=many,
        other=batch_path("", [act.person_id for act in many.acts]) + "&choose=1",
        title=many.first.title,
        path=f"{BATCH}/{many.command}",
        token=form.token,
        command_id=many.posted.one("command_id") if many.posted else made,
        **told,
    )
    page.status_code = status
    form.onto(page)
    return page
