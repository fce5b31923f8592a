"""What comes next at a case is one act, its form lists who takes part; what wants no eye folds on a phone."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_cases import MISSED, SITE, VISIT, Cases, cases
from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.entrypoints.web.cases.kinds import BY_KIND
from workflows.entrypoints.web.pages.cases import following
from workflows.entrypoints.web.site import create_app
from workflows.kernel.clock import moment_of

ROUND = "2025 年度考评"


@pytest.fixture(scope="module")
def shown() -> tuple[Cases, Clerk]:
    """A county in which a round was reviewed, a site is planned, and the missing assembly was closed."""
    made = cases()
    units = [made.books.units[BRANCH], made.books.units[OTHER]]
    made.act("2026-03-20", "plan_site", SITE, BRANCH, items=["目标", "措施"], until_year=2027)
    made.act("2026-10-20", "open_campaign", ROUND, COMMITTEE, year=2025, units=[str(one) for one in units])
    made.act("2026-10-21", "freeze_rubric", ROUND, COMMITTEE, criteria=[{"id": "制度", "points": 100}])
    made.act("2026-10-22", "assess_self", ROUND, OTHER, score=90)
    made.act("2026-11-02", "review", ROUND, OTHER, score=88, passed=True, reason="少一次党课")
    made.act("2026-11-20", "submit_correction", MISSED, OTHER)
    made.act("2026-11-21", "accept_correction", MISSED, OTHER, by="吴海")
    made.act("2026-11-22", "close_out", MISSED, OTHER, by="吴海")
    return made, Clerk(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made.books)


def test_a_site_is_assessed_before_it_is_named_and_shows_its_plan(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    told = text_of(clerk.site.get(f"/sites/{made.ids[SITE]}"))
    assert "下一步：考核示范点 考核示范点" in told
    assert "规划到 2027 年 目标 措施" in told
    assert "考核示范点 ：向阳示范点" in text_of(clerk.site.get("/sites"))


def test_a_campaign_names_the_unit_whose_turn_it_is(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    page = clerk.site.get(f"/campaigns/{made.ids[ROUND]}").text
    assert "下一步：自评</h2>" in page
    assert f"/acts/assess_self?unit={made.books.units[BRANCH]}" in page


def test_forms_of_a_campaign_list_who_takes_part_and_tick_who_passed(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    base = f"/campaigns/{made.ids[ROUND]}/acts"
    form = clerk.site.get(f"{base}/draw_sample").text
    boxes = re.findall(r'name="passed" value="([^"]+)"[^>]*?( checked)?><label[^>]*>([^<]+)<', form)
    assert [(name, bool(ticked)) for _, ticked, name in boxes] == [(BRANCH, False), (OTHER, True)]
    assert 'name="unit"' not in form
    rated = clerk.site.get(f"{base}/confirm_rating?unit={made.books.units[OTHER]}").text
    assert re.search(r'<input id="score"[^>]* value="88"', rated)
    clerk.open(f"{base}/review")
    assert "请填写涉及的党组织" in text_of(clerk.post(f"{base}/review", "check", on="2026-12-01", score="80"))


def test_no_form_of_a_case_tells_the_rules_of_another_course(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    assert (
        "发展对象" not in clerk.open(f"/campaigns/{made.ids[ROUND]}/acts/post_notice").partition("① 填写")[2]
    )


def test_to_end_a_follow_up_is_not_what_comes_next_while_it_runs() -> None:
    moves = [{"command": "end_follow_up", "to": "over"}, {"command": "relist_unit", "to": "listed"}]
    kind = BY_KIND["listing"]
    assert [one["ahead"] for one in following(moves, "delisted", kind)] == [True, False]
    assert not any(one["ahead"] for one in following(moves, "delisted", kind, followed=True))


@pytest.mark.parametrize("path", ["/issues", "/terms", "/overview"])
def test_what_wants_no_eye_is_folded_on_a_phone_and_listed_where_it_is_asked_for(
    shown: tuple[Cases, Clerk], path: str
) -> None:
    _, clerk = shown
    page = clerk.site.get(path).text
    calm = page.count('<tr class="calm">')
    told = re.search(r"没有要看的 (\d+) [个件]也列出来", unescape(page))
    assert (int(told[1]) if told else 0) == calm
    if path == "/issues":
        assert calm == 1
        assert 'class="calm"' not in clerk.site.get("/issues?tab=closed").text


def test_a_site_is_adjusted_to_another_level_and_a_yearly_review_sees_the_last_one() -> None:
    made = cases()
    made.act("2026-03-20", "plan_site", SITE, BRANCH, items=["目标"], until_year=2027)
    found = [{"id": "s001-1", "met": True, "note": "自有场所"}]
    made.act("2026-06-20", "assess_site", SITE, BRANCH, criteria=found, area=112, passed=True)
    made.act("2026-07-01", "name_site", SITE, BRANCH, level="township")
    made.books.clock.put(moment_of(date(2026, 12, 4), 8))
    clerk = Clerk(TestClient(create_app(made.books, actor=CLERK), base_url=HERE), made.books)
    path = f"/sites/{made.ids[SITE]}/acts"
    clerk.open(f"{path}/adjust_site")
    assert re.findall(r'name="level" value="([^"]*)"', clerk.site.get(f"{path}/adjust_site").text) == [
        "county", "city",
    ]  # fmt: skip
    assert "请填写级别" in text_of(clerk.post(f"{path}/adjust_site", "check", on="2026-12-04"))
    clerk.record(f"{path}/adjust_site", on="2026-12-04", level="county", reason="县委组织部验收合格")
    assert "级别 县" in text_of(clerk.site.get(f"/sites/{made.ids[SITE]}"))
    assert re.search(r'<input id="area"[^>]* value="112"', clerk.site.get(f"{path}/assess_site").text)


def test_only_a_problem_of_an_inspection_is_about_a_branch(shown: tuple[Cases, Clerk]) -> None:
    made, clerk = shown
    acts = f"/inspections/{made.ids[VISIT]}/acts"
    assert 'name="unit"' in clerk.site.get(f"{acts}/raise_finding").text
    assert 'name="unit"' not in clerk.site.get(f"{acts}/end_inspection").text
