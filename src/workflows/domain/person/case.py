"""One command at one person: what a decision may look at, and where the decisions are registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any
from uuid import UUID

from workflows.domain.act import Command, Decision, Who, decision, of_stage
from workflows.domain.facts import Facts, Roster
from workflows.domain.person.book import book_of
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage, after, stages_of
from workflows.kernel.events import Event
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding
from workflows.policies.rules import Rules


class Case:
    """One command at one person: everything a decision may look at.

    ``person`` is as of the day of the act. ``complete``: what is not said is missing; not so in old
    workbooks. ``named_unit``: another unit that the command speaks of.
    """

    def __init__(
        self,
        command: Command,
        person: Person,
        rules: Rules,
        facts: Facts,
        unit_id: UUID | None,
        *,
        complete: bool,
        named_unit: UUID | None = None,
    ) -> None:
        self.command, self.person, self.rules, self.facts = command, person.at(command.on), rules, facts
        self.unit_id = unit_id or self.person.unit_id or person.unit_id
        self.complete, self.named_unit = complete, named_unit

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of the stage machine and of every rule, with what the command says as facts."""
        return self.check_at((self.command.verb(),), said)

    def check_at(self, acts: Sequence[str], said: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return the same of what hangs on several acts: the command, and a step of a pack that it is."""
        book = book_of(self.person, self.rules, self.facts, self.command.on, complete=self.complete)
        if self.person.unit_id is None and self.unit_id is not None:
            unit = self.facts.unit(self.unit_id, self.command.on)
            if unit is not None:
                said = {**said, "unit_kind": unit.kind, "unit_level": unit.level}
        more = {name: Fact(value) for name, value in said.items() if value is not None}
        known = book.extended(more)
        found = [each for act in acts for each in self.rules.check(act, on=self.command.on, book=known)]
        return (*self._on_books(), *self._stage(), *found)

    def _on_books(self) -> tuple[Finding, ...]:
        """Say that nobody is let off, and nobody's paper is attached, before being on the books."""
        if self.command.aggregate != "any" or self.person.acts:
            return ()
        belongs = [stage.value for stage in Stage if stage is not Stage.NOBODY]
        return (of_stage("dev-stage", "", stage=Stage.NOBODY.value, belongs_to=belongs),)

    def _stage(self) -> tuple[Finding, ...]:
        name = self.command.verb()
        move = move_of(self.command, self.person)
        if not stages_of(move) or after(self.person.stage, move) is not None:
            return ()
        if not self.complete and self.person.stage is not Stage.NOBODY:
            return ()
        if not self.complete and not self.person.course_known:
            return ()
        step = next((s for s in self.rules.steps(self.command.on) if s.id == name), None)
        return (
            of_stage(
                step.rule if step else "dev-stage",
                step.title if step else "",
                stage=self.person.stage.value,
                belongs_to=[stage.value for stage in stages_of(move)],
            ),
        )

    def who(self, name: str | None) -> Who | None:
        """Return who is meant by a name seen from the acting unit."""
        return None if name is None else self.facts.find(name, self.unit_id, self.command.on)

    def whom(self, names: list[str]) -> tuple[Who, ...]:
        """Return who is meant by each of the names."""
        return tuple(self.facts.find(name, self.unit_id, self.command.on) for name in names)

    def members(self, people: tuple[Who, ...]) -> list[Any]:
        """Return what is known of each, as of the day of the act."""
        return [self.facts.member(who, self.command.on) for who in people]

    @property
    def roster(self) -> Roster | None:
        """Return the roster of the acting unit on the day of the act."""
        return self.facts.roster(self.unit_id, self.command.on) if self.unit_id else None


@singledispatch
def move_of(command: Command, person: Person) -> str:
    """Return the move of the stage machine that a command asks for: its own name, unless told otherwise."""
    return command.verb()


@singledispatch
def decided(command: Command, case: Case) -> Decision:
    """Return what a command leads to; each command registers its own."""
    raise TypeError(f"no decision for {type(command).__name__}")


def plainly(command: type[Command], event: type[Event], **fields: str) -> None:
    """Register a command that becomes its event field by field (``fields``: event field -> command field)."""

    def decide_plainly(command: Command, case: Case) -> Decision:
        said = {name: getattr(command, source) for name, source in fields.items()}
        day = next(name for name in event.__struct_fields__ if name.endswith("_on"))
        kept = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        return decision(event(**{day: command.on}, **kept), findings=case.check(**said))

    decided.register(command, decide_plainly)
