"""授牌: which plates a unit was given for its grades, which of them hang, and which are to come down.

A plate belongs to the grade for which it was hung. It may stay while the same plan gives the same grade; once
that grade is revoked, or another was decided, it is to come down: no text says when, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec

from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.policies.findings import Source

Row = dict[str, Any]
Standing = Literal["hangs", "open", "to_take_down", "taken_down"]
"""``open``: its grade is to be decided anew."""


class Held(NamedTuple):
    """What a unit holds by one plan; ``is_open``: its round was voided, it is to be decided anew."""

    grade: str | None = None
    is_open: bool = False


NOTHING = Held()


class Plate(msgspec.Struct, frozen=True):
    """A plate as it was hung; ``taken_down_on``: until when it hung."""

    grade: str | None
    hung_on: date
    source: Source
    awarded_by: str | None = None
    place: str | None = None
    document: str | None = None
    taken_down_on: date | None = None
    reason: str | None = None

    def standing(self, held: Held) -> Standing:
        """Say whether it hangs rightly, by what the unit holds by the plan of the plate."""
        if self.taken_down_on is not None:
            return "taken_down"
        if held.is_open:
            return "open"
        return "hangs" if held.grade is not None and held.grade == self.grade else "to_take_down"


def plates_of(acts: Iterable[OnBooks]) -> list[Plate]:
    """Return the plates of one unit in one campaign, in the order of the days."""
    found: list[Plate] = []
    for act in acts:
        event = act.event
        if isinstance(event, ev.PlateHung):
            told = event.awarded_by, event.place, event.document
            found.append(Plate(event.grade, act.on, act.source, *told))
        elif isinstance(event, ev.PlateTakenDown) and found and found[-1].taken_down_on is None:
            more = {"taken_down_on": act.on, "reason": event.reason or None}
            found[-1] = msgspec.structs.replace(found[-1], **more)
    return found


def of_decision(plates: Sequence[Plate], decided: Sequence[OnBooks], act: OnBooks) -> Plate | None:
    """Return the last plate hung for one decision on a grade: after it, and before the next one."""
    grades = [one for one in decided if isinstance(one.event, ev.RatingConfirmed)]
    later = next((_place(one.source) for one in grades if _place(one.source) > _place(act.source)), None)
    mine = [
        plate
        for plate in plates
        if _place(plate.source) > _place(act.source) and (later is None or _place(plate.source) < later)
    ]
    return mine[-1] if mine else None


def _place(source: Source) -> tuple[date, int]:
    return source.on, source.position


def as_row(plate: Plate | None, held: Held, holder: str | None) -> Row | None:
    """Return a plate in JSON form; who awarded it is the one that holds the campaign unless another did."""
    if plate is None:
        return None
    return {
        "grade": plate.grade,
        "on": plate.hung_on.isoformat(),
        "awarded_by": plate.awarded_by or holder,
        "place": plate.place,
        "document": plate.document,
        "taken_down_on": plate.taken_down_on.isoformat() if plate.taken_down_on else None,
        "reason": plate.reason,
        "standing": plate.standing(held),
        "event_id": str(plate.source.event_id),
    }
