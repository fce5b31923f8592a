"""What happens to a unit: set up, elected, reminded, met."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from workflows.domain.act import Decided, Who


class Founding(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a unit came about: request, filing, reply (``document``), and what its kind asks for.

    ``split_from``: the unit out of which it came. For the rest see ``EstablishUnit``.
    """

    requested_on: date | None = None
    filed_on: date | None = None
    document: str | None = None
    units_covered: int | None = None
    project_months: int | None = None
    is_township: bool | None = None
    split_from: UUID | None = None


class UnitEstablished(Decided, tag="unit.established"):
    """党组织成立; ``books_from``: the first day for which duties are looked at.

    ``founding`` is not set for those recorded before it was asked for.
    """

    step: ClassVar[str] = "establish_unit"
    established_on: date
    name: str
    level: str
    kind: str | None = None
    superior: UUID | None = None
    books_from: date | None = None
    roster_known: bool = True
    cell_count: int | None = None
    founding: Founding | msgspec.UnsetType = msgspec.UNSET

    @property
    def split_from(self) -> UUID | None:
        """Return the unit out of which it came, if any."""
        return self.founding.split_from if isinstance(self.founding, Founding) else None


class PackAdopted(Decided, tag="unit.pack-adopted", rename={"start": "from"}):
    """A rule pack holds for the unit and all below it; its whole text is kept."""

    step: ClassVar[str] = "adopt_pack"
    adopted_on: date
    pack: str
    title: str
    level: str
    start: date
    text: str
    running: dict[str, str] = msgspec.field(default_factory=dict)


class PackRetired(Decided, tag="unit.pack-retired", rename={"start": "from"}):
    """A rule pack holds no longer, from a day on; what it ruled before stays judged by it."""

    step: ClassVar[str] = "retire_pack"
    retired_on: date
    pack: str
    start: date


class Excluded(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone left out of those who should attend: needs the superior's consent *and* the assembly's vote."""

    person: Who
    reason: str = ""
    superior_consent: bool = False
    assembly_vote: bool = False
    category: str | None = None

    @property
    def is_valid(self) -> bool:
        """Say whether both approvals are there."""
        return self.superior_consent and self.assembly_vote


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A candidate and the votes in favour (None: unknown)."""

    person: Who
    votes: int | None = None


class Post(msgspec.Struct, frozen=True, omit_defaults=True):
    """A post of the committee.

    ``post``: secretary, deputy_secretary, organization, publicity, discipline, youth, member.
    """

    person: Who
    post: str


class Ballot(Decided, omit_defaults=True):
    """An election as its minutes tell it; numbers that nobody wrote down are None.

    ``roll`` (表决名册) are those who had a vote, without ``excluded``, as known at the recording.
    ``ballots_over`` named more people than there were seats; ``proxies`` were cast for somebody absent.
    """

    people: ClassVar[frozenset[str]] = frozenset({"excluded", "candidates", "posts", "elected", "tellers"})
    held_on: date
    eligible: int | None = None
    attending: int | None = None
    excluded: tuple[Excluded, ...] | None = ()
    ballots_issued: int | None = None
    ballots_returned: int | None = None
    ballots_valid: int | None = None
    seats: int | None = None
    candidates: tuple[Candidate, ...] | None = ()
    posts: tuple[Post, ...] | None = ()
    elected: tuple[Who, ...] | None = ()
    roll: tuple[UUID, ...] | None = None
    ballots_over: int | None = None
    proxies: int | None = None
    secret: bool | None = None
    tellers: tuple[Who, ...] | None = ()


class CommitteeElected(Ballot, tag="unit.committee-elected", omit_defaults=True):
    """支部委员会(书记)选举产生: a term of office begins."""

    step: ClassVar[str] = "elect_committee"
    term_years: int | None = None


class TermReminderIssued(Decided, tag="unit.term-reminder-issued"):
    """任期届满提醒; no verdict reads it but the duty to remind."""

    step: ClassVar[str] = "issue_term_reminder"
    issued_on: date
    term_until: date | None = None


class TermDue(Decided, tag="unit.term-due"):
    """The scheduler noticed that a term ends; no verdict reads it."""

    step: ClassVar[str] = "mark_term_due"
    noticed_on: date
    term_until: date | None = None


class TermOverdue(Decided, tag="unit.term-overdue"):
    """The scheduler noticed that a term has run out without an election; no verdict reads it."""

    step: ClassVar[str] = "mark_term_overdue"
    noticed_on: date
    term_until: date | None = None


class Absent(msgspec.Struct, frozen=True, omit_defaults=True):
    """Someone exempt or on leave, with the reason."""

    person: Who
    reason: str = ""


class Resolution(msgspec.Struct, frozen=True, omit_defaults=True):
    """A resolution and its votes; ``person`` and ``step``: the step of a person that it was."""

    topic: str
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    written_in_favour: int | None = None
    secret: bool | None = None
    person: UUID | None = None
    step: str | None = None

    @property
    def votes(self) -> int | None:
        """Return the votes in favour, written ones included."""
        return None if self.in_favour is None else self.in_favour + (self.written_in_favour or 0)

    @property
    def label(self) -> str:
        """Return what it is about."""
        return self.topic


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a resolution gave somebody to do by a day (inclusive)."""

    task: str
    due_on: date
    owner: Who = Who()


class Grades(msgspec.Struct, frozen=True, omit_defaults=True):
    """Grades of an appraisal (民主评议), head counts."""

    outstanding: int = 0
    qualified: int = 0
    basically_qualified: int = 0
    unqualified: int = 0

    @property
    def in_all(self) -> int:
        """Return how many were given a grade."""
        return self.outstanding + self.qualified + self.basically_qualified + self.unqualified


class MeetingHeld(Decided, tag="unit.meeting-held", omit_defaults=True):
    """三会一课 and the other meetings of organizational life.

    ``also``: the other meetings that this gathering was. ``attendees``: who came, where they were named;
    ``attending`` is their number by the rules of the meeting. ``roll`` (表决名册), of an assembly that
    resolved something, are those who had a vote, without ``excluded``.
    """

    step: ClassVar[str] = "hold_meeting"
    people: ClassVar[frozenset[str]] = frozenset(
        {"chair", "lecturer", "exempt", "leave", "attendees", "excluded", "tasks"}
    )
    held_on: date
    type: str
    chair: Who | None = None
    lecturer: Who | None = None
    eligible: int | None = None
    attending: int | None = None
    exempt: tuple[Absent, ...] | None = ()
    leave: tuple[Absent, ...] | None = ()
    topics: tuple[str, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    attachments: tuple[str, ...] = ()
    grades: Grades | None = None
    cell: str | None = None
    for_period: str | None = None
    roll: tuple[UUID, ...] | None = None
    also: tuple[str, ...] = ()
    attendees: tuple[Who, ...] | None = ()
    excluded: tuple[Excluded, ...] | None = ()
    tasks: tuple[Task, ...] | None = ()
    rituals: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """Return every meeting that the gathering was, each once, its own type first."""
        return tuple(dict.fromkeys((self.type, *self.also)))

    @property
    def resolving(self) -> str:
        """Return the meeting that resolved: the assembly, where the gathering was one."""
        return ASSEMBLY if ASSEMBLY in self.types else self.type


ASSEMBLY = "branch_assembly"
"""The meeting of all who have a vote."""
