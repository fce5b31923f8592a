"""The books open at a horizon of knowledge: states folded on demand, and what one may learn of others."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from workflows.application.folded import Folded
from workflows.application.folding import state_of as state_of
from workflows.application.memberships import Memberships, known_of, left_of, moves_members, newest_of
from workflows.application.ports import FileEntry, Reading, UnitEntry
from workflows.application.states import State as State
from workflows.application.states import States as States
from workflows.application.tree import in_tree_order, is_county, keeper_on, units_below
from workflows.domain.act import Who
from workflows.domain.case_files import CaseFile
from workflows.domain.case_files import evolve as evolve_file
from workflows.domain.facts import Member, Roster, UnitFacts
from workflows.domain.papers import PaperAttached
from workflows.domain.person.member_events import DuesRecorded, PersonsMerged
from workflows.domain.person.state import evolve as evolve_person
from workflows.domain.stages import Stage
from workflows.domain.unit.absence import months_absent
from workflows.domain.unit.events import UnitEstablished
from workflows.domain.unit.identity import Dated, UnitIdentity
from workflows.domain.unit.life import parts_of
from workflows.domain.unit.posts import Holding, held_on, with_leavers
from workflows.domain.unit.state import Unit, secretary_of
from workflows.domain.unit.state import evolve as evolve_unit
from workflows.domain.unit.structure_events import UnitDissolved
from workflows.domain.waivers import ReliefGiven
from workflows.kernel.events import EventRetracted, FactCorrected, Known, Recorded
from workflows.policies.facts import Part
from workflows.policies.pack import Adopted, left_by, with_another, years_of
from workflows.policies.rules import Rules


@dataclass(frozen=True)
class Supposed:
    """A pack as if a unit had adopted it (everybody, for None): what a draft would come to."""

    unit_id: UUID | None
    adopted: Adopted


class Books(Folded):
    """States and facts of others, as known at ``known_on``; implements :class:`workflows.domain.facts.Facts`.

    What is read of other streams while ``rests_on`` is a set is noted there (``stream:ID``,
    ``members:UNIT``).
    """

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        *,
        known_on: Known = None,
        states: States | None = None,
        supposed: Supposed | None = None,
    ) -> None:
        super().__init__(reading, known_on, states)
        self.rules, self._supposed = rules, supposed
        self._rosters: dict[tuple[UUID, date], Roster | None] = {}
        self._spells: dict[UUID, Memberships] = {}
        self._names: dict[UUID, dict[str, list[UUID]]] = {}
        self._rules_for: dict[tuple[UUID, date], Rules] = {}
        self._held: dict[tuple[UUID, int], tuple[Holding, ...]] = {}
        self._facts: dict[tuple[UUID, date], tuple[UnitFacts | None, frozenset[str]]] = {}
        self.rests_on: set[str] | None = None

    def identity_of(self, unit_id: UUID, on: date | None = None) -> UnitIdentity | None:
        """Return what a unit is on a day, or was last; what is known now needs no fold."""
        if self.known_on is None and (entry := self.reading.directory.unit(unit_id)) is not None:
            return entry.dated.identities[-1] if on is None else entry.dated.on(on)
        unit = self.unit_state(unit_id)
        return unit.identity if on is None else unit.identity_on(on)

    def files_of(self, kind: str | None, units: Iterable[UUID]) -> list[FileEntry]:
        """Return the cases of a kind (all, for None) about any of the units, in the order of the books."""
        here = set(units)
        return [e for e in self.reading.directory.files() if e.unit_id in here and kind in (None, e.kind)]

    def caused_files(self, event_ids: Iterable[UUID], units: Iterable[UUID]) -> list[FileEntry]:
        """Return the cases about any of the units that one of the events caused, in their order."""
        begun = set(self.reading.begun_by(list(event_ids)))
        return [entry for entry in self.files_of(None, units) if entry.id in begun] if begun else []

    def rules_for(self, unit_id: UUID | None, on: date) -> Rules:
        """Return the rules of a unit as of a day: the national ones, and what it and its superiors adopted.

        What was adopted later than ``on`` is not among them; what was adopted for a later day is, from that
        day on. Where a unit and a superior adopted the same pack the superior's word holds for as long as it
        does, the unit's own before and after. Of several tables of a year's working days the highest holds.
        """
        if unit_id is None:
            return self.rules
        key = (unit_id, on)
        if key not in self._rules_for:
            line = self.line_of(unit_id, on)
            held = [self._held_by(holder, holder == line[-1], on) for holder in line]
            adopted: tuple[Adopted, ...] = ()
            for own in reversed(held):
                adopted += left_by(adopted, own)
            years = tuple(table for own in held for table in years_of(own, on))
            self._rules_for[key] = self.rules.with_adopted(adopted, years)
        return self._rules_for[key]

    def _held_by(self, holder: UUID, is_top: bool, on: date) -> tuple[Adopted, ...]:
        held = self.unit_state(holder).at(on).adopted
        supposed = self._supposed
        if supposed is not None and (is_top if supposed.unit_id is None else holder == supposed.unit_id):
            return with_another(held, supposed.adopted)
        return held

    def line_of(self, unit_id: UUID, on: date) -> list[UUID]:
        """Return a unit and its superiors of a day, itself first."""
        line: list[UUID] = []
        here: UUID | None = unit_id
        while here is not None and here not in line:
            line.append(here)
            told = self.unit_state(here).identity_on(on)
            here = told.superior if told is not None else None
        return line

    def keeper(self, unit_id: UUID, on: date) -> UUID | None:
        """Return who goes on with the open cases of a unit on a day; itself while it is there."""
        return keeper_on(unit_id, on, lambda one: self.unit_state(one).dated)

    def note(self, records: Iterable[Recorded]) -> None:
        """Bring kept states up to events just appended: folded on if in order, else refolded."""
        records = list(records)
        self._facts.clear()
        if self._note_mergers(records):
            return
        for record in self.merged.read(records):
            state = self._states.get(record.stream_id)
            is_joined = record.stream_id in self.merged.into or bool(self.merged.others(record.stream_id))
            if state is None or is_joined or not _is_in_order(state, record):
                self._states.forget([record.stream_id, self.one(record.stream_id)])
            elif isinstance(state, Unit):
                self._states.keep(record.stream_id, evolve_unit(record.event, state, record))
            elif isinstance(state, CaseFile):
                self._states.keep(record.stream_id, evolve_file(record.event, state, record))
            else:
                self._states.keep(record.stream_id, evolve_person(record.event, state, record))
            self._forget_rosters(record)

    def _note_mergers(self, records: Sequence[Recorded]) -> bool:
        """Forget all that was read where somebody turned out to be another, or turned out not to be."""
        keepers = {merge.keep for merge in self.reading.directory.merges()}
        if not any(
            r.stream_id in keepers and isinstance(r.event, PersonsMerged | EventRetracted) for r in records
        ):
            return False
        self.regroup()
        caches: tuple[dict[Any, Any], ...] = (
            self._rosters,
            self._spells,
            self._names,
            self._rules_for,
            self._held,
        )
        for known in caches:
            known.clear()
        return True

    def _forget_rosters(self, record: Recorded) -> None:
        """Forget who belonged where, unless the event is one that moves nobody; forget which rules hold."""
        topic = record.event.topic()
        if isinstance(record.event, ReliefGiven | PaperAttached):
            return
        if topic.startswith("unit.") or isinstance(record.event, FactCorrected | EventRetracted):
            self._rules_for.clear()
            self._held.clear()
        if topic.startswith("unit.") and not isinstance(record.event, UnitEstablished | UnitDissolved):
            return
        if topic.startswith("person.") and not moves_members(type(record.event)):
            return
        homes = set(self.reading.directory.units_of(self.one(record.stream_id)))
        home = getattr(record.event, "unit_id", None)
        homes |= {record.stream_id} | ({home} if home is not None else set())
        if len(homes) == 1 and not topic.startswith("unit."):
            self._rosters.clear()
            self._spells.clear()
            self._names.clear()
            return
        for unit_id in homes:
            self._names.pop(unit_id, None)
            self._spells.pop(unit_id, None)
        self._rosters = {key: roster for key, roster in self._rosters.items() if key[0] not in homes}

    def _note_reading(self, what: str) -> None:
        if self.rests_on is not None:
            self.rests_on.add(what)

    # --- facts of others --------------------------------------------------------------------------------

    def unit(self, unit_id: UUID, on: date) -> UnitFacts | None:
        """Return a unit as of ``on``, None where there is none; all its people ask for the same day."""
        key = (unit_id, on)
        if key not in self._facts:
            outer, self.rests_on = self.rests_on, set()
            try:
                told = self._unit_facts(unit_id, on)
                self._facts[key] = told, frozenset(self.rests_on)
            finally:
                self.rests_on = outer
        found, read = self._facts[key]
        if self.rests_on is not None:
            self.rests_on |= read
        return found

    def _unit_facts(self, unit_id: UUID, on: date) -> UnitFacts | None:
        self._note_reading(f"stream:{unit_id}")
        unit = self.unit_state(unit_id)
        told, named = unit.established, unit.identity_on(on)
        if told is None or named is None:
            return None
        cut = unit.at(on)
        holdings = self.holdings(cut)
        secretary = secretary_of(holdings, on)
        return UnitFacts(
            id=unit_id,
            name=named.name,
            kind=named.kind,
            level=named.level,
            established_on=told.established_on,
            books_from=unit.books_from,
            committee_size=cut.committee_size,
            secretary=secretary[0] if secretary else None,
            secretary_since=secretary[1] if secretary else None,
            committee=frozenset(h.person.person for h in held_on(holdings, on) if h.person.person),
        )

    def holdings(self, cut: Unit) -> tuple[Holding, ...]:
        """Return who held which post; the acts of a unit are read once between two that are no meetings."""
        key = (cut.id, len(cut.rare))
        if key not in self._held:
            self._held[key] = cut.holdings
        return with_leavers(self._held[key], cut.id, self)

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return the first day after ``since`` on which someone is no member of the unit, and why."""
        self._note_reading(f"members:{unit_id}")
        return left_of(self.person_state(person_id), unit_id, since)

    def roster(self, unit_id: UUID, on: date) -> Roster | None:
        """Return who belonged to the unit on ``on``; None before its books, or if the roster is unknown."""
        self._note_reading(f"members:{unit_id}")
        self._note_reading(f"stream:{unit_id}")
        key = (unit_id, on)
        if key not in self._rosters:
            self._rosters[key] = self._count(unit_id, on)
        return self._rosters[key]

    def members_below(self, unit_id: UUID, on: date) -> int | None:
        """Return how many members a unit and all below have on a day; None where a branch has no roster."""
        found: int | None = None
        for one in self.below(unit_id, on):
            unit, roster = self.unit_state(one), self.roster(one, on)
            told = unit.identity_on(on)
            if roster is not None:
                found = (found or 0) + roster.members
            elif told is not None and told.level == "branch" and unit.exists_on(on):
                return None
        return found

    def has_roster(self, unit_id: UUID, on: date) -> bool:
        """Say whether the books tell who belonged to a unit on a day: who its people are is not read."""
        unit = self.unit_state(unit_id)
        told, begin = unit.established, unit.books_from
        if told is None or not told.roster_known or begin is None or on < begin:
            return False
        return unit.dissolved_on is None or on < unit.dissolved_on

    def _count(self, unit_id: UUID, on: date) -> Roster | None:
        if not self.has_roster(unit_id, on):
            return None
        if unit_id not in self._spells:
            people = map(self.person_state, self.reading.directory.people_of(unit_id))
            self._spells[unit_id] = Memberships(people, unit_id)
        return self._spells[unit_id].on(on)

    def branches(self, unit_id: UUID) -> Sequence[Part]:
        """Return the branches below a unit, each with the days between which it was there."""
        self._note_reading(f"below:{unit_id}")
        below = self.below(unit_id)
        parts: list[Part] = []
        for one in below[1:]:
            self._note_reading(f"stream:{one}")
            parts += parts_of(self.unit_state(one), frozenset(below))
        return sorted(parts, key=lambda part: (part.since, part.name))

    def member(self, who: Who, on: date) -> Member:
        """Return what is known of someone as of ``on``; of a bare name nothing is."""
        if who.person is None:
            return Member(who)
        self._note_reading(f"stream:{who.person}")
        return Member(who, known_of(self.person_state(who.person), on))

    def newest(self, unit_id: UUID, stage: str, on: date) -> date | None:
        """Return the last day by ``on`` on which someone of the unit came to a stage; see ``Facts``."""
        people = map(self.person_state, self.reading.directory.people_of(unit_id))
        begin = None if self.roster(unit_id, on) is None else self.unit_state(unit_id).books_from
        return begin and newest_of(people, Stage(stage), unit_id, begin, on)

    def is_county(self, unit_id: UUID, on: date) -> bool | None:
        """Say whether township committees stand directly below a committee; None where nobody said so."""
        self._note_reading(f"below:{unit_id}")
        return is_county([self.unit_state(one) for one in self.below(unit_id, on)], on)

    def dues_months(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return the months for which dues of members of a unit were recorded by ``on``."""
        self._note_reading(f"members:{unit_id}")
        people = map(self.person_state, self.reading.directory.people_of(unit_id))
        return frozenset(
            act.event.month
            for person in people
            for act in person.acts
            if isinstance(act.event, DuesRecorded) and act.on <= on and person.unit_on(act.on) == unit_id
        )

    def months_absent(self, person_id: UUID, unit_id: UUID, on: date) -> int | None:
        """Return for how many months in a row somebody came to no meeting of the unit, by the names told."""
        self._note_reading(f"stream:{unit_id}")
        return months_absent(self.unit_state(unit_id), person_id, self, on)

    def find(self, name: str, unit_id: UUID | None, on: date) -> Who:
        """Return who is meant by a name or id seen from a unit; a bare name where nobody or several match."""
        text = unicodedata.normalize("NFC", name).strip()
        try:
            return Who(person=self.one(UUID(text)))
        except ValueError:
            pass
        if unit_id is None:
            return Who(name=text)
        self._note_reading(f"members:{unit_id}")
        found = self.named(unit_id).get(text, [])
        if len(found) > 1:
            found = [
                p for p in found if self.person_state(p).stage_on(on) in (Stage.FULL, Stage.PROBATIONARY)
            ]
        return Who(person=found[0]) if len(found) == 1 else Who(name=text)

    def named(self, unit_id: UUID) -> dict[str, list[UUID]]:
        """Return the people who ever belonged to a unit, by name."""
        if unit_id not in self._names:
            names: dict[str, list[UUID]] = {}
            for person_id in self.reading.directory.people_of(unit_id):
                for name in self.person_state(person_id).names:
                    names.setdefault(name, []).append(person_id)
            self._names[unit_id] = names
        return self._names[unit_id]

    # --- scope ------------------------------------------------------------------------------------------

    @cached_property
    def units_by_id(self) -> dict[UUID, str]:
        """Return the name of every unit."""
        return {entry.id: entry.name for entry in self.reading.directory.units()}

    def below(self, unit_id: UUID | None, on: date | None = None) -> list[UUID]:
        """Return a unit and all units below it, superiors first; every unit for None.

        ``on``: by the structure of that day (see :func:`units_below`); without it all that ever were below.
        """
        told = None if self.known_on is None else self._dated
        return units_below(self.reading.directory, unit_id, on, told)

    def in_order(self, unit_id: UUID | None, on: date) -> list[UUID]:
        """Return the same by the structure of a day, each unit followed by those below it."""
        told = None if self.known_on is None else self._dated
        return in_tree_order(self.reading.directory, unit_id, on, told)

    def dated_units(self) -> dict[UUID, Dated]:
        """Return what every unit was by day, as known at the horizon; of one unknown then nothing."""
        entries = self.reading.directory.units()
        return {one.id: one.dated if self.known_on is None else self._dated(one) for one in entries}

    def _dated(self, entry: UnitEntry) -> Dated:
        """Return the identities of a unit as known at the horizon: the directory tells what is known now."""
        return self.unit_state(entry.id).dated


def _is_in_order(state: State, record: Recorded) -> bool:
    if isinstance(record.event, FactCorrected | EventRetracted):
        return False
    return not state.acts or state.acts[-1].on <= record.effective_on
