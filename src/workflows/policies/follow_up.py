"""跟踪: for how long what was closed out, or taken off the list, is watched afterwards.

No national text says so; local plans do (a year, 2020). A year is therefore a convention of ours, marked as
such, until a unit or a superior adopts a pack with a ``within`` rule of the id (or alias) ``follow-up`` about
``rectification`` or ``listing``: then its span holds, with its clause.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflows.kernel import calendar
from workflows.policies.kinds import Within
from workflows.policies.rule import DatedValue, Rule
from workflows.policies.rules import Rules

FOLLOW_UP = "follow-up"
OURS, OUR_UNIT, OUR_CONFIDENCE = 1, "year", "GK"


class FollowUp(NamedTuple):
    """Until when (inclusive) something is followed up, and the rule that says so; None: our convention."""

    until: date
    rule: Rule | None = None
    value: DatedValue | None = None

    @property
    def clause(self) -> str:
        """Return the clause, "" where none stands behind it."""
        return self.rule.cite(self.until) if self.rule is not None else ""

    @property
    def confidence(self) -> str:
        """Return how surely it was read."""
        if self.rule is None or self.value is None:
            return OUR_CONFIDENCE
        return self.value.confidence or self.rule.clause_on(self.until).confidence


def follow_up(rules: Rules, scope: str, since: date) -> FollowUp:
    """Return until when a case of a kind (``rectification``, ``listing``) is followed up from a day on."""
    named = (rule.id for pack in rules.packs for rule in pack.own_rules if is_follow_up(rule, scope))
    for rule_id in dict.fromkeys(named):
        for rule in rules.rules_named(rule_id):
            value = rule.value_on(since)
            if value is not None and isinstance(rule, Within):
                return FollowUp(calendar.add(since, value.value, rule.unit), rule, value)
    return FollowUp(calendar.add(since, OURS, OUR_UNIT))


def is_follow_up(rule: Rule, scope: str) -> bool:
    """Say whether a rule tells for how long a case of a kind is followed up."""
    return FOLLOW_UP in (rule.id, *rule.aliases) and rule.about == scope
