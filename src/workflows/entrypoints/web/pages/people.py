"""个人全过程: the course of one person, the next step and why, records, key dates, mentors, sponsors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from workflows.entrypoints.masking import masked
from workflows.entrypoints.web import lights, why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.course import rail_of
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.matters import light_of, pressing, step_path, step_title, urgent_first
from workflows.entrypoints.web.member_matters import standing_of_member
from workflows.entrypoints.web.pages.plan import far_off
from workflows.entrypoints.web.paging import LONG_LIST, Pages, chip
from workflows.entrypoints.web.papers import papers_of
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.timeline import KINDS, recorded_day
from workflows.entrypoints.web.words import WORDING, earliest_word, value_word, word
from workflows.kernel.calendar import add

router = APIRouter()
KEY_DATES = {
    "applied_on": ("递交申请", "ApplicationReceived"),
    "activist_since": ("确定为积极分子", "ActivistConfirmed"),
    "target_on": ("列为发展对象", "DevelopmentTargetListed"),
    "probation_from": ("成为预备党员", "AdmissionVoted"),
    "probation_until": ("预备期届满", "AdmissionVoted"),
    "full_since": ("成为正式党员", "FullMembershipGranted"),
    "standing_from": ("党龄起算", "FullMembershipGranted"),
    "dues_from": ("党费起算", "AdmissionVoted"),
}
"""Key dates of the state: what they are called, and the event they come from."""

STANDS_FOR = {
    "DevelopmentTargetListed": ("DevelopmentTargetListed", "DevelopmentTargetFiled"),
    "AdmissionVoted": ("AdmissionVoted", "MemberRegistered", "AdmissionApproved"),
    "FullMembershipGranted": ("FullMembershipGranted", "MemberRegistered"),
    "ActivistConfirmed": ("ActivistConfirmed", "CourseTakenOver"),
}
PROBATION_RULE = "dev-probation-length"
RULED = frozenset({"成为预备党员", "党费起算", "党龄起算"})
"""Key dates that the same article fixes: membership counts from the assembly that passed the admission."""

HELPERS = {"MentorsAssigned": "培养联系人", "SponsorsAssigned": "入党介绍人"}
PROFILE = ("gender", "ethnic_group", "education", "born_on", "id_number", "phone")


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step to be done now: until when, what is wanting, and why."""

    light: lights.Light
    title: str
    sub: str
    why: why.Why
    path: str = ""


def profile_of(rows: Sequence[Mapping[str, Any]], own: str = "") -> dict[str, Any]:
    """Return what the records say of someone, the newest word last, numbers masked.

    ``own``: the stream that has the word where somebody was entered twice.
    """
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row["stream"] == own):
        if not row.get("retracted_by"):
            found |= row["facts"].get("profile") or {}
    return found


@router.get("/people/{person_id}")
def show(ask: Annotated[Ask, Depends()], person_id: str) -> Response:
    """Show the whole course of one person; of one who was merged into another, that of the other.

    Raises:
        PageProblem: 404, nobody is there on that day.
    """
    desk = ask.desk
    wanted = ask.stream(person_id, "个人")
    row = row_of(wanted, desk)
    answer = desk.history(wanted)
    if answer["id"] != person_id:
        path = ask.horizon.link(f"/people/{answer['id']}", was=person_id)
        return RedirectResponse(path, HTTPStatus.SEE_OTHER)
    state, rows = answer["state"], answer["rows"]
    profile = profile_of(rows, person_id)
    timeline = timeline_told(rows, desk, row["unit_id"])
    entries = timeline.entries()
    only = ask.choice("only", KINDS, "all")
    counts = {kind: sum(kind in ("all", e.kind) for e in entries) for kind in KINDS}
    shown = [entry for entry in entries if only in ("all", entry.kind)]
    path = f"/people/{person_id}"
    pages = Pages.of(
        len(shown), ask.page_number, LONG_LIST, path, ask.horizon, {} if only == "all" else {"only": only}
    )
    limits = urgent_first(desk.deadlines(person_id=wanted)["rows"])
    rail = rail_of(row, desk, (pressing(row, limits) or {}).get("step"))
    is_of_old = row["stage"] == "full" and not rail.done
    return ask.page(
        "person.html",
        here="/pipeline",
        person_id=person_id,
        name=row["person"] or "（姓名已删除）",
        stage=word("stage", row["stage"]),
        row=row,
        about=" · ".join(about(profile)),
        following=None if is_of_old else next_step(row, limits, state, desk),
        others=[lights_and_titles(limit, desk) for limit in limits],
        rail=rail,
        chips=[
            chip(
                KINDS[kind],
                ask.horizon.link(path + "#tl", only="" if kind == "all" else kind),
                here=kind == only,
                count=count,
            )
            for kind, count in counts.items()
        ],
        entries=pages.cut(shown),
        pages=pages,
        key_dates=key_dates(state, rows, desk),
        far_off=[] if is_of_old else far_off(wanted, desk),
        helpers=helpers_of(rows),
        papers=papers_of(row),
        standing=standing_of(state),
        member=standing_of_member(wanted, desk),
        merged=merged_of(answer, ask.text("was")),
    )


def merged_of(answer: Mapping[str, Any], was: str) -> list[dict[str, Any]]:
    """Return who is merged here, with the record of it; ``asked``: whose page was asked for."""
    rows = [row for row in answer["rows"] if row["event"] == "PersonsMerged" and not row["retracted_by"]]
    return [
        {
            "name": one["name"] or "（姓名已删除）",
            "asked": one["id"] == was,
            "paths": [(f"/events/{row['position']}", row["position"]) for row in rows],
        }
        for one in answer.get("merged", ())
    ]


def row_of(person_id: UUID, desk: Desk) -> Mapping[str, Any]:
    """Return the row of a person in the pipeline.

    Raises:
        PageProblem: 404, nobody is there on that day.
    """
    rows = desk.pipeline(None, person_id)["rows"]
    if not rows or str(person_id) in desk.unit_by_id:
        raise not_found("个人")
    found: Mapping[str, Any] = rows[0]
    return found


def about(profile: Mapping[str, Any]) -> list[str]:
    """Return what is told of someone under the name; of the birth day the year, numbers masked."""
    told = []
    for name in PROFILE:
        value = str(masked(name, profile[name])) if profile.get(name) else ""
        match name:
            case _ if not value:
                continue
            case "born_on":
                told.append(f"{value[:4]} 年生")
            case "id_number":
                told.append(f"身份证 {value}")
            case "phone":
                told.append(f"电话 {value}")
            case _:
                told.append(value_word(name, value))
    return told


def next_step(
    row: Mapping[str, Any], limits: Sequence[Mapping[str, Any]], state: Mapping[str, Any], desk: Desk
) -> NextStep | None:
    """Return the step to be done now with its limit, None where nothing is to come."""
    asked = pressing(row, limits)
    if asked is None:
        return None
    title = step_title(desk, asked["step"], row["unit_id"])
    path = step_path(row["person_id"], asked["step"])
    limit = next((limit for limit in limits if limit["subject"] == asked["step"]), None)
    wanting = [
        why.Wanting(
            WORDING.command(step) if WORDING.command(step) != step else WORDING.fact(step), is_there=False
        )
        for step in asked["missing"]
    ]
    if limit is not None:
        told = why.of_deadline({**limit, "missing": asked["missing"]}, title, desk.horizon.as_of, desk.head)
        if not limit.get("calc") and limit["due_on"] == state.get("probation_until"):
            told = replace(told, lines=[*probation_lines(state, desk), *told.lines])
        return NextStep(light_of(limit, desk), title, f"截止 {limit['due_on']}", told, path)
    told = _why_without_limit(asked, title, wanting, row, desk)
    return NextStep(*_without_limit(asked, title, desk), told, path)


def _without_limit(asked: Mapping[str, Any], title: str, desk: Desk) -> tuple[lights.Light, str, str]:
    as_of = str(desk.horizon.as_of)
    earliest, latest = asked.get("earliest_on"), asked.get("latest_on")
    if earliest and earliest > as_of:
        day = earliest_word(earliest, asked["provisional"])
        return lights.Light("no", "未到"), title, f"最早可于 {day}办理"
    if latest:
        left = (date.fromisoformat(latest) - desk.horizon.as_of).days
        light = lights.of_deadline({"days_left": left, "status": "overdue" if left < 0 else "due"})
        return light, title, f"最迟 {latest}"
    return lights.Light("ok", "正常"), title, "没有期限"


def _why_without_limit(
    asked: Mapping[str, Any],
    title: str,
    wanting: Sequence[why.Wanting],
    row: Mapping[str, Any],
    desk: Desk,
) -> why.Why:
    rule = desk.rule(asked["rule"], row["unit_id"])
    first = asked.get("earliest_on")
    days = [f"最早可于 {earliest_word(first, asked['provisional'])}办理" if first else "没有最早日期的要求"]
    days.append(f"最迟 {asked['latest_on']}" if asked.get("latest_on") else "没有截止日")
    return why.Why(
        title="为什么是这一步",
        about=title,
        conclusion=f"下一步是{title}。{'；'.join(days)}。",
        basis=rule.cite(desk.horizon.as_of) if rule else "",
        rule_text=rule.label if rule else "",
        sources=why.source_lines(row["done"][-1:]),
        wanting=wanting,
        version=why.version_line({"rule": asked["rule"], "pack": rule.pack_id if rule else ""}, desk.head),
    )


def lights_and_titles(limit: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Return a limit as one line, with its why."""
    title = step_title(desk, str(limit["subject"]), limit.get("unit_id"))
    return {
        "light": light_of(limit, desk),
        "title": title,
        "due_on": limit["due_on"],
        "why": why.of_deadline(limit, title, desk.horizon.as_of, desk.head),
    }


def key_dates(
    state: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], desk: Desk
) -> list[dict[str, Any]]:
    """Return the key dates that are known, each with its why: event, rule and arithmetic."""
    found = []
    for name, (title, event) in KEY_DATES.items():
        if state.get(name):
            wanted = STANDS_FOR.get(event, (event,))
            told = [row for row in rows if row["event"] in wanted and not row.get("retracted_by")]
            on = str(state[name])
            found.append({"title": title, "on": on, "why": _why_of_date(title, on, told[-1:], state, desk)})
            found[-1]["rough"] = state.get(f"{name}_approx")
    return found


def _why_of_date(
    title: str, on: str, events: Sequence[Mapping[str, Any]], state: Mapping[str, Any], desk: Desk
) -> why.Why:
    sources = [
        {"event": e["event"], "on": e["on"], "recorded_on": str(recorded_day(e)), "position": e["position"]}
        for e in events
    ]
    is_computed = title == KEY_DATES["probation_until"][0]
    rule = desk.rules.rule(PROBATION_RULE) if is_computed or title in RULED else None
    told: dict[str, Any] = {"rule": rule.id, "pack": rule.pack_id} if rule else {}
    return why.Why(
        title=title,
        about=on,
        conclusion=f"{title}：{on}。",
        basis=rule.cite(date.fromisoformat(on)) if rule else "",
        rule_text=rule.label if rule else "",
        sources=why.source_lines(sources),
        lines=probation_lines(state, desk) if is_computed else [],
        version=why.version_line(told, desk.head),
    )


def probation_lines(state: Mapping[str, Any], desk: Desk) -> list[why.Line]:
    """Return how the end of probation comes about, where the length in force leads to it (no extension)."""
    begins, ends = state.get("probation_from"), state.get("probation_until")
    rule = desk.rules.rule(PROBATION_RULE)
    value = rule.value_on(date.fromisoformat(begins)) if rule and begins else None
    if not begins or not ends or value is None:
        return []
    unit = getattr(rule, "unit", "month")
    if str(add(date.fromisoformat(begins), int(value.value), unit)) != ends:
        return []
    return [why.Line(f"{begins} + {value.value} {word('unit', unit)}", f"= {ends}", "预备期届满")]


def helpers_of(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return mentors and sponsors, with the day since which, the latest of each kind."""
    found = {}
    for row in rows:
        if row["event"] in HELPERS and not row.get("retracted_by"):
            people = [name or "（姓名已删除）" for name in row["facts"].get("persons") or ()]
            found[row["event"]] = {
                "title": HELPERS[row["event"]],
                "people": "、".join(people) or "没有写姓名",
                "since": row["on"],
                "path": f"/events/{row['position']}",
            }
    return [found[name] for name in HELPERS if name in found]


def standing_of(state: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what holds of a member beside the dates: vote and posts."""
    told = [("表决权", "有" if state.get("voting_right") else "没有")] if state.get("member_from") else []
    posts = [word("post", post) for post in state.get("posts") or ()]
    return told + ([("职务", "、".join(posts))] if posts else [])
