"""履行情况的一格: what is said of a duty of a period, by which clause, from which facts; what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from workflows.domain.unit.verdicts import PARTLY
from workflows.entrypoints.answers import with_explanations
from workflows.entrypoints.period_words import period_word
from workflows.entrypoints.web import lights, why
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.issues import ISSUES
from workflows.entrypoints.web.forms.duty_form import form_of
from workflows.entrypoints.web.pages.compliance import HERE, activity_word
from workflows.entrypoints.web.problems import not_found
from workflows.entrypoints.web.units_told import unit_of
from workflows.entrypoints.web.words import CATALOGUE, WORDING, word
from workflows.kernel.calendar import Period

router = APIRouter()
OPEN = ("missing", "invalid", "pending", "refer")
"""The verdicts of a cell that a record can still change."""

BROKEN = ("missing", "invalid")
"""The verdicts of a cell that may be listed as a problem to be put right."""

RELIEFS = {"waived": "豁免", "held": "暂缓", "extended": "延长"}


@router.get("/compliance/{unit_id}/{rule_id}/{period}")
def show(ask: Annotated[Ask, Depends()], unit_id: str, rule_id: str, period: str) -> HTMLResponse:
    """Show why a cell stands as it does.

    Raises:
        PageProblem: 404, no such unit, or nothing is asked of it in that period.
    """
    entry = unit_of(ask, unit_id)
    try:
        asked = Period.parse(period)
    except ValueError as error:
        raise not_found("格") from error
    told = with_explanations(ask.desk.cells(entry.id, period, rule_id, None, 0, None), WORDING)
    of = ask.text("of")
    own = [
        row
        for row in told["rows"]
        if row["unit_id"] == str(entry.id) and row["period"] == period and of in ("", row.get("part"))
    ]
    if not own:
        raise not_found("格")
    row = own[0]
    what, when = activity_word(row), period_word(period, ask.horizon.as_of)
    by_member = row["facts"].get("counted_by") == "person"
    return ask.page(
        "compliance_cell.html",
        here=HERE,
        entry=entry,
        what=what,
        when=when,
        light=lights.of_cell(row, asked.last, ask.horizon.as_of),
        why=_why(row, f"{when}{what}", ask),
        facts=_facts(row, by_member=by_member),
        records=[_record(one, ask) for one in row["evidence"]],
        members=[_member(one, row, ask) for one in row.get("members", ())],
        member_counts=_counts(row.get("members", ())),
        by_member=by_member,
        reliefs=[_relief(one, ask) for one in row["reliefs"]],
        ways=_ways(row, asked, by_member=by_member),
        record_path=_record_path(row, by_member=by_member) if row["verdict"] in OPEN else "",
        relief_path=f"/units/{entry.id}/acts?rule={row['rule']}&subject={period}",
        issues=_issues(row, ask),
        issue_path=_issue_path(row, what) if row["verdict"] in BROKEN else "",
        is_soft=row["severity"] == "warn",
        matrix_path=ask.horizon.link(HERE, year=asked.first.year, rule=row["rule"]),
        unit_path=ask.horizon.link(f"/units/{entry.id}"),
    )


def _why(row: Mapping[str, Any], about: str, ask: Ask) -> why.Why:
    """Return the explanation with the arithmetic of the period, of the number asked and of the base."""
    facts, told = row["facts"], why.of_cell(row, about, ask.desk.head)
    lines = [why.Line(f"{facts['first_day']} 至 {facts['last_day']}", "", "这一期")]
    if facts.get("due_on"):
        lines.append(why.Line(f"{facts['last_day']} 延到 {facts['due_on']}", "", "批准延长"))
    lines += _number(row)
    if row["recorded_days_late"]:
        lines.append(why.Line(f"期后 {row['recorded_days_late']} 天才录入", "", "补录不影响结论"))
    wanting = [why.Wanting(_flaw(rule, row, ask), is_there=False) for rule in _flaws(row)]
    return why.Why(
        title=told.title,
        about=told.about,
        conclusion=told.conclusion,
        basis=told.basis,
        rule_text=told.rule_text,
        doubt=told.doubt,
        sources=told.sources,
        facts=told.facts,
        lines=lines,
        wanting=wanting,
        version=told.version,
    )


def _number(row: Mapping[str, Any]) -> list[why.Line]:
    """Return how what is there compares with what is asked."""
    facts, base = row["facts"], row["base"]
    if facts.get("counted_by") == "person":
        asked, reached = int(base["members"]), int(base["reached"])
        note = f"每人应达到 {facts['required']} {'学时' if facts.get('sum') == 'hours' else '次'}"
        return [why.Line(f"{asked} 名应达到 − {reached} 名达到", f"= {asked - reached} 名", note)]
    if facts.get("standing"):
        return _bodies(base)
    valid, required = int(facts["valid"]), int(facts["required"])
    sign = "≥" if valid >= required else "<"
    lines = [why.Line(f"算数的 {valid} 次 {sign} 应有 {required} 次", "", "次数")]
    if base.get("eligible") and base.get("attending") is not None:
        eligible, attending = int(base["eligible"]), int(base["attending"])
        share = f"{attending / eligible:.0%}"
        lines.append(why.Line(f"到会 {attending} ÷ 应到 {eligible}", f"≈ {share}", "到会的比例"))
    return lines


def _bodies(base: Mapping[str, Any]) -> list[why.Line]:
    """Return how many of the leading body keep contact with a branch, where any of them does."""
    if not base.get("leaders"):
        return []
    body, kept = int(base["leaders"]), int(base["in_contact"])
    return [why.Line(f"班子 {body} 名 − 有联系点的 {kept} 名", f"= {body - kept} 名", "还没有联系点的")]


def _flaws(row: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(rule for one in row["evidence"] for rule in one["flaws"]))


def _flaw(rule_id: str, row: Mapping[str, Any], ask: Ask) -> str:
    """Return the words of a rule that made a record not count: the one asked at a meeting, not the duty."""
    rules = ask.desk.rules_for(row["unit_id"]).at("hold_meeting")
    rule = next((one for one in rules if rule_id == one.id), None)
    if rule is not None:
        return rule.label
    has_words = CATALOGUE.has("input", rule_id)  # an act of which nobody can say whether it counts
    return CATALOGUE.sentence("input", rule_id) if has_words else rule_id


def _facts(row: Mapping[str, Any], *, by_member: bool) -> list[tuple[str, str]]:
    facts = row["facts"]
    told = [("这一期", f"{facts['first_day']} 至 {facts['last_day']}")]
    if by_member:
        base = row["base"]
        return [*told, ("应达到", f"{base['members']} 名"), ("已达到", f"{base['reached']} 名")]
    if facts.get("standing"):
        return [*told, ("看哪一天", facts["last_day"])]
    return [
        *told,
        ("应有", f"{facts['required']} 次"),
        ("记录", f"{facts['found']} 次，算数 {facts['valid']} 次"),
    ]


def _record(one: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    is_meeting = one["event"] == "MeetingHeld"
    path = f"/meetings/{one['position']}" if is_meeting else f"/events/{one['position']}"
    return {
        "on": one["on"],
        "text": WORDING.event(one["event"]),
        "path": ask.horizon.link(path),
        "note": "当日记录" if one["recorded_on"] == one["on"] else f"{one['recorded_on']} 记录",
        "valid": one["valid"],
        "partly": bool(one["flaws"]) and PARTLY.issuperset(one["flaws"]),
        "position": one["position"],
    }


def _member(one: Mapping[str, Any], row: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    shape, text = lights.CELLS[one["verdict"]]
    words = {"met": "达到", "missing": "没有达到", "pending": "还没有达到"}
    unit = "学时" if row["facts"].get("sum") == "hours" else "次"
    return {
        "name": one["person"] or "（姓名已删除）",
        "path": ask.horizon.link(f"/people/{one['person_id']}"),
        "amount": f"{one['amount']} {unit}" if one["amount"] is not None else "",
        "light": lights.Light(shape, words.get(one["verdict"], text)),
        "records": [_record(each, ask) for each in one["evidence"]],
    }


def _counts(members: Sequence[Mapping[str, Any]]) -> str:
    """Return how many stand how, in words."""
    words = {"met": "达到", "missing": "没有达到", "pending": "还没有达到", "refer": "待定", "exempt": "免"}
    counts = {key: sum(one["verdict"] == key for one in members) for key in words}
    return "，".join(f"{words[key]} {count} 名" for key, count in counts.items() if count)


def _relief(one: Mapping[str, Any], ask: Ask) -> dict[str, str]:
    text = "，".join(filter(None, (RELIEFS[one["form"]], why.relief_note(one))))
    return {"on": one["on"], "text": text, "path": ask.horizon.link(f"/events/{one['position']}")}


def _record_path(row: Mapping[str, Any], *, by_member: bool) -> str:
    """Return where what is wanting is recorded; what is asked of members is recorded on their own pages."""
    if by_member:
        return ""
    return form_of(str(row["facts"]["activity"]), row["unit_id"], row["period"], row.get("part"))


def _issues(row: Mapping[str, Any], ask: Ask) -> list[dict[str, Any]]:
    """Return the problems listed about the cell."""
    found = ask.desk.cases(ISSUES.kind, UUID(row["unit_id"]))["rows"]
    wanted = row["unit_id"], row["rule"], row["period"]
    return [
        {
            "title": one["subject"],
            "path": ask.horizon.link(ISSUES.place(one["file_id"])),
            "stage": word("stage", f"{ISSUES.kind}.{one['stage']}"),
            "light": lights.of_case(one),
        }
        for one in found
        if (one["unit_id"], one["rule"], one["period"]) == wanted
    ]


def _issue_path(row: Mapping[str, Any], what: str) -> str:
    """Return where the cell is listed as a problem, everything it tells filled in."""
    about = f"{period_word(row['period'], date.min)}{what}{lights.CELLS[row['verdict']][1]}"
    told = {
        "source": "compliance",
        "rule": row["rule"],
        "period": row["period"],
        "subject": about.replace(" ", ""),
        "text": f"{about}：{row['label']}（{row['clause']}）",
    }
    return f"/units/{row['unit_id']}/acts/open_issue?{urlencode(told)}"


def _ways(row: Mapping[str, Any], period: Period, *, by_member: bool) -> list[str]:
    """Return what can be done about a cell, the nearest way first."""
    verdict = row["verdict"]
    if by_member:
        told = "在没有达到的党员的页面上登记培训和学时；已经学了没有录的，按实际的日期补录。"
        return [told] if verdict in OPEN else []
    if row["facts"].get("standing"):
        told = "给还没有联系点的班子成员登记建立联系点；早就建立了没有录的，按建立的日期补录。"
        return [told] if verdict in OPEN else []
    mend = "会已经开了、没有录的：按开会的日期补录，算已开，并注明期后几天录入。"
    match verdict:
        case "missing":
            later = f"会没有开的：补开以后登记时写明所属期间 {period}，算迟，不算缺。"
            soft = ["这一条写的是“一般”，有特殊情况的可以说明理由。"] if row["severity"] == "warn" else []
            return [mend, later, "经上级批准豁免、暂缓或者延长的：登记批准的文号。", *soft]
        case "invalid":
            return [
                "记录的人数写错了的：更正那条记录，结论随着改。",
                f"人数确实不够的：重新召开，登记时写明所属期间 {period}。",
            ]
        case "pending":
            return [f"到 {row['facts'].get('due_on') or row['facts']['last_day']} 为止召开并登记。"]
        case "refer":
            return ["补上名册、选举等缺少的记录，结论随着改；补不上的，由党组织认定。"]
        case "late":
            return ["已经补开，不必再办；日期写错了的，更正那条记录。"]
        case "exempt":
            return ["不必办理；依据的日期写错了的，更正那条记录。"]
    return []
