"""Somebody entered and named twice counts once: in a list of names, and in the numbers counted from it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import Who
from workflows.domain.person.events import AdmissionVoted, FullMembershipVoted
from workflows.domain.person.joined import is_open
from workflows.domain.unit.events import Ballot, MeetingHeld
from workflows.kernel.events import Event


def named_once(was: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    """Return a list without those named again; ``was`` are the same items with the ids before the merger.

    Of two entries (somebody on leave, with the reason) the one told of the id kept has the word, the other
    fills in what it left open. A person may stand in several posts, each once.
    """
    found: dict[Hashable, Any] = {}
    kept: set[Hashable] = set()
    for place, (before, item) in enumerate(zip(was, now, strict=True)):
        key = _named(item, place)
        is_kept = before is item
        if key not in found:
            found[key] = item
        elif is_kept and key not in kept:
            found[key] = _filled(item, found[key])
        else:
            found[key] = _filled(found[key], item)
        kept |= {key} if is_kept else set()
    return list(found.values())


def _named(item: Any, place: int) -> Hashable:
    """Return by what an entry is the same as another: who it names, and as what; else its place."""
    if not isinstance(item, msgspec.Struct):
        return item if isinstance(item, Hashable) else place
    if isinstance(item, Who):
        return item
    who = getattr(item, "person", None)
    return (type(item), who, getattr(item, "post", None)) if isinstance(who, Who) else place


def _filled(one: Any, other: Any) -> Any:
    if one == other or not isinstance(one, msgspec.Struct):
        return one
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in one.__struct_fields__)
    return replace(one, **{name: theirs for name, mine, theirs in pairs if is_open(mine)})


# --- numbers counted from names -------------------------------------------------------------------------


def recounted(before: Event, after: Event) -> Event:
    """Return an event, in which names went together, with the numbers that were counted from those names.

    A number that somebody counted otherwise stays as it was told, and so do ballots: who cast one is nobody's
    to say. More people are never present than were due.
    """
    if isinstance(before, MeetingHeld) and isinstance(after, MeetingHeld):
        came = _came(before, after)
        after = replace(after, attending=came)
        return replace(after, eligible=_due(before, _ids(before), _ids(after), came, after.roll))
    if isinstance(before, Ballot) and isinstance(after, Ballot):
        return replace(after, eligible=_due(before, set(), set(), after.attending, after.roll))
    if isinstance(before, VOTES) and isinstance(after, VOTES):
        told = _Told(before.votes.eligible, before.roll)
        eligible = _due(told, set(), set(), after.votes.attending, after.roll)
        return replace(after, votes=replace(after.votes, eligible=eligible))
    return after


VOTES = (AdmissionVoted, FullMembershipVoted)


class _Told(msgspec.Struct, frozen=True):
    eligible: int | None
    roll: tuple[UUID, ...] | None


def _came(before: MeetingHeld, after: MeetingHeld) -> int | None:
    """Return how many came, less those named twice; where there is a roll, only who is on it was counted."""
    if before.attending is None:
        return None
    named, now = (
        {who for who in told.attendees or () if before.roll is None or who.person in (told.roll or ())}
        for told in (before, after)
    )
    return before.attending - (len(named) - len(now))


def _ids(event: MeetingHeld) -> set[Who]:
    """Return all who were due by the minutes: who came, was on leave or free to stay away."""
    absent = (*(event.leave or ()), *(event.exempt or ()))
    return {*(event.attendees or ()), *(one.person for one in absent)}


def _due(
    before: MeetingHeld | Ballot | _Told, named: set[Who], now: set[Who], came: int | None, roll: Any
) -> int | None:
    """Return how many were due, where that was the number of those named or of the roll, else as told."""
    lowered = {before.eligible}
    if before.eligible == len(named):
        lowered.add(len(now))
    if before.roll is not None and before.eligible == len(before.roll):
        lowered.add(len(roll))
    fitting = [one for one in lowered if one is not None and one >= (came or 0)]
    return min(fitting, default=before.eligible)
