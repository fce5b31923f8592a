"""LimitWatch: a limit of a course (期限) is announced, called on its last day, and missed at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from workflows.processes.effects import DayCame, Effect, Message, Notify
from workflows.processes.watch import Watch


@dataclass(frozen=True, slots=True)
class LimitWatch(Watch):
    """Follows one limit to its end.

    ``remind_days``: how many calendar days before the last day it is announced; None: it never is, and only
    its passing is told. Each stage is told once, and only the newest one that has come.
    """

    remind_days: int | None = None

    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours."""
        due_on = self.matter.due_on
        match self.status, message:
            case "settled" | "overdue", _:
                return ()
            case _, DayCame(on=day) if day > due_on:
                return (Notify(self.matter, "overdue"),)
            case "open" | "reminder", DayCame(on=day) if day == due_on and self.remind_days is not None:
                return (Notify(self.matter, "due"),)
            case "open", DayCame(on=day) if (
                self.remind_days is not None and due_on - timedelta(days=self.remind_days) <= day < due_on
            ):
                return (Notify(self.matter, "reminder"),)
            case _:
                return ()
