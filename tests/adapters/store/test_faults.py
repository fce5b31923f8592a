"""Failing disks, silent servers, commits that nobody confirmed: what is told, and what is recorded."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.adapters.store.processes import Children
from tests.adapters.store.sample import a_stream, opened
from workflows.adapters.keys import MasterKey
from workflows.adapters.store import database as database_module
from workflows.adapters.store import engine as engine_module
from workflows.adapters.store.errors import StoreClosed, StoreFailed, UnsafeDatabase
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
