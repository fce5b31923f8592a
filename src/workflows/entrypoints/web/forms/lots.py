"""抽取复查对象 as a form: who takes part, who passed, how many have to be drawn, who comes out of a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.application.ports import FileEntry
from workflows.domain.act import Command
from workflows.domain.campaign.commands import DrawSample
from workflows.domain.campaign.rubric import scheme_of
from workflows.domain.campaign.state import Campaign, drawn
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.fields import Field
from workflows.entrypoints.web.words import CATALOGUE
from workflows.policies.kinds import Share
from workflows.policies.kinds.counts import fraction
from workflows.policies.rules import Rules

DRAW = "draw_sample"
LOTS = frozenset({DRAW, "recheck"})
"""Acts of a campaign about a sample."""

SEED_HINT = "抽取以前谁也定不了的一串字，如当场报的数；写了种子，谁都能照样再抽出同样的"


@dataclass(frozen=True, slots=True)
class Least:
    """How many have to be drawn, by which rule."""

    number: int
    share: str
    clause: str


@dataclass(frozen=True, slots=True)
class Lots:
    """What is known of a campaign before its sample is drawn; ids as a form writes them.

    ``count``: how many passed; ``sample``: who was drawn already.
    """

    passed: Sequence[str]
    count: int
    sample: Sequence[str]
    least: Least | None

    @classmethod
    def of(cls, ask: Ask, case: FileEntry, day: date) -> Lots:
        """Return what the books tell of a campaign on a day."""
        with ask.desk.app.answering.opened() as opened:
            books = opened.books
            file = books.file_state(case.id).at(day)
            if not isinstance(file, Campaign):
                return cls((), 0, (), None)
            sample, rules = file.sample, books.rules_for(file.unit_id, day)
            return cls(
                passed=[str(one) for one in file.passed.units],
                count=file.passed.count,
                sample=[str(one) for one in sample.sampled.units] if sample is not None else (),
                least=_least(file, rules, day),
            )

    def field(self, command: str, one: Field, known: Mapping[str, str]) -> Field:
        """Return a field with those who can be meant; ``known``: the names of units by their ids."""

        def choices(ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
            return tuple((unit, known[unit]) for unit in ids if unit in known)

        match command, one.name:
            case ("draw_sample", "passed"):
                told = f"账上初评达标的 {self.count} 个"
                hint = f"{told}，已经勾好；与账上不同的才改" if self.passed else f"{told}，与账上不同的才写"
                hint = hint if self.count else "账上还没有登记谁达标，勾选或者写数目"
                return replace(one, hint=hint)
            case ("draw_sample", "sampled"):
                offered = choices(self.passed) or one.choices
                return replace(one, choices=offered, hint=self._how_many(), required=True)
            case ("draw_sample", "seed"):
                return replace(one, hint=SEED_HINT)
            case ("recheck", "sampled" | "wrong"):
                offered = choices(self.sample) or one.choices
                return replace(one, choices=offered, required=one.required or one.name == "wrong")
        return one

    def _how_many(self) -> str:
        by_seed = "只写数目、再写种子，由程序抽；抽签抽好的，勾出来"
        if self.least is None or not self.count:
            return by_seed
        asked = (
            f"达标 {self.count} 个，至少抽 {self.least.number} 个（{self.least.share}，{self.least.clause}）"
        )
        return f"{asked}；{by_seed}"

    def lines(self, command: Command, known: Mapping[str, str]) -> list[str]:
        """Return what would be drawn: how many of how many, who, and how anybody draws the same again."""
        if not isinstance(command, DrawSample):
            return []
        passed = command.passed if isinstance(command.passed, list) else list(self.passed)
        count = command.passed if isinstance(command.passed, int) else len(passed) or self.count
        seed = str(command.seed) if command.seed is not None else ""
        number, units = _drawn(command.sampled, passed if count == len(passed) else [], seed)
        if not number or not count or number > count:
            return []
        share = f"抽 {number}/{count}（{100 * number / count:.4g}%）"
        names = CATALOGUE.listed(known.get(one, one) for one in units)
        found = [f"{share}：{names}" if names else share]
        if seed and units:
            found.append(f"种子“{seed}”：谁照它都能抽出同样的 {number} 个，办法写在考评页的“抽查”里")
        return found


def _drawn(sampled: Any, passed: Sequence[str], seed: str) -> tuple[int, list[str]]:
    """Return how many are drawn and, where that is known, who."""
    if isinstance(sampled, list):
        return len(sampled), [str(one) for one in sampled]
    if not isinstance(sampled, int) or isinstance(sampled, bool):
        return 0, []
    units = drawn([UUID(one) for one in passed], sampled, seed) if passed and seed else ()
    return sampled, [str(one) for one in units]


def _least(file: Campaign, rules: Rules, day: date) -> Least | None:
    """Return the largest share that the plan of a campaign asks for; None where it asks for none."""
    plan = scheme_of(file, rules, day)
    found = []
    for rule in rules.at(DRAW):
        value = rule.value_on(day)
        is_own = plan is None or rule.pack_id == plan.id
        if not isinstance(rule, Share) or rule.of != "sampled_units" or value is None or not is_own:
            continue
        share = fraction(value.value)
        is_strict = rule.is_strict(value)
        exact = share * file.passed.count
        number = floor(exact) + 1 if is_strict else ceil(exact)
        word = f"{'超过' if is_strict else '不少于'} {float(100 * share):g}%"
        found.append(Least(number, word, rule.cite(day)))
    return max(found, key=lambda one: one.number, default=None)
