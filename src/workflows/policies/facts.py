"""The facts a rule may ask for, each with the event it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from workflows.kernel.approximate import ApproximateDay
from workflows.policies.findings import Calc, Relief, Source


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, the event that says so (None for what the command itself says), and how it was computed.

    ``approx``: a day known only roughly; ``value`` is then the latest possible. ``percent``: nobody counted,
    only a rate was told; ``value`` is it in parts of its base, as rules compare it. ``exact``: the number
    told, of which ``value`` is the whole part.
    """

    value: Any
    source: Source | None = None
    calc: tuple[Calc, ...] = ()
    approx: ApproximateDay | None = None
    percent: float | None = None
    exact: float | None = None

    @classmethod
    def of(cls, value: Any) -> Fact:
        """Return a value as a fact; what is a fact already stays one."""
        return value if isinstance(value, Fact) else cls(value)


@dataclass(frozen=True, slots=True)
class Done:
    """One act that took place: its day, its event, whether it counts, and what it was about.

    ``part``: the part of the unit (a cell, a branch below) that it was about, by the key of a :class:`Part`.
    ``until``: the first day on which what it brought about no longer stood (None: it stands).
    """

    on: date
    source: Source
    valid: bool = True
    period: str | None = None
    base: Mapping[str, Any] = field(default_factory=dict)
    flaws: tuple[str, ...] = ()
    part: str = ""
    until: date | None = None


class Part(NamedTuple):
    """A part of a unit of which a duty is asked by itself: a cell, a branch below a committee.

    It is there from ``since`` to ``until`` (that day no longer included; None: still there).
    """

    key: str
    name: str
    since: date
    until: date | None = None
    source: Source | None = None


class OneOf(tuple[Any, ...]):
    """What may be true of someone, where a day known only roughly leaves it open: the possible values."""

    __slots__ = ()


UNKNOWN = Fact(None)
LISTS, SIMPLE, PLAIN = (list, tuple), (str, int, bool, date), frozenset({str, int, bool})
"""What counts as a list, what stands in one as it is, and what is JSON already."""


class FactsOnDemand(Mapping[str, Fact]):
    """Facts of which some are read only when a rule asks for them: a roster costs more than a rule.

    ``known`` are at hand; each of ``sources`` gives some further names. What nobody asks for is never read,
    so that nothing comes to rest on it.
    """

    __slots__ = ("_sources", "known")

    def __init__(
        self,
        known: Mapping[str, Fact],
        sources: Iterable[tuple[frozenset[str], Callable[[], Mapping[str, Fact]]]] = (),
    ) -> None:
        self.known = dict(known)
        self._sources = list(sources)

    def _read(self, name: str) -> None:
        for source in self._sources:
            names, read = source
            if name in names:
                self._sources.remove(source)
                for told, fact in read().items():
                    self.known.setdefault(told, fact)
                return

    def __getitem__(self, name: str) -> Fact:
        if name not in self.known and self._sources:
            self._read(name)
        return self.known[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a fact, ``default`` where it is unknown."""
        found = self.known.get(name)
        if found is None and self._sources:
            self._read(name)
            found = self.known.get(name)
        return default if found is None else found

    def over(self, more: Mapping[str, Fact]) -> FactsOnDemand:
        """Return these facts with further ones in front; nothing is read."""
        return FactsOnDemand({**self.known, **more}, self._sources)

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        for names, _ in list(self._sources):
            self._read(next(iter(names)))
        return iter(self.known)

    def __len__(self) -> int:
        return len(list(iter(self)))


class FactBook:
    """What is known on a day: named facts, and acts done in the order of their days.

    ``complete``: what the act itself leaves unsaid is missing (a live record), not merely unknown (an old
    workbook). ``course_known``: an earlier act not on the books did not take place; False for someone whose
    course began before the books or stands in a workbook that tells only some of it. ``copied``: the acts
    that were copied from a workbook, each with the day of copying. ``reliefs``: what the unit or person of
    the book was let off.
    """

    __slots__ = (
        "_known", "_unsure", "complete", "copied", "copied_steps", "course_known", "done_by_name",
        "facts", "reliefs",
    )  # fmt: skip

    def __init__(
        self,
        facts: Mapping[str, Fact],
        done: Mapping[str, Sequence[Done]] | None = None,
        *,
        complete: bool = True,
        course_known: bool = True,
        copied: Mapping[UUID, date] | None = None,
        copied_steps: frozenset[str] = frozenset(),
        reliefs: tuple[Relief, ...] = (),
    ) -> None:
        self.facts = facts
        self._known = facts.known if isinstance(facts, FactsOnDemand) else facts
        self._unsure: Mapping[str, ApproximateDay] | None = None
        self.done_by_name = done or {}
        self.complete = complete
        self.course_known = course_known
        self.copied, self.copied_steps = copied or {}, copied_steps
        self.reliefs = reliefs

    @property
    def copied_from(self) -> date | None:
        """Return the day on which the first act was copied from a workbook, None where none was."""
        return min(self.copied.values(), default=None)

    def is_untold(self, step: str, due_on: date, anchor: str) -> bool:
        """Say whether a step due by a day is unknown: a workbook copied after it had no column for it.

        What counts is the copying of the act the limit runs from, and of no other: what falls due after it is
        asked, however many workbooks are copied later. An anchor that no act tells was there from the first.
        """
        if step in self.copied_steps or not self.copied:
            return False
        source = self.facts.get(anchor, UNKNOWN).source
        copied_on = self.copied_from if source is None else self.copied.get(source.event_id)
        return copied_on is not None and due_on <= copied_on

    @property
    def unsure(self) -> Mapping[str, ApproximateDay]:
        """Return the facts that are days known only roughly; what is read on demand never is one."""
        if self._unsure is None:
            self._unsure = {
                name: fact.approx for name, fact in self._known.items() if fact.approx is not None
            }
        return self._unsure

    def value(self, name: str) -> Any:
        """Return the value of a fact, None where it is unknown."""
        fact = self._known.get(name) or self.facts.get(name)
        return None if fact is None else fact.value

    def day(self, name: str) -> date | None:
        """Return a fact that is a day, None where it is unknown."""
        value = self.value(name)
        return value if isinstance(value, date) else None

    def number(self, name: str) -> int | None:
        """Return a fact that is a whole number (a list counts its items), None where it is unknown."""
        value = self.value(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return len(value) if isinstance(value, LISTS) else None

    def calc(self, name: str) -> tuple[Calc, ...]:
        """Return the arithmetic behind a fact that was computed (expiry of probation, end of a term)."""
        return self.facts.get(name, UNKNOWN).calc

    def sources(self, *names: str) -> tuple[Source, ...]:
        """Return the events the named facts rest on, without repetition."""
        found = (self.facts.get(name, UNKNOWN).source for name in names)
        return tuple(dict.fromkeys(source for source in found if source is not None))

    def done(self, *names: str) -> list[Done]:
        """Return what was done under any of the names, in the order of the days."""
        if not self.done_by_name:
            return []
        acts = [act for name in names for act in self.done_by_name.get(name, ())]
        if len(acts) > 1:
            acts.sort(key=lambda act: (act.on, act.source.position))
        return acts

    def extended(self, more: Mapping[str, Fact]) -> FactBook:
        """Return this book with further facts; the newer word wins."""
        return FactBook(
            self.facts.over(more) if isinstance(self.facts, FactsOnDemand) else {**self.facts, **more},
            self.done_by_name,
            complete=self.complete,
            course_known=self.course_known,
            copied=self.copied,
            copied_steps=self.copied_steps,
            reliefs=self.reliefs,
        )

    def relieved_by(self, reliefs: tuple[Relief, ...]) -> FactBook:
        """Return this book with other reliefs."""
        book = self.extended({})
        book.reliefs = reliefs
        return book

    def told(self, names: Iterable[str]) -> tuple[dict[str, Any], tuple[Source, ...]]:
        """Return the named facts that are known, in JSON form, and the events they rest on."""
        shown: dict[str, Any] = {}
        sources: list[Source] = []
        for name in names:
            fact = self._known.get(name) or self.facts.get(name)
            if fact is None:
                continue
            if fact.value is not None:
                shown[name] = as_json(fact.value)
            if fact.source is not None and fact.source not in sources:
                sources.append(fact.source)
        return shown, tuple(sources)

    def shown(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the named facts that are known, in JSON form."""
        return {name: as_json(value) for name in names if (value := self.value(name)) is not None}


def as_json(value: Any) -> Any:
    """Return a value in JSON form: days as ISO text, of people or votes how many, the rest as it is."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, LISTS):
        if all(isinstance(item, SIMPLE) for item in value):
            return [as_json(item) for item in value]
        return len(value)
    return value
