"""The state of a stream: its records folded, as known at a horizon."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from workflows.application.case_files import FILES
from workflows.application.merges import NOBODY_MERGED, Merged
from workflows.application.states import State
from workflows.application.streams import kind_of
from workflows.domain.case_files import evolve as evolve_file
from workflows.domain.person.joined import joined
from workflows.domain.person.profiles import names_in
from workflows.domain.person.state import Person
from workflows.domain.person.state import evolve as evolve_person
from workflows.domain.unit.state import Unit
from workflows.domain.unit.state import evolve as evolve_unit
from workflows.kernel.events import Known, Recorded, fold, history


def state_of(
    stream_id: UUID, records: Sequence[Recorded], *, known_on: Known = None, merged: Merged = NOBODY_MERGED
) -> State:
    """Return the state of a stream as known at a horizon, with all its days.

    ``records`` are those of the stream, and of those who by ``merged`` are the same person. Who was merged
    into another is nobody here.
    """
    if stream_id in merged.into:
        return Person(stream_id, merged_into=merged.into[stream_id])
    told = merged.read(history(records, known_on=known_on))
    kind = kind_of(records)
    if kind == "unit":
        return fold(evolve_unit, Unit(stream_id), told)
    if kind is not None and kind in FILES:
        return fold(evolve_file, FILES[kind](stream_id), told)
    if not (others := frozenset(merged.others(stream_id))):
        return fold(evolve_person, Person(stream_id), told)
    names = names_in(record.event for record in told)
    told, twice = joined(told, stream_id)
    person = Person(stream_id, told_twice=twice, others=others, also_named=names)
    return fold(evolve_person, person, told)
