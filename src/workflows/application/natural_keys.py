"""Natural keys: what tells that somebody described is somebody on the books."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from workflows.application.books import Books
from workflows.application.ports import Identity, Transaction
from workflows.domain.person import commands as person_commands

PERSON_BY_ID_NUMBER = "person/id-number"
PERSON_BY_NAME = "person/name-born-unit"


def natural_keys(
    identity: Identity, command: person_commands.Personal, unit_id: UUID
) -> list[tuple[str, str]]:
    """Return the natural keys of a person, the surest first: identity number; name, birth day and unit."""
    keys = []
    if command.id_number:
        keys.append((PERSON_BY_ID_NUMBER, identity.digest(f"id-number\x1f{command.id_number}")))
    if command.name and command.born_on:
        text = f"person\x1f{command.name}\x1f{command.born_on}\x1f{unit_id}"
        keys.append((PERSON_BY_NAME, identity.digest(text)))
    return keys


class Known:
    """Tells in one transaction who somebody described is, also where a change of the tree carried them."""

    def __init__(self, books: Books, transaction: Transaction, identity: Identity) -> None:
        self._books, self._transaction, self._identity = books, transaction, identity

    def person(self, command: person_commands.Personal, unit_id: UUID) -> UUID | None:
        """Return the stream that holds a natural key of the person described, None where none does.

        Somebody put down at a unit whose people came to this one (merged, dissolved, split) is known by the
        key of that unit, as long as this one is among those they ever belonged to. Somebody who was
        transferred to this unit is known by name and birth day.
        """
        for scope, key in natural_keys(self._identity, command, unit_id):
            held = self._transaction.claimed(scope, key)
            if held is not None:
                return self._books.one(held)
        if not (command.name and command.born_on):
            return None
        for before in came_from(self._books, unit_id):
            for scope, key in natural_keys(self._identity, command, before):
                held = self._transaction.claimed(scope, key)
                one = self._books.one(held) if held is not None else None
                if one is not None and unit_id in {
                    home.unit_id for home in self._books.person_state(one).units
                }:
                    return one
        return self._transferred(command, unit_id)

    def claim(self, stream_id: UUID, command: person_commands.Personal, unit_id: UUID) -> bool:
        """Claim the natural keys of somebody described; False where somebody else holds one."""
        for scope, key in natural_keys(self._identity, command, unit_id):
            held = self._transaction.claimed(scope, key)
            is_theirs = held is not None and self._books.one(held) == stream_id
            if not is_theirs and not self._transaction.claim(scope, key, stream_id):
                return False
        return True

    def _transferred(self, command: person_commands.Personal, unit_id: UUID) -> UUID | None:
        """Return the one of that name and birth day who ever belonged to the unit; None for none or two."""
        found = [
            person_id
            for person_id in self._books.named(unit_id).get(command.name or "", ())
            if self._books.person_state(person_id).profile.born_on == command.born_on
        ]
        return found[0] if len(found) == 1 else None


def came_from(books: Books, unit_id: UUID) -> Iterator[UUID]:
    """Yield the units whose people came to a unit by changes of the tree, the nearest first."""
    entries = books.reading.directory.units()
    seen, todo = {unit_id}, [unit_id]
    while todo:
        here = todo.pop(0)
        told = books.unit_state(here).established
        before = [told.split_from] if told is not None and told.split_from is not None else []
        before += [one.id for one in entries if one.dated.ended is not None and here in one.dated.ended.into]
        for one in before:
            if one not in seen:
                seen.add(one)
                todo.append(one)
                yield one
