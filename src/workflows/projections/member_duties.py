"""按人的履行情况: what is asked of each member of a unit in a period, gathered into one cell of the unit.

Whose period it is: the unit a member belongs to on the last day of the period. Nobody is ranked: members
stand by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.facts import Facts, UnitFacts, unit_book
from workflows.domain.person.book import done_of, facts_of
from workflows.domain.person.member_facts import excused_on
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage
from workflows.domain.unit.verdicts import Verdict, as_known_by, verdict_on
from workflows.domain.waivers import reliefs_of
from workflows.policies.deadlines import Duty
from workflows.policies.facts import Fact, FactBook, FactsOnDemand
from workflows.policies.kinds.duties import BEFORE_THE_BOOKS
from workflows.policies.known_facts import FACTS
from workflows.policies.rules import Rules

NOTHING_TOLD = "nothing-told"
"""Why nobody can say that members missed something: nothing of the kind was recorded of any of them."""

MEMBERS = (Stage.PROBATIONARY, Stage.FULL)
WORST_FIRST: tuple[Verdict, ...] = ("missing", "invalid", "refer", "pending", "late", "met", "exempt")
"""What is said of a unit: the first of these that is said of one of its members."""


AT_HAND = frozenset({"stage", "attendance_excused"})
"""The facts that are read at once: what is not told of them is not so."""

REST = FACTS - AT_HAND


class MemberDuty(msgspec.Struct, frozen=True):
    """What is asked of one member in a period, by the unit in which it is asked."""

    unit_id: UUID
    person_id: UUID
    duty: Duty


class MemberMark(msgspec.Struct, frozen=True):
    """What is to be said of one member, and how much was reached (None: not told)."""

    person_id: UUID
    verdict: Verdict
    late: int | None
    duty: Duty


def derive(
    person: Person,
    rules: Rules,
    facts: Facts,
    *,
    on: date,
    until: date,
    first: date | None = None,
    rule: str | None = None,
) -> list[MemberDuty]:
    """Return the duties of a member by what took place up to ``on``, to the period of ``until``.

    Periods are looked at from ``first``, or from the year in which the books of the member's units begin; of
    those in which membership began or ended nothing is asked. ``rule``: only those of one.
    """
    cut = person.at(on)
    homes = {entry.unit_id for entry in cut.units if entry.unit_id is not None}
    if not rules.asks_members or not homes or all(entry.stage not in MEMBERS for entry in cut.stages):
        return []
    units = {home: told for home in homes if (told := facts.unit(home, on)) is not None}
    begins = [told.books_from for told in units.values() if told.books_from is not None]
    if not begins:
        return []
    begin = min(begins)
    here = units.get(cut.unit_id) if cut.unit_id is not None else None
    of_unit = {name: Fact(value) for name, value in unit_book(here, None).items()}
    at_hand = {**of_unit, **_facts_at_hand(cut, on), "books_from": Fact(begin)}
    book = FactBook(at_hand, done_of(cut), reliefs=reliefs_of(cut.acts))
    found = rules.duties(
        book,
        cache(partial(_book_on, cut, rules, facts)),
        until=until,
        first=first or begin.replace(month=1, day=1),
        scope="person",
        only=rule,
    )
    return [one for duty in found if (one := _of_home(cut, duty, units)) is not None]


def _book_on(person: Person, rules: Rules, facts: Facts, day: date) -> FactBook:
    """Return the facts of a member on a day; what rules seldom ask for is read where they do."""
    cut = person.at(day)
    return FactBook(
        FactsOnDemand(_facts_at_hand(cut, day), [(REST, partial(facts_of, cut, rules, facts, day))])
    )


def _facts_at_hand(cut: Person, day: date) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    if cut.stage is not Stage.NOBODY:
        found["stage"] = Fact(cut.stage.value)
    if cut.stage in MEMBERS and (excused := excused_on(cut, day)) is not None:
        found["attendance_excused"] = Fact(True, excused.source)
    return found


def _of_home(person: Person, duty: Duty, units: Mapping[UUID, UnitFacts]) -> MemberDuty | None:
    """Return a duty with the unit in which it is asked; None where it is asked in none."""
    home = person.unit_on(duty.last)
    if home is None or any(_is_away(person, day) for day in (duty.first, duty.last)):
        return None
    told = units.get(home)
    if told is None or told.books_from is None:
        return None
    if duty.first < told.books_from:
        duty = replace(duty, exempt=BEFORE_THE_BOOKS, exempt_on=told.books_from)
    return MemberDuty(home, person.id, duty)


def _is_away(person: Person, day: date) -> bool:
    return person.stage_on(day) not in MEMBERS or person.is_stopped_on(day)


def mark_of(told: MemberDuty, on: date, *, is_over: bool) -> MemberMark:
    """Return what is to be said of one member on a day."""
    duty = as_known_by(told.duty, on)
    verdict, late = verdict_on(duty, on, is_over=is_over)
    return MemberMark(told.person_id, verdict, late, duty)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what is said of all together."""
    there = set(verdicts)
    return next(verdict for verdict in WORST_FIRST if verdict in there)


def as_told(marks: Sequence[MemberMark]) -> list[MemberMark]:
    """Return what is to be said of the members of a unit in one period, seen together.

    Where of nobody anything was recorded, the books may leave such acts out: that is for a person to judge.
    """
    if any(mark.duty.evidence for mark in marks):
        return list(marks)
    return [
        replace(mark, verdict="refer", duty=replace(mark.duty, unsure=NOTHING_TOLD))
        if mark.verdict == "missing"
        else mark
        for mark in marks
    ]


def together(marks: Sequence[MemberMark]) -> tuple[Duty, Verdict]:
    """Return the duty of the unit that stands for those of its members, and what is said of it.

    Who is exempt is not counted, unless everybody is.
    """
    verdict = worst(mark.verdict for mark in marks)
    duty = next(mark.duty for mark in marks if mark.verdict == verdict)
    return replace(duty, evidence=(), because=(), reliefs=()), verdict


def tally(marks: Sequence[MemberMark]) -> dict[str, int]:
    """Return of how many members it is asked, and how many reached it (late or not)."""
    counts = Counter(mark.verdict for mark in marks)
    return {"members": len(marks) - counts["exempt"], "reached": counts["met"] + counts["late"]}


def told_of(marks: Sequence[MemberMark], duty: Duty) -> dict[str, object]:
    """Return what a cell tells of its members: how many are asked, reached it, did not, or are unclear."""
    counts, numbers = Counter(mark.verdict for mark in marks), tally(marks)
    return {
        "counted_by": "person",
        "sum": duty.sum,
        "found": numbers["members"],
        "valid": numbers["reached"],
        "missing": counts["missing"],
        "unclear": counts["refer"],
    }
