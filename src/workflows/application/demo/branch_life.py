"""党小组、主题党日固定日、谈心谈话、决议事项 of a branch, and what its superior hears and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, View
from workflows.application.demo.cases import office
from workflows.application.demo.county import COMMITTEES, Branch
from workflows.application.demo.people import Somebody
from workflows.domain.unit.life import tasks_of
from workflows.kernel.calendar import Period, add_months, periods
from workflows.kernel.chance import Chance

_CELLS_FOR_MONTHS, _HEARD_FOR_MONTHS = 12, 9
_TALKS = ("committee", "mixed", "members")
_TASKS = ("更新党务公开栏", "走访困难党员", "修缮活动室门窗", "整理党员档案", "联系外出党员", "补订学习资料")
_REASONS = ("与村民代表会议时间冲突", "极端天气预警", "上级会议调整", "集中收割时节")
_RETURNED = ("没有写党员教育情况", "数字与台账不符", "整改措施没有写到人")
_REQUESTS = ("关于修缮党员活动室的请示", "关于调整党小组设置的请示", "关于开展联合主题党日的请示")
_COMMITTEE_MONTHS = 60
_LECTURE, _REPORT = "党委书记讲党课", "党员教育管理工作情况报告"


def live(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Put what a branch does besides meeting on the agenda."""
    until = agenda.county.until
    plan = [
        *_cells(branch, until, chance.fork("cells")),
        *_theme_days(branch, until, chance.fork("theme-day")),
        *_talks(branch, until, chance.fork("talks")),
        *_task(branch, until, chance.fork("task")),
        *_heard(branch, until, chance.fork("heard")),
        *_request(branch, until, chance.fork("request")),
    ]
    acts = sorted((act for act in plan if branch.opens_on < act.on <= until), key=lambda act: act.on)
    agenda.enter(acts, chance.fork("entry"), slack=branch.slack / 4, in_turn=False)


def lead(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Put the year of a party committee on the agenda; its secretary is a member of ``branch``."""
    county = agenda.county
    founded = branch.opens_on - timedelta(days=30)
    acts = [Act(founded, "elect_committee", branch, _head, actor=office(branch), at_superior=True)]
    acts += _congress(branch, add_months(founded, _COMMITTEE_MONTHS), chance.fork("congress"))
    for period in periods("year", add_months(founded, 1), county.until):
        own = chance.fork(str(period))
        if own.happens(0.9):
            on = period.first + timedelta(days=own.number(60, 330))
            acts.append(Act(on, "hold_meeting", branch, _lecture, actor=office(branch), at_superior=True))
        report = {"kind": "education_report", "for_period": str(period), "title": _REPORT}
        on = period.last - timedelta(days=own.number(0, 20))
        if own.happens(0.85):
            acts.append(Act(on, "file_document", branch, report, actor=office(branch), at_superior=True))
    held = sorted((act for act in acts if founded <= act.on <= county.until), key=lambda act: act.on)
    agenda.enter(held, chance.fork("entry"), slack=0, in_turn=False)


def _head(view: View) -> Mapping[str, Any] | None:
    head = next(iter(view.posts), None)
    return None if head is None else {"posts": {head: "secretary"}}


def _congress(branch: Branch, term_until: date, chance: Chance) -> list[Act]:
    """Return the election of the committee at the end of its term; a few have not held it yet."""
    if chance.happens(0.2):
        return []
    on = term_until - timedelta(days=chance.number(2, 40))
    return [Act(on, "elect_committee", branch, _Congress(chance), actor=office(branch), at_superior=True)]


class _Congress:
    """How a congress of delegates elected the secretary: one seat, two candidates."""

    def __init__(self, chance: Chance) -> None:
        self.delegates = chance.number(60, 110)
        self.attending = self.delegates - chance.number(0, 6)
        self.votes = self.attending - chance.number(1, 9)

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        head, roster = next(iter(view.posts), None), view.roster
        others = [str(who) for who in roster.voters if str(who) != head] if roster is not None else []
        if head is None or not others:
            return None
        here = self.attending
        return {
            "eligible": self.delegates,
            "attending": here,
            "seats": 1,
            "secret": True,
            "ballots_issued": here,
            "ballots_returned": here,
            "ballots_valid": here,
            "candidates": [
                {"person": head, "votes": self.votes},
                {"person": min(others), "votes": here - self.votes},
            ],
            "posts": {head: "secretary"},
        }


def _lecture(view: View) -> Mapping[str, Any] | None:
    head = view.superior_secretary
    if head is None:
        return None
    people = {"lecturer": head, "eligible": 40, "attending": 38}
    return {"type": "party_lecture", "topics": [_LECTURE], **people}


# --- the branch -----------------------------------------------------------------------------------------


def _cells(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield the forming of cells, who comes into which, and their meetings: most months, not all."""
    formed = max(add_months(until, -_CELLS_FOR_MONTHS), branch.opens_on + timedelta(days=10))
    for number in range(1, branch.cells + 1):
        name, own = f"第{number}党小组", chance.fork(number)
        yield Act(formed, "form_cell", branch, _Cell(name, number))
        for period in periods("month", formed + timedelta(days=20), until):
            if own.happens(0.93):
                day = period.first + timedelta(days=own.number(2, 26))
                fields = {"type": "cell_meeting", "cell": name, "topics": ["学习和思想汇报"]}
                yield Act(day, "hold_meeting", branch, fields | {"attending": own.number(4, 7)})
    for who in branch.members if branch.cells else ():
        name = f"第{chance.fork(who.key).number(1, branch.cells)}党小组"
        yield Act(formed + timedelta(days=1), "assign_cell", branch, _InCell(name, who), who)


class _InCell:
    """Into which cell somebody comes who is still a member."""

    def __init__(self, name: str, who: Somebody) -> None:
        self.name, self.who = name, who

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        is_here = view.roster is not None and self.who.id in view.roster.everybody
        return {"cell": self.name} if is_here else None


class _Cell:
    """A cell with a leader from the roster of the day."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = name, number

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        roster = view.roster
        members = [] if roster is None else [who for who in roster.roll if str(who) not in view.posts]
        if len(members) < self.number:
            return None
        return {"name": self.name, "leader": str(members[self.number - 1])}


def _theme_days(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield the day fixed for theme days, and a move of it now and then, asked for before."""
    yield Act(branch.opens_on + timedelta(days=8), "fix_theme_day", branch, {"day": branch.theme_day})
    for period in periods("quarter", add_months(branch.opens_on, 3), until):
        own = chance.fork(str(period))
        if not own.happens(0.12):
            continue
        fixed = period.first.replace(day=branch.theme_day)
        filed = fixed - timedelta(days=own.number(3, 9))
        fields = {
            "from": fixed,
            "to": fixed + timedelta(days=own.number(1, 4)),
            "request_filed_on": filed,
            "reason": own.pick(_REASONS),
        }
        yield Act(filed + timedelta(days=1), "move_theme_day", branch, fields)


def _talks(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    for period in periods("year", branch.opens_on, until):
        for kind in _TALKS:
            own = chance.fork(str(period), kind)
            if own.happens(0.7):
                on = period.first + timedelta(days=own.number(20, 350))
                yield Act(on, "hold_talk", branch, _Talk(kind, own))


class _Talk:
    """Who talked: two of the committee, one of it with a member, or two members."""

    def __init__(self, kind: str, chance: Chance) -> None:
        self.kind, self.chance = kind, chance

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        roster, inside = view.roster, list(view.posts)
        others = [] if roster is None else [str(who) for who in roster.roll if str(who) not in inside]
        wanted = {"committee": (2, 0), "mixed": (1, 1), "members": (0, 2)}[self.kind]
        if len(inside) < wanted[0] or len(others) < wanted[1]:
            return None
        people = [*self.chance.some(inside, wanted[0]), *self.chance.some(others, wanted[1])]
        return {"participants": people, "theme": self.chance.pick(("工作配合", "思想状况", "学习和生活"))}


def _task(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield a meeting of the last year that gave somebody something to do, done in time, late or not yet."""
    held = until - timedelta(days=chance.number(20, 300))
    task, due_on = chance.pick(_TASKS), held + timedelta(days=chance.number(20, 80))
    yield Act(held, "hold_meeting", branch, _Tasked(task, due_on))
    done = due_on - timedelta(days=chance.number(-12, 15))
    if chance.happens(0.8):
        yield Act(done, "complete_task", branch, _Done(task))


class _Tasked:
    """A committee meeting with a resolution that sets a task."""

    def __init__(self, task: str, due_on: date) -> None:
        self.task, self.due_on = task, due_on

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        posts = list(view.posts)
        if len(posts) <= 2:  # noqa: PLR2004
            return None
        voted = {"in_favour": len(posts), "task": {"owner": posts[-1], "due_on": self.due_on}}
        resolution = {"topic": self.task, **voted}
        return {
            "type": "committee_meeting",
            "chair": posts[0],
            "attending": posts,
            "topics": ["研究近期工作"],
            "resolutions": [resolution],
        }


class _Done:
    """The task done, where the meeting that set it took place."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        is_open = any(one.task.task == self.task and one.done is None for one in tasks_of(view.unit))
        return {"task": self.task} if is_open else None


# --- the superior ---------------------------------------------------------------------------------------


def _heard(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield the reports of a branch that its superior heard, quarter by quarter; some were returned."""
    first = max(add_months(until, -_HEARD_FOR_MONTHS), branch.opens_on)
    for period in periods("quarter", first, until):
        own = chance.fork(str(period))
        if not own.happens(0.9):
            continue
        fields = {"branch": branch.name, "for_period": str(period)}
        if own.happens(0.08):
            fields |= {"reply": "returned", "reason": own.pick(_RETURNED)}
        on = min(period.last, until) - timedelta(days=own.number(0, 25))
        yield Act(on, "hear_report", branch, fields, actor=office(branch), at_superior=True)


def _request(branch: Branch, until: date, chance: Chance) -> Iterator[Act]:
    """Yield, of some branches, a request of the last year and the reply to it."""
    if not chance.happens(0.4):
        return
    on = until - timedelta(days=chance.number(10, 330))
    period = str(Period.of(on, "year"))
    fields = {"kind": "instruction_request", "for_period": period, "title": chance.pick(_REQUESTS)}
    yield Act(on, "file_document", branch, fields)
    answer: dict[str, Any] = {"branch": branch.name, "kind": "instruction_request", "for_period": period}
    if chance.happens(0.25):
        answer |= {"reply": "returned", "reason": "请补充预算和施工方案"}
    replied = on + timedelta(days=chance.number(4, 25))
    yield Act(replied, "reply_document", branch, answer, actor=office(branch), at_superior=True)


def leaders(branches: list[Branch]) -> Iterator[Branch]:
    """Yield, for each party committee, the branch of which its secretary is a member: the first below it."""
    for committee in range(len(COMMITTEES)):
        first = next((branch for branch in branches if branch.committee == committee), None)
        if first is not None:
            yield first
