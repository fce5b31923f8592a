"""Making the tables of a log, once, whoever comes first; refusing what a newer program has written."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select

from workflows.adapters.store.database import Database
from workflows.adapters.store.errors import UnsafeDatabase
from workflows.adapters.store.tables import SCHEMA_EPOCH, caused, events, meta, metadata

EPOCH = "schema_epoch"
SCHEMA_LOCK = "schema of zhibu"


def prepare(database: Database) -> None:
    """Make the tables if they are missing; changes nothing the second time.

    Raises:
        UnsafeDatabase: ``schema-newer``: a newer program has written here; ``schema-foreign``: tables of
            somebody else bear the same names.
    """
    with database.reading() as connection:
        if _is_ready(connection) and _is_indexed(connection):
            return
    with database.writing(SCHEMA_LOCK) as connection:  # several processes may start at once
        if not _is_ready(connection):
            metadata.create_all(connection)
            connection.execute(insert(meta).values(key=EPOCH, value=str(SCHEMA_EPOCH)))
        elif not _is_indexed(connection):
            caused.create(connection)


def _is_ready(connection: Connection) -> bool:
    names = inspect(connection)
    if not names.has_table(meta.name):
        if names.has_table(events.name):
            raise UnsafeDatabase("schema-foreign", table=events.name)
        return False
    epoch = connection.execute(select(meta.c.value).where(meta.c.key == EPOCH)).scalar()
    if epoch is None:
        raise UnsafeDatabase("schema-foreign", table=meta.name)
    if int(epoch) > SCHEMA_EPOCH:
        raise UnsafeDatabase("schema-newer", found=int(epoch), known=SCHEMA_EPOCH)
    return True


def _is_indexed(connection: Connection) -> bool:
    """Say whether a log has the index that came later; older programs may go on writing beside it."""
    return inspect(connection).has_index(events.name, str(caused.name))


def has_begun(engine: Engine) -> bool:
    """Say whether anything was ever begun in a database; nothing is made there by looking."""
    if engine.url.get_backend_name() == "sqlite":
        file = Path(engine.url.database or ":memory:")
        return file.is_file() and file.stat().st_size > 0
    with engine.connect() as connection:
        return inspect(connection).has_table(meta.name)


def has_events(engine: Engine) -> bool:
    """Say whether any event stands in a database; nothing is made there by looking."""
    with engine.connect() as connection:
        is_made = inspect(connection).has_table(events.name)
        return is_made and connection.execute(select(events.c.position).limit(1)).first() is not None
