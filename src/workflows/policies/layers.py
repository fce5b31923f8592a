"""Layers: which of several rules about one matter holds, and where a lower one loosens a higher one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.pack import LEVELS, Pack
from workflows.policies.relief import waiver_on
from workflows.policies.rule import DatedValue, Rule

_WEIGHT = {"record": 0, "warn": 1, "block": 2}


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule with the value that holds on the day asked for."""

    rule: Rule
    value: DatedValue

    @property
    def level(self) -> int:
        """Return the place of the layer, the highest first."""
        return LEVELS.index(self.rule.pack_level)

    def asks_as_much_as(self, other: InForce) -> bool:
        """Say whether this asks at least as much as another rule about the same matter."""
        return self.rule.asks_as_much(self.value, other.rule, other.value)

    def asks_the_same_as(self, other: InForce) -> bool:
        """Say whether this asks the very same: who does what one asks for has done what the other does."""
        alike = is_one_question(self.rule, other.rule)
        return alike and self.asks_as_much_as(other) and other.asks_as_much_as(self)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one layer asks about a matter on a day: whether it holds, and whose other value it overrides."""

    rule: Rule
    value: DatedValue
    holds: bool
    overrides: tuple[str, ...]


class Lawful(NamedTuple):
    """The lawful days of an act, inclusive, and the rule that binds most.

    ``provisional``: the earliest rests on a year whose working days are not known yet. ``rough``: what days
    known only roughly leave open; ``earliest`` is then the day from which the act is lawful whatever the true
    days are, ``latest`` the last by which it surely is.
    """

    earliest: date | None
    latest: date | None
    rule: str | None
    provisional: bool
    rough: tuple[RoughDays, ...] = ()


class RoughDays(Protocol):
    """How far the lawful days are known: each end from the first to the last possible."""

    @property
    def unsure(self) -> tuple[str, ...]:
        """The days known only roughly on which they rest."""
        ...

    @property
    def approx(self) -> dict[str, Any]:
        """The ranges in JSON form: ``earliest_on``, ``latest_on``."""
        ...


def is_waived(rule: Rule, book: FactBook, on: date) -> bool:
    """Say whether the unit or person of a book was let off a rule on a day."""
    return bool(book.reliefs) and waiver_on(book.reliefs, rule.id, rule.aliases, on) is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the layers: a day, a kind of unit, the case and the command where there is one."""

    on: date
    kind: str | None
    book: FactBook | None = None
    command: str | None = None

    def binds(self, rule: Rule) -> bool:
        """Say whether a rule binds the case, which was not let off it; without a case, whether it may."""
        if self.command is not None and self.command not in rule.on:
            return False
        if self.book is None:
            return rule.applies_to.may_hold_for(self.kind)
        if rule.binds(self.book) is not True or rule.leaves_be(self.book):
            return False
        return not is_waived(rule, self.book, self.on)

    def weight(self, rule: Rule) -> int:
        """Return how much the word of a rule weighs: a block more than a warning, that more than a note."""
        return _WEIGHT[rule.severity if self.command is None else rule.severity_at(self.command)]


class Layers:
    """Rules of several layers about the same matters, highest layer first.

    A lower rule that asks more takes the place of the higher one, where its word weighs as much; a lower
    rule that asks less gives way. Only a rule that binds the case displaces another. Of two rules of which
    neither asks as much as the other (two a year, six a quarter) both stand.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.groups: dict[str, list[Rule]] = {}
        for rule in rules:
            self.groups.setdefault(rule.refines or rule.id, []).append(rule)
        self._others = {id(rule): others for rule in rules if (others := self._others_of(rule))}

    def _others_of(self, rule: Rule) -> tuple[Rule, ...]:
        """Return the rules of other packs about the same matter and of the same kind."""
        group = self.groups[rule.refines or rule.id]
        return tuple(o for o in group if o.pack_id != rule.pack_id and o.kind_name == rule.kind_name)

    def others(self, rule: Rule) -> Sequence[Rule]:
        """Return the rules of other packs about the same matter and of the same kind, in force or not."""
        return self._others.get(id(rule), ())

    def is_alone(self, rule: Rule) -> bool:
        """Say whether no other layer speaks about the matter."""
        return id(rule) not in self._others

    def rivals(self, rule: Rule, asked: Asked) -> list[InForce]:
        """Return the rules of other packs about the same matter that bind the case on the day."""
        found = []
        for other in self._others.get(id(rule), ()):
            value = other.value_on(asked.on, asked.kind)
            if value is not None and asked.binds(other):
                found.append(InForce(other, value))
        return found

    def yields(self, rule: Rule, value: DatedValue, asked: Asked, *, once: bool = False) -> bool:
        """Say whether another layer's rule holds in place of this one.

        ``once``: of rules that ask the very same only one holds, that with the weightiest word, of these the
        highest: one thing to be done is one, however many layers ask for it.
        """
        if self.is_alone(rule):
            return False
        mine = InForce(rule, value)
        rivals = self.rivals(rule, asked)
        if any(_holds_instead(its, mine, asked) for its in rivals):
            return True
        return once and any(self._comes_first(its, mine, asked) for its in rivals)

    def _comes_first(self, its: InForce, mine: InForce, asked: Asked) -> bool:
        """Say whether another rule that asks the very same as mine is the one that holds."""
        if not its.asks_the_same_as(mine):
            return False
        weights = asked.weight(its.rule), asked.weight(mine.rule)
        if weights[0] != weights[1]:
            return weights[0] > weights[1]
        order = [id(one) for one in self.groups[mine.rule.refines or mine.rule.id]]
        return order.index(id(its.rule)) < order.index(id(mine.rule))

    def conflicts(self, held: Iterable[Rule], asked: Asked) -> list[Finding]:
        """Return a conflict for each lower rule that binds the case and asks less than a higher one."""
        found: dict[tuple[str, str], Finding] = {}
        for rule in held:
            if self.is_alone(rule) or not asked.binds(rule):
                continue
            value = rule.value_on(asked.on, asked.kind)
            if value is None:
                continue
            higher = InForce(rule, value)
            for lower in self.rivals(rule, asked):
                if lower.level > higher.level and _loosens(lower, higher):
                    found[rule.id, lower.rule.id] = conflict(higher, lower, asked.on)
        return list(found.values())

    def standing(self, named: Rule, on: date, kind: str | None) -> list[Standing]:
        """Return what every layer asks on a day about the matter of a rule, and which of them holds."""
        asked = Asked(on, kind)
        found = []
        for rule in self.groups[named.refines or named.id]:
            value = rule.value_on(on, kind)
            if value is not None and asked.binds(rule):
                holds = not self.yields(rule, value, asked)
                others = self.rivals(rule, asked) if holds else []
                against = (other.rule.id for other in others if other.value.value != value.value)
                found.append(Standing(rule, value, holds, tuple(against)))
        return found

    def loosenings(self, pack: Pack, since: date | None = None) -> Iterator[tuple[date, InForce, InForce]]:
        """Yield where a pack asks less than a layer above it: the day, the higher rule, that of the pack.

        Days are those on which either value begins, from ``since`` on, and ``since`` itself.
        """
        for rule in pack.own_rules:
            for higher in self.groups.get(rule.refines or rule.id, []):
                if higher.kind_name != rule.kind_name or higher.pack_id == pack.id:
                    continue
                if LEVELS.index(higher.pack_level) >= LEVELS.index(pack.level):
                    continue
                starts = {value.start for value in (*rule.values, *higher.values)}
                days = starts if since is None else {since, *(day for day in starts if day > since)}
                for day in sorted(days):
                    mine, its = rule.value_on(day), higher.value_on(day)
                    if mine is None or its is None or not may_meet(rule, higher):
                        continue
                    if _loosens(InForce(rule, mine), InForce(higher, its)):
                        yield day, InForce(higher, its), InForce(rule, mine)


def _holds_instead(its: InForce, mine: InForce, asked: Asked) -> bool:
    """Say whether the rule of another layer takes the place of mine."""
    if its.level == mine.level:
        return False
    higher, lower = (its, mine) if its.level < mine.level else (mine, its)
    if its is higher:
        weighs = asked.weight(its.rule) >= asked.weight(mine.rule)
        return _loosens(lower, higher) and weighs
    if asked.weight(its.rule) < asked.weight(mine.rule):
        return False
    return its.asks_as_much_as(mine) and not mine.asks_as_much_as(its)


def _loosens(lower: InForce, higher: InForce) -> bool:
    """Say whether a lower rule asks less; one that asks something else stands beside the higher one."""
    if lower.asks_as_much_as(higher):
        return False
    return not lower.rule.may_stand_beside(higher.rule) or higher.asks_as_much_as(lower)


QUESTION = ("activity", "counted_by", "sum", "of", "base", "anchor", "act", "fact", "paper", "who")
"""What a rule asks about, whatever its kind: two that differ in one of these ask two questions."""


def is_one_question(one: Rule, other: Rule) -> bool:
    """Say whether two rules of one kind ask about the same thing at one act, whatever they ask of it."""
    is_at_one_act = one.on == other.on or bool(set(one.on) & set(other.on))
    if one.kind_name != other.kind_name or not is_at_one_act:
        return False
    return all(getattr(one, name, None) == getattr(other, name, None) for name in QUESTION)


def may_meet(one: Rule, other: Rule) -> bool:
    """Say whether two rules may bind one unit: their kinds and levels are not apart."""
    mine, its = one.applies_to, other.applies_to
    kinds = not mine.kinds or not its.kinds or bool(set(mine.kinds) & set(its.kinds))
    levels = not mine.levels or not its.levels or bool(set(mine.levels) & set(its.levels))
    apart = (mine.kinds and not set(mine.kinds) - set(its.not_kinds)) or (
        its.kinds and not set(its.kinds) - set(mine.not_kinds)
    )
    return kinds and levels and not apart


def conflict(higher: InForce, lower: InForce, on: date) -> Finding:
    """Return the finding that a lower rule asks less than a higher one, with both values."""
    return Finding(
        rule=lower.rule.id,
        verdict=Verdict.CONFLICT,
        kind="conflict",
        label=lower.rule.label,
        clause=lower.rule.cite(on),
        pack=lower.rule.pack_id,
        version=lower.value.start,
        confidence=lower.rule.clause_on(on).confidence,
        against=higher.rule.id,
        values={higher.rule.id: higher.value.value, lower.rule.id: lower.value.value},
        units={rule.id: unit for rule in (higher.rule, lower.rule) if (unit := rule.counted_in)},
        holds=higher.rule.id,
    )
