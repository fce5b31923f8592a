"""Claims (who holds a name) and answered commands of one log: the rows beside the events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.engine import Dialect

from workflows.adapters.store.log import Log, chunks
from workflows.adapters.store.statements import Prepared
from workflows.adapters.store.tables import claims, command_log
from workflows.adapters.store.times import micros, moment

Claim = tuple[str, str]
"""Scope and key."""


class Answer(NamedTuple):
    """What a command was answered, so that its repetition is answered the same.

    Attributes:
        hash: of the command; another command must not come with the same id.
        answer: the bytes given to ``log_command``.
        position: of the log when it was answered; a reader that has come so far sees its effects.
        recorded_at: aware, UTC.
    """

    hash: bytes
    answer: bytes
    position: int
    recorded_at: datetime


class Registry:
    """The claims and commands of one log in one kind of database."""

    def __init__(self, log: Log, dialect: Dialect) -> None:
        self._log = log
        self._holder = Prepared(
            dialect,
            select(claims.c.stream_id).where(
                claims.c.log_id == bindparam("log_id"),
                claims.c.scope == bindparam("scope"),
                claims.c.key == bindparam("key"),
            ),
        )
        self._answer = Prepared(
            dialect,
            select(
                command_log.c.hash, command_log.c.answer, command_log.c.position, command_log.c.recorded_at
            ).where(
                command_log.c.log_id == bindparam("log_id"),
                command_log.c.command_id == bindparam("command_id"),
            ),
        )

    def holder(self, connection: Connection, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""
        scope, key = claim
        row = self._holder(connection, log_id=self._log.log_id, scope=scope, key=key).first()
        if row is None:
            return None
        return UUID(row[0]) if self._log.is_sqlite else row[0]

    def held_by(self, connection: Connection, stream_id: UUID) -> list[Claim]:
        """Return the claims that a stream holds."""
        query = select(claims.c.scope, claims.c.key).where(
            claims.c.log_id == self._log.log_id, claims.c.stream_id == stream_id
        )
        return [(scope, key) for scope, key in connection.execute(query)]

    def answer(self, connection: Connection, command_id: UUID) -> Answer | None:
        """Return what a command was answered."""
        row = self._answer(
            connection, log_id=self._log.log_id, command_id=self._log.id_out(command_id)
        ).first()
        return None if row is None else Answer(bytes(row[0]), bytes(row[1]), row[2], moment(row[3]))

    def answers(self, connection: Connection, command_ids: Sequence[UUID]) -> dict[UUID, Answer]:
        """Return what some commands were answered."""
        found = {}
        for ids in chunks(command_ids):
            query = select(command_log).where(
                command_log.c.log_id == self._log.log_id, command_log.c.command_id.in_(ids)
            )
            for row in connection.execute(query):
                found[row.command_id] = Answer(row.hash, row.answer, row.position, moment(row.recorded_at))
        return found

    def release(self, connection: Connection, released: Iterable[Claim]) -> None:
        """Give claims up."""
        rows = [{"a_scope": scope, "a_key": key} for scope, key in released]
        if rows:
            statement = delete(claims).where(
                claims.c.log_id == self._log.log_id,
                claims.c.scope == bindparam("a_scope"),
                claims.c.key == bindparam("a_key"),
            )
            connection.execute(statement, rows)

    def hold(self, connection: Connection, held: Mapping[Claim, UUID]) -> None:
        """Write claims down.

        Raises:
            IntegrityError: of SQLAlchemy; one is held already.
        """
        log_id = self._log.log_id
        rows = [
            {"log_id": log_id, "scope": scope, "key": key, "stream_id": stream}
            for (scope, key), stream in held.items()
        ]
        if rows:
            connection.execute(insert(claims), rows)

    def note(self, connection: Connection, answers: Mapping[UUID, Answer]) -> None:
        """Write down what commands were answered.

        Raises:
            IntegrityError: of SQLAlchemy; one was answered already.
        """
        rows = [
            {
                "log_id": self._log.log_id,
                "command_id": command_id,
                "hash": answer.hash,
                "answer": answer.answer,
                "position": answer.position,
                "recorded_at": micros(answer.recorded_at),
            }
            for command_id, answer in answers.items()
        ]
        if rows:
            connection.execute(insert(command_log), rows)
