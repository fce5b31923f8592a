"""What a case says, for reading: rules by their words, periods as one says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.words import is_period, period_word


def in_words(facts: Mapping[str, Any], desk: Desk, unit_id: object) -> dict[str, Any]:
    """Return facts of a case with the rule by its label and the period in words."""
    told = dict(facts)
    if isinstance(told.get("rule"), str):
        rule = desk.rule(told["rule"], unit_id)
        told["rule"] = rule.label if rule is not None else told["rule"]
    if isinstance(told.get("criteria"), list):
        told["criteria"] = [_criterion(one, desk, unit_id) for one in told["criteria"]]
    if isinstance(told.get("scheme"), str):
        packs = desk.rules_for(unit_id).packs
        titles = [f"《{pack.title}》" for pack in packs if pack.id == told["scheme"]]
        told["scheme"] = next(iter(titles), told["scheme"])
    if isinstance(told.get("period"), str) and is_period(told["period"]):
        told["period"] = period_told(told["period"], desk)
    return told


def _criterion(one: Any, desk: Desk, unit_id: object) -> Any:
    """Return a criterion with the rules that prove it by their labels; anything else as it stands."""
    if not isinstance(one, Mapping) or not one.get("proved_by"):
        return one
    rules = [(name, desk.rule(name, unit_id)) for name in one["proved_by"]]
    return {**one, "proved_by": [rule.label if rule is not None else name for name, rule in rules]}


def period_told(period: str, desk: Desk) -> str:
    """Return a period in words, anything else (a day) as it stands."""
    return period_word(period, desk.horizon.as_of) if is_period(period) else period


def rows_in_words(rows: Sequence[Mapping[str, Any]], desk: Desk, unit_id: object) -> list[dict[str, Any]]:
    """Return the rows of a history of a case with their facts in words."""
    return [{**row, "facts": in_words(row["facts"], desk, unit_id)} for row in rows]
