"""发展党员: each rule at its edge, the last refused day and the first allowed one."""

from datetime import date

import pytest

from tests.support.builders import a_probationary_member, a_target, an_activist, an_applicant
from tests.support.scenario import Neighbours, given
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev


def test_an_activist_trained_for_exactly_a_year_is_agreed() -> None:
    (
        given(*an_activist(since=date(2024, 3, 1)))
        .when(cmd.AgreeDevelopmentTarget(on=date(2025, 3, 1)))
        .then(ev.DevelopmentTargetAgreed(agreed_on=date(2025, 3, 1)))
    )


def test_one_day_less_than_a_year_is_refused() -> None:
    (
        given(*an_activist(since=date(2024, 3, 1)))
        .when(cmd.AgreeDevelopmentTarget(on=date(2025, 2, 28)))
        .then_refused("dev-object-min", earliest_on=date(2025, 3, 1))
    )


def test_a_year_from_29_february_ends_on_28_february() -> None:
    (
        given(*an_activist(since=date(2024, 2, 29)))
        .when(cmd.AgreeDevelopmentTarget(on=date(2025, 2, 28)))
        .then(ev.DevelopmentTargetAgreed(agreed_on=date(2025, 2, 28)))
        .then_finds("conv-month-add", "convention")
    )


def test_an_applicant_cannot_be_agreed_as_target() -> None:
    (
        given(*an_applicant(date(2024, 3, 1)))
        .when(cmd.AgreeDevelopmentTarget(on=date(2026, 3, 1)))
        .then_refused("dev-object-min", kind="stage")
    )


def test_no_activist_without_a_talk() -> None:
    (
        given(*an_applicant(date(2024, 3, 1)))
        .when(cmd.ConfirmActivist(on=date(2024, 4, 1)))
        .then_refused("dev-activist-decide", missing=("hold_first_talk",))
    )


def test_what_an_old_workbook_does_not_say_is_unknown_never_missing() -> None:
    (
        given(*an_applicant(date(2024, 3, 1)))
        .when(cmd.ConfirmActivist(on=date(2024, 4, 1)), complete=False)
        .then(ev.ActivistConfirmed(confirmed_on=date(2024, 4, 1)))
    )


def test_three_mentors_are_too_many() -> None:
    (
        given(*an_activist(date(2024, 3, 1)))
        .when(cmd.AssignMentors(on=date(2024, 3, 2), persons=["甲", "乙", "丙"]))
        .then_refused("dev-contact")
    )


def test_a_probationary_member_is_no_mentor() -> None:
    (
        given(*an_activist(date(2024, 3, 1)), neighbours=Neighbours(stages={"乙": "probationary"}))
        .when(cmd.AssignMentors(on=date(2024, 3, 2), persons=["甲", "乙"]))
        .then_refused("dev-contact", kind="qualified")
    )


def test_one_sponsor_is_too_few() -> None:
    (
        given(*a_target(date(2024, 3, 1)))
        .when(cmd.AssignSponsors(on=date(2024, 3, 2), persons=["甲"]))
        .then_refused("dev-introducers")
    )


@pytest.mark.parametrize(("attending", "refused"), [(8, True), (9, False)])
def test_more_than_half_of_those_who_should_attend_make_a_quorum(attending: int, refused: bool) -> None:
    then = given(
        *a_target(date(2025, 3, 1)), ev.PreliminaryReviewConcluded(concluded_on=date(2026, 3, 1), passed=True)
    ).when(cmd.VoteOnAdmission(on=date(2026, 3, 10), attending=attending, in_favour=attending, secret=True))
    if refused:
        then.then_refused("dev-assembly-quorum")
    else:
        then.then_finds("dev-assembly-quorum", "ok")


@pytest.mark.parametrize(("in_favour", "passed"), [(8, False), (9, True)])
def test_exactly_half_in_favour_does_not_pass(in_favour: int, passed: bool) -> None:
    then = given(
        *a_target(date(2025, 3, 1)), ev.PreliminaryReviewConcluded(concluded_on=date(2026, 3, 1), passed=True)
    ).when(cmd.VoteOnAdmission(on=date(2026, 3, 10), attending=16, in_favour=in_favour, secret=True))
    (event,) = then.made.events
    assert isinstance(event, ev.AdmissionVoted)
    assert event.passed is passed


def test_a_failed_vote_does_not_open_the_approval() -> None:
    (
        given(
            *a_target(date(2025, 3, 1)),
            ev.PreliminaryReviewConcluded(concluded_on=date(2026, 3, 1), passed=True),
            ev.AdmissionFormCompleted(completed_on=date(2026, 3, 5)),
            ev.AdmissionVoted(held_on=date(2026, 3, 10), passed=False),
            ev.ApprovalTalkHeld(held_on=date(2026, 3, 20)),
        )
        .when(cmd.ApproveAdmission(on=date(2026, 4, 1)))
        .then_refused("dev-approve")
    )


def test_nothing_passes_before_the_review_by_the_committee_is_passed() -> None:
    (
        given(
            *a_target(date(2025, 3, 1)),
            ev.PreliminaryReviewConcluded(concluded_on=date(2026, 3, 1), passed=False),
        )
        .when(cmd.VoteOnAdmission(on=date(2026, 3, 10), attending=16, in_favour=16, secret=True))
        .then_refused("dev-assembly")
    )


def test_conversion_on_the_day_probation_expires_is_in_time() -> None:
    (
        given(
            *a_probationary_member(date(2025, 3, 20)),
            ev.FullMembershipApplied(applied_on=date(2026, 3, 1)),
        )
        .when(cmd.VoteOnFullMembership(on=date(2026, 3, 20), attending=16, in_favour=16, secret=True))
        .then_finds("dev-convert-assembly", "ok")
    )


def test_conversion_a_day_before_is_refused() -> None:
    (
        given(
            *a_probationary_member(date(2025, 3, 20)),
            ev.FullMembershipApplied(applied_on=date(2026, 3, 1)),
        )
        .when(cmd.VoteOnFullMembership(on=date(2026, 3, 19), attending=16, in_favour=16, secret=True))
        .then_refused("dev-convert-assembly", earliest_on=date(2026, 3, 20))
    )


def test_no_conversion_without_an_application() -> None:
    (
        given(*a_probationary_member(date(2025, 3, 20)))
        .when(cmd.VoteOnFullMembership(on=date(2026, 3, 20), attending=16, in_favour=16, secret=True))
        .then_refused("dev-convert-apply", missing=("apply_for_full_membership",))
    )


@pytest.mark.parametrize(
    ("day", "version", "verb"),
    [
        (date(2026, 5, 17), date(2014, 5, 28), cmd.FileDevelopmentTarget),
        (date(2026, 5, 18), date(2026, 5, 18), cmd.ConsentDevelopmentTarget),
    ],
)
def test_filing_until_the_revision_consent_from_it(
    day: date, version: date, verb: type[cmd.PersonCommand]
) -> None:
    past = [*an_activist(date(2024, 3, 1)), ev.DevelopmentTargetAgreed(agreed_on=date(2026, 5, 1))]
    given(*past).when(verb(on=day)).then_finds("dev-object-superior", "ok", version=version)
    other = cmd.ConsentDevelopmentTarget if verb is cmd.FileDevelopmentTarget else cmd.FileDevelopmentTarget
    given(*past).when(other(on=day)).then_refused("dev-object-superior")


def test_listing_needs_notice_and_consent_since_the_revision() -> None:
    past = [*an_activist(date(2024, 3, 1)), ev.DevelopmentTargetAgreed(agreed_on=date(2026, 6, 1))]
    then = given(*past).when(cmd.ListDevelopmentTarget(on=date(2026, 7, 1)))
    then.then_refused("dev-object-notice", missing=("post_notice",))
    then.then_refused("dev-object-superior", missing=("consent_development_target",))


def test_an_open_objection_stands_in_the_way() -> None:
    past = [
        *an_activist(date(2024, 3, 1)),
        ev.DevelopmentTargetAgreed(agreed_on=date(2026, 6, 1)),
        ev.DevelopmentTargetConsented(consented_on=date(2026, 6, 2)),
        ev.NoticePosted(posted_on=date(2026, 6, 3), starts_on=date(2026, 6, 3), working_days=5),
        ev.ObjectionRaised(raised_on=date(2026, 6, 4)),
    ]
    given(*past).when(cmd.ListDevelopmentTarget(on=date(2026, 7, 1))).then_refused("dev-object-notice")
    settled = [*past, ev.ObjectionSettled(settled_on=date(2026, 6, 20))]
    given(*settled).when(cmd.ListDevelopmentTarget(on=date(2026, 7, 1))).then(
        ev.DevelopmentTargetListed(listed_on=date(2026, 7, 1))
    )
