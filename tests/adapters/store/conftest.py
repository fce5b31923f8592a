"""A store on each kind of database: the promises are the same."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.adapters.store.processes import Children
from tests.adapters.store.sample import a_clock
from workflows.adapters.keys import KeyStore, MasterKey
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.kernel.clock import FixedClock


@pytest.fixture(params=["sqlite file", "sqlite in memory", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database: an SQLite file, memory, or one of PostgreSQL."""
    fixtures = {"sqlite file": "sqlite_url", "postgres": "pg_url"}
    if request.param not in fixtures:
        return "sqlite://"
    return str(request.getfixturevalue(fixtures[request.param]))


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at noon of a day."""
    return a_clock()


@pytest.fixture
def keys() -> Iterator[KeyStore]:
    """A key store in memory."""
    store = KeyStore.in_memory()
    yield store
    store.close()


@pytest.fixture
def open_engine() -> Iterator[Callable[..., Engine]]:
    """Open engines as :func:`make_engine` does; they are closed afterwards."""
    with ExitStack() as stack:

        def opened(url: str, **settings: float) -> Engine:
            engine = make_engine(url, **settings)  # type: ignore[arg-type]
            stack.callback(engine.dispose)
            return engine

        yield opened


@pytest.fixture
def open_store(
    open_engine: Callable[..., Engine], keys: KeyStore, clock: FixedClock
) -> Iterator[Callable[..., Store]]:
    """Open stores on a URL or an engine; they are closed afterwards."""
    with ExitStack() as stack:

        def opened(where: str | Engine, log_id: str = "county", **settings: object) -> Store:
            engine = where if isinstance(where, Engine) else open_engine(where)
            return stack.enter_context(Store(engine, keys, clock, log_id, **settings))  # type: ignore[arg-type]

        yield opened


@pytest.fixture
def store(open_store: Callable[..., Store], store_url: str) -> Store:
    """A store on an empty database of each kind."""
    return open_store(store_url)


@pytest.fixture
def children(tmp_path: Path, database_url: str) -> Iterator[Children]:
    """Processes with a database and keys of their own."""
    MasterKey.make(tmp_path / "master.key")
    with ExitStack() as stack:
        yield Children(tmp_path, database_url, stack)
