"""党支部分类台账 as a page: every branch under its class, by name within it, with what comes of its grade."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import CAMPAIGN, Cases, cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.adapters import packs
from workflows.entrypoints.web.site import create_app

STARS = "五星创建"


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[Cases, TestClient]]:
    made = cases()
    text = packs.text_of("seed-004-a")
    made.books.act("2026-10-05", "adopt_pack", {"pack": "seed-004-a", "text": text}, unit=COMMITTEE)
    made.act("2026-10-06", "open_campaign", STARS, COMMITTEE, scheme="seed-004-a", year=2026)
    made.act("2026-11-20", "confirm_rating", STARS, OTHER, score=88)
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, site


def told(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_branch_stands_under_its_class_and_one_without_a_grade_under_none(
    shown: tuple[Cases, TestClient],
) -> None:
    _, site = shown
    text = told(site.get("/classes").text)
    first, none = text.index("先进 1 个"), text.index("没有分类 1 个")
    assert first < text.index(OTHER, first) < none < text.index(BRANCH, none)
    assert "三星级" in text
    assert "由人判断" in text
    only = told(site.get("/classes", params={"class": "backward"}).text)
    assert "没有这样的党支部" in only


def test_before_the_day_of_the_grade_nobody_is_of_a_class(shown: tuple[Cases, TestClient]) -> None:
    _, site = shown
    assert "没有分类 2 个" in told(site.get("/classes", params={"as_of": "2026-11-19"}).text)


def test_it_is_reached_from_the_ratings_and_exported(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    assert 'href="/classes"' in site.get("/campaigns").text
    assert made.ids[CAMPAIGN]
    book = openpyxl.load_workbook(io.BytesIO(site.get("/classes.xlsx").content))
    rows = [[str(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert any(OTHER in row and "先进" in row for row in rows)


def test_a_class_nobody_knows_is_refused(shown: tuple[Cases, TestClient]) -> None:
    _, site = shown
    assert site.get("/classes", params={"class": "best"}).status_code == 400
