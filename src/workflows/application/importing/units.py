"""支部基本情况: units, their superiors, the present committee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.importing.desk import AS_HISTORY, Desk, RowRefused
from workflows.application.importing.shapes import Line, Page
from workflows.application.ports import UnitEntry
from workflows.domain.unit.events import CommitteeElected, UnitEstablished
from workflows.kernel.clock import today

OLD_NAME = "input-old-name"
"""A row names a unit by a name that it bears no longer."""

PLACEHOLDER = "placeholder"
"""Why a unit stands on the books of which only its name is known: others speak of it."""


class Units:
    """Enters units; knows them by name."""

    def __init__(self, desk: Desk, books_from: dict[str, date], earliest: dict[str, date]) -> None:
        self.desk = desk
        # of a unit without a meeting on paper nothing is asked for days before the year in which it came
        self._year_of_import = date(today(desk.recording.clock).year, 1, 1)
        known = [
            entry
            for entry in desk.batch.transaction.directory.units()
            if desk.books.unit_state(entry.id).established is not None
        ]
        self.by_name, self._called_now = _named(known)
        self._books_from, self._earliest = books_from, earliest

    def enter(self, page: Page, line: Line) -> None:
        """Enter one row: the superior, the unit; its election comes once its members are known.

        Raises:
            RowRefused: a cell differs from what the books say of this unit.
        """
        cells = line.cells
        name, established = cells["name"], cells.get("established_on")
        superior = cells.get("superior")
        superior_id = self._superior(page, line, superior) if superior else None
        known = self.by_name.get(name)
        for told in (name, superior):
            if told:
                self.remark(page, line, told)
        if known is not None:
            self._compare(page, line, known, superior_id)
            return
        if established is None:
            established = self._first_day(name)
            self.desk.flag(page, line, "input-established-unknown", on=established.isoformat())
        self._establish(page, line, name, established, superior_id, cells)

    def remark(self, page: Page, line: Line, name: str) -> None:
        """Say at a row that the unit it names is called otherwise now."""
        now = self._called_now.get(name)
        if now is not None:
            self.desk.flag(page, line, OLD_NAME, text=name, unit=now)

    def placeholder(self, page: Page, line: Line) -> None:
        """Put a unit on the books whose own row is refused, lest its people's rows be refused with it."""
        name = line.cells.get("name")
        if isinstance(name, str) and name and name not in self.by_name:
            self._establish(page, line, name, self._first_day(name), None, {}, reason=PLACEHOLDER)

    def _first_day(self, name: str) -> date:
        """Return the earliest day anything of the unit is told, where nobody wrote when it was set up."""
        return min(
            (day for day in (self._earliest.get(name), self._books_from.get(name)) if day),
            default=UNKNOWN_DAY,
        )

    def _establish(
        self,
        page: Page,
        line: Line,
        name: str,
        on: date,
        superior_id: UUID | None,
        cells: Any,
        reason: str = AS_HISTORY,
    ) -> None:
        books_from = self._books_from.get(name, self._year_of_import)
        outcome = self.desk.record(
            page,
            line,
            "establish_unit",
            on,
            {
                "name": name,
                "level": level_of(name),
                "kind": cells.get("kind"),
                "superior": cells.get("superior"),
                "books_from": max(books_from, on),
                "cell_count": cells.get("cell_count"),
            },
            named_unit_id=superior_id,
            key=self.desk.fresh("unit", name),
            reason=reason,
        )
        if outcome.stream_id is not None:
            self.by_name[name] = outcome.stream_id

    def _superior(self, page: Page, line: Line, name: str) -> UUID | None:
        if name not in self.by_name:
            day = self._earliest.get(name, line.cells.get("established_on") or UNKNOWN_DAY)
            self._establish(page, line, name, day, None, {}, reason=PLACEHOLDER)
        return self.by_name.get(name)

    def _compare(self, page: Page, line: Line, unit_id: UUID, superior_id: UUID | None) -> None:
        unit = self.desk.books.unit_state(unit_id)
        told = unit.last(UnitEstablished)
        if told is None:
            return
        event, act = told
        cells = line.cells
        header = self.desk.batch.transaction.find_event(act.source.event_id)
        is_placeholder = header is not None and header.reason == PLACEHOLDER
        for column, field in (
            ("kind", "kind"),
            ("established_on", "established_on"),
            ("cell_count", "cell_count"),
        ):
            written, known = cells.get(column), getattr(event, field)
            if written is None or written == known or (field == "kind" and written in unit.dated.kinds):
                continue
            if known is None or is_placeholder:
                self.desk.supply(page, line, act.source.event_id, field, written)
            else:
                Desk.compare(column, written, known)
        if superior_id is not None and event.superior is None:
            self.desk.supply(page, line, act.source.event_id, "superior", str(superior_id))
        elif superior_id is not None and superior_id not in {one.superior for one in unit.dated.identities}:
            known_name = self.desk.books.unit_state(event.superior).name if event.superior else ""
            raise RowRefused(
                "superior", str(cells["superior"]), "changed-cell",
                {"known": known_name, "text": str(cells["superior"])},
            )  # fmt: skip

    # --- elections --------------------------------------------------------------------------------------

    def elect(self, page: Page, line: Line, posts_of: dict[tuple[str, str], tuple[str, ...]]) -> None:
        """Enter the election of the present committee; ``posts_of``: the roster's posts by (unit, name).

        Raises:
            RowRefused: the day of the election differs from the one on the books.
        """
        cells = line.cells
        name, day = cells["name"], cells.get("elected_on")
        unit_id = self.by_name.get(name)
        if unit_id is None or day is None:
            return
        held = [event.held_on for event, _ in self.desk.books.unit_state(unit_id).each(CommitteeElected)]
        if held and day not in held and not _is_next_term(day, max(held)):
            raise RowRefused(
                "elected_on", str(day), "changed-cell", {"known": str(max(held)), "text": str(day)}
            )
        if day in held:
            return
        people = [*cells.get("committee", ())]
        secretary = cells.get("secretary")
        if secretary and secretary not in people:
            people.insert(0, secretary)
        posts = {}
        for person in people:
            told = posts_of.get((name, person), ())
            posts[person] = "secretary" if person == secretary else next(iter(told), "member")
        self.desk.record(
            page,
            line,
            "elect_committee",
            day,
            {"posts": posts, "term_years": cells.get("term_years")},
            unit_id=unit_id,
            key=self.desk.fresh("election", unit_id, day),
            subject=name,
        )


def _named(known: Sequence[UnitEntry]) -> tuple[dict[str, UUID], dict[str, str]]:
    """Return units by every name they ever had, and of old names what the unit is called now.

    Who bears a name goes before who did, a unit that is there before one that is no more.
    """
    by_name: dict[str, UUID] = {}
    called_now: dict[str, str] = {}
    for entry in known:
        for name in entry.names[1:]:
            by_name[name], called_now[name] = entry.id, entry.name
    for entry in sorted(known, key=lambda entry: entry.dated.ended is None):
        by_name[entry.name] = entry.id
        called_now.pop(entry.name, None)
    return by_name, called_now


UNKNOWN_DAY = date(1921, 7, 1)
"""The day put down for a unit of which the workbook tells none; flagged, to be corrected."""

SHORTEST_TERM_DAYS = 366


def _is_next_term(day: date, last: date) -> bool:
    """Say whether an election is a later one, not the known one with another day."""
    return (day - last).days >= SHORTEST_TERM_DAYS


def level_of(name: str) -> str:
    """Return the level a name tells: 党支部, 党总支, else a committee (党委, 工委)."""
    if name.endswith(("总支", "总支部")):
        return "general_branch"
    if name.endswith("支部") or "支部" in name:
        return "branch"
    return "committee"
