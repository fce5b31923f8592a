"""督查 in the play: party committees visit their branches every half-year; what they find is put right."""

from __future__ import annotations

from datetime import date, timedelta

from workflows.application.demo.acts import Act, Agenda, Case
from workflows.application.demo.cases import COUNTY_OFFICE, Chain, Later, desk, office, weekday
from workflows.application.demo.county import COMMITTEES, Branch
from workflows.application.demo.problems import KIND, by_secretary, planned
from workflows.application.demo.troubles import POINTS, TROUBLES, Trouble
from workflows.domain.inspection.state import Inspection
from workflows.kernel.calendar import periods
from workflows.kernel.chance import Chance

_WITH_PLACES = 4
"""The first committees are those of towns; the others inspect in the last years only."""

_LAST_DAYS = 800


def inspect(agenda: Agenda, chance: Chance) -> None:
    """Put the inspections of every committee on the agenda, and the problems found there."""
    county = agenda.county
    for committee in range(len(COMMITTEES)):
        branches = [branch for branch in county.branches if branch.committee == committee]
        begin = county.begin if committee < _WITH_PLACES else county.until - timedelta(days=_LAST_DAYS)
        for number, period in enumerate(periods("quarter", begin, county.until)):
            own = chance.fork(committee, str(period))
            on = weekday(period.first + timedelta(days=own.number(25, 70)))
            there = [branch for branch in branches if branch.opens_on < period.first]
            if there and number % 2 == committee % 2 and period.first > county.begin:
                _half_year(agenda, there, on, own)


def _half_year(agenda: Agenda, branches: list[Branch], on: date, chance: Chance) -> None:
    """Enter one inspection: planned, visited, some problems raised, each then a case of its branch."""
    first = branches[0]
    half = "上" if on.month <= 6 else "下"  # noqa: PLR2004
    case = Case(Inspection.kind, f"{COMMITTEES[first.committee][0]}{on.year}年{half}半年党建督查")
    visited = chance.some(branches, min(len(branches), 4))
    found = chance.some(visited, min(len(visited), chance.weighted({0: 2, 1: 4, 2: 3, 3: 1})))
    troubles = chance.fork("what").some(TROUBLES, len(found))
    wanting = {trouble.point for trouble in troubles}
    planned_on = weekday(on - timedelta(days=chance.number(7, 14)))
    plan = {
        "manner": chance.weighted({"regular": 5, "spot": 3, "unannounced": 2}),
        "planned_for": on,
        "inspectors": [desk(first), COUNTY_OFFICE] if chance.happens(0.3) else [desk(first)],
        "checklist": list(POINTS),
    }
    visit = {
        "inspectors": plan["inspectors"],
        "checked": [{"point": point, "in_order": point not in wanting} for point in POINTS],
        "note": "到了" + "、".join(branch.called(on) for branch in visited),
    }
    acts = [
        Act(planned_on, "plan_inspection", first, plan, actor=office(first), at_superior=True, case=case),
        Act(on, "record_visit", first, visit, actor=office(first), at_superior=True, case=case),
    ]
    for branch, trouble in zip(found, troubles, strict=True):
        due = on + timedelta(days=chance.number(30, 60))
        told = {"text": trouble.text, "due_on": due, "severity": chance.pick(("slight", "ordinary"))}
        acts.append(Act(on, "raise_finding", branch, told, actor=office(branch), case=case))
    agenda.enter(acts, chance.fork("entry"), slack=0, prompt=True)
    for number, (branch, trouble) in enumerate(zip(found, troubles, strict=True), 1):
        problem = Case(KIND, f"{case.subject}：问题{number}", found=True)
        chain = _put_right(problem, branch, trouble, on, chance.fork("problem", number))
        agenda.enter(chain.acts, chance.fork("entry", number), slack=0, prompt=True)


def _put_right(case: Case, branch: Branch, trouble: Trouble, found: date, chance: Chance) -> Chain:
    """Return how a branch puts right what was found."""
    chain = Chain(case, branch, found)
    chain.by_branch("plan_correction", Later(planned(trouble.measure)), after=chance.number(2, 9))
    if chance.happens(0.5):
        chain.by_branch("report_progress", {"text": trouble.progress}, after=chance.number(6, 14))
    chain.by_branch("submit_correction", Later(by_secretary(trouble.done)), after=chance.number(8, 40))
    by = {"by": desk(branch), "on_site": chance.happens(0.9)}
    chain.by_superior("accept_correction", by, after=chance.number(3, 10))
    return chain.close(after=chance.number(2, 12))
