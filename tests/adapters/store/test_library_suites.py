"""The library's own contract suites for recorders and factories, on both databases, none skipped."""
# ruff: noqa: D101, D102  (a class for each suite and database: its name says all)

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.tests import persistence as suites
from eventsourcing.utils import Environment
from sqlalchemy.pool import QueuePool

from workflows.adapters.store.database import Database
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.factory import SqlFactory
from workflows.adapters.store.recorder import SnapshotRecorder, SqlRecorder


class OnSqlite:
    """The database of a test: an SQLite file."""

    url: str

    @pytest.fixture(autouse=True)
    def _database(self, sqlite_url: str) -> None:
        self.url = sqlite_url


class OnPostgres:
    """The database of a test: one of PostgreSQL."""

    url: str

    @pytest.fixture(autouse=True)
    def _database(self, pg_url: str) -> None:
        self.url = pg_url


class WithRecorder:
    """Makes the recorder under test, and lets go of its engine."""

    url: str

    @pytest.fixture(autouse=True)
    def _engine(self, _database: None) -> Iterator[None]:
        self.engine = make_engine(self.url)
        yield
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        while pool.checkedout():  # a suite leaves its reading threads to end by themselves
            time.sleep(0.01)
        self.engine.dispose()

    def create_recorder(self) -> SqlRecorder:
        recorder = SqlRecorder(Database.of(self.engine), "log")
        recorder.create_table()
        return recorder


class Subscribing:
    def test_insert_subscribe(self) -> None:
        """The library leaves it to each recorder whether it can subscribe: ours can, on SQLite too."""
        self.optional_test_insert_subscribe()  # type: ignore[attr-defined]


class WithSnapshots(WithRecorder):
    def create_recorder(self) -> Any:
        recorder = SnapshotRecorder(Database.of(self.engine), "log/snapshots")
        recorder.create_table()
        return recorder


class TestApplicationOnSqlite(
    OnSqlite, WithRecorder, Subscribing, suites.ApplicationRecorderTestCase[SqlRecorder]
): ...


class TestApplicationOnPostgres(
    OnPostgres, WithRecorder, Subscribing, suites.ApplicationRecorderTestCase[SqlRecorder]
): ...


class TestSnapshotsOnSqlite(OnSqlite, WithSnapshots, suites.AggregateRecorderTestCase): ...


class TestSnapshotsOnPostgres(OnPostgres, WithSnapshots, suites.AggregateRecorderTestCase): ...


class TestTrackingOnSqlite(OnSqlite, WithRecorder, suites.TrackingRecorderTestCase): ...


class TestTrackingOnPostgres(OnPostgres, WithRecorder, suites.TrackingRecorderTestCase): ...


class TestProcessOnSqlite(OnSqlite, WithRecorder, suites.ProcessRecorderTestCase): ...


class TestProcessOnPostgres(OnPostgres, WithRecorder, suites.ProcessRecorderTestCase): ...


class TestNonInterleavingOnSqlite(OnSqlite, WithRecorder, suites.NonInterleavingNotificationIDsBaseCase): ...


class TestNonInterleavingOnPostgres(
    OnPostgres, WithRecorder, suites.NonInterleavingNotificationIDsBaseCase
): ...


class OurTrackingRecorder(SqlRecorder):
    """A subclass named in the environment."""


class WithFactory:
    url: str

    @pytest.fixture(autouse=True)
    def _environment(self, _database: None) -> None:
        module = "workflows.adapters.store.factory"
        self.env = Environment("App", {"PERSISTENCE_MODULE": module, "DATABASE_URL": self.url})

    def expected_factory_class(self) -> type[SqlFactory]:
        return SqlFactory

    def expected_aggregate_recorder_class(self) -> type[SnapshotRecorder]:
        return SnapshotRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return SqlRecorder

    def expected_tracking_recorder_class(self) -> type[SqlRecorder]:
        return SqlRecorder

    def tracking_recorder_subclass(self) -> type[SqlRecorder]:
        return OurTrackingRecorder

    def expected_process_recorder_class(self) -> type[SqlRecorder]:
        return SqlRecorder


class TestFactoryOnSqlite(OnSqlite, WithFactory, suites.InfrastructureFactoryTestCase[SqlFactory]): ...


class TestFactoryOnPostgres(OnPostgres, WithFactory, suites.InfrastructureFactoryTestCase[SqlFactory]): ...


def test_a_factory_without_a_database_is_refused() -> None:
    assert "DATABASE_URL" not in os.environ
    with pytest.raises(OSError, match="DATABASE_URL"):
        SqlFactory(Environment("App", {}))
