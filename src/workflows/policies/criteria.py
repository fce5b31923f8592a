"""The criteria of a rating as a plan gives them, and which of several plans a campaign is held by.

What a plan does not give (an annex, points, how they are lost) stays unknown: nothing here fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from workflows.policies.rule import Strict

if TYPE_CHECKING:
    from workflows.policies.pack import Adopted, Pack


class PlannedCriterion(Strict):
    """A criterion of a rating; ``rule`` is that of the same pack in whose clause it stands.

    ``points``: at most how many (None: the plan gives none); ``lost``: how many are lost each time something
    is wanting (None: the plan does not say). ``proved_by``: the rules whose outcome in the facts proves it;
    ``partly``: they prove only a part of it, a person looks at the rest. ``veto``: no grade without it.
    """

    id: str
    title: str
    rule: str
    points: float | None = Field(default=None, gt=0)
    lost: float | None = Field(default=None, gt=0)
    veto: bool = False
    proved_by: tuple[str, ...] = Field(default=(), strict=False)
    partly: bool = False
    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _lost_of_something(self) -> PlannedCriterion:
        if self.lost is not None and (self.points is None or not self.proved_by or self.partly):
            raise ValueError(f"{self.id}: points are lost of points, by rules that prove the whole")
        if self.partly and not self.proved_by:
            raise ValueError(f"{self.id}: partly proved by no rule")
        return self

    def holds_on(self, day: date) -> bool:
        """Say whether the criterion is asked for on ``day``."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Scheme:
    """A plan of a rating in force on a day; ``not_given``: what its text leaves open."""

    id: str
    title: str
    criteria: tuple[PlannedCriterion, ...]
    not_given: str | None = None


class Schemes:
    """The plans of rating among packs: those that always hold, and those adopted for a time."""

    def __init__(self, packs: Iterable[Pack], adopted: Iterable[Adopted] = ()) -> None:
        held = [(pack, date.min, date.max) for pack in packs]
        held += [(one.pack, one.start, one.until or date.max) for one in adopted]
        self._held = [(p, start, until) for p, start, until in held if p.criteria or p.criteria_not_given]

    def named(self, name: str | None, on: date) -> Scheme | None:
        """Return the plan of an id or a title in force on a day; for None the only one there is."""
        found = [pack for pack, start, until in self._held if start <= on < until]
        if name is not None:
            found = [pack for pack in found if name in (pack.id, pack.title)]
        elif len({pack.id for pack in found}) > 1:
            return None
        if not found:
            return None
        pack = found[-1]
        criteria = tuple(one for one in pack.criteria if one.holds_on(on))
        return Scheme(pack.id, pack.title, criteria, pack.criteria_not_given)
