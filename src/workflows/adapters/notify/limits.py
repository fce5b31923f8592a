"""The limits the sweep works over: the kept table where it is up to date, else the log folded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.application.ports import Reading
from workflows.policies.rules import Rules
from workflows.projections import deadlines, proposals
from workflows.projections.live import LiveRows
from workflows.scheduler.ports import OpenLimit


class Limits:
    """Implements :class:`workflows.scheduler.ports.OpenLimits`."""

    def __init__(self, rules: Rules, live: LiveRows | None = None) -> None:
        """Read from ``live``; without it (a log in memory), or where it lags behind, states are folded."""
        self._rules, self._live = rules, live

    def of_units(
        self,
        reading: Reading,
        unit_ids: Collection[UUID],
        *,
        on: date,
        due_from: date | None,
        due_until: date,
    ) -> Sequence[OpenLimit]:
        """Return the limits of these units due in a span of days, those met by ``on`` left out."""
        units = list(unit_ids)
        kept = None
        if self._live is not None:
            kept = self._live.limits(reading, units=units, person_id=None, on=on, met=False)
        found = list(self._folded(reading, units, on, due_until)) if kept is None else kept
        found += proposals.of_units(Books(reading, self._rules), units, found, on)
        return list(_within(found, frozenset(units), on, due_from, due_until))

    def _folded(
        self, reading: Reading, units: Sequence[UUID], on: date, until: date
    ) -> Iterator[deadlines.Limit]:
        books = Books(reading, self._rules)
        for unit_id in units:
            unit = books.unit_state(unit_id)
            yield from deadlines.of_unit(unit, books.rules_for(unit_id, on), books, on=on, until=until)
            for person_id in reading.directory.people_of(unit_id):
                person = books.person_state(person_id)
                if person.unit_on(on) == unit_id:
                    rules = books.rules_for(unit_id, on)
                    yield from deadlines.of_person(person, rules, books, on=on, until=until)
        for entry in books.files_of(None, units):
            rules, file = books.rules_for(entry.unit_id, on), books.file_state(entry.id)
            yield from deadlines.of_file(file, rules, books, on=on, until=until)


def _within(
    found: Iterable[deadlines.Limit],
    units: frozenset[UUID],
    on: date,
    due_from: date | None,
    due_until: date,
) -> Iterator[OpenLimit]:
    for limit in found:
        told = limit.deadline
        if limit.unit_id not in units or not (due_from is None or due_from <= told.due_on):
            continue
        if told.due_on <= due_until and deadlines.is_shown(told, on):
            yield OpenLimit(limit.unit_id, limit.person_id, told)
