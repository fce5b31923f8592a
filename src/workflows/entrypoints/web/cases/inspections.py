"""督查: what was planned, what the facts say of each point, what was seen, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from workflows.domain.inspection.state import ANNOUNCED
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.period_words import is_period, period_word
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.facts_told import light_of
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Row, Tab
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.words import WORDING, word

SEEN = {
    "in_order": ("ok", "符合要求"), "not_in_order": ("over", "不符合要求"), "not_looked": ("no", "还没有看"),
}  # fmt: skip
OUTCOMES = {
    "met": ("ok", "做到了"), "late": ("refer", "做晚了"), "missing": ("over", "没有做到"),
    "invalid": ("over", "不算数"), "exempt": ("free", "不要求"), "pending": ("no", "没到期"),
    "refer": ("refer", "由人判断"),
}  # fmt: skip
BROKEN = frozenset({"missing", "invalid"})
MOST_PROOFS = 12
WAITING = {"to_raise": "没有列为问题", "not_looked": "没有看"}


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    waiting = {} if row["over"] else {name: len(row[name]) for name in WAITING}
    return (Cell(f"{len(row['findings'])} 个" if row["findings"] else ""), Cell(_waiting(waiting)))


def _wanted(row: Row) -> str:
    """Return what comes next: a problem for each point not in order, then a look at the rest."""
    if row["stage"] != "visited":
        return ""
    return "raise_finding" if row["to_raise"] else "record_visit"


def _waiting(counts: Mapping[str, int]) -> str:
    """Return what is left of an inspection that was held."""
    return "，".join(f"{counts[name]} 项{word}" for name, word in WAITING.items() if counts.get(name))


def _told(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    answer = ask.desk.checklist(told["file_id"])
    base = f"{INSPECTIONS.path}/{told['file_id']}"
    return {
        **answer,
        "manner_word": word("value", answer["manner"]),
        "waiting": _waiting(answer["counts"]) if told["state"]["stage"] == "visited" else "",
        "withheld": answer["withheld"],
        "silent": answer["manner"] != ANNOUNCED and answer["visited_on"] is None,
        "points": [_point(row, base, ask) for row in answer["rows"]],
        "others": [_problem(one) for one in answer["others"]],
    }


def _point(row: Mapping[str, Any], base: str, ask: Ask) -> dict[str, Any]:
    seen = "；".join(filter(None, (row["note"], wanting(row))))
    text = f"{row['label']}：{seen}" if seen else row["label"]
    asked = {"text": text[:200], "point": row["point"], **({"rule": row["rule"]} if row["rule"] else {})}
    return {
        **row,
        "note": mask_text(row["note"] or ""),
        "seen": Light(*SEEN[row["seen"]]),
        "facts": [_facts(one, ask) for one in row["facts"]],
        "problem": _problem(row["problem"]) if row["problem"] else None,
        "raise_path": f"{base}/acts/raise_finding?{urlencode(asked)}" if row["to_raise"] else "",
    }


def wanting(row: Mapping[str, Any]) -> str:
    """Return what the facts lack of the rule that a problem is about, by unit where several were seen."""
    named, found, rule = len(row["facts"]) > 1, [], WORDING.words.known("rule", row["rule"] or "")
    for one in row["facts"]:
        lacks = [p for p in one["proofs"] if p["rule"] == row["rule"] and p["outcome"] in BROKEN]
        told = "、".join(_lacking(proof) for proof in lacks)
        rule = rule or next((f"“{proof['label']}”" for proof in lacks), "")
        found += [f"{one['unit']} {told}" if named else told] if told else []
    return f"账上{rule}没有做到（{'；'.join(found)}）" if found else ""


def _lacking(proof: Mapping[str, Any]) -> str:
    """Return a period in full, with its group, or what an act or a limit is called."""
    what = str(proof["what"])
    told = what if is_period(what) else word("command", what)
    return f"{told} {proof['part']}" if proof["part"] else told


def _facts(facts: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    return {
        "unit": facts["unit"],
        "path": f"/units/{facts['unit_id']}",
        "light": light_of(facts),
        "proofs": [_proof(one, ask) for one in facts["proofs"][:MOST_PROOFS]],
        "more": max(0, len(facts["proofs"]) - MOST_PROOFS),
    }


def _proof(proof: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    what = str(proof["what"])
    if is_period(what):
        what = period_word(what, ask.horizon.as_of)
    elif proof["kind"] == "act":
        what = word("command", what)
    named = "，".join(one for one in (proof["label"] if proof["kind"] != "act" else "", what) if one)
    return {
        "text": f"{named}（{proof['part']}）" if proof["part"] else named,
        "light": Light(*OUTCOMES[proof["outcome"]]),
        "on": proof["on"],
        "events": [f"/events/{one['position']}" for one in proof["events"]],
    }


def _problem(problem: Mapping[str, Any]) -> dict[str, Any]:
    stage = word("stage", f"rectification.{problem['stage']}")
    return {
        **problem,
        "path": f"/issues/{problem['file_id']}",
        "light": Light("ok" if problem["over"] else "soon", stage),
    }


INSPECTIONS = CaseKind(
    kind="inspection",
    path="/inspections",
    here="/issues",
    title="督查",
    noun="督查",
    opening="plan_inspection",
    tabs=(
        Tab("planned", "已安排", frozenset({"planned"})),
        Tab("visited", "待处理", frozenset({"visited"})),
        Tab("done", "已了结", frozenset({"done"})),
        Tab("cancelled", "已取消", frozenset({"cancelled"})),
    ),
    course=("planned", "visited", "done"),
    empty="安排一次督查点“新增”；督查发现的问题会列到问题整改里。",
    heads=("发现问题", "还差"),
    cells=_cells,
    template="case_inspection.html",
    told=_told,
    about_one=True,
    wanted=_wanted,
    links=(("/inspections?tab=withheld", "还没有公开的暗访"),),
)
