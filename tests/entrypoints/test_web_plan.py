"""推算的页面: the steps ahead of one person, back from a wished day, and the votes to look at again."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, County
from tests.projections.test_revotes import BRANCH as VOTING
from tests.projections.test_revotes import NEVER_LEFT, VOTE
from tests.support.books import Told
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

BACK = {"step": "vote_on_full_membership", "by": "2027-07-01", "quota": "1"}


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page(site: TestClient, path: str, **query: str) -> str:
    answer = site.get(path, params=query)
    assert answer.status_code == 200
    return text_of(answer.text)


def test_the_form_asks_for_a_step_and_a_day(site: TestClient) -> None:
    text = page(site, "/plan")
    assert "从希望的日子倒排" in text
    assert "讨论接收预备党员" in text
    assert "导出 Excel" not in text


def test_back_from_a_wished_day(site: TestClient, books: County) -> None:
    text = page(site, "/plan", unit=str(books.units[BRANCH]), **BACK)
    assert "来得及" in text
    assert "名额1个" in text
    assert "不是择优的次序" in text
    assert "须办到" in text


def test_a_person_s_page_tells_what_lies_ahead(site: TestClient, books: County) -> None:
    someone = books.people["李明"]
    text = page(site, f"/people/{someone}")
    assert "往后最早" in text
    assert "审批转正" in text
    whole = page(site, "/plan", person=str(someone))
    assert "往后各步" in whole
    assert "材料归档" in whole


def test_the_plan_is_exported_a_row_a_step(site: TestClient, books: County) -> None:
    answer = site.get("/plan.xlsx", params={"unit": str(books.units[BRANCH]), **BACK})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert {"姓名", "步骤", "须办到", "结论"} <= set(rows[0]) | set(rows[1]) | set(rows[2])
    assert any("讨论转正" in map(str, row) for row in rows)


@pytest.mark.parametrize(
    "query",
    [{"by": "gestern"}, {"by": "2027-07-01", "step": "weather"}, {"by": "2027-07-01", "quota": "viele"}],
)
def test_what_cannot_be_asked_is_said(site: TestClient, query: dict[str, str]) -> None:
    assert site.get("/plan", params=query).status_code == 400


def test_a_vote_that_the_corrected_roster_judges_otherwise_is_shown() -> None:
    told = Told(VOTING + VOTE + NEVER_LEFT)
    asked = told.answering
    asked.clock.put(moment_of(date(2025, 12, 1)))  # type: ignore[attr-defined]
    app = SimpleNamespace(answering=asked, log=told.log, clock=asked.clock, rules=asked.rules)
    unit, person = asked.unit_named("甲支部"), asked.person_named("王")
    with TestClient(create_app(app), base_url="http://127.0.0.1:8000") as site:
        branch = page(site, f"/units/{unit}")
        assert "按现在的名册要另看的表决 1 次" in branch
        assert "应到人数15" in branch
        assert "按现在知道的情况，有表决权的到会人数" in page(site, f"/people/{person}")
