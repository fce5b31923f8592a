"""What a case says, for reading: rules by their words, plans by their titles, periods as one says them.

The command line and the pages ask here, so that both say the same of a case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from workflows.entrypoints.period_words import is_period, period_word
from workflows.entrypoints.pieces import Names
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules


def shipped_title(name: str) -> str | None:
    """Return the title of a plan that comes with the program, adopted or not; None of any other."""
    from workflows.adapters.packs import shipped

    return next((pack.title for pack in shipped() if name in (pack.id, pack.title)), None)


@dataclass(frozen=True)
class CaseWords:
    """The words for what a case names by identifiers, as they stand on a day for the unit of the case.

    ``of_unit``: the rules that bind the unit, asked for only where the national ones know no word;
    ``name_of``: what a unit, a person or a case of an id is called.
    """

    national: Rules
    of_unit: Callable[[], Rules]
    on: date
    name_of: Names

    @cached_property
    def _own(self) -> Rules:
        return self.of_unit()

    def rule(self, name: str) -> Rule | None:
        """Return a national rule, or one that binds the unit; None for a name that is no rule's."""
        return self.national.rule(name) or self._own.rule(name)

    def label(self, name: str) -> str:
        """Return what a rule says in short where the name is that of one, else the name."""
        rule = self.rule(name)
        return name if rule is None else re.split("[；。：]", rule.label, maxsplit=1)[0]

    def sentence(self, name: str) -> str:
        """Return what a rule says in full where the name is that of one, else the name."""
        rule = self.rule(name)
        return name if rule is None else rule.label

    def plan(self, name: str) -> str | None:
        """Return what a pack of that id or title is called: where it holds, else as it came; None of none."""
        packs = self._own.packs
        known = (pack.title for pack in reversed(packs) if name in (pack.id, pack.title))
        return next(known, None) or shipped_title(name)

    def plan_quoted(self, name: str) -> str:
        """Return the title of a plan in its marks, the name as it stands where no pack has it."""
        title = self.plan(name)
        return name if title is None else f"《{title}》"

    def period(self, text: str) -> str:
        """Return a period in words, anything else (a day) as it stands."""
        return period_word(text, self.on) if is_period(text) else text

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return facts of a case with the rule by its label, the plan by its title, the period in words."""
        told = dict(facts)
        if isinstance(told.get("rule"), str):
            told["rule"] = self.sentence(told["rule"])
        if isinstance(told.get("point"), str):
            told["point"] = self.label(told["point"])
        if isinstance(told.get("criteria"), list):
            told["criteria"] = [self._criterion(one) for one in told["criteria"]]
        for name in ("scheme", "pack"):
            if isinstance(told.get(name), str):
                told[name] = self.plan_quoted(told[name])
        for name in ("checklist", "marks", "unmet"):
            if isinstance(told.get(name), list):
                told[name] = [self.label(one) for one in told[name]]
        if isinstance(told.get("checked"), list):
            told["checked"] = [{**one, "point": self.label(one["point"])} for one in told["checked"]]
        if isinstance(told.get("running"), Mapping):
            told["running"] = {self.label(name): said for name, said in told["running"].items()}
        if isinstance(told.get("period"), str):
            told["period"] = self.period(told["period"])
        return told

    def _criterion(self, one: Any) -> Any:
        """Return a criterion by its label, what proves it by theirs; anything else as it stands."""
        if isinstance(one, str):
            return self.label(one)
        if isinstance(one, Mapping) and "met" in one:
            return {**one, "id": self.label(one["id"])}
        if not isinstance(one, Mapping) or not one.get("proved_by"):
            return one
        return {**one, "proved_by": [self.sentence(name) for name in one["proved_by"]]}

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows of a history of a case with their facts in words."""
        return [{**row, "facts": self.facts(row["facts"])} for row in rows]
