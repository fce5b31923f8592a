"""更正、撤回 from the page of a record: old and new, why, by what evidence, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workflows.application.amending import Amending
from workflows.application.ports import UnitEntry
from workflows.domain.unit.events import MeetingHeld
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.checking import Flaw
from workflows.entrypoints.web.forms.correction import EVIDENCE, FIELD, REASON, Correction
from workflows.entrypoints.web.forms.drafts import drafted, to_draft
from workflows.entrypoints.web.forms.guard import Pass
from workflows.entrypoints.web.forms.posted import DO, Posted, read_posted
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.pages.steps import CHECK, CONFIRM, guarded, recorded_before, refuse_unknown
from workflows.entrypoints.web.places import place_of
from workflows.entrypoints.web.problems import PageProblem, not_found
from workflows.entrypoints.web.words import event_word
from workflows.kernel.errors import Conflict, WrongUsage

router = APIRouter()
CORRECT, RETRACT = "correct", "retract"
WORDS = {CORRECT: "更正", RETRACT: "撤回"}


@router.get("/events/{position}/correct", dependencies=[Depends(guarded)])
def choose(ask: Annotated[Ask, Depends()], position: str) -> Response:
    """Show what of a record can be corrected, or the form of one field.

    Raises:
        PageProblem: 404, no such record or field; 409, it cannot be corrected.
    """
    posted = drafted(ask)
    made = _correction(ask, position, posted.one(FIELD) if posted else ask.text(FIELD), posted)
    if made.is_amendment:
        raise PageProblem(
            HTTPStatus.CONFLICT,
            "不能更正",
            "这条记录本身就是更正或者撤回",
            "请对原来的记录再作一次更正，或者撤回这一条",
        )
    return _answer(made, CORRECT) if made.named else _choice(made)


@router.post("/events/{position}/correct")
def correct(
    ask: Annotated[Ask, Depends()], position: str, posted: Annotated[Posted, Depends(read_posted)]
) -> Response:
    """Check, or record, a correction.

    Raises:
        PageProblem: 404, no such record or field; 409, it cannot be corrected.
    """
    made = _correction(ask, position, posted.one(FIELD), posted)
    if not made.named or made.is_amendment:
        raise not_found("一栏")
    return _answer(made, CORRECT)


@router.get("/events/{position}/retract", dependencies=[Depends(guarded)])
def ask_why(ask: Annotated[Ask, Depends()], position: str) -> Response:
    """Show the form of a retraction.

    Raises:
        PageProblem: 404, no such record; 409, it was withdrawn.
    """
    return _answer(_correction(ask, position, "", drafted(ask)), RETRACT)


@router.post("/events/{position}/retract")
def retract(
    ask: Annotated[Ask, Depends()], position: str, posted: Annotated[Posted, Depends(read_posted)]
) -> Response:
    """Check, or record, a retraction.

    Raises:
        PageProblem: 404, no such record; 409, it was withdrawn.
    """
    return _answer(_correction(ask, position, "", posted), RETRACT)


def _correction(ask: Ask, position: str, named: str, posted: Posted | None = None) -> Correction:
    desk = ask.desk
    is_number = position.isascii() and position.isdigit() and len(position) <= LONGEST_POSITION
    record = desk.record(int(position)) if is_number else None
    if record is None:
        raise not_found("条记录")
    unit = desk.unit_by_id.get(str(record.stream_id)) or desk.unit_by_id.get(str(record.unit_id))
    entry = unit or UnitEntry(record.stream_id, desk.name_of(str(record.stream_id)) or "", "", "", None)
    made = Correction(ask, record, entry, "", posted)
    if made.is_withdrawn and posted is None:
        raise PageProblem(
            HTTPStatus.CONFLICT, "不能更正或者撤回", "这条记录已经撤回", "请重新登记，或者先撤回那次撤回"
        )
    if named and named not in made.correctable:
        raise not_found("一栏")
    return Correction(ask, record, entry, named, posted)


def _answer(made: Correction, what: str) -> Response:
    posted = made.posted
    if posted is None or not posted.texts.get(DO):
        return _form(made, what)
    refuse_unknown(posted.do)
    if posted.do != CONFIRM and not posted.is_draft:
        return to_draft(made.ask, posted)
    if posted.do not in (CHECK, CONFIRM):
        return _form(made, what)
    request = made.amendment()
    if request is None:
        return _form(made, what, made.flaws())
    amending = Amending(made.backing.recording)
    try:
        if posted.do == CHECK:
            changes, flaws = made.preview(request)
            return _form(made, what, flaws) if flaws else _check(made, what, changes)
        outcome = amending.amend(request)
    except WrongUsage as problem:
        return _form(made, what, [Flaw(made.named or REASON, made.problem_text(problem))])
    except Conflict as problem:
        raise recorded_before() from problem
    is_meeting = isinstance(made.event, MeetingHeld) and what == CORRECT
    path = f"/meetings/{made.record.position}" if is_meeting else f"/events/{outcome.position}"
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


# --- pages --------------------------------------------------------------------------------------------------


def _choice(made: Correction) -> HTMLResponse:
    return made.ask.page(
        "correct_choose.html",
        **_about(made, CORRECT),
        fields=[(name, *made.told(name)) for name in made.correctable],
    )


def _form(made: Correction, what: str, flaws: Sequence[Flaw] = ()) -> HTMLResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if flaws else HTTPStatus.OK
    return _page(
        made, "correct.html", what, status, flaws=flaws, shown=made.shown(flaws) if made.named else []
    )


def _check(made: Correction, what: str, changes: Sequence[str]) -> HTMLResponse:
    new = made.filled.told.get(made.named, "") if made.named else ""
    carried = list(made.posted.carried() if made.posted else ())
    return _page(made, "correct_check.html", what, HTTPStatus.OK, changes=changes, new=new, carried=carried)


def _page(made: Correction, template: str, what: str, status: HTTPStatus, **told: Any) -> HTMLResponse:
    request, backing = made.ask.request, made.backing
    form = Pass(request)
    given = made.posted.one("command_id") if made.posted else ""
    page = made.ask.page(
        template,
        **_about(made, what),
        named=made.named,
        label=made.told(made.named)[0] if made.named else "",
        old=made.told(made.named)[1] if made.named else "",
        reason=made.reason,
        evidence=made.posted.one(EVIDENCE) if made.posted else "",
        token=form.token,
        command_id=given or str(backing.recording.new_id(backing.clock.now())),
        **told,
    )
    page.status_code = status
    form.onto(page)
    return page


def _about(made: Correction, what: str) -> dict[str, Any]:
    place = place_of(made.record, made.ask.desk)
    return {
        "here": place.here,
        "position": made.record.position,
        "title": event_word(type(made.event).__name__),
        "what": WORDS[what],
        "path": f"/events/{made.record.position}/{what}",
        "whose": place.name,
        "whose_path": place.path,
        "on": made.event.effective_on,
    }
