"""The wall clock against the monotonic one: a jump is recorded once and holds until it is settled."""

from datetime import UTC, datetime, timedelta

from workflows.kernel.clock import FixedClock
from workflows.scheduler.clock_guard import BACK, FORWARD, ClockGuard
from workflows.scheduler.ports import Jump

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Kept:
    """Jumps in memory."""

    def __init__(self) -> None:
        self.all: list[Jump] = []
        self.settled: list[str] = []
        self.open: list[Jump] = []

    def record(self, jump: Jump) -> None:
        """Keep a jump."""
        self.all.append(jump)
        self.open.append(jump)

    def held(self) -> Jump | None:
        """Return the newest one not settled."""
        return self.open[-1] if self.open else None

    def settle(self, by: str) -> int:
        """Settle all."""
        self.settled.append(by)
        count, self.open = len(self.open), []
        return count


class Machine:
    """A machine whose two clocks can be moved."""

    def __init__(self) -> None:
        self.clock, self.ticks, self.jumps = FixedClock(NOON), 1000.0, Kept()
        self.guard = ClockGuard(self.clock, self.jumps, ticks=lambda: self.ticks)
        self.look()

    def pass_(self, time: timedelta, *, jump: timedelta = timedelta()) -> str:
        """Let time pass and the wall clock jump."""
        self.ticks += time.total_seconds()
        self.clock.put(self.clock.now() + time + jump)
        return self.look()

    def look(self) -> str:
        """Look at the clocks."""
        return self.guard.look()


def test_a_steady_clock_is_believed() -> None:
    machine = Machine()
    assert [machine.pass_(MINUTE) for _ in range(100)] == ["steady"] * 100
    assert machine.jumps.all == []


def test_a_clock_set_gently_is_no_jump() -> None:
    machine = Machine()
    assert {machine.pass_(MINUTE, jump=-timedelta(seconds=1)) for _ in range(1000)} == {"steady"}


def test_jumps_up_to_the_bounds_are_no_jumps() -> None:
    assert Machine().pass_(MINUTE, jump=-BACK) == "steady"
    assert Machine().pass_(MINUTE, jump=FORWARD) == "steady"
    assert Machine().pass_(MINUTE, jump=-BACK - MINUTE) == "back"
    assert Machine().pass_(MINUTE, jump=FORWARD + MINUTE) == "forward"


def test_a_jump_of_a_year_is_recorded_once_and_holds() -> None:
    machine = Machine()
    assert machine.pass_(MINUTE, jump=timedelta(days=365)) == "forward"
    assert [machine.pass_(MINUTE) for _ in range(5)] == ["forward"] * 5
    (jump,) = machine.jumps.all
    assert (jump.kind, jump.seconds, jump.expected_at) == ("forward", 365 * 86400, NOON + MINUTE)


def test_a_clock_put_right_again_lets_go() -> None:
    machine = Machine()
    machine.pass_(MINUTE, jump=-timedelta(hours=1))
    assert machine.jumps.held() is not None
    assert machine.pass_(MINUTE, jump=timedelta(hours=1)) == "steady"
    assert machine.jumps.settled == ["clock"]


def test_a_person_may_say_that_the_clock_is_right() -> None:
    machine = Machine()
    machine.pass_(MINUTE, jump=timedelta(days=1))
    assert machine.guard.confirm("王") == 1
    assert machine.pass_(MINUTE) == "steady"
    assert machine.jumps.settled == ["王"]


def test_the_clock_of_the_database_decides_where_there_is_one() -> None:
    machine = Machine()
    machine.ticks += 60
    machine.clock.put(NOON + timedelta(hours=3))  # the machine slept, and its ticks with it
    assert machine.guard.look(database_now=NOON + timedelta(hours=3)) == "steady"
    assert machine.guard.look(database_now=NOON) == "forward"
    assert machine.guard.look(database_now=NOON + timedelta(hours=3)) == "steady"
    assert machine.jumps.settled == ["database"]


def test_a_clock_behind_the_newest_event_was_set_back_while_nobody_ran() -> None:
    machine = Machine()
    assert machine.guard.look(recorded_at=NOON + timedelta(days=1)) == "back"
    assert machine.guard.look(recorded_at=NOON + BACK) == "steady"


def test_a_jump_found_before_a_restart_still_holds() -> None:
    machine = Machine()
    machine.pass_(MINUTE, jump=timedelta(days=1))
    restarted = ClockGuard(machine.clock, machine.jumps, ticks=lambda: 5.0)
    assert restarted.look() == "forward"
    assert restarted.confirm("王") == 1
    assert restarted.look() == "steady"
