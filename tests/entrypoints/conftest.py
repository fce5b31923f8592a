"""The pages of the small county, which most tests of the web read and none changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import County, county
from workflows.entrypoints.web.site import create_app


@pytest.fixture(scope="module")
def books() -> County:
    """The county, read by every test of a module and changed by none."""
    return county()


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[TestClient]:
    """A visitor of the site."""
    with TestClient(create_app(books), base_url="http://127.0.0.1:8000") as client:
        yield client
