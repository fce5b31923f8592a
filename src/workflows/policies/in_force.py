"""What holds on a day: a rule with its value, what a layer asks, lawful days, layers that differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.relief import waiver_on
from workflows.policies.rule import DatedValue, Rule


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule with the value that holds on the day asked for."""

    rule: Rule
    value: DatedValue


@dataclass(frozen=True, slots=True)
class Standing:
    """What one layer asks about a matter on a day: whether it holds, and whose other value it overrides."""

    rule: Rule
    value: DatedValue
    holds: bool
    overrides: tuple[str, ...]


class Lawful(NamedTuple):
    """The lawful days of an act, inclusive, and the rule that binds most.

    ``provisional``: the earliest rests on a year whose working days are not known yet.
    """

    earliest: date | None
    latest: date | None
    rule: str | None
    provisional: bool


def is_waived(rule: Rule, book: FactBook, on: date) -> bool:
    """Say whether the unit or person of a book was let off a rule on a day."""
    return bool(book.reliefs) and waiver_on(book.reliefs, rule.id, rule.aliases, on) is not None


def conflict_of(higher: InForce, lower: InForce, on: date) -> Finding:
    """Return the finding that a lower layer asks less than a higher one, whose value holds."""
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
