"""Opening the books for one question: states kept between questions, names looked up, people found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import RLock
from typing import Any, Literal
from uuid import UUID

from workflows.application.books import Books, States
from workflows.application.ports import Log, Reading
from workflows.application.streams import kind_of
from workflows.application.withheld import is_withheld
from workflows.domain.person.state import Person
from workflows.kernel.clock import Clock, end_of_day, local_day, today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.rules import Rules
from workflows.projections.live import LiveRows
from workflows.projections.naming import Naming

Answer = dict[str, Any]
Structure = Literal["then", "now"]
"""By which tree one counts: that of the day asked for, or today's, where a merged unit is part of another."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The books opened for one question."""

    reading: Reading
    books: Books
    naming: Naming
    is_now: bool


class Opening:
    """Whoever answers about one log; ``named``: streams of people a story speaks of, on the books or not."""

    def __init__(
        self,
        log: Log,
        rules: Rules,
        clock: Clock,
        live: LiveRows | None = None,
        *,
        named: Mapping[str, UUID] | None = None,
    ) -> None:
        self.log, self.rules, self.clock, self.live = log, rules, clock, live
        self.named = dict(named or {})
        self._states = States()
        self._lock = RLock()

    @contextmanager
    def opened(self, known_on: Known = None, on: date | None = None) -> Iterator[Opened]:
        """Open the books as known at a horizon; states known now are kept between questions.

        ``on``: the day asked for, by which units are named.
        """
        with self._lock, self.log.read() as reading:
            if known_on is None:
                self._states.catch_up(reading)
            books = Books(reading, self.rules, known_on=known_on, states=self._states)
            yield Opened(reading, books, Naming(books, on), known_on is None)

    def unit_named(self, name: str | None) -> UUID:
        """Return the unit of a name or an id; the first one on the books for None.

        Raises:
            WrongUsage: ``unit-unknown``, ``unit-ambiguous``.
        """
        with self.opened() as opened:
            entries = opened.reading.directory.units()
            found = [e.id for e in entries if name is None or name in (e.name, str(e.id))]
            found = found or [e.id for e in entries if name in e.names]
            if not found:
                raise WrongUsage("unit-unknown", unit=name, units=[e.name for e in entries])
            if name is not None and len(found) > 1:
                raise WrongUsage("unit-ambiguous", unit=name, ids=[str(i) for i in found])
            return found[0]

    def person_named(self, name: str, unit_id: UUID | None = None) -> UUID:
        """Return the person of a name or an id, seen from a unit and all below.

        Raises:
            WrongUsage: ``person-unknown``, ``person-ambiguous``.
        """
        if name in self.named:
            return self.named[name]
        with self.opened() as opened:
            try:
                wanted = UUID(name)
            except ValueError:
                pass
            else:
                if kind_of(opened.reading.load(wanted)) == "person":
                    return wanted
                raise WrongUsage("person-unknown", person=name)
            units = opened.books.below(unit_id)
            people = self._people(opened, units)
            found = [person for person in people if name in person.names]
            if not found:
                raise WrongUsage("person-unknown", person=name)
            if len(found) > 1:
                told = [
                    {"id": str(p.id), "unit": opened.naming.unit(p.unit_id), "stage": p.stage.value}
                    for p in found
                ]
                raise WrongUsage("person-ambiguous", person=name, people=told)
            return found[0].id

    def file_named(self, subject: str, unit_id: UUID | None = None) -> UUID:
        """Return the case of a subject or an id, of a unit and all below.

        Raises:
            WrongUsage: ``subject-unknown``, ``subject-ambiguous``.
        """
        with self.opened() as opened:
            entries = opened.books.files_of(None, opened.books.below(unit_id))
            found = [entry for entry in entries if subject in (entry.subject, str(entry.id))]
            day = today(self.clock)
            if not found:
                shown = [e.subject for e in entries if not is_withheld(e, opened.books, day)]
                raise WrongUsage("subject-unknown", subject=subject, near=shown)
            if len(found) > 1:
                open_ = [e for e in found if not is_withheld(e, opened.books, day)]
                told = [{"id": str(e.id), "unit": opened.naming.unit(e.unit_id)} for e in open_]
                raise WrongUsage("subject-ambiguous", subject=subject, files=told)
            return found[0].id

    def _below(self, opened: Opened, unit_id: UUID | None, day: date, structure: Structure) -> list[UUID]:
        """Return a unit and all below it, by the structure of a day, or by today's."""
        return opened.books.below(unit_id, day if structure == "then" else today(self.clock))

    def _in_order(self, opened: Opened, unit_id: UUID | None, day: date, structure: Structure) -> list[UUID]:
        """Return the same, each unit followed by those below it."""
        return opened.books.in_order(unit_id, day if structure == "then" else today(self.clock))

    # --- for the answers --------------------------------------------------------------------------------

    def _people(self, opened: Opened, units: Sequence[UUID]) -> list[Person]:
        """Return everybody who ever belonged to one of the units, after reading all their streams at once."""
        directory = opened.reading.directory
        ids = list(dict.fromkeys(person for unit in units for person in directory.people_of(unit)))
        opened.books.preload([*units, *ids])
        return [opened.books.person_state(person) for person in ids]

    def _heading(self, opened: Opened, day: date, known_on: Known) -> Answer:
        return {
            "as_of": day.isoformat(),
            "known_on": known_text(known_on),
            "position": opened.reading.head(),
        }

    def _answer(self, opened: Opened, rows: list[dict[str, Any]], day: date, known_on: Known) -> Answer:
        return {"rows": rows, **self._heading(opened, day, known_on)}


def known_text(known_on: Known) -> str | None:
    """Return a horizon of knowledge as one writes it: a day to its end, a moment, or ``@POSITION``."""
    if known_on is None:
        return None
    if isinstance(known_on, int):
        return f"@{known_on}"
    day = local_day(known_on)
    return day.isoformat() if known_on == end_of_day(day) else known_on.isoformat()
