"""The record of clock jumps, and the clocks to compare with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from workflows.adapters.notify.leases import database_micros
from workflows.adapters.notify.tables import clock_jumps
from workflows.adapters.store.database import Database
from workflows.adapters.store.tables import events
from workflows.adapters.store.times import micros, moment
from workflows.kernel.clock import Clock
from workflows.kernel.ids import derived
from workflows.scheduler.ports import Jump

LOCAL_HOSTS = frozenset({None, "", "localhost", "127.0.0.1", "::1"})


class SqlJumps:
    """Jumps of the clocks of those who work on one log."""

    def __init__(self, database: Database, log_id: str, clock: Clock) -> None:
        """Keep the jumps of ``log_id``."""
        self._database, self._log_id, self._clock = database, log_id, clock

    def record(self, jump: Jump) -> None:
        """Keep a jump and hold outgoing messages."""
        key = derived(
            "jump", self._log_id, jump.kind, jump.noticed_at.isoformat(), jump.expected_at.isoformat()
        )
        with self._database.writing(f"clock {self._log_id}") as connection:
            known = select(clock_jumps.c.jump_id).where(
                clock_jumps.c.log_id == self._log_id, clock_jumps.c.jump_id == key
            )
            if connection.execute(known).first() is None:
                connection.execute(
                    insert(clock_jumps).values(
                        log_id=self._log_id,
                        jump_id=key,
                        kind=jump.kind,
                        seconds=jump.seconds,
                        noticed_at=micros(jump.noticed_at),
                        expected_at=micros(jump.expected_at),
                    )
                )

    def held(self) -> Jump | None:
        """Return the newest jump nobody has settled."""
        wanted = select(clock_jumps).where(
            clock_jumps.c.log_id == self._log_id, clock_jumps.c.settled_at.is_(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        if not rows:
            return None
        row = max(rows, key=lambda found: max(found.noticed_at, found.expected_at))
        return Jump(row.kind, row.seconds, moment(row.noticed_at), moment(row.expected_at))

    def settle(self, by: str) -> int:
        """Let messages go; return how many jumps were settled."""
        with self._database.writing(f"clock {self._log_id}") as connection:
            done = connection.execute(
                update(clock_jumps)
                .where(clock_jumps.c.log_id == self._log_id, clock_jumps.c.settled_at.is_(None))
                .values(settled_by=by, settled_at=micros(self._clock.now()))
            )
        return done.rowcount


class SqlMoments:
    """Other clocks than this machine's: the newest event, and a database on another machine."""

    def __init__(self, database: Database, log_id: str) -> None:
        """Read them from ``database``."""
        self._database, self._log_id = database, log_id

    def recorded_at(self) -> datetime | None:
        """Return when the newest event was recorded."""
        wanted = (
            select(events.c.recorded_at)
            .where(events.c.log_id == self._log_id)
            .order_by(events.c.position.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            found = connection.execute(wanted).scalar()
        return None if found is None else moment(found)

    def database_now(self) -> datetime | None:
        """Return the clock of a database on another machine; one on this machine proves nothing."""
        if self._database.is_sqlite or self._database.engine.url.host in LOCAL_HOSTS:
            return None
        with self._database.reading() as connection:
            return moment(database_micros(connection))
