"""Identity: time-ordered ids for what a person does, derived ids for what is caused."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1c8f2e-3f0a-5c1e-9a57-7a6869627500")

NewId = Callable[[datetime], UUID]
"""Makes the id of something new at a moment; injected, so that a story can be played twice alike."""


def time_ordered(moment: datetime) -> UUID:
    """Return a fresh id (UUID version 7: 48 bits of milliseconds, then random bits)."""
    return _version7(moment, secrets.randbits(74))


def _version7(moment: datetime, noise: int) -> UUID:
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1)
    return UUID(int=value)


class SeededIds:
    """Ids that come out alike for the same seed: for the sandbox and the demo."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, moment: datetime) -> UUID:
        """Return the next id of this seed; it still sorts by time."""
        self._count += 1
        return _version7(moment, derived(self._seed, self._count).int & ((1 << 74) - 1))


def derived(*parts: object) -> UUID:
    """Return the id that follows from ``parts``: the same cause gives the same id (UUID version 5)."""
    return uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))
