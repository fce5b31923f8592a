"""What rules say of a gathering besides numbers: who need not come, and what may be held together."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from workflows.policies.acts import MEETINGS
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds.counts import OUT_OF_BASE
from workflows.policies.rule import Act, DatedValue, Rule

IN_BASE = "in_base"


class Exemption(Rule):
    """``exemption``: of whom (``of``) attendance is not demanded, and whether they are in the base of a rate.

    Value: ``in_base`` (staying away is no fault, the base stays) or ``out_of_base`` (not counted). A
    ``share`` that names the rule (``exempt_by``) counts by it; a quorum or a majority never does: who has a
    vote is due.
    """

    kind_name: ClassVar[str] = "exemption"
    kind: Literal["exemption"]
    of: str = "exempt"

    def accept(self, value: Any) -> None:
        """Accept one of the two words."""
        if value not in (IN_BASE, OUT_OF_BASE):
            raise ValueError(f"{self.id}: {IN_BASE} or {OUT_OF_BASE}, not {value!r}")

    def fact_names(self) -> tuple[str, ...]:
        """Return how many are exempt, and of how many."""
        return (self.of, "eligible")

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say how many are free to stay away; nothing where nobody is."""
        if not act.book.number(self.of):
            return []
        return [self.finding(act, value, Verdict.OK, facts={"counted": value.value})]

    def tightens(self, mine: Any, other: Any) -> bool:
        """To leave the exempt out of the base fills what a higher layer leaves open; not the other way."""
        return bool(mine in (OUT_OF_BASE, other))


class Joins(Rule):
    """``joins``: which meetings one gathering may be at once (``value``: their types).

    Without a rule that allows it the other meetings count for nothing, and a person decides.
    """

    kind_name: ClassVar[str] = "joins"
    kind: Literal["joins"]
    of: str = "joined"

    def accept(self, value: Any) -> None:
        """Accept a list of two or more types."""
        if not isinstance(value, list) or len(value) <= 1 or not all(kind in MEETINGS for kind in value):
            raise ValueError(f"{self.id}: two or more of {', '.join(MEETINGS)}")

    def fact_names(self) -> tuple[str, ...]:
        """Return what was held together."""
        return (self.of,)

    def check(self, act: Act, value: DatedValue) -> list[Finding]:
        """Say which of the meetings held together may be so; nothing where that are none."""
        together = [kind for kind in act.book.value(self.of) or () if kind in value.value]
        if len(together) <= 1:
            return []
        return [self.finding(act, value, Verdict.OK, facts={self.of: together})]

    def tightens(self, mine: Any, other: Any) -> bool:
        """Fewer meetings allowed together ask more."""
        return set(mine) <= set(other)


class Statement(Rule):
    """``statement``: what a text says that no record can keep or break: an aim, a principle (``value``)."""

    kind_name: ClassVar[str] = "statement"
    kind: Literal["statement"]

    def accept(self, value: Any) -> None:
        """Accept a text."""
        if not isinstance(value, str) or not value:
            raise ValueError(f"{self.id}: a text, not {value!r}")
