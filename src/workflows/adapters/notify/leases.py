"""Of several workers one sweeps: a row with an epoch, by the clock of the database.

A session lock would break behind a pool; here the late one finds a higher epoch inside its own transaction
and writes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, insert, select, text, update

from workflows.adapters.notify.outbox import connection_of
from workflows.adapters.notify.tables import leases
from workflows.adapters.store.database import Database
from workflows.application.ports import Transaction
from workflows.scheduler.ports import Lease

SWEEP = "sweep"
LASTS = timedelta(minutes=3)
MICROSECONDS = timedelta(microseconds=1)

NOW = {
    "sqlite": "select cast((julianday('now') - 2440587.5) * 86400000000 as integer)",
    "postgresql": "select (extract(epoch from clock_timestamp()) * 1000000)::bigint",
}


def database_micros(connection: Connection) -> int:
    """Return the clock of the database, microseconds since 1970, UTC."""
    now: int = connection.execute(text(NOW[connection.dialect.name])).scalar_one()
    return now


class SqlLeases:
    """The lease of one log."""

    def __init__(self, database: Database, log_id: str, *, lasts: timedelta = LASTS) -> None:
        """``lasts``: after so long without a tick of its holder the lease may be taken by another."""
        self._database, self._log_id, self._lasts = database, log_id, lasts

    def take(self, holder: str) -> Lease | None:
        """Take or renew the lease; None while another holds it."""
        with self._database.writing(f"lease {self._log_id}") as connection:
            now = database_micros(connection)
            until = now + self._lasts // MICROSECONDS
            found = connection.execute(
                select(leases).where(leases.c.log_id == self._log_id, leases.c.name == SWEEP)
            ).first()
            if found is None:
                connection.execute(
                    insert(leases).values(
                        log_id=self._log_id, name=SWEEP, holder=holder, epoch=1, expires_at=until
                    )
                )
                return Lease(holder, 1)
            if found.holder != holder and found.expires_at > now:
                return None
            # held without a break it keeps its epoch; whoever comes after a break gets the next one
            epoch = found.epoch + (found.holder != holder or found.expires_at <= now)
            connection.execute(
                update(leases)
                .where(leases.c.log_id == self._log_id, leases.c.name == SWEEP)
                .values(holder=holder, epoch=epoch, expires_at=until)
            )
            return Lease(holder, epoch)

    def is_ours(self, transaction: Transaction, lease: Lease) -> bool:
        """Say, inside a transaction, whether the lease still has this epoch."""
        wanted = select(leases.c.holder, leases.c.epoch).where(
            leases.c.log_id == self._log_id, leases.c.name == SWEEP
        )
        found = connection_of(transaction).execute(wanted).first()
        return found is not None and (found.holder, found.epoch) == (lease.holder, lease.epoch)

    def give_up(self, lease: Lease) -> None:
        """Let others sweep at once."""
        with self._database.writing(f"lease {self._log_id}") as connection:
            connection.execute(
                update(leases)
                .where(
                    leases.c.log_id == self._log_id,
                    leases.c.name == SWEEP,
                    leases.c.holder == lease.holder,
                    leases.c.epoch == lease.epoch,
                )
                .values(expires_at=0)
            )
