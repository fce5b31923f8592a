"""联系点 on the web: the contacts of a committee, the leaders of a branch, the cell of the year, the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, County, county
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.adapters import packs
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

GOES_ON = "{ from = 2031-01-01, value = false }"
"""What the duty of the plan ends with in these tests: it is one of 2020."""


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[County, TestClient]]:
    made = county()
    text = (packs.text_of("seed-003") or "").replace("{ from = 2021-01-01, value = false }", GOES_ON)
    made.act("2026-01-05", "adopt_pack", {"pack": "seed-003", "text": text}, unit=COMMITTEE)
    for person, post in (("周敏", "secretary"), ("何平", "deputy_secretary")):
        fields = {"person": person, "post": post, "document": "县委〔2026〕1号"}
        made.act("2026-01-06", "appoint_secretary", fields, unit=COMMITTEE)
    for leader, branch, told in (("周敏", BRANCH, ""), ("沈副县长", OTHER, "副县长")):
        fields = {"leader": leader, "branch": branch, **({"post": told} if told else {})}
        made.act("2026-03-02", "keep_contact", fields, unit=COMMITTEE, superior=branch)
    made.clock.put(moment_of(date(2026, 12, 4), 8))
    with TestClient(create_app(made, actor=CLERK), base_url=HERE) as site:
        yield made, site


def text_of(site: TestClient, path: str) -> str:
    """Return what a page says, without its tags."""
    told = site.get(path)
    assert told.status_code == 200, path
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", told.text)))


def test_the_page_of_a_committee_tells_who_keeps_contact_with_whom(shown: tuple[County, TestClient]) -> None:
    made, site = shown
    page = text_of(site, f"/units/{made.units[COMMITTEE]}")
    assert f"周敏 书记 联系 {BRANCH}" in page
    assert f"沈副县长 副县长 联系 {OTHER}" in page
    assert "还没有联系点 何平" in page


def test_the_page_of_a_branch_tells_its_leaders_on_a_day(
    shown: tuple[County, TestClient],
) -> None:
    made, site = shown
    path = f"/units/{made.units[BRANCH]}"
    assert f"联系领导 周敏 {COMMITTEE} 书记" in text_of(site, path)
    assert "联系领导" not in text_of(site, f"{path}?as_of=2026-03-01")


def test_the_cell_of_the_year_counts_the_body_and_leads_to_the_form(shown: tuple[County, TestClient]) -> None:
    made, site = shown
    unit = made.units[COMMITTEE]
    page = text_of(site, f"/compliance/{unit}/s003-lead/2026")
    assert "班子2人，1人有联系点" in page
    assert "还不全" in page
    assert "次" not in page[page.index("看哪一天") : page.index("可以怎样办")]
    assert "联系的党支部" in text_of(site, f"/units/{unit}/acts/keep_contact")


def test_the_form_offers_branches_and_no_committee(shown: tuple[County, TestClient]) -> None:
    made, site = shown
    page = site.get(f"/units/{made.units[BRANCH]}/acts/keep_contact").text
    field = page.partition('id="branch"')[2].partition("</select>")[0]
    assert f'value="{made.units[OTHER]}"' in field
    assert f'value="{made.units[COMMITTEE]}"' not in field
