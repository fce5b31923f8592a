"""Our events through the library's ``EventStore``, ``Repository`` and subscriptions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from workflows.adapters.keys.store import KeyStore
from workflows.adapters.store.mapper import EventMapper
from workflows.adapters.store.recorder import HeadedEvent, Header, NotifiedRow, StoredRow
from workflows.kernel.events import NewEvent, Recorded


class LibraryMapper(Mapper[UUID]):
    """Takes :class:`NewEvent`, gives :class:`Recorded`; to be used with :class:`SqlRecorder`."""

    def __init__(self, mapper: EventMapper, keys: KeyStore) -> None:
        super().__init__(JSONTranscoder())  # never used: the bytes are ours
        self._mapper = mapper
        self._keys = keys

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Return a new event as bytes with its header; the key it is sealed with is on disk by then."""
        new: NewEvent = domain_event
        sealed_with: dict[UUID, bytes] = {}
        data, event = self._mapper.encode(new, sealed_with)
        self._keys.persist(sealed_with)
        header = Header(
            event_id=new.event_id,
            schema_version=event.schema_version,
            actor=new.actor,
            origin=new.origin,
            unit_id=new.unit_id,
            command_id=new.command_id,
            correlation_id=new.correlation_id,
            causation_id=new.causation_id,
            effective_on=event.effective_on,
            as_history=new.as_history,
            reason=new.reason,
        )
        return HeadedEvent(new.stream_id, new.version, event.topic(), data, header)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return a stored event with its header, a :class:`Recorded`.

        Raises:
            TypeError: it does not come from :class:`SqlRecorder`.
            UnreadableEvent: see :meth:`EventMapper.recorded`.
        """
        if not isinstance(stored_event, StoredRow | NotifiedRow):
            raise TypeError("a stored event without its row")
        self._keys.refresh()
        record: Recorded = self._mapper.recorded(stored_event.row)
        return record
