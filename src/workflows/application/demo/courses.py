"""发展党员: courses from application to approval, in the order of the chart, under the rules of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workflows.application.demo.acts import Act, Agenda, Fields, View
from workflows.application.demo.county import Branch
from workflows.application.demo.meetings import assembly
from workflows.application.demo.people import Somebody
from workflows.kernel.calendar import add_months
from workflows.kernel.chance import Chance
from workflows.policies.rules import Rules

_RECOMMENDED = (["党员推荐"], ["群团推优"], ["党员推荐", "群团推优"])
_OPINIONS = ["党小组意见", "培养联系人意见", "党员意见", "群众意见"]
_SPECIAL = "上级党委换届，审批会议推迟"
_ORGANIZERS = ("秦岚", "陆远舟", "程立雪", "柏松年", "闻一川", "岑小满", "祝山青", "庄稼禾")
ENDS_EARLY = {"withdrawn": 0.03, "dropped": 0.035}


class Course:
    """One course being written: its acts in their order, and the assemblies they took place at."""

    def __init__(self, agenda: Agenda, rules: Rules, branch: Branch, who: Somebody, chance: Chance) -> None:
        self.agenda, self.rules, self.branch, self.who = agenda, rules, branch, who
        self.chance, self.acts, self.assemblies = chance, list[Act](), list[Act]()

    # --- writing ----------------------------------------------------------------------------------------

    def add(
        self, on: date, verb: str, fields: Fields | None = None, *, superior: bool = False, meant: str = ""
    ) -> date:
        """Write an act down and return its day."""
        actor = f"dw{self.branch.committee + 1:02d}" if superior else ""
        self.acts.append(Act(on, verb, self.branch, fields or {}, self.who, actor=actor, meant=meant))
        return on

    def working(self, day: date) -> date:
        """Return the first working day from ``day`` on."""
        known = self.agenda.working
        while True:
            if day not in known:
                known[day] = self.rules.calendar.is_working_day(day)
            if known[day]:
                return day
            day += timedelta(days=1)

    def later(self, day: date, low: int, high: int, *, working: bool = False) -> date:
        """Return a day ``low`` to ``high`` days on."""
        day += timedelta(days=self.chance.number(low, high))
        return self.working(day) if working else day

    def paper(self, kind: str, day: date) -> str:
        """Return the number of an invented paper."""
        return f"青{kind}〔{day.year}〕{self.chance.number(1, 160)}号"

    def has(self, verb: str, day: date) -> bool:
        """Say whether a step belongs to the course by the rules in force on a day."""
        return any(step.id == verb for step in self.rules.steps(day))

    def vote(
        self, on: date, verb: str, more: Mapping[str, Any], *, outcome: str = "passed", meant: str = ""
    ) -> date:
        """Write a vote down, with the assembly at which it was held; see :class:`Vote` for ``outcome``."""
        own = self.chance.fork(verb, on)
        self.add(on, verb, Vote(own, outcome, more), meant=meant)
        if not meant:
            topic = "讨论预备党员转正" if verb == "vote_on_full_membership" else "讨论接收预备党员"
            self.assemblies.append(assembly(self.branch, on, own.fork("assembly"), topic))
        return on


class Vote:
    """The numbers of a vote by the roster of the day: ``passed``, ``failed``, ``no-quorum`` or ``open``."""

    def __init__(self, chance: Chance, outcome: str, more: Mapping[str, Any]) -> None:
        self.chance, self.outcome, self.more = chance, outcome, more

    def __call__(self, view: View) -> Mapping[str, Any] | None:
        """Return the numbers; None where nobody may vote."""
        if view.roster is None or not view.roster.voters:
            return None
        chance, eligible = self.chance.fork("numbers"), len(view.roster.voters)
        least = eligible // 2 + 1
        attending = max(least, round(eligible * (0.8 + 0.2 * chance.share())))
        if self.outcome == "no-quorum":
            attending = eligible // 2
        top = attending if self.outcome != "failed" else eligible // 2
        low = min(top, max(least, attending - 2)) if self.outcome != "failed" else eligible // 3
        in_favour = chance.number(min(low, top), top)
        against = chance.number(0, attending - in_favour) if attending > in_favour else 0
        said: dict[str, Any] = {
            "attending": attending,
            "in_favour": in_favour,
            "against": against,
            "abstained": max(attending - in_favour - against, 0),
            "secret": self.outcome != "open",
            **self.more,
        }
        if chance.happens(0.6):
            said["eligible"] = eligible
        return said


def secretary(view: View) -> dict[str, Any]:
    """Return who held a talk: the secretary of the day."""
    return {"by": next(iter(view.posts), None)}


class _Named:
    """People named in an act, by the ids the books gave them."""

    def __init__(self, people: list[Somebody]) -> None:
        self.people = people

    def __call__(self, view: View) -> Mapping[str, Any]:
        return {"persons": [str(who.id) for who in self.people]}


def write_course(course: Course, applied_on: date, *, smooth: bool = False) -> date | None:
    """Write the course of an applicant up to the approval and return the day of the vote that admitted them.

    ``smooth``: nothing goes wrong. None where the course ends before.
    """
    chance = course.chance
    course.add(applied_on, "receive_application", course.who.profile)
    is_late = not smooth and chance.happens(0.05 + course.branch.slack)
    talked = course.later(applied_on, 34, 80) if is_late else course.later(applied_on, 4, 27)
    if not smooth and chance.happens(0.015):
        course.add(talked - timedelta(days=2), "confirm_activist", meant="dev-activist-decide")
    course.add(talked, "hold_first_talk", secretary)
    if not smooth and chance.happens(ENDS_EARLY["withdrawn"]):
        course.add(course.later(talked, 30, 200), "withdraw_application", {"reason": "本人申请撤回"})
        return None
    activist = _activist(course, talked)
    if not smooth and chance.happens(ENDS_EARLY["dropped"]):
        course.add(course.later(activist, 90, 340), "drop_activist", {"reason": "培养考察期间表现不合格"})
        return None
    agreed = _trained(course, activist, smooth=smooth)
    target = _target(course, agreed, smooth=smooth)
    return None if target is None else _admitted(course, target, smooth=smooth)


def _activist(course: Course, talked: date) -> date:
    chance = course.chance
    activist = course.later(talked, 40, 190)
    fields = {
        "recommended_by": chance.pick(_RECOMMENDED),
        "meeting": f"{activist:%Y}年{activist.month}月支委会",
    }
    course.add(activist, "confirm_activist", fields)
    mentors = _Named(chance.some(course.branch.mentors, 2 if chance.happens(0.8) else 1))
    course.add(course.later(activist, 0, 7), "assign_mentors", mentors)
    filed = course.later(activist, 8, 25, working=True)
    course.add(filed, "file_activist", {"document": course.paper("党备", filed)}, superior=True)
    return activist


def _trained(course: Course, activist: date, *, smooth: bool) -> date:
    """Write the half-yearly reviews until the committee agrees; some late, a few left out."""
    chance = course.chance
    earliest = add_months(activist, 12)
    wait = 3 if smooth else chance.weighted({3: 4, 40: 3, 100: 2, 190: 1})
    agreed = earliest + timedelta(days=wait + chance.number(0, 40))
    too_early = (
        earliest - timedelta(days=chance.number(4, 30)) if not smooth and chance.happens(0.03) else None
    )
    number = 0
    while (due := add_months(activist, 6 * (number := number + 1))) < agreed:
        day = due - timedelta(days=chance.number(0, 18))
        if not smooth and chance.happens(0.08 + course.branch.slack):
            day = due + timedelta(days=chance.number(3, 40))
        if day >= agreed or (not smooth and chance.happens(0.02)):
            continue
        if too_early and too_early < day:
            course.add(too_early, "agree_development_target", meant="dev-object-min")
            too_early = None
        verdict = "unfit" if not smooth and chance.happens(0.01) else "fit"
        course.add(day, "record_semiannual_review", {"verdict": verdict})
    if too_early:
        course.add(too_early, "agree_development_target", meant="dev-object-min")
    course.add(agreed, "agree_development_target", {"opinions": _OPINIONS})
    return agreed


def _target(course: Course, agreed: date, *, smooth: bool) -> date | None:
    """Write what makes a target of those agreed: filing (2014), or consent, notice and listing (2026)."""
    answered = course.later(agreed, 6, 24, working=True)
    if course.has("file_development_target", answered):
        course.add(
            answered, "file_development_target", {"document": course.paper("党备", answered)}, superior=True
        )
        return answered
    return _listed(course, answered, smooth=smooth)


def _listed(course: Course, consented: date, *, smooth: bool) -> date | None:
    chance = course.chance
    if not smooth and chance.happens(0.06):
        course.add(consented, "file_development_target", superior=True, meant="dev-object-superior")
    course.add(
        consented, "consent_development_target", {"document": course.paper("党复", consented)}, superior=True
    )
    posted = course.later(consented, 1, 5, working=True)
    boards = {"village": "村务公开栏", "community": "居务公开栏"}
    place = {"place": boards.get(course.branch.kind, "单位公示栏" if course.branch.office else "支部公示栏")}
    if not smooth and chance.happens(0.06):
        course.add(posted, "post_notice", {"working_days": 3, **place}, meant="dev-object-notice")
    working_days = chance.weighted({5: 8, 7: 2})
    course.add(posted, "post_notice", {"starts_on": posted, "working_days": working_days, **place})
    last = course.rules.calendar.last_working_day(posted, working_days)[0]
    if not smooth and chance.happens(0.08):
        course.add(last, "list_development_target", meant="dev-object-notice")
    if not smooth and chance.happens(0.06):
        course.add(last, "raise_objection", {"document": course.paper("信", last)})
        last = course.later(last, 8, 20, working=True)
        upheld = chance.happens(0.2)
        course.add(last, "settle_objection", {"upheld": upheld, "document": course.paper("核", last)})
        if upheld:
            course.add(course.later(last, 5, 15), "drop_activist", {"reason": "公示期间反映的问题属实"})
            return None
    closed = course.add(course.later(last, 1, 3, working=True), "close_notice")
    return course.add(course.later(closed, 0, 6, working=True), "list_development_target")


def _admitted(course: Course, target: date, *, smooth: bool) -> date | None:
    """Write the steps from the sponsors to the pre-review."""
    chance = course.chance
    course.add(course.later(target, 2, 12), "assign_sponsors", _Named(chance.some(course.branch.mentors, 2)))
    reviewed = course.later(target, 14, 45, working=True)
    passed = smooth or not chance.happens(0.015)
    paper = {"passed": passed, "document": course.paper("政审", reviewed)}
    course.add(reviewed, "conclude_background_review", paper)
    if not passed:
        course.add(course.later(reviewed, 10, 40), "drop_activist", {"reason": "政治审查不合格"})
        return None
    begun = course.later(reviewed, 3, 40, working=True)
    days = 2 if not smooth and chance.happens(0.02) else chance.number(3, 5)
    ended = begun + timedelta(days=days - 1)
    hours = {"from": begun, "to": ended, "days": days, "hours": 8 * days if days > 2 else 24}  # noqa: PLR2004
    course.add(ended, "complete_intensive_course", hours, superior=True)
    examined = course.add(course.later(ended, 5, 25), "examine_target", {"agreed": True})
    previewed = course.later(examined, 6, 30, working=True)
    course.add(previewed, "conclude_preliminary_review", {"passed": True}, superior=True)
    form = {"document": f"志愿书编号{chance.number(100000, 999999)}"}
    formed = course.add(course.later(previewed, 1, 5), "complete_admission_form", form)
    return _voted(course, formed, previewed, smooth=smooth)


def _voted(course: Course, formed: date, previewed: date, *, smooth: bool) -> date | None:
    chance, verb = course.chance, "vote_on_admission"
    day = max(formed + timedelta(days=2), previewed + timedelta(days=chance.number(8, 27)))
    if not smooth and chance.happens(0.05):
        day = course.later(day, 15, 40)
    if not smooth and chance.happens(0.05):
        flaw = chance.pick((("no-quorum", "dev-assembly-quorum"), ("open", "dev-assembly-secret")))
        course.vote(day - timedelta(days=1), verb, {}, outcome=flaw[0], meant=flaw[1])
    if not smooth and chance.happens(0.03):
        course.vote(day, verb, {"passed": False}, outcome="failed")
        if chance.happens(0.4):
            course.add(course.later(day, 30, 90), "drop_activist", {"reason": "支部党员大会未通过"})
            return None
        day = course.later(day, 60, 120)
    voted = course.vote(day, verb, {"passed": True})
    return _approved(course, voted, smooth=smooth)


def _approved(course: Course, voted: date, *, smooth: bool) -> date | None:
    chance = course.chance
    latest = add_months(voted, 3)
    approved = min(course.later(voted, 25, 84, working=True), latest)
    is_late = not smooth and chance.happens(0.05)
    if is_late:
        approved = course.later(latest, 6, 60, working=True)
    talked = voted + timedelta(days=chance.number(6, 20))
    course.add(talked, "hold_approval_talk", {"by": chance.pick(_ORGANIZERS)}, superior=True)
    if not smooth and chance.happens(0.01):
        course.add(approved, "refuse_admission", {"reason": "材料不实，不予批准"}, superior=True)
        course.add(course.later(approved, 20, 60), "drop_activist", {"reason": "上级党委未批准"})
        return None
    if is_late:
        course.add(approved - timedelta(days=1), "approve_admission", superior=True, meant="dev-approve")
    reason = {"special_reason": _SPECIAL} if is_late else {}
    course.add(approved, "approve_admission", reason, superior=True)
    if is_late or chance.happens(0.9):
        filed = course.later(approved, 6, 20, working=True)
        course.add(filed, "file_admission", {"document": course.paper("组备", filed)}, superior=True)
    cells = course.branch.cells
    if cells:
        cell = {"cell": f"第{chance.number(1, cells)}党小组"}
        course.add(course.later(approved, 7, 15), "assign_cell", cell)
    slow = not smooth and chance.happens(0.1)
    course.add(course.later(approved, 36, 90) if slow else course.later(approved, 9, 28), "take_oath")
    return voted
