"""办理: one step of one person, filled in, checked, recorded; and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workflows.application.commands import commands
from workflows.domain.person.commands import Personal
from workflows.domain.person.member_commands import MergePersons
from workflows.domain.stages import MEMBERS, Stage, stages_of_step
from workflows.entrypoints.web import lights
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.forms.act import WHY, Act
from workflows.entrypoints.web.forms.beside import beside_of
from workflows.entrypoints.web.forms.checking import Checked, Flaw
from workflows.entrypoints.web.forms.drafts import drafted, to_draft
from workflows.entrypoints.web.forms.fields import has_form
from workflows.entrypoints.web.forms.guard import Pass, refuse_to_record
from workflows.entrypoints.web.forms.posted import Posted, read_posted
from workflows.entrypoints.web.matters import light_of, step_path, step_title, urgent_first
from workflows.entrypoints.web.member_matters import by_matter
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.pages.people import row_of
from workflows.entrypoints.web.problems import PageProblem, not_found
from workflows.entrypoints.web.words import earliest_word, event_word, word
from workflows.kernel.errors import Conflict

router = APIRouter()
NEW = "receive_application"
BACK, DAY, CHECK, CONFIRM, EDIT = "back", "day", "check", "confirm", "edit:"
ALL, ADD = "all", "add:"
"""Buttons of a form that only show it anew: everybody ticked, one more row."""
TITLE_OF_NEW = "登记申请人"


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule asks for at a step, with its clause."""

    label: str
    clause: str


def guarded(request: Request) -> None:
    """Refuse a form where pages do not record (a dependency of pages).

    Raises:
        PageProblem: 403.
    """
    refuse_to_record(request)


@router.get("/people/new", dependencies=[Depends(guarded)])
def new(ask: Annotated[Ask, Depends()]) -> Response:
    """Show the form for somebody who applies."""
    return answer(Act(ask, NEW, person_id=None, posted=drafted(ask)))


@router.post("/people/new")
def take_new(ask: Annotated[Ask, Depends()], posted: Annotated[Posted, Depends(read_posted)]) -> Response:
    """Check, or record, somebody who applies."""
    return answer(Act(ask, NEW, person_id=None, posted=posted))


@router.get("/people/{person_id}/steps", dependencies=[Depends(guarded)])
def steps(ask: Annotated[Ask, Depends()], person_id: str) -> HTMLResponse:
    """Show everything that can be done for someone at their stage, the next steps first.

    Raises:
        PageProblem: 404, nobody is there.
    """
    wanted = ask.stream(person_id, "个人")
    row = row_of(wanted, ask.desk)
    following = upcoming(row, ask.desk)
    known = {one["command"] for one in following}
    others = [
        {
            "command": name,
            "title": step_title(ask.desk, name, row["unit_id"]),
            "path": f"/people/{wanted}/steps/{name}",
        }
        for name in possible(row["stage"])
        if name not in known
    ]
    return ask.page(
        "steps.html",
        here="/pipeline",
        person_id=person_id,
        name=row["person"] or "（姓名已删除）",
        stage=word("stage", row["stage"]),
        following=following,
        others=by_matter(others),
    )


@router.get("/people/{person_id}/steps/{command}", dependencies=[Depends(guarded)])
def show(ask: Annotated[Ask, Depends()], person_id: str, command: str) -> Response:
    """Show the form of one step.

    Raises:
        PageProblem: 404, no such step, or nobody is there.
    """
    return answer(_act(ask, person_id, command, drafted(ask)))


@router.post("/people/{person_id}/steps/{command}")
def take(
    ask: Annotated[Ask, Depends()],
    person_id: str,
    command: str,
    posted: Annotated[Posted, Depends(read_posted)],
) -> Response:
    """Check, or record, one step.

    Raises:
        PageProblem: 404, no such step, or nobody is there.
    """
    return answer(_act(ask, person_id, command, posted))


@router.get("/people/{person_id}/steps/{command}/done")
def done(ask: Annotated[Ask, Depends()], person_id: str, command: str) -> HTMLResponse:
    """Show what was recorded, and what follows with its days.

    Raises:
        PageProblem: 404, no such record of this person.
    """
    desk, wanted = ask.desk, ask.stream(person_id, "个人")
    told = ask.text("event")
    is_number = told.isascii() and told.isdigit() and len(told) <= LONGEST_POSITION
    record = desk.record(int(told)) if is_number else None
    if record is None or record.stream_id != wanted or not has_form(command):
        raise not_found("条记录")
    row = row_of(wanted, desk)
    return ask.page(
        "step_done.html",
        here="/pipeline",
        person_id=person_id,
        name=row["person"] or "（姓名已删除）",
        stage=word("stage", row["stage"]),
        title=event_word(type(record.event).__name__),
        record=record,
        following=upcoming(row, desk),
        limits=[
            {
                "title": step_title(desk, str(one["subject"]), row["unit_id"]),
                "due_on": one["due_on"],
                "light": light_of(one, desk),
            }
            for one in urgent_first(desk.deadlines(person_id=wanted)["rows"])
        ],
    )


def _act(ask: Ask, person_id: str, command: str, posted: Posted | None = None) -> Act:
    wanted = ask.stream(person_id, "个人")
    if not has_form(command):
        raise not_found("件可以办的事")
    row = row_of(wanted, ask.desk)
    name, one = row["person"] or "（姓名已删除）", UUID(row["person_id"])
    return Act(ask, command, person_id=one, name=name, posted=posted)


# --- what comes next --------------------------------------------------------------------------------------


def upcoming(row: Mapping[str, Any], desk: Desk) -> list[dict[str, Any]]:
    """Return the next steps of a row of the pipeline: title, days, what is missing, and where it is done."""
    return [_following(one, row, desk) for one in row["next"]]


def _following(one: Mapping[str, Any], row: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    first, last, on = one["earliest_on"], one["latest_on"], str(desk.horizon.as_of)
    days = [f"最早 {earliest_word(first, one['provisional'])}"] if first else []
    days += [f"最迟 {last}"] if last else []
    shape = "over" if last and last < on else "no" if first and first > on else "ok"
    return {
        "command": one["step"],
        "title": step_title(desk, one["step"], row["unit_id"]),
        "days": "，".join(days) or "没有期限",
        "light": lights.Light(shape, {"over": "逾期", "no": "未到", "ok": "可以办"}[shape]),
        "missing": "、".join(step_title(desk, name, row["unit_id"]) for name in one["missing"]),
        "path": step_path(row["person_id"], one["step"]),
    }


WHOEVER = frozenset({MergePersons.verb()})
"""Commands about somebody at whatever stage."""


def possible(stage: str | None) -> list[str]:
    """Return the commands that belong to a stage; of members those that belong to none too."""
    here = Stage(stage) if stage else Stage.NOBODY
    found = []
    for name, kind in commands().items():
        if not has_form(name) or (issubclass(kind, Personal) and name != NEW):
            continue
        belongs = stages_of_step(name)
        if name in WHOEVER or here in belongs or (not belongs and here in MEMBERS):
            found.append(name)
    return found


# --- form, check, record ----------------------------------------------------------------------------------


def answer(act: Act) -> Response:
    """Return the next page after a form was posted.

    Raises:
        PageProblem: 409 it was recorded before with other contents, 400 nobody knows which button.
    """
    posted = act.posted
    if posted is None:
        return show_form(act)
    refuse_unknown(posted.do)
    if posted.do != CONFIRM and not posted.is_draft:
        return to_draft(act.ask, posted)
    if posted.do not in (CHECK, CONFIRM):
        return show_form(act, focus=posted.do.partition(":")[2])
    request = act.request()
    try:
        found = act.check(request) if request is not None else None
        if request is None or found is None:
            return show_form(act, act.flaws())
        if found.outcome.repeated:
            return _go_on(act, found)
        if found.outcome.refused:
            return show_form(act, found.flaws, found)
        if posted.do == CHECK:
            return show_check(act, found)
        if found.wants_reason and not act.reason:
            return show_check(act, found, [Flaw(WHY, "请写明原因")])
        outcome = act.backing.recording.record(request)
    except Conflict as problem:
        raise recorded_before() from problem
    if outcome.refused:  # somebody recorded something in between
        return show_form(act, found.flaws, found)
    return _go_on(act, Checked(outcome))


def refuse_unknown(do: str) -> None:
    """Refuse a button that no form has.

    Raises:
        PageProblem: 400.
    """
    if do not in (BACK, DAY, ALL, CHECK, CONFIRM) and not do.startswith((EDIT, ADD)):
        raise PageProblem(HTTPStatus.BAD_REQUEST, "不能提交", "不知道要做什么", "请用页面上的按钮")


def recorded_before() -> PageProblem:
    """Return the problem of a form that was recorded before with other contents."""
    return PageProblem(
        HTTPStatus.CONFLICT,
        "没有再登记一次",
        "这张表已经登记过了，内容和这次的不一样",
        "要改已经登记的，请在那条记录上更正；要再登记一件事，请重新打开一张表",
    )


def _go_on(act: Act, found: Checked) -> RedirectResponse:
    return RedirectResponse(act.done_path(found.outcome), HTTPStatus.SEE_OTHER)


def show_form(
    act: Act, flaws: Sequence[Flaw] = (), found: Checked | None = None, focus: str = ""
) -> HTMLResponse:
    """Return the form, with what is wrong on top and at its field."""
    told = None if act.is_new else _asked(act)
    return _page(
        act,
        "step.html",
        flaws=flaws,
        found=found,
        shown=act.shown(flaws),
        beside=beside_of(act) if found else [],
        focus=focus,
        asked=told,
        ruled=ruled(act),
        reason=act.reason,
        is_history=act.is_history,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
    )


def show_check(act: Act, found: Checked, flaws: Sequence[Flaw] = ()) -> HTMLResponse:
    """Return what was filled in, what the rules say, and what will change."""
    return _page(
        act,
        "step_check.html",
        flaws=flaws,
        found=found,
        answers=act.answers(),
        beside=beside_of(act),
        reason=act.reason,
        asks_why=found.wants_reason and not act.is_history and not act.said_why,
        is_history=act.is_history,
        carried=list(act.posted.carried() if act.posted else ()),
        is_known=act.is_new and _is_known(act, found),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK,
    )


def _page(act: Act, template: str, *, status: HTTPStatus, **told: Any) -> HTMLResponse:
    request, recording = act.ask.request, act.backing.recording
    form = Pass(request)
    command_id = (
        act.posted.one("command_id") if act.posted else str(recording.new_id(act.backing.clock.now()))
    )
    page = act.ask.page(
        template,
        here=act.here,
        crumbs=act.crumbs,
        away=act.away,
        name=act.name,
        title=TITLE_OF_NEW if act.is_new else act.title,
        path=request.url.path,
        token=form.token,
        command_id=command_id,
        **told,
    )
    page.status_code = status
    form.onto(page)
    return page


def _is_known(act: Act, found: Checked) -> bool:
    """Say whether somebody told as new stands on the books already."""
    stream = found.outcome.stream_id
    return isinstance(stream, UUID) and bool(act.ask.desk.records(stream))


def _asked(act: Act) -> dict[str, Any] | None:
    """Return what the chart says of this step for this person, None where it is not one of the next."""
    row = row_of(act.person_id, act.ask.desk) if act.person_id else None
    return (
        next((one for one in upcoming(row, act.ask.desk) if one["command"] == act.command), None)
        if row
        else None
    )


def ruled(act: Act) -> list[Ruled]:
    """Return what the rules in force on the day ask for at this step, those of the unit's own packs too."""
    with act.backing.answering.opened() as opened:
        rules = opened.books.rules_for(act.unit_id, act.day)
    held = [rule for rule in rules.at(act.command) if rule.in_force(act.day) and act.concerns(rule)]
    return list(dict.fromkeys(Ruled(rule.label, rule.cite(act.day)) for rule in held))
