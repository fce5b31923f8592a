"""What the pages say, through the site itself: content, horizon, filters, masking, problems, headers."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import BRANCH, COMMITTEE, ID_NUMBER, OTHER, PHONE, County
from workflows.entrypoints.web.headers import HEADERS, is_local
from workflows.entrypoints.web.serving import refuse_other_hosts, serve
from workflows.entrypoints.web.site import create_app
from workflows.kernel.errors import WrongUsage

HERE = "http://127.0.0.1:8000"
PAST = {"as_of": "2026-06-30", "known_on": "2026-07-15"}
TAG = re.compile(r"<[^>]+>")


def text_of(site: TestClient, path: str, **query: str) -> str:
    """Return the text of a page, its tags left out."""
    answer = site.get(path, params=query)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(unescape(TAG.sub(" ", answer.text)).split())


def paths(books: County) -> list[str]:
    """Return an address of every page."""
    unit, person = books.units[BRANCH], books.people["李明"]
    return [
        "/",
        "/?only=overdue",
        "/units",
        "/units?level=all",
        f"/units/{unit}",
        f"/units/{books.units[OTHER]}",
        f"/units/{books.units[COMMITTEE]}",
        f"/units/{unit}/history",
        f"/people/{person}",
        f"/people/{person}?only=fix",
        f"/people/{books.people['王建国']}",
        f"/people/{books.people['张雨桐']}",
        f"/people/{person}/history",
        "/pipeline",
        "/pipeline?stage=all&q=wjg",
        "/deadlines",
        "/deadlines?status=met",
        "/terms",
        "/terms?status=near",
        f"/events/{books.marks['vote_on_admission']}",
        f"/events/{books.marks['correction']}",
        f"/events/{books.marks['retraction']}",
        f"/events/{books.marks['wrong_review']}",
    ]


# --- what the pages say ---------------------------------------------------------------------------------


def test_the_to_do_list_has_what_is_overdue_first_then_by_day(site: TestClient) -> None:
    told = text_of(site, "/")
    for line in (
        "逾期 4 天 11 月主题党日",
        "逾期 3 天 李明 讨论转正",
        "今天到期 何志强 派人谈话",
        "还有 18 天 郑晓雯 派人谈话",
    ):
        assert line in told
    days = re.findall(r"(?:截止|应在) (\d{4}-\d{2}-\d{2})", text_of(site, "/"))
    assert days == sorted(days)


def test_the_chips_count_and_filter(site: TestClient) -> None:
    whole = text_of(site, "/")
    counted = re.search(r"全部 (\d+) 逾期 (\d+) 今天到期 (\d+) 本周 (\d+)", whole)
    assert counted is not None
    total, overdue, today, week = map(int, counted.groups())
    assert today == 1
    assert total >= overdue + week
    bygone = text_of(site, "/", only="bygone")
    assert "3 月主题党日 红旗社区党支部" in bygone
    assert "3 月主题党日 红旗社区党支部" not in whole
    folded = re.search(r"更早的 (\d+) 项", whole)
    assert folded is not None
    assert f"共 {folded[1]} 条" in bygone
    assert not re.search(r"更早的 \d+ 项", bygone)
    shown = text_of(site, "/", only="today")
    assert "何志强 派人谈话" in shown
    assert "李明 讨论转正" not in shown


def test_every_matter_says_why_with_rule_clause_and_arithmetic(site: TestClient) -> None:
    told = text_of(site, "/", only="today")
    order = [told.index(word) for word in ("结论", "依据", "事实", "算式", "版本")]
    assert order == sorted(order)
    assert "《中国共产党发展党员工作细则》第七条" in told
    assert "2026-11-04 + 1 个月 = 2026-12-04" in told
    assert "规则 dev-first-talk" in told


def test_a_branch_shows_secretary_members_term_and_meetings(site: TestClient, books: County) -> None:
    told = text_of(site, f"/units/{books.units[BRANCH]}")
    assert "书记 王建国" in told
    assert "22 人 正式 21 · 预备 1" in told
    assert "2022-03-20 至 2027-03-20" in told
    assert "还有 106 天" in told
    assert "2022-03-20 + 5 年 = 2027-03-20" in told
    assert "已开 10-15" in told
    assert "主题党日 11 月" in told
    assert "缺" in told


def test_a_committee_shows_the_branches_below(site: TestClient, books: County) -> None:
    told = text_of(site, f"/units/{books.units[COMMITTEE]}")
    assert "下级党组织 2 个" in told
    assert re.search(r"向阳村党支部 逾期 \d+ 项", told)
    assert "2011-06-20 成立 · 账册自 2026-01-01 起" in told


def test_a_term_run_out_is_told_in_days(site: TestClient, books: County) -> None:
    assert "逾期 24 天" in text_of(site, f"/units/{books.units[OTHER]}")
    assert "红旗社区党支部 党支部 · 社区 青山镇党委 周桂英 3 2026-11-10" in text_of(site, "/units")


def test_a_person_shows_the_whole_course_and_the_next_step(site: TestClient, books: County) -> None:
    told = text_of(site, f"/people/{books.people['李明']}")
    assert "全过程：25 步已办 22 步" in told
    assert "2 派人谈话 2022-09-23 · 第 18 天" in told
    assert "6 半年考察 2025-03-07 · 4 次" in told
    assert "下一步：讨论转正" in told
    assert "逾期 3 天" in told
    assert "2025-12-01 + 12 个月 = 2026-12-01" in told
    assert "培养联系人：王建国、陈秀兰" in told


def test_corrections_retractions_and_late_entries_stay_visible(site: TestClient, books: County) -> None:
    told = text_of(site, f"/people/{books.people['李明']}")
    assert "周敏 更正 讨论接收预备党员的召开日" in told
    assert "召开日 2025-12-02 → 2025-12-01" in told
    assert "召开日更正为 2025-12-01 ，见 2026-11-18 的更正" in told
    assert "已撤回：记到了别人名下（应为李鸣）" in told
    assert "2026-02-27 补录，晚 14 天" in told
    only = text_of(site, f"/people/{books.people['李明']}", only="fix")
    assert "周敏 更正" in only
    assert "登记 入党宣誓" not in only


def test_a_member_of_old_has_no_course(site: TestClient, books: County) -> None:
    told = text_of(site, f"/people/{books.people['王建国']}")
    assert "没有全过程的记录" in told
    assert "职务 书记" in told


def test_the_list_is_found_by_initials_of_surnames_read_otherwise(site: TestClient) -> None:
    told = text_of(site, "/pipeline", q="qy")
    assert "仇英" in told
    assert "李明" not in told
    assert "单立新" in text_of(site, "/pipeline", q="slx", stage="all")


def test_the_list_filters_by_unit_stage_and_light(site: TestClient, books: County) -> None:
    def rows(**query: str) -> list[str]:
        return re.findall(r'class="nw fix"><a [^>]*>([^<]+)', site.get("/pipeline", params=query).text)

    assert set(rows(unit=str(books.units[OTHER]))) == {"仇英"}
    assert set(rows(stage="probationary")) == {"李明"}
    assert set(rows(light="soon")) == {"何志强"}
    assert rows()[0] == "仇英"


def test_an_export_has_the_rows_and_columns_of_the_screen(site: TestClient) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(site.get("/pipeline.xlsx?light=over").content))
    rows = list(workbook.worksheets[0].values)
    assert rows[0] == ("序号", "姓名", "支部", "阶段", "在本阶段", "下一步", "办理日期", "期限")
    assert [row[1] for row in rows[1:]] == ["仇英", "李明", "张雨桐"]
    todo = openpyxl.load_workbook(io.BytesIO(site.get("/todo.xlsx?only=today").content)).worksheets[0]
    assert [row[2] for row in todo.values][1:] == ["何志强 派人谈话"]
    text = site.get("/deadlines.csv?status=overdue").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "序号,事项,支部,截止日,期限,条款,规则"
    assert "郑晓雯" not in text


def test_a_record_has_a_permalink_with_the_findings_of_its_day(site: TestClient, books: County) -> None:
    told = text_of(site, f"/events/{books.marks['vote_on_admission']}")
    assert "讨论接收预备党员" in told
    assert "应到人数 21" in told
    assert "赞成人数超过应到会有表决权的正式党员的半数方可通过：符合" in told
    assert "18 > 21 × 1/2" in told


# --- as of a day, as known on a day ---------------------------------------------------------------------


def test_the_past_is_shown_as_it_was_known(site: TestClient, books: County) -> None:
    path = f"/people/{books.people['李明']}"
    told = text_of(site, path, **PAST)
    assert "历史视图" in told
    assert "成为预备党员" in told
    assert "2025-12-02" in told
    assert "2025-12-01" not in told
    assert "2025-12-01" in text_of(site, path, as_of="2026-06-30")


def test_two_horizons_differ_by_what_was_corrected_and_entered_late(site: TestClient, books: County) -> None:
    told = text_of(site, f"/people/{books.people['李明']}/history", **PAST, diff="2026-12-04")
    assert "两次所知不同的 6 项" in told
    assert "预备期届满 2026-12-02 2026-12-01 周敏 2026-11-18 更正召开日：与会议记录原件一致 #" in told
    assert "还不知道 2026-06-26 王建国 2026-07-20 补录，晚 24 天" in told
    assert "其中更正 1 条、补录 1 条、撤回 1 条" in told
    same = text_of(site, f"/people/{books.people['李明']}/history", diff="2026-12-04")
    assert "两次所知没有不同" in same


def test_a_position_is_a_horizon_too(site: TestClient, books: County) -> None:
    before = books.marks["correction"] - 1
    told = text_of(site, f"/people/{books.people['李明']}", known_on=f"@{before}")
    assert f"按 第 {before} 条 已有的记录" in told
    assert "2026-12-02" in told


def test_every_link_of_a_past_page_keeps_both_days(site: TestClient, books: County) -> None:
    for path in paths(books):
        answer = site.get(path, params={**dict(_query(path)), **PAST})
        if answer.status_code == 404:
            continue
        assert 'class="past"' in answer.text, path
        assert "btn pri" not in answer.text, path
        for link in re.findall(r'<a [^>]*href="([^"]+)"', answer.text):
            is_out = (
                link.startswith(("#", "/events/"))
                or "回到今天" in answer.text.split(f'href="{link}"')[1][:20]
            )
            if not is_out and link != path.split("?")[0] and "常用" not in path:
                assert "as_of=" in unescape(link) or "history" in link, (path, link)


def _query(path: str) -> list[tuple[str, str]]:
    _, _, query = path.partition("?")
    return [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]


def test_what_was_not_known_yet_is_not_found(site: TestClient, books: County) -> None:
    answer = site.get(f"/events/{books.marks['correction']}", params={"known_on": "2026-07-15"})
    assert answer.status_code == 404


# --- personal data, problems, headers -------------------------------------------------------------------


def test_no_page_shows_a_whole_number(site: TestClient, books: County) -> None:
    for path in [*paths(books), f"/events/{_position_of(books, 'ApplicationReceived')}"]:
        page = site.get(path).text
        assert ID_NUMBER not in page, path
        assert PHONE not in page, path


def _position_of(books: County, event: str) -> int:
    person = books.people["李明"]
    return next(
        r.position for r in books.log.records if r.stream_id == person and type(r.event).__name__ == event
    )


@pytest.mark.parametrize(
    "address",
    [
        "/?as_of=昨天",
        "/?as_of=2026-02-30",
        "/units?known_on=2026-13-01",
        "/pipeline?known_on=@x",
        "/?only=nothing",
        "/?page=0",
        "/?page=-1",
        "/deadlines?status=maybe",
        "/pipeline?unit=00000000-0000-0000-0000-000000000000",
        "/pipeline?light=green",
    ],
)
def test_a_value_nobody_can_read_is_refused_in_three_parts(site: TestClient, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code == 400
    told = unescape(TAG.sub(" ", answer.text))
    assert "不能显示这一页" in told
    assert "看不懂" in told
    assert "请写成" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/units/x",
        "/people/00000000-0000-0000-0000-000000000000",
        "/events/999999",
        "/events/x",
        "/static/x.css",
    ],
)
def test_what_is_not_there_is_told_in_three_parts(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404
    assert "没有这" in answer.text
    assert "回到待办" in answer.text


def test_a_unit_is_no_person(site: TestClient, books: County) -> None:
    assert site.get(f"/people/{books.units[BRANCH]}").status_code == 404
    assert site.get(f"/units/{books.people['李明']}").status_code == 404


def test_a_failure_of_ours_is_no_stack_trace(books: County) -> None:
    class Broken:
        answering, log, clock, rules = None, books.log, books.clock, books.rules

    with TestClient(create_app(Broken()), base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status_code == 500
    assert "程序出了问题" in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_every_answer_carries_the_headers(site: TestClient, books: County) -> None:
    for path in (*paths(books), "/nope", "/?as_of=x", "/healthz", "/static/zhibu.css"):
        headers = site.get(path).headers
        for name, value in HEADERS.items():
            assert headers[name] == value, (path, name)


def test_no_page_has_anything_inline_or_from_elsewhere(site: TestClient, books: County) -> None:
    for path in [*paths(books), "/nope"]:
        page = site.get(path).text
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", page), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path
        assert re.findall(r"<script(?![^>]*\ssrc=)", page) == [], path


def test_pages_are_not_stored_and_hashed_files_are(site: TestClient) -> None:
    page = site.get("/")
    assert page.headers["cache-control"] == "no-store"
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        answer = site.get(unescape(address))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_no_link_is_dead(site: TestClient, books: County) -> None:
    links: set[str] = set()
    for path in paths(books):
        links |= {unescape(link) for link in re.findall(r'<a [^>]*href="(/[^"#]*)', site.get(path).text)}
    records = {link for link in links if link.startswith("/events/")}
    for link in (links - records) | set(sorted(records)[:5]):
        assert site.get(link).status_code == 200, link


def test_there_is_a_health_check_and_no_documentation_page(site: TestClient, books: County) -> None:
    assert site.get("/healthz").json() == {"status": "ok", "position": books.log.head()}
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert site.get(path).status_code == 404


def test_only_a_part_is_sent_where_only_a_part_is_swapped(site: TestClient) -> None:
    part = site.get("/pipeline", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "李明" in part


def test_only_this_machine_is_served(books: County) -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.2"):
        assert is_local(host)
        refuse_other_hosts(host)
    for host in ("0.0.0.0", "192.168.1.5", "::", "zhibu.intranet", ""):  # noqa: S104
        with pytest.raises(WrongUsage) as refused:
            serve(books, host, 8000)
        assert refused.value.code == "host-not-loopback"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5:8000", "", "[::1", "x:y:z"]
)
def test_a_name_of_somebody_else_that_leads_here_is_not_answered(site: TestClient, host: str) -> None:
    answer = site.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "待办" not in answer.text
    for own in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert site.get("/healthz", headers={"Host": own}).status_code == 200
