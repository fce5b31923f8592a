"""The sweep: every stage of a limit that has come is noticed once, with its event and its messages.

What a sweep of some units notices, records and puts into the outbox stands in one transaction, which holds
the lock of the log: of two sweeps the second finds it done, and one that is cut off leaves nothing of its
part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from msgspec.structs import replace

from workflows.application.books import Books
from workflows.application.ports import Reading, Transaction
from workflows.application.recording import Batch, Recording, Request
from workflows.kernel.clock import today
from workflows.processes.effects import Record
from workflows.scheduler.plan import Days, Plan, Planner
from workflows.scheduler.ports import Addresses, Line, OpenLimits, Outbox, Wording

ACTOR = "system"
UNITS_AT_A_TIME = 100
LOG_CHANNEL = "log"
"""Its lines repeat the others for the operator: they are no message to anybody."""

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker sweeps now: nothing of this transaction may stand."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: how many events it recorded, what it put into the outbox (oldest day first)."""

    events: int = 0
    lines: tuple[Line, ...] = ()


class Sweep:
    """Works over the limits of all units as of a day."""

    def __init__(
        self,
        recording: Recording,
        limits: OpenLimits,
        outbox: Outbox,
        addresses: Addresses,
        wording: Wording,
    ) -> None:
        self._recording, self._outbox, self._wording = recording, outbox, wording
        self._planner = Planner(limits, outbox, addresses)
        self._done: tuple[date, int, bool] | None = None

    def run(
        self,
        on: date,
        *,
        begin_new: bool = True,
        may_write: Callable[[Transaction], bool] | None = None,
    ) -> Swept:
        """Notice what has come by ``on``, part by part; again on the same day it does nothing.

        For a day that has not come yet, only reminders are sent ahead: nothing is due or overdue by it.
        ``may_write`` is asked inside each transaction whether the lease is still ours.

        Raises:
            LeaseLost: it is not; what was committed before stands.
        """
        with self._recording.log.read() as reading:
            looked = (on, reading.head(), begin_new)
            if looked == self._done:
                return Swept()
            todo = [unit for plan in self._plans(reading, on, begin_new) for unit in plan.units]
        events, lines = 0, list[Line]()
        for part in _parts(todo):
            done: Swept = self._recording.work(partial(self._do, part, on, begin_new, may_write))
            events, lines = events + done.events, lines + list(done.lines)
        if not todo:
            self._done = looked
        return Swept(events, tuple(sorted(lines, key=lambda line: line.due_on)))

    def preview(self, on: date) -> Swept:
        """Return what :meth:`run` would do; writes nothing."""
        with self._recording.log.read() as reading:
            plans = list(self._plans(reading, on, begin_new=True))
        lines = sorted((line for plan in plans for line in plan.lines), key=lambda line: line.due_on)
        return Swept(sum(len(plan.records) for plan in plans), tuple(lines))

    def remind(self, on: date | None = None, *, dry_run: bool = False) -> dict[str, Any]:
        """Do one tick by hand and answer with what goes out, one row a matter and recipient.

        ``dry_run`` shows the same and records and sends nothing. Rows: ``unit, unit_id, person, person_id,
        matter, rule, due_on, days_left, status`` (due, overdue), ``stage`` (reminder, due, overdue, history),
        ``count, clause, channel, recipient, text``.
        """
        day = on or today(self._recording.clock)
        swept = self.preview(day) if dry_run else self.run(day)
        with self._recording.log.read() as reading:
            rows = self.rows(reading, swept.lines, day)
            position = reading.head()
        return {"rows": rows, "as_of": day.isoformat(), "known_on": None, "position": position}

    def rows(self, reading: Reading, lines: Iterable[Line], on: date) -> list[dict[str, Any]]:
        """Return lines in JSON form, with names as known now."""
        books = Books(reading, self._recording.rules)
        units = books.units_by_id
        rows = []
        for line in lines:
            if line.channel == LOG_CHANNEL:
                continue
            person = None if line.person_id is None else books.person_state(line.person_id).profile.name
            unit = units.get(line.unit_id, "")
            to = units.get(UUID(line.recipient)) if line.channel == "inbox" else line.recipient
            rows.append(
                {
                    "unit": unit,
                    "unit_id": str(line.unit_id),
                    "person": person,
                    "person_id": str(line.person_id) if line.person_id else None,
                    "matter": line.subject,
                    "rule": line.rule,
                    "due_on": line.due_on.isoformat(),
                    "days_left": (line.due_on - on).days,
                    "status": "overdue" if line.stage in ("overdue", "history") else "due",
                    "stage": line.stage,
                    "count": line.count,
                    "clause": line.clause,
                    "channel": line.channel,
                    "recipient": to,
                    "text": self._wording.text(line, unit=unit, person=person, on=on),
                }
            )
        return rows

    def _plans(self, reading: Reading, on: date, begin_new: bool) -> Iterator[Plan]:
        units = {entry.id: entry for entry in reading.directory.units()}
        days = Days(on, today(self._recording.clock))
        for part in _parts(list(units)):
            yield self._planner.plan(reading, units, part, days, begin_new=begin_new)

    def _do(
        self,
        chosen: Sequence[UUID],
        on: date,
        begin_new: bool,
        may_write: Callable[[Transaction], bool] | None,
        batch: Batch,
    ) -> Swept:
        transaction = batch.transaction
        if may_write is not None and not may_write(transaction):
            raise LeaseLost
        units = {entry.id: entry for entry in transaction.directory.units()}
        days = Days(on, today(self._recording.clock))
        plan = self._planner.plan(transaction, units, chosen, days, begin_new=begin_new)
        self._outbox.watch(transaction, plan.begun, days.begin)
        events = sum(self._record(batch, record, days) for record in plan.records)
        self._outbox.add(transaction, list(plan.notes.values()), plan.lines)
        return Swept(events, tuple(plan.lines))

    def _record(self, batch: Batch, record: Record, days: Days) -> int:
        """Record what a process asked for; a day to come is no day on which anything was done."""
        if batch.transaction.command(record.key) is not None:
            return 0
        request = Request(
            command=replace(record.command, on=days.begin),
            actor=ACTOR,
            origin="scheduler",
            unit_id=record.matter.unit_id,
            command_id=record.key,
        )
        outcome = batch.record(request)
        if outcome.refused:  # the message is true all the same; a rule of a pack may forbid the event
            log.warning("term-mark-refused", rule=record.matter.rule, unit=str(record.matter.unit_id))
            return 0
        return len(outcome.events)


def _parts(units: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(units), UNITS_AT_A_TIME):
        yield units[start : start + UNITS_AT_A_TIME]
