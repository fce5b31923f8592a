"""三会一课记录: meetings of branches."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.importing.desk import Desk
from workflows.application.importing.shapes import Line, Page
from workflows.domain.unit.book import base_of
from workflows.domain.unit.events import MeetingHeld, UnitEstablished
from workflows.kernel.ids import derived

ROSTER_DIFFERS = "input-eligible-roster"


class Meetings:
    """Enters meetings; the same branch, day and type again in one file is a second meeting of that day."""

    def __init__(
        self,
        desk: Desk,
        seen: dict[tuple[UUID, date, str], int],
        told: set[tuple[UUID, int]],
        books_from: dict[str, date],
    ) -> None:
        self.desk, self._seen, self._told, self._books_from = desk, seen, told, books_from
        self._opened: set[UUID] = set()

    def enter(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Enter one row.

        Raises:
            RowRefused: the meeting is on the books with other numbers.
        """
        cells = line.cells
        day, kind = cells["held_on"], cells["type"]
        number = self._seen.get((unit_id, day, kind), 0) + 1
        self._seen[unit_id, day, kind] = number
        key: tuple[object, ...] = ("meeting", unit_id, day, kind, number)
        self._open_books(page, line, unit_id)
        standing = self._standing(unit_id, key)
        if standing is not None:
            self._compare(line, standing)
            return
        topics = cells.get("topics")
        self.desk.record(
            page,
            line,
            "hold_meeting",
            day,
            {
                "type": kind,
                "chair": cells.get("chair"),
                "lecturer": cells.get("lecturer"),
                "eligible": cells.get("eligible"),
                "attending": cells.get("attending"),
                "topics": [topics] if topics else [],
            },
            unit_id=unit_id,
            key=self.desk.fresh(*key),
            subject=cells["branch"],
        )
        self._roster(page, line, unit_id, day, kind, cells.get("eligible"))

    def _open_books(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Have the books of a unit that came by a workbook begin with the year of its earliest meeting."""
        first = self._books_from.get(line.cells["branch"])
        told = self.desk.books.unit_state(unit_id).last(UnitEstablished)
        if first is None or told is None or not told[1].is_copied or unit_id in self._opened:
            return
        self._opened.add(unit_id)
        event, act = told
        first = max(first, event.established_on)
        if event.books_from is not None and first < event.books_from:
            self.desk.supply(page, line, act.source.event_id, "books_from", first)

    def _standing(self, unit_id: UUID, key: tuple[object, ...]) -> MeetingHeld | None:
        """Return the meeting recorded under a key as corrected; None if there is none (any more)."""
        transaction, number, ids = self.desk.batch.transaction, 0, set()
        while transaction.command(told := derived("import", *key, *((number,) if number else ()))):
            ids.add(derived(told, 1))
            number += 1
        if not ids:
            return None
        meetings = self.desk.books.unit_state(unit_id).each(MeetingHeld)
        return next((event for event, act in meetings if act.source.event_id in ids), None)

    def _compare(self, line: Line, event: MeetingHeld) -> None:
        """Refuse a cell that differs from the meeting on the books."""
        for column in ("eligible", "attending"):
            Desk.compare(column, line.cells.get(column), getattr(event, column))
        topics = line.cells.get("topics")
        Desk.compare("topics", topics, event.topics[0] if event.topics else None)

    def _roster(self, page: Page, line: Line, unit_id: UUID, day: date, kind: str, eligible: Any) -> None:
        """Flag 应到 that differs from the roster of the day: once for each branch and year."""
        if eligible is None or kind == "committee_meeting" or (unit_id, day.year) in self._told:
            return
        base = base_of(kind, self.desk.books.unit_state(unit_id), self.desk.books, day)
        if base is not None and base != eligible:
            self._told.add((unit_id, day.year))
            self.desk.flag(page, line, ROSTER_DIFFERS, eligible=eligible, roster=base, on=day.isoformat())
