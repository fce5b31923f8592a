"""What in a pack is allowed, and yet hardly meant: told to its author, and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from workflows.policies.kinds import Statement
from workflows.policies.layers import is_one_question, may_meet
from workflows.policies.pack import NATIONAL, Pack
from workflows.policies.rule import Rule

MOST_NAMED = 5

COUNTED = frozenset(
    ("cadence", "interval", "within", "not_before", "count", "share", "quorum", "majority", "requires")
)
"""Kinds of which two that ask about the same thing show what is missing twice."""


class Doubt(NamedTuple):
    """One doubt: the rule, which doubt, and what it speaks of.

    ``code``: ``unit`` or ``kind`` (another than that of the rule it refines: both cannot be compared),
    ``same`` (it asks about what a rule of a higher layer asks about, and does not refine that),
    ``clause`` (a value begins before any clause), ``twice`` (one id, but another label or matter),
    ``statement`` (nothing is checked by it, and its note does not say why), ``points`` (criteria without
    points), ``lost`` (points, and not how they are lost), ``criteria`` (what the plan does not give of its
    criteria).
    """

    rule: str
    code: str
    facts: dict[str, Any]


def doubts(pack: Pack, others: Iterable[Pack]) -> list[Doubt]:
    """Return the doubts about the rules of a pack, in their order; ``others``: the packs above it."""
    above: dict[str, list[Rule]] = {}
    national: list[Rule] = []
    for one in others:
        for rule in one.own_rules:
            above.setdefault(rule.id, []).append(rule)
        national += one.own_rules if one.level in NATIONAL and pack.level not in NATIONAL else ()
    seen: dict[str, Rule] = {}
    found = [Doubt(rule.id, "statement", {}) for rule in unchecked(pack) if not rule.note]
    for rule in pack.rules:
        if rule.refines in above:
            found += _beside(rule, above[rule.refines], pack)
        found += _said_above(rule, national)
        first, clause = min(value.start for value in rule.values), rule.clauses[0].start
        if first < clause:
            found.append(Doubt(rule.id, "clause", {"value": first.isoformat(), "clause": clause.isoformat()}))
        former = seen.setdefault(rule.id, rule)
        if _are_two_matters(former, rule, pack):
            found.append(Doubt(rule.id, "twice", {"one": former.label, "other": rule.label}))
    return [*found, *_of_the_criteria(pack)]


def unchecked(pack: Pack) -> list[Rule]:
    """Return the rules by which nothing is checked: statements behind which no criterion has its facts."""
    proved = {one.rule for one in pack.criteria if one.proved_by}
    return [rule for rule in pack.own_rules if isinstance(rule, Statement) and rule.id not in proved]


def _of_the_criteria(pack: Pack) -> Iterator[Doubt]:
    """Yield what the plan leaves open of its rating: a person decides that, nothing is filled in."""
    asked = [one for one in pack.criteria if not one.veto]
    for code, open_ones in (
        ("points", [one for one in asked if one.points is None]),
        ("lost", [one for one in asked if one.points is not None and one.lost is None]),
    ):
        if open_ones:
            named = [one.id for one in open_ones[:MOST_NAMED]]
            more = ["…"] if len(open_ones) > MOST_NAMED else []
            yield Doubt(open_ones[0].rule, code, {"count": len(open_ones), "criteria": [*named, *more]})
    if pack.criteria_not_given:
        yield Doubt("", "criteria", {"not_given": pack.criteria_not_given})


def _are_two_matters(one: Rule, other: Rule, pack: Pack) -> bool:
    """Say whether two rules of one id speak of two things; sides of one matter refine the same rule."""
    if one.refines != other.refines:
        return True
    return one.label != other.label and one.refines is None and pack.level not in NATIONAL


def _said_above(rule: Rule, national: Iterable[Rule]) -> Iterator[Doubt]:
    """Yield that a national rule asks about the same thing, and this one does not refine it."""
    for higher in national:
        is_one_matter = (rule.refines or rule.id) == (higher.refines or higher.id)
        if not is_one_matter and _asks_about_the_same(rule, higher):
            facts = {"its": higher.id, "pack": higher.pack_title, "said": higher.label, "label": rule.label}
            yield Doubt(rule.id, "same", facts)
            return


def _asks_about_the_same(one: Rule, other: Rule) -> bool:
    """Say whether both ask about one thing, of units both may bind, by the same facts."""
    if one.kind_name not in COUNTED or not is_one_question(one, other) or not may_meet(one, other):
        return False
    mine, its = one.applies_to.when, other.applies_to.when
    return mine.keys() == its.keys() and all(_overlap(mine[name], its[name]) for name in mine)


def _overlap(one: Any, other: Any) -> bool:
    """Say whether two conditions on a fact may both hold; of numbers it is taken that they may."""
    if isinstance(one, dict) or isinstance(other, dict):
        return True
    mine, its = (set(v) if isinstance(v, list) else {v} for v in (one, other))
    return bool(mine & its)


def _beside(rule: Rule, higher: Sequence[Rule], pack: Pack) -> Iterator[Doubt]:
    """Yield that a rule cannot be compared with those it refines; one side of a matter that can is enough."""
    sides = {one.kind_name for one in pack.rules if one.id == rule.id and one.refines == rule.refines}
    alike = [one for one in higher if one.kind_name == rule.kind_name]
    if not alike and sides.isdisjoint(one.kind_name for one in higher):
        facts = {"refines": higher[0].id, "mine": rule.kind_name, "its": higher[0].kind_name}
        yield Doubt(rule.id, "kind", facts)
    elif alike and all(one.counted_in != rule.counted_in for one in alike):
        facts = {"refines": alike[0].id, "mine": rule.counted_in, "its": alike[0].counted_in}
        yield Doubt(rule.id, "unit", facts)
