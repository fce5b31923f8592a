"""Events to bytes and back: sealed, erased, lifted from old versions, and refused when unreadable."""

import base64
import re
from datetime import UTC, date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.store.sample import DAY, NOON, Noted, Opened, noted, opened
from workflows.adapters.keys import KeyStore
from workflows.adapters.keys.errors import KeyProblem
from workflows.adapters.store.chain import EventRow
from workflows.adapters.store.errors import UnreadableEvent
from workflows.adapters.store.mapper import EventMapper, Upcast
from workflows.adapters.store.times import micros, moment
from workflows.domain.act import Who
from workflows.domain.unit.election_events import PostEnded
from workflows.kernel.events import Event, FactCorrected, NewEvent
from workflows.kernel.ids import derived

STREAM = derived("stream")


class Seat(msgspec.Struct, frozen=True):
    """A value inside an event."""

    person: str
    votes: int


class Rich(Event, tag="test-store.rich"):
    """An event with every kind of field."""

    sealed: ClassVar[frozenset[str]] = frozenset({"born_on", "seats"})

    held_on: date
    name: str
    amount: Decimal
    unit: UUID
    share: float
    grades: dict[str, int]
    passed: bool | None = None
    born_on: date | None = None
    seats: tuple[Seat, ...] | None = None


class Third(Event, tag="test-store.versioned"):
    """The third version of an event."""

    schema_version: ClassVar[int] = 3
    sealed: ClassVar[frozenset[str]] = frozenset({"author"})

    noted_on: date
    author: str | None
    lang: str


class Rigid(Event, tag="test-store.rigid"):
    """A mistake: a personal field that cannot be None."""

    sealed: ClassVar[frozenset[str]] = frozenset({"name"})

    noted_on: date
    name: str


UPCASTS: dict[tuple[str, int], Upcast] = {
    ("test-store.versioned", 1): lambda body: {
        **{key: value for key, value in body.items() if key != "actor"},
        "author": body["actor"],
    },
    ("test-store.versioned", 2): lambda body: {**body, "lang": body.get("lang", "zh")},
}


def a_new(event: Event, event_id: UUID = derived("event")) -> NewEvent:  # noqa: B008  (a constant)
    return NewEvent(stream_id=STREAM, version=1, event_id=event_id, event=event, actor="u", origin="cli")


def a_row(data: bytes, topic: str, schema_version: int | None = 1, **columns: Any) -> EventRow:
    row = EventRow(
        "county", 7, STREAM, 1, derived("event"), topic, schema_version, data, "u", "cli", None, None, None,
        None, micros(NOON), DAY, False, None, b"",
    )  # fmt: skip
    return row._replace(**columns)


class Mapped:
    """A mapper with its keys, and what it stored."""

    def __init__(self) -> None:
        self.keys = KeyStore.in_memory()
        self.mapper = EventMapper(self.keys, UPCASTS)

    def store(self, new: NewEvent) -> EventRow:
        """Return the row of an event, its key made durable."""
        sealed_with: dict[UUID, bytes] = {}
        data, event = self.mapper.encode(new, sealed_with)
        self.keys.persist(sealed_with)
        return a_row(data, event.topic(), event.schema_version, event_id=new.event_id)


@pytest.fixture
def mapped() -> Any:
    """A mapper with a key store in memory."""
    made = Mapped()
    yield made
    made.keys.close()


# --- round trips ----------------------------------------------------------------------------------------

seats = st.builds(Seat, st.text(max_size=4), st.integers(0, 99))
rich = st.builds(
    Rich,
    held_on=st.dates(),
    name=st.text(max_size=20),
    amount=st.decimals(allow_nan=False, allow_infinity=False, places=2),
    unit=st.uuids(),
    share=st.floats(allow_nan=False, allow_infinity=False),
    passed=st.none() | st.booleans(),
    born_on=st.none() | st.dates(),
    seats=st.none() | st.lists(seats, max_size=3).map(tuple),
    grades=st.dictionaries(st.text(max_size=4), st.integers(), max_size=3),
)
notes = st.builds(
    Noted, noted_on=st.dates(), name=st.none() | st.text(), phone=st.none() | st.text(), text=st.text()
)
shared = Mapped()


@settings(deadline=None)
@given(rich | notes, st.uuids())
def test_every_event_comes_back_as_it_was(event: Event, event_id: UUID) -> None:
    row = shared.store(a_new(event, event_id))
    assert shared.mapper.decode(row) == event


@settings(deadline=None)
@given(notes, st.uuids())
def test_after_erasing_only_the_personal_fields_are_gone(event: Noted, event_id: UUID) -> None:
    mapped = Mapped()
    row = mapped.store(a_new(event, event_id))
    mapped.keys.erase(STREAM)
    assert mapped.mapper.decode(row) == msgspec.structs.replace(event, name=None, phone=None)
    mapped.keys.close()


def test_a_record_brings_its_header(mapped: Mapped) -> None:
    row = mapped.store(opened(STREAM))._replace(
        unit_id=derived("unit"), command_id=derived("command"), as_history=True, reason="补录"
    )
    record = mapped.mapper.recorded(row)
    assert (record.position, record.log_id, record.stream_id, record.version) == (7, "county", STREAM, 1)
    assert (record.unit_id, record.command_id) == (derived("unit"), derived("command"))
    assert (record.recorded_at, record.as_history, record.reason) == (NOON, True, "补录")
    assert record.event == Opened(opened_on=DAY, title="甲")


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_keep_every_microsecond(when: Any) -> None:
    assert moment(micros(when)) == when


# --- sealing --------------------------------------------------------------------------------------------


def test_personal_data_is_nowhere_in_the_stored_bytes(mapped: Mapped) -> None:
    row = mapped.store(noted(STREAM, name="欧阳致远", phone="13812345678", text="公开"))
    for secret in ("欧阳致远".encode(), b"13812345678", b"\\u6b27"):
        assert secret not in row.data
    assert "公开".encode() in row.data
    body = msgspec.json.decode(row.data)
    assert (body["name"], body["phone"]) == (None, None)
    for secret in ("欧阳致远".encode(), b"13812345678"):
        assert secret not in base64.b64decode(body["_sealed"])


def test_why_a_post_ended_is_nowhere_in_the_stored_bytes_and_what_stands_there_from_before_is_read(
    mapped: Mapped,
) -> None:
    ended = PostEnded(ended_on=DAY, person=Who(person=derived("p")), reason="长期患病")
    row = mapped.store(a_new(ended))
    assert "长期患病".encode() not in row.data
    assert mapped.mapper.decode(row) == ended
    before = a_row(msgspec.json.encode(ended), ended.topic(), ended.schema_version)
    assert mapped.mapper.decode(before) == ended


def test_equal_data_is_sealed_differently_each_time(mapped: Mapped) -> None:
    one, other = mapped.store(noted(STREAM)), mapped.store(noted(STREAM))
    assert msgspec.json.decode(one.data)["_sealed"] != msgspec.json.decode(other.data)["_sealed"]


def test_without_personal_data_no_key_is_made(mapped: Mapped) -> None:
    mapped.store(noted(STREAM, name=None))
    mapped.store(opened(STREAM))
    assert mapped.keys.key_for(STREAM) is None


def test_a_correction_of_a_personal_fact_is_sealed(mapped: Mapped) -> None:
    public = FactCorrected(
        corrected_on=DAY, event_id=derived("e"), field="text", value="公开", reason="与纸质一致"
    )
    personal = msgspec.structs.replace(public, field="name", value="欧阳致远", personal=True)
    assert "公开".encode() in mapped.store(a_new(public)).data
    row = mapped.store(a_new(personal))
    assert "欧阳致远".encode() not in row.data
    assert mapped.mapper.decode(row) == personal
    mapped.keys.erase(STREAM)
    assert mapped.mapper.decode(row) == msgspec.structs.replace(personal, value=None)


def test_text_that_looks_sealed_is_only_text(mapped: Mapped) -> None:
    for text in ('"_sealed":', '{"_sealed":"AAAA"}', '\\"_sealed":"'):
        event = Noted(noted_on=DAY, text=text)
        assert mapped.mapper.decode(mapped.store(a_new(event))) == event


@pytest.mark.parametrize(
    "moved",
    [
        {"stream_id": derived("another person")},
        {"event_id": derived("another event")},
        {"topic": "test-store.opened"},
    ],
)
def test_a_sealed_part_opens_in_its_own_event_only(mapped: Mapped, moved: dict[str, Any]) -> None:
    row = mapped.store(noted(STREAM))
    key = mapped.keys.known_key(STREAM)
    assert key is not None
    mapped.keys.persist({derived("another person"): key})
    with pytest.raises(UnreadableEvent) as caught:
        mapped.mapper.decode(row._replace(**moved))
    assert caught.value.code == "event-damaged"


def test_personal_data_of_the_erased_is_refused(mapped: Mapped) -> None:
    mapped.keys.erase(STREAM)
    with pytest.raises(KeyProblem) as caught:
        mapped.store(noted(STREAM))
    assert caught.value.code == "key-erased"
    mapped.store(noted(STREAM, name=None))  # what is not personal may still be recorded


# --- what could not be read again -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        Opened(opened_on="2026-11-20", title=7),  # type: ignore[arg-type]
        Opened(opened_on=DAY, title=None),  # type: ignore[arg-type]
        Noted(noted_on=DAY, name=7),  # type: ignore[arg-type]
        Rigid(noted_on=DAY, name="王"),
    ],
)
def test_an_event_that_could_not_be_read_again_is_refused(mapped: Mapped, event: Event) -> None:
    with pytest.raises(TypeError, match=re.escape(event.topic())):
        mapped.store(a_new(event))


def test_a_class_that_is_not_the_one_of_its_topic_is_refused(mapped: Mapped) -> None:
    mapper = EventMapper(mapped.keys, types={"test-store.opened": Noted})
    with pytest.raises(TypeError, match="Opened is not the event stored as"):
        mapper.encode(opened(STREAM), {})


# --- versions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "body"),
    [
        (1, {"actor": "王"}),
        (2, {"author": "王"}),
        (2, {"author": "王", "lang": "zh"}),
        (3, {"author": "王", "lang": "zh"}),
    ],
)
def test_old_versions_are_lifted_step_by_step(mapped: Mapped, version: int, body: dict[str, str]) -> None:
    stored = {"type": "test-store.versioned", "noted_on": "2026-11-20", **body}
    row = a_row(msgspec.json.encode(stored), "test-store.versioned", version)
    assert mapped.mapper.decode(row) == Third(noted_on=DAY, author="王", lang="zh")


def test_a_version_without_a_way_up_stops_the_reader(mapped: Mapped) -> None:
    stored = {"type": "test-store.versioned", "noted_on": "2026-11-20", "author": "王"}
    row = a_row(msgspec.json.encode(stored), "test-store.versioned", 2)
    with pytest.raises(UnreadableEvent) as caught:
        EventMapper(mapped.keys).decode(row)
    assert caught.value.code == "event-no-upcast"


def test_an_old_event_without_what_its_lift_needs_stops_the_reader(mapped: Mapped) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        mapped.mapper.decode(a_row(b'{"type":"test-store.versioned"}', "test-store.versioned", 1))
    assert caught.value.code == "event-damaged"


def test_a_newer_version_stops_the_reader(mapped: Mapped) -> None:
    row = mapped.store(opened(STREAM))._replace(schema_version=2)
    with pytest.raises(UnreadableEvent) as caught:
        mapped.mapper.decode(row)
    assert caught.value.code == "event-newer"
    assert caught.value.facts == {"position": 7, "topic": "test-store.opened", "found": 2, "known": 1}


def test_an_unknown_topic_stops_the_reader(mapped: Mapped) -> None:
    with pytest.raises(UnreadableEvent) as caught:
        mapped.mapper.decode(a_row(b"{}", "test-store.never-heard-of"))
    assert caught.value.code == "event-unknown"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"type":"test-store.noted"}',
        b'{"type":"test-store.noted","noted_on":"2026-02-30"}',
        b'{"type":"test-store.opened","opened_on":"2026-02-03","title":""}',
        b'{"type":"test-store.noted","noted_on":"2026-02-03","_sealed":"***"}',
        b'{"type":"test-store.noted","noted_on":"2026-02-03","_sealed":"AAAA"}',
        b'{"type":"test-store.noted","noted_on":"2026-02-03","_sealed":7}',
        b'["_sealed":1]',
        b'[{"_sealed":1}]',
        b"\xff\xfe",
    ],
)
def test_damaged_bytes_stop_the_reader_without_showing_them(mapped: Mapped, data: bytes) -> None:
    mapped.keys.key_for(STREAM, create=True)
    with pytest.raises(UnreadableEvent) as caught:
        mapped.mapper.decode(a_row(data, "test-store.noted"))
    assert caught.value.code == "event-damaged"
    assert caught.value.facts == {"position": 7, "topic": "test-store.noted"}


def test_a_row_without_its_header_is_no_record(mapped: Mapped) -> None:
    with pytest.raises(UnreadableEvent):
        mapped.mapper.recorded(mapped.store(opened(STREAM))._replace(event_id=None))
