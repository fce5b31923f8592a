"""One command at one person: what a decision may look at, and where the decisions are registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import Command, Decision, Who, about_these, decision, of_stage
from workflows.domain.facts import Facts, Roster
from workflows.domain.person.book import book_of, facts_of
from workflows.domain.person.state import Person
from workflows.domain.stages import Stage, after, stages_of
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.events import Event
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

OWN = ("person", "unit")
"""What rules are about that are asked at an act of a person."""


class Case:
    """One command at one person: everything a decision may look at.

    ``person`` is as of the day of the act. ``complete``: what is not said is missing; not so in old
    workbooks. ``named_unit``: another unit that the command speaks of. ``approx``: days of the command that
    are known only roughly, by field; its own day among them is then the latest possible.
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
        approx: Mapping[str, ApproximateDay] | None = None,
    ) -> None:
        self.command, self.person, self.rules, self.facts = command, person.at(command.on), rules, facts
        self._whole, self.approx = person, approx or {}
        self.unit_id = unit_id or self.person.unit_id or person.unit_id
        self.complete, self.named_unit = complete, named_unit

    def check(self, **said: Any) -> tuple[Finding, ...]:
        """Return the findings of the stage machine and of every rule, with what the command says as facts."""
        return self.check_at((self.command.verb(),), said)

    def check_at(self, acts: Sequence[str], said: Mapping[str, Any]) -> tuple[Finding, ...]:
        """Return the same of what hangs on several acts: the command, and a step of a pack that it is."""
        book = book_of(self.person, self.rules, self.facts, self.command.on, complete=self.complete)
        book = book.extended(self._perhaps(book))
        if self.person.unit_id is None and self.unit_id is not None:
            unit = self.facts.unit(self.unit_id, self.command.on)
            if unit is not None:
                said = {**said, "unit_kind": unit.kind, "unit_level": unit.level}
        more = {
            name: Fact(value, approx=self._roughly(name)) for name, value in said.items() if value is not None
        }
        known, on = book.extended(more), self.approx.get("on") or self.command.on
        found = [
            each
            for act in acts
            for each in about_these(self.rules.check(act, on=on, book=known), self.rules, act, OWN)
        ]
        return (*self._on_books(), *self._stage(), *found)

    def _roughly(self, name: str) -> ApproximateDay | None:
        """Return what is known of a day the command speaks of; of the birth day, what the papers said."""
        if name == "born_on" and getattr(self.command, name, None) is None:
            return self.person.profile.born_approx
        return self.approx.get(name)

    def _perhaps(self, book: FactBook) -> Mapping[str, Fact]:
        """Return the days of acts that may lie before the day of this one, if their own day is rough.

        They are surely there only from their latest day on: until then a rule that needs them cannot tell.
        """
        on = self.command.on
        if all(act.first_on > on or act.on <= on for act in self._whole.acts):
            return {}
        told = facts_of(self._whole.possibly_at(on), self.rules, None, on)
        return {n: fact for n, fact in told.items() if fact.approx is not None and book.value(n) is None}

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
        perhaps = any(after(stage, move) is not None for stage in self._possible_stages())
        if not self.complete and self.person.stage is not Stage.NOBODY:
            return ()
        if not self.complete and not self.person.course_known:
            return ()
        step = next((s for s in self.rules.steps(self.command.on) if s.id == name), None)
        found = of_stage(
            step.rule if step else "dev-stage",
            step.title if step else "",
            stage=self.person.stage.value,
            belongs_to=[stage.value for stage in stages_of(move)],
        )
        return (replace(found, verdict=Verdict.INCOMPLETE, missing=("order",)) if perhaps else found,)

    def _possible_stages(self) -> set[Stage]:
        """Return the other stages at which someone may have stood, where days are known only roughly."""
        on, rough = self.command.on, self.approx.get("on")
        found = {entry.stage for entry in self._whole.stages if entry.approx and entry.first_on <= on}
        if rough is not None:
            first = self._whole.stage_on(rough.first)
            found |= {first, *(e.stage for e in self._whole.stages if rough.first <= e.on <= on)}
        return found

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
        kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
        kept[day] = command.on
        return decision(event(**kept), findings=case.check(**said))

    decided.register(command, decide_plainly)
