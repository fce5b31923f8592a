"""撤回了的依据: records by which points were given, taken off the books after the grade was decided."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks, source_of
from workflows.domain.campaign import events as ev
from workflows.kernel.events import EventRetracted, Recorded, amendments, is_known
from workflows.projections.causes import Cause
from workflows.projections.grades import Words

RETRACT = "retract"


def of_scores(unit_id: UUID, words: Words, decided: OnBooks, books: Books) -> Iterator[Cause]:
    """Yield the records that prove points of a unit and were withdrawn since its grade was decided."""
    proving = {
        event_id: score.criterion
        for act in words.scored.get(unit_id, ())
        if isinstance(act.event, ev.SelfAssessed | ev.Reviewed)
        for score in act.event.scores
        for event_id in score.events
    }
    if not proving:
        return
    own = {act.source.event_id for act in books.unit_state(unit_id).acts}
    criteria = {one.id: one for one in words.criteria}
    for event_id, name in proving.items():
        taken = None if event_id in own else _retraction(event_id, books)
        if taken is None or taken.position < decided.source.position:
            continue
        source, known = source_of(taken, taken.event), criteria.get(name)
        title, clause = (known.title or name, known.clause) if known is not None else (name, "")
        yield Cause("", title, clause, max(source.recorded_on, decided.on), RETRACT, (source,))


def _retraction(event_id: UUID, books: Books) -> Recorded | None:
    """Return how a record was withdrawn, None of one that stands or that nobody knows."""
    record = books.reading.find_event(event_id)
    if record is None:
        return None
    state = books.state(books.one(record.stream_id))
    if event_id in getattr(state, "told_twice", ()):
        return None
    if any(act.source.event_id == event_id for act in state.acts):
        return None
    known = [one for one in books.reading.load(record.stream_id) if is_known(one, books.known_on)]
    gone, _ = amendments(known)
    found = (
        one
        for one in known
        if isinstance(one.event, EventRetracted)
        and one.event.event_id == event_id
        and one.event_id not in gone
    )
    return next(found, None)
