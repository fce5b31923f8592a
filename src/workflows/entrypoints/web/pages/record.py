"""全程纪实: the whole course of one person as it is printed, filed and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.domain.act import step_of
from workflows.entrypoints.masking import masked
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.told import timeline_told
from workflows.entrypoints.web.course import rail_of
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.pages.people import about, helpers_of, key_dates, profile_of, row_of
from workflows.entrypoints.web.papers import by_act
from workflows.entrypoints.web.timeline import Entry, act_text, told_now
from workflows.entrypoints.web.words import WORDING, value_word, word
from workflows.kernel.events import AMENDING
from workflows.policies.findings import Verdict

router = APIRouter()
FITTING = frozenset({Verdict.OK.value, Verdict.NOTE.value, Verdict.CONVENTION.value})
PAPERS = ("document", "papers")
OTHERS = "别的记录"


@dataclass(frozen=True, slots=True)
class Line:
    """One act under a step: its day, what was recorded, what the rules said, the papers, who recorded it.

    ``amended`` are its corrections and retractions; ``checked``: some rule said something of what stands.
    """

    entry: Entry
    text: str
    findings: Sequence[str]
    checked: bool
    papers: str
    reason: str
    amended: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the chart with its acts, none for one not done."""

    number: str
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the five stages, or what belongs to none."""

    title: str
    rows: Sequence[Row]


@router.get("/people/{person_id}/record")
def show(ask: Annotated[Ask, Depends()], person_id: str) -> HTMLResponse:
    """Show the whole course for print.

    Raises:
        PageProblem: 404, nobody is there on that day.
    """
    desk, wanted = ask.desk, ask.stream(person_id, "个人")
    row = row_of(wanted, desk)
    answer = desk.history(wanted)
    rows, state = answer["rows"], answer["state"]
    steps = {record.position: step_of(record.event) for record in desk.records(wanted)}
    return ask.page(
        "record.html",
        here="/pipeline",
        person_id=person_id,
        name=row["person"] or "（姓名已删除）",
        stage=word("stage", row["stage"]),
        unit=row["unit"] or "没有所在支部",
        about=about(profile_of(rows, answer["id"])),
        parts=parts_of(row, rows, steps, desk),
        key_dates=[(one["title"], one["on"]) for one in key_dates(state, rows, desk)],
        helpers=helpers_of(rows),
    )


def parts_of(
    row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], steps: Mapping[int, str], desk: Desk
) -> list[Part]:
    """Return the records of someone by stage and step of the chart, those of no step last."""
    timeline = timeline_told(rows, desk, row["unit_id"])
    entries = {entry.position: entry for entry in timeline.entries()}
    amended: dict[int, list[Entry]] = {}
    for told in rows:
        if told["event"] in AMENDING and told["facts"].get("event"):
            amended.setdefault(int(told["facts"]["event"]), []).append(entries[int(told["position"])])
    lines: dict[str, list[Line]] = {}
    papers = by_act(row)
    listed = {paper["position"] for one in row["papers"] if one["position"] for paper in one["attached"]}
    for told in sorted(rows, key=lambda told: (str(told["on"]), told["position"])):
        if told["event"] not in AMENDING and told["position"] not in listed:
            position = int(told["position"])
            own = _line(told, entries[position], amended.get(position, ()), papers.get(position, ()), desk)
            lines.setdefault(steps.get(position, ""), []).append(own)
    found = []
    for segment in rail_of(row, desk, None).segments:
        found.append(
            Part(segment.title, [Row(m.number, m.title, lines.pop(m.id, [])) for m in segment.marks])
        )
    others = [Row("", word("command", step), own) for step, own in lines.items() if step]
    return [*found, *([Part(OTHERS, others)] if others else [])]


def _line(
    told: Mapping[str, Any], entry: Entry, amended: Sequence[Entry], attached: Sequence[str], desk: Desk
) -> Line:
    findings = [
        f"{WORDING.title(finding, desk.name_of)}：{word('verdict', finding['verdict'])}"
        for finding in told.get("findings") or ()
        if finding["verdict"] not in FITTING
    ]
    findings += told_now(told, desk.name_of)
    papers = [
        value_word(name, masked(name, told["facts"][name])) for name in PAPERS if told["facts"].get(name)
    ]
    papers += attached
    said = act_text({**told, "facts": {k: v for k, v in told["facts"].items() if k not in PAPERS}})
    reason = str(told.get("reason") or "")
    is_checked = bool(told.get("findings")) and not told.get("retracted_by")
    return Line(entry, said.partition("：")[2], findings, is_checked, "、".join(papers), reason, amended)
