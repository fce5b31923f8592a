"""Making the tables of the views, once, whoever comes first."""

from __future__ import annotations

from sqlalchemy import inspect

from workflows.adapters.store.database import Database
from workflows.adapters.views.tables import metadata, parked

SCHEMA_LOCK = "views of zhibu"


def prepare(database: Database) -> None:
    """Make the tables if they are missing; changes nothing the second time."""
    with database.reading() as connection:
        if inspect(connection).has_table(parked.name):
            return
    with database.writing(SCHEMA_LOCK) as connection:  # several processes may start at once
        metadata.create_all(connection)
