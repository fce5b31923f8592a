"""Whose stream is whose, told by the names of its events."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from workflows.application.case_files import file_kind_of
from workflows.kernel.events import Recorded


def home_of(record: Recorded) -> UUID | None:
    """Return the unit an event puts a person into: the one it names, else at first the one that acted."""
    home = getattr(record.event, "unit_id", None)
    if home is None and record.version == 1 and record.event.topic().startswith("person."):
        home = record.unit_id
    return home if isinstance(home, UUID) else None


def kind_of(records: Sequence[Recorded]) -> str | None:
    """Return whose stream this is, told by the first event of the field in it."""
    for record in records:
        topic = record.event.topic()
        if topic.startswith("person."):
            return "person"
        if topic.startswith("unit."):
            return "unit"
        if (kind := file_kind_of(topic)) is not None:
            return kind
    return None
