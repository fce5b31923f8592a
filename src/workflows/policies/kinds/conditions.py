"""Conditions of an act: what must have come before, who may act, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace
from pydantic import Field

from workflows.policies.facts import OneOf
from workflows.policies.findings import ON, Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule
from workflows.policies.spans import turning

_LACKS = {"block": Verdict.INCOMPLETE, "warn": Verdict.WARN, "record": Verdict.NOTE}
"""What it is called that something is missing, by the severity of the rule."""


class Requires(Rule):
    """``requires``: something must be there: earlier steps, or facts (a paper, an opinion, a consent).

    ``value`` is true, or the name of the one step asked for among ``one_of`` (备案 until a day, 同意 from
    it): the other version's act is then broken. What is missing is ``incomplete``; a soft rule warns, one
    that only records notes it. ``fact`` must be true (or ``equals``). ``always``: asked for even of someone
    whose earlier course is not on the books, since the act rests on it.
    """

    kind_name: ClassVar[str] = "requires"
    reads_day: ClassVar[bool] = False
    kind: Literal["requires"]
    step: tuple[str, ...] = Field(default=(), strict=False)
    paper: tuple[str, ...] = Field(default=(), strict=False)
    opinion: tuple[str, ...] = Field(default=(), strict=False)
    consent: tuple[str, ...] = Field(default=(), strict=False)
    one_of: tuple[str, ...] = Field(default=(), strict=False)
    fact: str | None = None
    equals: bool | None = None
    always: bool = False

    def accept(self, value: Any) -> None:
        """Accept true, or the name of one of the alternatives."""
        if value is not True and value not in self.one_of:
            raise ValueError(f"{self.id}: true or one of {', '.join(self.one_of) or '(none)'}, not {value!r}")

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts asked for."""
        return (*self.paper, *self.opinion, *self.consent, *((self.fact,) if self.fact else ()))

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say what is missing, or that the act belongs to another version of the regulation."""
        if self.one_of and act.command in self.one_of:
            if act.command != value.value:
                return [self.broken(act, value, facts={"act": act.command, "required": value.value})]
            return [self.finding(act, value, Verdict.OK)]
        if self.fact is not None:
            return self._compare(act, value)
        steps = (value.value,) if self.one_of else self.step
        missing = [step for step in steps if not act.book.done(step)]
        if self.one_of and missing and self._done_before(act, value):
            missing = []
        unsaid = [name for name in self.fact_names() if not act.book.value(name)]
        course_known = act.book.complete if self.always else act.book.course_known
        if (missing and not course_known) or (unsaid and not act.book.complete):
            return []
        missing += unsaid
        if not missing:
            return [self.finding(act, value, Verdict.OK, because_of=steps)]
        lacks = _LACKS[self.severity_at(act.command)]
        return [self.finding(act, value, lacks, missing=tuple(missing))]

    def _done_before(self, act: Act, value: DatedValue) -> bool:
        """Say whether the alternative of an earlier version was done while that version was in force."""
        return any(done.on < value.start for done in act.book.done(*self.one_of))

    def _compare(self, act: Act, value: DatedValue) -> list[Finding]:
        known = act.book.value(self.fact or "")
        if known is None:
            return []
        wanted = True if self.equals is None else self.equals
        if known == wanted:
            return [self.finding(act, value, Verdict.OK)]
        return [self.broken(act, value)]

    def finding(self, act: Act, value: DatedValue, verdict: Verdict, **more: Any) -> Finding:
        """Return the finding, resting on the required steps too."""
        steps = more.pop("because_of", ())
        found = super().finding(act, value, verdict, **more)
        sources = tuple(done.source for step in steps for done in act.book.done(step)[:1])
        if not sources:
            return found
        return replace(found, because=(*found.because, *sources))


class Qualified(Rule):
    """``qualified``: those named by ``who`` fulfil ``conditions`` (stage, rights not barred, years a member).

    ``who`` is a fact that lists people, each with the facts of the day; a person of whom a fact is unknown is
    neither fit nor unfit.
    """

    kind_name: ClassVar[str] = "qualified"
    reads_day: ClassVar[bool] = False
    kind: Literal["qualified"]
    who: str
    conditions: dict[str, Any] = Field(default_factory=dict)

    def accept(self, value: Any) -> None:
        """Accept true: the conditions say the rest."""
        if value is not True:
            raise ValueError(f"{self.id}: true, not {value!r}")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Name those who do not fulfil the conditions."""
        people = act.book.value(self.who)
        if not people:
            return []
        said = [
            (person, name, _words(person.facts[name], wanted))
            for person in people
            for name, wanted in self.conditions.items()
            if person.facts.get(name) is not None
        ]
        unfit = [(person, name) for person, name, words in said if words == {False}]
        if not unfit and (open_ := [(person, name) for person, name, words in said if len(words) > 1]):
            return [self._left_open(act, value, open_)]
        if not unfit:
            return [self.finding(act, value, Verdict.OK)]
        calc = tuple(
            Calc(name, "=", str(person.facts[name]), unit=person.label) for person, name in unit_sorted(unfit)
        )
        who = list(dict.fromkeys(person.label for person, _ in unfit))
        return [self.broken(act, value, calc=calc, facts={"unfit": who})]

    def _left_open(self, act: Act, value: DatedValue, people: list[tuple[Any, str]]) -> Finding:
        """Say of whom a day known only roughly does not tell whether the condition is met."""
        lacks = Verdict.NOTE if self.severity_at(act.command) == "record" else Verdict.INCOMPLETE
        calc = tuple(Calc(name, "=", _span(p.facts[name]), unit=p.label) for p, name in unit_sorted(people))
        who = list(dict.fromkeys(person.label for person, _ in people))
        names = tuple(dict.fromkeys(name for _, name in people))
        return self.finding(act, value, lacks, calc=calc, facts={"unsure": who}, missing=names)


def _words(value: Any, wanted: Any) -> set[bool]:
    """Return whether the condition is met, by each value that may be true of someone."""
    return {_meets(one, wanted) for one in (value if isinstance(value, OneOf) else (value,))}


def unit_sorted(unfit: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Return the pairs in a stable order: by condition, then as named."""
    return sorted(unfit, key=lambda pair: pair[1])


def _span(values: OneOf) -> str:
    """Return the possible values as one reads them: from the least to the most, or one of several words."""
    if all(isinstance(value, int) for value in values):
        return f"{min(values)}-{max(values)}"
    return "/".join(map(str, values))


def _meets(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return bool(wanted.get("min", value) <= value <= wanted.get("max", value))
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted)


class Forbids(Rule):
    """``forbids``: the act is not allowed to those whom ``applies_to`` names; it says nothing to all others.

    A lower layer that forbids asks more than one that is silent, so nothing of a higher one is loosened.
    """

    kind_name: ClassVar[str] = "forbids"
    reads_day: ClassVar[bool] = False
    kind: Literal["forbids"]

    def accept(self, value: Any) -> None:
        """Accept true."""
        if value is not True:
            raise ValueError(f"{self.id}: true, not {value!r}")

    def fact_names(self) -> tuple[str, ...]:
        """Return the facts by which the rule binds."""
        whom = self.applies_to
        kind = ("unit_kind",) if whom.kinds or whom.not_kinds else ()
        level = ("unit_level",) if whom.levels else ()
        return (*kind, *level, *whom.when)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say that the act is not allowed; whom it is allowed to was settled before."""
        if self.applies_to.levels and act.book.value("unit_level") is None:
            return []
        return [self.broken(act, value)]


class Order(Rule):
    """``order``: the act does not come on a day before the act ``after`` (which may still be unknown)."""

    kind_name: ClassVar[str] = "order"
    kind: Literal["order"]
    after: str

    def accept(self, value: Any) -> None:
        """Accept true."""
        if value is not True:
            raise ValueError(f"{self.id}: true, not {value!r}")

    def fact_names(self) -> tuple[str, ...]:
        """Return the day that comes first."""
        return (self.after,)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Compare the two days."""
        first = act.book.day(self.after)
        if first is None or act.on >= first:
            return []
        return [self.broken(act, value, earliest_on=first, calc=(Calc(str(act.on), "<", str(first)),))]

    def turns(self, act: Act, value: DatedValue, name: str, first: date, last: date) -> Iterator[date] | None:
        """Return the day at which the order of the two days turns."""
        other = act.book.day(self.after)
        if name == ON and other is not None:
            return turning(first, last, lambda day: day >= other)
        return turning(first, last, lambda day: day > act.on) if name == self.after else None
