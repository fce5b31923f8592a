"""What a case says, for reading: rules by their words, periods as one says them."""

from __future__ import annotations

import re
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
    for name in ("scheme", "pack"):
        if isinstance(told.get(name), str):
            title = pack_title(told[name], desk, unit_id)
            told[name] = told[name] if title is None else f"《{title}》"
    for name in ("checklist", "marks"):
        if isinstance(told.get(name), list):
            told[name] = [_label(one, desk, unit_id) for one in told[name]]
    if isinstance(told.get("checked"), list):
        told["checked"] = [{**one, "point": _label(one["point"], desk, unit_id)} for one in told["checked"]]
    if isinstance(told.get("period"), str) and is_period(told["period"]):
        told["period"] = period_told(told["period"], desk)
    return told


def pack_title(name: object, desk: Desk, unit_id: object) -> str | None:
    """Return what a pack of that id or title is called where it holds; None where none does."""
    packs = desk.rules_for(unit_id).packs
    return next((pack.title for pack in reversed(packs) if name in (pack.id, pack.title)), None)


def _criterion(one: Any, desk: Desk, unit_id: object) -> Any:
    """Return a criterion by its label, with the rules that prove it by theirs; anything else as it stands."""
    if isinstance(one, str):
        return _label(one, desk, unit_id)
    if isinstance(one, Mapping) and "met" in one:
        return {**one, "id": _label(one["id"], desk, unit_id)}
    if not isinstance(one, Mapping) or not one.get("proved_by"):
        return one
    rules = [(name, desk.rule(name, unit_id)) for name in one["proved_by"]]
    return {**one, "proved_by": [rule.label if rule is not None else name for name, rule in rules]}


def _label(name: str, desk: Desk, unit_id: object) -> str:
    """Return what a rule says in short where the name is that of one, else the name."""
    rule = desk.rule(name, unit_id)
    return name if rule is None else re.split("[；。：]", rule.label, maxsplit=1)[0]


def period_told(period: str, desk: Desk) -> str:
    """Return a period in words, anything else (a day) as it stands."""
    return period_word(period, desk.horizon.as_of) if is_period(period) else period


def rows_in_words(rows: Sequence[Mapping[str, Any]], desk: Desk, unit_id: object) -> list[dict[str, Any]]:
    """Return the rows of a history of a case with their facts in words."""
    return [{**row, "facts": in_words(row["facts"], desk, unit_id)} for row in rows]
