"""Limits that come back: every so often from an anchor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from workflows.kernel import calendar
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Done, FactBook
from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule, Span
from workflows.policies.spans import days_between, is_clipped, span_days


class Interval(Rule):
    """``interval``: once every N from the anchor (``conv-anchor``), until the day of the fact ``until``.

    An act meets the earliest limit not yet met whose span has begun, so a late one makes up for a missed one.
    ``after_anchor``: what was done on the day of the anchor itself lies before it, and meets none.
    """

    kind_name: ClassVar[str] = "interval"
    kind: Literal["interval"]
    anchor: str
    unit: Span
    until: str | None = None
    after_anchor: bool = False

    def fact_names(self) -> tuple[str, ...]:
        """Return the anchor."""
        return (self.anchor,)

    def accept(self, value: Any) -> None:
        """Accept a whole number from 1."""
        super().accept(value)
        if value < 1:
            raise ValueError(f"{self.id}: an interval of {value} never ends")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say which limit the act meets, and whether in time."""
        anchor = act.book.day(self.anchor)
        if anchor is None or act.on < self.first_day(anchor):
            return []
        earlier = [done.on for done in act.book.done(act.command) if done.on <= act.on]
        for number, start, due, met_on in self.spans(act.book, anchor, value, [*earlier, act.on], act.on):
            if start <= act.on and met_on in (None, act.on) and (met_on or due >= act.on):
                line = Calc(str(anchor), "+", str(value.value * number), str(due), self.unit)
                late = days_between(due, act.on)
                verdict = Verdict.LATE if late > 0 else Verdict.OK
                found = self.finding(
                    act,
                    value,
                    verdict,
                    latest_on=due,
                    days_late=late if late > 0 else None,
                    calc=(line,),
                    facts={"every": value.value},
                )
                if is_clipped(anchor, value.value * number, self.unit):
                    return [found, self.convention(act, value, "conv-month-add", calc=(line,))]
                return [found]
        return [self.finding(act, value, Verdict.OK)]

    def first_day(self, anchor: date) -> date:
        """Return the first day on which an act meets a limit."""
        return anchor + timedelta(days=1) if self.after_anchor else anchor

    def spans(
        self, book: FactBook, anchor: date, value: DatedValue, acts: list[date], until: date
    ) -> list[tuple[int, date, date, date | None]]:
        """Return (number, first day, last day, day met) of each span that begins by ``until``.

        A span of which an old workbook tells nothing is left out, unless an act lies in it.
        """
        found, left, number, start = [], sorted(acts), 1, self.first_day(anchor)
        while start <= until:
            due = calendar.add(anchor, value.value * number, self.unit)
            if book.is_untold(self.on[0], due, self.anchor) and not any(start <= day <= due for day in left):
                start, number = due + timedelta(days=1), number + 1
                continue
            met = next((day for day in left if day >= start), None)
            if met is not None and met > due and any(start <= day <= due for day in left):
                met = next(day for day in left if start <= day <= due)
            if met is not None:
                left = [day for day in left if day > met]
            found.append((number, start, due, met))
            start, number = due + timedelta(days=1), number + 1
        return found

    def deadlines(
        self, book: FactBook, unit_kind: str | None, days: calendar.Calendar, until: date
    ) -> list[Deadline]:
        """Return one limit a span, up to the end of the case or ``until``."""
        anchor = book.day(self.anchor)
        value = None if anchor is None else self.value_on(self.asked_on(anchor), unit_kind)
        if anchor is None or value is None:
            return []
        ended = book.day(self.until) if self.until else None
        acts: list[Done] = book.done(*self.on)
        limits = []
        for number, start, due, met_on in self.spans(book, anchor, value, [d.on for d in acts], until):
            met = next((d for d in acts if d.on == met_on), None)
            if self.held_from is not None and due < self.held_from:
                continue
            if ended is not None and due > ended and met is None:
                break
            line = Calc(str(anchor), "+", str(value.value * number), str(due), self.unit)
            limits.append(
                Deadline.of(
                    self,
                    value,
                    book,
                    subject=self.on[0],
                    number=number,
                    opens_on=start,
                    due_on=due,
                    met=met,
                    calc=(line,),
                    names=(self.anchor,),
                )
            )
        return limits

    def measure(self, value: Any) -> Any:
        """Return about how many days the span is."""
        return span_days(value, self.unit)

    def tightens(self, mine: Any, other: Any) -> bool:
        """A shorter interval asks more."""
        return bool(mine <= other)
