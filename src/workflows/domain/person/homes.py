"""To which unit someone belongs after an act."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from workflows.domain.papers import PaperAttached
from workflows.domain.person import away_events as av
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.person.relation import transit_of
from workflows.domain.stages import ENDED
from workflows.domain.waivers import ReliefGiven
from workflows.kernel.events import Event, Recorded

if TYPE_CHECKING:
    from workflows.domain.person.state import Person

_BEGUN_BY = (ev.ApplicationReceived, ev.CourseTakenOver, ev.MemberRegistered)


def home_after(event: Event, person: Person, record: Recorded) -> UUID | None:
    """Return the unit someone belongs to after an event; first known through a later step: its own unit.

    Who is in transit is received by the first act of the unit that the relation was sent to. What is let pass
    moves nobody, nor does a paper.
    """
    if isinstance(event, ReliefGiven | PaperAttached):
        return person.unit_id
    if isinstance(event, mv.PersonTransferred):
        return person.unit_id if event.in_transit else event.unit_id
    if isinstance(event, av.ReceiptRecorded) and event.outside is not None:
        return None
    if isinstance(event, mv.TransferFileExamined) and not event.in_order:
        return person.unit_id
    told: UUID | None = getattr(event, "unit_id", None)
    if told is not None and not _is_told_beside(event, person, record):
        return told
    if not person.units:
        return record.unit_id
    if record.unit_id is not None and record.unit_id != person.unit_id:
        sent = transit_of(person)
        if sent is not None and sent.unit_id == record.unit_id:
            return record.unit_id
    return person.unit_id


def _is_told_beside(event: Event, person: Person, record: Recorded) -> bool:
    """Say whether a merged stream only begins at a unit while it is known where someone belongs."""
    begins = isinstance(event, _BEGUN_BY) and record.stream_id in person.others
    return begins and person.unit_id is not None and person.stage not in ENDED
