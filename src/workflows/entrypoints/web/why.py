"""为什么: conclusion, basis, facts, arithmetic, what is wanting, version; always in this order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from workflows.entrypoints.masking import masked
from workflows.entrypoints.period_words import is_period
from workflows.entrypoints.proposed import causes_of, choices_of
from workflows.entrypoints.relieved import resting, waived
from workflows.entrypoints.web.words import WORDING, event_word, value_word, verdict_word, word
from workflows.entrypoints.wording import NameBook, named
from workflows.policies.findings import Calc, Finding, Verdict

DOUBTFUL = frozenset({"SS", "GK"})


@dataclass(frozen=True, slots=True)
class Basis:
    """An event that a conclusion rests on."""

    path: str
    on: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact by its name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of arithmetic that a reader can check by hand."""

    left: str
    right: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wanting:
    """Something asked for, there or not."""

    text: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Why:
    """An explanation; what is empty is left out, the order never changes."""

    title: str
    about: str = ""
    conclusion: str = ""
    basis: str = ""
    rule_text: str = ""
    doubt: str = ""
    sources: Sequence[Basis] = ()
    facts: Sequence[FactLine] = ()
    lines: Sequence[Line] = ()
    wanting: Sequence[Wanting] = field(default=())
    version: str = ""


def source_lines(because: Iterable[Mapping[str, Any]]) -> list[Basis]:
    """Return the events a row rests on, each with its permalink."""
    found = []
    for source in because:
        position = source.get("position") or 0
        late = source.get("recorded_on") and source["recorded_on"] != source["on"]
        found.append(
            Basis(
                path=f"/events/{position}",
                on=str(source["on"]),
                text=event_word(str(source["event"])),
                note=f"{source['recorded_on']} 记录，#{position}" if late else f"当日记录，#{position}",
            )
        )
    return found


def calc_lines(calc: Iterable[Mapping[str, Any]], names: NameBook | None = None) -> list[Line]:
    """Return lines of arithmetic as one writes them: ``2025-12-01 + 12 个月`` ``= 2026-12-01``."""
    found = []
    for line in calc:
        told = WORDING.calc(msgspec.convert(line, Calc), names).replace(" - ", " − ")
        left, sign, right = told.rpartition(" = ")
        found.append(Line(left, f"= {right}") if sign else Line(told))
    return found


def fact_lines(facts: Mapping[str, Any], *, leave_out: Iterable[str] = ()) -> list[FactLine]:
    """Return facts by their Chinese names, personal numbers masked."""
    skipped = set(leave_out)
    return [
        FactLine(word("fact", name), value_word(name, masked(name, value)))
        for name, value in facts.items()
        if name not in skipped and value not in (None, "", [], {})
    ]


def version_line(row: Mapping[str, Any], records: int) -> str:
    """Return rule, pack, the day from which its value holds, and how many records the answer rests on."""
    told = [f"规则 {row['rule']}"] if row.get("rule") and row.get("pack") else []
    if row.get("pack"):
        told.append(f"规则包 {row['pack']}" + (f"，{row['version']} 起" if row.get("version") else ""))
    if row.get("confidence"):
        told.append(f"条文{word('confidence', row['confidence'])}")
    told.append(f"依据全部 {records} 条记录")
    return " · ".join(told)


def doubt(row: Mapping[str, Any]) -> str:
    """Return the warning that an article was not read in the original, "" where it was."""
    confidence = str(row.get("confidence") or "")
    return f"条文{word('confidence', confidence)}" if confidence in DOUBTFUL else ""


def of_deadline(row: Mapping[str, Any], about: str, as_of: date, records: int) -> Why:
    """Return why a limit falls on its day and what it says on ``as_of``."""
    due, left = str(row["due_on"]), int(row["days_left"])
    lines = calc_lines(row.get("calc") or ())
    if row["status"] == "met":
        conclusion = f"{row['met_on']} 已办，截止日是 {due}。"
        title = f"为什么是 {due}"
    elif row["status"] == "held":
        conclusion = f"{resting(WORDING.words, row, row['held_by'])}。这段时间不算逾期，也不提醒。"
        title = f"为什么是 {due}，为什么现在不催"
    elif row.get("proposal"):
        told = f"{causes_of(row, WORDING)}。由人决定：{choices_of(row, WORDING)}。"
        conclusion, title = f"自 {due} 起有缘由：{told}没有定期限，不算逾期。", f"为什么从 {due} 起"
    elif row.get("watch") and row.get("awaited"):
        conclusion, title = f"跟踪到 {due} 为止，到期自己结束，不用办理。", f"为什么是 {due}"
    elif row.get("awaited"):
        told = f"还有 {left} 天。" if left > 0 else "已经可以办。"
        conclusion, title = f"最早可于 {due} 办理。今天 {as_of}，{told}", f"为什么是 {due}"
    elif left < 0:
        conclusion = f"截止日是 {due}。到 {as_of} 还没有办理的记录，逾期 {-left} 天。"
        title = f"为什么是 {due}，为什么算逾期"
        lines.append(Line(f"{as_of} − {due}", f"= {-left} 天", "逾期"))
    else:
        conclusion = f"截止日是 {due}。今天 {as_of}，" + (f"还有 {left} 天。" if left else "今天到期。")
        title = f"为什么是 {due}"
        if left:
            lines.append(Line(f"{due} − {as_of}", f"= {left} 天", "还有"))
    for relief in row.get("reliefs") or ():
        if relief["form"] == "extended":
            lines.append(Line(f"{relief['was_due_on']} 延到 {relief['due_on']}", "", relief_note(relief)))
    if row.get("latest_on"):
        conclusion += f"最迟不得超过 {row['latest_on']}。"
    is_of_case = WORDING.words.known("limit", str(row.get("rule"))) is not None
    if is_period(str(row.get("subject")).partition(" ")[0]) and not is_of_case:
        lines.insert(0, Line(f"{row['opens_on']} 至 {due}", "", "这一期"))
    return Why(
        title=title,
        about=about,
        conclusion=conclusion,
        basis=str(row.get("clause") or ""),
        rule_text=str(row.get("label") or ""),
        doubt=doubt(row),
        sources=source_lines(row.get("because") or ()),
        facts=fact_lines(row.get("facts") or {"grade": (row.get("proposal") or {}).get("grade")}),
        lines=lines,
        wanting=[Wanting(step_text(str(name)), is_there=False) for name in row.get("missing") or ()],
        version=version_line(_ruled(row), records),
    )


def _ruled(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row with the rule behind it: that of the first cause of a proposal, none of a follow-up."""
    if row.get("proposal"):
        return {**row, "rule": row["proposal"]["causes"][0]["rule"]}
    return {**row, "rule": ""} if row.get("watch") else row


def relief_note(relief: Mapping[str, Any]) -> str:
    """Return on whose word and by which paper something was let pass."""
    return "，".join(filter(None, (relief.get("authority"), relief.get("document"), relief.get("reason"))))


def of_finding(row: Mapping[str, Any], scene: Scene, records: int) -> Why:
    """Return why a rule said what it said of an act on its day; ``row`` is a finding in JSON form."""
    finding = msgspec.convert(row, Finding)
    told = WORDING.finding(finding, scene.names, command=scene.command, on=scene.on, who=scene.who)
    waivers = [row["waived"]] if row.get("waived") else []
    facts = named(dict(finding.facts), scene.names)
    said = {"verdict": finding.verdict.value, "facts": facts}
    return Why(
        title=f"{WORDING.title(row, scene.names)}：{verdict_word(said)}",
        conclusion=told + (waived(WORDING.words, waiver) if (waiver := row.get("waived")) else ""),
        basis=finding.clause,
        rule_text=finding.label,
        doubt=doubt(row),
        sources=source_lines([*(row.get("because") or ()), *waivers]),
        facts=fact_lines(facts, leave_out=("how",)),
        lines=calc_lines(row.get("calc") or (), scene.names),
        wanting=[Wanting(f"缺：{step_text(name)}", is_there=False) for name in finding.missing],
        version=version_line(row, records),
    )


GOOD = frozenset({Verdict.OK, Verdict.NOTE, Verdict.CONVENTION})


@dataclass(frozen=True, slots=True)
class Scene:
    """Where findings were made: the command, its day, whose case, and who is behind an id."""

    command: str
    on: date
    who: str
    names: NameBook


def of_cell(cell: Mapping[str, Any], about: str, records: int) -> Why:
    """Return why the duty of a period stands as it does."""
    return Why(
        title="为什么",
        about=about,
        conclusion=WORDING.duty(cell),
        basis=str(cell.get("clause") or ""),
        rule_text=str(cell.get("label") or ""),
        doubt=doubt(cell),
        sources=source_lines(cell.get("evidence") or ()),
        facts=fact_lines(cell.get("base") or {}),
        version=version_line(cell, records),
    )


def step_text(name: str) -> str:
    """Return a command or a paper in words."""
    return WORDING.fact(name) if word("command", name) == name else word("command", name)
