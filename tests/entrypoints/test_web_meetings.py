"""Meetings on the pages: a month, a list, the minutes of one, the year of a branch as compliance has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, TODAY, County, county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.application.amending import Amending, Amendment
from workflows.domain.unit.events import MeetingHeld
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of


@pytest.fixture(scope="module")
def books() -> County:
    """The county, with an assembly of three that voted, entered late, and a rule let pass by name."""
    made = county()
    vote = [{"topic": "推荐先进", "in_favour": 3, "against": 0, "secret": True}]
    fields: dict[str, Any] = {
        "type": "branch_assembly",
        "attending": 3,
        "topics": ["推荐"],
        "resolutions": vote,
    }
    fields["leave"] = [{"person": "刘福生", "reason": "住院"}]
    made.marks["void"] = made.act("2026-11-10", "hold_meeting", fields, recorded="2026-12-04").position
    fields = {"type": "branch_assembly", "attending": 19}
    passed = [{"topic": "通过计划", "in_favour": 18, "against": 1}, {"topic": "换车", "in_favour": 4}]
    made.marks["full"] = made.act("2026-11-12", "hold_meeting", {**fields, "resolutions": passed}).position
    made.act("2026-11-15", "hold_meeting", {"type": "theme_party_day", "attending": 3}, unit=OTHER)
    relief = {
        "rule": "meet-theme-day", "until": "2027-01-31", "authority": "青山镇党委",
        "document": "青组〔2026〕9号",
    }  # fmt: skip
    made.act("2026-12-01", "waive", relief)
    made.clock.put(moment_of(TODAY, 8))
    return made


@pytest.fixture(scope="module")
def site(books: County) -> Iterator[TestClient]:
    """A site whose pages record."""
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as client:
        yield client


def test_a_month_names_its_meetings_on_their_days(site: TestClient, books: County) -> None:
    told = text_of(site.get("/meetings?period=2026-11"))
    assert "2026 年 11 月 · 共 4 次" in told
    assert "2026-11-10 星期二 支部党员大会 向阳村党支部 无效" in told
    assert "2026-11-12 星期四 支部党员大会 向阳村党支部 2026-11-13" not in told
    assert "‹ 2026 年 10 月" in told
    assert "2026 年 12 月 ›" in told


def test_a_list_is_filtered_and_saved_with_the_same_filter(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    query = f"view=list&period=2026-Q4&unit={unit}&type=branch_assembly"
    told = text_of(site.get(f"/meetings?{query}"))
    assert "2026 年 四季度 · 向阳村党支部 · 共 3 次" in told
    assert "应到 21，实到 3" in told
    assert "2026-12-04 记录，晚 24 天" in told
    saved = site.get(f"/meetings.csv?{query}").content.decode("utf-8-sig").splitlines()
    assert len(saved) == 4
    assert saved[1].startswith("1,2026-11-12,支部党员大会,向阳村党支部,")
    assert site.get(f"/meetings.xlsx?{query}").status_code == 200
    everywhere = text_of(site.get(f"/meetings?view=list&period=2026-11&unit={books.units[COMMITTEE]}"))
    assert "共 4 次" in everywhere
    assert "共 1 次" in text_of(site.get("/meetings?view=list&period=2026-11&type=theme_party_day"))


@pytest.mark.parametrize(
    "query", ["period=2026-13", "type=tea", "unit=x", "view=week", "page=0", "period=-1"]
)
def test_what_nobody_can_read_is_told(site: TestClient, query: str) -> None:
    answer = site.get(f"/meetings?{query}")
    assert answer.status_code == 400
    assert "看不懂" in text_of(answer)


def test_a_view_of_the_past_shows_what_had_been_held_and_was_known(site: TestClient, books: County) -> None:
    held = text_of(site.get("/meetings?period=2026-11&as_of=2026-11-11"))
    assert "共 2 次" in held
    known = text_of(site.get(f"/meetings?period=2026-11&known_on=@{books.marks['void']}"))
    assert "共 2 次" in known
    assert "登记会议" not in known


def test_the_minutes_of_a_meeting_tell_who_came_what_was_resolved_and_why(
    site: TestClient, books: County
) -> None:
    told = text_of(site.get(f"/meetings/{books.marks['full']}"))
    assert "实到 19 人" in told
    assert "通过计划 赞成 18，反对 1" in told
    assert "换车 赞成 4" in told
    assert told.count("没有通过") >= 1
    assert "到会人数19，应到人数21，要求不少于1/2（10.5）" in told


def test_a_meeting_without_quorum_entered_late_says_so(site: TestClient, books: County) -> None:
    told = text_of(site.get(f"/meetings/{books.marks['void']}"))
    assert "到会人数3，应到人数21，要求不少于1/2（10.5），没有达到" in told
    assert "2026-12-04 补录，晚 24 天" in told
    assert "请假 1 人 刘福生（住院）" in told


def test_a_correction_stands_beside_what_it_corrects(books: County) -> None:
    own = county()
    at = own.marks["hold_meeting"]
    own.clock.put(moment_of(TODAY, 9))
    request = Amendment(event=at, actor="周敏", origin="cli", field="attending", value=18, reason="按签到册")
    Amending(own.recording).amend(request)
    with TestClient(create_app(own, actor=CLERK), base_url=HERE) as client:
        told = text_of(client.get(f"/meetings/{at}"))
        before = text_of(client.get(f"/meetings/{at}?known_on=@{at}"))
    assert "实到 18 人" in told
    assert "更正和撤回" in told
    assert "按签到册" in told
    assert "实到 18 人" not in before


@pytest.mark.parametrize("place", ["1", "0", "x", "99999", "9999999999999", "-1"])
def test_what_is_no_meeting_is_not_there(site: TestClient, place: str) -> None:
    assert site.get(f"/meetings/{place}").status_code == 404


def test_a_meeting_yet_to_come_on_that_day_is_not_there(site: TestClient, books: County) -> None:
    assert site.get(f"/meetings/{books.marks['full']}?as_of=2026-11-11").status_code == 404


# --- the year -----------------------------------------------------------------------------------------------


def listed(page: str) -> int:
    """Return how many cells a page lists."""
    return (
        page.partition('<section class="panel" id="cells"')[2].partition("</section>")[0].count("<summary>")
    )


def test_the_year_has_the_cells_of_compliance_with_its_verdicts(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    cells = books.answering.compliance(unit, "2026", TODAY)["rows"]
    page = site.get(f"/units/{unit}/year?year=2026").text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count('<span class="st ') == len(cells)
    shapes = {
        "met": "ok",
        "missing": "over",
        "invalid": "over",
        "pending": "no",
        "exempt": "free",
        "late": "soon",
    }
    for verdict, shape in shapes.items():
        wanted = sum(row["verdict"] == verdict for row in cells)
        if verdict in ("met", "exempt"):
            assert table.count(f'<span class="st {shape}">') == wanted, verdict
    assert sum(row["verdict"] in ("missing", "invalid") for row in cells) == table.count(
        '<span class="st over">'
    )


def test_the_numbers_of_the_tiles_are_those_of_the_rows_behind_them(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    page = site.get(f"/units/{unit}").text
    tiles = re.findall(
        r'<li><a href="([^"]+)"><span class="meta">([^<]+)</span><b>(\d+) / (\d+)</b>',
        page.partition('<ul class="tiles">')[2].partition("</ul>")[0],
    )
    assert [when for _, when, _, _ in tiles] == ["12 月", "四季度", "2026 年"]
    for path, when, done, whole in tiles:
        behind = site.get(unescape(path)).text
        assert listed(behind) == int(whole), when
        assert f"{when}：共 {whole} 项，已办 {done} 项" in text_of(site.get(unescape(path)))


def test_what_is_missing_leads_to_the_form_of_that_meeting(site: TestClient, books: County) -> None:
    unit = books.units[OTHER]
    page = unescape(site.get(f"/units/{unit}/year?year=2026&period=2026-09").text)
    path = f"/units/{unit}/acts/hold_meeting?type=theme_party_day&period=2026-09"
    assert f'href="{path}"' in page
    form = site.get(path).text
    assert '<option value="theme_party_day" selected>' in form
    assert 'type="date" min="1921-07-01" max="2200-01-01" value=""' in form
    assert re.search(r'name="for_period"[^>]*value="2026-09"', form)


def test_a_meeting_of_the_period_itself_makes_up_for_nothing() -> None:
    own = county()
    clerk = Clerk(TestClient(create_app(own, actor=CLERK), base_url=HERE), own)
    path = f"/units/{own.units[OTHER]}/acts/hold_meeting"
    came = [clerk.id_of(name) for name in ("周桂英", "单立新", "吴海")]
    given = {"type": "theme_party_day", "attending": came, "for_period": "2026-09"}
    for on, wanted in (("2026-11-20", "2026-09"), ("2026-09-20", None)):
        clerk.record(path, **given, on=on)
        with own.log.read() as reading:
            event = reading.load(own.units[OTHER])[-1].event
        assert isinstance(event, MeetingHeld)
        assert event.for_period == wanted


def test_what_is_let_pass_is_seen_at_the_home_of_the_branch(site: TestClient, books: County) -> None:
    told = text_of(site.get(f"/units/{books.units[BRANCH]}"))
    assert "豁免、暂缓、延长 1 项" in told
    assert "青山镇党委，青组〔2026〕9号 至 2027-01-31" in told
    assert "豁免、暂缓、延长" not in text_of(site.get(f"/units/{books.units[BRANCH]}?as_of=2026-11-30"))


def test_the_home_tells_the_last_thirty_days(site: TestClient, books: County) -> None:
    page = site.get(f"/units/{books.units[BRANCH]}").text
    days = re.findall(r'<li[^>]* id="e\d+"><time datetime="([^"]+)"', page)
    assert days
    assert all((TODAY - date.fromisoformat(day)).days < 30 for day in days)


def test_the_year_is_saved_cell_by_cell(site: TestClient, books: County) -> None:
    unit = books.units[BRANCH]
    cells = books.answering.compliance(unit, "2026", TODAY)["rows"]
    saved = site.get(f"/units/{unit}/year.csv?year=2026").content.decode("utf-8-sig").splitlines()
    assert len(saved) == len(cells) + 1
    assert site.get(f"/units/{unit}/year.xlsx").status_code == 200


@pytest.mark.parametrize("query", ["year=x", "year=1800", "year=99999", "period=2026-13"])
def test_a_year_nobody_can_read_is_told(site: TestClient, books: County, query: str) -> None:
    assert site.get(f"/units/{books.units[BRANCH]}/year?{query}").status_code == 400
