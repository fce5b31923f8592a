"""What reasons of every kind of rule are told with: facts, values, amounts, arithmetic, remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.entrypoints.catalogue import Catalogue
from workflows.policies.findings import Calc, Finding, Verdict

Names = Callable[[str], str | None]
"""Resolves an id (text) to the name of a person or unit, None where it is none."""

MOST_NAMED = 8
"""How many of those left over are named."""

DAY_UNITS = frozenset({"day", "working_day", "month", "quarter", "year"})


NOT_ELECTED = "not_elected"
"""The word of the verdict on a candidate who was not elected."""


def verdict_key(verdict: str, facts: Mapping[str, Any], kind: str = "") -> str:
    """Return the word of a verdict: a candidate without a majority is defeated, a measure missed no vote."""
    if verdict == Verdict.NOT_PASSED and kind in ("count", "quota"):
        return "not_accepted"
    defeated = verdict == Verdict.NOT_PASSED and {"item", "votes"} <= facts.keys()
    return NOT_ELECTED if defeated else str(verdict)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a finding was made: the command, its day, and whose case it is (a name, "" where unknown)."""

    command: str = ""
    on: date | None = None
    who: str = ""


class Pieces:
    """Words for what a finding holds."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self.words, self.names = catalogue, names

    def _say(self, key: str, **facts: Any) -> str:
        return self.words.sentence("why", key, **facts)

    def _do(self, key: str, **facts: Any) -> str:
        return self.words.sentence("remedy", key, **facts)

    def amount(self, number: str, unit: str) -> str:
        """Return ``12个月`` or ``12 months``."""
        if not unit:
            return number
        word = self.words.word("unit", unit)
        return f"{number}{word}" if self.words.lang == "zh" else self.words.numbered(f"{number} {word}")

    def _fact(self, name: str) -> str:
        return self.words.any_word(name, "fact", "command", "stage") or self.words.word("fact", name)

    def _missing(self, finding: Finding) -> str:
        return self.words.listed(
            self.words.any_word(name, "command", "fact") or self.words.word("fact", name)
            for name in finding.missing
        )

    def shown(self, name: str, value: Any) -> str:
        """Return the value of a fact as one reads it: names for ids, words for identifiers; never nothing."""
        if value is None or value in ("", [], (), {}):
            return self.words.sentence("say", "untold")
        if isinstance(value, bool):
            return self.words.word("value", "true" if value else "false")
        if isinstance(value, list | tuple):
            return self.words.listed(self.shown(name, item) for item in value)
        if isinstance(value, dict):
            return self.words.listed(self._bound(key, self.shown(key, item)) for key, item in value.items())
        text = str(value)
        category = {"type": "meeting", "stage": "stage", "unit_kind": "kind", "unit_level": "level"}.get(name)
        if category is not None:
            return self.words.word(category, text)
        return (
            self.names(text)
            or self.words.any_word(text, "value", "command", "stage", "kind", "level", "meeting", "post")
            or text
        )

    def _bound(self, key: str, text: str) -> str:
        """Return one entry of a value that is a table: ``不少于3``, ``超过3000元``."""
        if self.words.has("bound", key):
            return self.words.sentence("bound", key, value=text)
        return self._fact(key) + ("" if self.words.lang == "zh" else " ") + text

    def _earliest(self, finding: Finding) -> str:
        """Return from which day the act is lawful, by a rule that holds by then where it asks for more."""
        later = finding.later
        if later is None:
            return self._do("earliest", earliest_on=finding.earliest_on)
        counted = isinstance(later.value, int) and not isinstance(later.value, bool) and later.unit
        told = {"since": later.since, "clause": later.clause, "lawful_on": later.on}
        if not counted:
            return self._do("earliest_later", **told)
        return self._do("earliest_span", span=self.amount(str(later.value), later.unit), **told)

    def _usual(self, finding: Finding) -> str:
        """Return what can usually be done about a verdict."""
        match finding.verdict:
            case Verdict.BLOCK | Verdict.INCOMPLETE if finding.earliest_on:
                return self._earliest(finding)
            case Verdict.INCOMPLETE:
                return self._do("missing")
            case Verdict.BLOCK:
                return self._do("fix")
            case Verdict.WARN:
                return self._do("reason")
            case Verdict.LATE:
                return self._do("late")
            case Verdict.REFER:
                return self._do("refer")
            case Verdict.NOT_PASSED:
                return self._do(verdict_key(finding.verdict, finding.facts))
        return ""

    def _generic(self, finding: Finding) -> str:
        facts = self.words.listed(f"{self._fact(k)} {self.shown(k, v)}" for k, v in finding.facts.items())
        label = finding.label if self.words.lang == "zh" else finding.rule
        if not facts:
            return self._say("generic", label=label or finding.rule)
        return self._say("generic_facts", label=label or self._fact(finding.rule), facts=facts)

    def _lacks(self, finding: Finding) -> tuple[str, str]:
        """Return the parts for something missing: a step to be done first, or a fact to be given."""
        steps = [name for name in finding.missing if self.words.known("command", name)]
        listed = self._missing(finding)
        if finding.verdict is Verdict.NOTE:
            return self._say("missing", missing=listed), self._do("missing_later")
        if finding.verdict is Verdict.WARN:
            return self._say("missing", missing=listed), self._do("missing_or_reason")
        remedy = self._do("steps", missing=listed) if steps else self._do("missing")
        return self._say("missing", missing=listed), remedy

    def _tree(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Return what stands in the way of a change of the tree, with names for ids, and the way out."""
        told = {name: self._few(value) for name, value in finding.facts.items()}
        untangled = self.words.sentence("untangle", finding.rule, **told)
        return self.words.sentence("tree", finding.rule, **told), untangled

    def _merge(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Return what speaks against two people being one, with names for ids, and what can be done."""
        told = {name: self._few(value) for name, value in finding.facts.items()}
        if "step" in told:
            told["step"] = self.words.word("command", str(finding.facts["step"]))
        if "stage" in told:
            told["stage"] = self.words.word("stage", str(finding.facts["stage"]))
        for name in ("field", "fields"):
            names = finding.facts.get(name, [])
            told[name] = self.words.listed(map(self._fact, [names] if isinstance(names, str) else names))
        return self.words.sentence("merge", finding.rule, **told), self.words.sentence(
            "unmerge", finding.rule, **told
        )

    def _few(self, value: Any) -> str:
        """Return a value as one reads it; of many names the first ones."""
        if not isinstance(value, list | tuple):
            return self.shown("", value)
        told = self.words.listed(self.shown("", item) for item in value[:MOST_NAMED])
        more = "等" if self.words.lang == "zh" else ", …"
        return told + (more if len(value) > MOST_NAMED else "")

    def _paper(self, finding: Finding, scene: Scene) -> tuple[str, str]:
        """Return what is wrong with a paper of a step, and what can be done."""
        if finding.missing:
            return self._say("paper_missing", paper=finding.label), self._do("paper")
        if finding.calc:
            line = finding.calc[0]
            key = "paper_after" if line.op == ">" else "paper_before"
            return self._say(key, paper=finding.label, dated_on=line.left, on=line.right), self._do(
                "paper_day"
            )
        who = self.words.listed(finding.facts.get("unsigned") or ())
        return self._say("paper_unsigned", paper=finding.label, who=who), self._do("paper_signed")

    def calc(self, line: Calc) -> str:
        """Return a line of arithmetic as one checks it by hand: ``2024-06-01 + 12 个月 = 2025-06-01``."""
        return self.words.numbered(self._sum(line))

    def _sum(self, line: Calc) -> str:
        if line.op == "=":
            who = self.shown("person", line.unit) if line.unit else ""
            return f"{who} {self._fact(line.left)} = {self.shown(line.left, line.right)}".strip()
        unit = self.words.word("unit", line.unit) if line.unit else ""
        if line.unit == "day" and line.op == "-" and not line.result.count("-"):
            return f"{line.left} - {line.right} = {line.result} {unit}"
        right = f"{line.right} {unit}" if line.unit in DAY_UNITS else line.right
        left = f"{line.left} {unit}" if line.unit and line.unit not in DAY_UNITS else line.left
        text = f"{left} {line.op} {right}"
        if line.unit and line.unit not in DAY_UNITS:
            text = f"{text} {unit}"
        return f"{text} = {line.result}" if line.result else text
