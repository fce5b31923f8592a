"""Lists: the points by which something is assessed, and what a paper has to name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from pydantic import Field

from workflows.policies.findings import Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule


class Criterion(Rule):
    """``criterion``: one point of a list by which something is assessed; a person says whether it is met.

    ``of`` is the fact with what was said of the points, by id (true, false; None: it could not be seen). Of a
    point of which nothing was said nothing is found: it stays open, neither met nor unmet. ``measured``: the
    number that another rule of the same id compares decides it alone.
    """

    kind_name: ClassVar[str] = "criterion"
    reads_day: ClassVar[bool] = False
    kind: Literal["criterion"]
    of: str = "criteria"
    measured: bool = False

    def accept(self, value: Any) -> None:
        """Accept true, or the words of the text that say what is looked at."""
        if value is not True and (not isinstance(value, str) or not value):
            raise ValueError(f"{self.id}: true or a text, not {value!r}")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say whether the point was found met; nothing where nobody said so."""
        told = act.book.value(self.of) or {}
        met = next((told[name] for name in (self.id, *self.aliases) if name in told), None)
        if met is None:
            return []
        return [self.finding(act, value, Verdict.OK) if met else self.broken(act, value)]


class Covers(Rule):
    """``covers``: a list names everything in ``value``; each word is looked for in what was said.

    ``also``: what it names as well "and so on" (等): where only such words lack, it is noted.
    """

    kind_name: ClassVar[str] = "covers"
    reads_day: ClassVar[bool] = False
    kind: Literal["covers"]
    of: str
    also: tuple[str, ...] = Field(default=(), strict=False)

    def accept(self, value: Any) -> None:
        """Accept a list of words, none of them twice."""
        words = value if isinstance(value, list) else []
        if (
            not words
            or not all(isinstance(one, str) and one for one in words)
            or len(set(words)) < len(words)
        ):
            raise ValueError(f"{self.id}: a list of different words, not {value!r}")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Name what is not among what was said; nothing where an old paper does not tell."""
        said = act.book.value(self.of)
        if said is None and not act.book.complete:
            return []
        wanted = (*value.value, *self.also)
        lacking = [word for word in wanted if not _is_said(word, said or ())]
        facts = {"named": len(wanted) - len(lacking), **({"lacking": lacking} if lacking else {})}
        if any(word in value.value for word in lacking):
            return [self.broken(act, value, facts=facts)]
        return [self.finding(act, value, Verdict.NOTE if lacking else Verdict.OK, facts=facts)]

    def tightens(self, mine: Any, other: Any) -> bool:
        """Who names more asks more."""
        return set(mine) >= set(other)


def _is_said(word: str, said: Iterable[str]) -> bool:
    return any(word in one for one in said)
