"""The directory of cases (案卷): which there are, of what kind, about which unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from workflows.adapters.views.tables import files
from workflows.application.books import state_of
from workflows.application.case_files import file_kind_of, listed_as, opened_as
from workflows.application.ports import FileEntry
from workflows.kernel.events import EventRetracted, FactCorrected, Recorded


class SqlFiles:
    """The cases of one log as one transaction sees them, with what the transaction itself adds."""

    def __init__(self, log_id: str, connection: Callable[[], Connection]) -> None:
        self._log_id, self._connection = log_id, connection
        self._files: dict[UUID, FileEntry] | None = None
        self._new: dict[UUID, tuple[int, FileEntry | None]] = {}

    def all(self) -> Sequence[FileEntry]:
        """Return every case, in the order they were opened on the books."""
        return list(self._known().values())

    def _known(self) -> dict[UUID, FileEntry]:
        if self._files is None:
            found = self._connection().execute(
                select(files.c.file_id, files.c.kind, files.c.subject, files.c.unit_id)
                .where(files.c.log_id == self._log_id)
                .order_by(files.c.position)
            )
            self._files = {row[0]: FileEntry(*row) for row in found}
        return self._files

    def note(self, record: Recorded, load: Callable[[UUID], list[Recorded]]) -> None:
        """Take in one event just appended; ``load`` gives a whole stream, for corrections of an opening."""
        opened = opened_as(record.stream_id, record.event)
        if opened is not None:
            self._put(record.stream_id, record.position, opened)
        elif isinstance(record.event, FactCorrected | EventRetracted):
            records = load(record.stream_id)
            if records and file_kind_of(records[0].event.topic()) is not None:
                entry = listed_as(state_of(record.stream_id, records))
                if entry != self._known().get(record.stream_id):
                    self._put(record.stream_id, records[0].position, entry)

    def _put(self, file_id: UUID, position: int, entry: FileEntry | None) -> None:
        known = self._known()
        if entry is None:
            known.pop(file_id, None)
        else:
            known[file_id] = entry
        self._new[file_id] = position, entry

    def flush(self) -> None:
        """Write what was taken in."""
        if not self._new:
            return
        here = files.c.log_id == self._log_id
        self._connection().execute(delete(files).where(here, files.c.file_id.in_(list(self._new))))
        rows = [self._row(position, entry) for position, entry in self._new.values() if entry is not None]
        if rows:
            self._connection().execute(insert(files), rows)
        self._new = {}

    def _row(self, position: int, entry: FileEntry) -> dict[str, Any]:
        return {
            "log_id": self._log_id,
            "file_id": entry.id,
            "kind": entry.kind,
            "subject": entry.subject,
            "unit_id": entry.unit_id,
            "position": position,
        }
