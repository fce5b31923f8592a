"""考评 in the play: one committee adopts a plan for stars and rates its branches by it every year.

The plan (``seed-004-a``) asks something of campaigns only. What branches owe besides stays as it is, so that
the rest of the county is judged as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Case, View
from workflows.application.demo.cases import Later, desk, of_superior, office, weekday
from workflows.application.demo.county import Branch
from workflows.domain.campaign.events import RatingConfirmed
from workflows.domain.campaign.state import Campaign
from workflows.domain.unit.events import MeetingHeld
from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance

SCHEME = "seed-004-a"
_TOWNS = (3, 1, 0, 2)
"""The committees that may rate: the street office first, its branches serve at counters."""

CRITERIA = ("服务体系", "服务队伍", "服务机制", "服务保障", "服务业绩")
_POINTS = 20
_PROOF = {"服务队伍": "theme_party_day", "服务机制": "committee_meeting", "服务体系": "branch_assembly"}
"""Criterion: the meetings of the year that prove it; the others are proved on paper."""

_ON_PAPER = {"服务保障": "活动室使用登记、经费决算表", "服务业绩": "办事登记、群众来信办理登记"}
_STARS = ((95, "五星级"), (90, "四星级"), (80, "三星级"), (70, "二星级"), (60, "一星级"), (0, "无星"))
_WITH_PLATE = frozenset(star for least, star in _STARS if least)
_MOST_EVENTS = 4


def rate(agenda: Agenda, chance: Chance) -> None:
    """Put the adoption of the plan and the campaigns of the years on the agenda."""
    county = agenda.county
    held = Counter(branch.committee for branch in county.branches)
    committee = next((one for one in _TOWNS if held[one]), None)
    if committee is None:
        return
    branches = [branch for branch in county.branches if branch.committee == committee]
    adopted = weekday(add_months(county.begin, 4))
    told = {"pack": SCHEME}
    act = Act(adopted, "adopt_pack", branches[0], told, actor=office(branches[0]), at_superior=True)
    agenda.enter([act], chance.fork("adopted"), slack=0, prompt=True)
    levels = {one.index: chance.fork("level", one.index).share() - 6 * one.slack for one in branches}
    for year in range(adopted.year, county.until.year + 1):
        there = [branch for branch in branches if branch.opens_on < date(year, 1, 1)]
        if date(year, 5, 1) > adopted and there:
            _Year(there, year, chance.fork(year), levels, is_first=year == adopted.year).enter(agenda)


class _Year:
    """The campaign of one year, from the notice in May to the decision at the end of December."""

    def __init__(
        self,
        branches: list[Branch],
        year: int,
        chance: Chance,
        levels: Mapping[int, float],
        *,
        is_first: bool,
    ) -> None:
        """``levels``: how well each branch does over the years, by its index."""
        self.branches, self.year, self.chance, self.is_first = branches, year, chance, is_first
        self.levels = levels
        self.case = Case(Campaign.kind, f"{year}年度五星级服务型党支部创建")
        self.acts: list[Act] = []
        self.scores = {branch.index: self._scores(branch) for branch in branches}

    def enter(self, agenda: Agenda) -> None:
        """Put the year on the agenda."""
        self._begin()
        self._claims()
        self._reviews(date(self.year, 11, 16))
        if self.is_first:
            self._voided()
        self._sampled(date(self.year, 12, 4), wrong=0)
        self._decided(date(self.year, 12, 9))
        self._hung()
        self._revoked()
        agenda.enter(sorted(self.acts, key=_day), self.chance.fork("entry"), slack=0, prompt=True)

    # --- who does what ----------------------------------------------------------------------------------

    def _committee(self, month: int, day: int, verb: str, fields: Mapping[str, Any] | Later) -> None:
        first = self.branches[0]
        on = weekday(date(self.year, month, day))
        act = Act(on, verb, first, fields, actor=office(first), at_superior=True, case=self.case)
        self.acts.append(act)

    def _about(self, branch: Branch, on: date, verb: str, fields: Any, *, own: bool = False) -> None:
        actor = branch.clerk if own else office(branch)
        self.acts.append(Act(weekday(on), verb, branch, fields, actor=actor, case=self.case))

    # --- the steps --------------------------------------------------------------------------------------

    def _begin(self) -> None:
        paper = of_superior(self.branches[0], date(self.year, 5, 1), "党发", 20 + self.year % 10)
        told = {"scheme": SCHEME, "year": self.year, "document": paper}
        self._committee(5, 8, "open_campaign", told)
        self._committee(5, 10, "freeze_rubric", {})
        ready = self.branches
        self._committee(5, 25, "declare", Later(lambda view: {"units": [str(one.id) for one in ready]}))

    def _claims(self) -> None:
        for branch in self.branches:
            own = self.chance.fork("claim", branch.index)
            on = date(self.year, 11, 3) + timedelta(days=own.number(0, 5))
            self._about(branch, on, "assess_self", self._claim(branch), own=True)
            asked = own.number(40, 90)
            satisfied = asked - own.number(0, max(1, asked // 14))
            self._about(
                branch, on + timedelta(days=3), "survey_masses", {"asked": asked, "satisfied": satisfied}
            )

    def _claim(self, branch: Branch) -> Later:
        """Return what a branch claims: points a little above what it gets, each with its proof."""
        scores = {name: min(_POINTS, points + self.chance.fork(branch.index, name).number(0, 1))
                  for name, points in self.scores[branch.index].items()}  # fmt: skip

        def fields(view: View) -> Mapping[str, Any]:
            return {"scores": [_scored(name, points, view) for name, points in scores.items()]}

        return Later(fields)

    def _reviews(self, begun: date) -> None:
        for number, branch in enumerate(self.branches):
            on = begun + timedelta(days=number // 3)
            self._about(branch, on, "review", self._review(branch, {}))
        again = self.chance.fork("again").pick(self.branches)
        lower = {CRITERIA[-1]: self.scores[again.index][CRITERIA[-1]] - 1}
        told = self._review(again, lower) | {"reason": "办事登记有两件没有回访，服务业绩减1分"}
        self._about(again, date(self.year, 11, 24), "review", told)
        self.scores[again.index] |= lower

    def _review(self, branch: Branch, changed: Mapping[str, float]) -> dict[str, Any]:
        scores = self.scores[branch.index] | dict(changed)
        told = [{"criterion": name, "points": points} for name, points in scores.items()]
        is_passed = sum(scores.values()) >= 60  # noqa: PLR2004
        return {"scores": told, "passed": is_passed, "reason": "查看台账、实地走访后核定"}

    def _voided(self) -> None:
        """Have the first round voided: two of those drawn had been given points without a look."""
        self._sampled(date(self.year, 11, 25), wrong=2)
        self._committee(11, 27, "void_round", {"reason": "复查的支部里两个的分数与台账对不上，初评重来"})
        for branch in self.branches:
            self._about(branch, date(self.year, 12, 1), "review", self._review(branch, {}))

    def _sampled(self, on: date, *, wrong: int) -> None:
        """Have a third drawn by a seed anybody can draw by again, and visited once more."""
        number = max(1, -(-len(self.branches) // 3))
        self._committee(on.month, on.day, "draw_sample", {"sampled": number, "seed": f"{on:%Y%m%d}"})

        def fields(view: View) -> Mapping[str, Any]:
            file = view.file
            drawn = file.sample.sampled.units if isinstance(file, Campaign) and file.sample else ()
            return {"wrong": [str(unit) for unit in drawn[:wrong]]}

        self._committee(on.month, on.day + 1, "recheck", Later(fields) if wrong else {"wrong": 0})

    def _decided(self, on: date) -> None:
        first = self.branches[0]
        place = f"{desk(first)[:-3]}政务公开栏"
        self._committee(on.month, on.day, "post_notice", {"working_days": 5, "place": place})
        own = self.chance.fork("appeal")
        if own.happens(0.5):
            branch = own.pick(self.branches)
            reason = {"reason": "一次上门服务没有计入服务业绩"}
            self._about(branch, on + timedelta(days=3), "appeal", reason, own=True)
            answer = {"upheld": False, "reason": "登记日期在上一年度，本年度不计"}
            self._about(branch, on + timedelta(days=7), "settle_appeal", answer)
        paper = {"document": of_superior(first, on, "党发", 61)}
        for branch in self.branches:
            self._about(branch, date(self.year, 12, 23), "confirm_rating", paper)
            self._about(branch, date(self.year, 12, 28), "confirm_rating", Later(_by_a_person(branch, paper)))

    def _hung(self) -> None:
        """Have the plates hung the month after, at whoever has a star and no plate of it yet."""
        paper = of_superior(self.branches[0], date(self.year + 1, 1, 12), "党发", 3)

        def fields(branch: Branch) -> Callable[[View], Mapping[str, Any] | None]:
            def told(view: View) -> Mapping[str, Any] | None:
                file, unit = view.file, branch.id
                held = file.grade_of(unit) if isinstance(file, Campaign) and unit is not None else None
                has_star = held is not None and held[0].grade in _WITH_PLATE
                return {"place": "支部办公场所门口", "document": paper} if has_star else None

            return told

        for branch in self.branches:
            self._about(branch, date(self.year + 1, 1, 12), "hang_plate", Later(fields(branch)))

    def _revoked(self) -> None:
        """Have a star taken away the year after, in one year."""
        if self.year % 2:
            return
        branch = self.chance.fork("revoked").pick(self.branches)

        def fields(view: View) -> Mapping[str, Any] | None:
            file, unit = view.file, branch.id
            rated = isinstance(file, Campaign) and unit in file.ratings()
            return {"reason": "书记受党纪处分，不再符合星级条件"} if rated else None

        self._about(branch, date(self.year + 1, 6, 12), "revoke_rating", Later(fields))

    def _scores(self, branch: Branch) -> dict[str, float]:
        own, low = self.chance.fork("scores", branch.index), 13.5 + 4 * self.levels[branch.index]
        return {name: min(_POINTS, round(2 * (low + own.share() * 3.5)) / 2) for name in CRITERIA}


def _scored(name: str, points: float, view: View) -> dict[str, Any]:
    """Return the points for a criterion and what proves them: events of the year, or a paper."""
    told: dict[str, Any] = {"criterion": name, "points": points}
    meetings = [
        str(act.source.event_id)
        for act in view.unit.acts
        if isinstance(act.event, MeetingHeld)
        and act.event.type == _PROOF.get(name)
        and act.on.year == view.act.on.year
    ]
    proof = {"events": meetings[-_MOST_EVENTS:]} if meetings else {"evidence": _ON_PAPER.get(name, "台账")}
    return told | proof


def _by_a_person(branch: Branch, paper: Mapping[str, Any]) -> Callable[[View], Mapping[str, Any] | None]:
    """Return the decision on a star where the bands left it open: the lower of the two."""

    def fields(view: View) -> Mapping[str, Any] | None:
        file = view.file
        if not isinstance(file, Campaign) or branch.id is None:
            return None
        rated = [act.event for act in file.ratings().get(branch.id, [])]
        last = rated[-1] if rated else None
        if not isinstance(last, RatingConfirmed) or last.grade is not None or last.score is None:
            return None
        score = last.score
        return {**paper, "grade": next(star for least, star in _STARS if score >= least)}

    return fields


def _day(act: Act) -> date:
    return act.on
