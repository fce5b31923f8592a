"""组织关系: where it is, whether training counts on after a move, whether membership rests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workflows.domain.act import OnBooks
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.stages import RANK, Stage

if TYPE_CHECKING:
    from workflows.domain.person.entries import AtStage
    from workflows.domain.person.state import Person

_TRAINING = (ev.ActivistConfirmed, ev.MentorsAssigned, ev.SemiannualReviewRecorded)
"""What a unit does that takes up the training of someone who came without papers."""


def transit_of(person: Person) -> mv.PersonTransferred | None:
    """Return the transfer that was sent and not yet received, None where nobody is on the way."""
    sent = _last(person.acts, mv.PersonTransferred)
    if sent is None or not isinstance(sent.event, mv.PersonTransferred) or not sent.event.in_transit:
        return None
    if person.units and is_after(person.units[-1].act, sent):
        return None
    return sent.event


def stops(person: Person) -> list[tuple[mv.MembershipStopped | mv.MembershipRestored, OnBooks]]:
    """Return when membership was stopped and restored, oldest first."""
    return [
        (act.event, act)
        for act in person.acts
        if isinstance(act.event, mv.MembershipStopped | mv.MembershipRestored)
    ]


def bars_on(person: Person, day: date) -> list[mv.RightsBarred]:
    """Return what bars (留党察看) or suspends (留置、逮捕) the rights on a day, the latest last."""
    return [
        act.event
        for act in person.acts
        if isinstance(act.event, mv.RightsBarred)
        and act.event.bars
        and act.on <= day
        and (act.event.until is None or day <= act.event.until)
    ]


def is_suspended(person: Person, day: date) -> bool:
    """Say whether the rights are only suspended on a day, not barred by discipline."""
    bars = bars_on(person, day)
    return bool(bars) and all(bar.is_suspension for bar in bars)


def stop_on(person: Person, day: date) -> tuple[mv.MembershipStopped, OnBooks] | None:
    """Return the stop of membership (停止党籍) in force on a day; from its own day until it is restored."""
    found: tuple[mv.MembershipStopped, OnBooks] | None = None
    for event, act in stops(person):
        if act.on <= day:
            found = (event, act) if isinstance(event, mv.MembershipStopped) else None
    return found


def struck_off(person: Person) -> tuple[mv.MemberStruckOff, OnBooks] | None:
    """Return the last striking off of a whole life, whatever course came after."""
    act = _last(person.acts, mv.MemberStruckOff)
    return (act.event, act) if act is not None and isinstance(act.event, mv.MemberStruckOff) else None


def moves_at(person: Person, *stages: Stage) -> list[tuple[mv.PersonTransferred, OnBooks]]:
    """Return the changes of unit of this round that took place at one of the stages, oldest first."""
    return [
        (act.event, act)
        for act in person.this_round
        if isinstance(act.event, mv.PersonTransferred)
        and _stage_before(person, act) in stages
        and _arrived(person, act)
    ]


def _arrived(person: Person, sent: OnBooks) -> bool:
    """Say whether a transfer came to its end: the old unit answers for who is on the way."""
    event = sent.event
    if not isinstance(event, mv.PersonTransferred) or not event.in_transit:
        return True
    return _arrival(person, sent) is not sent


def _arrival(person: Person, sent: OnBooks) -> OnBooks:
    """Return the act by which someone came to the new unit: the transfer, if nobody was on the way."""
    event = sent.event
    if not isinstance(event, mv.PersonTransferred) or not event.in_transit:
        return sent
    came = (
        entry.act for entry in person.units if entry.unit_id == event.unit_id and is_after(entry.act, sent)
    )
    return next(came, sent)


TRAINED = (Stage.ACTIVIST, Stage.TARGET_AGREED, Stage.TARGET)


class Training:
    """Whether the time of training counts on over changes of unit (2014 art. 12).

    It counts on once the new unit has examined the papers and found them in order. ``unexamined`` is the
    last move of which that is not so; ``restarted`` the first act of training by the new unit after it.
    """

    def __init__(self, person: Person) -> None:
        self.unexamined: OnBooks | None = None
        self.restarted: OnBooks | None = None
        moves = moves_at(person, *TRAINED)
        for place, (_, move) in enumerate(moves, 1):
            following = moves[place][1] if place < len(moves) else None
            came = _arrival(person, move)
            since = [act for act in person.this_round if is_after(act, move) and not is_after(came, act)]
            since = [act for act in since if following is None or not is_after(act, following)]
            if not any(isinstance(a.event, mv.TransferFileExamined) and a.event.in_order for a in since):
                self.unexamined = move
                self.restarted = next((act for act in since if isinstance(act.event, _TRAINING)), None)


def open_correction(person: Person) -> tuple[mv.CorrectionOrdered, OnBooks, OnBooks | None] | None:
    """Return the last order to correct (限期改正), and the act that closed it, if any."""
    act = _last(person.acts, mv.CorrectionOrdered)
    if act is None or not isinstance(act.event, mv.CorrectionOrdered):
        return None
    closing = (mv.CorrectionConcluded, mv.MemberStruckOff, mv.DeathRecorded)
    closed = next((a for a in person.acts if isinstance(a.event, closing) and is_after(a, act)), None)
    return act.event, act, closed


def is_after(one: OnBooks, other: OnBooks) -> bool:
    """Say whether an act comes after another: by its day, and on one day by its place on the books."""
    return (one.on, one.source.position) > (other.on, other.source.position)


def _last(acts: tuple[OnBooks, ...], kind: type) -> OnBooks | None:
    return next((act for act in reversed(acts) if isinstance(act.event, kind)), None)


def _stage_before(person: Person, act: OnBooks) -> Stage:
    entered = [entry for entry in person.stages if _is_before(entry, act)]
    return max((entry.stage for entry in entered), key=RANK.__getitem__, default=Stage.NOBODY)


def _is_before(entry: AtStage, act: OnBooks) -> bool:
    return (entry.on, entry.act.source.position) < (act.on, act.source.position)
