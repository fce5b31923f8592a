"""What every test may ask for: databases of both kinds, empty and its own, and pages in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.support.postgres import PostgresServer, postgres_server

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# how long an example takes depends on what else the machine does

pytest_plugins = ["tests.support.browser", "tests.support.office"]


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this session; started by the first test that asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def pg_url(pg_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database, this test's own."""
    with pg_server.database(f"t_{uuid4().hex}") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The SQLAlchemy URL of an SQLite file that does not exist yet, this test's own."""
    return f"sqlite:///{tmp_path / 'zhibu.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The SQLAlchemy URL of an empty database: the test runs unchanged on SQLite and on PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgres": "pg_url"}[request.param]
    return str(request.getfixturevalue(fixture))
