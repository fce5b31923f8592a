"""Pasts to begin from: an applicant, an activist, a target, a probationary member, a unit."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.scenario import UNIT
from workflows.domain.person import events as ev
from workflows.domain.unit import events as unit_events
from workflows.kernel.events import Event

DAY = timedelta(days=1)


def an_applicant(since: date, born_on: date = date(1990, 1, 1)) -> list[Event]:
    """Someone whose application came in on ``since``."""
    return [
        ev.ApplicationReceived(
            received_on=since, unit_id=UNIT, profile=ev.Profile(name="王", born_on=born_on)
        )
    ]


def an_activist(since: date) -> list[Event]:
    """Someone confirmed as activist on ``since``, talked to before."""
    return [
        *an_applicant(since - 60 * DAY),
        ev.FirstTalkHeld(held_on=since - 50 * DAY),
        ev.ActivistConfirmed(confirmed_on=since),
    ]


def a_target(since: date) -> list[Event]:
    """Someone a target since ``since``, after two years as activist, with nothing left undone before."""
    return [
        *an_activist(since - 730 * DAY),
        ev.DevelopmentTargetAgreed(agreed_on=since - DAY),
        ev.DevelopmentTargetFiled(filed_on=since),
        ev.SponsorsAssigned(assigned_on=since),
        ev.BackgroundReviewConcluded(concluded_on=since, passed=True),
        ev.IntensiveCourseCompleted(completed_on=since, days=3),
        ev.TargetExamined(examined_on=since, agreed=True),
    ]


def a_probationary_member(voted_on: date) -> list[Event]:
    """Someone admitted by the assembly of ``voted_on`` and approved a month later."""
    return [
        *a_target(voted_on - 60 * DAY),
        ev.PreliminaryReviewConcluded(concluded_on=voted_on - 10 * DAY, passed=True),
        ev.AdmissionFormCompleted(completed_on=voted_on - 5 * DAY),
        ev.AdmissionVoted(held_on=voted_on, passed=True),
        ev.ApprovalTalkHeld(held_on=voted_on + 20 * DAY),
        ev.AdmissionApproved(approved_on=voted_on + 30 * DAY),
    ]


def a_branch(established_on: date = date(2015, 1, 1), kind: str = "community") -> list[Event]:
    """A branch set up on a day, its books beginning then."""
    return [
        unit_events.UnitEstablished(established_on=established_on, name="甲支部", level="branch", kind=kind)
    ]


def a_full_member(since: date = date(2015, 7, 1)) -> list[Event]:
    """Return the past of someone who was a full member before the books began."""
    return [ev.MemberRegistered(member_on=since, unit_id=UNIT, full_since=since)]
