"""What happens around an election and to posts: request, approval, by-election, appointment, end."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflows.domain.act import Decided, Who
from workflows.domain.unit.events import Ballot, Post


class ElectionRequested(Decided, tag="unit.election-requested", omit_defaults=True):
    """换届选举的请示."""

    step: ClassVar[str] = "request_election"
    people: ClassVar[frozenset[str]] = frozenset({"nominees"})
    requested_on: date
    planned_on: date | None = None
    seats: int | None = None
    nominees: tuple[Who, ...] | None = ()
    document: str | None = None


class ElectionApproved(Decided, tag="unit.election-approved", omit_defaults=True):
    """换届选举的批复: which nominees are approved, which struck."""

    step: ClassVar[str] = "approve_election"
    people: ClassVar[frozenset[str]] = frozenset({"nominees", "struck"})
    approved_on: date
    nominees: tuple[Who, ...] | None = ()
    struck: tuple[Who, ...] | None = ()
    document: str | None = None


class ByElectionHeld(Ballot, tag="unit.by-election-held", omit_defaults=True):
    """补选: posts filled for the rest of the term."""

    step: ClassVar[str] = "elect_by"


class OfficersApproved(Decided, tag="unit.officers-approved", omit_defaults=True):
    """书记、副书记经上级批准; ``posts`` where the approval tells who is what, else all that wait for it."""

    step: ClassVar[str] = "approve_officers"
    people: ClassVar[frozenset[str]] = frozenset({"posts"})
    approved_on: date
    posts: tuple[Post, ...] | None = ()
    document: str | None = None


class CommitteeFiled(Decided, tag="unit.committee-filed", omit_defaults=True):
    """委员报上级备案; ``posts`` where the filing tells who is what, else all that wait for it."""

    step: ClassVar[str] = "file_committee"
    people: ClassVar[frozenset[str]] = frozenset({"posts"})
    filed_on: date
    posts: tuple[Post, ...] | None = ()
    document: str | None = None


class SecretaryAppointed(Decided, tag="unit.secretary-appointed", omit_defaults=True):
    """上级指派书记、副书记(临时党支部: 班子)."""

    step: ClassVar[str] = "appoint_secretary"
    people: ClassVar[frozenset[str]] = frozenset({"person"})
    appointed_on: date
    person: Who | None = None
    post: str = "secretary"
    document: str | None = None


class PostEnded(Decided, tag="unit.post-ended", omit_defaults=True):
    """职务结束 (免职、辞职); every post of the person where ``post`` is None. Why is sealed."""

    step: ClassVar[str] = "end_post"
    sealed: ClassVar[frozenset[str]] = frozenset({"reason"})
    people: ClassVar[frozenset[str]] = frozenset({"person"})
    ended_on: date
    person: Who | None = None
    post: str | None = None
    reason: str | None = None
    document: str | None = None


class ActingEntrusted(Decided, tag="unit.acting-entrusted", omit_defaults=True):
    """主持工作: someone leads the work for want of a secretary, by a document, until a day (inclusive)."""

    step: ClassVar[str] = "entrust_acting"
    people: ClassVar[frozenset[str]] = frozenset({"person"})
    entrusted_on: date
    person: Who | None = None
    until: date | None = None
    document: str | None = None


class TermChanged(Decided, omit_defaults=True):
    """Base of what moves the end of a running term; ``first_until`` is the end by its length."""

    step: ClassVar[str] = "approve_term_change"
    approved_on: date
    term_until: date
    first_until: date | None = None
    reason: str | None = None
    document: str | None = None


class TermExtended(TermChanged, tag="unit.term-extended", omit_defaults=True):
    """延期换届."""


class TermShortened(TermChanged, tag="unit.term-shortened", omit_defaults=True):
    """提前换届."""
