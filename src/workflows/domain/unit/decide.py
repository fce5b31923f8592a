"""What a command of a unit leads to, checked against the rules in force on its day."""

from __future__ import annotations

from uuid import UUID

from workflows.domain.act import Command, Decision
from workflows.domain.facts import Facts
from workflows.domain.unit import (
    adoption,
    branch_life,
    censures,
    elections,
    keeping_contact,
    meetings,
    officers,
    replies,
    structure,
)  # fmt: skip
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.change import Change
from workflows.domain.unit.state import Unit
from workflows.policies.rules import Rules

__all__ = [
    "adoption", "branch_life", "censures", "decide", "elections", "keeping_contact", "meetings", "officers",
    "replies", "structure",
]  # fmt: skip


def decide(
    command: Command,
    unit: Unit,
    rules: Rules,
    facts: Facts,
    *,
    superior: UUID | None = None,
    change: Change | None = None,
    complete: bool = True,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``superior`` is the unit that ``establish_unit`` names as its superior, found by the caller; ``change``
    what a change of the tree rests on.
    """
    case = Case(command, unit, rules, facts, complete=complete, superior=superior, change=change)
    return decided(command, case)
