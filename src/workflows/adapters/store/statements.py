"""Statements compiled once and run on the driver's own cursor: the hot paths of the store.

Building, compiling and wrapping a query costs many times what SQLite needs to answer it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Uuid, any_, bindparam, func, select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement


class Prepared:
    """A statement of SQLAlchemy Core as text for one database, run with the driver's own types.

    Ids are therefore 32 hexadecimal digits on SQLite and ``UUID`` on PostgreSQL, days ISO text and ``date``.
    """

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._names: list[str] | None = getattr(compiled, "positiontup", None)
        # what the compiler adds by itself: SQLite's LIMIT comes with an OFFSET
        self._added = {name: value for name, value in compiled.params.items() if value is not None}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Run it and return the rows; ``values`` by the names of its parameters.

        Raises:
            DBAPIError: of SQLAlchemy, as any other statement of the connection would.
        """
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, self._parameters(values))
            rows: list[Any] = list(cursor.fetchall())
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(connection, cursor, self._text, error) from error
        finally:
            cursor.close()
        return rows

    def first(self, connection: Connection, **values: Any) -> Any:
        """Run it and return the first row, or None; see :meth:`all`."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def run(self, connection: Connection, **values: Any) -> None:
        """Run it, which returns no rows; see :meth:`all`."""
        self.many(connection, [values])

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row; see :meth:`all`."""
        self.many_ordered(connection, [self._parameters(row) for row in rows])

    def many_ordered(self, connection: Connection, rows: Sequence[Any]) -> None:
        """Run it for each row, given as the driver wants it; see :meth:`all`."""
        if rows:
            with driver_cursor(connection, self._text) as cursor:
                cursor.executemany(self._text, rows)

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        if self._names is None:
            return {**values, **self._added}
        return [values[name] if name in values else self._added[name] for name in self._names]


class Ids:
    """Ids as one parameter ``ids`` of a statement, however many: a list on PostgreSQL, JSON on SQLite."""

    def __init__(self, dialect: Dialect) -> None:
        self._is_sqlite = dialect.name == "sqlite"

    def hold(self, column: Column[UUID]) -> ColumnElement[bool]:
        """Return the condition that ``column`` is one of them."""
        if self._is_sqlite:
            values = func.json_each(bindparam("ids")).table_valued("value")
            return column.in_(select(values.c.value))
        return column == any_(bindparam("ids", type_=ARRAY(Uuid)))

    def out(self, ids: Iterable[UUID]) -> str | list[UUID]:
        """Return the value of the parameter."""
        return json.dumps([value.hex for value in ids]) if self._is_sqlite else list(ids)

    def one_out(self, value: UUID) -> str | UUID:
        """Return one id as the driver wants it."""
        return value.hex if self._is_sqlite else value


@contextmanager
def driver_cursor(connection: Connection, statement: str) -> Iterator[Any]:
    """Yield a cursor of the driver, in the transaction of ``connection``; its errors become SQLAlchemy's."""
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy(connection, cursor, statement, error) from error
    finally:
        cursor.close()


def _as_sqlalchemy(connection: Connection, cursor: Any, statement: str, error: Any) -> Exception:
    """Return the error as SQLAlchemy would raise it; a lost connection is thrown away, as there."""
    dialect = connection.dialect
    if not connection.invalidated and dialect.is_disconnect(
        error, connection.connection.driver_connection, cursor
    ):
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    told: Exception = DBAPIError.instance(statement, None, error, base, hide_parameters=True)
    return told
