"""PostgreSQL that fails, falls silent or is gone: nothing acknowledged is lost, the unknown is said."""

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.adapters.store.proxy import Proxy
from tests.adapters.store.sample import a_stream, opened
from tests.support.postgres import PostgresServer
from workflows.adapters.store import database as database_module
from workflows.adapters.store import engine as engine_module
from workflows.adapters.store.database import Database
from workflows.adapters.store.errors import StoreBusy, StoreFailed, UnsafeDatabase
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
