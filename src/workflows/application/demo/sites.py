"""示范点 and 整顿 in the play: sites by the county's plan, and the two weakest branches put right.

The plans (``seed-001``, ``weak-branches``) ask something of sites and overhauls only; nothing else in the
county changes by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Case
from workflows.application.demo.cases import Chain, desk, weekday
from workflows.application.demo.county import Branch
from workflows.domain.listing.state import Listing
from workflows.domain.site.state import Site
from workflows.kernel.calendar import Period, add_months, periods
from workflows.kernel.chance import Chance

SCHEME, OVERHAULS = "seed-001", "weak-branches"
_PLAN = ["指导思想", "创建目标", "创建内容", "工作标准", "进度安排", "保证措施", "责任人"]
_NOT_OF_VILLAGES, _NOT_OF_COMMUNITIES = (7, 15), (6, 15, 16, 17)
_CRITERIA = 18
_NOTES = {1: "自有场所", 6: "活动场所112平方米", 10: "花名册7种", 13: "图书640册", 17: "操作管理人员1名"}
_FAULTS = {9: "学习笔记缺半年", 12: "没有半年小结", 17: "站点停用，操作人员调走了"}


def name_sites(agenda: Agenda, chance: Chance) -> None:
    """Put the adoption of the plan and three sites on the agenda: one moved up, one taken off, one new."""
    county = agenda.county
    homes = chance.fork("where").shuffled([b for b in county.branches if b.kind in ("village", "community")])
    if not homes:
        return
    adopted = weekday(add_months(county.begin, 3))
    act = Act(adopted, "adopt_pack", homes[0], {"pack": SCHEME}, actor="zzb", at_county=True)
    agenda.enter([act], chance.fork("adopted"), slack=0, prompt=True)
    lives = (("moved up", 0), ("taken off", 0), ("kept", 1), ("new", county.until.year - adopted.year))
    of_committee: Counter[int] = Counter()
    for branch, (life, later) in zip(homes, lives, strict=False):
        of_committee[branch.committee] += 1
        begun = max(adopted + timedelta(days=20), date(adopted.year + later, 2, 20))
        if life == "new":
            begun = min(begun, county.until - timedelta(days=60))
        own = chance.fork("site", branch.index)
        chain = _site(agenda, branch, begun, life, of_committee[branch.committee], own)
        agenda.enter(chain.acts, own.fork("entry"), slack=0, prompt=True)


def _site(agenda: Agenda, branch: Branch, begun: date, life: str, number: int, chance: Chance) -> Chain:
    """Return the years of a site, the ``number``-th of its committee."""
    place = branch.name.removesuffix("党支部")
    chain = Chain(Case(Site.kind, f"{place}党建示范点"), branch, begun)
    told = {"level": "township", "field": branch.kind, "sites": number}
    chain.by_superior("nominate_site", told)
    chain.by_branch("plan_site", {"items": _PLAN, "until_year": begun.year + 3}, after=18)
    for year in range(begun.year, agenda.county.until.year + 1):
        own, is_last = chance.fork(year), life == "taken off" and year == begun.year + 2
        _to(chain, date(year, 12, 1 + own.number(1, 9)))
        chain.by_superior("assess_site", _assessed(branch, year, own, wanting=is_last))
        if year == begun.year:
            chain.by_superior("name_site", {"document": f"青组〔{year}〕{own.number(30, 60)}号"}, after=12)
        if life == "moved up" and year == begun.year + 2:
            grown = {"level": "county", "reason": "连续三年考核合格，列为县级"}
            chain.by_county("adjust_site", {**grown, "document": f"青组〔{year + 1}〕4号"}, after=35)
        if is_last:
            reason = "远程教育站点停用一年多，考核两次没有改，不能再作示范"
            chain.by_superior("delist_site", {"reason": reason}, after=60)
            break
    return chain


def _to(chain: Chain, day: date) -> None:
    chain.day = max(chain.day, day)


def _assessed(branch: Branch, year: int, chance: Chance, *, wanting: bool) -> dict[str, Any]:
    """Return an assessment by the criteria that are about such a place, each by itself."""
    without = _NOT_OF_VILLAGES if branch.kind == "village" else _NOT_OF_COMMUNITIES
    failing = {9, 12 if branch.kind != "village" else 17} if wanting else set()
    criteria = [
        {
            "id": f"s001-{number}",
            "met": number not in failing,
            "note": (_FAULTS if number in failing else _NOTES).get(number, ""),
        }
        for number in range(1, _CRITERIA + 1)
        if number not in without
    ]
    satisfaction = chance.number(84, 88) if wanting else chance.number(91, 98)
    return {"criteria": criteria, "satisfaction": satisfaction, "passed": not wanting, "year": year}


# --- 软弱涣散整顿 -------------------------------------------------------------------------------------------


def overhaul(agenda: Agenda, chance: Chance) -> None:
    """Put two overhauls of weak branches on the agenda: one long over, one under way on the last day."""
    county = agenda.county
    weak = sorted((b for b in county.branches if b.kind == "village"), key=lambda b: (-b.slack, b.index))
    if weak:
        told = {"pack": OVERHAULS}
        act = Act(
            weekday(add_months(county.begin, 3)), "adopt_pack", weak[0], told, actor="zzb", at_county=True
        )
        agenda.enter([act], chance.fork("adopted"), slack=0, prompt=True)
    starts = (add_months(county.begin, 27), add_months(county.until, -7))
    for branch, begun, is_over in zip(weak, starts, (True, False), strict=False):
        own = chance.fork("overhaul", branch.index)
        chain = _overhauled(branch, begun, own, until=county.until, is_over=is_over)
        agenda.enter(chain.acts, own.fork("entry"), slack=0, prompt=True)


def _overhauled(branch: Branch, begun: date, chance: Chance, *, until: date, is_over: bool) -> Chain:
    chain = Chain(Case(Listing.kind, f"{begun.year}年软弱涣散整顿"), branch, begun)
    paper = f"青组〔{begun.year}〕{chance.number(8, 30)}号"
    marks = ["weak-organized-life", "支部书记长期外出，不能正常履职"]
    chain.by_county("list_unit", {"criteria": marks, "decided_by": "县委常委会", "document": paper})
    helpers = {
        "county_leader": "县委组织部副部长 柏松年",
        "township_leader": f"{desk(branch)[:-3]}党委副书记 程立雪",
        "first_secretary": "驻村第一书记 岑小满",
        "supporting_unit": "县水利局",
    }
    measures = ["每月固定开会的日子，副书记到会", "书记请假由委员主持", "两户积压的信访件限期答复"]
    due = add_months(chain.day, 8)
    chain.by_superior("plan_overhaul", {**helpers, "measures": measures, "due_on": due}, after=14)
    for period in _months(chain.day, min(due, until)):
        _to(chain, weekday(period.last - timedelta(days=chance.number(0, 4))))
        text = chance.pick(_REPORTS)
        chain.by_branch("report_monthly", {"month": str(period), "text": text})
    if is_over:
        first = {"score": 64, "dissatisfied": 31, "asked": 52, "passed": False, "text": "会议仍缺两次。"}
        chain.by_county("accept_overhaul", first, after=6)
        last = {"score": 83.5, "dissatisfied": 9, "asked": 56, "passed": True}
        chain.by_county("accept_overhaul", last, after=70)
        chain.by_county("delist_unit", {"document": f"青组〔{chain.day.year}〕41号"}, after=12)
        chain.by_superior("end_follow_up", {"text": "一年里会议没有缺，没有新的信访件。"}, after=366)
    return chain


_REPORTS = (
    "本月两次会都开了，书记请假一次，由组织委员主持。",
    "一户信访件已答复，另一户约了下月上门。",
    "会议记录补齐，党费收到本月。",
    "党员外出多，主题党日到会勉强过半，已分两批补学。",
)


def _months(begun: date, until: date) -> Iterator[Period]:
    return (month for month in periods("month", add_months(begun, 1), until) if month.last < until)
