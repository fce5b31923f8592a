"""组织变动 in the play: an office renamed, a village merged into its neighbour, a firm's branch dissolved.

The two that end are branches besides those of the county's plan, with people and chances of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Case, View
from workflows.application.demo.branch_life import live
from workflows.application.demo.cases import Chain, Later, desk, office, weekday
from workflows.application.demo.county import Branch, TermEnd, one_more
from workflows.application.demo.courses import secretary
from workflows.application.demo.elections import hold_elections
from workflows.application.demo.meetings import hold_meetings
from workflows.application.demo.names import Names
from workflows.application.demo.opening import open_branch
from workflows.application.demo.people import NOWHERE_ELSE, People, Somebody
from workflows.application.demo.plan import invent
from workflows.application.demo.problems import KIND, by_secretary, planned
from workflows.application.demo.troubles import TROUBLES, Trouble
from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance

MERGED, DISSOLVED = "松涛镇老渡口村党支部", "宏达塑料制品有限公司党支部"
_OLD_NAME, _NEW_NAME = "县住建局党支部", "县住房和城乡建设局党支部"
_TOWN, _FIRMS = 0, 7


def change_tree(agenda: Agenda, chance: Chance, term_end: TermEnd) -> None:
    """Put the rename, the merger and the dissolution on the agenda, with the life of those that end."""
    county = agenda.county
    _rename(agenda, chance.fork("rename"))
    people = People(Names(chance.fork("names")), chance.fork("people"), NOWHERE_ELSE)
    besides = replace(county, people=people)
    for committee, kind, name, days in (
        (_TOWN, "village", MERGED, 255),
        (_FIRMS, "non_public", DISSOLVED, 420),
    ):
        home = _neighbour(county.branches, committee, kind)
        own = chance.fork(name)
        if home is None:
            continue
        besides.branches = [*county.branches, *county.ended]
        branch = one_more(besides, own.fork("branch"), committee, kind, name, term_end)
        ends_on = weekday(county.until - timedelta(days=days))
        _live_until(agenda, branch, ends_on - timedelta(days=1), own, term_end)
        county.ended.append(branch)
        if kind == "village":
            _merge(agenda, branch, home, ends_on, people, own)
        else:
            _dissolve(agenda, branch, home, ends_on, own)


def _neighbour(branches: list[Branch], committee: int, kind: str) -> Branch | None:
    """Return the smallest branch of a kind and committee that was there from the beginning."""
    there = [b for b in branches if (b.committee, b.kind) == (committee, kind) and b.last_election]
    return min(there, key=lambda branch: len(branch.members), default=None)


def _rename(agenda: Agenda, chance: Chance) -> None:
    county = agenda.county
    branch = next((one for one in county.branches if one.name == _OLD_NAME), None)
    if branch is None:
        return
    on = weekday(add_months(county.begin, 31))
    branch.renamed = (on, _NEW_NAME)
    told = {"name": _NEW_NAME, "document": f"青直党组〔{on.year}〕12号"}
    act = Act(on, "rename_unit", branch, told, actor=office(branch))
    agenda.enter([act], chance, slack=0, prompt=True)


def _live_until(agenda: Agenda, branch: Branch, until: date, chance: Chance, term_end: TermEnd) -> None:
    """Put what a branch did up to its last day on the agenda; what is not entered by then never is."""
    county = agenda.county
    its_own = Agenda(replace(county, until=until))
    open_branch(its_own, branch, chance.fork("opening"))
    hold_elections(its_own, branch, chance.fork("elections"), term_end)
    hold_meetings(its_own, branch, chance.fork("meetings"))
    live(its_own, branch, chance.fork("life"))
    agenda.take_over(its_own)


def _merge(agenda: Agenda, branch: Branch, home: Branch, on: date, people: People, chance: Chance) -> None:
    """Merge a village into its neighbour: members, an applicant and an open problem go on there."""
    told = {"units": [branch.name], "document": f"松涛党发〔{on.year}〕9号"}
    trouble = TROUBLES[3]
    before = _open_problem(branch, on, trouble, chance.fork("problem"))
    after = Chain(before.case, home, on)
    after.by_branch("submit_correction", Later(by_secretary(trouble.done)), after=20)
    after.by_superior("accept_correction", {"by": desk(home), "on_site": True}, after=6)
    after.close(after=5)
    who = _applicant(agenda, branch, on, people, chance.fork("applicant"))
    merger = Act(on, "merge_units", home, told, actor=office(home))
    agenda.enter([*before.acts, merger, *after.acts], chance.fork("entry"), slack=0, prompt=True)
    agenda.enter(_going_on(home, who, on), chance.fork("going on"), slack=0, prompt=True)


def _going_on(home: Branch, who: Somebody, merged_on: date) -> list[Act]:
    """Return the first steps of an applicant's course in the branch that took the other in."""
    on = weekday(merged_on + timedelta(days=24))
    reviewed = add_months(on, 6) - timedelta(days=8)
    return [
        Act(on, "confirm_activist", home, {"recommended_by": ["党员推荐"]}, who),
        Act(on, "assign_mentors", home, _Mentors(home), who),
        Act(on + timedelta(days=9), "file_activist", home, {}, who, actor=office(home)),
        Act(reviewed, "record_semiannual_review", home, {"verdict": "fit"}, who),
    ]


def _applicant(agenda: Agenda, branch: Branch, before: date, people: People, chance: Chance) -> Somebody:
    """Have somebody apply in a branch some months before it is merged."""
    applied = weekday(before - timedelta(days=120))
    its_own = Agenda(replace(agenda.county, people=people))
    who = invent(its_own, branch, applied, chance)
    acts = [
        Act(applied, "receive_application", branch, who.profile, who),
        Act(applied + timedelta(days=15), "hold_first_talk", branch, secretary, who),
    ]
    agenda.enter(acts, chance.fork("entry"), slack=0, prompt=True)
    return who


def _dissolve(agenda: Agenda, branch: Branch, home: Branch, on: date, chance: Chance) -> None:
    """Dissolve the branch of a firm that stopped work: its members go to another firm's branch."""
    paper = f"青两新党发〔{on.year}〕6号"
    told = {"reason": "企业停产注销", "members_to": home.name, "document": paper}
    problem = _open_problem(branch, on, TROUBLES[1], chance.fork("problem"))
    ended = Act(on, "dissolve_unit", branch, told, actor=office(home))
    after = Chain(problem.case, branch, on)
    after.close(after=15, reason="支部已撤销，账本由两新党委收存，应退的120元已退本人")
    agenda.enter([*problem.acts, ended, *after.acts], chance.fork("entry"), slack=0, prompt=True)


def _open_problem(branch: Branch, before: date, trouble: Trouble, chance: Chance) -> Chain:
    """Return a problem that is at work when its branch ends."""
    found = before - timedelta(days=chance.number(30, 45))
    chain = Chain(Case(KIND, trouble.subject), branch, found)
    told = {"source": "superior", "text": trouble.text, "due_on": before + timedelta(days=60)}
    chain.by_superior("open_issue", told)
    chain.by_branch("plan_correction", Later(planned(trouble.measure)), after=5)
    return chain


class _Mentors:
    """Two members of long standing, by the ids the books gave them."""

    def __init__(self, branch: Branch) -> None:
        self.branch = branch

    def __call__(self, view: View) -> Mapping[str, Any]:
        return {"persons": [str(who.id) for who in self.branch.mentors[:2]]}
