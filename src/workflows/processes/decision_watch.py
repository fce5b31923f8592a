"""DecisionWatch: what somebody is to decide (建议) is told once, on the first day there is a cause for it."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.processes.effects import DayCame, Effect, Message, Notify
from workflows.processes.watch import Watch


@dataclass(frozen=True, slots=True)
class DecisionWatch(Watch):
    """Follows one proposal until it is decided; ``matter.due_on`` is the first day of its cause.

    The unit it is about and the one above, which decides, are told once; nothing is ever overdue by it. A
    cause taken back leaves no matter; one that begins on another day is told again.
    """

    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours."""
        match self.status, message:
            case "open", DayCame(on=day) if day >= self.matter.due_on:
                return (Notify(self.matter, "due", to=("unit", "superior")),)
            case _:
                return ()
