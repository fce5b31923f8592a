"""One command at one unit: what a decision may look at, and where the decisions are registered."""

from __future__ import annotations

from functools import singledispatch
from typing import Any
from uuid import UUID

from workflows.domain.act import Command, Decision, Who, of_stage
from workflows.domain.facts import Facts
from workflows.domain.unit import commands as cmd
from workflows.domain.unit.book import book_of
from workflows.domain.unit.state import Unit
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding
from workflows.policies.rules import Rules


class Case:
    """One command at one unit: everything a decision may look at; ``unit`` is as of the day of the act.

    ``superior``: the unit that the command names, found by the caller.
    """

    def __init__(
        self,
        command: Command,
        unit: Unit,
        rules: Rules,
        facts: Facts,
        *,
        complete: bool,
        superior: UUID | None = None,
    ) -> None:
        self.command, self.unit, self.rules, self.facts = command, unit.at(command.on), rules, facts
        self.complete, self.superior = complete, superior

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of every rule, with what the command says as facts."""
        book = book_of(self.unit, self.rules, self.facts, self.command.on, complete=self.complete)
        more = {name: Fact(value) for name, value in said.items() if value is not None}
        found = self.rules.check(self.command.verb(), on=self.command.on, book=book.extended(more))
        return (*self._exists(), *found)

    def _exists(self) -> tuple[Finding, ...]:
        founding = isinstance(self.command, cmd.EstablishUnit)
        if founding == (self.unit.established is None):
            return ()
        if not founding and not self.complete:
            return ()
        return (of_stage("branch-approve", "", stage="established" if founding else "nothing"),)

    def who(self, name: str | None) -> Who | None:
        """Return who is meant by a name seen from this unit."""
        return None if name is None else self.find(name)

    def find(self, name: str) -> Who:
        """Return who is meant by a name seen from this unit; a bare name where nobody or several match."""
        return self.facts.find(name, self.unit.id, self.command.on)

    def present(self, said: int | list[str] | None) -> int | None:
        """Return a head count; of those named only voters count where the roster is known."""
        if not isinstance(said, list):
            return said
        roster = self.facts.roster(self.unit.id, self.command.on)
        named = {self.find(name).person for name in said}
        return len(named & roster.voters) if roster is not None else len(said)

    def everybody(self, said: int | list[str] | None) -> tuple[Who, ...]:
        """Return who was named as present, each once; nobody where only a number was told."""
        return tuple(dict.fromkeys(map(self.find, said))) if isinstance(said, list) else ()


@singledispatch
def decided(command: Command, case: Case) -> Decision:
    """Return what a command leads to; each command registers its own."""
    raise TypeError(f"no decision for {type(command).__name__}")
