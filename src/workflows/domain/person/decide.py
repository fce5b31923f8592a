"""What a command of a person leads to, checked against the rules in force on its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from workflows.domain.act import Command, Decision, Who, decision, impossible_numbers, of_stage
from workflows.domain.facts import Facts, Roster
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person.book import book_of, probation_months
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage, after, stages_of
from workflows.kernel.calendar import add_months
from workflows.kernel.events import Event
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

ROSTER_DIFFERS = "input-eligible-roster"

_MOVE = {"grant": "grant_full_membership", "extend": "extend_probation", "annul": "annul_probation"}


class Case:
    """One command at one person: everything a decision may look at.

    ``person`` is as of the day of the act. ``complete``: what is not said is missing; not so in old
    workbooks.
    """

    def __init__(
        self,
        command: Command,
        person: Person,
        rules: Rules,
        facts: Facts,
        unit_id: UUID | None,
        *,
        complete: bool,
    ) -> None:
        self.command, self.person, self.rules, self.facts = command, person.at(command.on), rules, facts
        self.unit_id = unit_id or self.person.unit_id or person.unit_id
        self.complete = complete

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of the stage machine and of every rule, with what the command says as facts."""
        book = book_of(self.person, self.rules, self.facts, self.command.on, complete=self.complete)
        if self.person.unit_id is None and self.unit_id is not None:
            unit = self.facts.unit(self.unit_id, self.command.on)
            said |= {} if unit is None else {"unit_kind": unit.kind, "unit_level": unit.level}
        more = {name: Fact(value) for name, value in said.items() if value is not None}
        found = self.rules.check(self.command.verb(), on=self.command.on, book=book.extended(more))
        return (*self._stage(), *found)

    def _stage(self) -> tuple[Finding, ...]:
        name = self.command.verb()
        move = _move_of(self)
        if not stages_of(move) or after(self.person.stage, move) is not None:
            return ()
        if not self.complete and self.person.stage is not Stage.NOBODY:
            return ()
        if not self.complete and not self.person.course_known:
            return ()
        step = next((s for s in self.rules.steps(self.command.on) if s.id == name), None)
        return (
            of_stage(
                step.rule if step else "dev-stage",
                step.title if step else "",
                stage=self.person.stage.value,
                belongs_to=[stage.value for stage in stages_of(move)],
            ),
        )

    def who(self, name: str | None) -> Who | None:
        """Return who is meant by a name seen from the acting unit."""
        return None if name is None else self.facts.find(name, self.unit_id, self.command.on)

    def whom(self, names: list[str]) -> tuple[Who, ...]:
        """Return who is meant by each of the names."""
        return tuple(self.facts.find(name, self.unit_id, self.command.on) for name in names)

    def members(self, people: tuple[Who, ...]) -> list[Any]:
        """Return what is known of each, as of the day of the act."""
        return [self.facts.member(who, self.command.on) for who in people]

    @property
    def roster(self) -> Roster | None:
        """Return the roster of the acting unit on the day of the act."""
        return self.facts.roster(self.unit_id, self.command.on) if self.unit_id else None


def _move_of(case: Case) -> str:
    if isinstance(case.command, cmd.ApproveFullMembership):
        return _MOVE[_outcome(case.person)]
    if isinstance(case.command, cmd.RegisterMember):
        return "register_full" if case.command.full_since else "register_probationary"
    return case.command.verb()


def _outcome(person: Person) -> str:
    voted = person.conversion
    return voted[0].outcome if voted else "grant"


def decide(
    command: Command,
    person: Person,
    rules: Rules,
    facts: Facts,
    *,
    unit_id: UUID | None,
    complete: bool = True,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``unit_id`` is the unit that acts (default: the person's own).
    """
    return _decide(command, Case(command, person, rules, facts, unit_id, complete=complete))


@singledispatch
def _decide(command: Command, case: Case) -> Decision:
    raise TypeError(f"no decision for {type(command).__name__}")


def _plain(command: type[Command], event: type[Event], **fields: str) -> None:
    """Register a command that becomes its event field by field (``fields``: event field -> command field)."""

    def decide_plainly(command: Command, case: Case) -> Decision:
        said = {name: getattr(command, source) for name, source in fields.items()}
        day = next(name for name in event.__struct_fields__ if name.endswith("_on"))
        kept = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        return decision(event(**{day: command.on}, **kept), findings=case.check(**said))

    _decide.register(command, decide_plainly)


_DOCUMENT: Mapping[str, str] = {"document": "document"}
_plain(cmd.ConfirmActivist, ev.ActivistConfirmed, recommended_by="recommended_by", meeting="meeting")
_plain(cmd.FileActivist, ev.ActivistFiled, **_DOCUMENT)
_plain(cmd.RecordSemiannualReview, ev.SemiannualReviewRecorded, verdict="verdict")
_plain(cmd.AgreeDevelopmentTarget, ev.DevelopmentTargetAgreed, opinions="opinions")
_plain(cmd.FileDevelopmentTarget, ev.DevelopmentTargetFiled, **_DOCUMENT)
_plain(cmd.ConsentDevelopmentTarget, ev.DevelopmentTargetConsented, **_DOCUMENT)
_plain(cmd.RaiseObjection, ev.ObjectionRaised, **_DOCUMENT)
_plain(cmd.SettleObjection, ev.ObjectionSettled, upheld="upheld", document="document")
_plain(cmd.CloseNotice, ev.NoticeClosed)
_plain(cmd.ListDevelopmentTarget, ev.DevelopmentTargetListed)
_plain(cmd.ExamineTarget, ev.TargetExamined, agreed="agreed")
_plain(cmd.CompleteAdmissionForm, ev.AdmissionFormCompleted, **_DOCUMENT)
_plain(cmd.ApproveAdmission, ev.AdmissionApproved, special_reason="special_reason")
_plain(cmd.RefuseAdmission, ev.AdmissionRefused, reason="reason")
_plain(cmd.FileAdmission, ev.AdmissionFiled, **_DOCUMENT)
_plain(cmd.AssignCell, ev.CellAssigned, cell="cell")
_plain(cmd.TakeOath, ev.OathTaken)
_plain(cmd.RecordProbationReview, ev.ProbationReviewRecorded, verdict="verdict")
_plain(cmd.ApplyForFullMembership, ev.FullMembershipApplied)
_plain(cmd.ArchiveDossier, ev.DossierArchived, papers="papers")
_plain(cmd.WithdrawApplication, ev.ApplicationWithdrawn, reason="reason")
_plain(cmd.DropActivist, ev.ActivistDropped, reason="reason")
_plain(cmd.BarRights, ev.RightsBarred, until="until", document="document")


def _profile(command: cmd.Personal) -> ev.Profile:
    return ev.Profile(**{name: getattr(command, name) for name in ev.Profile.__struct_fields__})


def _home(case: Case) -> UUID:
    if case.unit_id is None:
        raise ValueError("a person belongs to a unit")
    return case.unit_id


@_decide.register
def _(command: cmd.ReceiveApplication, case: Case) -> Decision:
    born = command.born_on or case.person.profile.born_on
    event = ev.ApplicationReceived(received_on=command.on, unit_id=_home(case), profile=_profile(command))
    return decision(event, findings=case.check(born_on=born))


@_decide.register
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


@_decide.register
def _(command: cmd.TakeOverCourse, case: Case) -> Decision:
    event = ev.CourseTakenOver(
        since_on=command.on, unit_id=_home(case), stage=command.stage, profile=_profile(command)
    )
    return decision(event)


@_decide.register
def _(command: cmd.HoldFirstTalk, case: Case) -> Decision:
    return decision(ev.FirstTalkHeld(held_on=command.on, by=case.who(command.by)), findings=case.check())


@_decide.register
def _(command: cmd.HoldApprovalTalk, case: Case) -> Decision:
    return decision(ev.ApprovalTalkHeld(held_on=command.on, by=case.who(command.by)), findings=case.check())


def distinct(people: tuple[Who, ...]) -> tuple[Who, ...]:
    """Return everybody once: who is named twice is still one person."""
    return tuple(dict.fromkeys(people))


@_decide.register
def _(command: cmd.AssignMentors, case: Case) -> Decision:
    people = case.whom(command.persons)
    event = ev.MentorsAssigned(assigned_on=command.on, persons=people)
    return decision(event, findings=case.check(mentors=case.members(distinct(people))))


@_decide.register
def _(command: cmd.AssignSponsors, case: Case) -> Decision:
    people = case.whom(command.persons)
    event = ev.SponsorsAssigned(assigned_on=command.on, persons=people)
    return decision(event, findings=case.check(sponsors=case.members(distinct(people))))


@_decide.register
def _(command: cmd.PostNotice, case: Case) -> Decision:
    starts = command.starts_on or command.on
    event = ev.NoticePosted(
        posted_on=command.on, starts_on=starts, working_days=command.working_days, place=command.place
    )
    said = {"notice_starts_on": starts, "notice_working_days": command.working_days}
    return decision(event, findings=case.check(**said))


@_decide.register
def _(command: cmd.ConcludeBackgroundReview, case: Case) -> Decision:
    event = ev.BackgroundReviewConcluded(
        concluded_on=command.on, passed=command.passed, document=command.document
    )
    return decision(event, findings=case.check(background_review_passed=command.passed))


@_decide.register
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


@_decide.register
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
    impossible = impossible_numbers(eligible, votes.attending, [cast])
    notes = differs(command.eligible, roster, command.on) if case.complete else []
    return votes, [*impossible, *notes]


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


@_decide.register
def _(command: cmd.VoteOnAdmission, case: Case) -> Decision:
    votes, notes = _votes(command, case)
    findings = (*case.check(**_on_votes(votes), passed=command.passed), *notes)
    passed = _judged(findings, command.passed, known=votes.in_favour is not None)
    return decision(ev.AdmissionVoted(held_on=command.on, votes=votes, passed=passed), findings=findings)


@_decide.register
def _(command: cmd.VoteOnFullMembership, case: Case) -> Decision:
    votes, notes = _votes(command, case)
    said = {"passed": command.passed, "outcome": command.outcome, "months": command.months}
    findings = (*case.check(**_on_votes(votes), **said), *notes)
    event = ev.FullMembershipVoted(
        held_on=command.on,
        outcome=command.outcome,
        months=command.months,
        votes=votes,
        passed=_judged(findings, command.passed, known=votes.in_favour is not None),
    )
    return decision(event, findings=findings)


@_decide.register
def _(command: cmd.ApproveFullMembership, case: Case) -> Decision:
    person = case.person
    admitted = person.admitted
    expiry = person.probation_until(probation_months(case.rules, admitted[0] if admitted else None))
    until = expiry[0] if expiry else None
    findings = case.check()
    match _outcome(person):
        case "extend":
            voted = person.conversion
            months = (voted[0].months if voted else None) or 0
            extended = ev.ProbationExtended(
                approved_on=command.on, months=months, effective_from=until, until=_extended(until, months)
            )
            return decision(extended, findings=findings)
        case "annul":
            return decision(ev.ProbationAnnulled(approved_on=command.on), findings=findings)
    return decision(ev.FullMembershipGranted(approved_on=command.on, effective_from=until), findings=findings)


def _extended(until: date | None, months: int) -> date | None:
    return None if until is None else add_months(until, months)
