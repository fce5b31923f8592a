"""总览 and 整改推进 on the web: every number leads to the rows it counts, every row to what it is about."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, County, county
from workflows.application import commands
from workflows.application.recording import Request
from workflows.entrypoints.web.site import create_app

TILE = re.compile(
    r'<a href="(/overview[^"]+)"[^>]*>(?:<span class="st \w+">)?([^<]+?)(?:</span>)? <span class="n">([\d/]+)'
)
CELL = re.compile(
    r'<a(?: class="st over")? href="(/overview/(?:drive/)?rows[^"]+)">([\d/]+)<span class="vh">'
)


FOUND = date(2026, 11, 2)


@pytest.fixture(scope="module")
def books() -> County:
    made = county()
    for unit, subject in ((BRANCH, "委员空缺"), (OTHER, "台账不全")):
        made.recording.record(
            Request(
                command=commands.parse("open_issue", {"source": "self_check", "due_on": "2026-11-30"}, FOUND),
                actor="王建国",
                origin="web",
                unit_id=made.units[unit],
                subject=subject,
                as_history=True,
                reason="补录",
            )
        )
    return made


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[TestClient]:
    with TestClient(create_app(books), base_url="http://127.0.0.1:8000") as client:
        yield client


def shown(site: TestClient, path: str) -> str:
    answer = site.get(path)
    assert answer.status_code == 200, path
    return answer.text


def count_of(site: TestClient, path: str) -> int:
    """How many rows a list says it has."""
    found = re.search(r"共 (\d+) [条件]</p>", shown(site, path))
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("page", ["/overview", "/overview/drive", "/overview?structure=now&as_of=2026-12-04"])
def test_every_number_is_that_of_the_rows_its_link_lists(site: TestClient, page: str) -> None:
    html = shown(site, page)
    numbers = [(unescape(path), number) for path, _, number in TILE.findall(html)]
    numbers += [(unescape(path), number) for path, number in CELL.findall(html)]
    assert len(numbers) > 5
    for path, number in numbers:
        assert count_of(site, path) == int(number.rpartition("/")[2]), path


def test_a_branch_has_a_light_in_each_field_that_leads_to_its_page(site: TestClient, books: County) -> None:
    html = shown(site, "/overview")
    row = next(part for part in html.split("<tr>") if f"/units/{books.units[BRANCH]}" in part)
    for told in ("/pipeline?unit=", "/compliance?unit=", "/issues?unit=", "逾期 1"):
        assert told in row
    assert "考评" in html


def test_the_rows_lead_to_the_problem_the_cell_and_the_person(site: TestClient, books: County) -> None:
    assert "/issues/" in shown(site, "/overview/rows?of=problem.open")
    limits = shown(site, "/overview/rows?of=correction")
    assert "委员空缺" in limits
    assert re.search(r"/issues/[0-9a-f-]{36}", limits)
    assert f"/people/{books.people['李明']}" in shown(site, "/overview/rows?of=development")
    assert re.search(r"/compliance/[0-9a-f-]+/meet-", shown(site, "/overview/rows?of=regime.owed"))
    assert "/issues/" in shown(site, "/overview/drive/rows?of=overdue")


def test_the_row_of_a_superior_is_of_itself_alone(site: TestClient, books: County) -> None:
    unit = books.units[COMMITTEE]
    whole = count_of(site, f"/overview/rows?of=problem.open&unit={unit}")
    alone = count_of(site, f"/overview/rows?of=problem.open&unit={unit}&alone=yes")
    assert (whole, alone) == (2, 0)
    assert count_of(site, f"/overview/drive/rows?of=total&unit={unit}&alone=yes") == 0


def test_a_township_shows_its_branches_and_where_it_stands(site: TestClient, books: County) -> None:
    html = shown(site, f"/overview?unit={books.units[COMMITTEE]}")
    assert f"<h1>总览：{COMMITTEE}</h1>" in html
    assert html.index(BRANCH) < html.index(OTHER)


@pytest.mark.parametrize(
    "path", ["/overview/rows?of=blue", "/overview/drive/rows?of=blue", "/overview?structure=x"]
)
def test_what_nobody_can_read_is_refused(site: TestClient, path: str) -> None:
    assert site.get(path).status_code == 400


def test_each_page_is_a_workbook_too(site: TestClient) -> None:
    sheets = {}
    for path in ("/overview.xlsx", "/overview/drive.xlsx", "/overview/drive/rows.xlsx?of=total"):
        book = openpyxl.load_workbook(io.BytesIO(site.get(path).content))
        sheets[path] = [sheet.title for sheet in book.worksheets]
        assert all(str(cell.value) for sheet in book.worksheets for cell in sheet[1])
    assert sheets["/overview.xlsx"] == ["总览", "各党组织"]
    assert sheets["/overview/drive.xlsx"] == ["整改推进", "按来源"]
