"""Moments as the tables keep them: whole microseconds since 1970, UTC, alike on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(when: datetime) -> int:
    """Return an aware moment as microseconds since 1970, UTC."""
    return (when - EPOCH) // MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return the moment (aware, UTC) of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=microseconds)
