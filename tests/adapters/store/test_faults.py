"""Failing disks, silent servers, commits that nobody confirmed: what is told, and what is recorded."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from tests.adapters.store.processes import Children
from tests.adapters.store.proxy import Proxy
from tests.adapters.store.sample import a_stream, opened
from tests.support.postgres import PostgresServer
from workflows.adapters.keys import MasterKey
from workflows.adapters.store import database as database_module
from workflows.adapters.store import engine as engine_module
from workflows.adapters.store.database import Database
from workflows.adapters.store.errors import StoreBusy, StoreClosed, StoreFailed, UnsafeDatabase
from workflows.adapters.store.store import Store
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.errors import OutcomeUnknown
from workflows.kernel.ids import derived

COMMAND = derived("command")


def record(unit: UnitOfWork) -> int:
    """Record one event under the id of a command, once."""
    if (known := unit.command(COMMAND)) is not None:
        return int(known.answer)
    (new,) = unit.append([opened(a_stream())])
    unit.log_command(COMMAND, b"hash", str(new.position).encode())
    return new.position


# --- SQLite: settings -----------------------------------------------------------------------------------


def test_every_connection_keeps_what_it_acknowledges(
    open_engine: Callable[..., Engine], sqlite_url: str
) -> None:
    with open_engine(sqlite_url).connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 0,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


@pytest.mark.parametrize(
    ("pragma", "code"),
    [(("synchronous", "NORMAL"), "sqlite-not-synchronous"), (("journal_mode", "DELETE"), "sqlite-no-wal")],
)
def test_a_database_that_does_not_do_as_told_is_refused(
    open_engine: Callable[..., Engine],
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    pragma: tuple[str, str],
    code: str,
) -> None:
    monkeypatch.setattr(engine_module, "SQLITE_PRAGMAS", (*engine_module.SQLITE_PRAGMAS, pragma))
    with pytest.raises(UnsafeDatabase) as caught, open_engine(sqlite_url).connect():
        pass
    assert caught.value.code == code


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        engine_module.make_engine("mysql://localhost/x")


# --- SQLite: disks --------------------------------------------------------------------------------------


def test_a_full_disk_refuses_writes_and_harms_nothing(
    open_store: Callable[..., Store], sqlite_url: str
) -> None:
    store = open_store(sqlite_url)
    pages = 100

    @event.listens_for(store.database.engine, "checkout")
    def _limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"pragma max_page_count={pages}").fetchall()

    store.submit(record).result()
    with pytest.raises(StoreFailed), store.write() as unit:
        unit.append([opened(a_stream(), title="x" * 2000) for _ in range(300)])
    futures = [store.submit(lambda unit: unit.append([opened(a_stream(), title="x" * 900_000)]))]
    assert isinstance(futures[0].exception(), StoreFailed)
    with store.read() as reader:
        assert reader.head() == 1
    pages = 100_000
    with store.write() as unit:
        unit.append([opened(a_stream(), title="x" * 2000) for _ in range(300)])
    verdict = store.verify()
    assert (verdict.head.position, verdict.faults) == (301, ())


class Fatal(Exception):
    """Stands for the end of the process."""


def _failing(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
    return error


def test_a_failed_sync_at_the_checkpoint_ends_the_process(
    open_store: Callable[..., Store], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    store = open_store(sqlite_url, on_fatal=lambda: ended.append("here"))

    def fail(*_: object) -> Any:
        raise _failing(sqlite3.SQLITE_IOERR_FSYNC)

    with monkeypatch.context() as patch:
        patch.setattr(store.database, "run_checkpoint", fail)
        with pytest.raises(sqlite3.OperationalError):
            store.database.checkpoint()
    assert ended == ["here"]
    with pytest.raises(StoreClosed), store.write():  # nothing more is promised after it
        pass
    assert isinstance(store.submit(record).exception(), StoreClosed)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED])
def test_a_checkpoint_in_the_way_of_others_is_done_later(
    open_store: Callable[..., Store], sqlite_url: str, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    ended: list[str] = []
    store = open_store(sqlite_url, on_fatal=lambda: ended.append("here"))

    def fail(*_: object) -> Any:
        raise _failing(code)

    with monkeypatch.context() as patch:
        patch.setattr(store.database, "run_checkpoint", fail)
        assert not store.database.checkpoint()
    store.submit(record).result()
    assert store.database.checkpoint()
    assert ended == []


def test_a_failed_sync_at_the_commit_ends_the_process_and_the_outcome_is_unknown(
    open_store: Callable[..., Store], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    store = open_store(sqlite_url, on_fatal=lambda: ended.append("here"))

    def fail(_connection: object) -> None:
        raise _failing(sqlite3.SQLITE_IOERR_FSYNC)

    with monkeypatch.context() as patch:
        patch.setattr(store.database.engine.dialect, "do_commit", fail)
        error = store.submit(record, COMMAND).exception()
    assert isinstance(error, OutcomeUnknown)
    assert error.facts == {"command_id": COMMAND}
    assert ended == ["here"]


@pytest.mark.parametrize("limit", [60_000, 450_000])
def test_a_disk_that_fails_ends_a_real_process(tmp_path: Path, sqlite_url: str, limit: int) -> None:
    """A limit for file sizes fails real writes: of the WAL at a commit, or of the file at a checkpoint."""
    MasterKey.make(tmp_path / "master.key")
    with ExitStack() as stack:
        (child,) = Children(tmp_path, sqlite_url, stack).start(1, "fill", str(limit))
        said = child.end()
    assert said.startswith("停止运行：磁盘没有存好")
    assert child.exit_code == database_module.EXIT_AFTER_DISK_FAILURE


def test_checkpoints_are_ours_and_keep_the_wal_small(
    open_store: Callable[..., Store], sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "CHANGES_TO_CHECKPOINT", 100)
    store = open_store(sqlite_url)
    wal, sizes = tmp_path / "zhibu.db-wal", list[int]()
    for _ in range(8):
        with store.write() as unit:
            unit.append([opened(a_stream(), title="x" * 500) for _ in range(100)])
        sizes.append(wal.stat().st_size)
    assert sizes[-1] < 2 * sizes[0]
    store.close()
    assert wal.stat().st_size == 0


def test_a_wal_that_readers_have_made_long_is_cut(
    open_store: Callable[..., Store], sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "CHANGES_TO_CHECKPOINT", 100)
    monkeypatch.setattr(database_module, "WAL_BOUND_BYTES", 100_000)
    store = open_store(sqlite_url)

    def write() -> None:
        with store.write() as unit:
            unit.append([opened(a_stream(), title="x" * 500) for _ in range(50)])

    with store.read() as reader:
        assert reader.head() == 0  # from here on the reader needs the WAL
        write()
    write()
    write()
    assert (tmp_path / "zhibu.db-wal").stat().st_size < 100_000


def test_closing_does_not_wait_for_the_readers_of_others(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], sqlite_url: str
) -> None:
    store, other = open_store(open_engine(sqlite_url)), open_store(open_engine(sqlite_url))
    with other.read() as reader:
        assert reader.head() == 0
        store.submit(record).result()
        began = time.monotonic()
        store.close()
        assert time.monotonic() - began < 10


# --- PostgreSQL: settings -------------------------------------------------------------------------------


def test_a_server_that_acknowledges_too_early_is_refused(
    open_engine: Callable[..., Engine], pg_url: str
) -> None:
    engine = open_engine(pg_url)
    name = engine.url.database
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'alter database "{name}" set synchronous_commit to off'))
    with pytest.raises(UnsafeDatabase) as caught, open_engine(pg_url).connect():
        pass
    assert caught.value.code == "postgres-not-synchronous"


# --- PostgreSQL: silence --------------------------------------------------------------------------------


@pytest.fixture
def proxy(pg_url: str) -> Iterator[Proxy]:
    """Between the client and the server, and able to fall silent."""
    with Proxy(pg_url) as between:
        yield between


@pytest.mark.parametrize("reaches_server", [True, False])
@pytest.mark.parametrize("shared", [True, False])
def test_a_commit_that_is_not_answered_is_unknown_and_resolved_by_its_id(
    open_store: Callable[..., Store],
    open_engine: Callable[..., Engine],
    proxy: Proxy,
    reaches_server: bool,
    shared: bool,
) -> None:
    store = open_store(open_engine(proxy.url, deadline_s=1.0))
    proxy.freeze_at(b"COMMIT\0", let_through=reaches_server)
    began = time.monotonic()
    if shared:
        error = store.submit(record, COMMAND).exception(10)
    else:
        with pytest.raises(OutcomeUnknown) as caught, store.write(COMMAND) as unit:
            record(unit)
        error = caught.value
    assert isinstance(error, OutcomeUnknown)
    assert error.facts == {"command_id": COMMAND}
    assert 0.9 < time.monotonic() - began < 5
    proxy.thaw()
    deadline = time.monotonic() + 10
    while True:  # the server may still be busy with the lost session
        try:
            assert store.submit(record, COMMAND).result(10) == 1
            break
        except (StoreBusy, StoreFailed):
            assert time.monotonic() < deadline
    with store.read() as reader:
        assert reader.head() == 1


def test_silence_before_the_commit_leaves_nothing(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], proxy: Proxy
) -> None:
    store = open_store(open_engine(proxy.url, deadline_s=1.0))
    proxy.freeze_at(b"COPY events", let_through=False)
    error = store.submit(record, COMMAND).exception(10)
    assert isinstance(error, StoreFailed)
    proxy.thaw()
    assert store.submit(record, COMMAND).result(10) == 1


def test_a_reader_does_not_wait_for_ever(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], proxy: Proxy
) -> None:
    store = open_store(open_engine(proxy.url, deadline_s=1.0))
    proxy.freeze_at(b"SELECT events", let_through=False)
    began = time.monotonic()
    with pytest.raises(DBAPIError), store.read() as reader:
        reader.load_since(0)
    assert time.monotonic() - began < 5
    proxy.thaw()
    with store.read() as reader:
        assert reader.load_since(0) == []


def test_a_slow_answer_within_the_deadline_is_an_answer(
    open_engine: Callable[..., Engine], pg_url: str
) -> None:
    with open_engine(pg_url, deadline_s=5.0).connect() as connection:
        assert connection.execute(text("select 7 from pg_sleep(0.5)")).scalar() == 7
    with pytest.raises(DBAPIError), open_engine(pg_url, deadline_s=0.3).connect() as connection:
        connection.execute(text("select 7 from pg_sleep(5)"))


@pytest.fixture
def without_standby(pg_server: PostgresServer) -> Iterator[Callable[[str], None]]:
    """Have commits wait for a standby that does not exist; then end the wait by a function of the server."""

    def tell(statement: str) -> None:
        with psycopg.connect(pg_server.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def end_wait(function: str) -> None:
        waiting = f"select {function}(pid) from pg_stat_activity where wait_event = 'SyncRep'"
        with psycopg.connect(pg_server.address, autocommit=True) as connection:
            while not connection.execute(waiting.encode()).fetchall():
                time.sleep(0.02)

    tell("alter system set synchronous_standby_names = 'nobody'")
    tell("select pg_reload_conf()")
    yield end_wait
    tell("alter system reset synchronous_standby_names")
    tell("select pg_reload_conf()")


@pytest.mark.parametrize("function", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_commit_that_no_standby_confirmed_is_unknown(
    open_engine: Callable[..., Engine],
    open_store: Callable[..., Store],
    pg_url: str,
    request: pytest.FixtureRequest,
    function: str,
) -> None:
    """The server itself says COMMIT, with a mere warning."""
    store = open_store(pg_url)
    end_wait = request.getfixturevalue("without_standby")
    future = store.submit(record, COMMAND)
    end_wait(function)
    error = future.exception(10)
    assert isinstance(error, OutcomeUnknown)
    assert error.facts == {"command_id": COMMAND}
    with store.read() as reader:
        known = reader.command(COMMAND)
    assert known is not None
    assert known.answer == b"1"


def test_who_waits_too_long_for_the_lock_is_told(
    open_store: Callable[..., Store],
    open_engine: Callable[..., Engine],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database_module, "LOCK_WAIT_MS", 200)
    busy = tuple((name, "200" if name == "busy_timeout" else v) for name, v in engine_module.SQLITE_PRAGMAS)
    monkeypatch.setattr(engine_module, "SQLITE_PRAGMAS", busy)
    store, other = open_store(open_engine(database_url)), open_store(open_engine(database_url))
    with store.write() as unit:
        unit.append([opened(a_stream())])
        assert isinstance(other.submit(record).exception(10), StoreBusy)
    assert other.submit(record).result(10) == 2


def test_who_waits_too_long_for_a_turn_in_this_process_is_told(
    open_store: Callable[..., Store], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "TURN_SECONDS", 0.2)
    store = open_store(sqlite_url)
    with store.write():
        assert isinstance(store.submit(record).exception(10), StoreBusy)
    assert store.submit(record).result(10) == 1


def test_a_writer_that_fell_silent_loses_the_lock(
    open_store: Callable[..., Store],
    open_engine: Callable[..., Engine],
    pg_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database_module, "IDLE_IN_TRANSACTION_MS", 300)
    store, other = open_store(open_engine(pg_url)), open_store(open_engine(pg_url))

    def fall_silent() -> None:
        with store.write() as unit:
            unit.append([opened(a_stream())])
            assert other.submit(record).result(10) == 1

    with pytest.raises(StoreFailed):
        fall_silent()
    with other.read() as reader:
        assert reader.head() == 1


def test_a_lost_server_is_told_and_found_again(
    open_store: Callable[..., Store], open_engine: Callable[..., Engine], pg_url: str
) -> None:
    """Connections that were cut while idle are replaced without a word."""
    store = open_store(pg_url)
    store.submit(record).result()
    with psycopg.connect(pg_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    with store.read() as reader:
        assert reader.head() == 1
    with store.write() as unit:
        unit.append([opened(a_stream())])


def test_no_server_at_all_is_told(open_engine: Callable[..., Engine], proxy: Proxy) -> None:
    engine = open_engine(proxy.url)
    with engine.connect():
        pass
    proxy.close()
    engine.dispose()
    with pytest.raises(StoreFailed), Database.of(engine).writing("county"):
        pass


def test_each_engine_has_one_database() -> None:
    engine, other = create_engine("sqlite://"), create_engine("sqlite://")
    found: list[Database] = []
    threads = [threading.Thread(target=lambda: found.append(Database.of(engine))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1
    assert Database.of(other) is not found[0]
    engine.dispose()
    other.dispose()
