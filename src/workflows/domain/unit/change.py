"""What a change of the organization tree rests on, found by the caller, and what stands in its way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from workflows.domain.act import OF_A_MERGER
from workflows.domain.unit import events as ev
from workflows.policies.findings import Finding, Verdict

OF_THE_TREE = "tree"
"""The kind of a finding that stands in the way of a change whoever records it, as history too."""


class SetUp(msgspec.Struct, frozen=True):
    """A unit that comes about by a change, with how many full members and members in all it begins."""

    id: UUID
    event: ev.UnitEstablished
    full: int
    members: int


class Change(msgspec.Struct, frozen=True):
    """What a change of the tree rests on and comes to, found by the caller.

    ``units`` are those it names; ``new`` come about by it; ``into`` is where people go; ``full`` and
    ``members`` count who belongs to the unit afterwards (None: nobody can tell). ``hurdles`` forbid it.
    ``tasks``: what resolutions of ``units`` set and is still open.
    """

    units: tuple[UUID, ...] = ()
    new: tuple[SetUp, ...] = ()
    into: tuple[UUID, ...] = ()
    full: int | None = None
    members: int | None = None
    hurdles: tuple[Finding, ...] = ()
    tasks: tuple[ev.Task, ...] = ()


def hurdle(rule: str, **facts: Any) -> Finding:
    """Return the finding that a change of the tree cannot be."""
    return Finding(rule=rule, verdict=Verdict.BLOCK, kind=OF_THE_TREE, severity="block", facts=facts)


def is_barred(findings: tuple[Finding, ...]) -> bool:
    """Say whether something stands in the way that no recording as history can pass over."""
    return any(f.kind in (OF_THE_TREE, OF_A_MERGER) and f.verdict is Verdict.BLOCK for f in findings)
