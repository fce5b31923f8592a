"""A step done again: the last pass decides, and what was won or agreed before no longer stands."""

from datetime import date

from tests.support.builders import a_probationary_member, a_target
from tests.support.scenario import Neighbours, given
from workflows.application.commands import parse
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.kernel.events import Event
from workflows.kernel.ids import derived

ELSEWHERE = derived("test", "another unit")

PRE_REVIEWED = (
    *a_target(date(2025, 3, 1)),
    ev.PreliminaryReviewConcluded(concluded_on=date(2026, 3, 1), passed=True),
    ev.AdmissionFormCompleted(completed_on=date(2026, 3, 5)),
)
WON = ev.AdmissionVoted(held_on=date(2026, 3, 10), passed=True)
LOST_AGAIN = ev.AdmissionVoted(held_on=date(2026, 3, 20), passed=False)
TALKED = ev.ApprovalTalkHeld(held_on=date(2026, 3, 25))


def test_an_admission_voted_on_again_and_lost_is_not_approved() -> None:
    (
        given(*PRE_REVIEWED, WON, LOST_AGAIN, TALKED)
        .when(cmd.ApproveAdmission(on=date(2026, 4, 1)))
        .then_refused("dev-approve")
    )


def test_lost_and_then_won_it_is_approved_within_three_months_of_the_vote_won() -> None:
    won = ev.AdmissionVoted(held_on=date(2026, 3, 20), passed=True)
    lost = ev.AdmissionVoted(held_on=date(2026, 3, 10), passed=False)
    (
        given(*PRE_REVIEWED, lost, won, TALKED)
        .when(cmd.ApproveAdmission(on=date(2026, 6, 20)))
        .then(ev.AdmissionApproved(approved_on=date(2026, 6, 20)))
    )


def test_the_committee_examining_again_and_disagreeing_leaves_nothing_to_pre_review() -> None:
    (
        given(*a_target(date(2025, 3, 1)), ev.TargetExamined(examined_on=date(2025, 3, 9), agreed=False))
        .when(cmd.ConcludePreliminaryReview(on=date(2025, 3, 20), passed=True))
        .then_refused("dev-pre-review", missing=("examine_target",))
    )


def test_nothing_is_refused_that_the_assembly_has_not_resolved() -> None:
    (
        given(*PRE_REVIEWED)
        .when(cmd.RefuseAdmission(on=date(2026, 3, 9)))
        .then_refused("dev-approve", missing=("vote_on_admission",))
    )
    (
        given(*PRE_REVIEWED, WON, TALKED)
        .when(cmd.RefuseAdmission(on=date(2026, 4, 1)))
        .then(ev.AdmissionRefused(refused_on=date(2026, 4, 1)))
    )


def test_what_was_refused_is_not_refused_again() -> None:
    (
        given(*PRE_REVIEWED, WON, ev.AdmissionRefused(refused_on=date(2026, 3, 30)))
        .when(cmd.RefuseAdmission(on=date(2026, 4, 1)))
        .then_refused("dev-approve")
    )


# --- conversion ---------------------------------------------------------------------------------------------


def voted(on: date, outcome: str, *, passed: bool, months: int | None = None) -> Event:
    return ev.FullMembershipVoted(held_on=on, outcome=outcome, passed=passed, months=months)


APPLIED = (
    *a_probationary_member(date(2025, 3, 20)),
    ev.FullMembershipApplied(applied_on=date(2026, 3, 1)),
    voted(date(2026, 3, 20), "grant", passed=True),
)


def test_a_conversion_voted_on_again_and_lost_is_not_approved() -> None:
    (
        given(*APPLIED, voted(date(2026, 3, 21), "grant", passed=False))
        .when(cmd.ApproveFullMembership(on=date(2026, 4, 1)))
        .then_refused("dev-convert-approve")
    )


def test_an_extension_voted_on_and_lost_leaves_the_conversion_that_was_won() -> None:
    (
        given(*APPLIED, voted(date(2026, 3, 21), "extend", passed=False, months=6))
        .when(cmd.ApproveFullMembership(on=date(2026, 4, 1)))
        .then(ev.FullMembershipGranted(approved_on=date(2026, 4, 1), effective_from=date(2026, 3, 20)))
    )


def test_probation_is_annulled_without_waiting_for_an_application_to_become_a_full_member() -> None:
    (
        given(*a_probationary_member(date(2025, 3, 20)))
        .when(
            cmd.VoteOnFullMembership(
                on=date(2026, 3, 20), outcome="annul", attending=16, in_favour=16, secret=True
            )
        )
        .then_finds("dev-convert-assembly", "ok")
        .then_finds("dev-assembly-majority", "ok")
    )


# --- who votes, and what counts as said ---------------------------------------------------------------------


def test_another_branch_voting_on_the_admission_is_asked_about() -> None:
    past = [ev.ApplicationReceived(received_on=date(2024, 1, 1), unit_id=ELSEWHERE), *PRE_REVIEWED[1:]]
    (
        given(*past, neighbours=Neighbours())
        .when(cmd.VoteOnAdmission(on=date(2026, 3, 10), attending=16, in_favour=16, secret=True))
        .then_finds("input-other-branch", "refer")
    )


def test_a_blank_reason_is_no_reason_for_an_approval_after_three_months() -> None:
    blank = parse("approve_admission", {"special_reason": " \u3000"}, date(2026, 7, 1))
    given(*PRE_REVIEWED, WON, TALKED).when(blank).then_refused("dev-approve", missing=("special_reason",))
    told = parse("approve_admission", {"special_reason": "疫情"}, date(2026, 7, 1))
    given(*PRE_REVIEWED, WON, TALKED).when(told).then_finds("dev-approve", "late", days_late=21)
