"""One next step on every page, days told for what they are, a search for anybody, why nothing was checked."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.application.test_adoption import of_the_unit, plan
from tests.entrypoints.web_county import BRANCH, OTHER, County, county
from workflows.entrypoints.web.desk import Desk, Kept
from workflows.entrypoints.web.horizon import Horizon
from workflows.entrypoints.web.pages.pipeline import days_word

ROW = re.compile(r'class="nw fix"><a href="(/people/[^"?]+)[^"]*">([^<]+)</a>(.*?)</tr>', re.DOTALL)


@pytest.fixture(scope="module")
def books() -> County:
    """The county, with an application that leaves out the day of birth, and one older than its rule."""
    made = county()
    made.marks["unborn"] = made.act("2026-12-04", "receive_application", {"name": "秦无期"}).position
    old = {"name": "秦有期", "born_on": "1980-05-01"}
    made.marks["old"] = made.act("2013-05-06", "receive_application", old).position
    made.marks["notice"] = made.act("2026-12-04", "mark_term_due").position
    adopted = made.act("2026-12-04", "adopt_pack", {"pack": "county-plan", "text": of_the_unit(plan())})
    made.marks["pack"] = adopted.position
    return made


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def listed(site: TestClient, **query: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the list of people: name to the path of the person's page and the cells by their labels."""
    found = {}
    for path, name, rest in ROW.findall(site.get("/pipeline", params=query).text):
        cells = re.findall(r'<td data-l="([^"]+)"[^>]*>(.*?)</td>', rest, re.DOTALL)
        found[name] = (path, {label: words(cell) for label, cell in cells})
    return found


@pytest.mark.parametrize("as_of", ["2023-04-01", "2025-11-20", "2026-01-25", "2026-06-10", "2026-12-04"])
def test_the_list_and_the_page_of_a_person_name_the_same_next_step(site: TestClient, as_of: str) -> None:
    people = listed(site, as_of=as_of)
    assert people
    for name, (path, cells) in people.items():
        page = words(site.get(path, params={"as_of": as_of}).text)
        assert f"下一步：{cells['下一步']} " in page, name


def test_a_nearer_limit_of_a_later_step_is_named_beside_its_light(site: TestClient) -> None:
    _, cells = listed(site, as_of="2026-06-10")["张雨桐"]
    assert cells["下一步"] != "半年考察"
    assert cells["办理日期"] == "没有期限"
    assert cells["期限"] == "还有 176 天 半年考察"


def test_a_limit_that_has_passed_is_told_as_the_last_day_not_as_one_no_longer_allowed(
    site: TestClient,
) -> None:
    _, cells = listed(site)["李明"]
    assert (cells["下一步"], cells["办理日期"], cells["期限"]) == (
        "讨论转正",
        "最迟 2026-12-01 ，为什么",
        "逾期 3 天",
    )
    saved = site.get("/pipeline.csv").content.decode("utf-8-sig")
    assert re.search(r",李明,.*,讨论转正,最迟 2026-12-01,逾期 3 天\b", saved)


@pytest.mark.parametrize(
    ("earliest", "latest", "told"),
    [
        ("", "", ""),
        ("", "2026-12-31", "最迟 2026-12-31"),
        ("2026-12-10", "", "2026-12-10 起"),
        ("2026-12-10", "2026-12-31", "2026-12-10 起，最迟 2026-12-31"),
        ("2026-11-10", "2026-12-31", "最迟 2026-12-31"),
        ("2026-12-31", "2026-12-31", "最迟 2026-12-31"),
    ],
)
def test_days_say_from_when_and_by_when(earliest: str, latest: str, told: str) -> None:
    assert days_word(earliest, latest, "2026-12-04") == told


def test_a_rule_of_an_adopted_pack_is_found_for_the_units_it_binds_from_its_day(books: County) -> None:
    def desk(day: date) -> Desk:
        return Desk(books, Horizon(day, day), Kept())

    then = desk(date(2026, 12, 4))
    told = then.rule("county-talk", books.units[BRANCH])
    assert told is not None
    assert told.label == "收到入党申请书后十五日内派人谈话"
    assert then.rule("county-talk", books.units[OTHER]) is None
    assert then.rule("county-talk", None) is None
    assert desk(date(2026, 12, 3)).rule("county-talk", books.units[BRANCH]) is None
    assert then.rule("dev-first-talk", None) is not None


def test_an_earliest_day_that_rests_on_working_days_not_yet_known_is_marked() -> None:
    assert days_word("2027-01-06", "", "2026-12-29", provisional=True) == "2027-01-06（暂定）起"
    assert days_word("2027-01-06", "2027-02-01", "2027-01-07", provisional=True) == "最迟 2027-02-01"


def test_a_limit_of_a_unit_has_the_name_it_has_on_the_command_line(site: TestClient) -> None:
    told = words(site.get("/deadlines").text)
    assert "换届选举" in told
    assert "请示换届选举" in told
    assert "报送换届请示" not in told


def test_the_search_of_a_phone_finds_full_members_too(site: TestClient) -> None:
    home = site.get("/", params={"as_of": "2026-12-01"}).text
    link = re.search(r'class="gofind" href="([^"]+)"', home)
    assert link
    address = unescape(link[1])
    assert "#" not in address
    page = site.get(address).text
    form = re.search(r"<form class=\"query\".*?</form>", page, re.DOTALL)
    assert form
    assert re.findall(r'id="(\w+)" name', form[0])[0] == "name"
    chosen = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    for name, options in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen[name] = (re.findall(r'<option value="([^"]*)" selected', options) or [""])[0]
    assert "王建国" in listed(site, **chosen, q="王建国")


def test_a_record_without_results_says_why_there_are_none(site: TestClient, books: County) -> None:
    def told(mark: int) -> str:
        return words(site.get(f"/events/{mark}").text).partition("办理时的规则核对 0 ")[2]

    unborn = words(site.get(f"/events/{books.marks['unborn']}").text).partition("办理时的规则核对 1 ")[2]
    assert "出生" in unborn
    assert told(books.marks["old"]).startswith("2013-05-06 这一类记录要核对的规则还没有施行，或者已经停用。")
    assert told(books.marks["notice"]).startswith("这一类记录没有要核对的规则。")


def test_an_adopted_pack_stands_on_its_page_as_written_and_on_no_timeline(
    site: TestClient, books: County
) -> None:
    page = site.get(f"/events/{books.marks['pack']}").text
    assert '<pre class="long" tabindex="0">' in page
    assert "id = &#34;county-talk&#34;" in page
    timeline = site.get(f"/units/{books.units[BRANCH]}").text
    assert "采用规则包" in timeline
    assert "[[rules]]" not in timeline
