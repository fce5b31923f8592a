"""登记 at a unit: what can be done there, the form of each act, and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.application.commands import commands
from workflows.application.ports import UnitEntry
from workflows.domain.act import step_of
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kinds import KINDS, opens_a_case
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.forms.drafts import drafted
from workflows.entrypoints.web.forms.meeting_act import MEETING, MeetingAct
from workflows.entrypoints.web.forms.offered import offered
from workflows.entrypoints.web.forms.posted import Posted, read_posted
from workflows.entrypoints.web.forms.quorum import MEETINGS
from workflows.entrypoints.web.forms.rating_act import case_act
from workflows.entrypoints.web.forms.relief_act import RULE, SUBJECT, ReliefAct, is_relief
from workflows.entrypoints.web.forms.unit_act import UnitAct
from workflows.entrypoints.web.forms.unit_fields import has_unit_form
from workflows.entrypoints.web.matters import is_bygone, matter_of, urgent_first
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.pages.people import row_of
from workflows.entrypoints.web.pages.steps import answer, guarded
from workflows.entrypoints.web.pages.terms import form_of_step, next_step
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.problems_of_unit import served_by
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.words import word

router = APIRouter()
MEETING_GROUP = "会议和组织生活"
GROUPS: Mapping[str, str] = {
    "meetings": MEETING_GROUP, "elections": "换届和班子", "books": "机构和党小组", "files": "文件和材料",
    "rules": "规则包", "relief": "豁免、暂缓、延长", "cases": "考评、督查、整改、整顿、示范点",
}  # fmt: skip
"""The matters of the office, in their order."""

OTHERS = "别的事"
_GROUP_OF = {
    "elect_committee": "elections", "issue_term_reminder": "elections", "establish_unit": "books",
    "adopt_pack": "rules", "retire_pack": "rules", "attach": "files", "file_document": "files",
    "waive": "relief", "hold_deadline": "relief", "extend_deadline": "relief", MEETING: "meetings",
    "form_cell": "books", "dissolve_cell": "books", "reply_document": "files", "keep_contact": "elections",
    "end_contact": "elections", "record_censure": "files",
}  # fmt: skip
_GROUP_OF_MODULE = (
    ("meeting", "meetings"), ("life", "meetings"), ("election", "elections"), ("term", "elections"),
    ("post", "elections"), ("structure", "books"), ("document", "files"),
)  # fmt: skip
NEXT_LIMITS = 4


@router.get("/units/{unit_id}/acts", dependencies=[Depends(guarded)])
def acts(ask: Annotated[Ask, Depends()], unit_id: str) -> HTMLResponse:
    """Show everything that can be recorded at a unit, in the words of the office.

    Raises:
        PageProblem: 404, there is no such unit.
    """
    entry = unit_of(ask, unit_id)
    base = f"/units/{entry.id}/acts"
    if ask.text(RULE):
        return _reliefs(ask, ReliefAct(ask, "waive", entry), f"/units/{entry.id}")
    meetings = [{"title": word("meeting", one), "path": f"{base}/{MEETING}?type={one}"} for one in MEETINGS]
    groups: dict[str, list[dict[str, str]]] = {told: [] for told in (*GROUPS.values(), OTHERS)}
    groups[MEETING_GROUP] += meetings
    for name in commands():
        if has_unit_form(name) and name != MEETING:
            groups[group_of(name)].append({"title": word("command", name), "path": f"{base}/{name}"})
    groups[GROUPS["cases"]] += [
        {"title": word("command", one.opening), "path": f"{base}/{one.opening}"} for one in KINDS
    ]
    return ask.page(
        "acts.html",
        here="/units",
        base=f"/units/{entry.id}",
        name=entry.name,
        heading="登记一件事",
        groups={told: own for told, own in groups.items() if own},
        note="",
    )


def group_of(command: str) -> str:
    """Return under which matter of the office a command stands: by its name, else by where it is defined."""
    if command in _GROUP_OF:
        return GROUPS[_GROUP_OF[command]]
    module = commands()[command].__module__.rpartition(".")[2]
    return next((GROUPS[group] for part, group in _GROUP_OF_MODULE if part in module), OTHERS)


@router.get("/units/{unit_id}/acts/{command}", dependencies=[Depends(guarded)])
def show(ask: Annotated[Ask, Depends()], unit_id: str, command: str) -> Response:
    """Show the form of one act.

    Raises:
        PageProblem: 404, no such act, or no such unit.
    """
    return answer(_act(ask, unit_id, command, drafted(ask)))


@router.post("/units/{unit_id}/acts/{command}")
def take(
    ask: Annotated[Ask, Depends()],
    unit_id: str,
    command: str,
    posted: Annotated[Posted, Depends(read_posted)],
) -> Response:
    """Check, or record, one act.

    Raises:
        PageProblem: 404, no such act, or no such unit.
    """
    return answer(_act(ask, unit_id, command, posted))


def _act(ask: Ask, unit_id: str, command: str, posted: Posted | None = None) -> UnitAct:
    entry = unit_of(ask, unit_id)
    opened = opens_a_case(command)
    if opened is not None:
        return case_act(ask, opened, command, entry, None, posted)
    if not has_unit_form(command):
        raise not_found("件可以办的事")
    if is_relief(command):
        return ReliefAct(ask, command, entry, posted)
    kind = MeetingAct if command == MEETING else UnitAct
    return kind(ask, command, entry, posted)


# --- what is let pass -------------------------------------------------------------------------------------


@router.get("/people/{person_id}/acts", dependencies=[Depends(guarded)])
def reliefs_of_person(ask: Annotated[Ask, Depends()], person_id: str) -> HTMLResponse:
    """Show how something can be let pass for somebody.

    Raises:
        PageProblem: 404, nobody is there.
    """
    made = _for_person(ask, person_id, "waive")
    return _reliefs(ask, made, f"/people/{person_id}")


@router.get("/people/{person_id}/acts/{command}", dependencies=[Depends(guarded)])
def show_for_person(ask: Annotated[Ask, Depends()], person_id: str, command: str) -> Response:
    """Show the form by which something is let pass for somebody.

    Raises:
        PageProblem: 404, no such act, or nobody is there.
    """
    return answer(_for_person(ask, person_id, command, drafted(ask)))


@router.post("/people/{person_id}/acts/{command}")
def take_for_person(
    ask: Annotated[Ask, Depends()],
    person_id: str,
    command: str,
    posted: Annotated[Posted, Depends(read_posted)],
) -> Response:
    """Check, or record, what is let pass for somebody.

    Raises:
        PageProblem: 404, no such act, or nobody is there.
    """
    return answer(_for_person(ask, person_id, command, posted))


def _for_person(ask: Ask, person_id: str, command: str, posted: Posted | None = None) -> ReliefAct:
    wanted = ask.stream(person_id, "个人")
    row = row_of(wanted, ask.desk)
    entry = ask.desk.unit_by_id.get(str(row["unit_id"]))
    if not is_relief(command) or entry is None:
        raise not_found("件可以办的事")
    name = row["person"] or "（姓名已删除）"
    return ReliefAct(ask, command, entry, posted, person_id=wanted, name=name)


def _reliefs(ask: Ask, made: ReliefAct, base: str) -> HTMLResponse:
    """Return the page of what may be let pass, the rule and the period of the address kept."""
    kept = {name: told for name in (RULE, SUBJECT) if (told := ask.text(name))}
    query = f"?{urlencode(kept)}" if kept else ""
    named = [name for name in commands() if is_relief(name)]
    own = [{"title": word("command", name), "path": f"{base}/acts/{name}{query}"} for name in named]
    about = made.about()
    return ask.page(
        "acts.html",
        here=made.here,
        base=base,
        name=made.name,
        heading=f"{about}：批准了什么" if about else "豁免、暂缓、延长",
        groups={GROUPS["relief"]: own},
        note="豁免：这一条规定对这里暂不要求；暂缓：期限先停着；延长：期限改到后面一天。都要有批准的文件。",
    )


@router.get("/units/{unit_id}/acts/{command}/done")
def done(ask: Annotated[Ask, Depends()], unit_id: str, command: str) -> HTMLResponse:
    """Show what was recorded, and what is to be done next.

    Raises:
        PageProblem: 404, no such record of this unit.
    """
    desk, entry, told = ask.desk, unit_of(ask, unit_id), ask.text("event")
    is_number = told.isascii() and told.isdigit() and len(told) <= LONGEST_POSITION
    record = desk.record(int(told)) if is_number else None
    if record is None or not has_unit_form(command) or step_of(record.event) != command:
        raise not_found("条记录")
    if str(record.stream_id) not in desk.unit_by_id:
        raise not_found("条记录")
    return ask.page(
        "act_done.html",
        here="/units",
        entry=desk.unit_by_id.get(str(record.stream_id), entry),
        position=record.position,
        entries=_entries(ask, record.stream_id, record.position),
        renewal=_renewal(ask, entry, command),
        served=served_by(entry, record.position, desk),
        again=f"/units/{entry.id}/acts/{command}",
        title=word("command", command),
        matters=[
            offered(matter_of(row, desk, with_unit=False), ask)
            for row in urgent_first(desk.deadlines(record.stream_id)["rows"])
            if row["unit_id"] == str(record.stream_id) and not is_bygone(row)
        ][:NEXT_LIMITS],
    )


def _renewal(ask: Ask, entry: UnitEntry, command: str) -> dict[str, str] | None:
    """Return what comes next of an election after one of its acts; None after any other."""
    if group_of(command) != GROUPS["elections"]:
        return None
    rows = ask.desk.terms(entry.id)["rows"]
    step = next((next_step(row) for row in rows if row["unit_id"] == str(entry.id)), None)
    path = form_of_step(entry.id, step)
    return {"title": word("command", step["step"]), "path": path} if step is not None and path else None


def _entries(ask: Ask, stream: UUID, position: int) -> list[Any]:
    timeline = timeline_told(ask.desk.history(stream)["rows"], ask.desk, stream)
    return [one for one in timeline.entries() if one.position == position]
