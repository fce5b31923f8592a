"""Who applies when, and who is shown at each stage on the last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from workflows.application.demo.acts import Act, Agenda, Spell
from workflows.application.demo.conversions import write_conversion
from workflows.application.demo.county import RURAL, Branch
from workflows.application.demo.courses import Course, write_course
from workflows.application.demo.people import Somebody, day_between, years_before
from workflows.kernel.calendar import add_months, periods
from workflows.kernel.chance import Chance
from workflows.policies.rules import Rules

_MONTHS_BEFORE = 30
_NO_ADMISSION = frozenset({"floating", "retired"})
_ADULT_YEARS = 18
SHOWN: dict[str, tuple[tuple[str, ...], int]] = {
    "applicant": (("receive_application",), 12),
    "activist": (("confirm_activist",), 55),
    "target_agreed": (("agree_development_target",), 4),
    "target": (("file_development_target", "list_development_target"), 12),
    "probationary": (("approve_admission",), 16),
}
"""Stage: the step by which it begins, and how many days before the last one somebody takes it."""


def write_people(agenda: Agenda, rules: Rules, branch: Branch, chance: Chance) -> None:
    """Put on the agenda the conversions of those on probation and the applicants of all the years."""
    if chance.happens(0.06) and len(branch.members) > SMALL:
        _bar(agenda, branch, chance.fork("barred"))
    for who in branch.members:
        admitted, full = branch.dates[who.key]
        if full is None:
            course = Course(agenda, rules, branch, who, chance.fork("probation", who.key))
            write_conversion(course, admitted)
            _enter(agenda, course, chance.fork("entry", who.key))
    for number, day in enumerate(_applications(agenda, branch, chance.fork("applications"))):
        _applicant(agenda, rules, branch, day, chance.fork("applicant", number))


SMALL = 12


def _applications(agenda: Agenda, branch: Branch, chance: Chance) -> Iterator[date]:
    """Yield the days of application, also of those who began before the books."""
    if branch.kind in _NO_ADMISSION:
        return
    a_year = 0.12 + 0.034 * len(branch.members)
    start = branch.opens_on if branch.last_election is None else add_months(branch.opens_on, -_MONTHS_BEFORE)
    for period in periods("month", add_months(start, 1), agenda.county.until):
        if chance.happens(a_year / 12):
            day = day_between(chance, period.first, period.last)
            if day <= agenda.county.until:
                yield day


def _applicant(agenda: Agenda, rules: Rules, branch: Branch, day: date, chance: Chance) -> None:
    who = invent(agenda, branch, day, chance)
    course = Course(agenda, rules, branch, who, chance.fork("course"))
    if chance.happens(0.012) and day > branch.opens_on + timedelta(days=60):
        born = years_before(day, _ADULT_YEARS) - timedelta(days=chance.number(1, 9))
        who = course.who = agenda.county.people.invent(branch.name, born, office=branch.office)
        course.add(
            day - timedelta(days=chance.number(20, 40)), "receive_application", who.profile, meant="dev-apply"
        )
    admitted = write_course(course, day)
    is_over = (
        max(act.on for act in course.acts) < branch.opens_on
        if admitted is None
        else admitted < branch.opens_on
    )
    if is_over or (admitted is not None and admitted < branch.opens_on + timedelta(days=10)):
        return
    if admitted is not None:
        write_conversion(course, admitted)
    _enter(agenda, course, chance.fork("entry"))


def invent(agenda: Agenda, branch: Branch, applied_on: date, chance: Chance) -> Somebody:
    """Return somebody new who applies on a day."""
    age = chance.number(20, 38 if branch.kind in RURAL else 34)
    born = day_between(chance, years_before(applied_on, age + 1), years_before(applied_on, age))
    return agenda.county.people.invent(branch.name, born, office=branch.office)


def _enter(agenda: Agenda, course: Course, chance: Chance, *, prompt: bool = False) -> None:
    slack = course.branch.slack
    spells = []
    if not prompt and chance.happens(0.07 + slack):
        first, last = sorted((chance.number(0, len(course.acts) - 1), chance.number(0, len(course.acts) - 1)))
        end = course.acts[last].on
        spells.append(Spell(course.acts[first].on, end, end + timedelta(days=chance.number(35, 150))))
    agenda.enter(course.acts, chance, slack=slack / 2, spells=spells, prompt=prompt)
    entered = {act.on for act in course.acts if act.at is not None}
    assemblies = [act for act in course.assemblies if act.on in entered]
    agenda.enter(assemblies, chance, slack=slack / 2, in_turn=False, prompt=prompt)


def _bar(agenda: Agenda, branch: Branch, chance: Chance) -> None:
    """Have one member's rights barred for a year or two (留党察看)."""
    settled = [
        who for who in branch.members if branch.dates[who.key][1] and who.key not in branch.first_posts
    ]
    for who in chance.some(settled, 1):
        who.is_barred = True
        on = day_between(
            chance, branch.opens_on + timedelta(days=90), agenda.county.until - timedelta(days=30)
        )
        fields = {
            "until": add_months(on, chance.pick((12, 24))),
            "document": f"青纪〔{on.year}〕{chance.number(1, 40)}号",
        }
        act = Act(on, "bar_rights", branch, fields, who, actor="jw01")
        agenda.enter([act], chance, slack=0)


def show_stages(agenda: Agenda, rules: Rules, chance: Chance, times: int) -> None:
    """Add people so that on the last day somebody stands at each stage, whatever chance made of others."""
    homes = [b for b in agenda.county.branches if b.kind not in _NO_ADMISSION and len(b.mentors) > 1]
    for number in range(times):
        for stage, (verbs, days) in SHOWN.items():
            own = chance.fork(stage, number)
            branch = own.pick(homes)
            course = _shown(agenda, rules, branch, verbs, agenda.county.until - timedelta(days=days), own)
            _enter(agenda, course, own.fork("entry"), prompt=True)


def _shown(
    agenda: Agenda, rules: Rules, branch: Branch, verbs: tuple[str, ...], goal: date, chance: Chance
) -> Course:
    """Return a course whose step of one of ``verbs`` falls on ``goal``, or shortly before."""
    applied = goal - timedelta(days=500)
    who = invent(agenda, branch, applied, chance)
    for attempt in count():
        course = Course(agenda, rules, branch, who, chance.fork("course"))
        write_course(course, applied, smooth=True)
        day = next(act.on for act in course.acts if act.verb in verbs)
        if attempt == 0:
            applied += goal - day + timedelta(days=_DAYS_TOO_FAR)
        elif day <= goal:
            break
        else:
            applied -= timedelta(days=1)
    return course


_DAYS_TOO_FAR = 12
"""Working days and unequal months move the step: the search begins beyond the goal and walks back."""
