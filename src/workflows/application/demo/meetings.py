"""三会一课 of a branch, five years of it: most held, some moved, missed, made up for, ill attended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Spell, View
from workflows.application.demo.county import Branch
from workflows.kernel.calendar import Period, periods
from workflows.kernel.chance import Chance

_THEMES = (
    "学习党章党规", "志愿服务：清洁村庄", "集中学习上级文件精神", "走访困难党员群众", "重温入党誓词",
    "参观廉政教育展", "防汛值守演练", "义务植树", "政策宣讲进农户", "学习身边榜样",
    "安全生产大检查", "网上学习交流",
)  # fmt: skip
_BUSINESS = (
    "研究本月工作安排", "讨论发展党员事项", "研究主题党日方案", "研究困难党员慰问", "党费收缴情况通报",
    "研究整改措施", "讨论年度工作计划", "研究民主评议党员方案", "研究入党积极分子培养", "研究党员教育培训",
)  # fmt: skip
_MATTERS = (
    "听取支部委员会工作报告", "通过年度工作计划", "讨论集体资产发包方案", "通过村规民约修订稿",
    "通过民主评议党员结果", "讨论困难补助名单", "传达上级会议精神", "讨论道路修缮方案", "通过支部工作总结",
)  # fmt: skip
_LECTURES = (
    "党章辅导",
    "党的纪律",
    "乡村振兴政策解读",
    "本地革命史",
    "怎样做合格党员",
    "基层治理案例",
    "安全与法治",
)
_ELSEWHERE = {
    "志愿服务：清洁村庄": "志愿服务：清洁环境", "政策宣讲进农户": "上门宣讲政策",
    "讨论集体资产发包方案": "讨论党员积分管理办法", "通过村规民约修订稿": "通过党员公约修订稿",
    "讨论道路修缮方案": "讨论为群众办实事项目",
}  # fmt: skip
"""What other branches do on the days on which a village does what only villages do."""

_LAST_DAY_OF_MONTH = 27


def hold_meetings(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Put all the regular meetings of a branch on the agenda."""
    until = agenda.county.until
    spells = _drawers(branch, until, chance.fork("drawers"))
    plan = [
        *_monthly(branch, until, chance.fork("theme"), "theme_party_day"),
        *_monthly(branch, until, chance.fork("committee"), "committee_meeting"),
        *_quarterly(branch, until, chance.fork("assembly"), "branch_assembly"),
        *_quarterly(branch, until, chance.fork("lecture"), "party_lecture"),
        *_yearly(branch, until, chance.fork("year")),
    ]
    held = (act for act in plan if branch.opens_on < act.on <= until)
    acts = sorted(held, key=lambda act: act.on)
    agenda.enter(acts, chance.fork("entry"), slack=branch.slack / 4, spells=spells, in_turn=False)


def _drawers(branch: Branch, until: date, chance: Chance) -> list[Spell]:
    """Return the times when nobody entered anything for months."""
    if not chance.happens(0.1 + 3 * branch.slack):
        return []
    first = branch.opens_on + timedelta(days=chance.number(60, max((until - branch.opens_on).days - 200, 61)))
    last = first + timedelta(days=chance.number(40, 100))
    return [Spell(first, last, last + timedelta(days=chance.number(10, 80)))]


def _monthly(branch: Branch, until: date, chance: Chance, kind: str) -> Iterator[Act]:
    fixed = (
        branch.theme_day if kind == "theme_party_day" else (branch.theme_day + chance.number(3, 11)) % 25 + 2
    )
    for period in periods("month", branch.opens_on, until):
        own = chance.fork(str(period))
        lot = own.share()
        if lot < branch.slack:
            continue
        day = min(fixed + own.number(-2, 2), _LAST_DAY_OF_MONTH)
        held = period.first.replace(day=max(day, 1))
        if lot < 1.15 * branch.slack:
            made_up = held + timedelta(days=own.number(28, 50))
            yield meeting(branch, made_up, kind, own, for_period=str(period))
            continue
        yield meeting(branch, held, kind, own)
        if kind == "committee_meeting" and own.happens(0.22):
            yield meeting(branch, held + timedelta(days=own.number(5, 9)), kind, own.fork("again"))


def _quarterly(branch: Branch, until: date, chance: Chance, kind: str) -> Iterator[Act]:
    for period in periods("quarter", branch.opens_on, until):
        own = chance.fork(str(period))
        lot = own.share()
        if lot < branch.slack:
            continue
        held = period.first + timedelta(days=own.number(12, 84))
        made_up = None
        if lot < 1.5 * branch.slack:
            held, made_up = period.last + timedelta(days=own.number(3, 25)), str(period)
        yield meeting(branch, held, kind, own, for_period=made_up)


def _yearly(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield 组织生活会 with 民主评议 at the end of the year or in January for it, 述职 a little later."""
    for period in periods("year", branch.opens_on, until):
        own = chance.fork(str(period))
        in_january = own.happens(0.4)
        held = date(period.first.year, 11, 1) + timedelta(days=own.number(0, 58))
        if in_january:
            held = period.last + timedelta(days=own.number(4, 26))
        told = str(period) if in_january else None
        if not own.happens(branch.slack / 2):
            yield meeting(branch, held, "organizational_life", own, for_period=told)
        yield meeting(branch, held, "democratic_appraisal", own.fork("appraisal"), for_period=told)
        if own.happens(0.8):
            report = held + timedelta(days=own.number(5, 30))
            told = None if Period.of(report, "year") == period else str(period)
            yield meeting(branch, report, "duty_review", own.fork("review"), for_period=told)


def assembly(branch: Branch, on: date, chance: Chance, topic: str) -> Act:
    """Return the assembly at which something about a person was voted on."""
    return Act(on, "hold_meeting", branch, lambda view: _said(view, "branch_assembly", chance, topic, None))


def meeting(branch: Branch, on: date, kind: str, chance: Chance, for_period: str | None = None) -> Act:
    """Return a meeting of a kind as its minutes tell it; ``for_period``: it makes up for one not held."""

    def fields(view: View) -> Mapping[str, Any] | None:
        return _said(view, kind, chance, _topic(branch, kind, chance), for_period)

    return Act(on, "hold_meeting", branch, fields, matter=kind)


def _topic(branch: Branch, kind: str, chance: Chance) -> str:
    drawn = _drawn(kind, chance)
    return drawn if branch.kind == "village" else _ELSEWHERE.get(drawn, drawn)


def _drawn(kind: str, chance: Chance) -> str:
    match kind:
        case "theme_party_day":
            return chance.pick(_THEMES)
        case "committee_meeting":
            return chance.pick(_BUSINESS)
        case "party_lecture":
            return chance.pick(_LECTURES)
        case "branch_assembly":
            return chance.pick(_MATTERS)
    words = {
        "organizational_life": "组织生活会",
        "democratic_appraisal": "民主评议党员",
        "duty_review": "书记述职评议",
    }
    return words[kind]


def _said(
    view: View, kind: str, chance: Chance, topic: str, for_period: str | None
) -> Mapping[str, Any] | None:
    """Return what the minutes say, by the books of the moment; None where there is no such body."""
    roster, posts = view.roster, view.posts
    if roster is None or not posts:
        return None
    base = roster.members
    if kind == "branch_assembly":
        base = len(roster.voters)
    elif kind == "committee_meeting":
        base = len(posts)
        if base == 1:
            return None
    present = _present(kind, base, chance)
    said: dict[str, Any] = {
        "type": kind,
        "chair": next(iter(posts)),
        "attending": present,
        "topics": [topic],
        "for_period": for_period,
    }
    said |= _eligible(base, present, chance)
    if kind == "party_lecture":
        said["lecturer"] = chance.pick(list(posts))
    if kind == "branch_assembly" and chance.happens(0.3):
        said["resolutions"] = [_resolution(topic, base, present, chance)]
    if kind == "democratic_appraisal":
        said["grades"] = _grades(len(roster.voters), chance)
    if kind != "committee_meeting" and present < base and chance.happens(0.35):
        away = [who for who in sorted(map(str, roster.voters)) if who not in posts]
        names = chance.some(away, min(base - present, 2))
        said["leave"] = [
            {"person": who, "reason": chance.pick(("外出务工", "生病住院", "值班", "出差"))} for who in names
        ]
    return said


def _present(kind: str, base: int, chance: Chance) -> int:
    if kind == "committee_meeting":
        return base - (chance.number(0, (base - 1) // 2) if chance.happens(0.3) else 0)
    share = 0.42 + chance.share() * 0.2 if chance.happens(0.03) else 0.78 + chance.share() * 0.22
    return max(round(base * share), base // 2 + 1)


def _eligible(base: int, present: int, chance: Chance) -> dict[str, int]:
    """Return 应到 as the clerk types it: mostly right, at times left out, at times last year's number."""
    match chance.weighted({"right": 85, "left out": 12, "stale": 3}):
        case "left out":
            return {}
        case "stale":
            return {"eligible": max(base - 1, present)}
    return {"eligible": base}


def _resolution(topic: str, base: int, present: int, chance: Chance) -> dict[str, Any]:
    least = base // 2 + 1
    in_favour = chance.number(least, present) if chance.happens(0.93) else chance.number(base // 3, base // 2)
    in_favour = min(in_favour, present)
    against = chance.number(0, present - in_favour)
    return {
        "topic": topic,
        "in_favour": in_favour,
        "against": against,
        "abstained": present - in_favour - against,
    }


def _grades(voters: int, chance: Chance) -> dict[str, int]:
    best = voters // 4
    basic = min(1, voters - best) if chance.happens(0.15) else 0
    return {"outstanding": best, "basically_qualified": basic, "qualified": voters - best - basic}
