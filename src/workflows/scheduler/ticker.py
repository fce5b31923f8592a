"""The heartbeat: woken by APScheduler and, should the wall clock mislead it, by the monotonic one as well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

SECONDS = 60

log = structlog.get_logger(__name__)


class Ticker:
    """Calls ``tick`` in one thread of its own, never twice at once.

    APScheduler only sets the alarm: one job in memory, ``coalesce`` and no misfire grace, so that a machine
    that slept does not miss its turn. Set back an hour, it would stay silent for that hour; hence the wait is
    never longer than ``seconds`` on the monotonic clock.
    """

    def __init__(self, tick: Callable[[], object], *, seconds: float = SECONDS) -> None:
        self._tick, self._seconds = tick, seconds
        self._alarm, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Begin; the first tick comes at once. Again does nothing."""
        if self._thread is not None:
            return
        self._ended.clear()
        self._alarm.set()
        self._scheduler = BackgroundScheduler(timezone=UTC, daemon=True)
        self._scheduler.add_job(
            self._alarm.set,
            "interval",
            seconds=self._seconds,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        self._scheduler.start()
        self._thread = threading.Thread(target=self._run, name="zhibu ticker", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have the next tick come now."""
        self._alarm.set()

    def stop(self) -> None:
        """End after the tick that runs; again does nothing."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        self._ended.set()
        self._alarm.set()
        thread.join()

    def _run(self) -> None:
        while True:
            self._alarm.wait(self._seconds)
            self._alarm.clear()
            if self._ended.is_set():
                return
            try:
                self._tick()
            except Exception as error:  # one tick that fails must not silence all that follow
                log.error("tick-failed", error=type(error).__name__, exc_info=True)
