"""What the commands of the course lead to, from application to full membership."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import UNSET

from workflows.domain.act import Decision, Who, decision, impossible_numbers
from workflows.domain.facts import Roster
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.book import probation_months
from workflows.domain.person.case import Case, decided, move_of, plainly
from workflows.domain.person.relation import TRAINED, Training
from workflows.domain.person.rough_days import of_expiry
from workflows.domain.person.state import Person
from workflows.kernel.calendar import add_months
from workflows.kernel.events import with_approximate
from workflows.policies.findings import Finding, Verdict

ROSTER_DIFFERS = "input-eligible-roster"
OTHER_BRANCH = "input-other-branch"
OBJECTION_UPHELD = "input-objection-upheld"

_MOVE = {"grant": "grant_full_membership", "extend": "extend_probation", "annul": "annul_probation"}


@move_of.register
def _(command: cmd.ApproveFullMembership, person: Person) -> str:
    return _MOVE[_outcome(person)]


@move_of.register
def _(command: cmd.ConfirmActivist, person: Person) -> str:
    """Confirmed once more: the new unit takes up the training of someone who came without papers."""
    anew = person.stage in TRAINED and Training(person).unexamined is not None
    return "take_up_training" if anew else command.verb()


@move_of.register
def _(command: cmd.RegisterMember, person: Person) -> str:
    return "register_full" if command.full_since else "register_probationary"


def _outcome(person: Person) -> str:
    voted = person.conversion
    return voted[0].outcome if voted else "grant"


_DOCUMENT: Mapping[str, str] = {"document": "document"}
plainly(cmd.ConfirmActivist, ev.ActivistConfirmed, recommended_by="recommended_by", meeting="meeting")
plainly(cmd.FileActivist, ev.ActivistFiled, **_DOCUMENT)
plainly(cmd.RecordSemiannualReview, ev.SemiannualReviewRecorded, verdict="verdict")
plainly(cmd.AgreeDevelopmentTarget, ev.DevelopmentTargetAgreed, opinions="opinions")
plainly(cmd.FileDevelopmentTarget, ev.DevelopmentTargetFiled, **_DOCUMENT)
plainly(cmd.ConsentDevelopmentTarget, ev.DevelopmentTargetConsented, **_DOCUMENT)
plainly(cmd.RaiseObjection, ev.ObjectionRaised, **_DOCUMENT)
plainly(cmd.SettleObjection, ev.ObjectionSettled, upheld="upheld", document="document")
plainly(cmd.CloseNotice, ev.NoticeClosed)
plainly(cmd.ExamineTarget, ev.TargetExamined, agreed="agreed")
plainly(cmd.CompleteAdmissionForm, ev.AdmissionFormCompleted, **_DOCUMENT)
plainly(cmd.RefuseAdmission, ev.AdmissionRefused, reason="reason")
plainly(cmd.FileAdmission, ev.AdmissionFiled, **_DOCUMENT)
plainly(cmd.AssignCell, ev.CellAssigned, cell="cell")
plainly(cmd.TakeOath, ev.OathTaken)
plainly(cmd.RecordProbationReview, ev.ProbationReviewRecorded, verdict="verdict")
plainly(cmd.ApplyForFullMembership, ev.FullMembershipApplied)
plainly(cmd.ArchiveDossier, ev.DossierArchived, papers="papers")
plainly(cmd.WithdrawApplication, ev.ApplicationWithdrawn, reason="reason")
plainly(cmd.DropActivist, ev.ActivistDropped, reason="reason")


def _profile(command: cmd.Personal) -> ev.Profile:
    given = (name for name in ev.Profile.__struct_fields__ if hasattr(command, name))
    return ev.Profile(**{name: getattr(command, name) for name in given})


def _home(case: Case) -> UUID:
    if case.unit_id is None:
        raise ValueError("a person belongs to a unit")
    return case.unit_id


@decided.register
def _(command: cmd.ApproveAdmission, case: Case) -> Decision:
    said: dict[str, Any] = {"special_reason": command.special_reason}
    if case.unit_id is not None and case.unit_id != case.person.unit_id:
        approver = case.facts.unit(case.unit_id, command.on)
        if approver is not None:
            said |= {"approver_level": approver.level, "approver_kind": approver.kind}
    event = ev.AdmissionApproved(approved_on=command.on, special_reason=command.special_reason)
    return decision(event, findings=case.check(**said))


@decided.register
def _(command: cmd.ReceiveApplication, case: Case) -> Decision:
    born = command.born_on or case.person.profile.born_on
    event = ev.ApplicationReceived(received_on=command.on, unit_id=_home(case), profile=_profile(command))
    return decision(event, findings=case.check(born_on=born))


@decided.register
def _(command: cmd.RegisterMember, case: Case) -> Decision:
    event = ev.MemberRegistered(
        member_on=command.on,
        unit_id=_home(case),
        admitted_on=command.admitted_on or (None if command.full_since else command.on),
        full_since=command.full_since,
        posts=tuple(command.posts),
        profile=_profile(command),
    )
    return decision(event, findings=case.check())


@decided.register
def _(command: cmd.TakeOverCourse, case: Case) -> Decision:
    event = ev.CourseTakenOver(
        since_on=command.on, unit_id=_home(case), stage=command.stage, profile=_profile(command)
    )
    return decision(event)


@decided.register
def _(command: cmd.BarRights, case: Case) -> Decision:
    event = mv.RightsBarred(
        barred_on=command.on, until=command.until, document=command.document, ground=command.ground or UNSET
    )
    said = {"until": command.until, "document": command.document}
    said |= {"bar_ground": command.ground or "party_probation"}
    return decision(event, findings=case.check(**said, rights_suspended=event.is_suspension or None))


@decided.register
def _(command: cmd.HoldFirstTalk, case: Case) -> Decision:
    return decision(ev.FirstTalkHeld(held_on=command.on, by=case.who(command.by)), findings=case.check())


@decided.register
def _(command: cmd.HoldApprovalTalk, case: Case) -> Decision:
    return decision(ev.ApprovalTalkHeld(held_on=command.on, by=case.who(command.by)), findings=case.check())


def distinct(people: tuple[Who, ...]) -> tuple[Who, ...]:
    """Return everybody once: who is named twice is still one person."""
    return tuple(dict.fromkeys(people))


@decided.register
def _(command: cmd.AssignMentors, case: Case) -> Decision:
    people = case.whom(command.persons)
    event = ev.MentorsAssigned(assigned_on=command.on, persons=distinct(people))
    return decision(event, findings=case.check(mentors=case.members(distinct(people))))


@decided.register
def _(command: cmd.AssignSponsors, case: Case) -> Decision:
    people = case.whom(command.persons)
    event = ev.SponsorsAssigned(assigned_on=command.on, persons=distinct(people))
    return decision(event, findings=case.check(sponsors=case.members(distinct(people))))


@decided.register
def _(command: cmd.PostNotice, case: Case) -> Decision:
    starts = command.starts_on or command.on
    event = ev.NoticePosted(
        posted_on=command.on, starts_on=starts, working_days=command.working_days, place=command.place
    )
    said = {"notice_starts_on": starts, "notice_working_days": command.working_days}
    return decision(event, findings=case.check(**said))


@decided.register
def _(command: cmd.ListDevelopmentTarget, case: Case) -> Decision:
    event = ev.DevelopmentTargetListed(listed_on=command.on)
    settled = case.person.last(ev.ObjectionSettled)
    upheld = () if settled is None or not settled[0].upheld else (_upheld(settled[0]),)
    return decision(event, findings=(*case.check(), *upheld))


def _upheld(settled: ev.ObjectionSettled) -> Finding:
    """Return that no text says what follows from an objection found true: a person decides."""
    facts = {"settled_on": settled.settled_on.isoformat()}
    return Finding(rule=OBJECTION_UPHELD, verdict=Verdict.REFER, kind="input", facts=facts)


@decided.register
def _(command: cmd.ConcludeBackgroundReview, case: Case) -> Decision:
    event = ev.BackgroundReviewConcluded(
        concluded_on=command.on, passed=command.passed, document=command.document
    )
    return decision(event, findings=case.check(background_review_passed=command.passed))


@decided.register
def _(command: cmd.CompleteIntensiveCourse, case: Case) -> Decision:
    said = {name: getattr(command, name) for name in ("begun", "ended", "days", "hours", "special_case")}
    event = ev.IntensiveCourseCompleted(
        completed_on=command.on, special_reason=command.special_reason, **said
    )
    return decision(
        event,
        findings=case.check(
            course_days=event.whole_days, course_hours=command.hours, special_case=command.special_case
        ),
    )


@decided.register
def _(command: cmd.ConcludePreliminaryReview, case: Case) -> Decision:
    event = ev.PreliminaryReviewConcluded(
        concluded_on=command.on, passed=command.passed, leaving_on=command.leaving_on
    )
    return decision(event, findings=case.check(leaving_on=command.leaving_on))


def _votes(command: cmd.Voting, case: Case) -> tuple[ev.Votes, list[Finding]]:
    """Return the numbers of a vote, and what the roster of that day says of them.

    Where ``eligible`` is left out the voters of that day are the base; of those named as present only voters
    count.
    """
    roster, attending = case.roster, command.attending
    if isinstance(attending, list):
        present = {who.person for who in case.whom(attending)}
        attending = len(present & roster.voters) if roster is not None else len(attending)
    eligible = command.eligible
    if eligible is None and roster is not None:
        eligible = len(roster.voters)
    votes = ev.Votes(
        eligible=eligible,
        attending=attending,
        in_favour=command.in_favour,
        against=command.against,
        abstained=command.abstained,
        written_in_favour=command.written_in_favour,
        secret=command.secret,
        together=command.together,
    )
    cast = (command.in_favour, command.against, command.abstained)
    impossible = impossible_numbers(eligible, votes.attending, [cast], [command.written_in_favour])
    notes = differs(command.eligible, roster, command.on) if case.complete else []
    return votes, [*impossible, *notes]


def _roll(case: Case) -> tuple[UUID, ...] | None:
    """Return who had a vote that day; unknown where only an old workbook tells of the vote."""
    return case.roster.roll if case.complete and case.roster is not None else None


def differs(typed: int | None, roster: Roster | None, on: date) -> list[Finding]:
    """Return the finding that a typed number of voters is not that of the roster of the day."""
    if typed is None or roster is None or typed == len(roster.voters):
        return []
    return [
        Finding(
            rule=ROSTER_DIFFERS,
            verdict=Verdict.NOTE,
            kind="input",
            facts={"eligible": typed, "roster": len(roster.voters), "on": on.isoformat()},
        )
    ]


def _judged(findings: tuple[Finding, ...], claimed: bool | None, *, known: bool) -> bool | None:
    """Return whether a vote passed: by the numbers where they are known, else as the minutes say."""
    if any(f.kind == "majority" and f.verdict in (Verdict.NOT_PASSED, Verdict.BLOCK) for f in findings):
        return False
    if any(f.kind == "majority" and f.verdict is Verdict.OK for f in findings):
        return not any(f.kind == "quorum" and f.verdict is Verdict.BLOCK for f in findings)
    return claimed if not known else None


def _on_votes(votes: ev.Votes) -> dict[str, Any]:
    return {
        "eligible": votes.eligible,
        "attending": votes.attending,
        "votes_in_favour": votes.in_all,
        "secret": votes.secret,
        "together": votes.together,
    }


@decided.register
def _(command: cmd.VoteOnAdmission, case: Case) -> Decision:
    votes, notes = _votes(command, case)
    findings = (*case.check(**_on_votes(votes), passed=command.passed), *notes, *_elsewhere(case))
    passed = _judged(findings, command.passed, known=votes.in_favour is not None)
    event = ev.AdmissionVoted(held_on=command.on, votes=votes, passed=passed, roll=_roll(case))
    return decision(event, findings=findings)


def _elsewhere(case: Case) -> tuple[Finding, ...]:
    """Return that another branch than the applicant's own votes: no text was found that lets it."""
    if case.person.unit_id is None or case.unit_id == case.person.unit_id:
        return ()
    return (Finding(rule=OTHER_BRANCH, verdict=Verdict.REFER, kind="input"),)


@decided.register
def _(command: cmd.VoteOnFullMembership, case: Case) -> Decision:
    votes, notes = _votes(command, case)
    own = case.person.unit_id is None or case.unit_id == case.person.unit_id
    said = {
        "passed": command.passed,
        "outcome": command.outcome,
        "months": command.months,
        "own_unit": own,
        "annuls": command.outcome == "annul",
    }
    findings = (*case.check(**_on_votes(votes), **said), *notes)
    event = ev.FullMembershipVoted(
        held_on=command.on,
        outcome=command.outcome,
        months=command.months,
        votes=votes,
        passed=_judged(findings, command.passed, known=votes.in_favour is not None),
        roll=_roll(case),
    )
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.ApproveFullMembership, case: Case) -> Decision:
    person = case.person
    admitted = person.admitted
    length = probation_months(case.rules, admitted[0] if admitted else None)
    expiry, rough = person.probation_until(length), of_expiry(person, length)
    until = expiry[0] if expiry else None
    findings = case.check()
    match _outcome(person):
        case "extend":
            voted = person.conversion
            months = (voted[0].months if voted else None) or 0
            extended = ev.ProbationExtended(
                approved_on=command.on, months=months, effective_from=until, until=_extended(until, months)
            )
            ends = rough.moved(months) if rough else None
            told = with_approximate(extended, {"effective_from": rough, "until": ends})
            return decision(told, findings=findings)
        case "annul":
            return decision(ev.ProbationAnnulled(approved_on=command.on), findings=findings)
    granted = ev.FullMembershipGranted(approved_on=command.on, effective_from=until)
    return decision(with_approximate(granted, {"effective_from": rough}), findings=findings)


def _extended(until: date | None, months: int) -> date | None:
    return None if until is None else add_months(until, months)
