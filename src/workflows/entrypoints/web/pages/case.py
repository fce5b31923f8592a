"""A case: where it stands, what comes next, what was done, what belongs to it; the forms of its acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from workflows.application.commands import commands, commands_of
from workflows.application.ports import FileEntry
from workflows.domain.act import step_of
from workflows.entrypoints.web import lights, why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind
from workflows.entrypoints.web.cases.kinds import BY_KIND, KINDS
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.course import WORTH_TELLING
from workflows.entrypoints.web.forms.case_act import AT_ANY_CASE, CaseAct
from workflows.entrypoints.web.forms.drafts import drafted
from workflows.entrypoints.web.forms.posted import Posted, read_posted
from workflows.entrypoints.web.forms.rating_act import case_act
from workflows.entrypoints.web.outdone import noted, outdone
from workflows.entrypoints.web.pages.cases import following, is_followed
from workflows.entrypoints.web.pages.events import LONGEST_POSITION
from workflows.entrypoints.web.pages.histories import of_stream
from workflows.entrypoints.web.pages.steps import answer, guarded
from workflows.entrypoints.web.problems import not_found, not_yet
from workflows.entrypoints.web.timeline import Timeline
from workflows.entrypoints.web.words import WORDING, word
from workflows.kernel.events import is_known

ROLES = {
    "cause": "由此引起", "caused": "由本案引起", "earlier": "以前的同类问题", "later": "以后又出现的同类问题",
}  # fmt: skip
SHOWN_AT_ONCE = 12
"""How many records of a case stand open on its page."""


def entry_of(ask: Ask, kind: CaseKind, case_id: str) -> FileEntry:
    """Return the case in an address, as it was called at this horizon.

    Raises:
        PageProblem: 404, there is no such case of that kind, or it was not known at this horizon.
    """
    entry = ask.desk.file(ask.stream(case_id, f"件{kind.noun}"))
    known = ask.desk.files.get(case_id)
    if entry is None and known is not None and known.kind == kind.kind:
        raise not_yet(f"件{kind.noun}", ask.horizon.as_of)
    if entry is None or entry.kind != kind.kind:
        raise not_found(f"件{kind.noun}")
    return entry


def show(ask: Ask, kind: CaseKind, case_id: str) -> HTMLResponse:
    """Show one case.

    Raises:
        PageProblem: 404, there is no such case, or it was not known at this horizon.
    """
    entry = entry_of(ask, kind, case_id)
    told = ask.desk.case(entry.id)
    state = told["state"]
    if state is None:
        raise not_found(f"件{kind.noun}")
    timeline = timeline_of(ask, entry)
    limits = [one for one in told["limits"] if one["status"] != "met"]
    followed = any(is_followed(one) for one in limits)
    own = kind.told({**told, "file_id": entry.id, "rows": timeline.rows}, ask)
    moves = _moves(told, kind, own)
    return ask.page(
        "case.html",
        here=kind.here,
        kind=kind,
        entry=entry,
        base=kind.place(entry.id),
        state=state,
        unit=state["unit"],
        stage=own.get("stage") or word("stage", f"{kind.kind}.{state['stage']}"),
        light=own.get("light") or lights.of_case({**state, "limit": limits[0] if limits else None}),
        limits=[_limit(one, ask) for one in told["limits"]],
        course=course_told(told["course"], state["stage"], kind),
        followed=followed,
        moves=[one for one in moves if one["ahead"]],
        others=[one for one in moves if not one["ahead"]],
        entries=noted(timeline.entries(), outdone(timeline.rows)),
        shown_at_once=SHOWN_AT_ONCE,
        findings=findings_of(timeline.rows, ask),
        papers=told["papers"],
        related=[_related(one, ask) for one in told["related"]],
        own=own,
    )


def _moves(told: Mapping[str, Any], kind: CaseKind, own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what can be done at a case by where it stands; ``own``: what its kind tells of it.

    ``query`` names the unit the act is about, where the kind knows whose turn it is.
    """
    state, limits = told["state"], [one for one in told["limits"] if one["status"] != "met"]
    row = {**state, "standing": told.get("standing"), "limit": limits[0] if limits else None}
    followed = any(is_followed(one) for one in limits)
    wanted, about = own.get("wanted", kind.wanted(row)), own.get("about", "")
    found = following(told["moves"], state["stage"], kind, followed=followed, wanted=wanted)
    return [{**one, "query": f"?unit={about}" if about and one["command"] == wanted else ""} for one in found]


def timeline_of(ask: Ask, entry: FileEntry) -> Timeline:
    """Return everything on the books of a case at this horizon."""
    rows = ask.desk.history(entry.id)["rows"]
    return timeline_told(rows, ask.desk, entry.unit_id)


def course_told(came: Sequence[Mapping[str, Any]], stage: str, kind: CaseKind) -> list[dict[str, Any]]:
    """Return the stages in their order: those come to with their day, the present one, those ahead.

    A stage aside (void, failed) stands where it was come to; one that was passed over has no day.
    """
    days = {one["stage"]: one for one in came}
    names = list(kind.course)
    for one in came:
        if one["stage"] not in names:
            before = came[came.index(one) - 1]["stage"] if one is not came[0] else ""
            names.insert(names.index(before) + 1 if before in names else 0, one["stage"])
    here = names.index(stage) if stage in names else -1
    return [
        {
            "word": word("stage", f"{kind.kind}.{name}"),
            "shape": "cur" if number == here else "" if name in days and number < here else "todo",
            "on": days[name]["on"] if name in days and number <= here else "",
            "path": f"/events/{days[name]['position']}" if name in days else "",
            "is_skipped": name not in days and number < here,
        }
        for number, name in enumerate(names)
    ]


def findings_of(rows: Sequence[Mapping[str, Any]], ask: Ask) -> list[dict[str, Any]]:
    """Return by act that stands what the rules said of it, each with its clause; the last act first.

    ``told``: what was not in order, or is for a person to look at; ``kept``: what was in order.
    """
    found = []
    for row in reversed(rows):
        if row["retracted_by"]:
            continue
        scene = why.Scene("", row["on"], "", ask.desk.name_of)
        parts: dict[bool, list[Any]] = {True: [], False: []}
        for one in row["findings"]:
            is_told = one["verdict"] in WORTH_TELLING
            if is_told or (one.get("clause") and one["verdict"] != "convention"):
                parts[is_told].append(why.of_finding(one, scene, ask.desk.head))
        if any(parts.values()):
            act = WORDING.event(row["event"])
            found.append({"act": act, "row": row, "told": parts[True], "kept": parts[False]})
    return found


def _limit(row: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    title = WORDING.words.any_word(row["rule"], "limit", "rule") or row["label"] or row["rule"]
    return {
        "title": title,
        "due_on": row["due_on"],
        "light": lights.of_deadline(row),
        "why": why.of_deadline(row, title, ask.horizon.as_of, ask.desk.head),
    }


def _related(one: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    kind = BY_KIND[one["kind"]]
    return {
        **one,
        "word": ROLES[one["role"]],
        "path": ask.horizon.link(kind.place(one["file_id"])),
        "light": lights.Light("ok" if one["over"] else "no", word("stage", f"{one['kind']}.{one['stage']}")),
    }


def history(ask: Ask, kind: CaseKind, case_id: str) -> HTMLResponse:
    """Show the history of a case.

    Raises:
        PageProblem: 404 no such case, 400 a day nobody can read.
    """
    entry = entry_of(ask, kind, case_id)
    crumbs = [(kind.path, kind.title)]
    return of_stream(ask, entry.id, entry.subject, crumbs, kind.place(entry.id), kind.here)


# --- acts -------------------------------------------------------------------------------------------------


def act_of(ask: Ask, kind: CaseKind, case_id: str, command: str, posted: Posted | None) -> CaseAct:
    """Return an act of a case as it is filled in.

    Raises:
        PageProblem: 404, no such act, or no such case.
    """
    entry = entry_of(ask, kind, case_id)
    found = commands_of(kind.kind).get(command) or (commands()[command] if command in AT_ANY_CASE else None)
    unit = ask.desk.unit_by_id.get(str(entry.unit_id))
    if found is None or command == kind.opening or unit is None:
        raise not_found("件可以办的事")
    return case_act(ask, kind, command, unit, entry, posted)


def done(ask: Ask, kind: CaseKind, case_id: str, command: str) -> HTMLResponse:
    """Show what was recorded, and what is to be done next.

    Raises:
        PageProblem: 404, no such record of this case.
    """
    desk, entry, asked = ask.desk, entry_of(ask, kind, case_id), ask.text("event")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_POSITION
    record = desk.record(int(asked)) if is_number else None
    if record is None or record.stream_id != entry.id or step_of(record.event) != command:
        raise not_found("条记录")
    if not is_known(record, ask.horizon.known_on) or record.effective_on > ask.horizon.as_of:
        raise not_found("条记录")
    told, timeline = desk.case(entry.id), timeline_of(ask, entry)
    entries = timeline.entries()
    moves = _moves(told, kind, kind.told({**told, "file_id": entry.id, "rows": timeline.rows}, ask))
    moves.sort(key=lambda one: not one["ahead"])
    return ask.page(
        "case_done.html",
        here=kind.here,
        kind=kind,
        entry=entry,
        base=kind.place(entry.id),
        unit=desk.unit_name(entry.unit_id),
        position=record.position,
        title=word("command", command),
        entries=[one for one in entries if one.position == record.position],
        stage=word("stage", f"{kind.kind}.{told['state']['stage']}"),
        moves=moves,
        limits=[_limit(one, ask) for one in told["limits"] if one["status"] != "met"],
        caused=[_related(one, ask) for one in told["related"] if one["role"] == "caused"],
    )


def _routes(router: APIRouter, kind: CaseKind) -> None:
    """Add the page of a case of a kind, its history, and its acts."""

    def shown(ask: Annotated[Ask, Depends()], case_id: str) -> HTMLResponse:
        return show(ask, kind, case_id)

    def past(ask: Annotated[Ask, Depends()], case_id: str) -> HTMLResponse:
        return history(ask, kind, case_id)

    def asked(ask: Annotated[Ask, Depends()], case_id: str, command: str) -> Response:
        return answer(act_of(ask, kind, case_id, command, drafted(ask)))

    def taken(
        ask: Annotated[Ask, Depends()],
        case_id: str,
        command: str,
        posted: Annotated[Posted, Depends(read_posted)],
    ) -> Response:
        return answer(act_of(ask, kind, case_id, command, posted))

    def ended(ask: Annotated[Ask, Depends()], case_id: str, command: str) -> HTMLResponse:
        return done(ask, kind, case_id, command)

    base = kind.path + "/{case_id}"
    act = base + "/acts/{command}"
    recording = [Depends(guarded)]
    router.add_api_route(base, shown, methods=["GET"], response_model=None)
    router.add_api_route(f"{base}/history", past, methods=["GET"], response_model=None)
    router.add_api_route(act, asked, methods=["GET"], dependencies=recording, response_model=None)
    router.add_api_route(act, taken, methods=["POST"], response_model=None)
    router.add_api_route(f"{act}/done", ended, methods=["GET"], response_model=None)


router = APIRouter()
for _kind in KINDS:
    _routes(router, _kind)
