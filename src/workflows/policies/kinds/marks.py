"""Marks: states of affairs by which a unit may be put on a list; the facts propose, a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from workflows.policies.findings import Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule, Span
from workflows.policies.spans import span_after

UNDONE, NAMED = "undone_duties", "marks"


class Borne(NamedTuple):
    """Whether a mark holds in the facts (None: they do not tell), and the arithmetic."""

    holds: bool | None
    calc: tuple[Calc, ...] = ()


class Mark(Rule):
    """``mark``: a state of affairs for which a unit may be put on a list (软弱涣散的一种情形).

    It is told by the facts in one of three ways. ``since``: a day from which something lasts; it holds once
    ``value`` of ``unit`` have passed since (``strict``: more than these); ``known_by`` is the fact that shows
    that the books would know of such a day. ``of``: a number; it holds below ``value``. ``undone``: rules of
    recurring duties; it holds where ``value`` of their periods of the last ``months`` were not done. Told in
    none of them it is for a person to say.
    """

    kind_name: ClassVar[str] = "mark"
    kind: Literal["mark"]
    since: str | None = None
    unit: Span = "month"
    strict: bool = False
    known_by: str | None = None
    of: str | None = None
    undone: tuple[str, ...] = Field(default=(), strict=False)
    months: int = Field(default=12, ge=1, le=60)

    @model_validator(mode="after")
    def _told_one_way(self) -> Mark:
        if sum((self.since is not None, self.of is not None, bool(self.undone))) > 1:
            raise ValueError(f"{self.id}: one of since, of and undone tells a mark")
        return self

    @property
    def by_hand(self) -> bool:
        """Say whether no fact tells of it."""
        return self.since is None and self.of is None and not self.undone

    @property
    def how(self) -> str:
        """Return how the facts tell of it: since a day, by a number, by what was not done, by nobody's."""
        if self.since is not None:
            return "since_more" if self.strict else "since"
        return "below" if self.of else "undone" if self.undone else "by_hand"

    def accept(self, value: Any) -> None:
        """Accept a whole number; true where a person says whether it holds."""
        if self.by_hand:
            if value is not True:
                raise ValueError(f"{self.id}: true, since no fact tells of it, not {value!r}")
            return
        super().accept(value)

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts that tell of it."""
        return tuple(name for name in (self.since, self.of) if name)

    def borne_out(self, act: Act, value: DatedValue) -> Borne:
        """Say whether the facts of the day bear it out."""
        if self.by_hand:
            return Borne(None)
        if self.since is not None:
            return self._lasting(act, value)
        return self._below(act, value) if self.of else self._undone(act, value)

    def _below(self, act: Act, value: DatedValue) -> Borne:
        told = act.book.number(self.of or "")
        if told is None:
            return Borne(None)
        is_below = told < value.value
        return Borne(is_below, (Calc(str(told), "<" if is_below else ">=", str(value.value)),))

    def _lasting(self, act: Act, value: DatedValue) -> Borne:
        start = act.book.day(self.since or "")
        if start is None:
            is_known = self.known_by is not None and act.book.value(self.known_by) is not None
            return Borne(False if is_known else None)
        day, line = span_after(start, value.value, self.unit)
        first = day + timedelta(days=1) if self.strict else day
        return Borne(act.on >= first, (line,))

    def _undone(self, act: Act, value: DatedValue) -> Borne:
        """Count what was not done; where the books do not tell of all, only enough of it bears it out."""
        counts = act.book.value(UNDONE) or {}
        told = [counts[rule] for rule in self.undone if rule in counts]
        number = sum(one for one, _ in told)
        enough = number >= value.value
        if not enough and (len(told) < len(self.undone) or not all(known for _, known in told)):
            return Borne(None)
        return Borne(enough, (Calc(str(number), ">=" if enough else "<", str(value.value)),))

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say of a mark that was named whether the facts bear it out; where they do not, a person must."""
        if self.id not in (act.book.value(NAMED) or ()):
            return []
        holds, calc = self.borne_out(act, value)
        verdict = {True: Verdict.OK, False: Verdict.REFER, None: Verdict.NOTE}[holds]
        told = {"holds": holds, "how": self.how}
        return [self.finding(act, value, verdict, calc=calc, facts=told)]
