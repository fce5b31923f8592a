"""名录: which units there are and who ever belonged to them; ids and names of units only.

A superset for any day: whether somebody belonged to a unit on a day is for the state of that person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import BigInteger as Position
from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    delete,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from workflows.application.ports import UnitEntry
from workflows.domain.unit.events import UnitEstablished
from workflows.kernel.events import FactCorrected, Recorded

metadata = MetaData()

directory_units = Table(
    "directory_units",
    metadata,
    Column("log_id", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("superior", Uuid),
    Column("position", Position, nullable=False, comment="of the event that set the unit up"),
    PrimaryKeyConstraint("log_id", "unit_id"),
)

directory_people = Table(
    "directory_people",
    metadata,
    Column("log_id", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("position", Position, nullable=False, comment="of the first event that says so"),
    PrimaryKeyConstraint("log_id", "unit_id", "person_id"),
    Index("ix_directory_people_person", "log_id", "person_id"),
)


class SqlDirectory:
    """The directory as one transaction sees it, with what the transaction itself adds."""

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection, self._log_id = connection, log_id
        self._units: dict[UUID, UnitEntry] | None = None
        self._people: dict[UUID, list[UUID]] = {}
        self._homes: dict[UUID, list[UUID]] = {}

    def units(self) -> Sequence[UnitEntry]:
        """Return every unit, in the order they were put on the books."""
        return list(self._all_units().values())

    def people_of(self, unit_id: UUID) -> Sequence[UUID]:
        """Return everybody who ever belonged to a unit, in the order they came."""
        if unit_id not in self._people:
            table = directory_people.c
            query = select(table.person_id).where(table.log_id == self._log_id, table.unit_id == unit_id)
            self._people[unit_id] = list(self._connection.scalars(query.order_by(table.position)))
        return self._people[unit_id]

    def units_of(self, person_id: UUID) -> Sequence[UUID]:
        """Return every unit a person ever belonged to, in the order of the log."""
        if person_id not in self._homes:
            table = directory_people.c
            query = select(table.unit_id).where(table.log_id == self._log_id, table.person_id == person_id)
            self._homes[person_id] = list(self._connection.scalars(query.order_by(table.position)))
        return self._homes[person_id]

    def note(self, records: Iterable[Recorded]) -> None:
        """Take in events just appended: at once for this transaction, and in the database with it."""
        units = [told for record in records if (told := self._unit_of(record)) is not None]
        people = [home for record in records if (home := _home_of(record)) is not None]
        for entry, _ in units:
            self._all_units()[entry.id] = entry
        new = []
        for unit_id, person_id, position in people:
            if person_id not in self.people_of(unit_id):
                self._people[unit_id].append(person_id)
                if unit_id not in self.units_of(person_id):
                    self._homes[person_id].append(unit_id)
                new.append((unit_id, person_id, position))
        self._write(units, new)

    def clear(self) -> None:
        """Forget everything of this log, for a rebuild."""
        for table in (directory_units, directory_people):
            self._connection.execute(delete(table).where(table.c.log_id == self._log_id))
        self._units, self._people, self._homes = None, {}, {}

    def _all_units(self) -> dict[UUID, UnitEntry]:
        if self._units is None:
            table = directory_units.c
            query = select(directory_units).where(table.log_id == self._log_id).order_by(table.position)
            self._units = {
                row.unit_id: UnitEntry(row.unit_id, row.name, row.level, row.kind, row.superior)
                for row in self._connection.execute(query)
            }
        return self._units

    def _unit_of(self, record: Recorded) -> tuple[UnitEntry, int] | None:
        match record.event:
            case UnitEstablished() as event:
                told = UnitEntry(record.stream_id, event.name, event.level, event.kind, event.superior)
                return told, record.position
            case FactCorrected(field=("name" | "level" | "kind" | "superior") as field, value=value):
                known = self._all_units().get(record.stream_id)
                if known is None:
                    return None
                facts = {name: getattr(known, name) for name in known.__struct_fields__}
                facts[field] = UUID(value) if field == "superior" and value else value
                return UnitEntry(**facts), record.position
        return None

    def _write(
        self, units: Sequence[tuple[UnitEntry, int]], people: Sequence[tuple[UUID, UUID, int]]
    ) -> None:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        if units:
            insert = dialect.insert(directory_units)
            changed = {name: insert.excluded[name] for name in ("name", "level", "kind", "superior")}
            self._connection.execute(
                insert.on_conflict_do_update(index_elements=["log_id", "unit_id"], set_=changed),
                [
                    {
                        "log_id": self._log_id, "unit_id": entry.id, "name": entry.name, "level": entry.level,
                        "kind": entry.kind, "superior": entry.superior, "position": position,
                    }
                    for entry, position in units
                ],
            )  # fmt: skip
        if people:
            self._connection.execute(
                dialect.insert(directory_people).on_conflict_do_nothing(),
                [
                    {"log_id": self._log_id, "unit_id": unit, "person_id": person, "position": position}
                    for unit, person, position in people
                ],
            )


def _home_of(record: Recorded) -> tuple[UUID, UUID, int] | None:
    """Return (unit, person, position) of an event that says where somebody belongs."""
    home = getattr(record.event, "unit_id", None)
    return (home, record.stream_id, record.position) if isinstance(home, UUID) else None
