"""TermRenewal (换届): from the day one is to be reminded of a term's end until a new election settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.domain.unit.commands import IssueTermReminder, MarkTermDue, MarkTermOverdue, UnitCommand
from workflows.processes.effects import DayCame, Effect, Matter, Message, Notify, Record, Stage
from workflows.processes.watch import Watch


@dataclass(frozen=True, slots=True)
class TermRenewal(Watch):
    """Follows one term of office to the next election.

    ``matter`` is the end of the term (rule ``branch-term``, its last day is ``due_on``); ``remind`` the duty
    to remind of it (``branch-term-remind``: six months ahead), None where no rule asks for one or somebody
    has done so.
    """

    remind: Matter | None = None

    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours.

        Days that were missed are made up for by their event, never by a message: after a while of silence one
        is told only how things stand now.
        """
        ends_on = self.matter.due_on
        match self.status, message:
            case "settled" | "overdue", _:
                return ()
            case "due", DayCame(on=day) if day > ends_on:
                return self._overdue(day)
            case "open" | "reminder", DayCame(on=day) if day > ends_on:
                return (self._due(day), *self._overdue(day))
            case "open" | "reminder", DayCame(on=day) if day == ends_on:
                return (self._due(day),)
            case "open", DayCame(on=day) if self.remind is not None and self.remind.due_on <= day < ends_on:
                command = IssueTermReminder(on=day, term_until=ends_on)
                return (
                    self._record(command, "reminder"),
                    Notify(self.remind, "reminder", to=("unit", "superior")),
                )
            case _:
                return ()

    def _due(self, day: date) -> Record:
        return self._record(MarkTermDue(on=day, term_until=self.matter.due_on), "due")

    def _overdue(self, day: date) -> tuple[Effect, ...]:
        command = MarkTermOverdue(on=day, term_until=self.matter.due_on)
        return (
            self._record(command, "overdue"),
            Notify(self.matter, "overdue", to=("unit", "superior")),
        )

    def _record(self, command: UnitCommand, stage: Stage) -> Record:
        return Record(command, self.matter.key(stage), self.matter, stage)
