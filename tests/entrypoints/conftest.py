"""What every test of an entry point has: the language it begins in, the pages of the small county."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import County, county
from workflows.entrypoints.cli.language import choose
from workflows.entrypoints.web.site import create_app


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test begins in the language in which another ended."""
    monkeypatch.delenv("ZHIBU_LANG", raising=False)
    choose(())


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line has a home and a key of this test's own, whatever the machine has set."""
    monkeypatch.setenv("ZHIBU_MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("ZHIBU_HOME", str(tmp_path / "home"))
    for name in ("ZHIBU_DATABASE_URL", "ZHIBU_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def books() -> County:
    """The county, read by every test of a module and changed by none."""
    return county()


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[TestClient]:
    """A visitor of the site."""
    with TestClient(create_app(books), base_url="http://127.0.0.1:8000") as client:
        yield client
