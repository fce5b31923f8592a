"""What an aggregate may learn of others: people and units as of a day, as known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

import msgspec

from workflows.domain.act import Who
from workflows.policies.facts import Fact, FactBook, Part
from workflows.policies.findings import Relief, Source
from workflows.policies.late_waivers import Late


class Member(msgspec.Struct, frozen=True):
    """Someone as of a day: what rules about voters, mentors, sponsors and posts ask for.

    Every fact may be unknown (None): of a name that matches nobody on the books nothing is known.
    """

    who: Who
    facts: dict[str, Any] = {}

    @property
    def label(self) -> str:
        """Return the id, or ``?``: findings hold no name in clear."""
        return self.who.label


class Roster(msgspec.Struct, frozen=True):
    """Who belonged to a unit on a day: head counts, and the voters by id.

    ``voters`` are full members whose rights are not barred: the base of quorum and votes. ``members_from``
    is the first day by then on which anyone belonged to it. ``everybody``: all members; ``exempt``: those of
    them of whom attendance is not demanded; ``cells``: who is in which cell.
    """

    full: int
    probationary: int
    voters: frozenset[UUID]
    members_from: date | None = None
    everybody: frozenset[UUID] = frozenset()
    exempt: frozenset[UUID] = frozenset()
    cells: dict[str, frozenset[UUID]] = {}

    @property
    def roll(self) -> tuple[UUID, ...]:
        """Return the voters in an order of their own, as a vote keeps them (表决名册)."""
        return tuple(sorted(self.voters))

    @property
    def members(self) -> int:
        """Return full and probationary members together: the base of the cap and of attendance."""
        return self.full + self.probationary


class UnitFacts(msgspec.Struct, frozen=True):
    """A unit as of a day: kind, level, beginning of its books, committee, secretary (None: unknown)."""

    id: UUID
    name: str
    kind: str
    level: str
    established_on: date | None = None
    books_from: date | None = None
    committee_size: int | None = None
    committee: frozenset[UUID] = frozenset()
    secretary: UUID | None = None
    secretary_since: date | None = None


LookedState = Literal["done", "broken", "waived", "exempt", "ahead", "unsure"]


class Looked(msgspec.Struct, frozen=True):
    """A period of a duty, a last day or the day of an act at which a rule was looked at, and how it stood.

    ``part``: the cell or branch of which a duty is asked.
    """

    what: str
    state: LookedState
    because: tuple[Source, ...] = ()
    part: str = ""


class Broken(msgspec.Struct, frozen=True):
    """How a rule stands in the facts of a unit: ``what`` is not in order (periods, days), or was waived.

    ``looked``: everything that was looked at, in order or not; ``unsure``: the facts cannot tell;
    ``waiver``: the one of the rule by name on which it is let pass; ``late``: what was over before that.
    """

    what: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    label: str = ""
    clause: str = ""
    pack: str = ""
    because: tuple[Source, ...] = ()
    looked: tuple[Looked, ...] = ()
    unsure: bool = False
    waiver: Relief | None = None
    late: tuple[Late, ...] = ()


class Charged(NamedTuple):
    """The day on which somebody of a unit was last charged, or it was censured over work, as recorded.

    None: nothing is on the books, which does not mean that there was nothing. ``unsaid``: the last censure of
    which nobody said whether it was over work; ``unsaid_form`` is its form.
    """

    case_filed: Fact | None = None
    faulted: Fact | None = None
    unsaid: Fact | None = None
    unsaid_form: str = ""


class EarlierIssue(msgspec.Struct, frozen=True):
    """A problem found before: its case, the day, and the day and act by which it stands closed out."""

    file_id: UUID
    found_on: date
    closed_on: date | None = None
    closed_by: Source | None = None


class Facts(Protocol):
    """A reader of other streams' states as of a day; what is read becomes a dependency of what is derived."""

    def unit(self, unit_id: UUID, on: date) -> UnitFacts | None:
        """Return a unit as of ``on``, None where there is none."""
        ...

    def roster(self, unit_id: UUID, on: date) -> Roster | None:
        """Return who belonged to the unit on ``on``; None where the books cannot tell (before they begin)."""
        ...

    def branches(self, unit_id: UUID) -> Sequence[Part]:
        """Return the branches below a unit, each with the days between which it was there."""
        ...

    def members_below(self, unit_id: UUID, on: date) -> int | None:
        """Return how many members a unit and all below it have on ``on``; None where nobody can tell."""
        ...

    def member(self, who: Who, on: date) -> Member:
        """Return what is known of someone as of ``on``."""
        ...

    def newest(self, unit_id: UUID, stage: str, on: date) -> date | None:
        """Return the last day by ``on`` on which someone of the unit came to a stage (``probationary``).

        Where nobody did since the books of the unit begin, their first day; None where no roster is known.
        """
        ...

    def is_county(self, unit_id: UUID, on: date) -> bool | None:
        """Say whether township committees stand directly below a committee; None where nobody said so.

        It is none where no committee stands below it, or where it was set up as a township's.
        """
        ...

    def dues_months(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return the months for which dues of members of a unit were recorded by ``on``."""
        ...

    def months_absent(self, person_id: UUID, unit_id: UUID, on: date) -> int | None:
        """Return for how many months in a row somebody came to no meeting of the unit, by the names told.

        None where the books do not tell; see :mod:`workflows.domain.unit.absence`.
        """
        ...

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return the first day after ``since`` on which someone is no member of the unit any more, and why.

        None where they are one still, or were none on ``since``. Why: ``transferred``, ``struck_off``,
        ``deceased``, ``stopped`` (membership rests), ``annulled`` or ``left``.
        """
        ...

    def find(self, name: str, unit_id: UUID | None, on: date) -> Who:
        """Return who is meant by a name or id seen from a unit; a bare name where nobody or several match."""
        ...


class Below(msgspec.Struct, frozen=True):
    """Which units of a county the last campaign found below the standard: as told, by name or by number.

    ``scores``: what each of them was given last, None where no score was told.
    """

    number: int
    scores: dict[UUID, float | None] = {}
    campaign: str = ""
    on: date | None = None


class Undone(NamedTuple):
    """How many periods of a duty were not done, and whether the books tell of all that were owed."""

    number: int
    all_known: bool


class CaseFacts(Protocol):
    """What a case may learn besides: how a rule stands in the facts, what was found before, who is above."""

    def broken(
        self, rule: str, unit_id: UUID, on: date, *, since: date, period: str | None = None
    ) -> Broken | None:
        """Return how a rule stands at the end of ``on``; None where the facts cannot tell.

        ``since``: the day the problem was found. Looked at are the ``period`` named with what lies in it,
        else what was not in order by ``since`` in that year, and all that ended since; and every limit of the
        rule that has passed. Where nothing of that has come yet the facts cannot tell.
        """
        ...

    def issues(self, unit_id: UUID, rule: str, on: date) -> tuple[EarlierIssue, ...]:
        """Return the problems about a rule found in a unit by ``on``, in the order of their days.

        A rule of another layer about the same matter counts as the same rule.
        """
        ...

    def unit_below(self, unit_id: UUID | None, name: str, on: date) -> UUID | None:
        """Return the unit of a name or id, ``unit_id`` or one below it on ``on``; None: there is none."""
        ...

    def near_below(self, unit_id: UUID | None, name: str, on: date) -> list[str]:
        """Return the names of units on ``on`` that a name may have meant, ``unit_id`` or one below it."""
        ...

    def keeper(self, unit_id: UUID, on: date) -> UUID | None:
        """Return who goes on with the open cases of a unit on ``on``: itself while it is there."""
        ...

    def successor(self, unit_id: UUID, on: date) -> UUID | None:
        """Return the unit that one merged by ``on`` became a part of; None where it was not merged."""
        ...

    def branches_below(self, unit_id: UUID, on: date) -> tuple[UUID, ...]:
        """Return the branches below a unit on ``on``, itself where it is one."""
        ...

    def sites_beside(self, unit_id: UUID, on: date) -> tuple[UUID, ...]:
        """Return the township-level sites that the township of a unit has on ``on``; those taken off not."""
        ...

    def unit_facts(self, unit_id: UUID, on: date) -> FactBook:
        """Return the book of facts on a unit as of ``on``, as rules about units are asked with it."""
        ...

    def undone(self, unit_id: UUID, rules: Iterable[str], on: date, months: int) -> dict[str, Undone]:
        """Return by rule how many periods that ended in the last months were not done."""
        ...

    def satisfaction(self, unit_id: UUID, on: date) -> float | None:
        """Return how many per cent were satisfied with a unit in the last survey by ``on``."""
        ...

    def listed_with(self, unit_id: UUID, on: date) -> frozenset[UUID]:
        """Return the units of the county that were put on a list in the year by ``on``."""
        ...

    def open_listings(self, unit_id: UUID, on: date) -> tuple[str, ...]:
        """Return what the cases are called by which a unit is on a list on ``on``."""
        ...

    def below_standard(self, unit_id: UUID, on: date, plans: Collection[str] = ()) -> Below | None:
        """Return who did not pass in the last campaign that the county held; None without one.

        ``plans``: by one of these (id or title), or by none that is named; by any where none is given.
        """
        ...

    def manners(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return how inspections were held (``manner``) in the year up to ``on``, all over these books."""
        ...

    def visited(self, unit_id: UUID, on: date, year: int) -> bool:
        """Say whether an inspection was held in a year by ``on``, anywhere on these books."""
        ...

    def head_in_contact(self, unit_id: UUID, on: date) -> bool | None:
        """Say whether the secretary of the committee above keeps contact with a unit; None: unknown who."""
        ...

    def charged(self, unit_id: UUID, on: date) -> Charged:
        """Return what was recorded last by ``on`` against a unit and its people."""
        ...

    def superior(self, unit_id: UUID, on: date, name: str | None = None) -> UUID | None:
        """Return the unit above on ``on``, or one further up of that name (or id); None: there is none."""
        ...


def unit_book(unit: UnitFacts | None, roster: Roster | None) -> dict[str, Any]:
    """Return the facts about a unit that rules of people and units ask for, by name."""
    facts: dict[str, Any] = {}
    if unit is not None:
        facts |= {"unit_kind": unit.kind or None, "unit_level": unit.level, "books_from": unit.books_from}
        facts |= {"committee_size": unit.committee_size}
        facts["has_committee"] = (
            None if unit.committee_size is None else unit.committee_size >= SMALLEST_COMMITTEE
        )
    if roster is not None:
        facts |= {"full_members": roster.full, "probationary_members": roster.probationary}
        facts |= {"members": roster.members, "voters": len(roster.voters)}
        facts |= {"members_from": roster.members_from}
    return facts


OF_THE_ROSTER = frozenset({"full_members", "probationary_members", "members", "voters", "members_from"})
"""The facts of :func:`unit_book` for which a roster must be counted."""


def roster_facts(facts: Facts, unit_id: UUID, on: date) -> dict[str, Fact]:
    """Return the facts that need a roster, once a rule asks for one of them."""
    return {name: Fact(value) for name, value in unit_book(None, facts.roster(unit_id, on)).items()}


SMALLEST_COMMITTEE = 3
"""A body of fewer posts is a secretary with a deputy, no committee (the rules decide whether it may be)."""
