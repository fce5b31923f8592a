"""The heartbeat goes on when APScheduler is silent, and when a tick fails."""

import threading

from workflows.scheduler.ticker import Ticker


def test_the_first_tick_comes_at_once_and_others_follow() -> None:
    ticks = threading.Semaphore(0)
    ticker = Ticker(ticks.release, seconds=0.05)
    ticker.start()
    ticker.start()
    try:
        assert all(ticks.acquire(timeout=5) for _ in range(3))
    finally:
        ticker.stop()
        ticker.stop()


def test_it_ticks_by_the_monotonic_clock_when_apscheduler_is_silent() -> None:
    ticks = threading.Semaphore(0)
    ticker = Ticker(ticks.release, seconds=0.05)
    ticker.start()
    try:
        assert ticker._scheduler is not None
        ticker._scheduler.pause()  # as after the wall clock was set back
        assert all(ticks.acquire(timeout=5) for _ in range(4))
    finally:
        ticker.stop()


def test_a_tick_that_fails_does_not_silence_the_next() -> None:
    ticks = threading.Semaphore(0)

    def fails() -> None:
        ticks.release()
        raise OSError("no database")

    ticker = Ticker(fails, seconds=0.05)
    ticker.start()
    try:
        assert all(ticks.acquire(timeout=5) for _ in range(3))
    finally:
        ticker.stop()


def test_it_can_be_woken() -> None:
    ticks = threading.Semaphore(0)
    ticker = Ticker(ticks.release, seconds=30)
    ticker.start()
    try:
        assert ticks.acquire(timeout=5)
        ticker.wake()
        assert ticks.acquire(timeout=5)
    finally:
        ticker.stop()
