"""全过程: the steps of the course in five stages, done ones dated, the present one, those to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import ascii_lowercase
from typing import Any

from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.words import earliest_word, verdict_word, word
from workflows.policies.pack import Step

STAGES = {
    "applicant": "申请入党", "activist": "积极分子", "target": "发展对象", "probationary": "接收预备党员",
    "full": "考察和转正",
}  # fmt: skip
WORTH_TELLING = frozenset({"block", "incomplete", "late", "warn", "refer"})
DIFFERENT_VERSIONS = {
    "file_development_target": "consent_development_target",
    "consent_development_target": "file_development_target",
}
"""Steps that stand for one another in two versions of the regulation: what was done is shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A step on the rail, or a part of one (8, 8a, 8b); ``shape``: "" done, ``cur`` now, ``todo`` to come.

    ``id`` is that of the step in the chart.
    """

    number: str
    title: str
    shape: str
    on: str = ""
    note: str = ""
    path: str = ""
    id: str = ""

    @property
    def step(self) -> str:
        """Return the number of the step that this is, or is a part of: 8 for 8a."""
        return self.number.rstrip(ascii_lowercase) or self.number


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the five stages with its steps; ``shape``: "" to come, ``done``, ``now``."""

    title: str
    shape: str
    marks: Sequence[Mark]

    @property
    def total(self) -> int:
        """Return how many steps there are: parts of one are one."""
        return len({mark.step for mark in self.marks})

    @property
    def done(self) -> int:
        """Return how many steps are done: one of several parts when all of them are."""
        return self.total - len({mark.step for mark in self.marks if mark.shape})


@dataclass(frozen=True, slots=True)
class Rail:
    """The whole course."""

    segments: Sequence[Segment]
    done: int
    total: int


def rail_of(row: Mapping[str, Any], desk: Desk, present: str | None) -> Rail:
    """Return the course of one person (a row of the pipeline) by the chart of the day asked for.

    ``present`` is the step to be done now, None where nothing is to come any more.
    """
    done = _by_step(row["done"])
    asked = {entry["step"]: entry for entry in row["next"]}
    whole = _chart(desk, row.get("unit_id"), done)
    chart = [step for place, step in enumerate(whole) if _is_shown(step, done, whole[place + 1 :])]
    reached = [place for place, step in enumerate(chart) if step.id in done or step.id == present]
    behind = {step.id for step in chart[: max(reached, default=0)]} - asked.keys()
    segments = []
    for stage, title in STAGES.items():
        steps = [step for step in chart if step.stage == stage]
        first = min((acts[0]["on"] for step in steps if (acts := done.get(step.id))), default=None)
        marks = [
            replace(
                _with_passes(
                    _mark(
                        step,
                        done.get(step.id, []),
                        first,
                        present,
                        asked.get(step.id),
                        is_behind=step.id in behind,
                    ),
                    step,
                    row["done"],
                ),
                id=step.id,
            )
            for step in steps
        ]
        is_begun = any(not mark.shape for mark in marks)
        shape = "now" if any(mark.shape == "cur" for mark in marks) else "done" if is_begun else ""
        segments.append(Segment(title, shape, marks))
    return Rail(segments, sum(s.done for s in segments), sum(s.total for s in segments))


def name_of(step: Step) -> str:
    """Return the name of a step: that of its command, as everywhere else; its own where it has none."""
    told = word("command", step.id)
    return step.title if told == step.id else told


def _by_step(acts: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for act in acts:
        if act.get("passed") is not False and act["stands"]:
            found.setdefault(act["step"], []).append(act)
    return found


def _chart(desk: Desk, unit_id: object, done: Mapping[str, Any]) -> list[Step]:
    """Return the steps asked for in a unit on the day, those done under an earlier version put in."""
    rules = desk.rules_for(unit_id)
    steps = rules.steps(desk.horizon.as_of)
    known = {step.id: step for pack in rules.packs for step in pack.steps}
    chart = []
    for step in steps:
        other = DIFFERENT_VERSIONS.get(step.id)
        chart.append(known[other] if other in known and other in done and step.id not in done else step)
    return chart


def _is_shown(step: Step, done: Mapping[str, Sequence[Mapping[str, Any]]], later: Sequence[Step]) -> bool:
    """Say whether a step is part of this course: done, or asked for before the course went past it."""
    if step.id in done:
        return True
    passed_on = min((acts[0]["on"] for one in later if (acts := done.get(one.id))), default=None)
    is_newer = step.start is not None and passed_on is not None and passed_on < str(step.start)
    return step.required and not is_newer


def _with_passes(mark: Mark, step: Step, acts: Sequence[Mapping[str, Any]]) -> Mark:
    """Return a mark with the passes that do not count: sent back, lost, refused, each with its day."""
    gone = [act for act in acts if act["of"] == step.id and _gone_word(act)]
    told = [f"第 {act['pass']} 次 {act['on']} {_gone_word(act)}" for act in gone]
    return replace(mark, note=" · ".join([*filter(None, [mark.note]), *told])) if told else mark


def _gone_word(act: Mapping[str, Any]) -> str:
    """Return how a pass of a step ended that does not count, "" of one that does, or whose return is told."""
    if act["step"] == "return_papers":
        return "退回"
    if act["step"] == "refuse_admission":
        return "不批准"
    return "没有通过" if act["passed"] is False else ""


def _mark(
    step: Step,
    acts: Sequence[Mapping[str, Any]],
    first: str | None,
    present: str | None,
    asked: Mapping[str, Any] | None,
    *,
    is_behind: bool,
) -> Mark:
    title = name_of(step)
    if step.id == present:
        limit = asked or {}
        told = [f"已办 {len(acts)} 次"] if acts else []
        if limit.get("latest_on"):
            told.append(f"最迟 {limit['latest_on']}")
        elif limit.get("earliest_on"):
            told.append(f"最早 {earliest_word(limit['earliest_on'], limit['provisional'])}".strip())
        return Mark(step.no, title, "cur", note=" · ".join(told))
    if not acts:
        return Mark(step.no, title, "todo", note="没有记录" if is_behind else "")
    last = acts[-1]
    notes = []
    if step.repeats and len(acts) > 1:
        notes.append(f"{len(acts)} 次")
    elif first and last["on"] > first and not last.get("on_approx"):
        notes.append(f"第 {(date.fromisoformat(last['on']) - date.fromisoformat(first)).days} 天")
    flawed = [f for f in last.get("findings") or () if f["verdict"] in WORTH_TELLING]
    if flawed:
        notes.append(verdict_word(flawed[0]))
    path, rough = f"/events/{last['position']}", last.get("on_approx")
    on = rough["text"] if rough else last["on"]
    return Mark(step.no, title, "", on=on, note=" · ".join(notes), path=path)
