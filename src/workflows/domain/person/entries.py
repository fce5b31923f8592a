"""From which day someone stands at a stage and belongs to a unit, each with the act that brought it about."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from workflows.domain.act import OnBooks
from workflows.domain.stages import Stage
from workflows.kernel.approximate import ApproximateDay


class AtStage(msgspec.Struct, frozen=True):
    """From ``on`` someone stands at ``stage``; ``act`` is what brought it about.

    ``approx``: the day is known only roughly; ``on`` is the latest possible, from which it surely holds.
    """

    on: date
    stage: Stage
    act: OnBooks
    approx: ApproximateDay | None = None

    @property
    def first_on(self) -> date:
        """Return the first day from which it may hold."""
        return self.on if self.approx is None else self.approx.first


class InUnit(msgspec.Struct, frozen=True):
    """From ``on`` someone belongs to a unit; None: to one that is not on these books."""

    on: date
    unit_id: UUID | None
    act: OnBooks
