"""The post: takes what waits in the outbox, one digest a recipient, and keeps every answer of the receivers.

At least once: a digest is claimed, handed over, and its answer written down. A process that ends in between
leaves an attempt nobody knows the outcome of; it is kept as ``unknown`` and made again, under the same
message id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from secrets import SystemRandom
from uuid import UUID

from sqlalchemy import Connection, and_, insert, or_, select, update

from workflows.adapters.notify.channels import Answer, Channel, Digest
from workflows.adapters.notify.outbox import line_of
from workflows.adapters.notify.tables import deliveries, outbox
from workflows.adapters.store.database import Database
from workflows.adapters.store.times import micros
from workflows.kernel.calendar import Calendar
from workflows.kernel.clock import LOCAL, Clock
from workflows.kernel.ids import derived
from workflows.scheduler.ports import Line

CLAIM = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
MOST_ATTEMPTS = 12
"""About a day and a half; then the line is dead, and shown as such."""

WAITING = ("queued", "retry")
SENDING, ACCEPTED, REFUSED, RETRY, DEAD, UNKNOWN = (
    "sending",
    "accepted",
    "refused",
    "retry",
    "dead",
    "unknown",
)

Compose = Callable[[str, Sequence[Line]], tuple[str, str]]
"""Puts lines into words for a recipient: subject and body."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When what leaves the house may go: on working days, from ``start`` to before ``end``, local time."""

    start: time = time(8, 30)
    end: time = time(17, 30)

    def is_open(self, moment: datetime, calendar: Calendar) -> bool:
        """Say whether somebody should be at work to read it."""
        local = moment.astimezone(LOCAL)
        return self.start <= local.time() < self.end and calendar.is_working_day(local.date())


@dataclass(frozen=True, slots=True)
class Claimed:
    """An attempt to hand over one digest."""

    delivery_id: UUID
    channel: str
    digest: Digest
    attempts: int


class Sender:
    """The post of one log; any number may run at once, each digest is claimed by one."""

    def __init__(
        self,
        database: Database,
        log_id: str,
        clock: Clock,
        channels: Mapping[str, Channel],
        compose: Compose,
        calendar: Calendar,
        office: OfficeHours | None = None,
        *,
        chance: Callable[[], float] | None = None,
    ) -> None:
        """Build it; ``calendar`` and ``office`` bind only channels that leave the house.

        ``chance`` (0 to 1) spreads repetitions; nothing else rests on it.
        """
        self._database, self._log_id, self._clock, self._channels = database, log_id, clock, channels
        self._compose, self._calendar = compose, calendar
        self._chance = chance or SystemRandom().random
        self._office = office or OfficeHours()

    def run(self, *, held: bool = False) -> int:
        """Hand over what is due; return how many lines were accepted.

        What leaves the house goes in office hours, once a day a recipient, and not while messages are
        ``held``.
        """
        now = self._clock.now()
        open_now = not held and self._office.is_open(now, self._calendar)
        accepted = 0
        for channel, recipient in self._due(now):
            way = self._channels.get(channel)
            if way is None or (way.leaves_house and not open_now):
                continue
            claimed = self._claim(channel, recipient, now, once_a_day=way.leaves_house)
            if claimed is None:
                continue
            answer = way.deliver(claimed.digest)
            self._settle(claimed, answer)
            accepted += len(claimed.digest.lines) if answer.said == ACCEPTED else 0
        return accepted

    def _due(self, now: datetime) -> list[tuple[str, str]]:
        with self._database.reading() as connection:
            wanted = (
                select(outbox.c.channel, outbox.c.recipient)
                .where(
                    outbox.c.log_id == self._log_id,
                    outbox.c.state.in_((*WAITING, SENDING)),
                    outbox.c.next_at <= micros(now),
                )
                .distinct()
                .order_by(outbox.c.channel, outbox.c.recipient)
            )
            return [(row.channel, row.recipient) for row in connection.execute(wanted)]

    def _claim(self, channel: str, recipient: str, now: datetime, *, once_a_day: bool) -> Claimed | None:
        """Take all that waits for a recipient; None where another took it, or the day's digest has gone."""
        mine = and_(
            outbox.c.log_id == self._log_id, outbox.c.channel == channel, outbox.c.recipient == recipient
        )
        ready = or_(
            outbox.c.state.in_(WAITING), and_(outbox.c.state == SENDING, outbox.c.next_at <= micros(now))
        )
        # one claim after another: two that overlap would each take half of a digest
        with self._database.writing(f"post {self._log_id}") as connection:
            if once_a_day and self._has_gone_today(connection, channel, recipient, now):
                return None
            wanted = select(outbox).where(mine, ready).order_by(outbox.c.due_on, outbox.c.key)
            rows = connection.execute(wanted).all()
            if not rows or all(row.next_at > micros(now) for row in rows):
                return None
            lines = tuple(line_of(row) for row in rows)
            attempts = max(row.attempts for row in rows) + 1
            message_id = message_id_of([line.key for line in lines])
            delivery_id = derived("delivery", message_id, attempts, micros(now))
            self._give_up(connection, {row.delivery_id for row in rows if row.state == SENDING}, now)
            connection.execute(
                update(outbox)
                .where(outbox.c.log_id == self._log_id, outbox.c.key.in_([line.key for line in lines]))
                .values(
                    state=SENDING,
                    attempts=outbox.c.attempts + 1,
                    next_at=micros(now + CLAIM),
                    delivery_id=delivery_id,
                )
            )
            connection.execute(
                insert(deliveries).values(
                    log_id=self._log_id,
                    delivery_id=delivery_id,
                    channel=channel,
                    recipient=recipient,
                    message_id=message_id,
                    line_count=len(lines),
                    begun_at=micros(now),
                    answer=SENDING,
                )
            )
        subject, body = self._compose(recipient, lines)
        return Claimed(delivery_id, channel, Digest(message_id, recipient, subject, body, lines), attempts)

    def _has_gone_today(self, connection: Connection, channel: str, recipient: str, now: datetime) -> bool:
        day = now.astimezone(LOCAL).date()
        begin = datetime.combine(day, time(), LOCAL)
        wanted = select(deliveries.c.delivery_id).where(
            deliveries.c.log_id == self._log_id,
            deliveries.c.channel == channel,
            deliveries.c.recipient == recipient,
            deliveries.c.begun_at >= micros(begin),
            deliveries.c.answer == ACCEPTED,
        )
        return connection.execute(wanted.limit(1)).first() is not None

    def _give_up(self, connection: Connection, lost: Collection[UUID | None], now: datetime) -> None:
        """Note of attempts whose process ended that nobody knows their outcome."""
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.log_id == self._log_id,
                deliveries.c.delivery_id.in_([key for key in lost if key is not None]),
                deliveries.c.answer == SENDING,
            )
            .values(answer=UNKNOWN, answered_at=micros(now), detail="no answer was written down")
        )

    def _settle(self, claimed: Claimed, answer: Answer) -> None:
        now = self._clock.now()
        with self._database.writing(f"post {self._log_id}") as connection:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.log_id == self._log_id, deliveries.c.delivery_id == claimed.delivery_id)
                .values(answer=answer.said, answered_at=micros(now), code=answer.code, detail=answer.detail)
            )
            mine = (
                outbox.c.log_id == self._log_id,
                outbox.c.delivery_id == claimed.delivery_id,
                outbox.c.state == SENDING,
            )
            if answer.said in (ACCEPTED, REFUSED):
                connection.execute(update(outbox).where(*mine).values(state=answer.said, next_at=micros(now)))
                return
            later = micros(now + self._pause(claimed.attempts))
            ended = outbox.c.attempts >= MOST_ATTEMPTS
            connection.execute(update(outbox).where(*mine, ended).values(state=DEAD, next_at=micros(now)))
            connection.execute(update(outbox).where(*mine).values(state=RETRY, next_at=later))

    def _pause(self, attempts: int) -> timedelta:
        """Return how long to wait: twice as long each time, spread so that not all come back at once."""
        pause: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        return pause * (0.5 + self._chance())


def message_id_of(keys: Collection[UUID]) -> str:
    """Return the id of a digest: the same lines, the same id, so that a receiver can tell a repetition."""
    text = "".join(sorted(key.hex for key in keys))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
