"""What can be asked for a person; each command's day is ``on``. People are named by name or id."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from workflows.domain.act import Command

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Text = Annotated[str, Meta(max_length=2000)]


class PersonCommand(Command):
    """Base of the commands of a person."""

    aggregate: ClassVar[str] = "person"
    roughly: ClassVar[frozenset[str]] = frozenset({"on"})


class Voting(PersonCommand):
    """The numbers of a vote: ``attending`` is a count, or the names of those present (only voters count)."""

    eligible: Count | None = None
    attending: Count | list[Text] | None = None
    in_favour: Count | None = None
    against: Count | None = None
    abstained: Count | None = None
    written_in_favour: Count | None = None
    secret: bool | None = None
    together: bool = False
    passed: bool | None = None


class Personal(PersonCommand, kw_only=True):
    """Who someone is; personal data."""

    roughly: ClassVar[frozenset[str]] = frozenset({"on", "born_on"})
    name: Text | None = None
    born_on: date | None = None
    id_number: Text | None = None
    gender: Text | None = None
    ethnic_group: Text | None = None
    education: Text | None = None
    phone: Text | None = None


class RegisterMember(Personal):
    """登记已有党员: a member before the books began."""

    roughly: ClassVar[frozenset[str]] = frozenset({"on", "born_on", "admitted_on", "full_since"})
    of_the_past: ClassVar[bool] = True

    admitted_on: date | None = None
    full_since: date | None = None
    posts: list[Text] = msgspec.field(default_factory=list)

    @property
    def past_days(self) -> tuple[date, ...]:
        """Return the days of the membership too: who is registered is a member by now."""
        return (self.on, *(day for day in (self.admitted_on, self.full_since) if day is not None))


class TakeOverCourse(Personal, kw_only=True):
    """承接: someone at a stage when the books begin; for the opening of books only."""

    of_the_past: ClassVar[bool] = True

    stage: Literal["applicant", "activist", "target_agreed", "target"]


class ReceiveApplication(Personal):
    """收到入党申请书 (1)."""


class HoldFirstTalk(PersonCommand):
    """派人谈话 (2)."""

    by: Text | None = None


class ConfirmActivist(PersonCommand):
    """确定入党积极分子 (3)."""

    recommended_by: list[Text] = msgspec.field(default_factory=list)
    meeting: Text | None = None


class FileActivist(PersonCommand):
    """积极分子备案 (4)."""

    document: Text | None = None


class AssignMentors(PersonCommand):
    """指定培养联系人 (5)."""

    persons: list[Text]


class RecordSemiannualReview(PersonCommand):
    """半年考察 (6)."""

    verdict: Literal["fit", "unfit"] = "fit"


class AgreeDevelopmentTarget(PersonCommand):
    """确定发展对象 (7)."""

    opinions: list[Text] = msgspec.field(default_factory=list)


class FileDevelopmentTarget(PersonCommand):
    """发展对象备案 (8, 2014)."""

    document: Text | None = None


class ConsentDevelopmentTarget(PersonCommand):
    """上级同意发展对象 (8, 2026)."""

    document: Text | None = None


class PostNotice(PersonCommand):
    """公示 (8a); it starts on ``starts_on``, the day of the act where left out."""

    starts_on: date | None = None
    working_days: Annotated[int, Meta(ge=1, le=60)] | None = None
    place: Text | None = None


class RaiseObjection(PersonCommand):
    """提出异议."""

    document: Text | None = None


class SettleObjection(PersonCommand):
    """异议处理完毕."""

    upheld: bool = False
    document: Text | None = None


class CloseNotice(PersonCommand):
    """公示结束; without fields: nothing was objected."""


class ListDevelopmentTarget(PersonCommand):
    """列为发展对象 (8b)."""


class AssignSponsors(PersonCommand):
    """确定入党介绍人 (9)."""

    persons: list[Text]


class ConcludeBackgroundReview(PersonCommand):
    """政治审查 (10): date, result, document number; never its contents."""

    passed: bool | None = None
    document: Text | None = None


class CompleteIntensiveCourse(PersonCommand, rename={"begun": "from", "ended": "to"}):
    """短期集中培训 (11); ``days`` or ``hours`` suffice."""

    begun: date | None = None
    ended: date | None = None
    days: Count | None = None
    hours: Count | None = None
    special_case: Text | None = None
    special_reason: Text | None = None


class ExamineTarget(PersonCommand):
    """支部委员会审查 (12)."""

    agreed: bool | None = None


class ConcludePreliminaryReview(PersonCommand):
    """上级党委预审 (13)."""

    passed: bool | None = None
    leaving_on: date | None = None


class CompleteAdmissionForm(PersonCommand):
    """填写入党志愿书 (14)."""

    document: Text | None = None


class VoteOnAdmission(Voting):
    """支部党员大会讨论接收 (15)."""


class HoldApprovalTalk(PersonCommand):
    """上级派人谈话 (16)."""

    by: Text | None = None


class ApproveAdmission(PersonCommand):
    """审批接收为预备党员 (17)."""

    special_reason: Text | None = None


class RefuseAdmission(PersonCommand):
    """不批准接收."""

    reason: Text | None = None


class FileAdmission(PersonCommand):
    """再上一级备案 (18)."""

    document: Text | None = None


class AssignCell(PersonCommand):
    """编入党小组 (19)."""

    cell: Text | None = None


class TakeOath(PersonCommand):
    """入党宣誓 (20)."""


class RecordProbationReview(PersonCommand):
    """预备期考察 (21)."""

    verdict: Literal["fit", "unfit"] = "fit"


class ApplyForFullMembership(PersonCommand):
    """转正申请 (22)."""


class VoteOnFullMembership(Voting):
    """讨论转正 (23)."""

    outcome: Literal["grant", "extend", "annul"] = "grant"
    months: Annotated[int, Meta(ge=1, le=60)] | None = None


class ApproveFullMembership(PersonCommand):
    """审批转正 (24); what was voted decides whether it grants, extends or annuls."""


class ArchiveDossier(PersonCommand):
    """材料归档 (25)."""

    papers: list[Text] = msgspec.field(default_factory=list)


class WithdrawApplication(PersonCommand):
    """撤回入党申请."""

    reason: Text | None = None


class DropActivist(PersonCommand):
    """不再培养."""

    reason: Text | None = None


BarGround = Literal["party_probation", "detention", "arrest"]


class BarRights(PersonCommand):
    """限制党员权利: barred until a day (inclusive), or not restored; 留党察看 where no ``ground`` is told.

    ``detention`` (留置) and ``arrest`` (逮捕) suspend the rights where a rule says so (``elect-suspended``).
    """

    until: date | None = None
    document: Text | None = None
    ground: BarGround | None = None
