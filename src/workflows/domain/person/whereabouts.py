"""Where a member is: away (外出), out of contact (失联), exempt from meetings; read off the acts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from workflows.domain.act import OnBooks
from workflows.domain.person import away_events as av
from workflows.domain.person import member_events as mv

if TYPE_CHECKING:
    from workflows.domain.person.state import Person

ABROAD = frozenset({"abroad_study", "abroad_settled"})


class Absence(msgspec.Struct, frozen=True):
    """An absence from its first day; ``ended`` by the return, or by the relation moving after them."""

    event: av.AbsenceRegistered
    act: OnBooks
    ended: OnBooks | None = None

    @property
    def is_abroad(self) -> bool:
        """Say whether it is one outside the country."""
        return self.event.purpose in ABROAD


class Lost(msgspec.Struct, frozen=True):
    """A time without contact: its first day, the act that tells it, and the act that ended it."""

    since: date
    act: OnBooks
    found: OnBooks | None = None


def absence(person: Person) -> Absence | None:
    """Return the last absence, over or not; None where none was registered."""
    found: Absence | None = None
    moves = {entry.act.source.event_id for entry in person.units[1:]}
    for act in person.acts:
        if isinstance(act.event, av.AbsenceRegistered):
            found = Absence(act.event, act)
        elif (
            found is not None
            and found.ended is None
            and (isinstance(act.event, av.AbsenceEnded) or act.source.event_id in moves)
        ):
            found = Absence(found.event, found.act, act)
    return found


def lost(person: Person) -> Lost | None:
    """Return the last time without contact, over or not.

    A stop of membership because contact was lost tells of one too, where nobody had reported it.
    """
    found: Lost | None = None
    closing = (av.ContactMade, av.AbsenceEnded, mv.MembershipRestored)
    for act in person.acts:
        event = act.event
        is_open = found is not None and found.found is None
        if isinstance(event, av.ContactLost) and not is_open:
            found = Lost(act.on, act)
        elif isinstance(event, mv.MembershipStopped) and event.ground == "lost" and not is_open:
            found = Lost(event.since or act.on, act)
        elif found is not None and is_open and isinstance(event, closing):
            found = Lost(found.since, found.act, act)
    return found


def exemption_on(person: Person, day: date) -> mv.MeetingsExempted | None:
    """Return what lets someone off meetings on a day; the last word holds, up to its last day."""
    told = [act.event for act in person.acts if act.on <= day and isinstance(act.event, mv.MeetingsExempted)]
    if not told or (told[-1].until is not None and told[-1].until < day):
        return None
    return told[-1]


def letter(person: Person) -> tuple[mv.PersonTransferred, OnBooks, OnBooks | None] | None:
    """Return the last transfer sent with someone in transit, and the act by which they were received."""
    sent = next(
        (
            (act.event, act)
            for act in reversed(person.acts)
            if isinstance(act.event, mv.PersonTransferred) and act.event.in_transit
        ),
        None,
    )
    if sent is None:
        return None
    place = person.acts.index(sent[1])
    later = {act.source.event_id for act in person.acts[place + 1 :]}
    received = next((entry.act for entry in person.units if entry.act.source.event_id in later), None)
    return (*sent, received)
