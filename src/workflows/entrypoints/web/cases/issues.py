"""整改: problems, from the day they were found to their close-out; why one cannot be closed yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from workflows.domain.rectification.commands import IssueSource
from workflows.entrypoints.correction_sheet import late_told
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.period_words import is_period
from workflows.entrypoints.web import why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind, Cell, Choice, Row, Tab
from workflows.entrypoints.web.cases.told import period_told
from workflows.entrypoints.web.forms.duty_form import form_of
from workflows.entrypoints.web.lights import Light
from workflows.entrypoints.web.words import WORDING, word
from workflows.policies.kinds import Cadence

STANDING = {
    "clean": ("ok", "可以销号：关联的规定已经做到"),
    "waived": ("free", "可以销号：关联的规定已经豁免"),
    "broken": ("over", "不能销号：关联的规定还没有做到"),
    "unsure": ("refer", "账上看不出做到没有，销号时由人说明"),
    "unknown": ("refer", "这条规定不约束这个党组织，销号时由人说明"),
}  # fmt: skip
LOOKED = {
    "done": ("ok", "做到了"), "broken": ("over", "没有做到"), "waived": ("free", "已经豁免"),
    "exempt": ("free", "不要求"), "ahead": ("no", "没到期"), "unsure": ("refer", "看不出"),
}  # fmt: skip
RESULTS = {
    "pass": ("ok", "整改到位"), "part": ("soon", "部分整改到位，继续整改"), "fail": ("over", "不合格，退回"),
}  # fmt: skip
MOST_LOOKED = 12


def marks_of(row: Row) -> list[str]:
    """Return what is out of the ordinary about a problem, in words."""
    told = ["反弹"] if row["relapse_of"] else [f"以前列过 {len(row['recurs'])} 次"] if row["recurs"] else []
    told += [f"重新列出 {row['reopened']} 次"] if row["reopened"] else []
    told += [f"延期 {row['extended']} 次"] if row["extended"] else []
    told += [f"提请{row['level']}"] if row["level"] else []
    return told + (["凭豁免销号"] if row["waiver"] else [])


def _cells(row: Row, ask: Ask) -> Sequence[Cell]:
    return (
        Cell(word("value", row["source"])),
        Cell(row["owner"] or ""),
        Cell(f"{row['papers']} 件" if row["papers"] else ""),
        Cell("，".join(marks_of(row))),
        Cell(mask_text(row["measure"] or "")),
    )


def waiver_told(waiver: Mapping[str, Any] | None) -> str:
    """Return on whose word a problem was closed while its rule was broken, "" where it was not."""
    if waiver is None:
        return ""
    by = "，".join(filter(None, (waiver["authority"], waiver["document"])))
    until = f"，豁免到 {waiver['until']}" if waiver["until"] else ""
    late = f"；{told}" if (told := late_told(waiver, WORDING)) else ""
    return f"凭豁免销号：{by}{until}{late}" if by else "凭豁免销号；那次豁免后来撤回了"


def _told(told: Mapping[str, Any], ask: Ask) -> Mapping[str, Any]:
    state = told["state"]
    rule = ask.desk.rule(state["rule"], state["unit_id"]) if state["rule"] else None
    return {
        "facts": _facts(state, rule.label if rule else state["rule"] or "", ask),
        "text": mask_text(state["text"] or ""),
        "measure": mask_text(state["measure"] or ""),
        "standing": _standing(told["standing"], state, ask),
        "recurs": len(state["recurs"]),
        "relapse_of": told["relapse_of"],
        "later": sum(one["role"] == "later" for one in told["related"]),
        "closures": [{**one, "waiver": waiver_told(one["waiver"])} for one in told["closures"]],
        "acceptances": [{**one, "light": Light(*RESULTS[one["result"]])} for one in told["acceptances"]],
        "delays": told["delays"],
        "escalations": told["escalations"],
    }


def _facts(state: Mapping[str, Any], label: str, ask: Ask) -> list[tuple[str, str]]:
    told = [
        ("来源", word("value", state["source"])),
        ("严重程度", word("value", state["severity"])),
        ("违反的规定", label),
        ("所属期间", period_told(state["period"], ask.desk) if state["period"] else ""),
        ("责任人", state["owner"] or ""),
        ("责任领导", state["leader"] or ""),
        ("整改期限", state["due_on"] or ""),
        ("现由谁解决", state["level"] or ""),
    ]
    return [(name, text) for name, text in told if text]


def _standing(told: Mapping[str, Any] | None, state: Mapping[str, Any], ask: Ask) -> dict[str, Any] | None:
    if told is None:
        return None
    looked = [_looked(one, told["rule"], state, ask) for one in told["looked"]]
    looked.sort(key=lambda one: one["light"].shape != "over")
    light = Light(*STANDING[told["state"]])
    if told["late"]:
        light = Light("refer", f"豁免晚了 {told['late']} 天，能不能销号由人判断")
    return {
        "light": light,
        "is_broken": told["state"] == "broken",
        "label": told["label"] or told["rule"],
        "clause": told["clause"] or "",
        "looked": looked[:MOST_LOOKED],
        "left": max(0, len(looked) - MOST_LOOKED),
        "relief_path": f"/units/{state['unit_id']}/acts?rule={told['rule']}",
    }


def _looked(one: Mapping[str, Any], rule: str, state: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    what = str(one["what"])
    cell = ask.horizon.link(f"/compliance/{state['unit_id']}/{rule}/{what}") if is_period(what) else ""
    records = one["because"] if one["state"] == "done" else ()
    return {
        "what": period_told(what, ask.desk) + (f"（{one['part']}）" if one["part"] else ""),
        "path": cell,
        "act_path": _act(one, what, rule, state, ask) if cell else "",
        "light": Light(*LOOKED[one["state"]]),
        "sources": why.source_lines(records),
    }


def _act(one: Mapping[str, Any], what: str, rule: str, state: Mapping[str, Any], ask: Ask) -> str:
    """Return where that is recorded which is still to be done, "" where there is nothing or no form."""
    known = ask.desk.rule(rule, state["unit_id"])
    if one["state"] != "broken" or not isinstance(known, Cadence):
        return ""
    return form_of(known.activity, state["unit_id"], what)


ISSUES = CaseKind(
    kind="rectification",
    path="/issues",
    here="/issues",
    title="问题整改",
    noun="问题",
    opening="open_issue",
    tabs=(
        Tab("found", "发现", frozenset({"found"})),
        Tab("working", "整改中", frozenset({"planned", "in_progress"})),
        Tab("submitted", "待验收", frozenset({"submitted"})),
        Tab("accepted", "待销号", frozenset({"accepted"})),
        Tab("closed", "已销号", frozenset({"closed"})),
    ),
    course=("found", "planned", "in_progress", "submitted", "accepted", "closed"),
    empty="履行情况里缺的、无效的可以直接列为问题，督查发现的会自己列到这里；别的点“新增”。",
    heads=("来源", "责任人", "证据", "说明", "措施"),
    small=frozenset({"来源", "措施", "说明"}),
    cells=_cells,
    choices=(
        Choice(
            "source",
            "来源",
            tuple((name, word("value", name)) for name in get_args(IssueSource)),
            lambda row, value: row["source"] == value,
        ),
    ),
    first=("close_out", "accept_correction", "submit_correction", "plan_correction"),
    template="case_issue.html",
    told=_told,
)
