"""The state of a unit: elections, meetings and notices kept dated."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import OnBooks
from workflows.domain.unit import events as ev
from workflows.domain.unit import posts
from workflows.domain.unit import structure_events as tree
from workflows.domain.unit.identity import Dated, Ended, UnitIdentity
from workflows.domain.unit.outcomes import is_void
from workflows.kernel.events import Event, Recorded
from workflows.policies.pack import Adopted, as_running, ended, with_another

E = TypeVar("E", bound=Event)


class Unit(msgspec.Struct, frozen=True):
    """党支部 or a superior of it, as the books tell it; ``acts`` stand in the order of their days.

    ``rare`` are those of them that are no meetings: a branch meets a hundred times a year. ``posted`` are
    those about posts and terms of office.
    """

    id: UUID
    acts: tuple[OnBooks, ...] = ()
    rare: tuple[OnBooks, ...] = ()
    dated: Dated = Dated()
    posted: tuple[OnBooks, ...] = ()

    def at(self, day: date) -> Unit:
        """Return the unit as of ``day`` (inclusive)."""
        if not self.acts or self.acts[-1].on <= day:
            return self
        return Unit(
            self.id,
            _until(self.acts, day),
            _until(self.rare, day),
            _dated_until(self.dated, day),
            _until(self.posted, day),
        )

    def rare_by(self, day: date) -> int:
        """Return how many acts that are no meetings took place by ``day``."""
        return bisect_right(self.rare, day, key=_day_of)

    def each(self, kind: type[E]) -> Iterator[tuple[E, OnBooks]]:
        """Yield the events of a kind, in the order of their days."""
        for act in self._among(kind):
            if isinstance(act.event, kind):
                yield act.event, act

    def last(self, kind: type[E]) -> tuple[E, OnBooks] | None:
        """Return the last event of a kind."""
        for act in reversed(self._among(kind)):
            if isinstance(act.event, kind):
                return act.event, act
        return None

    def _among(self, kind: type[Event]) -> tuple[OnBooks, ...]:
        return self.acts if issubclass(ev.MeetingHeld, kind) else self.rare

    @property
    def established(self) -> ev.UnitEstablished | None:
        """Return how the unit was set up, None while nothing is on the books."""
        found = self.last(ev.UnitEstablished)
        return found[0] if found else None

    def identity_on(self, day: date) -> UnitIdentity | None:
        """Return name, kind, level and superior on a day; before it was set up those it had at first."""
        return self.dated.on(day)

    def exists_on(self, day: date) -> bool:
        """Say whether the unit is there on a day: set up, and not yet dissolved or merged into another."""
        return self.dated.exists_on(day)

    @property
    def identity(self) -> UnitIdentity | None:
        """Return name, kind, level and superior as they are at last, None while nothing is on the books."""
        return self.dated.identities[-1] if self.dated.identities else None

    @property
    def name(self) -> str:
        """Return the name."""
        return self.identity.name if self.identity else ""

    @property
    def dissolved_on(self) -> date | None:
        """Return the first day on which the unit is no more."""
        return self.dated.ended.on if self.dated.ended is not None else None

    @property
    def books_from(self) -> date | None:
        """Return the first day for which duties are looked at."""
        told = self.established
        return None if told is None else told.books_from or told.established_on

    @property
    def adopted(self) -> tuple[Adopted, ...]:
        """Return the packs this unit has adopted, each with the days between which it holds.

        A pack adopted anew ends its former text on the day from which the new one holds.
        """
        held: tuple[Adopted, ...] = ()
        for act in self.rare:
            event = act.event
            if isinstance(event, ev.PackAdopted):
                running = tuple(sorted((rule, as_running(word)) for rule, word in event.running.items()))
                held = with_another(held, Adopted(event.text, event.start, running=running))
            elif isinstance(event, ev.PackRetired):
                held = ended(held, event.pack, event.start)
        return held

    @property
    def ballots(self) -> list[tuple[ev.CommitteeElected, OnBooks]]:
        """Return the elections that gave posts; a void one changes nothing."""
        return [
            (act.event, act)
            for act in self.posted
            if isinstance(act.event, ev.CommitteeElected) and not is_void(act.event)
        ]

    @property
    def election(self) -> tuple[ev.CommitteeElected, OnBooks] | None:
        """Return the latest election that is not void."""
        found = self.ballots
        return found[-1] if found else None

    @property
    def holdings(self) -> tuple[posts.Holding, ...]:
        """Return who held which post from when until when, as far as the unit's own acts tell it."""
        return posts.held_by_acts(self.posted)

    @property
    def committee_size(self) -> int | None:
        """Return how many posts the committee has, held or vacant; None before the first one on the books."""
        holdings, day = self.holdings, self._last_day
        held = posts.held_on(holdings, day)
        found = self.election
        vacant = posts.vacancies_on(holdings, found[0] if found else None, day)
        return len(held) + len(vacant) or None

    @property
    def committee(self) -> tuple[ev.Post, ...]:
        """Return the posts of the present committee, whether or not their holders have left since."""
        return tuple(ev.Post(held.person, held.post) for held in posts.held_on(self.holdings, self._last_day))

    @property
    def _last_day(self) -> date:
        return self.acts[-1].on if self.acts else date.min


def holdings_of(unit: Unit, facts: posts.Leaving) -> tuple[posts.Holding, ...]:
    """Return who held which post of a unit from when until when; who leaves the unit holds none."""
    return posts.with_leavers(unit.holdings, unit.id, facts)


def secretary_of(holdings: Sequence[posts.Holding], on: date) -> tuple[UUID, date] | None:
    """Return who is secretary on a day and since when without a break, from term to term."""
    for held in posts.held_on(holdings, on):
        if held.post == posts.SECRETARY and held.person.person is not None:
            return held.person.person, posts.since(holdings, held)
    return None


def evolve(event: Event, unit: Unit, record: Recorded) -> Unit:
    """Return the unit after ``event``; never refuses, whatever the order."""
    act = OnBooks.of(event, record)
    acts = (*unit.acts, act)
    if isinstance(event, ev.MeetingHeld):
        return replace(unit, acts=acts)
    posted = (*unit.posted, act) if posts.concerns(event) else unit.posted
    dated = _dated_after(event, unit.dated)
    return replace(unit, acts=acts, rare=(*unit.rare, act), posted=posted, dated=dated)


def _dated_after(event: Event, dated: Dated) -> Dated:
    """Return the identities after an event; what is told before the unit was set up changes nothing."""
    if isinstance(event, ev.UnitEstablished):
        first = UnitIdentity(event.established_on, event.name, event.level, event.kind or "", event.superior)
        return replace(dated, identities=(*dated.identities, first))
    if not isinstance(event, tree.Structural) or not dated.identities:
        return dated
    if isinstance(event, tree.UnitDissolved):
        return replace(dated, ended=Ended(event.dissolved_on, event.into, event.merged))
    if isinstance(event, tree.UnitSplit):
        return replace(dated, ended=Ended(event.split_on, event.into)) if event.ends else dated
    now = dated.identities[-1]
    match event:
        case tree.UnitRenamed() | tree.UnitMerged():
            then = replace(now, name=event.name or now.name)
        case tree.UnitMoved():
            then = replace(now, superior=event.superior)
        case tree.UnitReclassified():
            then = replace(now, kind=event.kind or now.kind, level=event.level or now.level)
    if then == now:
        return dated
    return replace(dated, identities=(*dated.identities, replace(then, on=event.effective_on)))


def _dated_until(dated: Dated, day: date) -> Dated:
    """Return the identities as of a day."""
    if dated.ended is None and (not dated.identities or dated.identities[-1].on <= day):
        return dated
    identities = tuple(one for one in dated.identities if one.on <= day)
    ended = dated.ended if dated.ended is not None and dated.ended.on <= day else None
    return Dated(identities, ended)


def _until(acts: tuple[OnBooks, ...], day: date) -> tuple[OnBooks, ...]:
    return acts[: bisect_right(acts, day, key=_day_of)]


def _day_of(act: OnBooks) -> date:
    return act.source.on
