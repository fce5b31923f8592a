"""Is the wall clock to be believed? Compared with the monotonic one, the log and the database's.

A jump of more than five minutes back or an hour forward is recorded and holds what leaves the house, until
the clock agrees again or a person confirms it. A clock that runs ahead also stops the sweep: nothing is to be
called overdue because somebody mistyped the year.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from workflows.kernel.clock import Clock
from workflows.scheduler.ports import Jump, Jumps

BACK = timedelta(minutes=5)
FORWARD = timedelta(hours=1)
BY_CLOCK = "clock"
BY_DATABASE = "database"

Standing = Literal["steady", "back", "forward"]


def monotonic() -> float:
    """Return seconds that never jump; time spent asleep counts where the system can tell (a laptop's lid)."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class ClockGuard:
    """Watches one process's clock; jumps are kept for all processes."""

    def __init__(self, clock: Clock, jumps: Jumps, *, ticks: Callable[[], float] = monotonic) -> None:
        self._clock, self._jumps, self._ticks = clock, jumps, ticks
        self._start: tuple[datetime, float] | None = None
        self._told: Standing = "steady"

    def look(self, *, recorded_at: datetime | None = None, database_now: datetime | None = None) -> Standing:
        """Compare the clocks and say how the wall clock stands; a jump is recorded once.

        ``recorded_at`` is the moment of the newest event: a clock well behind it was set back while nobody
        ran. ``database_now`` is the clock of a database on another machine; where it agrees with the wall
        clock, the wall clock is right and what was held may go.
        """
        now, ticks = self._clock.now(), self._ticks()
        if self._start is None:
            self._start = now, ticks
        expected = self._start[0] + timedelta(seconds=ticks - self._start[1])
        if database_now is not None:
            expected = database_now
        elif recorded_at is not None and recorded_at - now > BACK:
            expected = max(expected, recorded_at)
        standing = _standing(now, expected)
        if standing == "steady":
            if self._told != "steady" or (database_now is not None and self._jumps.held() is not None):
                self._jumps.settle(BY_CLOCK if database_now is None else BY_DATABASE)
            self._told, self._start = "steady", (now, ticks)  # a clock that is set gently does not jump
            return self._of_others()
        if standing != self._told:
            gained = round((now - expected).total_seconds())
            self._jumps.record(Jump(standing, gained, now, expected))
            self._told = standing
        return standing

    def confirm(self, by: str) -> int:
        """Take the clock as it stands for right, on a person's word; return how many jumps that settles."""
        self._start = self._clock.now(), self._ticks()
        self._told = "steady"
        return self._jumps.settle(by)

    def _of_others(self) -> Standing:
        """Return the standing another process found, or this one before it was restarted."""
        held = self._jumps.held()
        return "steady" if held is None else held.kind


def _standing(now: datetime, expected: datetime) -> Standing:
    if expected - now > BACK:
        return "back"
    if now - expected > FORWARD:
        return "forward"
    return "steady"
