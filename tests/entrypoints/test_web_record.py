"""The board of five columns, and the whole course of one person as it is printed."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from tests.entrypoints.web_county import ID_NUMBER, OTHER, PHONE, County
from tests.entrypoints.web_forms import text_of


def columns(site: TestClient, **query: str) -> dict[str, tuple[int, str]]:
    """Return by column of the board how many stand there, and its text."""
    page = site.get("/pipeline", params={"view": "board", **query}).text
    found = {}
    for section in re.findall(r"<section.*?</section>", page, re.DOTALL):
        told = " ".join(re.sub(r"<[^>]+>", " ", section).split())
        title, count, *_ = told.split()
        found[title] = (int(count), told)
    return found


def test_the_board_has_five_columns_with_counts(site: TestClient) -> None:
    found = columns(site)
    assert list(found) == ["申请人", "积极分子", "发展对象", "预备党员", "本年转正"]
    assert {title: count for title, (count, _) in found.items()} == {
        "申请人": 3, "积极分子": 1, "发展对象": 0, "预备党员": 1, "本年转正": 0,
    }  # fmt: skip
    assert "李明 向阳村党支部 讨论转正 逾期 3 天" in found["预备党员"][1]


def test_the_board_keeps_filter_and_day(site: TestClient, books: County) -> None:
    assert columns(site, unit=str(books.units[OTHER]))["申请人"][0] == 1
    assert columns(site, q="lm")["申请人"][0] == 0
    past = columns(site, as_of="2025-03-20")
    assert "李明" in past["发展对象"][1]
    assert past["预备党员"][0] == 0
    listed = site.get("/pipeline", params={"view": "board", "q": "lm", "as_of": "2025-03-20"}).text
    assert 'href="/pipeline?q=lm&amp;as_of=2025-03-20"' in listed
    assert site.get("/pipeline", params={"view": "cards"}).status_code == 400


def test_who_became_a_full_member_this_year_stands_in_the_last_column(site: TestClient) -> None:
    found = columns(site, as_of="2010-12-01")
    assert found["本年转正"][0] == 21
    assert "还有 1 人" not in found["本年转正"][1]
    assert columns(site, as_of="2010-12-01", q="wjg")["本年转正"][0] == 1
    assert columns(site, as_of="2011-12-01")["本年转正"][0] == 0


def test_the_record_has_every_step_of_the_chart_in_order(site: TestClient, books: County) -> None:
    told = text_of(site.get(f"/people/{books.people['李明']}/record"))
    places = [
        told.index(line)
        for line in (
            "申请入党 1 递交入党申请书 2022-09-05",
            "2 派人谈话 2022-09-23 谈话人 王建国 原因",
            "6 半年考察 2023-09-08 合格",
            "半年考察 2025-03-07 合格",
            "15 讨论接收预备党员 2025-12-01 应到 21，实到 19，赞成 18",
            "22 提出转正申请 2026-11-16",
            "23 讨论转正 – 还没有办",
            "25 材料归档 – 还没有办",
        )
    ]
    assert places == sorted(places)


def test_the_record_shows_corrections_and_retractions(site: TestClient, books: County) -> None:
    page = site.get(f"/people/{books.people['李明']}/record").text
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "更正：召开日 2025-12-02 → 2025-12-01 ；理由：与会议记录原件一致（周敏" in told
    assert "撤回 预备期考察（#" in told
    assert "理由：记到了别人名下（应为李鸣）" in told
    assert '<p class="void">合格</p>' in page


def test_the_record_is_for_paper(site: TestClient, books: County) -> None:
    page = site.get(f"/people/{books.people['李明']}/record").text
    assert "<thead>" in page
    for word in ("填表人：", "审核人：", ">发展党员全程纪实</caption>"):
        assert word in page
    assert ID_NUMBER not in page
    assert PHONE not in page
    assert f"/people/{books.people['李明']}/record" in site.get(f"/people/{books.people['李明']}").text


def test_the_record_is_of_the_day_asked_for(site: TestClient, books: County) -> None:
    told = text_of(site.get(f"/people/{books.people['李明']}/record", params={"as_of": "2024-01-01"}))
    assert "入党积极分子" in told
    assert "2025-12-01" not in told


def test_nobody_has_no_record(site: TestClient, books: County) -> None:
    assert site.get("/people/nobody/record").status_code == 404
    assert site.get(f"/people/{books.units[OTHER]}/record").status_code == 404


def test_the_record_lists_the_papers_of_each_step_there_or_still_wanting(
    site: TestClient, books: County
) -> None:
    paper = {"kind": "conversion-application", "hash": "ab" * 32, "dated_on": "2026-11-15"}
    books.act("2026-12-04", "attach", {**paper, "signed_by": ["本人"]}, person="李明")
    told = text_of(site.get(f"/people/{books.people['李明']}/record"))
    assert "22 提出转正申请 2026-11-16 已办 原因：当日登记 – 转正申请书（落款 2026-11-15）" in told
    assert re.search(r"15 讨论接收预备党员 2025-12-01 .*?支部党员大会接收决议（待补）", told)
    assert "附上材料" not in told
