"""Reading the outbox: a unit's own messages, and what became of those that left the house."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from workflows.adapters.notify.outbox import INBOX, line_of
from workflows.adapters.notify.tables import deliveries, outbox
from workflows.adapters.store.database import Database
from workflows.adapters.store.times import moment
from workflows.scheduler.ports import Line


class Sent(msgspec.Struct, frozen=True):
    """A line, what became of it, and the receiver's last answer."""

    line: Line
    state: str
    attempts: int
    queued_at: datetime
    answer: str = ""
    code: str = ""
    detail: str = ""


class Inbox:
    """The messages of one log, for pages and the command line; ids only, the reader looks names up."""

    def __init__(self, database: Database, log_id: str) -> None:
        """Read from ``database``."""
        self._database, self._log_id = database, log_id

    def of_units(self, unit_ids: Collection[UUID], *, limit: int = 100) -> list[Line]:
        """Return the newest messages to these units, the newest day first, within it the oldest last day."""
        wanted = (
            select(outbox)
            .where(
                outbox.c.log_id == self._log_id,
                outbox.c.channel == INBOX,
                outbox.c.recipient.in_([str(unit) for unit in unit_ids]),
            )
            .order_by(outbox.c.noticed_on.desc(), outbox.c.due_on, outbox.c.key)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [line_of(row) for row in connection.execute(wanted)]

    def about_person(self, person_id: UUID, *, limit: int = 100) -> list[Sent]:
        """Return what was told of someone, the newest first."""
        return self._sent(outbox.c.person_id == person_id, limit=limit)

    def undelivered(self, *, limit: int = 100) -> list[Sent]:
        """Return what did not arrive (refused, dead) or is not known to have (to be tried again)."""
        return self._sent(outbox.c.state.in_(("refused", "dead", "retry")), limit=limit)

    def counts(self) -> dict[str, int]:
        """Return how many lines are in each state."""
        wanted = (
            select(outbox.c.state, func.count())
            .where(outbox.c.log_id == self._log_id)
            .group_by(outbox.c.state)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(wanted)}

    def _sent(self, condition: Any, *, limit: int) -> list[Sent]:
        wanted = (
            select(outbox, deliveries.c.answer, deliveries.c.code, deliveries.c.detail)
            .outerjoin(
                deliveries,
                (deliveries.c.log_id == outbox.c.log_id) & (deliveries.c.delivery_id == outbox.c.delivery_id),
            )
            .where(outbox.c.log_id == self._log_id, condition)
            .order_by(outbox.c.noticed_on.desc(), outbox.c.due_on, outbox.c.key)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Sent(
                    line_of(row),
                    row.state,
                    row.attempts,
                    moment(row.queued_at),
                    row.answer or "",
                    row.code or "",
                    row.detail or "",
                )
                for row in connection.execute(wanted)
            ]
