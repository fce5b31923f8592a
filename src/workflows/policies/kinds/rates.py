"""A number told otherwise than rules compare it: compared in whole parts, quoted as it was told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from workflows.policies.facts import UNKNOWN
from workflows.policies.findings import PERCENT, Calc, Finding, Verdict
from workflows.policies.rule import Act, DatedValue, Rule


class AsTold(Rule):
    """Base of the kinds that compare a number (``of``), alone or with a share of another (``base``)."""

    def finding(self, act: Act, value: DatedValue, verdict: Verdict, **more: Any) -> Finding:
        """Return a finding that quotes what was told: a rate alone as a rate, a score with its fractions."""
        made, name = super().finding(act, value, verdict, **more), str(getattr(self, "of", None))
        told, base = act.book.facts.get(name, UNKNOWN), getattr(self, "base", None)
        if not made.calc or (told.percent is None and told.exact is None):
            return made
        if base is None or told.percent is None:
            first = replace(made.calc[0], left=_plainly(told.exact if told.exact is not None else told.value))
            return replace(made, facts={**made.facts, name: told.exact}, calc=(first, *made.calc[1:]))
        others = {one: fact for one, fact in made.facts.items() if one not in (name, base)}
        wanted = _plainly(float(Fraction(value.value) * 100))
        line = Calc(_plainly(told.percent), made.calc[0].op, wanted, unit=PERCENT)
        return replace(made, facts={f"{name}_{PERCENT}": told.percent, **others}, calc=(line,))


def _plainly(number: float) -> str:
    return f"{Decimal(str(number)).normalize():f}"
