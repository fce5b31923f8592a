"""What a unit is, by day: its name, kind, level and superior, and the day on which it came to an end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec


class UnitIdentity(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a unit is from ``on`` until the next change: 名称、类别、层级、隶属关系."""

    on: date
    name: str
    level: str
    kind: str  # "" where nobody wrote it down
    superior: UUID | None = None


class Ended(msgspec.Struct, frozen=True, omit_defaults=True):
    """撤销: ``on`` is the first day on which the unit is no more; ``into`` is where its people went.

    ``merged``: it became a part of the one unit ``into``; what it did counts on as that unit's past.
    """

    on: date
    into: tuple[UUID, ...] = ()
    merged: bool = False


class Dated(msgspec.Struct, frozen=True, omit_defaults=True):
    """The whole of a unit's identities, oldest first, and its end."""

    identities: tuple[UnitIdentity, ...] = ()
    ended: Ended | None = None

    def on(self, day: date) -> UnitIdentity | None:
        """Return what the unit is on a day; before it was set up, what it was at first."""
        return identity_on(self.identities, day)

    def exists_on(self, day: date) -> bool:
        """Say whether the unit is there on a day: from its establishment to the day before its end."""
        if not self.identities or day < self.identities[0].on:
            return False
        return self.ended is None or day < self.ended.on

    def bears_from(self, name: str, day: date) -> bool:
        """Say whether the unit bears a name on a day or later; one that is no more bears none."""
        for number, one in enumerate(self.identities):
            following = self.identities[number + 1].on if number + 1 < len(self.identities) else date.max
            until = min(following, self.ended.on) if self.ended is not None else following
            if one.name == name and one.on < until and day < until:
                return True
        return False

    @property
    def is_plain(self) -> bool:
        """Say whether nothing ever changed: one identity and no end."""
        return self.ended is None and len(self.identities) <= 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds the unit was of, the first one first."""
        return tuple(dict.fromkeys(one.kind for one in self.identities))

    @property
    def superiors(self) -> frozenset[UUID]:
        """Return every unit that this one ever stood under, or became a part of."""
        above = {one.superior for one in self.identities if one.superior is not None}
        return frozenset(above | set(self.ended.into if self.ended is not None and self.ended.merged else ()))


def identity_on(identities: Sequence[UnitIdentity], day: date) -> UnitIdentity | None:
    """Return the identity of a day; before there was any the first one, None where there is none at all."""
    if not identities:
        return None
    return identities[max(bisect_right(identities, day, key=lambda one: one.on) - 1, 0)]
