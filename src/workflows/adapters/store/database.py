"""Transactions on one database: who writes, who waits, who is woken, and when the disk has failed.

All that share an engine share its :class:`Database`: the store, the library's recorder, the writers of views.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from workflows.adapters.store.engine import BUSY_TIMEOUT_MS, WRITES, is_in_memory
from workflows.adapters.store.errors import StoreBusy, StoreClosed, StoreFailed
from workflows.kernel.errors import OutcomeUnknown, Problem

ATTRIBUTE = "_zhibu_database"
"""Where an engine keeps its :class:`Database`: the two end together."""

EXIT_AFTER_DISK_FAILURE = 70
TURN_SECONDS = 30.0
LOCK_WAIT_MS = 10_000
"""Below the deadline of a call (engine.py): who waits for others is not told of a silent server."""
IDLE_IN_TRANSACTION_MS = 120_000

TAKE_LOCK = (
    "SELECT set_config('lock_timeout', %s::text, true),"
    " set_config('idle_in_transaction_session_timeout', %s::text, true),"
    " pg_advisory_xact_lock(%s)"
)
"""The first statement of a writer: how long it waits, after what silence it loses the lock, and the lock."""

COMMITS_TO_CHECKPOINT = 200
CHANGES_TO_CHECKPOINT = 5_000
"""Commits, or rows changed, after which the WAL is copied into the database file: some 5 MB."""

CHECKPOINT_WAIT_MS = 1_000

WAL_BOUND_BYTES = 32 << 20
"""A WAL beyond this is cut short, waiting for the readers of the moment."""

PRIMARY_CODE = 0xFF
BUSY_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
CHECKPOINT_LATER = (*BUSY_CODES, sqlite3.SQLITE_FULL)
LOCK_NOT_AVAILABLE = "55P03"


def end_process() -> None:
    """End at once: after a failed sync a later success proves nothing, only reading the files anew does."""
    os.write(2, "停止运行：磁盘没有存好刚写入的数据。已答复的记录不受影响，请检查磁盘后重新启动。\n".encode())
    os._exit(EXIT_AFTER_DISK_FAILURE)


class Database:
    """The transactions of one engine; obtained by :meth:`of`, once per engine."""

    _making = threading.Lock()

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.on_fatal: Callable[[], None] = end_process
        self._in_memory = is_in_memory(engine)
        # in memory all threads share one connection; in a file this spares writers SQLite's sleeping wait
        self._one_at_a_time = threading.Lock()
        self._mine = threading.local()
        self._listeners: set[threading.Event] = set()
        self._listeners_lock = threading.Lock()
        self._commits = self._changed = 0
        self._failed = False
        self.undone = 0
        """How many transactions of this process were undone: what they had read and written is no more."""

    @classmethod
    def of(cls, engine: Engine) -> Database:
        """Return the database of ``engine``, the same one for everybody in this process."""
        with cls._making:
            found = engine.__dict__.get(ATTRIBUTE)
            if found is None:
                found = engine.__dict__[ATTRIBUTE] = cls(engine)
            database: Database = found
            return database

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one unchanging moment of the database."""
        with self._entered("reading"), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def writing(self, log_id: str | None = None, command_id: UUID | None = None) -> Iterator[Connection]:
        """Yield a connection whose changes are all recorded when the block ends, or none when it raises.

        With ``log_id`` the lock of that log is taken before anything else: then positions are given in the
        order of commits, what the block reads of the log cannot change under it, and readers skip nothing.
        Without it (views, followers) only SQLite's own lock is taken.

        Raises:
            StoreBusy: others held the lock too long; nothing was recorded.
            StoreFailed: no connection, or the commit was refused (disk full); nothing was recorded.
            OutcomeUnknown: nobody knows whether the commit took place; carries ``command_id``.
            StoreClosed: a disk has failed before; nothing was recorded.
        """
        if self._failed:
            raise StoreClosed("store-closed", because="disk")
        with self._entered("writing"), self._connected() as connection:
            transaction = self._began(connection, log_id)
            before = self._changes_of(connection)
            try:
                yield connection
            except BaseException as error:
                self.undone += 1
                self._check_disk(error)
                with contextlib.suppress(DBAPIError):  # the error of the block is the one to tell
                    transaction.rollback()
                if isinstance(error, OperationalError) or (
                    isinstance(error, DBAPIError) and connection.invalidated
                ):
                    raise _refusal(error) from error
                raise
            self._changed += self._changes_of(connection) - before
            self._commit(transaction, command_id)
        self.wake()
        if self._commits >= COMMITS_TO_CHECKPOINT or self._changed >= CHANGES_TO_CHECKPOINT:
            self.checkpoint()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = self.engine.connect()
        except (DBAPIError, PoolTimeout) as error:
            raise StoreFailed("store-failed", because=_name(error)) from error
        with connection:
            connection.execution_options(**{WRITES: True})
            yield connection

    def _began(self, connection: Connection, log_id: str | None) -> RootTransaction:
        try:
            transaction = connection.begin()
            if log_id is not None and not self.is_sqlite:
                connection.exec_driver_sql(
                    TAKE_LOCK, (LOCK_WAIT_MS, IDLE_IN_TRANSACTION_MS, lock_key(log_id))
                )
        except DBAPIError as error:
            self._check_disk(error)
            raise _refusal(error) from error
        return transaction

    def _commit(self, transaction: RootTransaction, command_id: UUID | None) -> None:
        try:
            transaction.commit()
        except DBAPIError as error:
            self.undone += 1
            self._check_disk(error)
            with contextlib.suppress(DBAPIError):
                transaction.rollback()
            if self._is_outcome_unknown(error):
                raise OutcomeUnknown("outcome-unknown", command_id=command_id) from error
            raise StoreFailed("store-failed", because=_name(error)) from error
        self._commits += 1

    def _is_outcome_unknown(self, error: DBAPIError) -> bool:
        if self.is_sqlite:
            # a full disk keeps the commit mark from being written; a failed sync may come after it
            return _sqlite_code(error) == sqlite3.SQLITE_IOERR
        from workflows.adapters.store.postgres import is_outcome_unknown  # an extra: only where it is used

        return is_outcome_unknown(error.orig)

    def _check_disk(self, error: BaseException) -> None:
        if self.is_sqlite and _sqlite_code(error) == sqlite3.SQLITE_IOERR:
            self._failed = True
            self.on_fatal()

    def _changes_of(self, connection: Connection) -> int:
        if not self.is_sqlite:
            return 0
        changes: int = connection.connection.driver_connection.total_changes  # type: ignore[union-attr]
        return changes

    def checkpoint(self, *, truncate: bool = False) -> bool:
        """Copy SQLite's WAL into the database file; say whether all of it was copied.

        ``truncate`` also empties the WAL file (at the end, and after an erasure), waiting a second for
        readers. A full disk or readers in the way only mean: later. Any other failure ends the process.
        """
        if not self.is_sqlite or self._in_memory:
            return True
        self._commits = self._changed = 0
        done = self._run_checkpoint("TRUNCATE" if truncate else "PASSIVE")
        if not truncate and self._wal_bytes() > WAL_BOUND_BYTES:
            done = self._run_checkpoint("TRUNCATE")
        return done

    def _run_checkpoint(self, mode: str) -> bool:
        borrowed = self.engine.raw_connection()
        try:
            blocked, in_wal, copied = self.run_checkpoint(borrowed, mode)
        except sqlite3.Error as error:
            if _sqlite_code(error) not in CHECKPOINT_LATER:
                self._failed = True
                self.on_fatal()
                raise
            return False
        finally:
            borrowed.close()
        return not blocked and in_wal == copied

    def run_checkpoint(self, connection: Any, mode: str) -> tuple[int, int, int]:
        """Run the PRAGMA; a seam for tests, in which disks fail."""
        connection.execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_MS}").fetchall()
        try:
            row: tuple[int, int, int] = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").fetchall()
        return row

    def _wal_bytes(self) -> int:
        try:
            return os.stat(f"{self.engine.url.database}-wal").st_size
        except FileNotFoundError:
            return 0

    @contextlib.contextmanager
    def _entered(self, act: str) -> Iterator[None]:
        inside: str | None = getattr(self._mine, "act", None)
        if inside is not None and (self._in_memory or act == inside == "writing"):
            raise RuntimeError(f"{act} inside {inside}: it would wait for itself")
        if act == "reading" and not self._in_memory:
            yield
            return
        takes_turns = self.is_sqlite
        if takes_turns and not self._one_at_a_time.acquire(timeout=TURN_SECONDS):
            raise StoreBusy("store-busy")
        self._mine.act = act
        try:
            yield
        finally:
            self._mine.act = inside
            if takes_turns:
                self._one_at_a_time.release()

    def listen(self, event: threading.Event) -> None:
        """Have ``event`` set after each commit of this process."""
        with self._listeners_lock:
            self._listeners.add(event)

    def unlisten(self, event: threading.Event) -> None:
        """Leave ``event`` alone from now on."""
        with self._listeners_lock:
            self._listeners.discard(event)

    def wake(self) -> None:
        """Tell the listeners of this process that something was committed."""
        with self._listeners_lock:
            for event in self._listeners:
                event.set()


def lock_key(log_id: str) -> int:
    """Return the number of a log's lock on PostgreSQL."""
    return int.from_bytes(hashlib.sha256(b"zhibu log " + log_id.encode()).digest()[:8], "big", signed=True)


def _sqlite_code(error: BaseException) -> int:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code: int = getattr(cause, "sqlite_errorcode", 0)
    return code & PRIMARY_CODE


def _refusal(error: DBAPIError) -> Problem:
    """Return what to tell of an error before the commit: nothing was recorded."""
    if _sqlite_code(error) in BUSY_CODES or getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
        return StoreBusy("store-busy")
    return StoreFailed("store-failed", because=_name(error))


def _name(error: BaseException) -> str:
    """Return what kind of error it was, without the database's words: they may quote personal data."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return f"{type(cause).__name__} {code}" if code else type(cause).__name__
