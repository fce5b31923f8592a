"""What a command of a unit leads to, checked against the rules in force on its day."""

from __future__ import annotations

from uuid import UUID

from workflows.domain.act import Command, Decision
from workflows.domain.facts import Facts
from workflows.domain.unit import adoption, branch_life, elections, meetings, replies
from workflows.domain.unit.case import Case, decided
from workflows.domain.unit.state import Unit
from workflows.policies.rules import Rules

__all__ = ["adoption", "branch_life", "decide", "elections", "meetings", "replies"]


def decide(
    command: Command,
    unit: Unit,
    rules: Rules,
    facts: Facts,
    *,
    superior: UUID | None = None,
    complete: bool = True,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``superior`` is the unit that ``establish_unit`` names as its superior, found by the caller.
    """
    return decided(command, Case(command, unit, rules, facts, complete=complete, superior=superior))
