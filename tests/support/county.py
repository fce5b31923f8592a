"""A small county in memory: one branch with members, commands by name."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from workflows.application import commands
from workflows.application.amending import Amending, Amendment
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import MemoryApp, memory_app
from workflows.kernel.clock import moment_of


class County:
    """A county in memory under a clock that stands on the day of each act."""

    def __init__(self, app: MemoryApp | None = None) -> None:
        self.app = app or memory_app()
        self.amending = Amending(self.app.recording)

    def do(
        self,
        verb: str,
        on: date,
        *,
        person: UUID | None = None,
        unit: UUID | None = None,
        recorded_on: date | None = None,
        as_history: bool = False,
        command_id: UUID | None = None,
        named_unit: UUID | None = None,
        subject: str | None = None,
        **fields: Any,
    ) -> Outcome:
        """Record a command on the day of the act, or later."""
        self.app.clock.put(max(self.app.clock.now(), moment_of(recorded_on or on)))
        return self.app.recording.record(
            Request(
                command=commands.parse(verb, fields, on),
                actor="tester",
                origin="cli",
                person_id=person,
                unit_id=unit,
                named_unit_id=named_unit,
                subject=subject,
                as_history=as_history,
                reason="paper" if as_history else None,
                command_id=command_id,
            )
        )

    def branch(
        self, name: str = "甲支部", on: date = date(2020, 1, 1), under: UUID | None = None, **fields: Any
    ) -> UUID:
        """Set up a branch."""
        superior: dict[str, Any] = {} if under is None else {"superior": str(under), "named_unit": under}
        outcome = self.do("establish_unit", on, name=name, as_history=True, **superior, **fields)
        assert outcome.stream_id is not None
        return outcome.stream_id

    def member(self, unit: UUID, name: str, full_since: date = date(2010, 1, 1), **fields: Any) -> UUID:
        """Put a full member on the books."""
        outcome = self.do(
            "register_member",
            full_since,
            unit=unit,
            name=name,
            full_since=full_since,
            as_history=True,
            **fields,
        )
        assert outcome.stream_id is not None
        return outcome.stream_id

    def correct(self, event: UUID | int, field: str, value: Any, on: date) -> Outcome:
        """Correct one field of an event."""
        self.app.clock.put(max(self.app.clock.now(), moment_of(on)))
        return self.amending.amend(
            Amendment(event=event, actor="tester", origin="cli", reason="paper", field=field, value=value)
        )

    def retract(self, event: UUID | int, on: date) -> Outcome:
        """Withdraw an event."""
        self.app.clock.put(max(self.app.clock.now(), moment_of(on)))
        return self.amending.amend(Amendment(event=event, actor="tester", origin="cli", reason="paper"))
