"""What a branch does besides meeting, and what its superior answers; each command's day is ``on``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflows.domain.unit.commands import Text, UnitCommand

Word = Annotated[str, Meta(min_length=1, max_length=200)]
SHA256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
PeriodName = Annotated[str, Meta(pattern=r"^[12]\d{3}(-(Q[1-4]|0[1-9]|1[0-2]))?$")]
Reply = Literal["approved", "returned"]


class FormCell(UnitCommand, kw_only=True):
    """划分党小组; who is in it comes from ``assign_cell`` of its people. Again: another leader."""

    name: Word
    leader: Word | None = None


class DissolveCell(UnitCommand, kw_only=True):
    """撤销党小组."""

    name: Word
    reason: Text | None = None


class FixThemeDay(UnitCommand, kw_only=True):
    """确定主题党日的固定日子: the day of the month, from the day of the act on; 31 is the last one."""

    day: Annotated[int, Meta(ge=1, le=31)]


class MoveThemeDay(UnitCommand, kw_only=True, rename={"start": "from"}):
    """调整主题党日: from one day to another; ``request_filed_on``: the day of the written request."""

    start: date
    to: date
    request_filed_on: date | None = None
    reason: Text | None = None
    document: Text | None = None


class FileDocument(UnitCommand, kw_only=True):
    """报送文件: a plan, a summary, a request; ``kind`` is one of ``DOCUMENTS``, or any word."""

    kind: Word
    for_period: PeriodName | None = None
    title: Text | None = None
    document: Text | None = None
    hash: SHA256 | None = None


class HoldTalk(UnitCommand, kw_only=True):
    """谈心谈话: between the people named; where nobody is, which of the talks it was is left to a person."""

    participants: Annotated[list[Word], Meta(max_length=40)] = msgspec.field(default_factory=list)
    theme: Text | None = None


class OfBranch(UnitCommand, kw_only=True):
    """Base of what a superior does about a branch below it, named by name or id."""

    branch: Word | None = None

    @property
    def unit_named(self) -> str | None:
        """Return the branch."""
        return self.branch


class HearReport(OfBranch, kw_only=True):
    """听取支部工作汇报; ``for_period``: the period heard about, where not the one it falls in.

    Without ``branch`` it counts for none: whose report it was is left to a person.
    """

    for_period: PeriodName | None = None
    reply: Reply = "approved"
    reason: Text | None = None
    document: Text | None = None


class ReplyDocument(OfBranch, kw_only=True):
    """批复、退回: the answer to what a branch filed; ``kind`` and ``for_period``: those of its document."""

    branch: Word
    kind: Word
    for_period: PeriodName | None = None
    reply: Reply = "approved"
    reason: Text | None = None
    document: Text | None = None
    hash: SHA256 | None = None


class CompleteTask(UnitCommand, kw_only=True):
    """办结决议事项; ``task`` in the words of the resolution, ``due_on`` where two have the same words."""

    task: Text
    due_on: date | None = None
    document: Text | None = None
