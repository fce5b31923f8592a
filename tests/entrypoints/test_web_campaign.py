"""考评 on the web: where each unit stands, claim and facts side by side, a sample that anyone draws again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest
from docx import Document
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import Cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, county
from tests.entrypoints.web_forms import CLERK, HERE
from workflows.adapters import packs
from workflows.entrypoints.documents import DOCX
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

TODAY = date(2026, 12, 4)
RATED, LAST = "评星定级", "去年评星"
CRITERIA = [
    {"id": "党员大会", "title": "党员大会按期召开", "points": 40, "lost": 5, "proved_by": ["meet-assembly"]},
    {"id": "作用", "title": "作用发挥", "points": 60},
]


def scores(assembly: float, effect: float, **more: object) -> dict[str, object]:
    """Return points for both criteria, each with its evidence."""
    given = [("党员大会", assembly), ("作用", effect)]
    told = [{"criterion": name, "points": points, "evidence": "会议记录"} for name, points in given]
    return {"scores": told, **more}


def campaign() -> Cases:
    """Return a county with a campaign of this year and the one before."""
    made = Cases(county())
    both = [BRANCH, OTHER]
    made.act("2025-02-01", "open_campaign", LAST, COMMITTEE, year=2025, units=both)
    made.act("2025-11-01", "review", LAST, BRANCH, **scores(35, 50))
    made.act("2025-12-01", "confirm_rating", LAST, BRANCH, score=85, grade="四星级")
    made.act("2026-02-01", "open_campaign", RATED, COMMITTEE, year=2026, units=both)
    made.act("2026-02-02", "freeze_rubric", RATED, COMMITTEE, criteria=CRITERIA)
    made.act("2026-10-10", "assess_self", RATED, BRANCH, **scores(40, 58))
    bare = {"scores": [{"criterion": "作用", "points": 50}]}
    made.act("2026-10-10", "assess_self", RATED, OTHER, **bare)
    made.act("2026-11-01", "review", RATED, BRANCH, **scores(40, 55, passed=True))
    made.act("2026-11-10", "review", RATED, BRANCH, **scores(40, 50, passed=True), reason="走访核实")
    made.act("2026-11-20", "review", RATED, COMMITTEE, passed=both)
    made.act("2026-11-25", "draw_sample", RATED, COMMITTEE, sampled=1, seed="甲子")
    made.act("2026-11-28", "recheck", RATED, COMMITTEE, wrong=0)
    made.act("2026-12-01", "post_notice", RATED, COMMITTEE, working_days=5)
    made.act("2026-12-02", "appeal", RATED, OTHER, reason="漏算一次会议")
    made.books.clock.put(moment_of(TODAY, 8))
    return made


@pytest.fixture(scope="module")
def shown() -> Iterator[tuple[Cases, TestClient]]:
    made = campaign()
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        yield made, site


def text_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def get(site: TestClient, path: str) -> str:
    told = site.get(path)
    assert told.status_code == 200, path
    return told.text


def base(made: Cases) -> str:
    return f"/campaigns/{made.ids[RATED]}"


def test_no_bulletin_is_made_of_a_campaign_that_is_not_decided(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    assert "bulletin.docx" not in get(site, base(made))
    refused = site.get(f"{base(made)}/bulletin.docx")
    assert refused.status_code == 404
    told = text_of(refused.text)
    for part in (
        f"不能生成“{RATED}”的通报",
        "还没有一个审定了的等次",
        "请先确定等次",
    ):
        assert part in told, part


def test_the_bulletin_of_a_decided_campaign_is_saved_as_a_word_document(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    path = f"/campaigns/{made.ids[LAST]}"
    assert f'href="{path}/bulletin.docx"' in get(site, path)
    saved = site.get(f"{path}/bulletin.docx")
    assert saved.headers["content-type"] == DOCX
    assert quote(f"关于{LAST}结果的通报") in saved.headers["content-disposition"]
    lines = [line.text for line in Document(io.BytesIO(saved.content)).paragraphs]
    assert lines[0] == f"关于{LAST}结果的通报"
    assert "（一）四星级（1个）" in lines
    assert not [line for line in lines if "85" in line]
    assert site.get(f"{path}/bulletin.docx?as_of=2025-11-30").status_code == 404


def test_a_plate_stands_beside_the_grade_in_the_campaign_and_on_the_page_of_the_branch() -> None:
    made, stars = Cases(county()), "创星"
    made.books.act("2025-01-10", "adopt_pack", {"pack": "seed-004-a"}, unit=COMMITTEE)
    made.act("2025-05-06", "open_campaign", stars, COMMITTEE, scheme="seed-004-a", year=2025)
    for branch in (BRANCH, OTHER):
        made.act("2025-12-01", "confirm_rating", stars, branch, score=96)
    made.act("2025-12-10", "hang_plate", stars, BRANCH, place="办公楼一层", document="机党发〔2025〕10号")
    made.act("2026-02-10", "revoke_rating", stars, BRANCH, reason="核实不符")
    made.books.clock.put(moment_of(TODAY, 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        page, branch = f"/campaigns/{made.ids[stars]}", f"/units/{made.books.units[BRANCH]}"
        assert "五星级 未授牌" in text_of(get(site, page))
        assert "已取消 2026-02-10 牌还没有摘" in text_of(get(site, page))
        assert "五星级 已授牌 2025-12-10" in text_of(get(site, f"{page}?as_of=2026-01-31"))
        told = text_of(get(site, branch))
        for part in ("2025-12-10 青山镇党委授牌，五星级，办公楼一层，机党发〔2025〕10号", "牌还没有摘"):
            assert part in told, part
        assert "授牌" not in text_of(get(site, f"{page}?as_of=2025-12-09")).replace("未授牌", "")


def test_the_page_of_a_campaign_tells_how_far_each_step_has_come(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    told = text_of(get(site, base(made)))
    for part in ("自评 2/2", "误差率 0%", "审定 0/2", "记录能说明的 1 项", "全由人看的 1 项"):
        assert part in told, part


def test_units_stand_in_the_order_of_the_structure_and_nobody_is_ranked(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    page = get(site, base(made))
    with made.books.answering.opened() as opened:
        order = [opened.naming.unit(unit) for unit in opened.books.in_order(None, TODAY)]
    shown_units = [
        unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]*/units/[^"]*">([^<]+)', page)
    ]
    assert shown_units == [name for name in order if name in (BRANCH, OTHER)]
    assert "名次" not in text_of(page).replace("不排名次", "")


def test_a_sample_is_shown_with_seed_share_error_and_how_anyone_draws_it_again(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    told = text_of(get(site, base(made)))
    for part in ("1/2（50%）", "甲子", "0/1（0%）", "按种子重抽，结果相同", "怎样自己再抽一次", "SHA-256"):
        assert part in told, part
    assert str(made.books.units[BRANCH]) in told


def test_the_history_says_which_review_no_longer_counts(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    told = text_of(get(site, base(made)))
    assert told.count("不再作数： 2026-11-10 重新初评") == 1
    assert "不再作数" in text_of(get(site, f"{base(made)}/history"))


def test_notices_and_appeals_stand_with_their_state(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    told = text_of(get(site, base(made)))
    assert "漏算一次会议" in told
    assert "还没有处理" in told
    assert "5 个工作日" in told


def test_claim_facts_last_year_and_reviews_of_a_unit_stand_side_by_side(
    shown: tuple[Cases, TestClient],
) -> None:
    made, site = shown
    page = get(site, f"{base(made)}/units/{made.books.units[BRANCH]}")
    told = text_of(page)
    for part in (
        "58 分",
        "会议记录",
        "50 分",
        "理由：走访核实",
        "55 分",
        "与自评不同",
        "85 四星级",
        "由人看",
    ):
        assert part in told, part
    assert re.search(r'href="/compliance/[^"]*/2026-Q1"', page)
    assert page.count("/acts/review?unit=") == 1


def test_what_is_claimed_without_a_proof_is_marked(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    assert "没有写依据" in text_of(get(site, f"{base(made)}/units/{made.books.units[OTHER]}"))
    assert "1 项没有依据" in text_of(get(site, base(made)))


def test_the_form_of_a_review_knows_the_unit_it_was_opened_from(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    form = get(site, f"{base(made)}/acts/review?unit={made.books.units[BRANCH]}")
    assert f'value="{made.books.units[BRANCH]}" selected' in form


def test_a_page_of_an_earlier_day_knows_nothing_of_later_reviews(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    told = text_of(get(site, f"{base(made)}/units/{made.books.units[BRANCH]}?as_of=2026-11-05"))
    assert "走访核实" not in told
    assert "55 分" in told


def test_the_scores_go_out_as_a_workbook_with_every_criterion(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    told = site.get(f"{base(made)}/scores.xlsx")
    sheet = load_workbook(io.BytesIO(told.content)).worksheets[0]
    rows = list(sheet.values)
    head = rows[0]
    assert head[:4] == ("党组织", "考评项目", "名称", "分值")
    assert [(row[0], row[1]) for row in rows[1:]] == [
        (unit, item) for unit in dict.fromkeys(row[0] for row in rows[1:]) for item in ("党员大会", "作用")
    ]


def test_a_unit_that_takes_no_part_has_no_page(shown: tuple[Cases, TestClient]) -> None:
    made, site = shown
    assert site.get(f"{base(made)}/units/{made.books.units[COMMITTEE]}").status_code == 404


def test_a_grade_of_a_voided_round_is_shown_as_to_be_decided_anew_wherever_it_is_used() -> None:
    made = Cases(county())
    made.act("2026-02-01", "open_campaign", RATED, COMMITTEE, year=2026, units=[BRANCH, OTHER])
    made.act("2026-11-01", "confirm_rating", RATED, BRANCH, score=85, grade="四星级")
    made.act("2026-12-01", "void_round", RATED, COMMITTEE, reason="误差率超过规定")
    made.books.clock.put(moment_of(TODAY, 8))
    unit = made.books.units[BRANCH]
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        pages = (
            f"/units/{unit}",
            f"{base(made)}",
            f"{base(made)}/units/{unit}",
            "/classes",
            "/overview",
            "/",
            "/deadlines",
        )
        for path in pages:
            assert "待重新审定" in text_of(get(site, path)) or "初评作废" in text_of(get(site, path)), path
        assert "现持有" not in text_of(get(site, pages[0]))
        assert "四星级（待重新审定）" in text_of(get(site, "/classes"))
        assert "作废" in text_of(get(site, pages[0]))


def test_what_nothing_of_the_plan_is_checked_by_stands_with_its_reason() -> None:
    made = Cases(county())
    adopted = {"pack": "seed-003", "text": packs.text_of("seed-003")}
    made.books.act("2026-01-05", "adopt_pack", adopted, unit=COMMITTEE)
    made.act("2026-05-06", "open_campaign", "自查", COMMITTEE, scheme="seed-003", year=2026)
    made.books.clock.put(moment_of(TODAY, 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        page = text_of(get(site, f"/campaigns/{made.ids['自查']}"))
    assert "方案里不核对的 10 条" in page
    assert "几分、怎么积没有写；不给党员排名。" in page


def test_a_campaign_is_not_settled_while_units_wait_for_their_grade() -> None:
    made, halves = Cases(county()), "定一半"
    made.act("2026-02-01", "open_campaign", halves, COMMITTEE, year=2026, units=[BRANCH, OTHER])
    made.act("2026-12-01", "confirm_rating", halves, BRANCH, score=96, grade="五星级")
    made.books.clock.put(moment_of(TODAY, 8))
    with TestClient(create_app(made.books, actor=CLERK), base_url=HERE) as site:
        page = f"/campaigns/{made.ids[halves]}"
        told = text_of(get(site, page))
        assert "还有 1 个没有审定，共 2 个" in told
        assert "正在确定等次" in told
        assert "已了结" not in told
        made.act("2026-12-02", "confirm_rating", halves, OTHER, score=90, grade="四星级")
        made.books.clock.put(moment_of(TODAY, 9))
        assert "已了结" in text_of(get(site, page))
