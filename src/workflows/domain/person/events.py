"""What happens to a person on the way to membership; each step of the chart has one event."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from workflows.domain.act import Decided, Who
from workflows.kernel.approximate import ApproximateDay


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who someone is, as papers say: personal data, sealed; ``born_on`` is the latest of ``born_approx``."""

    name: str | None = None
    born_on: date | None = None
    id_number: str | None = None
    gender: str | None = None
    ethnic_group: str | None = None
    education: str | None = None
    phone: str | None = None
    born_approx: ApproximateDay | None = None


PROFILE = frozenset({"profile"})


class Votes(msgspec.Struct, frozen=True, omit_defaults=True):
    """The numbers of a vote; None is unknown."""

    eligible: int | None = None
    attending: int | None = None
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    written_in_favour: int | None = None
    secret: bool | None = None
    together: bool = False

    @property
    def in_all(self) -> int | None:
        """Return the votes in favour, those handed in beforehand in writing included."""
        if self.in_favour is None:
            return None
        return self.in_favour + (self.written_in_favour or 0)


class CourseTakenOver(Decided, tag="person.course-taken-over"):
    """承接: someone already at a stage when the books began; how it came to it is unknown."""

    step: ClassVar[str] = "take_over_course"
    sealed: ClassVar[frozenset[str]] = PROFILE
    since_on: date
    unit_id: UUID
    stage: str
    profile: Profile | None = None


class MemberRegistered(Decided, tag="person.member-registered"):
    """党员登记: a member before the books began; ``member_on`` is the first day known of the membership."""

    step: ClassVar[str] = "register_member"
    sealed: ClassVar[frozenset[str]] = PROFILE
    member_on: date
    unit_id: UUID
    admitted_on: date | None = None
    full_since: date | None = None
    posts: tuple[str, ...] = ()
    profile: Profile | None = None


class ApplicationReceived(Decided, tag="person.application-received"):
    """递交入党申请书 (1)."""

    step: ClassVar[str] = "receive_application"
    sealed: ClassVar[frozenset[str]] = PROFILE
    received_on: date
    unit_id: UUID
    profile: Profile | None = None


class FirstTalkHeld(Decided, tag="person.first-talk-held"):
    """派人谈话 (2)."""

    step: ClassVar[str] = "hold_first_talk"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    held_on: date
    by: Who | None = None


class ActivistConfirmed(Decided, tag="person.activist-confirmed"):
    """确定为入党积极分子 (3)."""

    step: ClassVar[str] = "confirm_activist"
    confirmed_on: date
    recommended_by: tuple[str, ...] = ()
    meeting: str | None = None


class ActivistFiled(Decided, tag="person.activist-filed"):
    """积极分子报上级党委备案 (4)."""

    step: ClassVar[str] = "file_activist"
    filed_on: date
    document: str | None = None


class MentorsAssigned(Decided, tag="person.mentors-assigned"):
    """指定培养联系人 (5)."""

    step: ClassVar[str] = "assign_mentors"
    people: ClassVar[frozenset[str]] = frozenset({"persons"})
    assigned_on: date
    persons: tuple[Who, ...] | None = ()


class SemiannualReviewRecorded(Decided, tag="person.semiannual-review-recorded"):
    """半年考察 (6)."""

    step: ClassVar[str] = "record_semiannual_review"
    reviewed_on: date
    verdict: str = "fit"


class DevelopmentTargetAgreed(Decided, tag="person.development-target-agreed"):
    """支部委员会讨论同意列为发展对象 (7); ``agreed_on`` is the day in the minutes."""

    step: ClassVar[str] = "agree_development_target"
    agreed_on: date
    opinions: tuple[str, ...] = ()


class DevelopmentTargetFiled(Decided, tag="person.development-target-filed"):
    """发展对象报上级党委备案 (8, 2014)."""

    step: ClassVar[str] = "file_development_target"
    filed_on: date
    document: str | None = None


class DevelopmentTargetConsented(Decided, tag="person.development-target-consented"):
    """上级党委同意发展对象 (8, 2026)."""

    step: ClassVar[str] = "consent_development_target"
    consented_on: date
    document: str | None = None


class NoticePosted(Decided, tag="person.notice-posted"):
    """公示 (8a): from ``starts_on`` for a number of working days."""

    step: ClassVar[str] = "post_notice"
    posted_on: date
    starts_on: date
    working_days: int | None = None
    place: str | None = None


class ObjectionRaised(Decided, tag="person.objection-raised"):
    """公示期间的异议."""

    step: ClassVar[str] = "raise_objection"
    raised_on: date
    document: str | None = None


class ObjectionSettled(Decided, tag="person.objection-settled"):
    """异议处理完毕; ``upheld``: it was well-founded."""

    step: ClassVar[str] = "settle_objection"
    settled_on: date
    upheld: bool = False
    document: str | None = None


class NoticeClosed(Decided, tag="person.notice-closed"):
    """公示结束."""

    step: ClassVar[str] = "close_notice"
    closed_on: date


class DevelopmentTargetListed(Decided, tag="person.development-target-listed"):
    """列为发展对象 (8b)."""

    step: ClassVar[str] = "list_development_target"
    listed_on: date


class SponsorsAssigned(Decided, tag="person.sponsors-assigned"):
    """确定入党介绍人 (9)."""

    step: ClassVar[str] = "assign_sponsors"
    people: ClassVar[frozenset[str]] = frozenset({"persons"})
    assigned_on: date
    persons: tuple[Who, ...] | None = ()


class BackgroundReviewConcluded(Decided, tag="person.background-review-concluded"):
    """政治审查 (10): its date, its result and its document number, never its contents."""

    step: ClassVar[str] = "conclude_background_review"
    concluded_on: date
    passed: bool | None = None
    document: str | None = None


class IntensiveCourseCompleted(
    Decided, tag="person.intensive-course-completed", rename={"begun": "from", "ended": "to"}
):
    """短期集中培训 (11)."""

    step: ClassVar[str] = "complete_intensive_course"
    completed_on: date
    begun: date | None = None
    ended: date | None = None
    days: int | None = None
    hours: int | None = None
    special_case: str | None = None
    special_reason: str | None = None

    @property
    def whole_days(self) -> int | None:
        """Return the days told, else those from first to last, both counted."""
        if self.days is None and self.begun is not None and self.ended is not None:
            return (self.ended - self.begun).days + 1
        return self.days


class TargetExamined(Decided, tag="person.target-examined"):
    """支部委员会审查 (12)."""

    step: ClassVar[str] = "examine_target"
    examined_on: date
    agreed: bool | None = None


class PreliminaryReviewConcluded(Decided, tag="person.preliminary-review-concluded"):
    """上级党委预审 (13); ``leaving_on``: when the target is to leave the unit."""

    step: ClassVar[str] = "conclude_preliminary_review"
    concluded_on: date
    passed: bool | None = None
    leaving_on: date | None = None


class AdmissionFormCompleted(Decided, tag="person.admission-form-completed"):
    """填写入党志愿书 (14)."""

    step: ClassVar[str] = "complete_admission_form"
    completed_on: date
    document: str | None = None


class AdmissionVoted(Decided, tag="person.admission-voted", omit_defaults=True):
    """讨论接收预备党员 (15); ``passed`` by the numbers, or as told; ``roll`` (表决名册): the voters."""

    step: ClassVar[str] = "vote_on_admission"
    held_on: date
    votes: Votes = Votes()
    passed: bool | None = None
    roll: tuple[UUID, ...] | None = None


class ApprovalTalkHeld(Decided, tag="person.approval-talk-held"):
    """上级党委派人谈话 (16)."""

    step: ClassVar[str] = "hold_approval_talk"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    held_on: date
    by: Who | None = None


class AdmissionApproved(Decided, tag="person.admission-approved"):
    """上级党委审批接收为预备党员 (17)."""

    step: ClassVar[str] = "approve_admission"
    approved_on: date
    special_reason: str | None = None


class AdmissionRefused(Decided, tag="person.admission-refused"):
    """上级党委不批准接收."""

    step: ClassVar[str] = "refuse_admission"
    refused_on: date
    reason: str | None = None


class AdmissionFiled(Decided, tag="person.admission-filed"):
    """报再上一级组织部门备案 (18)."""

    step: ClassVar[str] = "file_admission"
    filed_on: date
    document: str | None = None


class CellAssigned(Decided, tag="person.cell-assigned"):
    """编入党支部和党小组 (19)."""

    step: ClassVar[str] = "assign_cell"
    assigned_on: date
    cell: str | None = None


class OathTaken(Decided, tag="person.oath-taken"):
    """入党宣誓 (20)."""

    step: ClassVar[str] = "take_oath"
    taken_on: date


class ProbationReviewRecorded(Decided, tag="person.probation-review-recorded"):
    """预备党员的继续教育和考察 (21)."""

    step: ClassVar[str] = "record_probation_review"
    reviewed_on: date
    verdict: str = "fit"


class FullMembershipApplied(Decided, tag="person.full-membership-applied"):
    """书面提出转正申请 (22)."""

    step: ClassVar[str] = "apply_for_full_membership"
    applied_on: date


class FullMembershipVoted(Decided, tag="person.full-membership-voted", omit_defaults=True):
    """支部党员大会讨论转正 (23): grant, extend (by ``months``) or annul; ``roll`` as of an admission."""

    step: ClassVar[str] = "vote_on_full_membership"
    held_on: date
    outcome: str = "grant"
    months: int | None = None
    votes: Votes = Votes()
    passed: bool | None = None
    roll: tuple[UUID, ...] | None = None


class FullMembershipGranted(
    Decided, tag="person.full-membership-granted", rename={"effective_from": "effective_on"}
):
    """按期转正的审批 (24); membership and standing (党龄) count from ``effective_on``, the expiry."""

    step: ClassVar[str] = "approve_full_membership"
    approved_on: date
    effective_from: date | None = None


class ProbationExtended(Decided, tag="person.probation-extended", rename={"effective_from": "effective_on"}):
    """延长预备期的审批 (24): counted from the original expiry (``effective_on``) to ``until``."""

    step: ClassVar[str] = "approve_full_membership"
    approved_on: date
    months: int
    effective_from: date | None = None
    until: date | None = None


class ProbationAnnulled(Decided, tag="person.probation-annulled"):
    """取消预备党员资格的审批 (24)."""

    step: ClassVar[str] = "approve_full_membership"
    approved_on: date


class DossierArchived(Decided, tag="person.dossier-archived"):
    """材料归档 (25)."""

    step: ClassVar[str] = "archive_dossier"
    archived_on: date
    papers: tuple[str, ...] = ()


class ApplicationWithdrawn(Decided, tag="person.application-withdrawn"):
    """撤回入党申请."""

    step: ClassVar[str] = "withdraw_application"
    withdrawn_on: date
    reason: str | None = None


class ActivistDropped(Decided, tag="person.activist-dropped"):
    """不再作为入党积极分子或发展对象培养."""

    step: ClassVar[str] = "drop_activist"
    dropped_on: date
    reason: str | None = None
