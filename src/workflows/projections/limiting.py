"""Answers about limits: from kept rows where they are as good, else from the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.projections import deadlines, proposals
from workflows.projections.deadlines import Limit
from workflows.projections.opening import Answer, Opened, Opening, Structure
from workflows.projections.reckoned import Reckoned


class Limiting(Opening):
    """Answers about the limits of people, units and cases."""

    @cached_property
    def _reckoned_before(self) -> Reckoned:
        return Reckoned()

    def deadlines(
        self,
        unit_id: UUID | None = None,
        person_id: UUID | None = None,
        on: date | None = None,
        status: str | None = None,
        known_on: Known = None,
        structure: Structure = "then",
        *,
        of_people: bool = False,
        among: Sequence[UUID] | None = None,
    ) -> Answer:
        """Answer which limits stand on a day: of everyone, of a unit and all below, or of one person.

        ``of_people``: those of the people alone, not those of the units. ``among``: those of these units and
        their people, whatever stands below them.
        ``status`` is one of ``overdue due held met``, or ``all``; without it everything but met.

        Raises:
            WrongUsage: ``status-unknown``.
        """
        if status not in (None, "all", *deadlines.STATUSES):
            raise WrongUsage("status-unknown", status=status, known=list(deadlines.STATUSES))
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            units = None if unit_id is None else self._below(opened, unit_id, day, structure)
            units = units if among is None else list(among)
            met = status in ("met", "all")
            limits = self._standing_limits(opened, units, person_id, day, met=met, of_people=of_people)
            opened.books.preload({limit.person_id for limit in limits if limit.person_id is not None})
            rows = deadlines.answered(limits, opened.naming, on=day, status=status)
            return self._answer(opened, rows, day, known_on)

    def _standing_limits(
        self,
        opened: Opened,
        units: Sequence[UUID] | None,
        person_id: UUID | None,
        day: date,
        *,
        met: bool = False,
        of_people: bool = False,
    ) -> list[Limit]:
        """Return the limits of units (all, for None) or of one person, proposals about units among them.

        ``of_people``: those of people alone.
        """
        person_id = person_id and opened.books.one(person_id)
        limits = self._kept_limits(opened, units, person_id, day, met=met, of_people=of_people)
        if limits is None:
            limits = self._limits(opened, units, person_id, day)
        if of_people:
            return [limit for limit in limits if limit.person_id is not None]
        if person_id is not None:
            return limits
        here = opened.books.below(None) if units is None else units
        return [*limits, *proposals.of_units(opened.books, here, limits, day)]

    def _proposed(
        self, opened: Opened, units: Iterable[UUID], limits: list[Limit] | None, day: date
    ) -> list[Limit]:
        """Return what is proposed; ``limits`` are those of the units, where they were read already."""
        books = opened.books
        if limits is not None:
            return list(proposals.of_units(books, units, limits, day))
        about = proposals.concerned(books, units, day)
        known = self._kept_limits(opened, about, None, day) if about else []
        return list(proposals.of_units(books, about, known or [], day))

    def _kept_limits(
        self,
        opened: Opened,
        units: Sequence[UUID] | None,
        person_id: UUID | None,
        day: date,
        *,
        met: bool = False,
        of_people: bool = False,
    ) -> list[Limit] | None:
        """Return the limits as they are kept; None where the log has to be folded for them."""
        if not opened.is_now or self.live is None:
            return None
        return self.live.limits(
            opened.reading, units=units, person_id=person_id, on=day, met=met, of_people=of_people
        )

    def _limits(
        self, opened: Opened, units: Sequence[UUID] | None, person_id: UUID | None, day: date
    ) -> list[Limit]:
        books = opened.books
        if person_id is not None:
            person = books.person_state(person_id)
            rules = books.rules_for(person.unit_on(day), day)
            return deadlines.of_person(person, rules, books, on=day, until=day)
        wanted = books.below(None) if units is None else units

        def reckon(some: Sequence[UUID]) -> dict[UUID, list[Limit]]:
            return self._reckoned(opened, some, day)

        return self._reckoned_before.of(opened.reading, books.known_on, day, wanted, reckon)

    def _reckoned(self, opened: Opened, units: Sequence[UUID], day: date) -> dict[UUID, list[Limit]]:
        """Return the limits of each of the units on a day: its own, its people's, those of its cases."""
        books = opened.books
        people = self._people(opened, units)
        found: dict[UUID, list[Limit]] = {}
        for unit_id in units:
            rules = books.rules_for(unit_id, day)
            found[unit_id] = deadlines.of_unit(books.unit_state(unit_id), rules, books, on=day, until=day)
        for person in people:
            home = person.unit_on(day)
            if home in found:
                rules = books.rules_for(home, day)
                found[home] += deadlines.of_person(person, rules, books, on=day, until=day)
        entries = books.files_of(None, units)
        books.preload(entry.id for entry in entries)
        for entry in entries:
            rules = books.rules_for(entry.unit_id, day)
            found[entry.unit_id] += deadlines.of_file(
                books.file_state(entry.id), rules, books, on=day, until=day
            )
        return found
