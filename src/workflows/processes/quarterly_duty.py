"""QuarterlyDuty: a duty that comes back each quarter (month, year) is reminded of once and missed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from workflows.processes.effects import DayCame, Effect, Message, Notify
from workflows.processes.watch import Watch


@dataclass(frozen=True, slots=True)
class QuarterlyDuty(Watch):
    """Follows one period of a duty (三会一课); ``matter.due_on`` is the period's last day (inclusive).

    Not yet done ``remind_days`` before that day: one reminder; on the first day after it: one notice that
    it is missing. Monthly and yearly duties differ only in their ``remind_days``.
    """

    remind_days: int | None = None

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
