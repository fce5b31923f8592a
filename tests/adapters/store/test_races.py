"""Several writers, readers and processes at once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from sqlalchemy import Engine

from tests.adapters.store.processes import Children
from tests.adapters.store.sample import Noted, a_stream, opened
from workflows.adapters.keys import KeyStore, MasterKey
from workflows.adapters.store import database as database_module
from workflows.adapters.store.database import Database
from workflows.adapters.store.recorder import SqlRecorder
from workflows.adapters.store.store import Store
from workflows.kernel.clock import SystemClock
from workflows.kernel.errors import Conflict, Problem

LOCK_NOTHING = database_module.TAKE_LOCK.replace("pg_advisory_xact_lock(%s)", "%s::bigint")


# --- one position, two workers --------------------------------------------------------------------------


def test_two_workers_cannot_both_record_a_position(
    open_engine: Callable[..., Engine], database_url: str
) -> None:
    recorder = SqlRecorder(Database.of(open_engine(database_url)), "log")
    recorder.create_table()
    for position in range(1, 6):
        start, results = threading.Barrier(2), list[str]()

        def work(tracking: Tracking, start: threading.Barrier, results: list[str]) -> None:
            start.wait()
            try:
                recorder.insert_tracking(tracking)
                results.append("recorded")
            except IntegrityError:
                results.append("refused")

        workers = [
            threading.Thread(target=work, args=(Tracking("upstream", position), start, results))
            for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sorted(results) == ["recorded", "refused"]
        assert recorder.max_tracking_id("upstream") == position


# --- the lock comes before the first reading ------------------------------------------------------------


def _two_writers(store: Store, *, patience: float) -> tuple[bool, list[str]]:
    """Have a second writer begin in the middle of the first; say if it got in, and what each was told.

    The first waits for it no longer than `patience` seconds.
    """
    got_in, told = threading.Event(), list[str]()

    def second() -> None:
        try:
            with store.write() as unit:
                got_in.set()
                unit.append([opened(a_stream())])
            told.append("recorded")
        except Problem as problem:
            told.append(problem.code)

    other = threading.Thread(target=second)
    try:
        with store.write() as unit:
            unit.append([opened(a_stream())])
            other.start()
            overlapped = got_in.wait(patience)
            if overlapped:
                time.sleep(0.2)
        told.append("recorded")
    except Problem as problem:
        told.append(problem.code)
    other.join()
    return overlapped, sorted(told)


def test_a_writer_waits_for_the_one_before(open_store: Callable[..., Store], database_url: str) -> None:
    store = open_store(database_url)
    assert _two_writers(store, patience=0.5) == (False, ["recorded", "recorded"])
    assert store.verify().head.position == 2


def test_without_the_lock_writers_collide(
    open_store: Callable[..., Store], pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: it would fail without the lock."""
    monkeypatch.setattr(database_module, "TAKE_LOCK", LOCK_NOTHING)
    assert _two_writers(open_store(pg_url), patience=20) == (True, ["record-repeated", "recorded"])


# --- a reader skips nothing -----------------------------------------------------------------------------


def test_a_reader_never_skips_an_event(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], database_url: str
) -> None:
    """Six writers, each with a connection pool of its own and a slow transaction."""
    stores = [open_store(open_engine(database_url)) for _ in range(6)]
    commits, seen = 15, list[int]()
    done = threading.Event()

    def write(store: Store) -> None:
        for count in range(commits):
            with store.write() as unit:
                stream = a_stream()
                unit.append([opened(stream, version) for version in range(1, 2 + count % 3)])
                unit.flush()
                time.sleep(0.002)

    def follow(store: Store) -> None:
        position = 0
        while True:
            finished = done.is_set()
            with store.read() as reader:
                page = reader.load_since(position, 7)
            seen.extend(record.position for record in page)
            if page:
                position = page[-1].position
            elif finished:
                return

    writers = [threading.Thread(target=write, args=(store,)) for store in stores]
    follower = threading.Thread(target=follow, args=(open_store(open_engine(database_url)),))
    for thread in (follower, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    done.set()
    follower.join()
    assert seen == list(range(1, 6 * commits * 2 + 1))
    assert stores[0].verify().faults == ()


def test_a_naive_reader_skips_events(pg_url: str) -> None:
    """The control of the test above: positions from a sequence, no lock, and an event is lost."""
    address = pg_url.replace("+psycopg", "")
    with (
        psycopg.connect(address) as one,
        psycopg.connect(address) as other,
        psycopg.connect(address, autocommit=True) as reader,
    ):
        reader.execute("create table naive (position bigserial primary key)")
        one.execute("insert into naive default values")
        other.execute("insert into naive default values")
        other.commit()
        first = reader.execute("select position from naive where position > 0").fetchall()
        one.commit()
        then = reader.execute("select position from naive where position > 2").fetchall()
    assert (first, then) == ([(2,)], [])  # 1 was never seen


# --- processes ------------------------------------------------------------------------------------------


@pytest.fixture
def reopened(
    tmp_path: Path, open_engine: Callable[..., Engine], database_url: str
) -> Iterator[Callable[[], Store]]:
    """Open the store that the processes have left."""
    with ExitStack() as stack:

        def open_again() -> Store:
            keys = KeyStore(tmp_path / "keys.db", MasterKey.load(tmp_path / "master.key"), create=False)
            stack.callback(keys.close)
            return stack.enter_context(Store(open_engine(database_url), keys, SystemClock(), "county"))

        yield open_again


def test_of_two_processes_on_one_stream_one_wins(children: Children, reopened: Callable[[], Store]) -> None:
    """They have also made the tables at the same time."""
    stream = a_stream()
    processes = children.start(2, "append", str(stream))
    for process in processes:
        process.go()
    assert sorted(process.hear() for process in processes) == ["recorded", "stream-changed"]
    with reopened().read() as reader:
        assert len(reader.load(stream)) == 1


def test_a_killed_transaction_leaves_nothing(children: Children, reopened: Callable[[], Store]) -> None:
    (child,) = children.start(1, "fall-silent")
    child.kill()
    store = reopened()
    with store.read() as reader:
        assert reader.head() == 0
        assert reader.claimed("name", "half") is None
    with store.write() as unit:  # its lock is free again
        unit.append([opened(a_stream())])
    assert store.verify().faults == ()


@pytest.mark.parametrize("lines", [1, 30])
def test_a_killed_writer_loses_nothing_acknowledged(
    children: Children, reopened: Callable[[], Store], lines: int
) -> None:
    (child,) = children.start(1, "work")
    acknowledged = [child.hear() for _ in range(lines)]
    acknowledged += child.kill()
    store = reopened()
    with store.read() as reader:
        records = reader.load_since(0, 100_000)
        streams = {record.stream_id for record in records}
        assert len(records) == 3 * len(streams)  # every command whole, also those nobody was told of
        for stream in streams:
            assert reader.claimed("name", str(stream)) == stream
            assert reader.command(stream) is not None
        for line in acknowledged:
            _, position, stream_id = line.split()
            assert reader.load(UUID(stream_id))[-1].position == int(position)
    # the keys were on disk before the events that need them
    assert all(record.event.name == "王小明" for record in records if isinstance(record.event, Noted))
    assert store.verify().faults == ()


def test_a_conflict_is_not_shown_to_others(open_store: Callable[..., Store], database_url: str) -> None:
    """A writer that loses leaves no position used up."""
    store, stream = open_store(database_url), a_stream()
    for expected in ("recorded", "conflict", "conflict"):
        try:
            with store.write() as unit:
                unit.append([opened(stream)])
            told = "recorded"
        except Conflict:
            told = "conflict"
        assert told == expected
    with store.write() as unit:
        assert unit.append([opened(a_stream())])[0].position == 2
