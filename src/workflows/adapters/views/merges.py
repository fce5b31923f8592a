"""The directory of mergers of people (合并重复的人): who was ever counted as whom, and from when to when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, delete, insert, select

from workflows.adapters.views.tables import merges
from workflows.application.merges import Merge, merges_in
from workflows.domain.person.member_events import PersonsMerged
from workflows.kernel.events import EventRetracted, Recorded

_told = msgspec.json.Decoder(tuple[Merge, ...])


class SqlMerges:
    """The mergers of one log as one transaction sees them, with what the transaction itself adds."""

    def __init__(self, log_id: str, connection: Callable[[], Connection]) -> None:
        self._log_id, self._connection = log_id, connection
        self._merges: dict[UUID, tuple[Merge, ...]] | None = None
        self._new: set[UUID] = set()

    def all(self) -> Sequence[Merge]:
        """Return every merger, withdrawn or not."""
        return [merge for told in self._known().values() for merge in told]

    def _known(self) -> dict[UUID, tuple[Merge, ...]]:
        if self._merges is None:
            query = select(merges.c.person_id, merges.c.told).where(merges.c.log_id == self._log_id)
            found = self._connection().execute(query.order_by(merges.c.person_id))
            self._merges = {person: _told.decode(told) for person, told in found}
        return self._merges

    def note(self, record: Recorded, load: Callable[[UUID], list[Recorded]]) -> None:
        """Take in one event just appended; ``load`` gives a whole stream."""
        event, stream = record.event, record.stream_id
        if isinstance(event, PersonsMerged) or (
            isinstance(event, EventRetracted) and stream in self._known()
        ):
            self._known()[stream] = merges_in(load(stream))
            self._new.add(stream)

    def start_anew(self) -> None:
        """Begin as if none were written yet."""
        self._merges = {}

    def flush(self) -> None:
        """Write what was taken in."""
        if not self._new:
            return
        own = merges.c.log_id == self._log_id
        self._connection().execute(delete(merges).where(own, merges.c.person_id.in_(list(self._new))))
        rows = [
            {"log_id": self._log_id, "person_id": one, "told": msgspec.json.encode(self._known()[one])}
            for one in sorted(self._new)
        ]
        self._connection().execute(insert(merges), rows)
        self._new = set()
