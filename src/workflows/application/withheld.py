"""没有公开的暗访: whether a case is an unannounced inspection that no list names yet."""

from __future__ import annotations

from datetime import date

from workflows.application.books import Books
from workflows.application.ports import FileEntry
from workflows.domain.inspection.state import Inspection


def is_withheld(entry: FileEntry, books: Books, day: date) -> bool:
    """Say whether a case is an unannounced inspection whose day has not come: its name helps nobody else."""
    file = books.file_state(entry.id) if entry.kind == Inspection.kind else None
    return isinstance(file, Inspection) and file.is_withheld_on(day)
