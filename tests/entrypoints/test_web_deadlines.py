"""The page of limits: what can still be done, and the blanks of periods long over apart from it."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import OTHER, County

OLD, RECENT = "3 月主题党日", "11 月主题党日"
"""A blank of a period long over, and one that can still be told to somebody who forgot it."""


def page(site: TestClient, **query: str) -> str:
    html = site.get("/deadlines", params=query).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def counted(text: str) -> dict[str, int]:
    found = re.search(r"未办 (\d+) 逾期 (\d+) 没到期 (\d+) 更早的 (\d+) 已办", text)
    assert found is not None
    return dict(zip(("open", "overdue", "due", "bygone"), map(int, found.groups()), strict=True))


def test_the_kinds_are_counted_apart(site: TestClient) -> None:
    told = counted(page(site))
    assert told["open"] == told["overdue"] + told["due"]
    assert told["bygone"] > 0


@pytest.mark.parametrize("status", ["", "overdue"])
def test_old_blanks_are_one_line_that_leads_to_them(site: TestClient, status: str) -> None:
    text = page(site, status=status)
    assert RECENT in text
    assert OLD not in text
    assert f"更早的 {counted(text)['bygone']} 项" in text
    assert "status=bygone" in site.get("/deadlines", params={"status": status}).text


def test_old_blanks_have_a_list_of_their_own(site: TestClient) -> None:
    text = page(site, status="bygone")
    assert OLD in text
    assert RECENT not in text
    assert not re.search(r"更早的 \d+ 项", text)


def test_the_export_has_the_rows_of_the_list(site: TestClient) -> None:
    for status in ("overdue", "bygone"):
        answer = site.get("/deadlines.xlsx", params={"status": status})
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        titles = [str(row[1]) for row in sheet.iter_rows(values_only=True)]
        assert any(OLD in title for title in titles) is (status == "bygone")
        assert any(RECENT in title for title in titles) is (status == "overdue")


def test_the_page_of_a_unit_leads_to_its_old_blanks(site: TestClient, books: County) -> None:
    unit = books.units[OTHER]
    html = site.get(f"/units/{unit}").text
    found = re.search(r'href="(/deadlines\?[^"]*)">更早的 (\d+) 项', html)
    assert found is not None
    listed = site.get(unescape(found[1])).text
    assert f"共 {found[2]} 条" in listed


def test_a_filter_brings_its_own_counts(site: TestClient, books: County) -> None:
    query = {"unit": str(books.units[OTHER])}
    part = site.get("/deadlines", params=query, headers={"HX-Request": "true"}).text
    assert 'id="kinds" hx-swap-oob="true"' in part
    assert "<html" not in part
    assert 'hx-swap-oob="true"' not in site.get("/deadlines", params=query).text
