"""后来写明的: corrections that tell of a censure what rules ask and its record had left open."""

from __future__ import annotations

from workflows.application.books import Books
from workflows.domain.act import OnBooks, source_of
from workflows.domain.person.charge_events import PersonCharged
from workflows.domain.unit.censure_events import UnitCensured
from workflows.kernel.events import amendments, is_known
from workflows.policies.findings import Source

ASKED = frozenset({"form", "over_work"})
"""What rules ask of a censure; a correction of anything else (the document) changes nothing for them."""


def of_a_censure(act: OnBooks, books: Books) -> tuple[Source, ...]:
    """Return the corrections by which what rules ask of a censure was said later; () of any other act."""
    if not isinstance(act.event, UnitCensured | PersonCharged):
        return ()
    record = books.reading.find_event(act.source.event_id)
    if record is None:
        return ()
    known = [one for one in books.reading.load(record.stream_id) if is_known(one, books.known_on)]
    _, changes = amendments(known)
    told = changes.get(act.source.event_id, ())
    return tuple(source_of(one, one.event) for one in told if getattr(one.event, "field", "") in ASKED)
