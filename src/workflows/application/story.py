"""剧本: a story played over an empty log: its steps, what each came to, its questions.

The format is the contract of the sandbox: see docs/guide/sandbox.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.recording import Outcome, Recording, Request
from workflows.application.rough_days import Told, told
from workflows.application.story_tables import (
    LONG_AGO,
    PersonTable,
    StepTable,
    Story,
    UnitTable,
    as_told,
    read_story,
)
from workflows.application.tree import named
from workflows.domain.case_acts import FileCommand
from workflows.domain.person import commands as person_commands
from workflows.domain.person.member_commands import MergePersons, TransferPerson
from workflows.domain.unit import commands as unit_commands
from workflows.kernel.clock import LAST_DAY, FixedClock, moment_of, today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived

__all__ = ["Played", "Player", "Story", "names_in", "read_story"]


class Played(msgspec.Struct, frozen=True):
    """A step played: its number in the file, what it came to."""

    step: int
    do: str
    outcome: Outcome


class Player:
    """Plays the steps of a story, in the order in which they were recorded."""

    def __init__(self, story: Story, recording: Recording, clock: FixedClock) -> None:
        self.story, self.recording, self.clock = story, recording, clock
        self.amending = Amending(recording)
        self.units: dict[str, UUID] = {}
        self._homes: dict[str, str] = {}
        self.files: dict[tuple[str, str], UUID] = {}

    def play(self) -> list[Played]:
        """Return every step with what it came to, in the order of the file."""
        if not self.story.all_units:
            raise WrongUsage("story-without-unit")
        self._set_up()
        order = sorted(
            range(len(self.story.steps)),
            key=lambda i: (self.story.steps[i].played_on, i),
        )
        played: dict[int, Played] = {}
        for count, index in enumerate(order):
            step = self.story.steps[index]
            self.clock.put(moment_of(step.played_on) + timedelta(milliseconds=count))
            played[index] = Played(index + 1, step.do, self._step(index + 1, step, played))
        return [played[index] for index in range(len(self.story.steps))]

    # --- before the story -------------------------------------------------------------------------------

    def _set_up(self) -> None:
        days = [unit.established_on for unit in self.story.all_units]
        days += [step.played_on for step in self.story.steps]
        self.clock.put(moment_of(min(days)))
        for unit in self.story.all_units:
            self.units[unit.name] = self._establish(unit)
        named = self._named_in_passing()
        for name, table in self.story.people.items():
            self._homes[name] = table.unit or self.story.all_units[0].name
            self._open(name, table)
        for name, unit_name in named.items():
            self._homes[name] = unit_name
            self._register(name, self._unit(unit_name), full_since=self._before(self._unit(unit_name)))
        for unit in self.story.all_units:
            self._fill_up(unit, named)

    def _unit(self, name: str) -> UnitTable:
        return next(unit for unit in self.story.all_units if unit.name == name)

    @staticmethod
    def _before(unit: UnitTable) -> date:
        return min(unit.established_on, LONG_AGO)

    def _establish(self, unit: UnitTable) -> UUID:
        fields = {"name": unit.name, "kind": unit.kind, "level": unit.level, "superior": unit.superior}
        command = commands.parse(
            "establish_unit", {**fields, "roster_known": unit.full_members is not None}, unit.established_on
        )
        superior = self.units.get(unit.superior) if unit.superior else None
        outcome = self._record(command, as_history=True, named_unit_id=superior)
        if outcome.stream_id is None:
            raise WrongUsage("unit-exists", unit=unit.name)
        return outcome.stream_id

    def _open(self, name: str, table: PersonTable) -> None:
        """Put someone on the books at the stage told; without one nobody is there yet."""
        unit = self._unit(self._homes[name])
        since = as_told(table.since) or self._before(unit)
        born = as_told(table.born_on)
        match table.stage:
            case None:
                return
            case "full":
                self._register(name, unit, full_since=since, born_on=born)
            case "probationary":
                self._register(name, unit, admitted_on=since, born_on=born)
            case "applicant" | "activist" | "target_agreed" | "target":
                fields = {"name": name, "born_on": born, "stage": table.stage}
                taken = self._told("take_over_course", fields, since)
                self._record(taken, as_history=True, person=name, unit=unit.name)
            case _:
                raise WrongUsage("story-stage", person=name, stage=table.stage)
        if table.rights_barred:
            self._record(self._told("bar_rights", {}, since), as_history=True, person=name)

    def _register(self, name: str, unit: UnitTable, **facts: date | str | None) -> None:
        told = self._told("register_member", {"name": name, **facts}, None)
        self._record(told, as_history=True, person=name, unit=unit.name)

    def _told(self, name: str, fields: Mapping[str, Any], on: date | str | None) -> Told:
        """Return a command of the time before the story; what is unknown lay behind when it begins."""
        found = told(name, fields, on, latest=LAST_DAY)
        if any(day.last == LAST_DAY for day in found.approx.values()):
            return told(name, fields, on, latest=today(self.clock))
        return found

    def _fill_up(self, unit: UnitTable, named: Mapping[str, str]) -> None:
        """Add the members nobody names, so that the counts told are the roster of the unit's first day."""
        here = [name for name, home in self._homes.items() if home == unit.name]
        told = self.story.people
        full = sum(name in named or told[name].stage == "full" for name in here)
        probationary = sum(name in told and told[name].stage == "probationary" for name in here)
        for number in range(full, unit.full_members or 0):
            self._register(f"{unit.name}正式党员{number + 1}", unit, full_since=self._before(unit))
        for number in range(probationary, unit.probationary_members or 0):
            self._register(f"{unit.name}预备党员{number + 1}", unit, admitted_on=unit.established_on)

    def _named_in_passing(self) -> dict[str, str]:
        """Return the unit of everybody named only inside ``with``: full members since before the story."""
        own = {step.person for step in self.story.steps} | set(self.story.people)
        found: dict[str, str] = {}
        opened: dict[str | None, str] = {}
        for step in self.story.steps:
            unit = step.unit or opened.get(step.subject) or self.story.all_units[0].name
            if step.subject is not None:
                opened.setdefault(step.subject, unit)
            fields = step.fields
            if step.do == "correct":
                fields = {str(fields.get("field")): fields.get("value")}
            for name in names_in(fields):
                if name not in own:
                    found.setdefault(name, unit)
        return found

    def _file_id(self, command: Any, subject: str | None) -> UUID | None:
        """Return the case a step means: by its subject, else the one of its kind opened last."""
        opened = {name: kind for kind, name in self.files}
        if isinstance(command, FileCommand):
            kind = command.aggregate
            subject = subject or next((s for k, s in reversed(self.files) if k == kind), None)
        else:
            kind = opened.get(subject or "", "")
        opens = isinstance(command, FileCommand) and command.opens
        if subject is not None and not opens and (kind, subject) not in self.files:
            with self.recording.log.read() as reading:
                listed = [entry for entry in reading.directory.files() if entry.subject == subject]
            caused = next((entry.id for entry in listed if kind in ("", entry.kind)), None)
            if caused is not None:
                return caused
        if subject is None or not kind:
            return None
        found = derived("story", self.story.title, kind, subject)
        if opens:
            self.files[kind, subject] = found
        return found

    # --- the story --------------------------------------------------------------------------------------

    def person_id(self, name: str) -> UUID:
        """Return the stream of someone of the story."""
        return derived("story", self.story.title, name)

    def _step(self, number: int, step: StepTable, played: Mapping[int, Played]) -> Outcome:
        if step.do in commands.AMENDMENTS:
            return self._amend(number, step, played)
        fields = dict(step.fields)
        if step.person is not None:
            known = self.story.people.get(step.person)
            kind = commands.commands().get(step.do)
            if kind is not None and issubclass(kind, person_commands.Personal):
                fields.setdefault("name", step.person)
                if known is not None and known.born_on is not None:
                    fields.setdefault("born_on", as_told(known.born_on))
            if kind is not None and kind.aggregate == "unit" and "person" in kind.__struct_fields__:
                fields.setdefault("person", step.person)
        if step.do == MergePersons.verb():
            step, fields = self._merger(step, fields)
        on, of_case = as_told(step.on), step.subject is not None
        command, approx = told(step.do, fields, on, latest=today(self.clock), of_case=of_case)
        if isinstance(command, TransferPerson) and self._unit_id(command.to_unit, command.on) is None:
            command = replace(command, outside=True)
        other = command.unit_named
        outcome = self._record(
            Told(command, approx),
            person=step.person,
            unit=step.unit,
            as_history=step.as_history,
            reason=step.reason,
            named_unit_id=self._unit_id(other, command.on) if other else None,
            subject=step.subject,
        )
        if isinstance(command, unit_commands.EstablishUnit) and outcome.stream_id and not outcome.refused:
            self.units[command.name] = outcome.stream_id
        return outcome

    def _merger(self, step: StepTable, fields: dict[str, Any]) -> tuple[StepTable, dict[str, Any]]:
        """Return a merger with the people of the story for the names: ``keep`` may stand for the person."""
        keep, other = fields.pop("keep", None), fields.get("other")
        if isinstance(other, str):
            fields["other"] = str(self.person_id(other))
        return replace(step, person=step.person or keep), fields

    def _unit_id(self, name: str, on: date) -> UUID | None:
        """Return the unit of a name: one that the story lists, or that came to have it on the way."""
        if name in self.units:
            return self.units[name]
        with self.recording.log.read() as reading:
            found = named(reading.directory.units(), name, on)
        return found[0].id if len(found) == 1 else None

    def _amend(self, number: int, step: StepTable, played: Mapping[int, Played]) -> Outcome:
        told = step.fields.get("event")
        target = played.get(told - 1) if isinstance(told, int) else None
        if target is None or not target.outcome.event_ids:
            raise WrongUsage("story-amends", step=number, event=told)
        if step.do == "correct" and "field" not in step.fields:
            raise WrongUsage(
                "command-field", command=step.do, detail="field", fields=commands.AMENDMENTS[step.do]
            )
        value = step.fields.get("value")
        return self.amending.amend(
            Amendment(
                event=target.outcome.event_ids[0],
                actor="story",
                origin="sandbox",
                reason=step.fields.get("reason") or step.reason or step.do,
                field=step.fields.get("field") if step.do == "correct" else None,
                value=value.isoformat() if isinstance(value, date) else value,
                evidence=step.fields.get("evidence"),
                on=step.day,
            )
        )

    def _record(
        self,
        told: Any,
        *,
        person: str | None = None,
        unit: str | None = None,
        as_history: bool = False,
        reason: str | None = None,
        named_unit_id: UUID | None = None,
        subject: str | None = None,
    ) -> Outcome:
        command, approx = told if isinstance(told, Told) else (told, {})
        unit_id = self._unit_id(unit, command.on) if unit else None
        case = isinstance(command, FileCommand)
        of_unit = case or command.aggregate == "unit" or (command.aggregate == "any" and person is None)
        if unit_id is None and (of_unit or isinstance(command, person_commands.Personal)):
            home = self._homes.get(person or "", self.story.all_units[0].name)
            unit_id = self.units.get(home)
        if command.aggregate == "person" and person is None:
            raise WrongUsage("person-wanted", command=command.verb())
        return self.recording.record(
            Request(
                command=command,
                approx=approx,
                actor="story",
                origin="sandbox",
                person_id=self.person_id(person) if person and command.aggregate != "unit" else None,
                unit_id=unit_id,
                named_unit_id=named_unit_id,
                file_id=self._file_id(command, subject),
                subject=subject,
                as_history=as_history,
                reason=reason or ("story" if as_history else None),
            )
        )


_LISTS_OF_NAMES = (
    "persons",
    "inspectors",
    "attending",
    "nominees",
    "recommended_names",
    "participants",
    "tellers",
)
_NAMES = ("by", "owner", "leader", "chair", "lecturer", "person", "keep", "other")
_TABLES_OF_NAMES = ("exempt", "leave", "candidates", "excluded")


def names_in(fields: Mapping[str, Any]) -> list[str]:
    """Return the names of people a step mentions inside ``with``, in the order of mention."""
    found: list[str] = []
    for key in _NAMES:
        if isinstance(fields.get(key), str):
            found.append(fields[key])
    for key in _LISTS_OF_NAMES:
        if isinstance(fields.get(key), list):
            found += [name for name in fields[key] if isinstance(name, str)]
    for key in _TABLES_OF_NAMES:
        tables = fields.get(key)
        if isinstance(tables, list):
            found += [table["person"] for table in tables if isinstance(table, dict) and "person" in table]
    tasks = [said.get("task") for said in fields.get("resolutions") or () if isinstance(said, dict)]
    found += [task["owner"] for task in tasks if isinstance(task, dict) and "owner" in task]
    posts = fields.get("posts")
    if isinstance(posts, dict):
        found += list(posts)
    return list(dict.fromkeys(found))
