"""What happens to a problem: found, planned, put right, accepted, closed out, come back."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.case_acts import GONE, FileEvent, FileOpened


class IssueOpened(FileOpened, tag="rectification.issue-opened"):
    """问题列出; ``recurs``: earlier problems about the same rule in the same unit, the latest last."""

    step: ClassVar[str] = "open_issue"
    people: ClassVar[frozenset[str]] = frozenset({"leader"})
    opened_on: date
    source: str = "self_check"
    text: str = ""
    rule: str | None = None
    period: str | None = None
    severity: str = "ordinary"
    due_on: date | None = None
    leader: Who | None = None
    document: str | None = None
    recurs: tuple[UUID, ...] = ()


class CorrectionPlanned(FileEvent, tag="rectification.correction-planned"):
    """整改措施."""

    step: ClassVar[str] = "plan_correction"
    people: ClassVar[frozenset[str]] = frozenset({"owner", "leader"})
    planned_on: date
    measure: str
    owner: Who | None = None
    due_on: date | None = None
    leader: Who | None = None
    document: str | None = None


class ProgressReported(FileEvent, tag="rectification.progress-reported"):
    """整改进展."""

    step: ClassVar[str] = "report_progress"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    reported_on: date
    text: str = ""
    by: Who | None = None


class CorrectionSubmitted(FileEvent, tag="rectification.correction-submitted"):
    """报请验收."""

    step: ClassVar[str] = "submit_correction"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    submitted_on: date
    by: Who | None = None
    text: str = ""


class CorrectionAccepted(FileEvent, tag="rectification.correction-accepted"):
    """整改验收; ``part``: only a part was put right, the rest goes on."""

    step: ClassVar[str] = "accept_correction"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    accepted_on: date
    by: Who | None = None
    result: str = "pass"
    on_site: bool | None = None
    text: str = ""

    @property
    def move(self) -> str:
        """Return the move: a part accepted leads back to the work."""
        return "accept_part" if self.result == "part" else "accept_correction"


class CorrectionRejected(FileEvent, tag="rectification.correction-rejected"):
    """验收不合格."""

    step: ClassVar[str] = "reject_correction"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    rejected_on: date
    by: Who | None = None
    reason: str = ""
    due_on: date | None = None


class IssueClosedOut(FileEvent, tag="rectification.issue-closed-out", omit_defaults=True):
    """整改销号; ``unit_gone``: because its unit is no more."""

    step: ClassVar[str] = "close_out"
    people: ClassVar[frozenset[str]] = frozenset({"by"})
    closed_on: date
    by: Who | None = None
    document: str | None = None
    reason: str = ""
    unit_gone: bool | None = None

    @property
    def move(self) -> str:
        """Return another move where the unit is no more."""
        return self.step + GONE if self.unit_gone else self.step


class IssueReopened(FileEvent, tag="rectification.issue-reopened"):
    """问题重新列出."""

    step: ClassVar[str] = "reopen_issue"
    reopened_on: date
    reason: str = ""
    due_on: date | None = None


class IssueEscalated(FileEvent, tag="rectification.issue-escalated"):
    """提请上级解决; ``to_unit`` takes it over."""

    step: ClassVar[str] = "escalate_issue"
    escalated_on: date
    to_unit: UUID | None = None
    reason: str = ""


class CorrectionExtended(FileEvent, tag="rectification.correction-extended"):
    """整改期限延长."""

    step: ClassVar[str] = "extend_correction"
    extended_on: date
    due_on: date
    was_due_on: date | None = None
    reason: str = ""
    authority: str | None = None
    document: str | None = None


class CorrectionHeld(FileEvent, tag="rectification.correction-held"):
    """整改期限暂缓; the limit rests until ``until`` (inclusive)."""

    step: ClassVar[str] = "hold_correction"
    held_on: date
    until: date
    reason: str = ""
    authority: str | None = None
    document: str | None = None
