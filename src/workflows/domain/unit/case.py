"""One command at one unit: what a decision may look at, and where the decisions are registered."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import Any
from uuid import UUID

from workflows.domain.act import Command, Decision, Who, of_stage
from workflows.domain.facts import Facts
from workflows.domain.unit import commands as cmd
from workflows.domain.unit.book import book_of
from workflows.domain.unit.change import Change, hurdle
from workflows.domain.unit.events import UnitEstablished
from workflows.domain.unit.state import Unit
from workflows.domain.unit.structure_commands import Structural
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding
from workflows.policies.rules import Rules


class Case:
    """One command at one unit: everything a decision may look at; ``unit`` is as of the day of the act.

    ``superior``: the unit that the command names, found by the caller; ``change``: what a change of the tree
    rests on, found likewise.
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
        change: Change | None = None,
    ) -> None:
        self.command, self.unit, self.rules, self.facts = command, unit.at(command.on), rules, facts
        self.complete, self.superior, self.change = complete, superior, change

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of every rule, with what the command says as facts."""
        book = book_of(self.unit, self.rules, self.facts, self.command.on, complete=self.complete)
        more = {name: Fact(value) for name, value in said.items() if value is not None}
        found = self.rules.check(self.command.verb(), on=self.command.on, book=book.extended(more))
        return (*self._exists(), *found)

    def _exists(self) -> tuple[Finding, ...]:
        founding = isinstance(self.command, cmd.EstablishUnit)
        ended = self.unit.dissolved_on
        if ended is not None and (ended < self.command.on or isinstance(self.command, Structural)):
            return (self._gone(ended),)
        if founding == (self.unit.established is None):
            return ()
        if not founding and not self.complete:
            return ()
        return (of_stage("branch-approve", "", stage="established" if founding else "nothing"),)

    def _gone(self, ended: date) -> Finding:
        """Return the finding that the unit is no more; a change of the tree cannot follow at all."""
        into = self.unit.dated.ended.into if self.unit.dated.ended is not None else ()
        told = {"dissolved_on": ended.isoformat(), "into": [str(unit) for unit in into]}
        if isinstance(self.command, Structural):
            return hurdle("unit-gone", unit=str(self.unit.id), **told)
        return of_stage("branch-adjust", "", stage="dissolved", **told)

    def check_founding(self, event: UnitEstablished, **said: Any) -> tuple[Finding, ...]:
        """Return what the rules say of another unit that comes about by the act."""
        more = {"unit_kind": event.kind or None, "unit_level": event.level, **said}
        book = FactBook({name: Fact(value) for name, value in more.items() if value is not None})
        return self.rules.check(cmd.EstablishUnit.verb(), on=self.command.on, book=book)

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
