"""Answers about members: the roster of a day, what changed between two, what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from workflows.domain.person.dues import months_unpaid
from workflows.domain.person.member_events import DuesRecorded, TrainingRecorded
from workflows.domain.stages import Stage
from workflows.kernel.calendar import periods
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.projections import dues, roster, training
from workflows.projections.opening import Answer, Opening, Structure


class Rostering(Opening):
    """Answers about who belongs where."""

    def roster(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        stages: Sequence[Stage] = roster.MEMBERS,
    ) -> Answer:
        """Answer who the members of a unit and all below are on a day (花名册), or who is at some stages.

        A membership that rests keeps its row, marked ``stopped``: it counts for nobody's quorum or number.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = self._below(opened, unit_id, day, structure)
            books = opened.books
            rows = roster.rows(
                self._people(opened, units),
                books.unit_state,
                books,
                books.rules_for,
                opened.naming,
                on=day,
                units=frozenset(units),
                stages=stages,
            )
            return self._answer(opened, rows, day, known_on)

    def roster_changes(
        self, unit_id: UUID | None, since: date, until: date, known_on: Known = None
    ) -> Answer:
        """Answer what changed on the roster of a unit and all below after a day, up to another (inclusive).

        ``before`` and ``after`` are the members of those days: who joined and who left is the difference.
        """
        with self.opened(known_on, until) as opened:
            units = frozenset(opened.books.below(unit_id, until))
            people = self._people(opened, sorted(units))
            rows = roster.changes(people, opened.naming, since=since, until=until, units=units)
            counts = {
                name: sum(roster.is_counted(person, day, units) for person in people)
                for name, day in (("before", since), ("after", until))
            }
            return {"since": since.isoformat(), **counts, **self._answer(opened, rows, until, known_on)}

    def circumstances(self, person_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer the row of one person on the roster of a day; no row where they are no member."""
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books, person = opened.books, opened.books.person(person_id)
            home = person.unit_on(day)
            units = frozenset({home} if home is not None else ())
            rows = roster.rows(
                [person], books.unit_state, books, books.rules_for, opened.naming, on=day, units=units
            )
            return self._answer(opened, rows, day, known_on)

    def dues(
        self,
        unit_id: UUID | None,
        months: Sequence[str],
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer who of the members of a unit and all below owes what for some months, and what was paid.

        ``recorded``: the months for which each unit records dues, by its id.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books, naming, rows, known = opened.books, opened.naming, [], {}
            for unit in self._below(opened, unit_id, day, structure):
                people = self._people(opened, [unit])
                recorded = books.dues_months(unit, day)
                rules = books.rules_for(unit, day)
                known[str(unit)] = sorted(recorded)
                for month in months:
                    rows += dues.register(people, unit, recorded, rules, naming, month=month, on=day)
            return {"recorded": known, **self._answer(opened, rows, day, known_on)}

    def member_dues(self, person_id: UUID, on: date | None = None, known_on: Known = None) -> Answer:
        """Answer up to which month someone paid dues, how many in a row not, and the hours of the year.

        ``months_unpaid`` is None where the branch records no dues.
        """
        day = on or today(self.clock)
        with self.opened(known_on) as opened:
            books, person = opened.books, opened.books.person(person_id).at(day)
            home = person.unit_id
            recorded = books.dues_months(home, day) if home is not None else frozenset()
            months = [event.month for event, _ in person.each(DuesRecorded)]
            trained = [event for event, act in person.each(TrainingRecorded) if act.on.year == day.year]
            return {
                "last_month": max(months, default=None),
                "months_unpaid": months_unpaid(person, recorded, day),
                "hours": sum(event.hours or 0 for event in trained),
                **self._heading(opened, day, known_on),
            }

    def training(
        self,
        unit_id: UUID | None,
        year: int,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer how many hours each member of a unit and all below was trained in a year."""
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = self._below(opened, unit_id, day, structure)
            people = self._people(opened, units)
            rows = training.rows(people, opened.naming, year=year, on=day, units=frozenset(units))
            return self._answer(opened, rows, day, known_on)

    def _of_members(
        self,
        name: str,
        unit_id: UUID | None,
        year: int | None,
        day: date,
        known_on: Known,
        structure: Structure,
    ) -> Answer:
        """Answer one of the ledgers of members, of a year (by default that of the day)."""
        asked = year or day.year
        if name == TRAINING:
            return self.training(unit_id, asked, day, known_on, structure)
        until = min(day, date(asked, 12, 31))
        months = [str(month) for month in periods("month", date(asked, 1, 1), until)]
        told = self.dues(unit_id, months, day, known_on, structure)
        return {**told, "rows": [row for row in told["rows"] if row["dues_status"] != "unknown"]}


ROSTER, DUES, TRAINING = "花名册", "党费登记表", "学习培训登记表"
LEDGERS_OF_MEMBERS = (DUES, TRAINING)
