"""The state of a unit: elections, meetings and notices kept dated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.act import OnBooks
from workflows.domain.unit import events as ev
from workflows.kernel.events import Event, Recorded

E = TypeVar("E", bound=Event)


class Unit(msgspec.Struct, frozen=True):
    """党支部 or a superior of it, as the books tell it; ``acts`` stand in the order of their days."""

    id: UUID
    acts: tuple[OnBooks, ...] = ()

    def at(self, day: date) -> Unit:
        """Return the unit as of ``day`` (inclusive)."""
        if not self.acts or self.acts[-1].on <= day:
            return self
        return replace(self, acts=tuple(act for act in self.acts if act.on <= day))

    def each(self, kind: type[E]) -> Iterator[tuple[E, OnBooks]]:
        """Yield the events of a kind, in the order of their days."""
        for act in self.acts:
            if isinstance(act.event, kind):
                yield act.event, act

    def last(self, kind: type[E]) -> tuple[E, OnBooks] | None:
        """Return the last event of a kind."""
        return next(((a.event, a) for a in reversed(self.acts) if isinstance(a.event, kind)), None)

    @property
    def established(self) -> ev.UnitEstablished | None:
        """Return how the unit was set up, None while nothing is on the books."""
        found = self.last(ev.UnitEstablished)
        return found[0] if found else None

    @property
    def name(self) -> str:
        """Return the name."""
        return self.established.name if self.established else ""

    @property
    def books_from(self) -> date | None:
        """Return the first day for which duties are looked at."""
        told = self.established
        return None if told is None else told.books_from or told.established_on

    @property
    def election(self) -> tuple[ev.CommitteeElected, OnBooks] | None:
        """Return the latest election."""
        return self.last(ev.CommitteeElected)

    @property
    def committee_size(self) -> int | None:
        """Return how many posts the latest election filled; None before the first one on the books."""
        found = self.election
        if found is None:
            return None
        return len(found[0].posts or ()) or len(found[0].elected or ()) or None

    @property
    def committee(self) -> tuple[ev.Post, ...]:
        """Return the posts of the present committee; those elected without a named post are members."""
        found = self.election
        if found is None:
            return ()
        posts = tuple(found[0].posts or ())
        named = {post.person for post in posts}
        return posts + tuple(ev.Post(who, "member") for who in found[0].elected or () if who not in named)


def evolve(event: Event, unit: Unit, record: Recorded) -> Unit:
    """Return the unit after ``event``; never refuses, whatever the order."""
    return replace(unit, acts=(*unit.acts, OnBooks.of(event, record)))
