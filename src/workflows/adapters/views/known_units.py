"""The units of the directory kept between readings: every page asks for them, and they seldom change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from workflows.application.ports import UnitEntry
from workflows.application.tree import FOUNDING
from workflows.kernel.events import EventRetracted, FactCorrected, event_types

if TYPE_CHECKING:
    from workflows.adapters.views.books_log import BooksReading

MOST_NEW = 2_000
"""Events since the last look beyond which it is cheaper to read every unit anew."""

CHANGING = frozenset(
    topic
    for topic, kind in event_types().items()
    if issubclass(kind, FOUNDING | FactCorrected | EventRetracted)
)
"""The stored names of the events after which the directory may tell otherwise of a unit."""

Entries = dict[UUID, UnitEntry]


@dataclass(frozen=True, slots=True)
class _Known:
    position: int
    epoch: int
    entries: Entries


class KnownUnits:
    """Every unit as of a position of the log, for readings of one process.

    A reading takes them over where nothing recorded since may have changed a unit; ``epoch`` says which
    filling of the directory they are from, so that a rebuild by whatever process is noticed.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: _Known | None = None

    def of(self, reading: BooksReading, epoch: int, read: Callable[[], Entries]) -> Entries:
        """Return the units as a reading sees them, by ``read`` where those kept will not do."""
        known, head = self._known, reading.head()
        if known is not None and known.epoch == epoch and _is_as_good(known.position, head, reading):
            entries = known.entries
        else:
            entries = read()
        with self._lock:
            if self._known is None or self._known.epoch != epoch or self._known.position < head:
                self._known = _Known(head, epoch, entries)
        return entries


def _is_as_good(position: int, head: int, reading: BooksReading) -> bool:
    """Say whether what was known at a position holds at the head of a reading."""
    if not head - MOST_NEW <= position <= head:
        return False
    return all(topic not in CHANGING for _, _, topic in reading.touched_since(position, MOST_NEW))
