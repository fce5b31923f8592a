"""Meetings before they are judged: whose, on which day, where they stand in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID


class HeldRow(NamedTuple):
    """That a meeting was held, before it is judged; ``position`` is that of its record."""

    unit_id: UUID
    on: date
    position: int


class HeldRows(Protocol):
    """The meetings asked for, wherever they are told."""

    def days(self) -> Mapping[date, int]:
        """Return how many were held on each day."""
        ...

    def between(self, first: date, last: date) -> list[HeldRow]:
        """Return those of some days (inclusive), in any order."""
        ...


class Told(NamedTuple):
    """Meetings read from the states of their units; implements :class:`HeldRows`."""

    rows: Sequence[HeldRow]

    def days(self) -> Mapping[date, int]:
        """Return how many were held on each day."""
        return Counter(row.on for row in self.rows)

    def between(self, first: date, last: date) -> list[HeldRow]:
        """Return those of some days (inclusive), in any order."""
        return [row for row in self.rows if first <= row.on <= last]
