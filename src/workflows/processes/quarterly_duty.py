"""QuarterlyDuty: a duty that comes back each quarter (month, year) is reminded of once and missed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from workflows.processes.effects import DayCame, Effect, Matter, Message, Noticed, Notify, Settled


@dataclass(frozen=True, slots=True)
class QuarterlyDuty:
    """Follows one period of a duty (三会一课); ``matter.due_on`` is the period's last day (inclusive).

    Not yet done ``remind_days`` before that day: one reminder; on the first day after it: one notice that
    it is missing. Monthly and yearly duties differ only in their ``remind_days``.
    """

    matter: Matter
    remind_days: int | None = None
    status: Literal["open", "reminder", "due", "overdue", "settled"] = "open"

    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours."""
        last = self.matter.due_on
        match self.status, message:
            case "settled" | "overdue", _:
                return ()
            case _, DayCame(on=day) if day > last:
                return (Notify(self.matter, "overdue"),)
            case "open", DayCame(on=day) if self.remind_days is not None and day >= last - timedelta(
                days=self.remind_days
            ):
                return (Notify(self.matter, "reminder"),)
            case _:
                return ()

    def evolve(self, message: Message) -> QuarterlyDuty:
        """Return the watch after ``message``; never refuses."""
        match message:
            case Noticed(stage=stage):
                return replace(self, status=stage)
            case Settled():
                return replace(self, status="settled")
            case DayCame():
                for effect in self.decide(message):
                    return replace(self, status=effect.stage)
        return self
