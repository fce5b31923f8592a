"""Statements compiled once: building and compiling a query costs more than SQLite needs to answer it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement


class Prepared:
    """A statement of SQLAlchemy Core as text for one database, run with the driver's own types.

    Ids are therefore 32 hexadecimal digits on SQLite and ``UUID`` on PostgreSQL, days ISO text and ``date``.
    """

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._names: list[str] | None = getattr(compiled, "positiontup", None)
        # what the compiler adds by itself: SQLite's LIMIT comes with an OFFSET
        self._added = {name: value for name, value in compiled.params.items() if value is not None}

    def __call__(self, connection: Connection, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run it; ``values`` by the names of its parameters."""
        values |= self._added
        if self._names is None:
            return connection.exec_driver_sql(self.text, values)
        return connection.exec_driver_sql(self.text, tuple(values[name] for name in self._names))
