"""States as known at a horizon, folded when they are first asked for; whoever was merged counts as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from workflows.application.folding import state_of
from workflows.application.merges import Merged
from workflows.application.ports import Reading
from workflows.application.states import State, States
from workflows.domain.case_files import CaseFile
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit
from workflows.kernel.events import Known, Recorded


class Folded:
    """The states of streams, as known at ``known_on``; those known now may be kept by somebody else."""

    def __init__(self, reading: Reading, known_on: Known, states: States | None) -> None:
        self.reading, self.known_on = reading, known_on
        self._states = states if states is not None and known_on is None else States()
        self._merged: Merged | None = None
        self.has_regrouped = False

    @property
    def merged(self) -> Merged:
        """Return who is counted as whom, as known at the horizon."""
        if self._merged is None:
            self._merged = Merged.at(self.reading.directory.merges(), self.known_on)
        return self._merged

    def one(self, person_id: UUID) -> UUID:
        """Return as whom somebody is counted: themselves, unless they were merged into another."""
        return self.merged.one(person_id)

    def records_of(self, stream_id: UUID) -> list[Recorded]:
        """Return every record of a stream and of those merged into it; of a merged one those of the other."""
        one = self.one(stream_id)
        return [record for stream in (one, *self.merged.others(one)) for record in self.reading.load(stream)]

    def state(self, stream_id: UUID) -> State:
        """Return the state of a stream with all its days; nobody's, of one who was merged into another."""
        known = self._states.get(stream_id)
        if known is None:
            records = self.records_of(stream_id)
            known = state_of(stream_id, records, known_on=self.known_on, merged=self.merged)
            if records:
                self._states.keep(stream_id, known)
        return known

    def supposed(self, stream_id: UUID, more: Sequence[Recorded]) -> State:
        """Return the state of a stream if more were recorded on it."""
        return state_of(stream_id, [*self.records_of(stream_id), *more], merged=self.merged)

    def alone(self, person_id: UUID) -> Person:
        """Return what the stream of a person tells by itself, whoever it was merged with."""
        state = state_of(person_id, self.reading.load(person_id), known_on=self.known_on)
        return state if isinstance(state, Person) else Person(person_id)

    def preload(self, stream_ids: Iterable[UUID]) -> None:
        """Read several streams at once, before each is asked for."""
        wanted = [stream_id for stream_id in stream_ids if self._states.get(stream_id) is None]
        more = [other for stream_id in wanted for other in self.merged.others(stream_id)]
        loaded = self.reading.load_many([*wanted, *more])
        for stream_id in wanted:
            records = [*loaded[stream_id], *(r for o in self.merged.others(stream_id) for r in loaded[o])]
            if records:
                state = state_of(stream_id, records, known_on=self.known_on, merged=self.merged)
                self._states.keep(stream_id, state)

    def person_state(self, person_id: UUID) -> Person:
        """Return a person with all days; nobody where the stream is empty or a unit's."""
        state = self.state(person_id)
        return state if isinstance(state, Person) else Person(person_id)

    def person(self, person_id: UUID) -> Person:
        """Return a person by the id of any stream they were entered on."""
        return self.person_state(self.one(person_id))

    def unit_state(self, unit_id: UUID) -> Unit:
        """Return a unit with all its days; an untold one where the stream is empty or a person's."""
        state = self.state(unit_id)
        return state if isinstance(state, Unit) else Unit(unit_id)

    def file_state(self, file_id: UUID) -> CaseFile:
        """Return a case with all its days; an untold one where the stream is empty or no case's."""
        state = self.state(file_id)
        return state if isinstance(state, CaseFile) else CaseFile(file_id)

    def regroup(self) -> None:
        """Forget every state, since somebody turned out to be another, or turned out not to be."""
        self._merged, self.has_regrouped = None, True
        self._states.forget_all()
