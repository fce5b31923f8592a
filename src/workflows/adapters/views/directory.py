"""The directory: which units there are and who ever belonged to which; written with the events themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Select, delete, insert, select

from workflows.adapters.views.files import SqlFiles
from workflows.adapters.views.merges import SqlMerges
from workflows.adapters.views.tables import changes, files, merges, people, state, units
from workflows.application.books import state_of
from workflows.application.merges import Merge
from workflows.application.ports import FileEntry, UnitEntry
from workflows.application.streams import home_of, kind_of
from workflows.application.tree import FOUNDING, entry_of
from workflows.domain.person.member_events import PersonsMerged
from workflows.domain.unit.identity import Dated
from workflows.kernel.events import EventRetracted, FactCorrected, Recorded

_dated = msgspec.json.Decoder(Dated)

ALL_AT_ONCE = 8
"""Units asked for one by one before everybody is read at once."""

DIRECTORY = "directory"
"""Under which name it stands beside the views."""

Entries = dict[UUID, UnitEntry]
TakeOver = Callable[[Callable[[], Entries]], Entries]
"""Gives the units kept from an earlier reading where they are as good, else those it is told to read."""


class SqlDirectory:
    """The directory of one log as one transaction sees it, with what the transaction itself adds."""

    def __init__(
        self, log_id: str, connection: Callable[[], Connection], take_over: TakeOver | None = None
    ) -> None:
        """``take_over``: for who only reads."""
        self._log_id, self._connection, self._take_over = log_id, connection, take_over
        self._units: dict[UUID, UnitEntry] | None = None
        self._people: dict[UUID, list[UUID]] = {}
        self._has_everybody = False
        self._homes: dict[UUID, list[UUID]] = {}
        self._files = SqlFiles(log_id, connection)
        self._merges = SqlMerges(log_id, connection)
        self._new_units: dict[UUID, tuple[int, UnitEntry | None]] = {}
        self._new_people: dict[tuple[UUID, UUID], int] = {}

    # --- reading ----------------------------------------------------------------------------------------

    def units(self) -> Sequence[UnitEntry]:
        """Return every unit, in the order they were put on the books."""
        return list(self._all_units().values())

    def unit(self, unit_id: UUID) -> UnitEntry | None:
        """Return one unit, None where there is none of that id."""
        return self._all_units().get(unit_id)

    def _all_units(self) -> Entries:
        if self._units is None:
            read = self._read_units
            self._units = read() if self._take_over is None else self._take_over(read)
        return self._units

    def _read_units(self) -> Entries:
        found = (
            self._connection()
            .execute(
                select(units.c.unit_id, units.c.name, units.c.level, units.c.kind, units.c.superior)
                .where(units.c.log_id == self._log_id)
                .order_by(units.c.position)
            )
            .all()
        )
        changed = self._connection().execute(
            select(changes.c.unit_id, changes.c.dated).where(changes.c.log_id == self._log_id)
        )
        dated = {row[0]: _dated.decode(row[1]) for row in changed}
        return {row[0]: UnitEntry(*row, dated.get(row[0], Dated())) for row in found}

    def epoch(self) -> int:
        """Return how often the directory was filled anew: what was read of an earlier filling is void."""
        query = select(state.c.epoch).where(state.c.log_id == self._log_id, state.c.name == DIRECTORY)
        return self._connection().execute(query).scalar() or 0

    def files(self) -> Sequence[FileEntry]:
        """Return every case, in the order they were opened on the books."""
        return self._files.all()

    def merges(self) -> Sequence[Merge]:
        """Return every merger of people, withdrawn or not."""
        return self._merges.all()

    def people_of(self, unit_id: UUID) -> Sequence[UUID]:
        """Return everybody who ever belonged to a unit."""
        if unit_id not in self._people and not self._has_everybody:
            self._read_people(unit_id)
        return self._people.get(unit_id, [])

    def _read_people(self, unit_id: UUID) -> None:
        if len(self._people) >= ALL_AT_ONCE:
            self.read_everybody()
            return
        self._people[unit_id] = []
        query = select(people.c.unit_id, people.c.person_id).where(people.c.log_id == self._log_id)
        self._take_in(query.where(people.c.unit_id == unit_id))

    def read_everybody(self) -> None:
        """Read the whole directory at once: for work that asks about many."""
        if not self._has_everybody:
            self._people, self._homes, self._has_everybody = {}, {}, True
            self._take_in(select(people.c.unit_id, people.c.person_id).where(people.c.log_id == self._log_id))

    def _take_in(self, query: Select[Any]) -> None:
        """Take in stored rows, and after them what this transaction adds."""
        for unit, person in self._connection().execute(query.order_by(people.c.position)):
            self._people.setdefault(unit, []).append(person)
            if self._has_everybody:
                self._homes.setdefault(person, []).append(unit)
        for unit, person in self._new_people:
            known = self._people.get(unit)
            if known is None and self._has_everybody:
                known = self._people[unit] = []
            if known is not None and person not in known:
                known.append(person)
                if self._has_everybody:
                    self._homes.setdefault(person, []).append(unit)

    def units_of(self, person_id: UUID) -> Sequence[UUID]:
        """Return every unit a person ever belonged to."""
        if self._has_everybody:
            return self._homes.setdefault(person_id, [])
        if person_id not in self._homes:
            found = self._connection().execute(
                select(people.c.unit_id)
                .where(people.c.log_id == self._log_id, people.c.person_id == person_id)
                .order_by(people.c.position)
            )
            self._homes[person_id] = [row[0] for row in found]
            self._homes[person_id] += [
                unit
                for unit, person in self._new_people
                if person == person_id and unit not in self._homes[person_id]
            ]
        return self._homes[person_id]

    # --- writing ----------------------------------------------------------------------------------------

    def note(self, records: Iterable[Recorded], load: Callable[[UUID], list[Recorded]]) -> None:
        """Take in events just appended; ``load`` gives a whole stream, for corrections of a unit's facts."""
        for record in records:
            event = record.event
            self._files.note(record, load)
            if isinstance(event, FOUNDING | FactCorrected | EventRetracted):
                self._amend(record, [record] if record.version == 1 else load(record.stream_id))
            if record.version == 1:
                self._homes.setdefault(record.stream_id, [])  # nobody can have belonged anywhere before
            self._merges.note(record, load)
            home = home_of(record)
            if isinstance(home, UUID):
                self._put_home(home, record)
            if isinstance(event, PersonsMerged):
                for unit_id in list(self.units_of(event.other)):
                    self._put_home(unit_id, record)

    def _put_home(self, unit_id: UUID, record: Recorded) -> None:
        """Put down that a person belonged to a unit, and so did whoever they were ever merged into."""
        keepers = [merge.keep for merge in self._merges.all() if merge.other == record.stream_id]
        for person_id in (record.stream_id, *keepers):
            if unit_id not in self.units_of(person_id):
                self._put_person(unit_id, person_id, record.position)

    def _amend(self, record: Recorded, records: list[Recorded]) -> None:
        if kind_of(records) != "unit":
            return
        entry = entry_of(state_of(record.stream_id, records))
        if entry != self._all_units().get(record.stream_id):
            self._put_unit(record.stream_id, records[0].position, entry)

    def _put_unit(self, unit_id: UUID, position: int, entry: UnitEntry | None) -> None:
        known = self._all_units()
        if entry is None:
            known.pop(unit_id, None)
        else:
            known[unit_id] = entry
        self._new_units[unit_id] = position, entry

    def _put_person(self, unit_id: UUID, person_id: UUID, position: int) -> None:
        self._new_people[unit_id, person_id] = position
        self._homes[person_id] = [*self.units_of(person_id), unit_id]
        if unit_id in self._people or self._has_everybody:
            self._people.setdefault(unit_id, []).append(person_id)

    def flush(self) -> None:
        """Write what was taken in."""
        self._files.flush()
        self._merges.flush()
        if self._new_units:
            for table in (units, changes):
                ids = table.c.unit_id.in_(list(self._new_units))
                self._connection().execute(delete(table).where(table.c.log_id == self._log_id, ids))
        rows = [self._unit_row(position, entry) for position, entry in self._new_units.values() if entry]
        if rows:
            self._connection().execute(insert(units), rows)
        told = [
            {"log_id": self._log_id, "unit_id": entry.id, "dated": msgspec.json.encode(entry.dated)}
            for _, entry in self._new_units.values()
            if entry
        ]
        if told:
            self._connection().execute(insert(changes), told)
        if self._new_people:
            self._connection().execute(
                insert(people),
                [
                    {"log_id": self._log_id, "unit_id": unit, "person_id": person, "position": position}
                    for (unit, person), position in self._new_people.items()
                ],
            )
        self._new_units, self._new_people = {}, {}

    def _unit_row(self, position: int, entry: UnitEntry) -> dict[str, Any]:
        return {
            "log_id": self._log_id,
            "unit_id": entry.id,
            "name": entry.name,
            "level": entry.level,
            "kind": entry.kind,
            "superior": entry.superior,
            "position": position,
        }

    def replace_all(self, records: Iterable[Recorded], load: Callable[[UUID], list[Recorded]]) -> bool:
        """Fill the directory anew from all events; say whether it was right before."""
        before = self._as_written()
        for table in (units, changes, people, files, merges):
            self._connection().execute(delete(table).where(table.c.log_id == self._log_id))
        fresh = SqlDirectory(self._log_id, self._connection)
        fresh._units, fresh._has_everybody = {}, True
        fresh._merges.start_anew()
        fresh.note(records, load)
        fresh.flush()
        self._count_filling()
        return before == fresh._as_written()

    def _count_filling(self) -> None:
        epoch, mine = self.epoch(), (state.c.log_id == self._log_id, state.c.name == DIRECTORY)
        self._connection().execute(delete(state).where(*mine))
        days = dict.fromkeys(("horizon", "reached", "latest_on"), date.min)
        row = {"log_id": self._log_id, "name": DIRECTORY, "version": 1, "slot": 0, "position": 0, **days}
        self._connection().execute(insert(state).values(epoch=epoch + 1, **row))

    def _as_written(self) -> list[set[Any]]:
        found = []
        for table in (units, changes, people, files, merges):
            kept = [column for column in table.c if column.name not in ("log_id", "position")]
            rows = self._connection().execute(select(*kept).where(table.c.log_id == self._log_id))
            found.append({tuple(row) for row in rows})
        return found
