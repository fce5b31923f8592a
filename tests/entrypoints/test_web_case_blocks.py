"""示范点、整顿、督查 on their pages: what each tells of itself, and forms in which nothing is typed twice."""

from __future__ import annotations

import pytest

from tests.entrypoints.web_story import Shown, step, unit
from workflows.entrypoints import case_tables
from workflows.entrypoints.wording import Wording

SITE, WEAK, VISIT, PLANNED = "甲村示范点", "乙村整顿", "秋季督查", "冬季督查"


STORY = (
    'title = "one case of three kinds"\n'
    'packs = ["central", "seed-001", "seed-000-b", "weak-branches"]\n'
    + unit("县委", "organ", "committee")
    + unit("青山乡党委", "village", "committee", "县委")
    + unit("甲村支部", "village", "branch", "青山乡党委")
    + unit("乙村支部", "village", "branch", "青山乡党委")
    + step("2026-01-10", "nominate_site", "甲村支部", SITE, 'level = "township", field = "village"')
    + step("2026-02-01", "plan_site", "甲村支部", SITE, 'items = ["目标"]')
    + step(
        "2026-03-01",
        "assess_site",
        "甲村支部",
        SITE,
        'criteria = [{ id = "s001-1", met = true }, { id = "s001-6", met = true }], area = 89.5,'
        " satisfaction = 92",
    )
    + step("2026-03-10", "name_site", "甲村支部", SITE)
    + step("2026-05-01", "list_unit", "乙村支部", WEAK, 'criteria = ["weak-no-target"], decided_by = "县委"')
    + step(
        "2026-05-10",
        "plan_overhaul",
        "乙村支部",
        WEAK,
        'measures = ["培养"], due_on = 2026-12-31, county_leader = "周", first_secretary = "郑"',
    )
    + step("2026-06-10", "report_monthly", "乙村支部", WEAK, 'month = "2026-06", text = "谈了话"')
    + step("2026-11-01", "accept_overhaul", "乙村支部", WEAK, "score = 69.5, dissatisfied = 10, asked = 15")
    + step("2026-11-02", "plan_inspection", "甲村支部", VISIT, 'manner = "unannounced", pack = "seed-000-b"')
    + step(
        "2026-11-03",
        "record_visit",
        "甲村支部",
        VISIT,
        'checked = [{ point = "第5项", in_order = false, note = "没有签到" }]',
    )
    + step(
        "2026-12-01", "plan_inspection", "甲村支部", PLANNED, 'manner = "unannounced", pack = "seed-000-b"'
    )
)


@pytest.fixture(scope="module")
def shown() -> Shown:
    """The pages, only looked at."""
    return Shown(STORY)


def test_a_site_shows_its_eighteen_criteria_the_next_review_and_the_sites_of_its_township(
    shown: Shown,
) -> None:
    told = shown.clerk.open(shown.place("site", "/sites", SITE))
    assert "创建标准 18 项" in told
    assert "达到 2 未评 13 没有达到 1 不适用 2" in told
    assert "场所面积 89.5 平方米" in told
    assert "复核到期 2027-03-10" in told
    assert "青山乡党委的乡镇级示范点 1 个 要求 2—3 个" in told


def test_the_form_of_an_assessment_lists_the_criteria_that_apply_and_takes_what_was_said_of_them() -> None:
    own = Shown(STORY)
    path = own.place("site", "/sites", SITE) + "/acts/assess_site"
    told = own.clerk.open(path)
    assert "1. 有固定的活动场所" in told
    assert "7. 党员义务" in told, "what is for communities alone is left out"
    fields = {"criteria.0.id": "s001-1", "criteria.0.met": "false", "criteria.0.note": "搬走了"}
    fields |= {"criteria.1.id": "s001-2", "criteria.1.met": "", "satisfaction": "95"}
    own.clerk.record(path, on="2026-12-01", **fields)
    (row,) = own.books.answering.cases("site")["rows"]
    assert row["assessments"][-1]["unmet"] == ["s001-1"]
    assert row["standing"] == {"met": 1, "open": 14, "unmet": 1, "not_applicable": 2}


def test_an_overhaul_shows_its_marks_the_four_ones_its_reports_and_why_it_was_not_accepted(
    shown: Shown,
) -> None:
    told = shown.clerk.open(shown.place("listing", "/listings", WEAK))
    assert "两年以上没有列为发展对象的人" in told
    assert "账上是这样" in told
    assert "还缺 2 个" in told
    assert "2026-06：谈了话" in told
    assert "得分 69.5，不满意率 10%（15 人测评）" in told
    assert "验收得分70分以上为通过" in told


def test_candidates_are_told_with_their_facts_and_lead_to_a_form_in_which_the_marks_are_ticked(
    shown: Shown,
) -> None:
    told = shown.clerk.open("/listings/candidates")
    assert "甲村支部 两年以上没有列为发展对象的人：" in told
    assert "不排名次" in told
    text = shown.site.get("/listings/candidates").text
    path = text.split('class="btn" href="')[-1].split('"')[0].replace("&amp;", "&")
    form = shown.site.get(path).text
    assert 'value="weak-no-target" id="criteria-2" checked' in form
    assert shown.site.get("/listings/candidates.csv").status_code == 200


def test_an_inspection_shows_each_point_beside_the_facts_and_leads_to_the_problem_it_makes(
    shown: Shown,
) -> None:
    place = shown.place("inspection", "/inspections", VISIT)
    told = shown.clerk.open(place)
    assert "督查清单 5 项" in told
    assert "还有 1 项没有列为问题" in told
    text = shown.site.get(place).text
    raised = text.split('class="btn" href="')[-1].split('"')[0].replace("&amp;", "&")
    form = shown.site.get(raised).text
    assert "没有签到" in form
    assert '<option value="s000b-lecture" selected>' in form
    assert '<option value="第5项" selected>' in form
    assert "下一步：提出督查发现的问题" in told
    assert "了结督查" in told, "a person may end it with a reason while points wait"


def test_an_unannounced_inspection_is_in_no_list_and_no_export_before_it_is_held(shown: Shown) -> None:
    for page in ("/inspections", "/inspections.csv", "/", "/deadlines"):
        assert PLANNED not in shown.site.get(page).text, page
    assert VISIT in shown.clerk.open("/inspections"), "that one was held"
    told = shown.clerk.open("/inspections?tab=withheld")
    assert PLANNED in told
    assert VISIT not in told
    page = shown.clerk.open(shown.place("inspection", "/inspections", PLANNED))
    assert "也不列入清单和导出；现在还没有登录" in page


def test_the_form_of_a_visit_lists_the_points_with_what_the_facts_say(shown: Shown) -> None:
    place = shown.place("inspection", "/inspections", PLANNED)
    assert "到场以前不提醒被督查的党组织" in shown.clerk.open(place)
    told = shown.clerk.open(place + "/acts/record_visit")
    assert "5. 每季度上1次党课，支部书记每年至少上2次 账上：没有做到" in told


def test_the_ledger_of_sites_fills_itself_in_words(shown: Shown) -> None:
    (row,) = shown.books.answering.ledger("示范点台账")["rows"]
    line = case_tables.sheet([row], Wording("zh"))[0]
    assert line["site_standing"] == "达到2，未评13，没有达到1，不适用2"
    assert line["assessments"] == ["2026-03-01，满意率92%"]
    assert (line["named_on"], line["review_due_on"]) == ("2026-03-10", "2027-03-10")
    assert line["stage"] == "已命名"
