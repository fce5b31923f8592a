"""Names, looked up when a view is read: no view keeps the name of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.act import Who
from workflows.domain.person import events as ev
from workflows.policies.acts import ACTS

MASK = "*"
SHOWN_OF_A_PHONE = (3, 4)
SHOWN_OF_A_NUMBER = (1, 1)
SHOWN_OF_A_DAY = (4, 0)


class Naming:
    """The names of people and units as known at the horizon of some books.

    A unit has the name it had ``on`` a day; its last one where no day is told.
    """

    def __init__(self, books: Books, on: date | None = None) -> None:
        self._books, self._on = books, on
        self._people: dict[UUID, str | None] = {}
        self._units: dict[UUID, str | None] = {}

    def person(self, person_id: UUID | None) -> str | None:
        """Return a person's name; None of nobody, and of one whose data was erased."""
        if person_id is None:
            return None
        if person_id not in self._people:
            self._people[person_id] = self._books.person(person_id).profile.name
        return self._people[person_id]

    def entered_as(self, person_id: UUID) -> str | None:
        """Return the name someone was entered by, whoever they turned out to be."""
        return self._books.alone(person_id).profile.name

    def keeper(self, unit_id: UUID | None, on: date) -> UUID | None:
        """Return who goes on with the cases of a unit that is no more on a day; None while it is there."""
        found = self._books.keeper(unit_id, on) if unit_id is not None else None
        return None if found == unit_id else found

    def unit(self, unit_id: UUID | None) -> str | None:
        """Return a unit's name; None of none, and of one not yet on the books."""
        if unit_id is None:
            return None
        if unit_id not in self._units:
            told = self._books.identity_of(unit_id, self._on)
            self._units[unit_id] = told.name if told is not None else None
        return self._units[unit_id]

    def case(self, file_id: UUID) -> str | None:
        """Return what a case is called; None of one not on the books (any more)."""
        return self._books.file_state(file_id).subject or None

    def step(self, name: str, unit_id: UUID | None, on: date) -> str | None:
        """Return the title of a step that only packs of a unit know; None of one that has a command."""
        return None if name in ACTS else self._books.rules_for(unit_id, on).chart.titles.get(name)

    def titles(self, unit_id: UUID | None, on: date) -> Mapping[str, str]:
        """Return the titles of the steps and of the papers that the packs of a unit tell, by id."""
        chart = self._books.rules_for(unit_id, on).chart
        return {**chart.paper_titles, **chart.titles}

    def who(self, who: Who | None) -> str | None:
        """Return the name of someone an event speaks of."""
        if who is None:
            return None
        return self.person(who.person) if who.person is not None else who.name

    def all_of(self, people: Iterable[Who]) -> list[str | None]:
        """Return the names of several people, in their order."""
        return [self.who(who) for who in people]


def plain(value: Any) -> Any:
    """Return a value in JSON form: lists for tuples, texts for days and ids."""
    return msgspec.json.decode(msgspec.json.encode(value))


def masked(text: str | None, shown: tuple[int, int]) -> str | None:
    """Return ``text`` with all but the first and last characters struck out."""
    if text is None:
        return None
    head, tail = shown
    if len(text) <= head + tail:
        return MASK * len(text)
    return text[:head] + MASK * (len(text) - head - tail) + text[len(text) - tail :]


def masked_profile(profile: ev.Profile, *, full: bool = False) -> dict[str, Any]:
    """Return what is known of someone in JSON form; identity number and phone are masked whoever asks.

    Unless ``full``, the birth day shows its year only.
    """
    born = None if profile.born_on is None else profile.born_on.isoformat()
    found = {
        "name": profile.name,
        "born_on": born if full else masked(born, SHOWN_OF_A_DAY),
        "born_on_approx": profile.born_approx.as_json() if full and profile.born_approx else None,
        "id_number": masked(profile.id_number, SHOWN_OF_A_NUMBER),
        "gender": profile.gender,
        "ethnic_group": profile.ethnic_group,
        "education": profile.education,
        "phone": masked(profile.phone, SHOWN_OF_A_PHONE),
    }
    return {key: value for key, value in found.items() if value is not None}
