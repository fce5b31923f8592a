"""Chance from a seed: the demo draws the same lots on every machine and every release of Python."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_WORD = (1 << 64) - 1
_FRACTION_BITS = 53


class Chance:
    """A source of lots (SplitMix64) that depends on its seed alone; never for keys or secrets.

    ``fork`` gives a source of its own to each part of a story, so that one part drawing more often leaves the
    lots of the others as they were.
    """

    __slots__ = ("_seed", "_state")

    def __init__(self, *seed: object) -> None:
        self._seed = "\x1f".join(str(part) for part in seed)
        self._state = int.from_bytes(blake2b(self._seed.encode(), digest_size=8).digest(), "big")

    def fork(self, *parts: object) -> Chance:
        """Return the source that belongs to ``parts``, whatever was drawn here before."""
        return Chance(self._seed, *parts)

    def _word(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
        return mixed ^ (mixed >> 31)

    def share(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return (self._word() >> (64 - _FRACTION_BITS)) / (1 << _FRACTION_BITS)

    def number(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included.

        Raises:
            ValueError: ``high`` is below ``low``.
        """
        if high < low:
            raise ValueError(f"no number from {low} to {high}")
        return low + (self._word() * (high - low + 1) >> 64)

    def happens(self, probability: float) -> bool:
        """Say whether something of this probability happens."""
        return self.share() < probability

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things, each as likely as the others."""
        return things[self.number(0, len(things) - 1)]

    def weighted(self, weights: dict[T, int]) -> T:
        """Return one of the keys, as likely as its weight says (whole numbers, at least one above 0)."""
        left = self.number(1, sum(weights.values()))
        for thing, weight in weights.items():
            left -= weight
            if left <= 0:
                return thing
        raise ValueError("no weights")

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Return the things in another order."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.number(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of the things (all of them where there are fewer)."""
        return self.shuffled(things)[:count]
