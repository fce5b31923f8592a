"""One act of a unit being filled in: any command of a unit by its fields, with the people of its roster."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

from msgspec.structs import replace

from workflows.application.ports import UnitEntry
from workflows.application.recording import Outcome, Request
from workflows.domain.act import Command, Who
from workflows.domain.unit.election_commands import ApproveElection
from workflows.domain.unit.structure_commands import MergeUnits
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.forms.act import Act, Shown
from workflows.entrypoints.web.forms.checking import Flaw
from workflows.entrypoints.web.forms.fields import ON, Field
from workflows.entrypoints.web.forms.filling import Filled, Lists
from workflows.entrypoints.web.forms.people import Candidates, candidates, officers_first, only
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.remembered import Told, asked_for, of_an_election
from workflows.entrypoints.web.forms.rows import NESTED, fill_all, flat, rows_of
from workflows.entrypoints.web.forms.unit_fields import FIRST_ROWS, unit_fields
from workflows.entrypoints.web.words import word
from workflows.policies.rule import Rule

BRANCHES = frozenset({"branch", "general_branch"})
_OF_PEOPLE = frozenset({"people", "person"})


class UnitAct(Act):
    """An act of a unit: the same framework as that of a person, over the fields of a unit's command."""

    here = "/units"

    def __init__(self, ask: Ask, command: str, entry: UnitEntry, posted: Posted | None = None) -> None:
        super().__init__(ask, command, person_id=None, name=entry.name, posted=posted)
        self.entry = entry

    @property
    def is_new(self) -> bool:
        """Say that it is never about somebody new."""
        return False

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Return the unit, and what can be done there."""
        return [(f"/units/{self.entry.id}", self.entry.name), (f"/units/{self.entry.id}/acts", "登记")]

    @property
    def away(self) -> str:
        """Return the home of the unit."""
        return f"/units/{self.entry.id}"

    def done_path(self, outcome: Outcome) -> str:
        """Return where it is told what was recorded."""
        path = f"/units/{self.entry.id}"
        return f"{path}/acts/{self.command}/done?event={outcome.position}" if outcome.position else path

    @cached_property
    def day(self) -> date:
        """Return the day the lists are of: the one filled in, or of a new form the one the address names."""
        return self.day_told() or self.ask.horizon.today

    def day_told(self) -> date | None:
        """Return the day filled in or named by the address, None where there is none."""
        try:
            return date.fromisoformat(self.posted.one(ON) if self.posted else self.ask.text(ON))
        except ValueError:
            return None

    @cached_property
    def unit_id(self) -> UUID:
        """Return the unit."""
        return self.entry.id

    @cached_property
    def title(self) -> str:
        """Return what is done."""
        return word("command", self.command)

    def concerns(self, rule: Rule) -> bool:
        """Say whether a rule is told beside the form: one that is for this kind of unit."""
        return rule.applies_to.is_for(self.entry.kind)

    # --- fields and lists -----------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields."""
        return self.all_fields()

    def all_fields(self) -> tuple[Field, ...]:
        """Return the fields of the command; what names a unit lists those that are there on the day."""
        there = [one for one in self.ask.desk.units if one.exists_on(self.day) and one.id != self.unit_id]
        if self.command == MergeUnits.verb():  # what is put together is of one level: branches with a branch
            there = [one for one in there if self._level_of(one) == self._level_of(self.entry)]
        units = tuple((str(one.id), one.named_on(self.day)) for one in there)
        own = ((str(self.unit_id), self.entry.named_on(self.day)),)
        found = []
        for one in unit_fields(self.command):
            listed = (*own, *units) if one.name == "superior" else units
            if one.name == "branch":  # of a branch below: no committee is one
                branches = [entry for entry in there if self._level_of(entry) in BRANCHES]
                listed = tuple((str(entry.id), entry.named_on(self.day)) for entry in branches)
            if one.kind == "choice" and not one.required:
                listed = (("", "不填"), *listed)  # nobody is named by a list that was left alone
            is_a_unit = one.is_long and not one.choices and one.kind in ("choice", "several")
            found.append(replace(one, choices=listed) if is_a_unit else one)
        return tuple(found)

    def _level_of(self, entry: UnitEntry) -> str:
        told = entry.dated.on(self.day)
        return told.level if told is not None else entry.level

    @cached_property
    def flat_fields(self) -> tuple[Field, ...]:
        """Return the fields that hold one thing, those of each row too."""
        return tuple(flat(self.fields, self.posted))

    @cached_property
    def everybody(self) -> Candidates:
        """Return the members of the unit on the day."""
        someone = Field("person", "", "person")
        found = candidates(self.backing, self.command, someone, self.unit_id, self.day, ())
        return officers_first(self.backing, found, self.unit_id, self.day)

    @cached_property
    def people(self) -> Mapping[str, Candidates]:
        """Return who can be chosen on the day, by field: the members; struck is one of those asked for."""
        found = {one.name: self.everybody for one in self.flat_fields if one.kind in _OF_PEOPLE}
        if self.command == ApproveElection.verb():
            with self.backing.answering.opened() as opened:
                asked = asked_for(opened.books.unit_state(self.unit_id).at(self.day))
            if asked:
                found["struck"] = only(self.everybody, asked)
        return found

    @cached_property
    def lists(self) -> Lists:
        """Return everything that can be chosen."""
        return Lists({name: found.names for name, found in self.people.items()})

    @cached_property
    def filled(self) -> Filled:
        """Return what was filled in, rows too."""
        return fill_all(self.fields, self.posted or Posted([]), self.lists)

    def request(self) -> Request | None:
        """Return the request filled in, None where something is wrong."""
        request = super().request()
        return None if request is None else replace(request, unit_id=self.unit_id)

    def _named(self, command: Command) -> UUID | None:
        try:
            return UUID(command.unit_named or "")
        except ValueError:
            return None

    # --- what is shown --------------------------------------------------------------------------------------

    def shown(self, flaws: Sequence[Flaw] = ()) -> list[Shown]:
        """Return the fields as the page shows them, rows by row."""
        at = {flaw.field: flaw.text for flaw in reversed(flaws)}
        return [self.shown_one(one, at) for one in self.fields]

    def shown_one(self, one: Field, at: Mapping[str, str]) -> Shown:
        """Return one field, what it holds, and what is wrong at it."""
        shown = self._shown(one, at.get(one.name, ""))
        if one.kind not in NESTED:
            return shown
        kept = {name.split(".")[1] for name in self.remembered if name.startswith(f"{one.name}.")}
        least = max(FIRST_ROWS.get((self.command, one.name), 1), len(kept))
        more = 1 if self.posted and self.posted.do == f"add:{one.name}" else 0
        said = len(rows_of(one, self.posted, 0 if self.posted else least))
        rows = rows_of(one, self.posted, max(said + more, 1))
        return _with_rows(shown, [[self.shown_one(part, at) for part in row] for row in rows])

    @cached_property
    def remembered(self) -> Mapping[str, Told]:
        """Return what the books know already of what a new form asks for."""
        if self.posted is not None:
            return {}
        with self.backing.answering.opened() as opened:
            return of_an_election(opened.books.unit_state(self.unit_id).at(self.day), self.command)

    def candidates_of(self, one: Field) -> Candidates:
        """Return the members of the unit, in a row that nobody has filled in yet too."""
        if one.kind not in _OF_PEOPLE:
            return Candidates()
        return self.people.get(one.name, self.everybody)

    def _shown(self, one: Field, wrong: str) -> Shown:
        """Return a field with what is remembered: somebody chosen, units or people ticked."""
        shown, kept = super()._shown(one, wrong), self.remembered.get(one.name)
        if kept is None or isinstance(kept, str) or self.ask.text(one.name):
            return shown
        told = [kept] if isinstance(kept, Who) else list(kept)
        people = [who for who in told if isinstance(who, Who)]
        if not people:
            return dataclasses.replace(shown, texts=[str(one) for one in told])
        known = self.candidates_of(one).names
        texts = [str(who.person) for who in people if str(who.person) in known]
        others = [self._called(who) for who in people if str(who.person) not in known]
        return dataclasses.replace(shown, texts=texts, other="、".join(filter(None, others)))

    def _called(self, who: Who) -> str:
        """Return the name of somebody, "" where it was deleted."""
        with self.backing.answering.opened() as opened:
            return str(opened.naming.who(who) or "")

    def _first(self, one: Field) -> str:
        """Return what stands in an empty form: what the address names, what is remembered, today."""
        told: str = self.ask.text(one.name)
        kept = self.remembered.get(one.name)
        if isinstance(kept, str) and not told:
            return kept
        if told and one.kind in ("day", "choice", "text", "number"):
            known = one.kind != "choice" or told in dict(one.choices)
            return told if known else one.default
        if one.name == "superior" and self.command == "establish_unit":
            return str(self.unit_id)
        return str(self.ask.horizon.today) if one.name == ON else one.default

    def answers(self) -> list[tuple[Field, str]]:
        """Return what was filled in, in words; of the many fields of a unit only what says something."""
        told = self.filled.told
        return [(one, told[one.name]) for one in self.fields if told.get(one.name)]


def _with_rows(shown: Shown, rows: Sequence[Sequence[Shown]]) -> Shown:
    return dataclasses.replace(shown, inner=rows)
