"""What a command of a person leads to, checked against the rules in force on its day."""

from __future__ import annotations

from uuid import UUID

from workflows.domain.act import Command, Decision, decision
from workflows.domain.facts import Facts
from workflows.domain.person import away, course, dues, membership, returns
from workflows.domain.person.case import Case, decided
from workflows.domain.person.slips import slips
from workflows.domain.person.state import Person
from workflows.policies.rules import Rules

__all__ = ["away", "course", "decide", "dues", "membership", "returns"]


def decide(
    command: Command,
    person: Person,
    rules: Rules,
    facts: Facts,
    *,
    unit_id: UUID | None,
    complete: bool = True,
    named_unit: UUID | None = None,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``unit_id`` is the unit that acts (default: the person's own), ``named_unit`` another one that the
    command names.
    """
    case = Case(command, person, rules, facts, unit_id, complete=complete, named_unit=named_unit)
    made = decided(command, case)
    more = slips(command, case)
    return decision(*made.events, findings=(*made.findings, *more)) if more else made
