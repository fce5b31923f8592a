"""Events and builders for the tests of the store."""

from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID

from workflows.kernel.clock import FixedClock
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived, time_ordered

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


class Opened(Event, tag="test-store.opened"):
    """Something begins."""

    opened_on: date
    title: str


class Noted(Event, tag="test-store.noted"):
    """Something about a person, with personal data."""

    sealed: ClassVar[frozenset[str]] = frozenset({"name", "phone"})

    noted_on: date
    name: str | None = None
    phone: str | None = None
    text: str = ""


def a_clock() -> FixedClock:
    return FixedClock(NOON)


def a_stream() -> UUID:
    return time_ordered(NOON)


def opened(stream: UUID, version: int = 1, title: str = "甲", *, event_id: UUID | None = None) -> NewEvent:
    return _new(stream, version, Opened(opened_on=DAY, title=title), event_id)


def noted(
    stream: UUID, version: int = 1, name: str | None = "王小明", phone: str | None = None, text: str = ""
) -> NewEvent:
    return _new(stream, version, Noted(noted_on=DAY, name=name, phone=phone, text=text), None)


def _new(stream: UUID, version: int, event: Event, event_id: UUID | None) -> NewEvent:
    return NewEvent(
        stream_id=stream,
        version=version,
        event_id=event_id or derived(stream, version),
        event=event,
        actor="u-12",
        origin="cli",
    )
