"""PostgreSQL connections that never wait for ever, and never call a commit certain when it is not.

A frozen server keeps its clients waiting without end: its kernel still answers for it, so that neither
keepalive nor ``statement_timeout`` helps. Each call has a deadline here; when it passes, the connection is
thrown away without another word on it (a ROLLBACK would hang too). And a COMMIT whose wait for the standby
was cancelled is reported by the server as a success with a mere warning.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Sequence
from time import monotonic
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection

from workflows.adapters.store.statements import driver_cursor

Result = TypeVar("Result")

COMMIT_WARNINGS = ("01000", "57P01")
"""SQLSTATEs of warnings at COMMIT: recorded here, perhaps not by the standby."""

SERVER_GONE = ("08", "57")
"""Classes of SQLSTATE after which nobody knows whether a COMMIT took place."""


class DeadlinePassed(psycopg.OperationalError):
    """The server did not answer in time; the connection is closed, the outcome unknown."""


class CommitUnconfirmed(psycopg.OperationalError):
    """The server said COMMIT, but warned that a standby may not have it."""


class DeadlineConnection(psycopg.Connection[Any]):
    """A connection on which every call ends within ``deadline_s`` seconds, a commit included."""

    deadline_s = 20.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._warnings: list[str] = []
        self.add_notice_handler(self._note)

    def _note(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        if diagnostic.sqlstate in COMMIT_WARNINGS:
            self._warnings.append(diagnostic.sqlstate)

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for the server as the library does, but no longer than the deadline.

        Raises:
            DeadlinePassed: it did not answer; the connection is closed.
        """
        try:
            return super().wait(self._limited(gen), *args, **kwargs)
        except DeadlinePassed:
            with contextlib.suppress(psycopg.Error):
                self.close()
            raise

    def _limited(self, gen: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        ends = monotonic() + self.deadline_s
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready and monotonic() >= ends:
                    raise DeadlinePassed(f"no answer within {self.deadline_s} s")
                state = gen.send(ready)
        except StopIteration as stop:
            result: Result = stop.value
            return result

    def commit(self) -> None:
        """Commit.

        Raises:
            CommitUnconfirmed: done here, but perhaps not on the standby that was to have it.
        """
        self._warnings.clear()
        super().commit()
        if self._warnings:
            raise CommitUnconfirmed(f"commit with warning {self._warnings[0]}")


def is_outcome_unknown(error: BaseException | None) -> bool:
    """Say whether, after ``error`` at a COMMIT, the transaction may have been recorded all the same."""
    if isinstance(error, DeadlinePassed | CommitUnconfirmed):
        return True
    if not isinstance(error, psycopg.Error):
        return False
    return error.sqlstate is None or error.sqlstate[:2] in SERVER_GONE


def copy_in(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` by COPY: of all ways the quickest, for one row as for thousands.

    Raises:
        DBAPIError: of SQLAlchemy, as any other statement of the connection would.
    """
    with driver_cursor(connection, statement) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
