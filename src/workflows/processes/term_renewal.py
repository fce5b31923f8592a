"""TermRenewal (换届): from the day one is to be reminded of a term's end until a new election settles it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workflows.domain.unit.commands import IssueTermReminder, MarkTermDue, MarkTermOverdue, UnitCommand
from workflows.processes.effects import (
    DayCame,
    Effect,
    Matter,
    Message,
    Noticed,
    Notify,
    Record,
    Settled,
    Stage,
)

STAGES: tuple[Stage, ...] = ("reminder", "due", "overdue")


@dataclass(frozen=True, slots=True)
class TermRenewal:
    """Follows one term of office to the next election; reads neither a clock nor a store.

    ``term`` is the end of the term (rule ``branch-term``, its last day is ``due_on``); ``remind`` the duty to
    remind of it (``branch-term-remind``: six months ahead), None where no rule asks for one or somebody has
    done so.
    """

    term: Matter
    remind: Matter | None = None
    status: Literal["running", "reminder", "due", "overdue", "settled"] = "running"

    def decide(self, message: Message) -> tuple[Effect, ...]:
        """Return what to do about ``message``; () when it is late, repeated or not ours.

        Days that were missed are made up for by their event, never by a message: after a while of silence one
        is told only how things stand now.
        """
        ends_on = self.term.due_on
        match self.status, message:
            case "settled" | "overdue", _:
                return ()
            case "due", DayCame(on=day) if day > ends_on:
                return self._overdue(day)
            case "running" | "reminder", DayCame(on=day) if day > ends_on:
                return (self._due(day), *self._overdue(day))
            case "running" | "reminder", DayCame(on=day) if day == ends_on:
                return (self._due(day),)
            case "running", DayCame(on=day) if (
                self.remind is not None and self.remind.due_on <= day < ends_on
            ):
                command = IssueTermReminder(on=day, term_until=ends_on)
                return (
                    self._record(command, "reminder"),
                    Notify(self.remind, "reminder", to=("unit", "superior")),
                )
            case _:
                return ()

    def evolve(self, message: Message) -> TermRenewal:
        """Return the process after ``message``; never refuses, and never goes back a stage."""
        match message:
            case Noticed(stage=stage):
                return self if self._is_past(stage) else replace(self, status=stage)
            case Settled():
                return replace(self, status="settled")
            case DayCame():
                effects = self.decide(message)
                return replace(self, status=effects[-1].stage) if effects else self
        return self

    def _is_past(self, stage: Stage) -> bool:
        if self.status == "settled":
            return True
        return self.status != "running" and STAGES.index(self.status) > STAGES.index(stage)

    def _due(self, day: date) -> Record:
        return self._record(MarkTermDue(on=day, term_until=self.term.due_on), "due")

    def _overdue(self, day: date) -> tuple[Effect, ...]:
        command = MarkTermOverdue(on=day, term_until=self.term.due_on)
        return (
            self._record(command, "overdue"),
            Notify(self.term, "overdue", to=("unit", "superior")),
        )

    def _record(self, command: UnitCommand, stage: Stage) -> Record:
        return Record(command, self.term.key(stage), self.term, stage)
