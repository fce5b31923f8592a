"""The clock: injected, never read by a rule or a state."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
"""Days are days of this zone, whatever the host's zone is."""

FIRST_DAY = date(1921, 7, 1)
"""Nothing on the books can be older than the party."""

LAST_DAY = date(2200, 1, 1)
"""Later days are slips of the pen; limits counted from them must still be days of the calendar."""


class Clock(Protocol):
    """Who asks for the time asks one of these."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands where it is put: for stories, tests and the demo."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment the clock was put to."""
        return self.moment

    def put(self, moment: datetime) -> None:
        """Put the clock to ``moment`` (aware)."""
        self.moment = moment


class SteeredClock(FixedClock):
    """The clock of the machine, but while somebody plays the past it stands where it is put."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._is_put = False

    def now(self) -> datetime:
        """Return the moment the clock was put to, else the present one."""
        return self.moment if self._is_put else datetime.now(UTC)

    def put(self, moment: datetime) -> None:
        """Put the clock to ``moment`` (aware) until it is released."""
        super().put(moment)
        self._is_put = True

    def release(self) -> None:
        """Let the clock run with the machine again."""
        self._is_put = False


def local_day(moment: datetime) -> date:
    """Return the calendar day of ``moment`` (aware) in Asia/Shanghai."""
    return moment.astimezone(LOCAL).date()


def can_be_asked(day: date) -> bool:
    """Say whether the books can be asked about a day: one on which something can stand on them."""
    return FIRST_DAY <= day <= LAST_DAY


def today(clock: Clock) -> date:
    """Return the local calendar day."""
    return local_day(clock.now())


def end_of_day(day: date) -> datetime:
    """Return the last moment (UTC) of a local day: what is known on a day is known to its end."""
    if day >= date.max - timedelta(days=1):
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC) - timedelta(
        microseconds=1
    )


def moment_of(day: date, hour: int = 9) -> datetime:
    """Return a moment (UTC) on a local day, office hours by default."""
    return datetime.combine(day, time(hour), LOCAL).astimezone(UTC)
