"""转正: from admission to full membership, extended for some, annulled for a few."""

from __future__ import annotations

from datetime import date, timedelta

from workflows.application.demo.courses import Course
from workflows.kernel.calendar import add_months

_VERB = "vote_on_full_membership"
_PAPERS = ["入党志愿书", "入党申请书", "政治审查材料", "转正申请书", "培养教育考察材料"]
_PROBATION_MONTHS = 12
_ENDS = {"granted": 915, "extended": 55, "annulled": 20, "failed": 10}
"""How probation ends, of a thousand; failed: voted on in vain, then extended."""


def write_conversion(course: Course, admitted_on: date, *, smooth: bool = False) -> None:
    """Write the course of a probationary member admitted on a day, to the archive of the dossier."""
    chance = course.chance
    expiry = add_months(admitted_on, _PROBATION_MONTHS)
    first = max((act.on for act in course.acts), default=admitted_on)
    applied = expiry - timedelta(days=chance.number(6, 24))
    for quarter in (3, 6, 9):
        day = add_months(admitted_on, quarter) + timedelta(days=chance.number(-6, 12))
        if first < day < applied and chance.happens(0.93):
            verdict = "unfit" if chance.happens(0.02) else "fit"
            course.add(day, "record_probation_review", {"verdict": verdict})
    course.add(applied, "apply_for_full_membership")
    if not smooth and chance.happens(0.03):
        early = expiry - timedelta(days=chance.number(2, 5))
        course.vote(early, _VERB, {"outcome": "grant"}, meant="dev-convert-assembly")
    end = "granted" if smooth else chance.weighted(_ENDS)
    if end == "annulled":
        day = course.vote(_assembly_day(course, expiry), _VERB, {"outcome": "annul"})
        course.add(course.later(day, 20, 70, working=True), "approve_full_membership", superior=True)
        return
    if end == "failed":
        day = course.vote(
            _assembly_day(course, expiry), _VERB, {"outcome": "grant", "passed": False}, outcome="failed"
        )
        expiry = _extended(course, expiry, day + timedelta(days=chance.number(9, 20)))
    elif end == "extended":
        expiry = _extended(course, expiry, _assembly_day(course, expiry))
    voted = course.vote(_assembly_day(course, expiry), _VERB, {"outcome": "grant"})
    latest = add_months(voted, 3)
    approved = min(course.later(voted, 18, 80, working=True), latest)
    if not smooth and chance.happens(0.05):
        approved = course.later(latest, 5, 45, working=True)
    course.add(approved, "approve_full_membership", superior=True)
    if chance.happens(0.9):
        course.add(course.later(approved, 8, 60), "archive_dossier", {"papers": _PAPERS})


def _extended(course: Course, expiry: date, day: date) -> date:
    """Write an extension of probation and return its end."""
    chance = course.chance
    months = chance.weighted({6: 7, 12: 3})
    if chance.happens(0.3):
        short = {"outcome": "extend", "months": 3}
        course.vote(day, _VERB, short, meant="dev-probation-extend")
    course.vote(day, _VERB, {"outcome": "extend", "months": months})
    approved = min(course.later(day, 18, 70, working=True), add_months(day, 3))
    course.add(approved, "approve_full_membership", superior=True)
    until = add_months(expiry, months)
    course.add(
        max(approved + timedelta(days=1), until - timedelta(days=chance.number(6, 20))),
        "apply_for_full_membership",
    )
    return until


def _assembly_day(course: Course, expiry: date) -> date:
    """Return when the assembly meets: mostly on the very day probation ends, or soon after."""
    return course.later(expiry, *course.chance.weighted({(0, 0): 55, (1, 14): 35, (15, 75): 10}))
