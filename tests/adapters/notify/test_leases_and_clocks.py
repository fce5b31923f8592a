"""Of several workers one sweeps, by the database's clock; jumps are kept for all of them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from tests.support.sqllog import LOG_ID
from workflows.adapters.notify.clocks import SqlJumps, SqlMoments
from workflows.adapters.notify.leases import SqlLeases, database_micros
from workflows.adapters.notify.tables import prepare
from workflows.adapters.store.database import Database
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.schema import prepare as prepare_store
from workflows.adapters.store.times import moment
from workflows.application.ports import Transaction
from workflows.kernel.clock import FixedClock, SystemClock
from workflows.scheduler.ports import Jump, Lease

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database.of(make_engine(database_url))
    prepare_store(found)
    prepare(found)
    prepare(found)
    yield found
    found.engine.dispose()


def is_ours(database: Database, leases: SqlLeases, lease: Lease) -> bool:
    with database.reading() as connection:
        return leases.is_ours(cast(Transaction, SimpleNamespace(connection=connection)), lease)


def test_the_first_takes_the_lease_and_keeps_it_with_its_epoch(database: Database) -> None:
    leases = SqlLeases(database, LOG_ID)
    assert leases.take("a") == Lease("a", 1)
    assert leases.take("b") is None
    assert leases.take("a") == Lease("a", 1)


def test_a_lease_that_ran_out_goes_to_another_and_the_late_one_finds_a_higher_epoch(
    database: Database,
) -> None:
    leases = SqlLeases(database, LOG_ID, lasts=timedelta(milliseconds=50))
    late = leases.take("a")
    assert late is not None
    time.sleep(0.1)  # by the database's clock: no other can be put forward
    assert SqlLeases(database, LOG_ID).take("b") == Lease("b", 2)
    assert not is_ours(database, leases, late)
    assert is_ours(database, leases, Lease("b", 2))


def test_who_comes_back_after_a_break_gets_a_new_epoch(database: Database) -> None:
    leases = SqlLeases(database, LOG_ID, lasts=timedelta(milliseconds=50))
    leases.take("a")
    time.sleep(0.1)
    assert leases.take("a") == Lease("a", 2)


def test_a_lease_given_up_is_free_at_once(database: Database) -> None:
    leases = SqlLeases(database, LOG_ID)
    mine = leases.take("a")
    assert mine is not None
    leases.give_up(mine)
    assert leases.take("b") == Lease("b", 2)
    leases.give_up(mine)  # no longer mine: changes nothing
    assert leases.take("c") is None


def test_logs_have_leases_of_their_own(database: Database) -> None:
    assert SqlLeases(database, LOG_ID).take("a") is not None
    assert SqlLeases(database, "another").take("b") is not None


def test_the_clock_of_the_database_is_read_in_microseconds(database: Database) -> None:
    with database.reading() as connection:
        found = moment(database_micros(connection))
    assert abs(found - SystemClock().now()) < timedelta(minutes=1)


def test_a_database_on_this_machine_is_no_other_clock(database: Database) -> None:
    assert SqlMoments(database, LOG_ID).database_now() is None
    assert SqlMoments(database, LOG_ID).recorded_at() is None


def test_a_jump_is_kept_once_and_holds_until_it_is_settled(database: Database) -> None:
    jumps = SqlJumps(database, LOG_ID, FixedClock(NOON))
    assert jumps.held() is None
    jump = Jump("forward", 86400, NOON + timedelta(days=1), NOON)
    jumps.record(jump)
    jumps.record(jump)
    assert SqlJumps(database, LOG_ID, FixedClock(NOON)).held() == jump
    assert jumps.settle("王") == 1
    assert jumps.held() is None
    assert jumps.settle("王") == 0
