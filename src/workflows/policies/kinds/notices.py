"""Public notices (公示): so many working days, over before the act that depends on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule


class Notice(Rule):
    """``notice``: a notice (公示) of at least N working days, over before the act (``conv-notice-start``).

    The first day counts if it is a working day; the notice ends with its last day; the act is lawful from
    the day after. A notice that rests on a year without a published calendar is referred to a person.
    ``since`` names the fact from which on a notice is one for this step; one posted before was for another.
    ``closed`` names the day on which the notice was ended: before its last day it was too short.
    """

    itself: ClassVar[frozenset[str]] = frozenset({"post_notice", "close_notice"})
    """The steps that a notice consists of: they do not wait for one."""

    kind_name: ClassVar[str] = "notice"
    kind: Literal["notice"]
    starts: str = "notice_starts_on"
    days: str = "notice_working_days"
    closed: str = "notice_closed_on"
    since: str | None = None

    @property
    def counted_in(self) -> str:
        """Return that notices are counted in working days."""
        return "working_day"

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts of the notice."""
        return (self.starts, self.days, self.closed)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Check the length of the notice when it is posted, and that it is over when an act depends on it."""
        start = act.book.day(self.starts)
        length = act.book.number(self.days)
        begun = act.book.day(self.since) if self.since else None
        if start is None or (begun is not None and start < begun):
            if not act.book.complete:
                return []
            told = {} if start is None else {"posted": start.isoformat(), self.since or "": str(begun)}
            return [self.finding(act, value, Verdict.INCOMPLETE, missing=("post_notice",), facts=told)]
        short = length is not None and length < value.value
        if act.command == "post_notice":
            calc = (
                (Calc(str(length), "<" if short else ">=", str(value.value)),) if length is not None else ()
            )
            return [
                self.broken(act, value, calc=calc)
                if short
                else self.finding(act, value, Verdict.OK, calc=calc)
            ]
        needed = max(length or 0, value.value)
        last, _ = act.calendar.last_working_day(start, needed)
        is_closing = act.command == "close_notice"
        earliest = last if is_closing else last + timedelta(days=1)
        line = Calc(str(start), "+", str(needed), str(last), "working_day")
        more: dict[str, Any] = {
            "earliest_on": earliest,
            "calc": (line,),
            "calendars": {
                str(table.year): {"source": table.source, "confidence": table.confidence}
                for table in act.calendar.tables(start, last)
            },
        }
        if years := act.calendar.provisional_years(start, last):
            return [self.finding(act, value, Verdict.REFER, provisional=years, **more)]
        closed = None if is_closing else act.book.day(self.closed)
        if closed is not None and start <= closed < last:
            cut = (line, Calc(str(closed), "<", str(last)))
            return [self.finding(act, value, Verdict.INCOMPLETE, calc=cut, missing=("post_notice",))]
        lawful = act.on >= earliest
        found = self.finding(act, value, Verdict.OK, **more) if lawful else self.broken(act, value, **more)
        later = act.calendar.last_working_day(start, needed, counts_start=False)[0] + timedelta(days=1)
        if not is_closing and (lawful != (act.on >= last) or lawful != (act.on >= later)):
            return [found, self.convention(act, value, "conv-notice-start", calc=(line,))]
        return [found]

    def lawful(self, act: Act, value: DatedValue) -> tuple[date | None, date | None]:
        """Return the day after the notice, the provisional one too: it is shown as such."""
        return next((found.earliest_on for found in self.check(act, value) if found.earliest_on), None), None

    def is_provisional(self, act: Act, value: DatedValue) -> bool:
        """Say whether the notice runs into a year whose working days are not known yet."""
        return any(found.provisional for found in self.check(act, value))

    def tightens(self, mine: Any, other: Any) -> bool:
        """A longer notice asks more."""
        return bool(mine >= other)
