"""联系点: a leader began to keep contact with a branch, or ceased to."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from workflows.domain.act import Decided, Who


class ContactKept(Decided, tag="unit.contact-kept", omit_defaults=True):
    """建立联系点; ``handed_by`` keeps contact with the branch no longer from that day on."""

    step: ClassVar[str] = "keep_contact"
    people: ClassVar[frozenset[str]] = frozenset({"leader", "handed_by"})
    kept_on: date
    branch: UUID | None = None
    leader: Who | None = None
    post: str | None = None
    handed_by: Who | None = None
    document: str | None = None


class ContactEnded(Decided, tag="unit.contact-ended", omit_defaults=True):
    """撤销联系点; why is personal: it is sealed."""

    step: ClassVar[str] = "end_contact"
    sealed: ClassVar[frozenset[str]] = frozenset({"reason"})
    people: ClassVar[frozenset[str]] = frozenset({"leader"})
    ended_on: date
    branch: UUID | None = None
    leader: Who | None = None
    reason: str | None = None
