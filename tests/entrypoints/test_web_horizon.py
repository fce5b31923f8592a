"""The day a page is asked for: any on which something can stand on the books, no other."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import cases
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import FIRST_DAY, LAST_DAY

PAGES = (
    "/", "/deadlines", "/deadlines.csv", "/overview", "/overview/drive", "/overview/drive.csv",
    "/overview/drive/rows", "/issues", "/units", "/pipeline", "/meetings", "/compliance", "/roster", "/terms",
    "/campaigns", "/classes", "/plan",
)  # fmt: skip
BEYOND = (
    "as_of=0001-01-01", "as_of=1921-06-30", "as_of=2200-01-02", "as_of=9990-12-31", "as_of=9998-01-01",
    "as_of=9999-12-31", "known_on=9999-12-31", "known_on=0001-01-01T00:00%2B14:00",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(cases().books, actor=CLERK), base_url=HERE)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_the_first_and_on_the_last_day_there_can_be(
    client: TestClient, page: str, day: object
) -> None:
    assert client.get(f"{page}?as_of={day}").status_code == 200


@pytest.mark.parametrize("asked", BEYOND)
@pytest.mark.parametrize("page", ["/", "/overview", "/overview/drive", "/overview/drive/rows"])
def test_a_day_the_books_cannot_hold_is_refused_in_three_parts(
    client: TestClient, page: str, asked: str
) -> None:
    answer = client.get(f"{page}?{asked}")
    assert answer.status_code == 400
    assert "不能显示这一页" in answer.text
    assert f"台账里的日子在 {FIRST_DAY} 与 {LAST_DAY} 之间" in answer.text
    assert "请核对年份" in answer.text


@pytest.mark.parametrize(
    "asked",
    ["/overview/drive?period=9999", "/meetings?period=1900", "/plan?by=9999-12-31"],
)
def test_so_is_a_span_or_another_day(client: TestClient, asked: str) -> None:
    assert client.get(asked).status_code == 400
