"""Between events and stored bytes: JSON, personal fields sealed per stream, old versions lifted at reading.

A sealed field is null in the JSON; its value stands, encrypted, with the others of the event under
``_sealed``. So an event whose key was erased decodes like any other, with None in these fields.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from workflows.adapters.store.chain import EventRow
from workflows.adapters.store.errors import UnreadableEvent
from workflows.adapters.store.times import moment
from workflows.kernel.events import Event, NewEvent, Recorded, event_types

SEALED = "_sealed"
SEALED_MARK = b'"_sealed":'  # cannot occur inside a JSON string: there its quotes are escaped
NONCE_BYTES = 12
TAG_BYTES = 16

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Lifts the JSON object of one version of an event to the next; sealed fields may be None in it."""


class Keys(Protocol):
    """What the mapper asks of the key store."""

    def stage(self, subject: UUID) -> bytes:
        """Return the key to seal with; it is made durable before the events are committed."""
        ...

    def known_key(self, subject: UUID) -> bytes | None:
        """Return the key to open with, None when it was erased."""
        ...


class EventMapper:
    """Encodes and decodes the events of one log."""

    def __init__(
        self,
        keys: Keys,
        upcasts: Mapping[tuple[str, int], Upcast] | None = None,
        types: Mapping[str, type[Event]] | None = None,
    ) -> None:
        """Use ``keys`` to seal and open.

        ``upcasts`` maps (topic, version) to the step that leads to the next version; ``types`` maps topics to
        classes, by default all that are loaded.
        """
        self._keys = keys
        self._upcasts = upcasts or {}
        self._given_types = types
        self._types: Mapping[str, type[Event]] = types or {}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}
        self._encoder = msgspec.json.Encoder()

    # --- writing ----------------------------------------------------------------------------------------

    def encode(self, new: NewEvent, sealed_with: dict[UUID, bytes]) -> tuple[bytes, Event]:
        """Return the bytes to store, and the event as these bytes will give it back.

        The key used goes into ``sealed_with``, by stream; before the commit it is to be made durable.

        Raises:
            TypeError: a field does not hold what its type says, or a sealed field could not be None. Such an
                event could never be read again.
            KeyProblem: ``key-erased``: personal data of an erased person.
        """
        event = new.event
        kind = type(event)
        if self._type_named(kind.topic()) is not kind:
            raise TypeError(f"{kind.__name__} is not the event stored as {kind.topic()}")
        try:
            fields = event.sealed_fields()
            if not fields:
                data = self._encoder.encode(event)
                return data, self._decoder(kind).decode(data)
            body: dict[str, Any] = msgspec.to_builtins(event)
            checked = msgspec.convert(body, kind)
            personal = {name: body[name] for name in sorted(fields) if body.get(name) is not None}
            if not personal:
                return self._encoder.encode(event), checked
            body |= dict.fromkeys(personal)
            msgspec.convert(body, kind)  # as it will be read once the key is gone
        except msgspec.MsgspecError as error:
            raise TypeError(f"{kind.topic()}: {error}") from None
        body[SEALED] = self._seal(new, personal, sealed_with)
        return self._encoder.encode(body), checked

    def _seal(self, new: NewEvent, personal: dict[str, Any], sealed_with: dict[UUID, bytes]) -> str:
        nonce = os.urandom(NONCE_BYTES)
        about = _about(new.stream_id, new.event_id, new.event.topic())
        key = sealed_with.get(new.stream_id)
        if key is None:
            key = sealed_with[new.stream_id] = self._keys.stage(new.stream_id)
        box = AESGCM(key).encrypt(nonce, self._encoder.encode(personal), about)
        return base64.b64encode(nonce + box).decode()

    # --- reading ----------------------------------------------------------------------------------------

    def recorded(self, row: EventRow) -> Recorded:
        """Return the event of a row with its header.

        Raises:
            UnreadableEvent: an unknown topic, a newer version, no way up from an old one, damaged bytes. It
                is not skipped: what follows would rest on a history with a hole.
        """
        if row.event_id is None or row.recorded_at is None:
            raise UnreadableEvent("event-damaged", position=row.position, topic=row.topic)
        return Recorded(
            position=row.position,
            log_id=row.log_id,
            stream_id=row.stream_id,
            version=row.version,
            event_id=row.event_id,
            event=self.decode(row),
            actor=row.actor or "",
            origin=row.origin or "",
            unit_id=row.unit_id,
            command_id=row.command_id,
            correlation_id=row.correlation_id,
            causation_id=row.causation_id,
            recorded_at=moment(row.recorded_at),
            as_history=bool(row.as_history),
            reason=row.reason,
        )

    def decode(self, row: EventRow) -> Event:
        """Return the event of a row without its header; raises as :meth:`recorded`."""
        kind = self._type_of(row)
        version = row.schema_version or 1
        if version > kind.schema_version:
            raise UnreadableEvent(
                "event-newer",
                position=row.position,
                topic=row.topic,
                found=version,
                known=kind.schema_version,
            )
        try:
            if version == kind.schema_version and SEALED_MARK not in row.data:
                event: Event = self._decoder(kind).decode(row.data)
                return event
            body = self._opened(row, msgspec.json.decode(row.data, type=dict[str, Any]))
            return msgspec.convert(self._lifted(row, body, version, kind.schema_version), kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, InvalidTag) as error:
            # without the words of the decoder: they may quote personal data
            raise UnreadableEvent("event-damaged", position=row.position, topic=row.topic) from error

    def _opened(self, row: EventRow, body: dict[str, Any]) -> dict[str, Any]:
        sealed = body.pop(SEALED, None)
        if sealed is None or row.event_id is None:
            return body
        key = self._keys.known_key(row.stream_id)
        if key is None:
            return body
        box = msgspec.convert(sealed, bytes)
        if len(box) < NONCE_BYTES + TAG_BYTES:
            raise InvalidTag
        about = _about(row.stream_id, row.event_id, row.topic)
        personal = AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], about)
        return body | msgspec.json.decode(personal, type=dict[str, Any])

    def _lifted(self, row: EventRow, body: dict[str, Any], version: int, wanted: int) -> dict[str, Any]:
        while version < wanted:
            upcast = self._upcasts.get((row.topic, version))
            if upcast is None:
                raise UnreadableEvent(
                    "event-no-upcast", position=row.position, topic=row.topic, found=version
                )
            try:
                body = upcast(body)
            except (LookupError, TypeError, ValueError) as error:
                raise UnreadableEvent("event-damaged", position=row.position, topic=row.topic) from error
            version += 1
        return body

    def _type_of(self, row: EventRow) -> type[Event]:
        kind = self._type_named(row.topic)
        if kind is None:
            raise UnreadableEvent("event-unknown", position=row.position, topic=row.topic)
        return kind

    def _type_named(self, topic: str) -> type[Event] | None:
        kind = self._types.get(topic)
        if kind is None and self._given_types is None:
            self._types = event_types()  # its module may have been loaded since
            kind = self._types.get(topic)
        return kind

    def _decoder(self, kind: type[Event]) -> msgspec.json.Decoder[Any]:
        decoder = self._decoders.get(kind.topic())
        if decoder is None:
            decoder = self._decoders[kind.topic()] = msgspec.json.Decoder(kind)
        return decoder


def _about(stream_id: UUID, event_id: UUID, topic: str) -> bytes:
    return f"{stream_id}|{event_id}|{topic}".encode()
