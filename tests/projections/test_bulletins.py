"""通报: what a decided campaign came to, what was left undone in a period; nobody is ranked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.projections.test_grades import UNITS, opened, step
from tests.support.books import Told
from workflows.entrypoints.bulletins import paper_of
from workflows.entrypoints.documents import Paper
from workflows.entrypoints.wording import Wording
from workflows.kernel.clock import end_of_day
from workflows.kernel.errors import WrongUsage

THIRD = """
[[units]]
name = "丙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2020-01-01
"""
BEGUN = (
    THIRD
    + opened("2025-05-06", "seed-004-a", 2025)
    + step("2025-05-07", "freeze_rubric", unit="机关党委")
    + step("2025-11-10", "survey_masses", "asked = 50, satisfied = 45")
    + step("2025-11-12", "review", "passed = true, score = 83")
    + step("2025-11-12", "review", "passed = true, score = 94.5", "乙支部")
    + step("2025-11-12", "review", "passed = true, score = 92", "丙支部")
)
PAPER = 'document = "机党发〔2025〕9号"'
DECIDED = (
    BEGUN
    + step("2025-11-15", "draw_sample", 'sampled = 1, seed = "1"', "机关党委")
    + step("2025-11-16", "recheck", "wrong = 0", "机关党委")
    + step("2025-11-20", "confirm_rating", PAPER)
    + step("2025-11-21", "confirm_rating", f'grade = "四星级", {PAPER}', "乙支部")
    + step("2025-11-21", "confirm_rating", PAPER, "丙支部")
)
DAY = date(2025, 12, 31)
ZH = Wording("zh")


def bulletin(text: str, on: date = DAY, **asked: Any) -> Mapping[str, Any]:
    answering = Told(UNITS + text).answering
    (row,) = answering.cases("campaign", None, on)["rows"]
    return answering.bulletin(UUID(row["file_id"]), on, **asked)


def said(paper: Paper) -> str:
    """Return every word of a paper."""
    return json.dumps(paper, ensure_ascii=False)


def test_grades_stand_in_the_order_of_the_plan_and_units_in_that_of_the_tree() -> None:
    """乙支部 has more points than 丙支部, and 甲支部 the least of the three."""
    found = bulletin(DECIDED)["grades"]
    assert [(one["grade"], one["units"]) for one in found] == [
        ("四星级", ["乙支部", "丙支部"]),
        ("三星级", ["甲支部"]),
    ]


def test_no_points_of_a_unit_are_told() -> None:
    text = said(paper_of(bulletin(DECIDED), ZH))
    for points in ("94.5", "92", "83"):
        assert points not in text, points
    assert "不排名次" in text


def test_plan_sample_and_decision_are_told_from_the_books() -> None:
    paper = paper_of(bulletin(DECIDED), ZH)
    assert paper["title"] == "关于评星结果的通报"
    assert (paper["issuer"], paper["issued_on"]) == ("机关党委", "2025年12月31日")
    for part in (
        "《“五星级服务型党支部”创建工作方案》（2012年1月1日起执行的内容）",
        "参评党组织3个，初评3个，审定3个",
        "初评达标的3个中抽查1个，复查1个，有误0个，误差率0%",
        "2025年11月20日至2025年11月21日审定等次（机党发〔2025〕9号）",
    ):
        assert part in said(paper), part


def test_what_the_bands_leave_to_a_person_is_told_with_its_clause() -> None:
    told = {one["rule"]: one for one in bulletin(DECIDED)["remarks"]}
    assert (told["s004a-bands"]["verdict"], told["s004a-bands"]["units"]) == ("refer", ["乙支部"])
    assert told["s004a-satisfaction"]["units"] == ["甲支部"]
    assert "第1项" in told["s004a-bands"]["clause"]


def test_a_decision_against_the_band_is_told_with_the_reason_it_gave() -> None:
    against = 'score = 94, grade = "五星级", reason = "参加全市试点"'
    one = bulletin(BEGUN + step("2025-11-20", "confirm_rating", against, "丙支部"))
    (told,) = [remark for remark in one["remarks"] if remark["rule"] == "rating-grade-differs"]
    assert (told["units"], told["reasons"]) == (["丙支部"], ["参加全市试点"])
    text = said(paper_of(one, ZH))
    assert "确定的等次与分数段的不同：与规定不一致的有丙支部（参加全市试点）" in text


def test_common_problems_are_counted_by_rule_with_the_clause() -> None:
    problems = {one["rule"]: one for one in bulletin(DECIDED)["problems"]}
    assert problems["meet-assembly"]["units"] == ["甲支部", "乙支部", "丙支部"]
    assert problems["s004a-satisfaction"]["units"] == ["甲支部"]
    assert all(one["clause"] for one in problems.values())


def test_a_grade_that_was_revoked_is_told_with_its_reason_and_counts_no_more() -> None:
    revoked = DECIDED + step("2025-12-20", "revoke_rating", 'reason = "弄虚作假"', "丙支部")
    before, after = bulletin(revoked, date(2025, 12, 19)), bulletin(revoked)
    assert before["apart"]["revoked"] == []
    assert after["apart"]["revoked"] == [{"unit": "丙支部", "on": "2025-12-20", "reason": "弄虚作假"}]
    assert [one["units"] for one in after["grades"]] == [["乙支部"], ["甲支部"]]
    assert "弄虚作假" in said(paper_of(after, ZH))


def test_who_is_not_decided_yet_is_told_and_not_taken_for_one_without_a_star() -> None:
    one = bulletin(BEGUN + step("2025-11-20", "confirm_rating"))
    assert one["apart"]["undecided"] == ["乙支部", "丙支部"]
    assert "还没有审定（2个）" in said(paper_of(one, ZH))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (BEGUN, DAY),
        (DECIDED, date(2025, 11, 19)),
        (DECIDED + step("2025-12-01", "void_round", 'reason = "隐瞒"', "机关党委"), DAY),
    ],
    ids=["no grade", "not yet on that day", "voided"],
)
def test_a_campaign_that_is_not_decided_gives_no_bulletin(text: str, on: date) -> None:
    with pytest.raises(WrongUsage) as refused:
        bulletin(text, on)
    assert refused.value.code == "bulletin-undecided"
    what, why, remedy = ZH.problem(refused.value)
    assert "评星" in what
    assert on.isoformat() in why
    assert "确定等次" in remedy


def test_a_bulletin_tells_what_was_known_on_the_day_asked_for() -> None:
    late = step("2025-12-05", "void_round", 'reason = "隐瞒"', "机关党委", recorded="2026-02-01")
    with pytest.raises(WrongUsage):
        bulletin(DECIDED + late)
    known = bulletin(DECIDED + late, known_on=end_of_day(date(2026, 1, 1)))
    assert known["known_on"] == "2026-01-01"
    assert known["numbers"]["decided"] == 3


# --- a period ---------------------------------------------------------------------------------------------


def undone(text: str, period: str, on: str, unit: str = "甲支部") -> Mapping[str, Any]:
    answering = Told(UNITS + text).answering
    return answering.undone(answering.unit_named(unit), period, date.fromisoformat(on))


def held(attending: int) -> str:
    return step(
        "2026-02-10", "hold_meeting", f'type = "branch_assembly", attending = {attending}', subject=""
    )


def test_what_was_left_undone_is_told_with_its_clause_and_what_was_done_is_not() -> None:
    assert "meet-assembly" in {row["rule"] for row in undone("", "2026-Q1", "2026-04-01")["rows"]}
    rows = undone(held(9), "2026-Q1", "2026-04-01")["rows"]
    assert "meet-assembly" not in {row["rule"] for row in rows}
    assert all(row["clause"] and row["verdict"] == "missing" for row in rows)


def test_the_rows_are_the_cells_the_matrix_counts_as_missing_or_in_vain() -> None:
    told = undone(held(9), "2026-Q1", "2026-04-01", "机关党委")
    counts = told["counts"]
    assert len(told["rows"]) == counts["missing"] + counts["invalid"] > 0
    order = list(dict.fromkeys(row["unit"] for row in told["rows"]))
    assert order == [name for name in ("机关党委", "甲支部", "乙支部") if name in order]


def test_what_was_done_in_vain_is_told_as_that() -> None:
    told = undone("", "2026-Q1", "2026-04-01")
    in_vain = {**told, "rows": [{**row, "verdict": "invalid"} for row in told["rows"]]}
    assert "（无效）" in said(paper_of(in_vain, ZH))
    assert "（无效）" not in said(paper_of(told, ZH))


def test_a_period_asked_about_after_its_end_is_over() -> None:
    for on in ("2026-03-31", "2026-04-01"):
        assert "还没有结束" not in said(paper_of(undone("", "2026-Q1", on), ZH))


def test_what_runs_still_is_not_told_as_undone() -> None:
    told = undone("", "2026-Q1", "2026-03-30")
    assert "meet-assembly" not in {row["rule"] for row in told["rows"]}
    text = said(paper_of(told, ZH))
    assert "这一期还没有结束" in text
    assert f"还没有到期的{told['counts']['pending']}项" in text


@pytest.mark.parametrize(
    ("period", "on"), [("1995", "2026-04-01"), ("2019", "2026-04-01"), ("2026-12", "2026-04-01")]
)
def test_a_period_in_which_nothing_had_to_be_done_gives_no_bulletin(period: str, on: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        undone("", period, on)
    assert refused.value.code == "bulletin-nothing"
