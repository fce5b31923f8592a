"""What the store promises, alike on an SQLite file, in memory, and on PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, Text, func, select, text
from sqlalchemy.exc import DBAPIError

from tests.adapters.store.sample import NOON, Opened, a_stream, opened
from workflows.adapters.store.errors import UnsafeDatabase
from workflows.adapters.store.store import Store
from workflows.adapters.store.tables import claims, command_log, events, meta
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.clock import FixedClock
from workflows.kernel.errors import Conflict
from workflows.kernel.events import NewEvent
from workflows.kernel.ids import derived

view = Table("view_of_test", MetaData(), Column("name", Text, primary_key=True))


class Refused(Exception):
    """What a command says that a rule forbids."""


# --- appending ------------------------------------------------------------------------------------------


def test_events_come_back_as_they_were_recorded(store: Store) -> None:
    stream, command = a_stream(), derived("command")
    new = NewEvent(
        stream_id=stream,
        version=1,
        event_id=derived("event"),
        event=Opened(opened_on=NOON.date(), title="𬭸·甲"),
        actor="u-12",
        origin="import",
        unit_id=a_stream(),
        command_id=command,
        correlation_id=derived("correlation"),
        causation_id=derived("causation"),
        as_history=True,
        reason="补录",
    )
    with store.write() as unit:
        (told,) = unit.append([new])
    with store.read() as reader:
        (found,) = reader.load(stream)
        assert found == told
        assert reader.load_since(0) == [found]
        assert [reader.event_at(position) for position in (0, 1, 2)] == [None, found, None]
        assert reader.find(new.event_id) == found
        assert reader.load_many([stream, command]) == {stream: [found], command: []}
        assert [(t.position, t.stream_id, t.topic) for t in reader.touched_since(0)] == [
            (1, stream, "test-store.opened")
        ]
    assert (found.position, found.log_id, found.recorded_at) == (1, "county", NOON)
    for name in ("stream_id", "version", "event_id", "event", "actor", "origin", "unit_id", "command_id"):
        assert getattr(found, name) == getattr(new, name)
    for name in ("correlation_id", "causation_id", "as_history", "reason"):
        assert getattr(found, name) == getattr(new, name)


def test_positions_have_no_gaps_whoever_was_refused(store: Store) -> None:
    for count in range(6):
        try:
            with store.write() as unit:
                unit.append([opened(a_stream())])
                if count % 2:
                    raise Refused
        except Refused:
            pass
    with store.read() as reader:
        assert [record.position for record in reader.load_since(0)] == [1, 2, 3]


def test_the_moment_of_recording_never_decreases(store: Store, clock: FixedClock) -> None:
    for hours in (0, -1, -24, 1):
        clock.put(NOON + timedelta(hours=hours))
        with store.write() as unit:
            unit.append([opened(a_stream())])
    with store.read() as reader:
        moments = [record.recorded_at for record in reader.load_since(0)]
    assert moments == [NOON, NOON, NOON, NOON + timedelta(hours=1)]


def test_another_version_than_thought_is_a_conflict(store: Store) -> None:
    stream = a_stream()
    with store.write() as unit:
        unit.append([opened(stream)])
    for version in (1, 3):
        with pytest.raises(Conflict) as caught, store.write() as unit:
            unit.append([opened(a_stream()), opened(stream, version, event_id=derived(version, "other"))])
        assert caught.value.code == "stream-changed"
        assert caught.value.facts == {"stream_id": stream, "expected": version - 1, "found": 1}
    with store.read() as reader:
        assert reader.head() == 1
        assert reader.version(stream) == 1


def test_a_conflict_leaves_the_unit_usable(store: Store) -> None:
    stream = a_stream()
    with store.write() as unit:
        with pytest.raises(Conflict):
            unit.append([opened(stream), opened(stream, 3)])
        assert unit.load(stream) == []
        unit.append([opened(stream), opened(stream, 2)])
    with store.read() as reader:
        assert [record.position for record in reader.load(stream)] == [1, 2]


def test_an_event_id_is_recorded_once(store: Store) -> None:
    with store.write() as unit:
        unit.append([opened(a_stream(), event_id=derived("same"))])
    with pytest.raises(Conflict) as caught, store.write() as unit:
        unit.append([opened(a_stream(), event_id=derived("same"))])
    assert caught.value.code == "record-repeated"
    with store.read() as reader:
        assert reader.head() == 1


def test_thousands_at_once(store: Store) -> None:
    streams = [a_stream() for _ in range(900)]
    with store.write() as unit:
        for start in range(0, len(streams), 300):
            page = streams[start : start + 300]
            unit.append([opened(stream, version) for stream in page for version in range(1, 6)])
        assert unit.head() == 4500
        assert len(unit.load(streams[0])) == 5
    with store.read() as reader:
        assert [record.position for record in reader.load_since(0, 5000)] == list(range(1, 4501))
        assert {len(found) for found in reader.load_many(streams).values()} == {5}
    assert store.verify().faults == ()


def test_a_unit_reads_its_own_writings(store: Store) -> None:
    old, new = a_stream(), a_stream()
    with store.write() as unit:
        unit.append([opened(old)])
    with store.write() as unit:
        unit.append([opened(old, 2), opened(new)])
        assert [record.version for record in unit.load(old)] == [1, 2]
        assert [record.version for record in unit.load(old, after_version=1)] == [2]
        assert [record.version for record in unit.load(new)] == [1]
        assert [record.position for record in unit.load_since(1)] == [2, 3]
        assert [record.position for record in unit.load_since(0, 2)] == [1, 2]
        assert [touched.stream_id for touched in unit.touched_since(0)] == [old, old, new]
        assert {stream: len(found) for stream, found in unit.load_many([old, new]).items()} == {
            old: 2,
            new: 1,
        }
        assert unit.find(derived(new, 1)) == unit.load(new)[0]
        assert (unit.head(), unit.version(old), unit.version(new)) == (3, 2, 1)


def test_what_could_not_be_read_again_is_not_recorded(store: Store) -> None:
    wrong = Opened(opened_on=NOON.date(), title=7)  # type: ignore[arg-type]
    template = opened(a_stream())
    event = NewEvent(
        stream_id=template.stream_id, version=1, event_id=template.event_id, event=wrong, actor="", origin=""
    )
    with pytest.raises(TypeError, match=r"test-store\.opened"), store.write() as unit:
        unit.append([event])
    nul = NewEvent(
        stream_id=a_stream(), version=1, event_id=derived("x"), event=template.event, actor="a\0b", origin=""
    )
    with pytest.raises(ValueError, match="NUL"), store.write() as unit:
        unit.append([nul])
    with store.read() as reader:
        assert reader.head() == 0


def test_what_is_recorded_is_never_changed(store: Store) -> None:
    with store.write() as unit:
        unit.append([opened(a_stream())])
    for statement in ("update events set actor = 'x'", "delete from events"):
        with pytest.raises(DBAPIError), store.database.writing() as connection:
            connection.execute(text(statement))
    assert store.verify().faults == ()


def test_logs_in_one_database_do_not_touch(open_store: Callable[..., Store], store_url: str) -> None:
    north = open_store(store_url, "north")
    south = open_store(north.database.engine, "south")
    stream = a_stream()
    for store in (north, south, south):
        with store.write() as unit:
            unit.append([opened(stream, unit.version(stream) + 1)])
            unit.claim("name", store.log_id, stream)
    with north.read() as reader:
        assert (reader.head(), reader.claimed("name", "south")) == (1, None)
    with south.read() as reader:
        assert (reader.head(), reader.claimed("name", "south")) == (2, stream)


# --- all or nothing -------------------------------------------------------------------------------------


def test_all_that_a_command_causes_is_recorded_or_nothing(store: Store) -> None:
    stream = a_stream()

    def act(unit: UnitOfWork) -> None:
        unit.append([opened(stream)])
        unit.claim("name", "甲", stream)
        unit.log_command(derived("command"), b"hash", b"answer")
        unit.connection.execute(view.insert().values(name="甲"))

    def counts() -> list[int | None]:
        with store.database.reading() as connection:
            tables = (events, claims, command_log, view)
            return [connection.execute(select(func.count()).select_from(table)).scalar() for table in tables]

    with store.database.writing() as connection:
        view.create(connection)

    def refused(unit: UnitOfWork) -> None:
        act(unit)
        raise Refused

    with pytest.raises(Refused), store.write() as unit:
        refused(unit)
    assert counts() == [0, 0, 0, 0]
    with pytest.raises(Refused):
        store.submit(refused).result()
    assert counts() == [0, 0, 0, 0]
    store.submit(act).result()
    assert counts() == [1, 1, 1, 1]


def test_a_transaction_inside_another_is_an_error_of_ours(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="wait for itself"), store.write():
        pass


def test_a_reader_sees_one_moment(open_store: Callable[..., Store], database_url: str) -> None:
    store = open_store(database_url)
    with store.read() as reader:
        assert reader.head() == 0
        with store.write() as unit:
            unit.append([opened(a_stream())])
        assert reader.head() == 0
        assert reader.load_since(0) == []
    with store.read() as reader:
        assert reader.head() == 1


# --- claims ---------------------------------------------------------------------------------------------


def test_a_claim_has_one_holder(store: Store) -> None:
    one, other = a_stream(), a_stream()
    with store.write() as unit:
        unit.claim("identity", "digest", one)
        unit.claim("identity", "digest", one)
    with store.write() as unit:
        assert unit.claimed("identity", "digest") == one
        assert unit.claimed("other scope", "digest") is None
        with pytest.raises(Conflict) as caught:
            unit.claim("identity", "digest", other)
    assert caught.value.code == "claim-taken"
    assert caught.value.facts == {"scope": "identity", "holder": one}


def test_a_released_claim_can_be_taken(store: Store) -> None:
    one, other = a_stream(), a_stream()
    with store.write() as unit:
        unit.claim("identity", "a", one)
        unit.claim("identity", "b", one)
    with store.write() as unit:
        unit.release("identity", "a")
        unit.release("identity", "never held")
        assert unit.claims_of(one) == [("identity", "b")]
        unit.claim("identity", "a", other)
        assert unit.claims_of(other) == [("identity", "a")]
    with store.write() as unit:
        for claim in unit.claims_of(one):
            unit.release(*claim)
    with store.read() as reader:
        assert reader.claimed("identity", "a") == other
        assert reader.claims_of(one) == []


# --- commands -------------------------------------------------------------------------------------------


def test_a_command_sent_twice_has_one_effect_and_the_same_answer(store: Store) -> None:
    command = derived("command")

    def act(unit: UnitOfWork) -> bytes:
        if (known := unit.command(command, b"hash")) is not None:
            return known.answer
        (record,) = unit.append([opened(a_stream())])
        return unit.log_command(command, b"hash", f"recorded at {record.position}".encode()).answer

    answers = [store.submit(act, command) for _ in range(5)]
    assert {answer.result() for answer in answers} == {b"recorded at 1"}
    with store.read() as reader:
        known = reader.command(command, b"hash")
        assert known is not None
        assert (known.hash, known.answer, known.position, known.recorded_at) == (
            b"hash",
            b"recorded at 1",
            1,
            NOON,
        )
        assert reader.head() == 1
        with pytest.raises(Conflict) as caught:
            reader.command(command, b"another command")
    assert caught.value.code == "command-id-reused"


def test_a_command_is_not_answered_twice(store: Store) -> None:
    with store.write() as unit:
        unit.log_command(derived("command"), b"hash", b"first")
        with pytest.raises(Conflict):
            unit.log_command(derived("command"), b"hash", b"second")
    with pytest.raises(Conflict), store.write() as unit:
        unit.log_command(derived("command"), b"hash", b"third")


# --- the database itself --------------------------------------------------------------------------------


def test_opening_again_changes_nothing(open_store: Callable[..., Store], database_url: str) -> None:
    with open_store(database_url).write() as unit:
        unit.append([opened(a_stream())])
    with open_store(database_url).read() as reader:
        assert reader.head() == 1


def test_what_a_newer_program_has_written_is_refused(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], store_url: str
) -> None:
    engine = open_store(store_url).database.engine
    with engine.begin() as connection:
        connection.execute(meta.update().values(value="99"))
    with pytest.raises(UnsafeDatabase) as caught:
        open_store(engine)
    assert caught.value.code == "schema-newer"


def test_somebody_elses_tables_are_left_alone(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], store_url: str
) -> None:
    engine = open_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("create table events (id integer)"))
    with pytest.raises(UnsafeDatabase) as caught:
        open_store(engine)
    assert caught.value.code == "schema-foreign"
