"""What is to be said of a recurring duty of a period on a day: the one place where that is decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from workflows.domain.unit.book import NOT_JOINED, TALK_UNKNOWN, TALK_UNTOLD
from workflows.domain.unit.contacts import WITHOUT_CONTACT
from workflows.policies.deadlines import Duty
from workflows.policies.relief import WAIVED

Verdict = Literal["met", "late", "missing", "invalid", "exempt", "pending", "refer"]

UNDECIDED = frozenset({NOT_JOINED, TALK_UNKNOWN, TALK_UNTOLD})
"""Flaws by which nobody can say whether an act counts: a person decides."""

PARTLY = frozenset({WITHOUT_CONTACT})
"""Flaws by which an act is a part of what is asked: the rest of it is missing."""

OPEN: tuple[Verdict, ...] = ("missing", "invalid", "refer")
"""What is said only once the time for it is over."""


def verdict_on(duty: Duty, day: date, *, is_over: bool = True) -> tuple[Verdict, int | None]:
    """Return what is to be said of a duty at the end of ``day``, and how many days late it was recorded.

    At the end of the last day of a period what is not done is missing, no longer pending; ``is_over`` False:
    that day still runs. An extension moves it. What was done in time is met, even where it was waived.
    """
    deciding, last = duty.done_by(), duty.due_on or duty.last
    in_time = deciding is not None and deciding.on <= last
    if duty.exempt and not (duty.exempt == WAIVED and in_time):
        return "exempt", None
    if deciding is not None:
        if deciding.on > last:
            return "late", None
        late = (deciding.source.recorded_on - last) // timedelta(days=1)
        return "met", late if late > 0 else None
    if day < last or (day == last and not is_over):
        return "pending", None
    untold = duty.sum and any(e.valid and duty.amount_of(e) is None for e in duty.evidence)
    if duty.applies is None or untold:
        return "refer", None
    if duty.evidence and not any(e.valid for e in duty.evidence):
        if any(e.flaws and UNDECIDED.issuperset(e.flaws) for e in duty.evidence):
            return "refer", None
        partly = any(e.flaws and PARTLY.issuperset(e.flaws) for e in duty.evidence)
        return "missing" if partly else "invalid", None
    return "refer" if duty.unsure else "missing", None


def said_of(duty: Duty) -> tuple[Verdict, date | None]:
    """Return what is to be said of a duty without asking the day, and until when it still is pending.

    The same as :func:`verdict_on` of any day by which nothing more was done: until the end of the day that is
    returned (None: not at all) it is pending.
    """
    said, _ = verdict_on(duty, date.max)
    return said, (duty.due_on or duty.last) if said in OPEN else None


def as_known_by(duty: Duty, day: date) -> Duty:
    """Return the duty with what had been done by ``day``; what ended later still stood then."""
    if all(e.on <= day and (e.until is None or e.until <= day) for e in duty.evidence):
        return duty
    known = (e for e in duty.evidence if e.on <= day)
    return replace(
        duty, evidence=tuple(replace(e, until=None) if e.until and e.until > day else e for e in known)
    )
