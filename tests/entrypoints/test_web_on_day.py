"""A list is opened on any day from its own form; what began later is said not to be there yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import MISSED, Cases, cases
from tests.entrypoints.web_forms import CLERK, HERE, text_of
from workflows.entrypoints.web.site import create_app

LISTS = (
    "/compliance",
    "/issues",
    "/campaigns",
    "/sites",
    "/listings",
    "/inspections",
    "/deadlines",
    "/terms",
)


@pytest.fixture(scope="module")
def made() -> Cases:
    return cases()


@pytest.fixture(scope="module")
def site(made: Cases) -> Iterator[TestClient]:
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as found:
        yield found


@pytest.mark.parametrize("path", LISTS)
def test_the_form_of_a_list_asks_for_the_day(site: TestClient, path: str) -> None:
    assert 'name="as_of" type="date"' in site.get(path).text
    past = site.get(f"{path}?as_of=2026-10-20").text
    form = past.partition('aria-label="查询"')[2].partition("</form>")[0]
    assert form.count('name="as_of"') == 1, "the day is asked for once, and stands there"
    assert 'value="2026-10-20"' in form


def test_a_part_of_another_day_loads_the_whole_page_and_one_of_the_same_day_does_not(
    site: TestClient,
) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": f"{HERE}/issues?year=2026"}
    other = site.get("/issues?as_of=2026-10-20", headers=asked)
    assert (other.headers["hx-redirect"], other.text) == ("/issues?as_of=2026-10-20", "")
    assert "hx-redirect" not in site.get("/issues?as_of=&year=2026", headers=asked).headers


def test_a_case_on_a_day_before_it_began_is_not_there_yet(site: TestClient, made: Cases) -> None:
    answer = site.get(f"/issues/{made.ids[MISSED]}?as_of=2026-10-09")
    assert answer.status_code == 404
    told = text_of(answer)
    assert "还没有这件" in told
    assert "地址可能写错了" not in told
    assert site.get(f"/issues/{made.ids[MISSED]}?as_of=2026-10-10").status_code == 200
