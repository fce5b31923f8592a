"""What can be asked for a unit; each command's day is ``on``. People and units are named by name or id."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from workflows.domain.act import Command
from workflows.domain.unit.resolved import ResolvedStep, ResolvedTask
from workflows.policies.findings import Running

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Text = Annotated[str, Meta(max_length=2000)]

UnitKind = Literal[
    "village", "community", "organ", "state_enterprise", "school", "university", "non_public", "social",
    "institution", "floating", "retired", "joint", "temporary",
]  # fmt: skip
UnitLevel = Literal["branch", "general_branch", "committee", "county", "city", "province"]
MeetingType = Literal[
    "branch_assembly", "committee_meeting", "cell_meeting", "party_lecture", "theme_party_day",
    "organizational_life", "democratic_appraisal", "duty_review",
]  # fmt: skip
Ritual = Literal["badge", "anthem", "dues", "oath", "political_birthday"]
PostName = Literal[
    "secretary", "deputy_secretary", "organization", "publicity", "discipline", "youth", "member"
]


class UnitCommand(Command):
    """Base of the commands of a unit."""

    aggregate: ClassVar[str] = "unit"


class EstablishUnit(UnitCommand, kw_only=True):
    """成立党组织; ``superior`` by name or id; ``books_from`` where the books begin later than the unit.

    Without ``kind`` nobody knows it, and no rule for some kinds holds.
    ``members``: who comes from other units on these books; ``requested_on``: the day of the request (申请),
    ``filed_on`` that of filing with the organization department (备案); ``units_covered`` of a joint branch;
    ``project_months``: how long a project is to last; ``is_township``: a committee of a township (乡镇).
    """

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    level: UnitLevel = "branch"
    kind: UnitKind | None = None
    superior: Text | None = None
    books_from: date | None = None
    roster_known: bool = True
    cell_count: Count | None = None
    members: list[Text] = msgspec.field(default_factory=list)
    requested_on: date | None = None
    filed_on: date | None = None
    document: Text | None = None
    units_covered: Count | None = None
    project_months: Count | None = None
    is_township: bool | None = None

    @property
    def unit_named(self) -> str | None:
        """Return the superior."""
        return self.superior


class ExcludedPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone left out of those who should attend."""

    person: Text
    reason: Text = ""
    superior_consent: bool = False
    assembly_vote: bool = False
    category: Text | None = None


class CandidateVotes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A candidate and the votes in favour."""

    person: Text
    votes: Count | None = None


class AdoptPack(UnitCommand, kw_only=True, rename={"start": "from"}):
    """采用规则包; for the unit and all below it from a day, that of the act where none is said.

    ``pack`` is the id of a pack that comes with the program, ``text`` the text of another; ``running`` says
    by rule what is done with cases begun before.
    """

    pack: Annotated[str, Meta(min_length=1, max_length=100)]
    start: date | None = None
    text: Annotated[str, Meta(max_length=2_000_000)] | None = None
    running: dict[str, Running] = msgspec.field(default_factory=dict)


class RetirePack(UnitCommand, kw_only=True, rename={"start": "from"}):
    """停用规则包; from a day on (that of the act where none is said)."""

    pack: Annotated[str, Meta(min_length=1, max_length=100)]
    start: date | None = None


class BallotCommand(UnitCommand):
    """Base of the elections; ``posts``: {name: post}, ``tellers``: who counted, by name.

    ``ballots_over``: ballots with more names than seats; ``proxies``: ballots cast for somebody absent.
    """

    eligible: Count | None = None
    attending: Count | list[Text] | None = None
    excluded: list[ExcludedPerson] = msgspec.field(default_factory=list)
    ballots_issued: Count | None = None
    ballots_returned: Count | None = None
    ballots_valid: Count | None = None
    ballots_over: Count | None = None
    seats: Count | None = None
    candidates: list[CandidateVotes] = msgspec.field(default_factory=list)
    posts: dict[str, PostName] = msgspec.field(default_factory=dict)
    secret: bool | None = None
    proxies: Count | None = None
    tellers: list[Text] = msgspec.field(default_factory=list)


class ElectCommittee(BallotCommand):
    """选举支部委员会、书记; ``posts``: {name: post}."""

    term_years: Annotated[int, Meta(ge=1, le=10)] | None = None


class IssueTermReminder(UnitCommand):
    """提醒任期届满."""

    term_until: date | None = None


class MarkTermDue(UnitCommand):
    """记下任期届满."""

    term_until: date | None = None


class MarkTermOverdue(UnitCommand):
    """记下任期已过而未换届."""

    term_until: date | None = None


class AbsentPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Someone exempt or on leave."""

    person: Text
    reason: Text = ""


class ResolutionVotes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A resolution and its votes; ``about``: the step of a person it is, ``task``: what is to be done."""

    topic: Text
    in_favour: Count | None = None
    against: Count | None = None
    abstained: Count | None = None
    written_in_favour: Count | None = None
    secret: bool | None = None
    about: ResolvedStep | None = None
    task: ResolvedTask | None = None


class AppraisalGrades(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Grades of an appraisal, head counts."""

    outstanding: Count = 0
    qualified: Count = 0
    basically_qualified: Count = 0
    unqualified: Count = 0


class HoldMeeting(UnitCommand, kw_only=True):
    """召开会议; ``for_period``: the period a meeting makes up for (补开), where not the one it falls in.

    ``also``: the other meetings that this one gathering was. ``attending``: how many, or who. ``excluded``:
    who is left out of those who should attend a vote. ``rituals``: what of the fixed forms was observed.
    """

    type: MeetingType
    also: list[MeetingType] = msgspec.field(default_factory=list)
    chair: Text | None = None
    lecturer: Text | None = None
    eligible: Count | None = None
    attending: Count | list[Text] | None = None
    exempt: list[AbsentPerson] = msgspec.field(default_factory=list)
    leave: list[AbsentPerson] = msgspec.field(default_factory=list)
    excluded: list[ExcludedPerson] = msgspec.field(default_factory=list)
    topics: list[Text] = msgspec.field(default_factory=list)
    resolutions: list[ResolutionVotes] = msgspec.field(default_factory=list)
    attachments: list[Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]] = msgspec.field(default_factory=list)
    grades: AppraisalGrades | None = None
    rituals: list[Ritual] = msgspec.field(default_factory=list)
    cell: Text | None = None
    for_period: Annotated[str, Meta(pattern=r"^[12]\d{3}(-(Q[1-4]|0[1-9]|1[0-2]))?$")] | None = None
