"""What speaks against a grade, on the pages: why, since when, and the forms by which a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import CAMPAIGN, MISSED, Cases, cases
from tests.entrypoints.web_county import COMMITTEE, OTHER
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

RUBRIC = [{"id": "主题党日", "points": 20, "proved_by": ["meet-theme-day"]}]


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[Cases, TestClient]]:
    made = cases()
    made.act("2026-10-02", "freeze_rubric", CAMPAIGN, COMMITTEE, criteria=RUBRIC)
    made.act("2026-10-20", "confirm_rating", CAMPAIGN, OTHER, grade="优秀", score=91)
    made.act("2026-10-20", "plan_correction", MISSED, OTHER, measure="补开", owner="周桂英")
    for on, do in (("2026-11-02", "submit_correction"), ("2026-11-03", "accept_correction")):
        made.act(on, do, MISSED, OTHER, by="周桂英" if do == "submit_correction" else "周敏")
    made.act("2026-11-04", "close_out", MISSED, OTHER, by="周敏")
    made.books.clock.put(moment_of(date(2026, 12, 4), 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, site


def whole(site: TestClient, path: str, **query: str) -> str:
    """Return a list in all its pages."""
    return "".join(site.get(path, params={**query, "page": str(page)}).text for page in (1, 2, 3))


def told(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("path", ["/", "/deadlines"])
def test_a_list_of_things_to_do_tells_why_and_leads_to_both_decisions(
    shown: tuple[Cases, TestClient], path: str
) -> None:
    made, site = shown
    unit = made.books.units[OTHER]
    html = whole(site, path)
    text = told(html)
    assert f"{CAMPAIGN}：要不要复核等次" in text
    assert "待决定" in text
    assert "由人决定：取消等次或者维持等次" in text
    place = f"/campaigns/{made.ids[CAMPAIGN]}/acts"
    for command in ("revoke_rating", "keep_rating"):
        path_of_form = f"{place}/{command}?unit={unit}"
        assert path_of_form in unescape(html)
        assert f'<option value="{unit}" selected>' in site.get(path_of_form).text


def test_the_page_of_the_campaign_marks_the_unit_whose_grade_awaits_a_decision(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    html = site.get(f"/campaigns/{made.ids[CAMPAIGN]}").text
    assert "1 个有等次待决定" in told(html)
    row = html.split(f">{OTHER}</a></th>")[1].split("</tr>")[0]
    assert "待决定" in row
    for command in ("revoke_rating", "keep_rating"):
        place = f"/campaigns/{made.ids[CAMPAIGN]}/acts/{command}?unit={made.books.units[OTHER]}"
        assert f'href="{place}"' in unescape(row)


def test_a_proposal_is_not_counted_as_due_today(shown: tuple[Cases, TestClient]) -> None:
    _, site = shown
    assert "要不要复核等次" not in told(whole(site, "/", only="today"))
    assert "要不要复核等次" not in told(whole(site, "/", only="overdue"))


def test_the_branch_shows_its_grade_and_a_problem_that_is_followed_up(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    text = told(site.get(f"/units/{made.books.units[OTHER]}").text)
    assert "优秀" in text
    assert "现持有" in text
    limits = told(whole(site, "/deadlines"))
    assert f"{MISSED}：跟踪" in limits
    assert "跟踪至 2027-11-04" in limits
    assert f"{MISSED}：跟踪" not in told(whole(site, "/"))


def test_on_a_day_before_its_cause_nothing_is_proposed(shown: tuple[Cases, TestClient]) -> None:
    _, site = shown
    assert "要不要复核等次" not in told(whole(site, "/deadlines", as_of="2026-10-31"))
    assert "要不要复核等次" in told(whole(site, "/deadlines", as_of="2026-11-01"))
