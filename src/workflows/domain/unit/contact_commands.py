"""联系点: what can be asked for about who keeps contact with a branch; each command's day is ``on``."""

from __future__ import annotations

from workflows.domain.unit.commands import Text
from workflows.domain.unit.meeting_commands import OfBranch, Word


class KeepContact(OfBranch, kw_only=True):
    """建立联系点: a leader of the unit keeps contact with a branch below it, from the day of the act on.

    ``post``: what the leader is, where no post of the unit tells it; ``handed_by``: who kept contact with the
    branch until now and hands it over (移交).
    """

    branch: Word
    leader: Word
    post: Text | None = None
    handed_by: Word | None = None
    document: Text | None = None


class EndContact(OfBranch, kw_only=True):
    """撤销联系点: a leader keeps contact with the branch no longer, and nobody takes it over."""

    branch: Word
    leader: Word
    reason: Text | None = None
