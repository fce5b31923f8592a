"""Making the tables of the views, once, whoever comes first; adding what those of an older home lack."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, inspect
from sqlalchemy.schema import CreateColumn

from workflows.adapters.store.database import Database
from workflows.adapters.views.tables import ROWS, metadata

SCHEMA_LOCK = "views of zhibu"


def prepare(database: Database) -> None:
    """Make the tables that are missing, and the columns of rows: all, or those an older home lacks.

    Nothing the second time. Columns come empty: the views that fill them have a new version, see ``View``.
    """
    with database.reading() as connection:
        if not _missing_tables(connection) and not any(_missing(connection)):
            return
    with database.writing(SCHEMA_LOCK) as connection:  # several processes may start at once
        metadata.create_all(connection)
        for table, column in list(_missing(connection)):
            told = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {told}")
        for table in ROWS.values():
            for old in ("log_id_slot_unit_id_last_on", "log_id_slot_last_on"):
                connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{table.name}_{old}")
            for index in table.indexes:
                index.create(connection, checkfirst=True)


def _missing_tables(connection: Connection) -> bool:
    return not metadata.tables.keys() <= set(inspect(connection).get_table_names())


def _missing(connection: Connection) -> Iterator[tuple[Table, Column[object]]]:
    """Yield the columns of rows that the database lacks."""
    found = inspect(connection)
    for table in ROWS.values():
        there = {column["name"] for column in found.get_columns(table.name)}
        yield from ((table, column) for column in table.c if column.name not in there)
