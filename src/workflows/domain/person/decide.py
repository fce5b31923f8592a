"""What a command of a person leads to, checked against the rules in force on its day."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import Command, Decision, decision
from workflows.domain.facts import Facts
from workflows.domain.person import away, charges, course, dues, membership, returns
from workflows.domain.person.case import Case, decided
from workflows.domain.person.rough_days import told_in
from workflows.domain.person.slips import slips
from workflows.domain.person.state import Person
from workflows.kernel.approximate import ApproximateDay
from workflows.policies.rules import Rules

__all__ = ["away", "charges", "course", "decide", "dues", "membership", "returns"]


def decide(
    command: Command,
    person: Person,
    rules: Rules,
    facts: Facts,
    *,
    unit_id: UUID | None,
    complete: bool = True,
    named_unit: UUID | None = None,
    approx: Mapping[str, ApproximateDay] | None = None,
) -> Decision:
    """Return the events and findings of ``command``; whether it is refused is for the caller to say.

    ``unit_id`` is the unit that acts (default: the person's own), ``named_unit`` another one that the
    command names. ``approx`` tells of the command's days that are known only roughly, by field.
    """
    told = approx or {}
    case = Case(command, person, rules, facts, unit_id, complete=complete, named_unit=named_unit, approx=told)
    made = decided(command, case)
    more = slips(command, case)
    made = decision(*made.events, findings=(*made.findings, *more)) if more else made
    if not told:
        return made
    return replace(made, events=tuple(told_in(event, command, told) for event in made.events))
