"""党费收缴登记表 and 学习培训登记表: facts of members who are on the books already."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.application.importing.desk import Desk, RowRefused
from workflows.application.importing.people import People, profile_of
from workflows.application.importing.shapes import Line, Page
from workflows.domain.person.dues import payments
from workflows.domain.person.member_commands import in_fen
from workflows.domain.person.member_events import TrainingRecorded
from workflows.domain.stages import Stage
from workflows.kernel.calendar import Period

MEMBERS = (Stage.PROBATIONARY, Stage.FULL)
Seen = Counter[tuple[object, ...]]


class MemberFacts:
    """Enters payments and trainings; what the books tell already is compared, never entered twice.

    ``seen`` counts the rows of a file about one person and month (or course), so that a second payment of a
    month is a second one.
    """

    def __init__(self, desk: Desk, people: People, seen: Seen) -> None:
        self.desk, self.people, self._seen = desk, people, seen

    def enter_dues(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Enter one payment, or those of a row with a column for each month; known ones are compared.

        Without a day a payment is put down for the last day of its month, at the latest for today.

        Raises:
            RowRefused: nobody of that name, or a cell differs from the books.
        """
        cells = line.cells
        person_id = self._member(line, unit_id)
        months = cells.get("payments")
        if months is None:
            months = [(cells["month"], cells.get("amount"), "amount")]
        new = [
            (month, amount, place)
            for month, amount, column in months
            if (place := self._new_payment(line, person_id, month, amount, column)) is not None
        ]
        for month, amount, place in new:
            on = cells.get("paid_on") or self.desk.at_most_today(Period.parse(month).last)
            told = {"month": month, "role": cells.get("role"), "base": cells.get("base"), "amount": amount}
            self._record(page, line, "record_dues", on, told, person_id, place)

    def _new_payment(
        self, line: Line, person_id: UUID, month: str, amount: str | None, column: str
    ) -> int | None:
        """Return which payment of the month a cell tells, None where the books tell it already.

        A nought in the column of a month is no payment, but it differs from one on the books.

        Raises:
            RowRefused: a cell differs from the books.
        """
        cells = line.cells
        place = self._place("dues", person_id, month)
        known = payments(self.desk.books.person_state(person_id), month)
        if place >= len(known):
            return None if column != "amount" and amount is not None and not _fen(amount) else place
        event, act = known[place]
        Desk.compare("amount", _fen(amount), event.amount_fen, heading=column)
        Desk.compare("base", _fen(cells.get("base")), event.base_fen)
        Desk.compare("role", cells.get("role"), event.role)
        Desk.compare("paid_on", cells.get("paid_on"), act.on)
        return None

    def enter_training(self, page: Page, line: Line, unit_id: UUID) -> None:
        """Enter one training; the same day and title again is the same one.

        Raises:
            RowRefused: nobody of that name, or a cell differs from the books.
        """
        cells = line.cells
        person_id = self._member(line, unit_id)
        on, title = cells["held_on"], cells.get("title")
        place = self._place("training", person_id, on, title)
        trained = self.desk.books.person_state(person_id).each(TrainingRecorded)
        known = [event for event, act in trained if (act.on, event.title) == (on, title)]
        if place < len(known):
            Desk.compare("hours", cells.get("hours"), known[place].hours)
            Desk.compare("organizer", cells.get("organizer"), known[place].organizer)
            return
        told = {"title": title, "hours": cells.get("hours"), "organizer": cells.get("organizer")}
        self._record(page, line, "record_training", on, told, person_id, place)

    def _record(
        self, page: Page, line: Line, verb: str, on: date, told: dict[str, Any], person_id: UUID, place: int
    ) -> None:
        key = self.desk.fresh(verb, person_id, told.get("month") or f"{on}/{told.get('title')}", place)
        self.desk.record(page, line, verb, on, told, person_id=person_id, key=key, subject=line.cells["name"])

    def _place(self, *key: object) -> int:
        place = self._seen[key]
        self._seen[key] += 1
        return place

    def _member(self, line: Line, unit_id: UUID) -> UUID:
        """Return who is meant: by number or birth day where they are told, else by the name in the branch.

        Raises:
            RowRefused: ``unknown-member``, ``member-twice``.
        """
        cells, books = line.cells, self.desk.books
        if cells.get("identity_number") or cells.get("born_on"):
            known = self.people.known(profile_of(cells), unit_id)
            if known is not None:
                return known
        name = cells["name"]
        found = books.named(unit_id).get(name, [])
        if len(found) > 1:
            here = [p for p in found if books.person_state(p).unit_id == unit_id]
            found = [p for p in here if books.person_state(p).stage in MEMBERS] or here
        if len(found) == 1:
            return found[0]
        branch = str(cells["branch"])
        if found:
            facts = {"branch": branch, "text": name, "count": len(found)}
            raise RowRefused("name", name, "member-twice", facts)
        raise RowRefused("name", name, "unknown-member", {"branch": branch, "text": name})


def _fen(yuan: str | None) -> int | None:
    return None if yuan is None else in_fen(Decimal(yuan))
