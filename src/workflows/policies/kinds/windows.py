"""Windows of the year: between which two days an act falls, until when a case of that year has it done."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from workflows.kernel.calendar import Calendar, Period
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Done, FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule


class Window(Rule):
    """``window``: the act falls between two days of the year, both included (``{start, end}`` as MM-DD).

    ``anchor`` names the day on which the case began: the window is then that of its year, and its last day is
    a limit of the case. It is met by the first act, or on the day of the fact ``met_on``; ``subject`` is the
    act, where the rule is asked at none.
    """

    kind_name: ClassVar[str] = "window"
    kind: Literal["window"]
    anchor: str | None = None
    met_on: str | None = None
    subject: str | None = None

    @model_validator(mode="after")
    def _has_a_subject(self) -> Window:
        if not self.on and not (self.subject and self.anchor):
            raise ValueError(f"{self.id}: asked at no act (on), a limit has a subject and an anchor")
        return self

    def accept(self, value: Any) -> None:
        """Accept a table with ``start`` and ``end``."""
        if not isinstance(value, dict) or set(value) != {"start", "end"}:
            raise ValueError(f"{self.id}: a window has start and end")
        for text in value.values():
            date.fromisoformat(f"2024-{text}")

    def fact_names(self) -> tuple[str, ...]:
        """Return the day on which the case began, where the rule asks for it."""
        return (self.anchor,) if self.anchor else ()

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say whether the day lies in the window of its year, or of the year in which the case began."""
        anchor = act.book.day(self.anchor) if self.anchor else None
        year = (anchor or act.on).year
        first, last = (_day_of_year(year, value.value[key]) for key in ("start", "end"))
        inside = first <= act.on <= last if first <= last else act.on >= first or act.on <= last
        if inside:
            return [self.finding(act, value, Verdict.OK, earliest_on=first, latest_on=last)]
        return [self.broken(act, value, earliest_on=first, latest_on=last)]

    def deadlines(self, book: FactBook, unit_kind: str | None, days: Calendar) -> list[Deadline]:
        """Return the last day of the window in the year in which the case began; none without an anchor."""
        anchor = book.day(self.anchor) if self.anchor else None
        value = None if anchor is None else self.value_on(self.asked_on(anchor), unit_kind)
        if anchor is None or value is None:
            return []
        told = book.facts.get(self.met_on) if self.met_on else None
        acts = [act for act in book.done(*self.on) if act.on >= anchor] if self.met_on is None else []
        met = acts[0] if acts else None
        if told is not None and told.source is not None and isinstance(told.value, date):
            met = Done(told.value, told.source)
        return [
            Deadline.of(
                self,
                value,
                book,
                subject=self.subject or self.on[0],
                opens_on=anchor,
                due_on=_day_of_year(anchor.year, value.value["end"]),
                met=met,
                calc=(),
                names=(self.anchor or "",),
            )
        ]


def _day_of_year(year: int, text: str) -> date:
    month, day = (int(part) for part in text.split("-"))
    start = date(year, month, 1)
    wanted = Period.of(start, "month").last.day
    return start.replace(day=min(day, wanted))
