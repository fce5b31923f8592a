"""Duties that come back: so many a period, a term of office, a window of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field

from workflows.kernel.calendar import Calendar, Period, periods
from workflows.policies.deadlines import Deadline, Duty, Evidence
from workflows.policies.facts import Done, FactBook
from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule, Span
from workflows.policies.spans import days_between, is_clipped, span_after, span_days

BEFORE_THE_BOOKS = "before-the-books"


class Cadence(Rule):
    """``cadence``: at least N acts of ``activity`` in each calendar month, quarter or year.

    ``sum`` names a number that each act tells (hours): then N is what they must make together.
    ``counted_by = "person"``: asked of each member, not of the unit. ``applies_to.when`` and ``unless`` are
    read on the first day of the period. A period that begins before the books of the unit begin
    (``books_from``), or before the day of the fact ``since``, asks nothing.
    """

    kind_name: ClassVar[str] = "cadence"
    kind: Literal["cadence"]
    activity: str
    period: Literal["month", "quarter", "year"]
    counted_by: Literal["unit", "person", "cell"] = "unit"
    sum: str | None = None
    since: str | None = None

    def asked(self, unit_kind: str | None, first: date, until: date) -> list[Duty]:
        """Return what the rule asks of a kind of unit, period by period, without facts of any unit.

        Of an adopted rule, from the first whole period in which it holds.
        """
        found = []
        for period in periods(self.period, first, until):
            value = self.value_on(period.last, unit_kind)
            if value is None or (self.held_from is not None and period.first < self.held_from):
                continue
            found.append(
                Duty(
                    rule=self.id,
                    activity=self.activity,
                    period=str(period),
                    first=period.first,
                    last=period.last,
                    required=value.value,
                    sum=self.sum or "",
                    label=self.label,
                    severity=self.severity,
                    clause=self.cite(period.last),
                    pack=self.pack_id,
                    version=value.start,
                    confidence=value.confidence or self.clause_on(period.last).confidence,
                    remind_days=self.remind_days,
                    aliases=self.aliases,
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

        ``book_on`` gives the facts as of a day; ``book`` all acts ever done. Periods before the books of the
        unit begin are exempt; those before ``since`` are none.
        """
        books_from, since = book.day("books_from"), book.day(self.since) if self.since else None
        if books_from is None or (self.since and since is None):
            return []
        acts: dict[str, list[Done]] = {}
        for act in book.done(self.activity):
            acts.setdefault(act.period or str(Period.of(act.on, self.period)), []).append(act)
        because = book.sources("books_from")
        found = []
        for duty in asked:
            if since is not None and duty.first < since:
                continue
            applies = self.binds(book_on(duty.first))
            mine = acts.get(duty.period, ())
            is_before = duty.first < books_from
            if applies is False or (applies is None and not mine and is_before):
                continue
            found.append(
                replace(
                    duty,
                    exempt=BEFORE_THE_BOOKS if is_before else "",
                    applies=applies,
                    evidence=tuple(
                        Evidence(act.on, act.source, act.valid, dict(act.base), act.flaws) for act in mine
                    ),
                    because=because,
                )
            )
        return found

    def asks_as_much(self, value: DatedValue, other: Rule, its: DatedValue) -> bool:
        """Say whether who does this has done the other: as many in each of its periods.

        One a quarter is four a year; four a year are not one a quarter.
        """
        if not isinstance(other, Cadence):
            return False
        if (other.activity, other.counted_by) != (self.activity, self.counted_by):
            return False
        times, rest = divmod(_MONTHS[other.period], _MONTHS[self.period])
        return not rest and value.value * times >= its.value

    def may_stand_beside(self, other: Rule) -> bool:
        """Six a year and one a quarter are both asked."""
        return True


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


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
        changed = book.value("term_ends") or {}
        limits = []
        for number, election in enumerate(elections, 1):
            end = self.end_of(election.on, unit_kind)
            if end is None:
                continue
            due, line, value = end
            due = changed.get(election.source.event_id, due)
            met = elections[number] if number < len(elections) else None
            latest = span_after(due, self.extend, self.unit)[0] if self.extend is not None else None
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
            limits.append(_rests_on(limit, election))
        return limits

    def measure(self, value: Any) -> Any:
        """Return about how many days the span is."""
        return span_days(value, self.unit)

    def tightens(self, mine: Any, other: Any) -> bool:
        """A term is neither tighter nor looser when it differs: it is another term."""
        return bool(mine == other)


def _rests_on(limit: Deadline, election: Done) -> Deadline:
    return replace(limit, because=(election.source,), facts={"elected_on": election.on.isoformat()})


class Window(Rule):
    """``window``: the act falls between two days of the year, both included (``{start, end}`` as MM-DD)."""

    kind_name: ClassVar[str] = "window"
    kind: Literal["window"]

    def accept(self, value: Any) -> None:
        """Accept a table with ``start`` and ``end``."""
        if not isinstance(value, dict) or set(value) != {"start", "end"}:
            raise ValueError(f"{self.id}: a window has start and end")
        for text in value.values():
            date.fromisoformat(f"2024-{text}")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say whether the day lies in the window of its year."""
        first, last = (_day_of_year(act.on.year, value.value[key]) for key in ("start", "end"))
        inside = first <= act.on <= last if first <= last else act.on >= first or act.on <= last
        if inside:
            return [self.finding(act, value, Verdict.OK, earliest_on=first, latest_on=last)]
        return [self.broken(act, value, earliest_on=first, latest_on=last)]


def _day_of_year(year: int, text: str) -> date:
    month, day = (int(part) for part in text.split("-"))
    start = date(year, month, 1)
    wanted = Period.of(start, "month").last.day
    return start.replace(day=min(day, wanted))


__all__ = ["BEFORE_THE_BOOKS", "Cadence", "Term", "Window", "is_clipped"]
