"""整改 in the play: problems from compliance, self-check and superiors, each on its own way to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflows.application.case_facts import CaseReader
from workflows.application.demo.acts import Act, Agenda, Case, View
from workflows.application.demo.cases import Chain, Later, desk, of_superior
from workflows.application.demo.county import Branch
from workflows.application.demo.meetings import meeting
from workflows.application.demo.troubles import ROOF, TROUBLES, Trouble
from workflows.domain.rectification.closing import STILL_BROKEN
from workflows.domain.rectification.state import Rectification
from workflows.kernel.calendar import Period, add_months, periods
from workflows.kernel.chance import Chance

KIND = Rectification.kind
DUTIES = {
    "theme_party_day": ("meet-theme-day", "month", "主题党日没有开"),
    "branch_assembly": ("meet-assembly", "quarter", "支部党员大会没有开"),
    "party_lecture": ("meet-lecture", "quarter", "没有上党课"),
}
"""Meeting: the rule that asks for it, how often, and what the problem is called."""

_CHECKED = 0.6
_FAR_AWAY = "floating"


def rectify(agenda: Agenda, chance: Chance) -> None:
    """Put the problems of all the years on the agenda; those of the last weeks stand open at its end."""
    branches = agenda.county.branches
    gaps = _gaps(agenda)
    waived = _to_be_waived(agenda, gaps)
    for gap in gaps:
        own = chance.fork("gap", gap.branch.index, gap.meeting, str(gap.period))
        if gap is waived or own.happens(_CHECKED):
            _of_a_gap(agenda, gap, own, waived=gap is waived)
    some = chance.fork("who").some(branches, max(2, len(branches) // 3))
    for number, branch in enumerate(some):
        _found_itself(agenda, branch, TROUBLES[number % len(TROUBLES)], chance.fork("own", branch.index))
    homes = chance.fork("shown").shuffled(branches)
    for number, stops in enumerate(STOPS):
        _at_work(agenda, homes[number % len(homes)], number, stops, chance.fork("shown", number))
    _too_much_for_it(agenda, homes[-1], chance.fork("roof"))


# --- duties not done --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """A period of a branch for which the plan holds no meeting of a kind."""

    branch: Branch
    meeting: str
    period: Period

    @property
    def rule(self) -> str:
        """Return the rule that asks for it."""
        return DUTIES[self.meeting][0]

    @property
    def subject(self) -> str:
        """Return what the problem is called."""
        first, last = self.period.first, self.period.last
        months = f"{first.month}" if first.month == last.month else f"{first.month}—{last.month}"
        return f"{first.year}年{months}月{DUTIES[self.meeting][2]}"


def _gaps(agenda: Agenda) -> list[Gap]:
    """Return where meetings are wanting, in the order of the days."""
    held = {(act.branch.index, act.matter, act.on) for act in agenda.acts() if act.matter in DUTIES}
    days: dict[tuple[int, str], list[date]] = {}
    for index, matter, on in held:
        days.setdefault((index, matter), []).append(on)
    found = []
    for branch in agenda.county.branches:
        for matter, (_, length, _) in DUTIES.items():
            begun = add_months(branch.opens_on, 3)
            for period in periods(length, begun, agenda.county.until - timedelta(days=20)):
                there = days.get((branch.index, matter), [])
                is_whole = period.first > begun and period.last <= agenda.county.until
                if is_whole and not any(period.first <= on <= period.last for on in there):
                    found.append(Gap(branch, matter, period))
    return sorted(found, key=lambda gap: (gap.period.last, gap.branch.index, gap.meeting))


def _to_be_waived(agenda: Agenda, gaps: list[Gap]) -> Gap | None:
    """Return the gap that is let pass by name: the last one, best of a branch whose people are far away."""
    before = agenda.county.until - timedelta(days=120)
    recent = [gap for gap in gaps if gap.period.last < before]
    far = [gap for gap in recent if gap.branch.kind == _FAR_AWAY]
    return next(iter((far or recent)[-1:]), None)


def _is_wanting(gap: Gap, view: View) -> bool:
    """Say whether a period of a duty is still wanting by the books."""
    if view.unit_id is None:
        return False
    on, period, reader = view.act.on, str(gap.period), CaseReader(view.batch.books)
    found = reader.broken(gap.rule, view.unit_id, on, since=on, period=period)
    return found is not None and period in found.what


def _of_a_gap(agenda: Agenda, gap: Gap, chance: Chance, *, waived: bool = False) -> None:
    """Enter a problem found by the monthly look at who did what: made up for, accepted, closed if clean."""
    branch, case = gap.branch, Case(KIND, gap.subject)
    found = gap.period.last + timedelta(days=chance.number(6, 16))
    told = {"source": "compliance", "rule": gap.rule, "period": str(gap.period)}
    opened = {**told, "due_on": found + timedelta(days=chance.number(25, 45)), "text": f"{gap.subject}。"}
    chain = Chain(case, branch, found)
    chain.by_superior("open_issue", Later(lambda view: opened if _is_wanting(gap, view) else None))
    chain.by_branch("plan_correction", Later(planned("补开一次，记录写明补的是哪一期。")), after=3)
    if waived:
        _let_pass(chain, gap)
        _sent_in(chain, chance)
    elif chance.happens(0.12):
        _sent_in(chain, chance)
        too_early = Later(lambda view: {"by": desk(branch)} if _is_wanting(gap, view) else None)
        chain.by_superior("close_out", too_early, after=2, meant=STILL_BROKEN)
        _make_up(chain, gap, chance)
    else:
        _make_up(chain, gap, chance)
        _sent_in(chain, chance)
    chain.close(after=chance.number(3, 20))
    if chance.happens(0.1):
        _comes_back(chain, chance)
    agenda.enter(chain.acts, chance.fork("entry"), slack=0, prompt=True)


def _sent_in(chain: Chain, chance: Chance) -> None:
    chain.by_branch("submit_correction", Later(by_secretary("会议记录、签到表已交。")), after=2)
    passed = {"by": desk(chain.branch), "on_site": True, "text": "看了记录和签到表，问了两名党员。"}
    chain.by_superior("accept_correction", passed, after=chance.number(3, 12))


def _make_up(chain: Chain, gap: Gap, chance: Chance) -> None:
    """Hold the meeting that makes up for one not held, where the problem was found after all."""
    on, case = chain.day + timedelta(days=chance.number(3, 9)), chain.case
    held = meeting(gap.branch, on, gap.meeting, chance.fork("made-up"), for_period=str(gap.period))
    minutes = held.fields

    def fields(view: View) -> Mapping[str, Any] | None:
        return minutes(view) if case.id is not None and callable(minutes) else None

    act = Act(on, "hold_meeting", gap.branch, fields, actor=gap.branch.clerk, matter=gap.meeting)
    chain.acts.append(act)
    chain.day = on


def _comes_back(chain: Chain, chance: Chance) -> None:
    """Have a problem found again after its close-out, and put right a second time."""
    branch = chain.branch
    again = {"reason": "回访时签到表与会议记录的人数不一致。"}
    chain.by_superior("reopen_issue", lambda day: {**again, "due_on": day + timedelta(days=30)}, after=55)
    chain.by_branch("plan_correction", Later(planned("核对签到，更正到会人数。")), after=4)
    chain.by_branch("submit_correction", Later(by_secretary("人数已更正。")), after=chance.number(4, 12))
    chain.by_superior("accept_correction", {"by": desk(branch), "on_site": True}, after=5)
    chain.close(after=4)


def _let_pass(chain: Chain, gap: Gap) -> None:
    """Have a rule waived by name for the branch of a problem."""
    on, branch = chain.day + timedelta(days=12), chain.branch
    told = {
        "rule": gap.rule, "until": on + timedelta(days=200), "authority": "县委组织部",
        "document": f"青组复〔{on.year}〕9号", "reason": "党员分散在三个省，半年内集中不起来",
    }  # fmt: skip
    case = chain.case

    def fields(view: View) -> Mapping[str, Any] | None:
        return told if case.id is not None else None

    chain.acts.append(Act(on, "waive", branch, fields, actor="zzb"))
    chain.day = on


# --- what a branch finds itself, what a superior tells it ---------------------------------------------------


def _found_itself(agenda: Agenda, branch: Branch, trouble: Trouble, chance: Chance) -> None:
    """Enter a problem of a self-check: sent back, accepted in part or extended on its way, by chance."""
    span = (agenda.county.until - branch.opens_on).days
    found = branch.opens_on + timedelta(days=chance.number(100, max(span - 160, 101)))
    chain = Chain(Case(KIND, trouble.subject), branch, found)
    due = found + timedelta(days=60)
    told = {"source": chance.pick(("self_check", "superior", "masses")), "text": trouble.text}
    chain.by_branch("open_issue", {**told, "due_on": due})
    chain.by_branch("plan_correction", Later(planned(trouble.measure)), after=chance.number(3, 10))
    chain.by_branch("report_progress", {"text": trouble.progress}, after=chance.number(10, 20))
    way = chance.weighted({"straight": 5, "sent back": 3, "part": 3, "extended": 3})
    if way == "extended":
        later = {"due_on": due + timedelta(days=45), "reason": "经办人住院，材料在本人手里"}
        chain.by_superior("extend_correction", {**later, "authority": desk(branch)}, after=12)
    chain.by_branch("submit_correction", Later(by_secretary(trouble.done)), after=chance.number(5, 14))
    if way in ("sent back", "part"):
        _once_more(chain, trouble, way)
    by = {"by": desk(branch)}
    chain.by_superior("accept_correction", {**by, "on_site": True, "text": "现场看过。"}, after=6)
    paper = of_superior(branch, chain.day, "整", chance.number(1, 60))
    chain.close(after=chance.number(2, 12), document=paper)
    agenda.enter(chain.acts, chance.fork("entry"), slack=0, prompt=True)


def _once_more(chain: Chain, trouble: Trouble, way: str) -> None:
    """Have what was sent in found wanting, and sent in again."""
    by = {"by": desk(chain.branch), "on_site": True}
    if way == "part":
        chain.by_superior("accept_correction", {**by, "result": "part", "text": trouble.progress}, after=5)
    else:
        chain.by_superior("reject_correction", {"by": by["by"], "reason": "现场看，还没有办完。"}, after=5)
    chain.by_branch("report_progress", {"text": trouble.done}, after=9)
    chain.by_branch("submit_correction", Later(by_secretary(trouble.done)), after=4)


STOPS = (
    ("found", 5), ("planned", 16), ("in_progress", 33), ("submitted", 26), ("accepted", 41),
    ("extended", 52), ("overdue", 75),
)  # fmt: skip
"""How far those go that are shown at work on the last day, and how many days before it they were found."""


def _at_work(agenda: Agenda, branch: Branch, number: int, stops: tuple[str, int], chance: Chance) -> None:
    """Enter a problem that on the last day stands at a stage, or is extended, or overdue."""
    stop, days = stops
    trouble = TROUBLES[-1 - number % len(TROUBLES)]
    found = agenda.county.until - timedelta(days=days)
    chain = Chain(Case(KIND, f"{trouble.subject}（{found.year}年{found.month}月）"), branch, found)
    due = found + timedelta(days=45)
    told = {"source": "superior", "text": trouble.text, "due_on": due, "leader": desk(branch)}
    chain.by_superior("open_issue", told)
    if stop != "found":
        chain.by_branch("plan_correction", Later(planned(trouble.measure)), after=4)
    if stop not in ("found", "planned"):
        chain.by_branch("report_progress", {"text": trouble.progress}, after=9)
    if stop == "extended":
        later = {"due_on": due + timedelta(days=40), "reason": "配件没有到货", "authority": desk(branch)}
        chain.by_superior("extend_correction", later, after=20)
    if stop in ("submitted", "accepted"):
        chain.by_branch("submit_correction", Later(by_secretary(trouble.done)), after=5)
    if stop == "accepted":
        chain.by_superior("accept_correction", {"by": desk(branch), "on_site": True}, after=6)
    agenda.enter(chain.acts, chance.fork("entry"), slack=0, prompt=True)


def _too_much_for_it(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Enter a problem that the branch cannot solve: the committee above takes it over."""
    found = agenda.county.until - timedelta(days=chance.number(95, 110))
    chain = Chain(Case(KIND, ROOF.subject), branch, found)
    told = {"source": "masses", "severity": "serious", "text": ROOF.text}
    chain.by_branch("open_issue", {**told, "due_on": found + timedelta(days=150)})
    chain.by_branch("plan_correction", Later(planned(ROOF.measure)), after=5)
    chain.by_branch("escalate_issue", {"reason": ROOF.progress}, after=14)
    chain.by_superior("report_progress", {"text": "已列入镇街维修计划，等资金下达。"}, after=30)
    agenda.enter(chain.acts, chance.fork("entry"), slack=0, prompt=True)


# --- who says what ----------------------------------------------------------------------------------------


def planned(measure: str) -> Callable[[View], Mapping[str, Any]]:
    """Return what a plan says: the measure, and the secretary of the day as who carries it out."""
    return lambda view: {"measure": measure, "owner": _secretary(view)}


def by_secretary(text: str) -> Callable[[View], Mapping[str, Any]]:
    """Return what is said of a correction sent in by the secretary of the day."""
    return lambda view: {"by": _secretary(view), "text": text}


def _secretary(view: View) -> str:
    return next(iter(view.posts), "支部书记")
