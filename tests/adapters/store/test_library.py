"""The library's applications, repositories, subscriptions and projections on our persistence module."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import DatabaseError, IntegrityError, Mapper, StoredEvent, Tracking
from eventsourcing.projection import ApplicationSubscription, Projection, ProjectionRunner
from sqlalchemy import Column, Engine, Integer, MetaData, Table, func, select

from tests.adapters.store.sample import Noted, a_stream, noted, opened
from workflows.adapters.keys import KeyStore
from workflows.adapters.store.chain import verify
from workflows.adapters.store.database import Database
from workflows.adapters.store.factory import SqlFactory
from workflows.adapters.store.library import LibraryMapper
from workflows.adapters.store.mapper import EventMapper
from workflows.adapters.store.recorder import SqlRecorder
from workflows.adapters.store.store import Store
from workflows.adapters.store.tables import tracking
from workflows.kernel.clock import FixedClock
from workflows.kernel.events import NewEvent, Recorded


class Counter(Aggregate):
    """An aggregate of the library."""

    def __init__(self) -> None:
        self.count = 0

    @event("Counted")
    def add(self, amount: int) -> None:
        """Count on."""
        self.count += amount


class Counters(Application[UUID]):
    """An application of the library."""

    def start(self) -> UUID:
        """Begin a counter."""
        counter = Counter()
        self.save(counter)
        return counter.id

    def add(self, counter_id: UUID, amount: int) -> int | None:
        """Count on; returns the position."""
        counter: Counter = self.repository.get(counter_id)
        counter.add(amount)
        return self.save(counter)[-1].notification.id


class Total(SqlRecorder):
    """A view beside the tracking, in one transaction."""

    table = Table("total_of_test", MetaData(), Column("amount", Integer, nullable=False))

    def create_table(self) -> None:
        """Make the tables."""
        super().create_table()
        with self.database.writing() as connection:
            self.table.create(connection, checkfirst=True)

    def add(self, amount: int, tracking: Tracking) -> None:
        """Note an amount and the position it came from."""
        with self.database.writing(self.log.log_id) as connection:
            connection.execute(self.table.insert().values(amount=amount))
            self.insert_events([], tracking=tracking, connection=connection)

    @property
    def sum(self) -> int:
        """All amounts."""
        with self.database.reading() as connection:
            total: int = connection.execute(
                select(func.coalesce(func.sum(self.table.c.amount), 0))
            ).scalar_one()
            return total


class Totals(Projection[Total]):
    """A projection of the library."""

    name = "totals"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Take in one event."""
        self.view.add(getattr(domain_event, "amount", 0), tracking)


@pytest.fixture
def env(database_url: str) -> Iterator[dict[str, str]]:
    """The environment of an application on our module; its engine is closed afterwards."""
    env = {"PERSISTENCE_MODULE": "workflows.adapters.store.factory", "DATABASE_URL": database_url}
    factory = SqlFactory(env)
    yield env
    factory.database.engine.dispose()
    factory.close()


def test_an_application_saves_and_loads(env: dict[str, str]) -> None:
    with Counters(env={**env, "IS_SNAPSHOTTING_ENABLED": "y"}) as app:
        one, other = app.start(), app.start()
        assert [app.add(one, 2), app.add(other, 3), app.add(one, 5)] == [3, 4, 5]
        assert [app.repository.get(counter).count for counter in (one, other)] == [7, 3]
        assert app.repository.get(one, version=2).count == 2
        app.take_snapshot(one)
        assert app.snapshots is not None
        assert len(list(app.snapshots.get(one))) == 1
        app.add(one, 1)
        assert app.repository.get(one).count == 8
        with pytest.raises(AggregateNotFoundError):
            app.repository.get(a_stream())
        log = app.notification_log.select(start=2, limit=10)
        assert [notification.id for notification in log] == [2, 3, 4, 5, 6]
    with Counters(env=env) as again:
        assert again.repository.get(one).count == 8


def test_a_stale_aggregate_is_a_conflict(env: dict[str, str]) -> None:
    with Counters(env=env) as app:
        counter_id = app.start()
        one: Counter = app.repository.get(counter_id)
        other: Counter = app.repository.get(counter_id)
        for counter in (one, other):
            counter.add(1)
        app.save(one)
        with pytest.raises(IntegrityError):
            app.save(other)
        assert app.repository.get(counter_id).count == 1


def test_a_subscription_hears_what_is_saved_later_and_elsewhere(env: dict[str, str]) -> None:
    with Counters(env=env) as app, Counters(env=env) as elsewhere:
        counter = app.start()
        with ApplicationSubscription(app, gt=None) as subscription:
            heard = [next(subscription)[1].notification_id]
            app.add(counter, 1)
            heard.append(next(subscription)[1].notification_id)
            elsewhere.add(counter, 1)
            heard.append(next(subscription)[1].notification_id)
        assert heard == [1, 2, 3]


def test_a_projection_follows_exactly_once(env: dict[str, str]) -> None:
    with Counters(env=env) as app:
        counter = app.start()
        app.add(counter, 40)
    for more in (2, 3):  # the second runner goes on where the first has stopped
        with ProjectionRunner(
            application_class=Counters, projection_class=Totals, view_class=Total, env=env
        ) as runner:
            position = runner.app.add(counter, more)
            runner.wait(position, timeout=10)
    assert runner.view.sum == 45
    assert runner.view.max_tracking_id("Counters") == 4
    with pytest.raises(IntegrityError):
        runner.view.add(5, Tracking("Counters", 4))
    assert runner.view.sum == 45


def test_each_application_has_a_log_of_its_own(env: dict[str, str]) -> None:
    class Others(Counters):
        pass

    with Counters(env=env) as app, Others(env=env) as others:
        app.start()
        assert others.add(others.start(), 1) == 2
        assert others.recorder.max_notification_id() == 2
        assert app.recorder.max_notification_id() == 1


def test_errors_are_those_of_the_library(open_engine: Callable[..., Engine], database_url: str) -> None:
    recorder = SqlRecorder(Database.of(open_engine(database_url)), "log")
    with pytest.raises(DatabaseError):
        recorder.max_notification_id()  # there are no tables yet


# --- our own events through the library -----------------------------------------------------------------


@dataclass(frozen=True)
class Notes:
    """A state folded from our events."""

    version: int
    names: tuple[str | None, ...] = field(default=())


def project(notes: Notes | None, records: Sequence[Recorded]) -> Notes | None:
    """Fold records; a projector function of the library's repository."""
    for record in records:
        names = notes.names if notes else ()
        if isinstance(record.event, Noted):
            names = (*names, record.event.name)
        notes = Notes(record.version, names)
    return notes


def test_our_events_go_through_the_librarys_repository(
    env: dict[str, str], open_store: Callable[..., Store], keys: KeyStore, clock: FixedClock
) -> None:
    class Ours(Application[UUID]):
        name = "county"

        def construct_mapper(self) -> Mapper[UUID]:
            return LibraryMapper(EventMapper(keys), keys)

    stream = a_stream()
    with Ours(env=env) as app:
        app.events.put([opened(stream), noted(stream, 2, name="王")])  # type: ignore[list-item]
        store = open_store(env["DATABASE_URL"])
        with store.write() as unit:  # the same log
            unit.append([noted(stream, 3, name="李")])
        repository: Any = app.repository  # typed for the library's own events
        assert repository.get(stream, projector_func=project) == Notes(3, ("王", "李"))
        with app.recorder.subscribe(gt=0) as subscription:
            records: list[Any] = [app.mapper.to_domain_event(next(subscription)) for _ in range(3)]
        with store.read() as reader:
            assert records == reader.load(stream)
        keys.erase(stream)
        assert repository.get(stream, projector_func=project) == Notes(3, (None, None))
    assert store.verify().faults == ()


def test_a_stored_event_without_its_row_is_refused(keys: KeyStore) -> None:
    mapper = LibraryMapper(EventMapper(keys), keys)
    with pytest.raises(TypeError):
        mapper.to_domain_event(StoredEvent(a_stream(), 1, "test-store.opened", b"{}"))


def test_headers_come_as_keywords_too(
    open_engine: Callable[..., Engine], database_url: str, keys: KeyStore
) -> None:
    recorder = SqlRecorder(Database.of(open_engine(database_url)), "log")
    recorder.create_table()
    new: NewEvent = noted(a_stream())
    stored: Any = LibraryMapper(EventMapper(keys), keys).to_stored_event(new)
    plain = StoredEvent(stored.originator_id, stored.originator_version, stored.topic, stored.state)
    recorder.insert_events([plain], headers=[stored.header])
    with recorder.database.reading() as connection:
        rows = list(recorder.log.all_since(connection))
        assert (rows[0].event_id, rows[0].actor, rows[0].effective_on) == (
            new.event_id,
            "u-12",
            new.event.effective_on,
        )
        assert verify("log", rows).faults == ()


def test_events_tracking_and_views_share_a_transaction(
    open_engine: Callable[..., Engine], database_url: str
) -> None:
    recorder = Total(Database.of(open_engine(database_url)), "log")
    recorder.create_table()

    def act(position: int) -> None:
        with recorder.database.writing("log") as connection:
            connection.execute(Total.table.insert().values(amount=1))
            stored = StoredEvent(a_stream(), 1, "topic", b"{}")
            recorder.insert_events([stored], tracking=Tracking("up", position), connection=connection)

    act(1)
    with pytest.raises(IntegrityError):
        act(1)
    with recorder.database.reading() as connection:
        assert connection.execute(select(tracking.c.position)).scalars().all() == [1]
    assert (recorder.sum, recorder.max_notification_id()) == (1, 1)
