"""Duties that come back: so many a period, a term of office, a window of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field

from workflows.kernel.calendar import Calendar, Period, periods
from workflows.policies.deadlines import Deadline, Duty, Evidence
from workflows.policies.facts import Done, FactBook, Part
from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule, Span
from workflows.policies.spans import days_between, is_clipped, span_after, span_days

BEFORE_THE_BOOKS = "before-the-books"
NOT_YET = "not-yet-asked"
NO_LONGER = "no-longer-asked"
NO_MEMBERS = "no-members"
"""Why a period asks nothing: it began before the books did, or before the duty bound, ended after it had
ceased to bind, or nobody belonged to the branch at one of its ends."""

ROSTER_UNKNOWN = "roster-unknown"
"""Why nobody can say that something is missing: no roster, and no meeting of any kind on the books."""


class Cadence(Rule):
    """``cadence``: at least N acts of ``activity`` in each calendar month, quarter or year.

    ``sum`` names a number that each act tells (hours): then N is what they must make together.
    ``counted_by = "person"``: asked of each member, not of the unit; ``"cell"`` and ``"branch"``: of each
    cell of the unit, or each branch below it, for the periods in which it was there from end to end.
    ``number`` tells several duties of one id apart.

    A period is owed only where the duty bound from its first day to its last: who is bound from the middle of
    a period owes the first whole one. So the books must have begun (``books_from``), the rule must be in
    force, and ``applies_to`` and ``unless`` must hold on both days; of two values the lower is asked. Where
    that holds on one of them alone the period is exempt. One that begins before the day of the fact ``since``
    asks nothing.

    ``standing``: asked is not an act in the period, but that what was done stands at its end, however long
    ago it was done. Then only the last day counts: it is owed where the duty binds on that day.
    """

    kind_name: ClassVar[str] = "cadence"
    reads_day: ClassVar[bool] = False
    kind: Literal["cadence"]
    activity: str
    period: Literal["month", "quarter", "year"]
    counted_by: Literal["unit", "person", "cell", "branch"] = "unit"
    number: int = Field(default=0, ge=0, le=9)
    sum: str | None = None
    since: str | None = None
    standing: bool = False

    def asked(self, unit_kind: str | None, first: date, until: date) -> list[Duty]:
        """Return what the rule asks of a kind of unit, period by period, without facts of any unit.

        A period in whose middle it came to hold, or ceased to, is exempt.
        """
        found = []
        for period in periods(self.period, first, until):
            ended = self.value_on(period.last, unit_kind)
            begun = ended if self.standing else self.value_on(period.first, unit_kind)
            if begun is None and ended is None:
                continue
            value = min((v for v in (begun, ended) if v is not None), key=lambda v: v.value)
            exempt, exempt_on = "", None
            if begun is None:
                exempt, exempt_on = NOT_YET, self.binds_from(value)
            elif ended is None:
                exempt, exempt_on = NO_LONGER, self.held_until
            found.append(
                Duty(
                    rule=self.id,
                    activity=self.activity,
                    period=str(period),
                    first=period.first,
                    last=period.last,
                    required=value.value,
                    sum=self.sum or "",
                    number=self.number,
                    label=self.label,
                    severity=self.severity,
                    exempt=exempt,
                    exempt_on=exempt_on,
                    clause=self.cite(period.last),
                    pack=self.pack_id,
                    version=value.start,
                    confidence=value.confidence or self.clause_on(period.last).confidence,
                    remind_days=self.remind_days,
                    aliases=self.aliases,
                    standing=self.standing,
                )
            )
        return found

    def duties(
        self,
        asked: Iterable[Duty],
        book: FactBook,
        book_on: Callable[[date], FactBook],
    ) -> list[Duty]:
        """Return those of the duties asked that bind a unit or a person, each with what speaks for it.

        ``book_on`` gives the facts as of a day; ``book`` all acts ever done. Nothing lies before ``since``.
        """
        books_from, since = book.day("books_from"), book.day(self.since) if self.since else None
        if books_from is None or (self.since and since is None):
            return []
        if self.counted_by in PARTS:
            parts = book.value(PARTS[self.counted_by]) or ()
            return [duty for part in parts for duty in self._of_part(part, asked, book, book_on)]
        return self._bound(asked, book.done(self.activity), book, book_on)

    def _of_part(
        self, part: Part, asked: Iterable[Duty], book: FactBook, book_on: Callable[[date], FactBook]
    ) -> list[Duty]:
        """Return the duties of one cell, or about one branch: exempt where it came or went in the middle."""
        acts = [act for act in book.done(self.activity) if act.part == part.key]
        mine = []
        for duty in asked:
            if duty.last < part.since or (part.until is not None and duty.first >= part.until):
                continue
            exempt, exempt_on = duty.exempt, duty.exempt_on
            if duty.first < part.since:
                exempt, exempt_on = NOT_YET, part.since
            elif part.until is not None and duty.last >= part.until:
                exempt, exempt_on = NO_LONGER, part.until
            mine.append(replace(duty, part=part.name, part_key=part.key, exempt=exempt, exempt_on=exempt_on))
        return self._bound(mine, acts, book, book_on)

    def _bound(
        self,
        asked: Iterable[Duty],
        done: Iterable[Done],
        book: FactBook,
        book_on: Callable[[date], FactBook],
    ) -> list[Duty]:
        books_from, since = book.day("books_from"), book.day(self.since) if self.since else None
        if books_from is None:
            return []
        done = tuple(done)
        acts: dict[str, list[Done]] = {}
        for act in done:
            acts.setdefault(act.period or str(Period.of(act.on, self.period)), []).append(act)
        because = book.sources("books_from")
        found = []
        for duty in asked:
            if since is not None and duty.first < since:
                continue
            mine = _standing_at(duty, done) if self.standing else acts.get(duty.period, ())
            is_before = (duty.last if self.standing else duty.first) < books_from
            applies, partly = self._applies(duty, book_on)
            if applies is False or (applies is None and not mine and is_before):
                continue
            exempt, exempt_on = duty.exempt or partly, duty.exempt_on
            if is_before:
                exempt, exempt_on = BEFORE_THE_BOOKS, books_from
            told = replace(
                duty,
                exempt=exempt,
                exempt_on=exempt_on,
                applies=applies,
                evidence=tuple(
                    Evidence(act.on, act.source, act.valid, dict(act.base), act.flaws, act.until)
                    for act in mine
                ),
                because=because,
            )
            found.append(told if self.counted_by == "person" else _by_roster(told, book, book_on))
        return found

    def _applies(self, duty: Duty, book_on: Callable[[date], FactBook]) -> tuple[bool | None, str]:
        """Return whether a duty binds in its period, and why it is exempt where it binds at one end alone."""
        begun = self.binds(book_on(duty.last if self.standing else duty.first))
        to = self.applies_to
        if not (to.when or to.kinds or to.not_kinds) and self.unless is None:
            return begun, ""
        ended = self.binds(book_on(duty.last))
        if begun is False and ended is False:
            return False, ""
        if begun is False:
            return (True, NOT_YET) if ended else (False, "")
        if ended is False:
            return True, NO_LONGER
        return None if begun is None or ended is None else True, ""

    def asks_as_much(self, value: DatedValue, other: Rule, its: DatedValue) -> bool:
        """Say whether who does this has done the other: as many in each of its periods.

        One a quarter is four a year; four a year are not one a quarter.
        """
        if not isinstance(other, Cadence):
            return False
        if (other.activity, other.counted_by, other.sum) != (self.activity, self.counted_by, self.sum):
            return False
        times, rest = divmod(_MONTHS[other.period], _MONTHS[self.period])
        return not rest and value.value * times >= its.value

    def may_stand_beside(self, other: Rule) -> bool:
        """Six a year and one a quarter are both asked."""
        return True


def _standing_at(duty: Duty, done: Iterable[Done]) -> list[Done]:
    """Return what stood in a period, and the first that stood only after it: that is late."""
    there = [act for act in done if act.on <= duty.last and (act.until is None or act.until > duty.first)]
    later = next((act for act in done if act.on > duty.last and act.valid), None)
    return there if later is None else [*there, later]


_MONTHS = {"month": 1, "quarter": 3, "year": 12}

PARTS = {"cell": "cells", "branch": "branches"}
"""The fact that lists the parts of a unit by which a duty is counted."""


def _by_roster(duty: Duty, book: FactBook, book_on: Callable[[date], FactBook]) -> Duty:
    """Return a duty of a branch as its roster leaves it, where nothing else says that it is done or exempt.

    Nobody can meet where nobody belongs to the branch. Who belongs to it is unknown where no roster is on the
    books, or nobody ever was on it: any meeting then speaks for members, without one a person must decide.
    """
    if duty.exempt or duty.done_by() is not None or book.value("unit_level") != "branch":
        return duty
    counts = [book_on(day).number("members") for day in (duty.first, duty.last)]
    if None in counts or book_on(duty.last).day("members_from") is None:
        return duty if book.done("hold_meeting") else replace(duty, unsure=ROSTER_UNKNOWN)
    return replace(duty, exempt=NO_MEMBERS) if 0 in counts else duty


class Term(Rule):
    """``term``: a term of office of N from the election; a new election after its end is late.

    The length is the one in force on the day of the election: terms already running are served out.
    ``extend``: by how many of ``unit`` it may be put off with approval.
    """

    kind_name: ClassVar[str] = "term"
    kind: Literal["term"]
    anchor: str = "elected_on"
    ends: str = "term_until"
    unit: Span = "year"
    extend: int | None = Field(default=None, ge=0)
    renewed_by: tuple[str, ...] = Field(default=("elect_committee",), strict=False)

    def fact_names(self) -> tuple[str, ...]:
        """Return the day of the election and the end of its term."""
        return (self.anchor, self.ends)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the day of a new election with the end of the term before."""
        ended = act.book.day(self.ends)
        if ended is None or act.command not in self.renewed_by:
            return []
        late = days_between(ended, act.on)
        if late <= 0:
            return [self.finding(act, value, Verdict.OK, latest_on=ended)]
        line = Calc(str(act.on), "-", str(ended), str(late), "day")
        return [self.finding(act, value, Verdict.LATE, latest_on=ended, days_late=late, calc=(line,))]

    def end_of(self, elected_on: date, unit_kind: str | None) -> tuple[date, Calc, DatedValue] | None:
        """Return the day a term ends, its arithmetic and the value used; None where no length is in force."""
        value = self.value_on(elected_on, unit_kind)
        if value is None:
            return None
        day, line = span_after(elected_on, value.value, self.unit)
        return day, line, value

    def deadlines(self, book: FactBook, unit_kind: str | None, days: Calendar) -> list[Deadline]:
        """Return the end of each recorded term; it is met by the next election."""
        elections = book.done(*self.renewed_by)
        changed, kinds = book.value("term_ends") or {}, book.value("kinds_elected") or {}
        limits = []
        for number, election in enumerate(elections, 1):
            end = self.end_of(election.on, kinds.get(election.source.event_id, unit_kind))
            if end is None:
                continue
            first, line, value = end
            due = changed.get(election.source.event_id, first)
            met = elections[number] if number < len(elections) else None
            latest = span_after(first, self.extend, self.unit)[0] if self.extend is not None else None
            limit = Deadline.of(
                self,
                value,
                book,
                subject="elect_committee",
                number=number,
                opens_on=election.on,
                due_on=due,
                met=met,
                calc=(line,),
                latest_on=latest,
                names=(),
            )
            limits.append(_rests_on(limit, election, first, book))
        return limits

    def measure(self, value: Any) -> Any:
        """Return about how many days the span is."""
        return span_days(value, self.unit)

    def tightens(self, mine: Any, other: Any) -> bool:
        """A term is neither tighter nor looser when it differs: it is another term."""
        return bool(mine == other)


def _rests_on(limit: Deadline, election: Done, first: date, book: FactBook) -> Deadline:
    """Return the limit with what it rests on: the election, and what moved the end of its term."""
    facts = {"elected_on": election.on.isoformat()}
    if limit.due_on == first:
        return replace(limit, because=(election.source,), facts=facts)
    moved = [
        act.source
        for act in book.done("approve_term_change")
        if act.on >= election.on and (limit.met_on is None or act.on <= limit.met_on)
    ]
    facts["term_first_until"] = first.isoformat()
    return replace(limit, because=(election.source, *moved), facts=facts)


__all__ = [
    "BEFORE_THE_BOOKS", "NOT_YET", "NO_LONGER", "NO_MEMBERS", "ROSTER_UNKNOWN", "Cadence",
    "Term", "is_clipped",
]  # fmt: skip
