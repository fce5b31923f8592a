"""Rounds: every variant once in each, on a fresh database, and the median of the ratios."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Place:
    """A kind of database, and how to get an empty one."""

    name: str
    empty: Callable[[], Any]


@dataclass
class Variant:
    """One way to do it, and how much of it a round does."""

    name: str
    run: Callable[[str, int], float]
    amount: int
    goal: float | None = None


def compare(title: str, place: Place, rounds: int, variants: list[Variant]) -> None:
    """Run all variants in turn, and print the median of each round's ratio to the first."""
    speeds: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for number in range(rounds + 1):
        for variant in variants:
            with place.empty() as url:
                speed = variant.run(url, variant.amount)
            if number:  # the first round only warms up
                speeds[variant.name].append(speed)
    print(f"\n{title}, {place.name} ({rounds} rounds)")
    base = speeds[variants[0].name]
    for variant in variants:
        ratios = sorted(one / other for one, other in zip(speeds[variant.name], base, strict=True))
        ratio = statistics.median(ratios)
        spread = f"{ratios[len(ratios) // 4]:.2f}..{ratios[3 * len(ratios) // 4]:.2f}"
        goal = (
            ""
            if variant.goal is None
            else f"   goal {variant.goal}: {'met' if ratio >= variant.goal else 'MISSED'}"
        )
        speed = statistics.median(speeds[variant.name])
        print(f"  {variant.name:44} {speed:9,.0f}/s  ratio {ratio:5.2f}  ({spread}){goal}", flush=True)
