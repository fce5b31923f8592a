"""States as known now, kept between transactions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from workflows.application.ports import Reading
from workflows.domain.case_files import CaseFile
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit

State = Person | Unit | CaseFile

TOO_FAR_BEHIND = 5_000
"""Events to catch up with beyond which it is cheaper to forget every state."""


MOST_KEPT = 100_000
"""A county (3,000 branches, 60,000 people) with room to grow, in about half a gigabyte.

Were it less, who goes through all of them would find each forgotten just before it is asked for again.
"""


class States:
    """States as known now, kept between transactions; only ever used for what is known now.

    They are kept by position. Where a transaction was undone, others may since have come to stand at its
    positions: then all is forgotten. Only who holds a transaction of the log may use them.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.position = 0
        self._undone = 0
        self._most = most
        self._states: dict[UUID, State] = {}

    def catch_up(self, reading: Reading) -> set[UUID]:
        """Forget the states of streams changed since the last look; return which (empty: all or none)."""
        head, undone = reading.head(), reading.undone
        if undone != self._undone or head < self.position or head - self.position > TOO_FAR_BEHIND:
            self.clear()
            self._undone = undone
        changed: set[UUID] = set()
        if head > self.position and self._states:
            changed = {record.stream_id for record in reading.load_since(self.position, TOO_FAR_BEHIND)}
            merges = [
                merge
                for merge in reading.directory.merges()
                if merge.keep in changed or merge.other in changed
            ]
            if any(merge.is_of(self.position) for merge in merges):
                changed = set(self._states)  # whoever was spoken of may be somebody else now
            changed |= {merge.keep for merge in merges}
            for stream_id in changed:
                self._states.pop(stream_id, None)
        self.position = head
        return changed

    def get(self, stream_id: UUID) -> State | None:
        """Return a state if it is kept."""
        return self._states.get(stream_id)

    def keep(self, stream_id: UUID, state: State) -> None:
        """Keep a state; when there are too many, the oldest half goes."""
        if len(self._states) >= self._most:
            for old in list(self._states)[: self._most // 2]:
                del self._states[old]
        self._states[stream_id] = state

    def go_back(self, position: int, stream_ids: Iterable[UUID]) -> None:
        """Forget what a command had folded that left nothing behind, and stand where it began."""
        self.forget(stream_ids)
        self.position = position

    def forget(self, stream_ids: Iterable[UUID]) -> None:
        """Forget some states."""
        for stream_id in stream_ids:
            self._states.pop(stream_id, None)

    def forget_all(self) -> None:
        """Forget every state, and stand where they stood."""
        self._states.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._states.clear()
        self.position = 0
