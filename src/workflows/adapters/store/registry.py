"""Claims (who holds a name) and answered commands of one log: the rows beside the events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.engine import Dialect

from workflows.adapters.store.statements import Ids, Prepared
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

    def __init__(self, log_id: str, dialect: Dialect) -> None:
        self._log_id = log_id
        self._is_sqlite = dialect.name == "sqlite"
        self._ids = Ids(dialect)
        our_claims = claims.c.log_id == bindparam("log_id")
        the_claim = our_claims, claims.c.scope == bindparam("scope"), claims.c.key == bindparam("key")
        self._holder = Prepared(dialect, select(claims.c.stream_id).where(*the_claim))
        self._held_by = Prepared(
            dialect,
            select(claims.c.scope, claims.c.key)
            .where(our_claims, claims.c.stream_id == bindparam("stream_id"))
            .order_by(claims.c.scope, claims.c.key),
        )
        self._hold = Prepared(dialect, insert(claims))
        self._release = Prepared(dialect, delete(claims).where(*the_claim))
        self._answers = Prepared(
            dialect,
            select(
                *(command_log.c[name] for name in ("command_id", "hash", "answer", "position", "recorded_at"))
            ).where(command_log.c.log_id == bindparam("log_id"), self._ids.hold(command_log.c.command_id)),
        )
        self._note = Prepared(dialect, insert(command_log))

    def holder(self, connection: Connection, claim: Claim) -> UUID | None:
        """Return the stream that holds a claim."""
        scope, key = claim
        row = self._holder.first(connection, log_id=self._log_id, scope=scope, key=key)
        return None if row is None else self._uuid_in(row[0])

    def held_by(self, connection: Connection, stream_id: UUID) -> list[Claim]:
        """Return the claims that a stream holds, in their order."""
        stream = self._ids.one_out(stream_id)
        return [
            (scope, key)
            for scope, key in self._held_by.all(connection, log_id=self._log_id, stream_id=stream)
        ]

    def answers(self, connection: Connection, command_ids: Sequence[UUID]) -> dict[UUID, Answer]:
        """Return what those of the commands were answered that were answered before."""
        rows = self._answers.all(connection, log_id=self._log_id, ids=self._ids.out(command_ids))
        return {
            self._uuid_in(command_id): Answer(bytes(hash_), bytes(answer), position, moment(recorded_at))
            for command_id, hash_, answer, position, recorded_at in rows
        }

    def release(self, connection: Connection, released: Iterable[Claim]) -> None:
        """Give claims up."""
        for scope, key in released:
            self._release.run(connection, log_id=self._log_id, scope=scope, key=key)

    def hold(self, connection: Connection, held: Mapping[Claim, UUID]) -> None:
        """Write claims down.

        Raises:
            IntegrityError: of SQLAlchemy; one is held already.
        """
        self._hold.many(
            connection,
            [
                {"log_id": self._log_id, "scope": scope, "key": key, "stream_id": self._ids.one_out(stream)}
                for (scope, key), stream in held.items()
            ],
        )

    def note(self, connection: Connection, answers: Mapping[UUID, Answer]) -> None:
        """Write down what commands were answered.

        Raises:
            IntegrityError: of SQLAlchemy; one was answered already.
        """
        self._note.many(
            connection,
            [
                {
                    "log_id": self._log_id,
                    "command_id": self._ids.one_out(command_id),
                    "hash": answer.hash,
                    "answer": answer.answer,
                    "position": answer.position,
                    "recorded_at": micros(answer.recorded_at),
                }
                for command_id, answer in answers.items()
            ],
        )

    def _uuid_in(self, value: Any) -> UUID:
        return UUID(value) if self._is_sqlite else value
