"""督查清单: what an inspection looks at where a plan gives it: its criteria, else its rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from workflows.policies.facts import FactBook
from workflows.policies.kinds import Criterion
from workflows.policies.matters import about_the_same
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules

OF_THE_SPOT = frozenset({"person", "unit"})
"""Whom the rules are about that an inspection looks at; those about cases belong to the cases."""


class Point(msgspec.Struct, frozen=True):
    """One point of a checklist: what it is called, its clause, the rules whose facts tell of it, in part.

    ``rule`` is the one that states it, where that is of no other point; ``rules`` are those whose facts tell.
    """

    id: str
    label: str
    clause: str = ""
    rule: str | None = None
    rules: tuple[str, ...] = ()
    confidence: str = ""
    partly: bool = False


def points_of(rules: Rules, book: FactBook, on: date, pack: str) -> list[Point]:
    """Return the points that a plan in force gives, in its order; [] where it is not in force there."""
    scheme = rules.schemes.named(pack, on)
    if scheme is not None and scheme.criteria:
        return [point for one in scheme.criteria if (point := point_of(rules, one.id, on, scheme.id))]
    found: dict[str, Point] = {}
    for rule in _rules_of(rules, pack):
        if rule.value_on(on, book.value("unit_kind")) is not None and rule.binds(book) is not False:
            found.setdefault(rule.id, _of_rule(rule, on))
    return list(found.values())


def _rules_of(rules: Rules, pack: str) -> Iterator[Rule]:
    ids = [rule.id for told in rules.packs if pack in (told.id, told.title) for rule in told.rules]
    for name in dict.fromkeys(ids):
        for rule in rules.rules_named(name):
            if rule.about in OF_THE_SPOT and not isinstance(rule, Criterion):
                yield rule


def point_of(rules: Rules, point: str, on: date, pack: str | None) -> Point:
    """Return a point of a list as it reads on a day; one that no plan knows is called what it was called."""
    scheme = rules.schemes.named(pack, on) if pack else None
    for one in scheme.criteria if scheme is not None else ():
        if one.id == point:
            named = rules.rule(one.rule)
            clause = named.cite(on) if named else ""
            surely = named.clause_on(on).confidence if named else ""
            shared = sum(other.rule == one.rule for other in scheme.criteria) > 1 if scheme else False
            own = None if shared else one.rule
            return Point(one.id, one.title, clause, own, one.proved_by, surely, one.partly)
    known = rules.rule(point)
    return _of_rule(known, on) if known is not None else Point(point, point)


def _of_rule(rule: Rule, on: date) -> Point:
    return Point(rule.id, rule.label, rule.cite(on), rule.id, (rule.id,), rule.clause_on(on).confidence)


def is_about(rules: Rules, point: Point, rule: str | None) -> bool:
    """Say whether a rule is about a point: its own, one that proves it, or one of another layer for these."""
    own = (point.id, *(() if point.rule is None else (point.rule,)), *point.rules)
    return any(about_the_same(rules, rule, one) for one in own)
