"""Engines that keep what they acknowledge: SQLite with WAL and full syncs, PostgreSQL with deadlines.

What is set is read back: a database that does not do as told is refused, since a log that loses acknowledged
events at a power cut is worse than none.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from workflows.adapters.store.errors import UnsafeDatabase

WRITES = "zhibu_writes"
"""Execution option of a connection that will write: SQLite then takes its lock at BEGIN."""

FULL = 2
"""What ``PRAGMA synchronous`` answers when every commit is synced."""

BUSY_TIMEOUT_MS = 30_000

SQLITE_PRAGMAS = (
    ("journal_mode", "WAL"),
    ("synchronous", "FULL"),
    ("fullfsync", "ON"),
    ("checkpoint_fullfsync", "ON"),
    ("busy_timeout", str(BUSY_TIMEOUT_MS)),
    ("foreign_keys", "ON"),
    # SQLite hides a failing sync of its automatic checkpoints: the writer does its own, see database.py
    ("wal_autocheckpoint", "0"),
    # an erased person's rows in views must not stay readable in free pages
    ("secure_delete", "ON"),
)


def make_engine(url: str | URL, *, deadline_s: float = 20.0, pool_size: int = 10) -> Engine:
    """Return an engine for ``sqlite:///FILE``, ``sqlite://`` (in memory) or ``postgresql://…``.

    ``deadline_s`` is the longest time that one call to PostgreSQL may take, a commit included.

    Raises:
        UnsafeDatabase: at the first connection, when the database does not keep what it acknowledges.
        ValueError: another kind of database.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address, pool_size)
    if address.get_backend_name() == "postgresql":
        return _postgres_engine(address.set(drivername="postgresql+psycopg"), deadline_s, pool_size)
    raise ValueError(f"neither SQLite nor PostgreSQL: {address.get_backend_name()}")


def is_in_memory(engine: Engine) -> bool:
    """Say whether all threads share one connection, whose transactions must not overlap."""
    return isinstance(engine.pool, StaticPool)


def _sqlite_engine(url: URL, pool_size: int) -> Engine:
    in_memory = not url.database or url.database == ":memory:"
    settings: dict[str, Any] = {"connect_args": {"check_same_thread": False}, "hide_parameters": True}
    if in_memory:
        settings["poolclass"] = StaticPool
    else:
        settings |= {"pool_size": pool_size, "max_overflow": 4 * pool_size}
    engine = create_engine(url, **settings)

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for name, value in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {name}={value}").fetchall()
        if not in_memory:
            _require_safe(connection)

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _require_safe(connection: sqlite3.Connection) -> None:
    journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if journal != "wal":
        raise UnsafeDatabase("sqlite-no-wal", journal=journal)
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if synchronous != FULL:
        raise UnsafeDatabase("sqlite-not-synchronous", synchronous=synchronous)


def _postgres_engine(url: URL, deadline_s: float, pool_size: int) -> Engine:
    from workflows.adapters.store.postgres import DeadlineConnection  # an extra: only where it is used

    engine = create_engine(
        url,
        # the writer must see what was committed while it waited for the lock
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # they hold personal data, and errors are logged
        connect_args={
            "connect_timeout": 10,
            "prepare_threshold": None,  # prepared statements break behind a pooler
            "application_name": "zhibu",
        },
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, args: list[Any], kwargs: dict[str, Any]) -> Any:
        connection = DeadlineConnection.connect(*args, **kwargs)
        connection.deadline_s = deadline_s
        return connection

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        durable = connection.execute("SHOW synchronous_commit").fetchone()[0]
        encoding = connection.execute("SHOW server_encoding").fetchone()[0]
        connection.rollback()
        if durable == "off":
            raise UnsafeDatabase("postgres-not-synchronous", synchronous_commit=durable)
        if encoding != "UTF8":
            raise UnsafeDatabase("postgres-not-utf8", encoding=encoding)

    return engine
