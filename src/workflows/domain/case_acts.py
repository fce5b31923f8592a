"""案卷的命令和事件: what those of all kinds of cases share; no rule is needed to read this."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Command, Decided, step_of


class FileCommand(Command):
    """Base of the commands of a case; ``opens``: it makes the case, and its subject must be new."""

    opens: ClassVar[bool] = False


GONE = "_gone"
"""The end of the name of a move by which a case ends because its unit is no more."""


class FileEvent(Decided):
    """Base of the events of a case; ``move`` is the move of its table, the step unless told otherwise."""

    @property
    def move(self) -> str:
        """Return the move of the table that the event was."""
        return step_of(self)


class FileOpened(FileEvent, kw_only=True):
    """Base of the events that open a case: what it is called, and the unit it is about."""

    subject: str
    of_unit: UUID
