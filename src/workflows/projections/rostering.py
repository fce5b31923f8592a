"""Answers about members: the roster of a day, what changed between two, what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from workflows.domain.stages import Stage
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.projections import roster
from workflows.projections.opening import Answer, Opening


class Rostering(Opening):
    """Answers about who belongs where."""

    def roster(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        *,
        stages: Sequence[Stage] = roster.MEMBERS,
    ) -> Answer:
        """Answer who the members of a unit and all below are on a day (花名册), or who is at some stages.

        A membership that rests keeps its row, marked ``stopped``: it counts for nobody's quorum or number.
        """
        day = on or today(self.clock)
        with self.opened(known_on) as opened:
            units = opened.books.below(unit_id)
            books = opened.books
            rows = roster.rows(
                self._people(opened, units),
                books.unit_state,
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
        with self.opened(known_on) as opened:
            units = frozenset(opened.books.below(unit_id))
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
        with self.opened(known_on) as opened:
            books, person = opened.books, opened.books.person_state(person_id)
            home = person.unit_on(day)
            units = frozenset({home} if home is not None else ())
            rows = roster.rows(
                [person], books.unit_state, books.rules_for, opened.naming, on=day, units=units
            )
            return self._answer(opened, rows, day, known_on)
