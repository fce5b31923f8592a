"""Builds the whole from settings; the only place that chooses adapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from workflows.adapters import packs
from workflows.adapters.memory import MemoryLog, PlainIdentity
from workflows.application.recording import Recording
from workflows.application.story import Story
from workflows.kernel.clock import FixedClock
from workflows.kernel.ids import SeededIds
from workflows.policies.rules import Rules


@dataclass(frozen=True, slots=True)
class MemoryApp:
    """Everything a story needs, over a log in memory."""

    log: MemoryLog
    clock: FixedClock
    rules: Rules
    recording: Recording


def memory_app(
    pack_names: Sequence[str] = ("central",),
    *,
    base: Path | None = None,
    holidays: Sequence[date] = (),
    workdays: Sequence[date] = (),
    seed: str = "story",
) -> MemoryApp:
    """Return an empty county in memory under a clock of its own.

    Raises:
        WrongUsage: a pack that is not there or cannot be read.
    """
    calendar = packs.calendar().with_overrides(frozenset(holidays), frozenset(workdays))
    rules = Rules(packs.stacked(pack_names, base), calendar)
    clock = FixedClock(datetime(2000, 1, 1, tzinfo=UTC))
    log = MemoryLog(clock)
    recording = Recording(log, rules, clock, PlainIdentity(), SeededIds(seed), allow_future=True)
    return MemoryApp(log, clock, rules, recording)


def story_app(story: Story, base: Path | None = None) -> MemoryApp:
    """Return an empty county in memory with the packs and the calendar of a story."""
    days = story.calendar
    return memory_app(
        story.packs, base=base, holidays=days.holidays, workdays=days.workdays, seed=story.title
    )
