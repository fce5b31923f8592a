"""What in a pack is allowed, and yet hardly meant: told to its author, and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from workflows.policies.pack import NATIONAL, Pack
from workflows.policies.rule import Rule

MOST_NAMED = 5


class Doubt(NamedTuple):
    """One doubt: the rule, which doubt, and what it speaks of.

    ``code``: ``unit`` or ``kind`` (another than that of the rule it refines: both cannot be compared),
    ``clause`` (a value begins before any clause), ``twice`` (one id, but another label or matter),
    ``points`` (criteria without points), ``lost`` (points, and not how they are lost), ``criteria`` (what the
    plan does not give of its criteria).
    """

    rule: str
    code: str
    facts: dict[str, Any]


def doubts(pack: Pack, others: Iterable[Pack]) -> list[Doubt]:
    """Return the doubts about the rules of a pack, in their order; ``others``: the packs above it."""
    above = {rule.id: rule for one in others for rule in one.rules}
    seen: dict[str, Rule] = {}
    found: list[Doubt] = []
    for rule in pack.rules:
        if rule.refines in above:
            found += _beside(rule, above[rule.refines])
        first, clause = min(value.start for value in rule.values), rule.clauses[0].start
        if first < clause:
            found.append(Doubt(rule.id, "clause", {"value": first.isoformat(), "clause": clause.isoformat()}))
        former = seen.setdefault(rule.id, rule)
        if _are_two_matters(former, rule, pack):
            found.append(Doubt(rule.id, "twice", {"one": former.label, "other": rule.label}))
    return [*found, *_of_the_criteria(pack)]


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


def _beside(rule: Rule, higher: Rule) -> Iterator[Doubt]:
    if rule.kind_name != higher.kind_name:
        facts = {"refines": higher.id, "mine": rule.kind_name, "its": higher.kind_name}
        yield Doubt(rule.id, "kind", facts)
    elif rule.counted_in != higher.counted_in:
        facts = {"refines": higher.id, "mine": rule.counted_in, "its": higher.counted_in}
        yield Doubt(rule.id, "unit", facts)
