"""Making the tables of the views, once, whoever comes first."""

from __future__ import annotations

from sqlalchemy import inspect

from workflows.adapters.store.database import Database
from workflows.adapters.views.tables import metadata

SCHEMA_LOCK = "views of zhibu"


def prepare(database: Database) -> None:
    """Make the tables that are missing: all, or those an older home lacks; nothing the second time."""
    with database.reading() as connection:
        if metadata.tables.keys() <= set(inspect(connection).get_table_names()):
            return
    with database.writing(SCHEMA_LOCK) as connection:  # several processes may start at once
        metadata.create_all(connection)
