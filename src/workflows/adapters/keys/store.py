"""Data keys: one per person, made before the first event that needs it, erased with the person.

A file of its own, so that erasing a key is erasing it: ``secure_delete`` overwrites what is removed, the
journal is a file that vanishes with each transaction, and no backup of the events contains it.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from workflows.adapters.keys.errors import KeyProblem
from workflows.adapters.keys.master import KEY_BYTES, MasterKey

IN_MEMORY = ":memory:"
SCHEMA = (
    "create table if not exists data_keys(subject text primary key, wrapped blob) without rowid",
    "create table if not exists own_keys(name text primary key, wrapped blob not null) without rowid",
)
CHECK = "check"
IDENTITY = "identity"


class _Raced(KeyProblem):
    """Another process made a key for the same person meanwhile."""


class KeyStore:
    """The key store of one home; may be used by several threads, and its file by several processes."""

    def __init__(self, path: Path | str, master: MasterKey, *, create: bool) -> None:
        """Open the key store at ``path``, or make it if ``create``.

        Raises:
            KeyProblem: ``keys-missing``, ``keys-foreign``, ``master-key-wrong``.
        """
        if path != IN_MEMORY and not create and not Path(path).exists():
            raise KeyProblem("keys-missing", path=str(path))
        self._master = master
        self._lock = threading.RLock()
        self._keys: dict[UUID, bytes | None] = {}
        self._staged: dict[UUID, bytes] = {}
        if path != IN_MEMORY:
            _make_private(Path(path))
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        try:
            self._open(str(path), create)
        except BaseException:
            self._connection.close()
            raise
        self._changes = self._change_count()

    @classmethod
    def in_memory(cls) -> KeyStore:
        """Return a key store that lives as long as this object: for the sandbox and tests."""
        return cls(IN_MEMORY, MasterKey.new(), create=True)

    def close(self) -> None:
        """Close the file; keys already handed out stay usable."""
        self._connection.close()

    # --- keys -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Forget what is remembered if another process has changed the file: it may have erased somebody."""
        with self._lock:
            changes = self._change_count()
            if changes != self._changes:
                self._changes = changes
                self._keys.clear()

    def known_key(self, subject: UUID) -> bytes | None:
        """Return the data key of ``subject`` as of the last :meth:`refresh`; None when none or erased.

        Raises:
            KeyProblem: ``key-damaged``.
        """
        with self._lock:
            return self._known(subject)

    def key_for(self, subject: UUID, *, create: bool = False) -> bytes | None:
        """Return the data key of ``subject``; None when there is none or it was erased.

        With ``create`` a missing key is made, and is on disk when this returns.

        Raises:
            KeyProblem: ``key-damaged``; with ``create`` also ``key-erased``.
        """
        with self._lock:
            self.refresh()
            if create:
                with contextlib.suppress(_Raced):  # then the key of the quicker one is as good
                    self.persist({subject: self.stage(subject)})
            return self._known(subject)

    def stage(self, subject: UUID) -> bytes:
        """Return the key to seal with; a new one is only in memory until :meth:`persist`.

        Raises:
            KeyProblem: ``key-erased``: nothing is sealed for an erased person any more.
        """
        with self._lock:
            known = self._known(subject)
            if known is not None:
                return known
            if subject in self._keys:  # remembered as None: erased
                raise KeyProblem("key-erased", subject=subject)
            return self._staged.setdefault(subject, os.urandom(KEY_BYTES))

    def persist(self, keys: Mapping[UUID, bytes]) -> None:
        """Make sure that ``keys`` (by subject), as given by :meth:`stage`, are on disk; one transaction.

        To be called before the events sealed with them are committed. A key left over by a commit that
        failed harms nobody.

        Raises:
            KeyProblem: ``keys-raced``: another process was quicker, what was sealed must not be kept.
        """
        with self._lock:
            new = {subject: key for subject, key in keys.items() if self._keys.get(subject) != key}
            if not new:
                return
            with self._transaction() as connection:
                for subject, key in new.items():
                    wrapped = self._master.wrap(key, subject.bytes)
                    done = connection.execute(
                        "insert into data_keys values (?, ?) on conflict do nothing", (subject.hex, wrapped)
                    )
                    self._staged.pop(subject, None)
                    if not done.rowcount and self._known(subject) != key:
                        raise _Raced("keys-raced", subject=subject)
            self._keys |= new

    def is_erased(self, subject: UUID) -> bool:
        """Say whether ``subject`` was erased here (and not merely never had a key)."""
        with self._lock:
            row = self._read("select wrapped is null from data_keys where subject = ?", subject.hex)
            return row is not None and bool(row[0])

    def erase(self, subject: UUID) -> bool:
        """Erase the key of ``subject`` for ever; say whether there was one. A mark stays: no new is made."""
        with self._lock:
            had = self._known(subject) is not None
            with self._transaction() as connection:
                connection.execute(
                    "insert into data_keys values (?, null)"
                    " on conflict (subject) do update set wrapped = null",
                    (subject.hex,),
                )
            self._staged.pop(subject, None)
            self._keys[subject] = None
            return had

    def identity_digest(self, scope: str, value: str) -> str:
        """Return a stand-in for a natural identity (identity number), for claims; equal for equal values.

        Keyed, since the numbers are few enough to try them all. The claim goes when the person is erased.
        """
        key = self._identity_key()
        message = scope.encode() + b"\0" + value.encode()
        return hmac.new(key, message, hashlib.sha256).hexdigest()

    # --- inside -----------------------------------------------------------------------------------------

    def _known(self, subject: UUID) -> bytes | None:
        if subject in self._keys:
            return self._keys[subject]
        row = self._read("select wrapped from data_keys where subject = ?", subject.hex)
        if row is None:
            return None  # not remembered: another thread's process may be about to make it
        key = None
        if row[0] is not None:
            key = self._master.unwrap(row[0], subject.bytes)
            if key is None:
                raise KeyProblem("key-damaged", subject=subject)
        self._keys[subject] = key
        return key

    def _identity_key(self) -> bytes:
        with self._lock:
            row = self._read("select wrapped from own_keys where name = ?", IDENTITY)
            key = None if row is None else self._master.unwrap(row[0], IDENTITY.encode())
            if key is None:
                raise KeyProblem("key-damaged", subject=IDENTITY)
            return key

    def _change_count(self) -> int:
        count: int = self._read("pragma data_version")[0]
        return count

    def _read(self, query: str, *values: str) -> Any:
        try:
            return self._connection.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise KeyProblem("keys-failed", because=getattr(error, "sqlite_errorname", "")) from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
        except sqlite3.Error as error:
            raise KeyProblem("keys-failed", because=getattr(error, "sqlite_errorname", "")) from error

    def _open(self, path: str, create: bool) -> None:
        connection = self._connection
        try:
            for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON", "fullfsync=ON"):
                connection.execute(f"pragma {pragma}").fetchall()
            tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        except sqlite3.DatabaseError as error:
            raise KeyProblem("keys-foreign", path=path) from error
        if "own_keys" not in tables and (tables or not create):
            raise KeyProblem("keys-foreign", path=path)
        if not tables:
            self._set_up()
        wrapped = self._read("select wrapped from own_keys where name = ?", CHECK)
        if wrapped is None or self._master.unwrap(wrapped[0], CHECK.encode()) is None:
            raise KeyProblem("master-key-wrong", path=path)

    def _set_up(self) -> None:
        with self._transaction() as connection:
            for statement in SCHEMA:
                connection.execute(statement)
            for name in (CHECK, IDENTITY):
                wrapped = self._master.wrap(os.urandom(KEY_BYTES), name.encode())
                connection.execute(
                    "insert into own_keys values (?, ?) on conflict do nothing", (name, wrapped)
                )


def _make_private(path: Path) -> None:
    """Make the file readable by its owner only before anything stands in it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
