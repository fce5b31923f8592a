"""Natural keys: what tells that somebody described is somebody on the books."""

from __future__ import annotations

from uuid import UUID

from workflows.application.ports import Identity
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
