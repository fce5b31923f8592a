"""Who and what is meant: units and people by name, a unique part of it, or id; and the names behind ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.application.ports import FileEntry, Log, Reading, UnitEntry
from workflows.application.streams import kind_of
from workflows.application.tree import named
from workflows.application.withheld import is_withheld
from workflows.domain.act import NOT_ON_BOOKS, Command
from workflows.domain.case_acts import FileOpened
from workflows.domain.case_files import CaseFile
from workflows.domain.person.events import Profile
from workflows.domain.person.state import Person
from workflows.domain.unit.events import UnitEstablished
from workflows.domain.unit.state import Unit
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.pieces import Names
from workflows.kernel.clock import local_day
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import EventRetracted, Recorded, amendments
from workflows.policies.rules import Rules

MOST_NEAR = 8
LEAST_SHARED = 2
"""So many characters of what was typed are in a name that is offered though it is not written alike."""

AT_ONCE = 1_000
"""Events read at once when the whole log is looked through."""


class Finder:
    """Finds units, cases and people on the books, as known now.

    An unannounced inspection whose day has not come by ``today`` is found by its whole name or its id alone.
    """

    def __init__(self, log: Log, rules: Rules, today: date = date.min) -> None:
        self._log, self._rules, self._today = log, rules, today

    def renamed(self, unit_id: UUID, name: str) -> str | None:
        """Return the present name of a unit that was found by an old one, else None."""
        with self._log.read() as reading:
            entry = next((one for one in reading.directory.units() if one.id == unit_id), None)
        text = _plain(name)
        if entry is None or text in entry.name or not any(text in old for old in entry.names):
            return None
        return entry.name

    def unit(self, name: str, on: date | None = None) -> UUID:
        """Return the unit of a name, a part of a name that only one has, or an id.

        A whole name goes before a part, who bears it ``on`` a day before who does now, the present name
        before an old one.

        Raises:
            WrongUsage: ``unit-unknown`` or ``unit-ambiguous``, with the nearest names.
        """
        with self._log.read() as reading:
            return self._unit(reading, name, on)

    def _unit(self, reading: Reading, name: str, on: date | None) -> UUID:
        entries = reading.directory.units()
        text = _plain(name)
        exact = [entry for entry in entries if text in (entry.name, str(entry.id))]
        if on is not None or not exact:
            exact = named(entries, text, on or date.max)
        found = exact or [entry for entry in entries if text and text in entry.name]
        found = found or [e for e in entries if text and any(text in old for old in e.names)]
        if not found:
            raise WrongUsage("unit-unknown", unit=name, units=near_units(text, (e.name for e in entries)))
        if len(found) > 1:
            told = [f"{e.name} {e.id}" if exact else e.name for e in found[:MOST_NEAR]]
            raise WrongUsage("unit-ambiguous", unit=name, ids=told)
        return found[0].id

    def file(self, name: str, unit_id: UUID | None = None, kind: str | None = None) -> UUID:
        """Return the case of a subject, a part of it that only one has, or an id.

        ``unit_id``: a unit the case may be about: held by it, by one above it or by one below.

        Raises:
            WrongUsage: ``subject-unknown`` or ``subject-ambiguous``, with the nearest subjects.
        """
        with self._log.read() as reading:
            books = Books(reading, self._rules)
            entries = books.files_of(kind, _line_and_below(books, unit_id))
            text = _plain(name)
            exact = [entry for entry in entries if text in (_plain(entry.subject), str(entry.id))]
            partly = [entry for entry in entries if text and text in _plain(entry.subject)]
            found = exact or self._shown(partly, books)
            if not found:
                _refuse_withdrawn(reading, text)
                shown = {entry.subject for entry in self._shown(entries, books)}
                raise WrongUsage("subject-unknown", subject=name, near=near(text, shown))
            if len(found) > 1:
                units = reading.directory.units()
                told = [_case_line(entry, units) for entry in self._shown(found, books)[:MOST_NEAR]]
                raise WrongUsage("subject-ambiguous", subject=name, files=told)
            return found[0].id

    def person(self, name: str, unit_id: UUID | None = None, *, exact: bool = False) -> UUID:
        """Return the person of a name, a part of it that only one has (not if ``exact``), or an id.

        They are looked for in a unit and all below it.

        Raises:
            WrongUsage: ``person-unknown`` or ``person-ambiguous``, with the nearest names.
        """
        with self._log.read() as reading:
            return self._person(reading, name, unit_id, exact)

    def _person(self, reading: Reading, name: str, unit_id: UUID | None, whole: bool) -> UUID:
        known = _uuid(name)
        if known is not None and kind_of(reading.load(known)) == "person":
            return known
        books = Books(reading, self._rules)
        text = _plain(name)
        people = self._people(books, reading, unit_id)
        exact = [person for person in people if text in person.names]
        found = exact or [p for p in people if text and not whole and any(text in n for n in p.names)]
        if not found:
            names = {p.profile.name for p in people if p.profile.name}
            raise WrongUsage("person-unknown", person=name, people=near(text, names))
        if len(found) > 1:
            raise WrongUsage(
                "person-ambiguous", person=name, people=[_told(p, books) for p in found[:MOST_NEAR]]
            )
        return found[0].id

    @staticmethod
    def _people(books: Books, reading: Reading, unit_id: UUID | None) -> list[Person]:
        units = books.below(unit_id)
        ids = list(dict.fromkeys(p for unit in units for p in reading.directory.people_of(unit)))
        books.preload(ids)
        return [books.person_state(person_id) for person_id in ids]

    def stream(self, name: str) -> UUID:
        """Return the unit, the case or the person of a name or an id; a whole name goes before a part of one.

        The whole name of one unit is that unit, without a look at the people; a part of a name is a unit's or
        a person's before it is a case's. A name that nobody has any
        more, since what told it was retracted (an import undone), is looked for last.

        Raises:
            WrongUsage: ``name-unknown`` or ``name-ambiguous``, with the nearest names.
        """
        with self._log.read() as reading:
            known = _uuid(name)
            if known is not None and reading.load(known):
                return known
            text = _plain(name)
            entries, files = reading.directory.units(), list(reading.directory.files())
            named = [entry.id for entry in entries if entry.name == text]
            named = named or [entry.id for entry in files if entry.subject == text]
            if len(named) == 1:
                return named[0]  # nobody is called like a unit or a case: no need to open everybody's name
            books = Books(reading, self._rules)
            people = self._people(books, reading, None)
            choices: list[tuple[UUID, str, str]] = [(e.id, e.name, e.name) for e in entries]
            choices += [(p.id, name, _line(_told(p, books))) for p in people for name in p.names or ("",)]
            exact = [e for e in files if e.subject == text]
            found = [c for c in choices if c[1] == text] or _lines(exact, entries)
            found = found or [c for c in choices if text and text in c[1]]
            if not found and text:
                found = _lines(self._shown((e for e in files if text in e.subject), books), entries)
            found = found or [(gone, text, str(gone)) for gone in _withdrawn(reading, text)]
            if not found:
                alike = near_units(text, (entry.name for entry in entries))
                alike += near_cases(text, [entry.subject for entry in self._shown(files, books)])
                alike += near(text, (person.profile.name or "" for person in people))
                raise WrongUsage("name-unknown", name=name, near=list(dict.fromkeys(alike))[:MOST_NEAR])
            if len({choice[0] for choice in found}) > 1:
                untold = {e.id for e in exact} - {e.id for e in self._shown(exact, books)}
                told = [choice[2] for choice in found if choice[0] not in untold]
                raise WrongUsage("name-ambiguous", name=name, near=told[:MOST_NEAR])
            return found[0][0]

    def _shown(self, entries: Iterable[FileEntry], books: Books) -> list[FileEntry]:
        """Return cases but the unannounced inspections whose day has not come."""
        return [one for one in entries if not is_withheld(one, books, self._today)]


def _withdrawn(reading: Reading, name: str) -> list[UUID]:
    """Return the streams in which a record that was retracted told this name."""
    streams: dict[UUID, None] = {}
    position = 0
    while records := reading.load_since(position, AT_ONCE):
        position = records[-1].position
        streams |= {r.stream_id: None for r in records if isinstance(r.event, EventRetracted)}
    told = reading.load_many(list(streams))
    return [stream for stream, records in told.items() if name and name in map(_name_in, records)]


def _refuse_withdrawn(reading: Reading, name: str) -> None:
    """Refuse a case that was withdrawn, saying by whom, when and why; pass over any other name.

    Raises:
        WrongUsage: ``subject-withdrawn``.
    """
    for stream in _withdrawn(reading, name):
        records = reading.load(stream)
        opened = next((one for one in records if isinstance(one.event, FileOpened)), None)
        gone, _ = amendments(records)
        if opened is None or opened.event_id not in gone:
            continue
        for by in reversed(records):
            event = by.event
            if isinstance(event, EventRetracted) and event.event_id == opened.event_id:
                raise WrongUsage(
                    "subject-withdrawn",
                    subject=name,
                    position=by.position,
                    actor=by.actor,
                    day=local_day(by.recorded_at),
                    reason=mask_text(event.reason),
                )


def _name_in(record: Recorded) -> str | None:
    """Return the name that a record gives to the unit or the person of its stream."""
    event = record.event
    if isinstance(event, UnitEstablished):
        return event.name
    if isinstance(event, FileOpened):
        return event.subject
    profile = getattr(event, "profile", None)
    return profile.name if isinstance(profile, Profile) else None


def with_the_one_typed(names: Names, command: Command | None) -> Names:
    """Return names that know who was typed as ``by``: findings call who is not on the books by ``?`` only."""
    typed = getattr(command, "by", None)

    def tell(text: str) -> str | None:
        return (
            typed if text == NOT_ON_BOOKS and isinstance(typed, str) and _uuid(typed) is None else names(text)
        )

    return tell


class NamesOnBooks:
    """The name behind an id, read when it is asked for; callable as a book of names for wordings."""

    def __init__(self, log: Log, rules: Rules) -> None:
        self._log, self._rules = log, rules
        self._known: dict[str, str | None] = {}

    def __call__(self, text: str) -> str | None:
        """Return the name of a person or unit, None for any other text."""
        if text not in self._known:
            number = _uuid(text)
            self._known[text] = None if number is None else self._read(number)
        return self._known[text]

    def _read(self, number: UUID) -> str | None:
        with self._log.read() as reading:
            if not reading.load(number):
                return None
            books = Books(reading, self._rules)
            state = books.state(number)
            if isinstance(state, Person) and state.merged_into is not None:  # as their own records call them
                state = books.alone(number)
        match state:
            case Unit():
                return state.name or None
            case CaseFile():
                return state.subject or None
        return state.profile.name


def near_units(text: str, names: Iterable[str]) -> list[str]:
    """Return the names of units that a text may have meant; 党支部, which all have, does not count."""
    from workflows.adapters.workbooks.branches import suggest_branch

    return list(suggest_branch(text, (name for name in names if name), MOST_NEAR))


def near_cases(text: str, subjects: Iterable[str]) -> list[str]:
    """Return the cases that a text may have meant: those written nearly alike."""
    return get_close_matches(text, sorted({name for name in subjects if name}), n=MOST_NEAR, cutoff=0.6)


def _case_line(entry: FileEntry, units: Sequence[UnitEntry]) -> str:
    unit = next((one.name for one in units if one.id == entry.unit_id), "")
    return f"{entry.subject} {unit} {entry.id}"


def _lines(files: Iterable[FileEntry], units: Sequence[UnitEntry]) -> list[tuple[UUID, str, str]]:
    return [(one.id, one.subject, _case_line(one, units)) for one in files]


def _line_and_below(books: Books, unit_id: UUID | None) -> list[UUID]:
    """Return a unit, those above it (a case may be held by one of them) and all below; all for None."""
    if unit_id is None:
        return books.below(None)
    superiors = {entry.id: entry.superior for entry in books.reading.directory.units()}
    line: list[UUID] = []
    here = superiors.get(unit_id)
    while here is not None and here not in line:
        line.append(here)
        here = superiors.get(here)
    return [*line, *books.below(unit_id)]


def near(text: str, names: Iterable[str]) -> list[str]:
    """Return the names nearest to a text: those that share a part of it first, then those written alike."""
    known = sorted({name for name in names if name})
    alike = get_close_matches(text, known, n=MOST_NEAR, cutoff=0.4)
    least = min(LEAST_SHARED, len(text))
    shared = [name for name in known if sum(c in text for c in set(name)) >= least and name not in alike]
    shared = shared if text else []
    return [*alike, *shared][:MOST_NEAR]


def _told(person: Person, books: Books) -> dict[str, Any]:
    unit = books.unit_state(person.unit_id).name if person.unit_id else ""
    return {"name": person.profile.name, "unit": unit, "stage": person.stage.value, "id": str(person.id)}


def _line(told: dict[str, Any]) -> str:
    return f"{told['name']} {told['unit']} {told['id']}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None
