"""What happens at a unit besides meetings: cells, theme days, talks, documents and the answers to them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Decided, Who


class CellFormed(Decided, tag="unit.cell-formed", omit_defaults=True):
    """党小组划分, or one that has another leader from this day on."""

    step: ClassVar[str] = "form_cell"
    people: ClassVar[frozenset[str]] = frozenset({"leader"})
    formed_on: date
    name: str
    leader: Who | None = None


class CellDissolved(Decided, tag="unit.cell-dissolved", omit_defaults=True):
    """党小组撤销."""

    step: ClassVar[str] = "dissolve_cell"
    dissolved_on: date
    name: str
    reason: str | None = None


class ThemeDayFixed(Decided, tag="unit.theme-day-fixed"):
    """主题党日的固定日子: a day of the month, from ``fixed_on`` on."""

    step: ClassVar[str] = "fix_theme_day"
    fixed_on: date
    day: int


class ThemeDayMoved(Decided, tag="unit.theme-day-moved", omit_defaults=True, rename={"start": "from"}):
    """主题党日调整: from one day to another, by a written request of a day."""

    step: ClassVar[str] = "move_theme_day"
    moved_on: date
    start: date
    to: date
    request_filed_on: date | None = None
    reason: str | None = None
    document: str | None = None


class DocumentFiled(Decided, tag="unit.document-filed", omit_defaults=True):
    """文件报送: a plan, a summary, a request; the text itself is known by its hash."""

    step: ClassVar[str] = "file_document"
    filed_on: date
    kind: str
    for_period: str | None = None
    title: str | None = None
    document: str | None = None
    hash: str | None = None


class HeartToHeartTalkHeld(Decided, tag="unit.talk-held", omit_defaults=True):
    """谈心谈话; what it was about is personal: it is sealed."""

    step: ClassVar[str] = "hold_talk"
    sealed: ClassVar[frozenset[str]] = frozenset({"theme"})
    people: ClassVar[frozenset[str]] = frozenset({"participants"})
    held_on: date
    participants: tuple[Who, ...] | None = ()
    theme: str | None = None


class BranchReportHeard(Decided, tag="unit.report-heard", omit_defaults=True):
    """听取了一个支部的工作汇报: approved, or returned with the reason."""

    step: ClassVar[str] = "hear_report"
    heard_on: date
    branch: UUID | None = None
    for_period: str | None = None
    reply: str = "approved"
    reason: str | None = None
    document: str | None = None


class OfficialReplyGiven(Decided, tag="unit.reply-given", omit_defaults=True):
    """批复、退回: the answer to a document of a branch, by the kind and period of that document."""

    step: ClassVar[str] = "reply_document"
    replied_on: date
    branch: UUID | None = None
    kind: str = ""
    for_period: str | None = None
    reply: str = "approved"
    reason: str | None = None
    document: str | None = None
    hash: str | None = None


class TaskCompleted(Decided, tag="unit.task-completed", omit_defaults=True):
    """决议事项办结: the task of a meeting (its event), by its words and its day."""

    step: ClassVar[str] = "complete_task"
    completed_on: date
    task: str
    due_on: date | None = None
    meeting: UUID | None = None
    document: str | None = None
