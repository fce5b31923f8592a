"""The scheduler of one process: the lease, the clock, the sweep, the post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

import structlog

from workflows.application.ports import Log, Transaction
from workflows.kernel.clock import Clock, today
from workflows.scheduler.clock_guard import ClockGuard
from workflows.scheduler.ports import Jumps, Lease, Leases, Sending
from workflows.scheduler.sweep import LeaseLost, Sweep
from workflows.scheduler.ticker import SECONDS, Ticker

log = structlog.get_logger(__name__)

Ticked = Literal["idle", "swept", "not-ours", "clock"]


class Moments(Protocol):
    """Other clocks than this machine's."""

    def recorded_at(self) -> datetime | None:
        """Return when the newest event was recorded."""
        ...

    def database_now(self) -> datetime | None:
        """Return the clock of a database on another machine, None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Tick:
    """What a tick did; ``clock``: the wall clock runs ahead, so nothing was swept."""

    what: Ticked
    events: int = 0
    lines: int = 0
    sent: int = 0


class Scheduler:
    """Ticks until it is stopped; any number may run, one of them sweeps."""

    def __init__(
        self,
        log_: Log,
        clock: Clock,
        sweep: Sweep,
        sending: Sending,
        leases: Leases,
        jumps: Jumps,
        moments: Moments,
        holder: str,
        *,
        seconds: float = SECONDS,
        first: Callable[[], object] | None = None,
    ) -> None:
        """Build it; ``holder`` names this process among the workers, every ``seconds`` it ticks.

        ``first`` is done at the beginning of each tick: it brings the views up to the log.
        """
        self._first = first
        self._log, self._clock, self.sweep, self._sending = log_, clock, sweep, sending
        self._leases, self._moments, self._holder = leases, moments, holder
        self._jumps = jumps
        self.guard = ClockGuard(clock, jumps)
        self._ticker = Ticker(self.tick, seconds=seconds)
        self._head: int | None = None
        self._lease: Lease | None = None

    def start(self) -> None:
        """Tick from now on, in a thread of its own."""
        self._ticker.start()

    def wake(self) -> None:
        """Tick now."""
        self._ticker.wake()

    def stop(self) -> None:
        """End, and let another worker sweep at once; again does nothing."""
        self._ticker.stop()
        if self._lease is not None:
            self._leases.give_up(self._lease)
            self._lease = None

    close = stop

    def tick(self) -> Tick:
        """Do what has come: look at the clocks, sweep if the lease is ours, hand over what waits."""
        if self._first is not None:
            self._first()
        standing = self.guard.look(
            recorded_at=self._moments.recorded_at(), database_now=self._moments.database_now()
        )
        self._lease = lease = self._leases.take(self._holder)
        if lease is None:
            return Tick("not-ours")
        if standing == "forward":
            return Tick("clock", sent=self._sending.run(held=True))

        def may_write(transaction: Transaction) -> bool:
            return self._leases.is_ours(transaction, lease)

        try:
            swept = self.sweep.run(today(self._clock), begin_new=self._is_quiet(), may_write=may_write)
        except LeaseLost:
            log.info("lease-lost", epoch=lease.epoch)
            return Tick("not-ours")
        sent = self._sending.run(held=standing != "steady")
        if swept.lines or swept.events:
            log.info("swept", events=swept.events, lines=len(swept.lines), sent=sent)
        return Tick("swept" if swept.lines or swept.events else "idle", swept.events, len(swept.lines), sent)

    def remind(self, on: date | None = None, *, dry_run: bool = False) -> dict[str, Any]:
        """Do one tick by hand for a day, whoever holds the lease; see :meth:`Sweep.remind`."""
        answer = self.sweep.remind(on, dry_run=dry_run)
        if not dry_run:
            self._sending.run(held=self._jumps.held() is not None)
        return answer

    def clock_warning(self) -> dict[str, Any] | None:
        """Return the jump because of which messages are held, for a banner; None when all is well."""
        held = self._jumps.held()
        if held is None:
            return None
        return {
            "kind": held.kind,
            "seconds": held.seconds,
            "noticed_at": held.noticed_at.isoformat(),
            "expected_at": held.expected_at.isoformat(),
        }

    def confirm_clock(self, by: str) -> int:
        """Let messages go on a person's word that the clock is right."""
        return self.guard.confirm(by)

    def _is_quiet(self) -> bool:
        """Say whether nothing was recorded since the last tick: a new unit's books may just be filled."""
        with self._log.read() as reading:
            head = reading.head()
        before, self._head = self._head, head
        return head == before
