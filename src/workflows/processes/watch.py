"""Watch: what every process has in common; a process adds what it decides when a day comes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from workflows.processes.effects import DayCame, Effect, Matter, Message, Noticed, Settled, Stage

STAGES: tuple[Stage, ...] = ("reminder", "due", "overdue")
"""In the order in which they come."""


@dataclass(frozen=True, slots=True)
class Watch(ABC):
    """Follows one matter to its end; reads neither a clock nor a store.

    ``status`` is the newest stage that was noticed: "open" before the first, "settled" when it was done.
    """

    matter: Matter
    status: Literal["open", "reminder", "due", "overdue", "settled"] = field(default="open", kw_only=True)

    @abstractmethod
    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours."""

    def evolve(self, message: Message) -> Self:
        """Return the process after ``message``; never refuses, and never goes back a stage."""
        match message:
            case Noticed(stage=stage):
                return self if self._is_past(stage) else replace(self, status=stage)
            case Settled():
                return replace(self, status="settled")
            case DayCame():
                effects = self.decide(message)
                return replace(self, status=effects[-1].stage) if effects else self

    def _is_past(self, stage: Stage) -> bool:
        if self.status == "settled":
            return True
        return self.status != "open" and STAGES.index(self.status) > STAGES.index(stage)
