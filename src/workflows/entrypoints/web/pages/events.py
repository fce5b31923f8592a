"""One record: what was recorded, by whom, when, what the rules said of it, what became of it; a permalink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.application.commands import step_named
from workflows.domain.act import step_of
from workflows.entrypoints.masking import masked
from workflows.entrypoints.rendering import in_words
from workflows.entrypoints.web import why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.places import place_of
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.timeline import ONLY_WHERE_SO, actor_word, field_word
from workflows.entrypoints.web.words import ORIGINS, event_word, value_word
from workflows.kernel.clock import LOCAL
from workflows.kernel.events import AMENDING, FactCorrected, is_known
from workflows.policies.rule import Rule

router = APIRouter()
LEFT_OUT = frozenset({"findings", "roster_known", "event", "personal"})
LONGEST_POSITION = 12


@router.get("/events/{position}")
def show(ask: Annotated[Ask, Depends()], position: str) -> HTMLResponse:
    """Show one record with everything it rests on.

    Raises:
        PageProblem: 404, there is no such record, or it was not known yet.
    """
    desk = ask.desk
    if not (position.isascii() and position.isdigit()) or len(position) > LONGEST_POSITION:
        raise not_found("条记录")
    record = desk.record(int(position))
    if record is None or not is_known(record, ask.horizon.known_on):
        raise not_found("条记录")
    rows = desk.app.answering.records(record.stream_id, ask.horizon.known_on)
    row = next((row for row in rows if row["position"] == int(position)), None)
    if row is None:
        raise not_found("条记录")
    case = desk.files.get(str(record.stream_id))
    unit_id = record.stream_id if str(record.stream_id) in desk.unit_by_id else record.unit_id
    timeline = timeline_told(rows, desk, unit_id if case is None else case.unit_id)
    row = next(one for one in timeline.rows if one["position"] == int(position))
    place = place_of(record, desk)
    step = step_of(record.event)
    scene = why.Scene(step, record.effective_on, place.name if place.is_person else "", desk.name_of)
    amends = row["facts"].get("event") if row["event"] in AMENDING else None
    return ask.page(
        "event.html",
        position=int(position),
        row=row,
        entry=next(entry for entry in timeline.entries() if entry.position == int(position)),
        title=event_word(str(row["event"])),
        here=place.here,
        whose=place.name,
        path=place.path,
        actor=actor_word(row),
        origin=ORIGINS.get(str(row["origin"]), str(row["origin"])),
        recorded=datetime.fromisoformat(str(row["recorded_at"])).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"),
        facts=facts_of(row, personal=isinstance(record.event, FactCorrected) and record.event.personal),
        unchecked=unchecked(desk.rules_for(unit_id).at(step), record.effective_on),
        findings=[why.of_finding(finding, scene, desk.head) for finding in row.get("findings") or ()],
        amends=amends,
        is_later=row["on"] > str(ask.horizon.as_of),
    )


def unchecked(rules: Sequence[Rule], on: date) -> tuple[str, list[str]]:
    """Return why there is no result, and the rules that could have given one: those in force on the day."""
    if not rules:
        return "这一类记录没有要核对的规则。", []
    held = [f"{rule.cite(on)}：{rule.label}" for rule in rules if rule.in_force(on)]
    if not held:
        return f"{on} 这一类记录要核对的规则还没有施行，或者已经停用。", []
    told = f"没有得出结果：{on} 有 {len(held)} 条规则，但对这件事不适用，或者要核对的情况没有记录。"
    return told, held


def facts_of(row: Mapping[str, Any], *, personal: bool) -> list[tuple[str, str]]:
    """Return what a record says, by its Chinese names, corrected values put in, numbers masked."""
    found: list[tuple[str, str]] = []
    step = step_named(str(row["event"]))
    for name, value in in_words(row["facts"]).items():
        if name in LEFT_OUT or value in (None, "", [], {}) or (value is False and name in ONLY_WHERE_SO):
            continue
        if isinstance(value, dict) and name in ("profile", "votes"):
            found += [
                (field_word(key), value_word(key, masked(key, item)))
                for key, item in value.items()
                if item is not None
            ]
        elif name == "field" and row["event"] in AMENDING:
            found.append(("栏目", field_word(str(value))))
        elif name == "value" and row["event"] in AMENDING:
            told = str(row["facts"].get("field") or name)
            hidden = personal and isinstance(value, dict)  # the lines of the change tell its fields
            found.append(("改为", "（个人信息）" if hidden else value_word(told, masked(told, value))))
        else:
            found.append((field_word(name, step), value_word(name, masked(name, value), step)))
    return found
