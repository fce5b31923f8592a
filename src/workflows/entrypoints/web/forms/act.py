"""One act being filled in, checked and recorded: of one person, or of somebody new to a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.commands import commands
from workflows.application.recording import Outcome, Request
from workflows.domain.act import Command
from workflows.entrypoints.preview import previewed
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.checking import Checked, Flaw, checked
from workflows.entrypoints.web.forms.fields import HAND_WRITTEN, ON, OTHER, STEP, Field, fields_of
from workflows.entrypoints.web.forms.filling import Filled, Lists, fill
from workflows.entrypoints.web.forms.guard import actor_of
from workflows.entrypoints.web.forms.people import Candidates, candidates
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.matters import step_title
from workflows.kernel.errors import WrongUsage
from workflows.policies.rule import Rule

AS_HISTORY, WHY, UNIT = "as_history", "why", "unit"
LONGEST_REASON = 500
ASKED_OF_THE_NEW = frozenset({"name", "born_on"})
"""What must be told of somebody new: by it they are known again, so that nobody is put down twice."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as a page shows it: what was filled in, what is wrong, what can be chosen.

    ``inner`` are its rows, ``roll`` is the roster where it is one of attendance.
    """

    field: Field
    texts: Sequence[str]
    other: str
    wrong: str
    candidates: Candidates
    choices: Sequence[tuple[str, str]]
    inner: Sequence[Sequence[Shown]] = ()
    roll: Any = None

    @property
    def is_said(self) -> bool:
        """Say whether anything was filled in, or is wrong, here or in a row."""
        if self.wrong or any(one.is_said for row in self.inner for one in row):
            return True
        return bool(self.other) or any(text not in ("", self.field.default) for text in self.texts)

    @property
    def text(self) -> str:
        """Return the only text filled in."""
        return self.texts[0] if self.texts else ""


class Act:
    """What one form is about, and what was posted with it (None where it is empty)."""

    here = "/pipeline"
    of_case = False

    def __init__(
        self, ask: Ask, command: str, *, person_id: UUID | None, name: str = "", posted: Posted | None = None
    ) -> None:
        self.ask, self.command, self.person_id = ask, command, person_id
        self.name, self.posted = name, posted
        self.backing: Any = ask.app

    @property
    def is_new(self) -> bool:
        """Say whether it is about somebody not on the books yet."""
        return self.person_id is None

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Return the pages above, each with its name."""
        above = [(self.here, "发展党员")]
        return above if self.is_new else [*above, (f"/people/{self.person_id}", self.name)]

    @property
    def away(self) -> str:
        """Return where one goes who does not go on."""
        return self.here if self.is_new else f"/people/{self.person_id}"

    def done_path(self, outcome: Outcome) -> str:
        """Return where it is told what was recorded."""
        path = f"/people/{outcome.stream_id}"
        return f"{path}/steps/{self.command}/done?event={outcome.position}" if outcome.position else path

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields of the form; of somebody new the unit first."""
        found = fields_of(self.command)
        if not self.is_new:
            return found
        units = tuple((str(entry.id), entry.name) for entry in self.ask.desk.units)
        asked = tuple(
            msgspec.structs.replace(one, required=True) if one.name in ASKED_OF_THE_NEW else one
            for one in found
        )
        return (Field(UNIT, "所在党支部", "choice", required=True, choices=units, is_long=True), *asked)

    @cached_property
    def day(self) -> date:
        """Return the day the lists are of: the one filled in where it is one, else today."""
        try:
            return date.fromisoformat(self.posted.one(ON)) if self.posted else self.ask.horizon.today
        except ValueError:
            return self.ask.horizon.today

    @cached_property
    def unit_id(self) -> UUID | None:
        """Return the unit that acts, on the day of the act."""
        if self.person_id is None:
            return None
        with self.backing.answering.opened() as opened:
            person = opened.books.person(self.person_id)
            unit: UUID | None = person.unit_on(self.day) or person.unit_id
            return unit

    @cached_property
    def title(self) -> str:
        """Return what is done, as everywhere else."""
        return step_title(self.ask.desk, self.command, self.unit_id)

    def concerns(self, rule: Rule) -> bool:
        """Say whether a rule of the command is to be told beside the form."""
        return True

    # --- what can be chosen ---------------------------------------------------------------------------------

    @cached_property
    def people(self) -> Mapping[str, Candidates]:
        """Return who can be chosen on the day, by field."""
        without = [self.person_id] if self.person_id else []
        return {
            one.name: candidates(self.backing, self.command, one, self.unit_id, self.day, without)
            for one in self.fields
            if one.kind in ("people", "person")
        }

    @cached_property
    def steps(self) -> Mapping[str, str]:
        """Return the steps of local packs: those without a command of their own."""
        with self.backing.answering.opened() as opened:
            rules = opened.books.rules_for(self.unit_id, self.day)
        return {step.id: step.title for step in rules.steps(self.day) if step.id not in commands()}

    @cached_property
    def lists(self) -> Lists:
        """Return everything that can be chosen."""
        units = {str(e.id): e.name for e in self.ask.desk.units if e.id != self.unit_id}
        return Lists({name: found.names for name, found in self.people.items()}, units, self.steps)

    # --- what was filled in ---------------------------------------------------------------------------------

    @cached_property
    def filled(self) -> Filled:
        """Return what was filled in."""
        return fill(self.fields, self.posted or Posted([]), self.lists)

    @property
    def is_history(self) -> bool:
        """Say whether it is entered late as something that happened (补录)."""
        return bool(self.posted and self.posted.one(AS_HISTORY))

    @property
    def reason(self) -> str:
        """Return the reason given."""
        return (self.posted.one(WHY) if self.posted else "") or self.said_why

    @property
    def said_why(self) -> str:
        """Return the reason that stands in a field of the act itself, so that it is asked for once."""
        return ""

    def request(self) -> Request | None:
        """Return the request filled in, None where something is wrong (told by ``filled.wrong``)."""
        filled = self.filled
        if self.is_history and not self.reason:
            filled.wrong[WHY] = "补录要写理由"
        if len(self.reason) > LONGEST_REASON:
            filled.wrong[WHY] = f"不能多于 {LONGEST_REASON} 个字"
        unit = filled.values.pop(UNIT, None) if self.is_new else None
        told = filled.roughly(self.command, latest=self.ask.horizon.today, of_case=self.of_case)
        if told is None or self.posted is None:
            return None
        command = told.command
        return Request(
            command=command,
            approx=told.approx,
            actor=actor_of(self.ask.request),
            origin="web",
            person_id=self.person_id,
            unit_id=UUID(unit) if unit else None,
            named_unit_id=self._named(command),
            as_history=self.is_history,
            reason=self.reason or None,
            command_id=self.posted.command_id,
        )

    def _named(self, command: Command) -> UUID | None:
        return UUID(command.unit_named) if command.unit_named else None

    def check(self, request: Request) -> Checked | None:
        """Return what the rules say of a request, None where it makes no sense (told by ``filled.wrong``).

        Raises:
            Conflict: the form was recorded before with other contents.
        """
        try:
            outcome, changes = previewed(self.backing, request)
        except WrongUsage as problem:
            self.filled.refuse(problem)
            return None
        desk = self.ask.desk
        names = [one.name for one in self.fields]
        return checked(outcome, request.command, names, desk.name_of, self.who(), desk.head, changes)

    def who(self) -> str:
        """Return whose act it is."""
        return self.name or (self.filled.told.get("name") or "")

    def flaws(self) -> list[Flaw]:
        """Return what is wrong with the form itself, in the order of the fields."""
        wrong = self.filled.wrong
        order = [one.name for one in self.fields]
        places = sorted(wrong, key=lambda name: order.index(name) if name in order else len(order))
        return [Flaw(name, wrong[name]) for name in places]

    # --- what is shown --------------------------------------------------------------------------------------

    def shown(self, flaws: Sequence[Flaw] = ()) -> list[Shown]:
        """Return the fields as the page shows them, each with what is wrong at it."""
        at = {flaw.field: flaw.text for flaw in reversed(flaws)}
        return [self._shown(one, at.get(one.name, "")) for one in self.fields]

    def _shown(self, one: Field, wrong: str) -> Shown:
        texts = self.posted.texts.get(one.name, []) if self.posted else [self._first(one)]
        by_hand = one.kind in HAND_WRITTEN or one.rough or one.kind == "counted"
        other = self.posted.one(one.name + OTHER) if self.posted and by_hand else ""
        choices: Sequence[tuple[str, str]] = one.choices
        if one.kind == "unit":
            choices = tuple(self.lists.units.items())
        if one.kind == STEP:
            choices = tuple(self.steps.items())
        return Shown(one, texts, other, wrong, self.candidates_of(one), choices)

    def candidates_of(self, one: Field) -> Candidates:
        """Return who can be chosen in a field; nobody in one that asks for no people."""
        return self.people.get(one.name, Candidates())

    def _first(self, one: Field) -> str:
        """Return what stands in an empty form: today, the usual choice, or what the address names."""
        if one.name == ON:
            return str(self.ask.horizon.today)
        if one.name in (STEP, UNIT):
            told = self.ask.text(one.name)
            known = self.steps if one.name == STEP else self.ask.desk.unit_by_id
            return told if told in known else one.default
        if one.kind == "person" and (told := self.ask.text(one.name)) in self.people[one.name].names:
            return told
        return one.default

    def answers(self) -> list[tuple[Field, str]]:
        """Return what was filled in, in words: what was left empty too, so that it is seen."""
        told = self.filled.told
        return [(one, told.get(one.name, "")) for one in self.fields if one.name in told or not one.default]
