"""What can be asked for a problem; each command's day is ``on``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from workflows.domain.case_acts import FileCommand

Text = Annotated[str, Meta(max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
IssueSource = Literal["compliance", "inspection", "rating", "self_check", "superior", "listing", "masses"]
IssueSeverity = Literal["slight", "ordinary", "serious"]


class RectificationCommand(FileCommand):
    """Base of the commands of a problem."""

    aggregate: ClassVar[str] = "rectification"


class OpenIssue(RectificationCommand):
    """列出问题; ``rule``: the rule that is broken, by id or alias, ``period``: that of the duty not done."""

    opens: ClassVar[bool] = True

    source: IssueSource = "self_check"
    text: Text = ""
    rule: Word | None = None
    period: Annotated[str, Meta(pattern=r"^[12]\d{3}(-(Q[1-4]|0[1-9]|1[0-2]))?$")] | None = None
    severity: IssueSeverity = "ordinary"
    due_on: date | None = None
    leader: Word | None = None
    document: Text | None = None


class PlanCorrection(RectificationCommand, kw_only=True):
    """制定整改措施; ``owner`` puts it right by ``due_on`` (inclusive), ``leader`` answers for it."""

    measure: Annotated[str, Meta(min_length=1, max_length=2000)]
    owner: Word
    due_on: date | None = None
    leader: Word | None = None
    document: Text | None = None


class ReportProgress(RectificationCommand):
    """报告整改进展."""

    text: Text = ""
    by: Word | None = None


class SubmitCorrection(RectificationCommand):
    """报请验收; ``by``: who put it right."""

    by: Word | None = None
    text: Text = ""


class AcceptCorrection(RectificationCommand):
    """验收整改; on the spot, by somebody else; ``result``: pass, or part (部分整改到位: the rest goes on)."""

    by: Word | None = None
    result: Literal["pass", "part"] = "pass"
    on_site: bool | None = None
    text: Text = ""


class RejectCorrection(RectificationCommand):
    """验收不合格; it goes on, by ``due_on`` where a new day was set."""

    by: Word | None = None
    reason: Text = ""
    due_on: date | None = None


class CloseOut(RectificationCommand):
    """整改销号; only after the acceptance, by somebody else than who put it right.

    Where the unit is no more it may be closed at any stage, with a ``reason``.
    """

    by: Word | None = None
    document: Text | None = None
    reason: Text = ""


class ReopenIssue(RectificationCommand):
    """重新列出问题; the closure before stays on the books."""

    reason: Text = ""
    due_on: date | None = None


class EscalateIssue(RectificationCommand):
    """提请上级解决; ``to``: the unit above that takes it over, the next one where none is named."""

    to: Word | None = None
    reason: Text = ""


class ExtendCorrection(RectificationCommand, kw_only=True):
    """延长整改期限; each extension stays in the chain."""

    due_on: date
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    authority: Text | None = None
    document: Text | None = None


class HoldCorrection(RectificationCommand, kw_only=True):
    """暂缓整改期限; until ``until`` (inclusive) it is not overdue; each hold stays in the chain."""

    until: date
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    authority: Text | None = None
    document: Text | None = None
