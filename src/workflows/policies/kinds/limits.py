"""Limits counted from an anchor: not later than, not before; every so often is in ``intervals``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field, model_validator

from workflows.kernel import calendar
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Done, FactBook
from workflows.policies.findings import ON, Calc, Finding, Verdict
from workflows.policies.kinds.intervals import Interval
from workflows.policies.rule import Act, DatedValue, Rule, Span
from workflows.policies.spans import (
    days_between,
    is_clipped,
    span_after,
    span_days,
    turning,
    was_clipped,
)

__all__ = ["Interval", "NotBefore", "Within"]


class Within(Rule):
    """``within``: the act comes at most N after the anchor, the last day included (``conv-within``).

    A passed limit is ``late``; past ``max`` it is ``block``; late without the fact named by ``excuse`` is
    ``incomplete``. ``not_before_anchor``: before the anchor's day the act is blocked. ``since`` names the
    fact that opens the case, so that an act of an earlier round meets nothing. A negative N counts back.

    ``act`` names another day that is compared (the told end of a measure): past the limit it breaks the rule.
    ``span`` names a fact with the number N of the case itself; the value is then true. ``met_on`` names the
    fact with the day on which the limit was met, where no act meets it. ``moved`` names the fact with the day
    on which the anchor was moved: a limit that still lay ahead then is met only by an act from that day on.
    """

    kind_name: ClassVar[str] = "within"
    kind: Literal["within"]
    anchor: str
    unit: Span
    max: int | None = Field(default=None, ge=0)
    excuse: str | None = None
    not_before_anchor: bool = False
    since: str | None = None
    met_by: tuple[str, ...] = Field(default=(), strict=False)
    ends: str | None = None
    subject: str | None = None
    act: str | None = None
    span: str | None = None
    met_on: str | None = None
    moved: str | None = None

    @model_validator(mode="after")
    def _has_a_subject(self) -> Within:
        if not self.on and not self.subject:
            raise ValueError(f"{self.id}: asked at no act (on), a limit has a subject")
        return self

    def accept(self, value: Any) -> None:
        """Accept a whole number (below zero it counts back from the anchor), or true with ``span``."""
        if self.span:
            if value is not True:
                raise ValueError(f"{self.id}: with span the value is true, not {value!r}")
        elif not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{self.id}: a whole number is wanted, not {value!r}")

    def fact_names(self) -> tuple[str, ...]:
        """Return the anchor, the day compared with it, the excuse."""
        if self.act:
            return tuple(name for name in (self.act, self.anchor) if name != "on")
        return tuple(name for name in (self.anchor, self.span, self.excuse) if name)

    def length(self, book: FactBook, value: DatedValue) -> int | None:
        """Return N: the value, or the number told of the case; None where that is unknown."""
        return book.number(self.span) if self.span else int(value.value)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the day of the act with the limit; nothing to say while the anchor is unknown."""
        anchor = act.on if self.anchor == "on" else act.book.day(self.anchor)
        count = self.length(act.book, value)
        if anchor is None or count is None:
            return []
        if self.act:
            return self._compare(act, value, anchor, count)
        if self.not_before_anchor and act.on < anchor:
            early = (*act.book.calc(self.anchor), Calc(str(act.on), "<", str(anchor)))
            return [self.broken(act, value, earliest_on=anchor, calc=early)]
        due, line = span_after(anchor, count, self.unit)
        calc = [*act.book.calc(self.anchor), *((line,) if count else ())]
        clipped = self._clipped(act, value, anchor, count, line)
        if act.on <= due:
            return [self.finding(act, value, Verdict.OK, latest_on=due, calc=tuple(calc)), *clipped]
        if self.refers(value, anchor):
            asked = {"adopted_from": self.held_from} if self.running == "ask" else {}
            return [self.finding(act, value, Verdict.REFER, latest_on=due, calc=tuple(calc), facts=asked)]
        late = days_between(due, act.on)
        calc.append(Calc(str(act.on), "-", str(due), str(late), "day"))
        verdict = Verdict.LATE
        missing: tuple[str, ...] = ()
        if self.max is not None:
            last, line = span_after(anchor, self.max, self.unit)
            calc.append(line)
            if act.on > last:
                return [
                    self.finding(act, value, Verdict.BLOCK, latest_on=last, days_late=late, calc=tuple(calc)),
                    *clipped,
                ]
        if self.excuse and not act.book.value(self.excuse) and act.book.complete:
            verdict, missing = Verdict.INCOMPLETE, (self.excuse,)
        elif self.severity_at(act.command) == "record":
            verdict = Verdict.NOTE
        return [
            self.finding(
                act, value, verdict, latest_on=due, days_late=late, calc=tuple(calc), missing=missing
            ),
            *clipped,
        ]

    def _clipped(self, act: Act, value: DatedValue, anchor: date, count: int, line: Calc) -> list[Finding]:
        lines = [earlier for earlier in act.book.calc(self.anchor) if was_clipped(earlier)]
        lines += [line] if is_clipped(anchor, count, self.unit) else []
        return [self.convention(act, value, "conv-month-add", calc=(clipped,)) for clipped in lines]

    def _compare(self, act: Act, value: DatedValue, anchor: date, count: int) -> list[Finding]:
        """Compare another day than that of the act with the limit."""
        day = act.book.day(self.act or "")
        if day is None:
            return []
        due, line = span_after(anchor, count, self.unit)
        calc = (*act.book.calc(self.anchor), line)
        found = self.finding(act, value, Verdict.OK, calc=calc, facts={"latest": due})
        if day > due:
            calc = (*calc, Calc(str(day), ">", str(due)))
            found = self.broken(act, value, calc=calc, facts={"latest": due})
        return [found, *self._clipped(act, value, anchor, count, line)]

    def turns(self, act: Act, value: DatedValue, name: str, first: date, last: date) -> Iterator[date] | None:
        """Return where the day passes the anchor, the limit, the longest one; where running cases begin."""
        count = self.length(act.book, value)
        anchor = act.on if self.anchor == ON else act.book.day(self.anchor)
        day = act.book.day(self.act) if self.act else act.on
        if count is None or anchor is None or day is None or name in (self.span, self.excuse):
            return None
        ends = [count, *([self.max] if self.max is not None else [])]
        begun = self.binds_from(value)
        tests: list[Callable[[date], bool]] = []
        if name == self.anchor:
            tests += [lambda one: one > act.on, lambda one: one >= begun]
            tests += [lambda one, n=n: calendar.add(one, n, self.unit) >= day for n in ends]  # type: ignore[misc]
        if name == (self.act or ON):
            tests.append(lambda one: one >= anchor)
            tests += [lambda one, n=n: one > calendar.add(anchor, n, self.unit) for n in ends]  # type: ignore[misc]
        return turning(first, last, *tests)

    def lawful(self, act: Act, value: DatedValue) -> tuple[date | None, date | None]:
        """Return the limit; none where it is open whether a case begun before the rule is bound."""
        anchor, count = act.book.day(self.anchor), self.length(act.book, value)
        if anchor is None or count is None or self.act or self.refers(value, anchor):
            return None, None
        return anchor if self.not_before_anchor else None, span_after(anchor, count, self.unit)[0]

    def deadlines(self, book: FactBook, unit_kind: str | None, days: calendar.Calendar) -> list[Deadline]:
        """Return the limit from the anchor, if the anchor is known and the rule was in force then."""
        anchor = book.day(self.anchor)
        value = None if anchor is None else self.value_on(self.asked_on(anchor), unit_kind)
        count = None if value is None else self.length(book, value)
        if anchor is None or value is None or count is None or self.act:
            return []
        due, line = span_after(anchor, count, self.unit)
        opened = (book.day(self.since) if self.since else None) or (anchor if count >= 0 else None)
        first = opened or min(due, anchor)
        # the election that begins a term does not meet the limits that run to the term's end
        begun_by = book.sources(self.anchor, *filter(None, [self.since]))
        acts = self._told_met(book) or book.done(*(self.met_by or self.on))
        acts = [d for d in acts if d.source not in begun_by]
        moved = book.day(self.moved) if self.moved else None
        if moved is not None and moved < due:
            acts = [d for d in acts if d.on >= moved]
        met = next((d for d in acts if opened is None or d.on >= opened), None)
        ended = book.day(self.ends) if self.ends else None
        untold = any(book.is_untold(step, due, self.anchor) for step in self.on[:1])
        if met is None and (ended is not None or untold):
            return []
        if met is not None and self.held_from is not None and met.on < self.held_from:
            return []
        latest = span_after(anchor, self.max, self.unit)[0] if self.max is not None else None
        return [
            Deadline.of(
                self,
                value,
                book,
                subject=self.subject or self.on[0],
                opens_on=first,
                due_on=due,
                met=met,
                calc=(*book.calc(self.anchor), *((line,) if count else ())),
                latest_on=latest,
                names=(self.anchor,),
            )
        ]

    def _told_met(self, book: FactBook) -> list[Done]:
        """Return the act that a fact tells of as the end of the case, if it is known and says its event."""
        fact = book.facts.get(self.met_on) if self.met_on else None
        if fact is None or fact.source is None or not isinstance(fact.value, date):
            return []
        return [Done(fact.value, fact.source)]

    @property
    def counted_in(self) -> str:
        """Return the unit of the values; none where each case has its own span."""
        return "" if self.span else self.unit

    def measure(self, value: Any) -> Any:
        """Return about how many days the span is; nothing can be measured where each case has its own."""
        return value if self.span else span_days(value, self.unit)

    def tightens(self, mine: Any, other: Any) -> bool:
        """A shorter limit asks more."""
        return bool(mine <= other)


class NotBefore(Rule):
    """``not_before``: the act (or day ``act``) comes at least N after the anchor; ``strict``: more than N.

    ``awaited``: the first lawful day of the act stands among the limits, as a day one waits for; nothing is
    overdue after it. ``subject`` is then the act, where the rule is asked at none.
    """

    kind_name: ClassVar[str] = "not_before"
    kind: Literal["not_before"]
    anchor: str
    unit: Span
    max: int | None = Field(default=None, ge=0)
    act: str | None = None
    strict: bool = False
    awaited: bool = False
    subject: str | None = None

    @model_validator(mode="after")
    def _has_a_subject(self) -> NotBefore:
        if self.awaited and not self.on and not self.subject:
            raise ValueError(f"{self.id}: asked at no act (on), an awaited day has a subject")
        return self

    def fact_names(self) -> tuple[str, ...]:
        """Return the anchor and the day compared with it."""
        return tuple(name for name in (self.anchor, self.act) if name)

    def earliest(self, anchor: date, value: DatedValue) -> tuple[date, Calc]:
        """Return the first lawful day and its arithmetic."""
        day, line = span_after(anchor, value.value, self.unit)
        return (day + timedelta(days=1) if self.strict else day), line

    def lawful(self, act: Act, value: DatedValue) -> tuple[date | None, date | None]:
        """Return the first lawful day, where it is the act's own day that waits."""
        anchor = None if self.act or self.anchor == "on" else act.book.day(self.anchor)
        return (None if anchor is None else self.earliest(anchor, value)[0]), None

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the day with the first lawful one."""
        anchor = act.on if self.anchor == "on" else act.book.day(self.anchor)
        day = act.book.day(self.act) if self.act else act.on
        if anchor is None or day is None:
            return []
        earliest, line = self.earliest(anchor, value)
        calc = (*act.book.calc(self.anchor), line)
        more = {"earliest_on": earliest, "calc": calc} if not self.act else {"calc": calc}
        found = self.finding(act, value, Verdict.OK, **more)
        if day < earliest:
            found = self.broken(act, value, **more)
        if is_clipped(anchor, value.value, self.unit):
            return [found, self.convention(act, value, "conv-month-add", calc=(line,))]
        return [found]

    def deadlines(self, book: FactBook, unit_kind: str | None, days: calendar.Calendar) -> list[Deadline]:
        """Return the first lawful day, where it is awaited and its anchor is known; the act meets it."""
        anchor = book.day(self.anchor) if self.awaited else None
        value = None if anchor is None else self.value_on(self.asked_on(anchor), unit_kind)
        if anchor is None or value is None:
            return []
        first, line = self.earliest(anchor, value)
        met = next((done for done in book.done(self.subject or self.on[0]) if done.on >= anchor), None)
        limit = Deadline.of(
            self,
            value,
            book,
            subject=self.subject or self.on[0],
            opens_on=anchor,
            due_on=first,
            met=met,
            calc=(*book.calc(self.anchor), line),
            names=(self.anchor,),
        )
        return [replace(limit, awaited=True)]

    def turns(self, act: Act, value: DatedValue, name: str, first: date, last: date) -> Iterator[date] | None:
        """Return where the day passes the first lawful one."""
        anchor = act.on if self.anchor == ON else act.book.day(self.anchor)
        day = act.book.day(self.act) if self.act else act.on
        if anchor is None or day is None:
            return None
        tests: list[Callable[[date], bool]] = []
        if name == self.anchor:
            tests.append(lambda one: self.earliest(one, value)[0] > day)
        if name == (self.act or ON):
            tests.append(lambda one: one >= self.earliest(anchor, value)[0])
        return turning(first, last, *tests)

    def measure(self, value: Any) -> Any:
        """Return about how many days the span is."""
        return span_days(value, self.unit)

    def tightens(self, mine: Any, other: Any) -> bool:
        """A longer wait asks more."""
        return bool(mine >= other)
