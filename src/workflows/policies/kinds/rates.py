"""A rate told alone: rules compare it in parts, a finding quotes it as it was told."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from workflows.policies.findings import PERCENT, Calc, Finding


def of_the_rate(made: Finding, rate: float, of: str, base: str, wanted: str) -> Finding:
    """Return a finding about a share with the rate for the two numbers, which nobody counted.

    ``wanted``: the share that the rule asks for, in per cent.
    """
    others = {name: told for name, told in made.facts.items() if name not in (of, base)}
    told = f"{Decimal(str(rate)).normalize():f}"
    line = Calc(told, made.calc[0].op, wanted, unit=PERCENT)
    return replace(made, facts={f"{of}_{PERCENT}": rate, **others}, calc=(line,))
