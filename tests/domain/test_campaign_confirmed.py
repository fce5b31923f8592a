"""确定等次: a score other than the total of the reviews, or a grade of another band, takes a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_campaign import UNITS, step
from tests.support.books import Told
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding

STARS = UNITS.replace('packs = ["seed-000-a"]', 'packs = ["seed-004-a"]')
RUBRIC = 'criteria = [{ id = "组织", points = 50 }, { id = "台帐", points = 50 }]'
FROZEN = (
    STARS
    + step("2026-05-05", "open_campaign", 'scheme = "seed-004-a", year = 2026')
    + step("2026-05-06", "freeze_rubric", RUBRIC)
)


def review(on: str, more: str = "", **points: float) -> str:
    told = ", ".join(
        f'{{ criterion = "{name}", points = {number}, evidence = "x" }}' for name, number in points.items()
    )
    return step(on, "review", f"passed = true, scores = [{told}]{more}", "甲支部")


WHOLE = FROZEN + review("2026-11-02", 组织=45, 台帐=44) + review("2026-11-09", ', reason = "核对"', 台帐=40)


def confirmed(text: str, given_: str) -> tuple[bool, dict[str, Finding]]:
    """Return whether the grade was refused, and what was said of it by rule."""
    found = Told(text + step("2026-12-10", "confirm_rating", given_, "甲支部")).played[-1].outcome
    return found.refused, {one.rule: one for one in found.findings}


def test_a_score_other_than_the_total_of_the_reviews_is_refused_with_the_sum() -> None:
    refused, found = confirmed(WHOLE, "score = 95")
    told = found["rating-score-differs"]
    assert refused
    assert dict(told.facts) | {"missing": ""} == {
        "score": 95,
        "total": 85,
        "parts": ["组织 45", "台帐 40"],
        "reviewed_on": ["2026-11-02", "2026-11-09"],
        "level": ["五星级"],
        "level_of_total": ["三星级"],
        "missing": "",
    }
    assert [one.event for one in told.because] == ["Reviewed", "Reviewed"]
    said = Wording().finding(told, command="confirm_rating")
    for part in (
        "写的总分是95（按分数段是五星级）",
        "2026-11-02、2026-11-09的初评合计组织 45 + 台帐 40 = 85（按分数段是三星级）",
        "再登记一次初评并写理由",
    ):
        assert part in said, said


def test_with_a_reason_it_is_recorded_and_the_difference_stays_on_the_books() -> None:
    refused, found = confirmed(WHOLE, 'score = 86, reason = "上级加分1分"')
    assert (refused, found["rating-score-differs"].verdict) == (False, "warn")
    text = WHOLE + step("2026-12-10", "confirm_rating", 'score = 86, reason = "上级加分1分"', "甲支部")
    answering = Told(text).answering
    (row,) = answering.state(answering.unit_named("甲支部"), date(2026, 12, 31))["grades"]
    assert (row["score"], row["reason"]) == (86, "上级加分1分")


def test_a_grade_that_is_not_that_of_its_band_takes_a_reason() -> None:
    assert confirmed(WHOLE, 'grade = "五星级"')[0]
    refused, found = confirmed(WHOLE, 'grade = "五星级", reason = "领导小组研究"')
    assert (refused, found["rating-grade-differs"].verdict) == (False, "warn")
    assert not confirmed(WHOLE, 'grade = "三星级"')[0]


def test_a_score_told_while_criteria_are_not_reviewed_is_for_a_person() -> None:
    refused, found = confirmed(FROZEN + review("2026-11-02", 组织=45), "score = 90")
    told = found["rating-score-alone"]
    assert (refused, told.verdict, told.facts["criteria"]) == (False, "refer", ["台帐"])


def unreviewed(text: str, more: str = "") -> tuple[str, dict[str, Finding]]:
    """Return the verdict on a score typed for a branch that nobody reviewed, and what was said of it."""
    typed = step("2026-12-10", "confirm_rating", f"score = 95{more}", "乙支部")
    found = Told(text + typed).played[-1].outcome
    return str(found.verdict), {one.rule: one for one in found.findings}


def test_once_others_were_reviewed_a_score_that_rests_on_no_review_takes_a_reason_and_a_person() -> None:
    verdict, found = unreviewed(WHOLE)
    assert (verdict, found["rating-not-reviewed"].facts["missing"]) == ("incomplete", "reason")
    verdict, found = unreviewed(WHOLE, ', reason = "书记会研究"')
    assert (verdict, found["rating-not-reviewed"].verdict) == ("refer", "refer")
    said = Wording().finding(found["rating-not-reviewed"], command="confirm_rating")
    assert "写的总分95没有初评作依据" in said
    own = review("2026-11-03", 组织=48, 台帐=47).replace("甲支部", "乙支部")
    assert "rating-not-reviewed" not in unreviewed(WHOLE + own)[1]


def test_nor_does_a_review_of_a_voided_round_carry_a_score() -> None:
    void = step("2026-11-20", "void_round", 'reason = "误差"')
    own = review("2026-11-03", 组织=48, 台帐=47).replace("甲支部", "乙支部")
    again = review("2026-12-01", 组织=30, 台帐=30)
    assert "rating-not-reviewed" in unreviewed(WHOLE + own + void + again)[1]


def test_a_campaign_in_which_nobody_was_given_points_tells_what_the_paper_told() -> None:
    assert "rating-not-reviewed" not in unreviewed(FROZEN)[1]


@pytest.mark.parametrize("given_", ["", "score = 85", "score = 85.0"])
def test_the_total_itself_needs_no_reason(given_: str) -> None:
    refused, found = confirmed(WHOLE, given_)
    assert (refused, "rating-score-differs" in found) == (False, False)


def test_reviews_of_a_voided_round_count_for_no_total() -> None:
    void = step("2026-11-20", "void_round", 'reason = "误差"')
    again = WHOLE + void + review("2026-12-01", 组织=30, 台帐=30)
    refused, found = confirmed(again, "score = 85")
    assert (refused, found["rating-score-differs"].facts["total"]) == (True, 60)


POINTS = st.lists(st.tuples(st.sampled_from(["组织", "台帐"]), st.integers(0, 50)), min_size=1, max_size=5)


@settings(max_examples=10, deadline=None)
@given(POINTS, st.integers(0, 100))
def test_whatever_was_reviewed_in_whatever_order_only_the_last_points_make_the_total(
    points: list[tuple[str, int]], score: int
) -> None:
    text, last = FROZEN, dict[str, Any]()
    for number, (name, given_) in enumerate(points):
        text += review(f"2026-11-{number + 1:02}", ', reason = "核对"', **{name: given_})
        last[name] = given_
    refused, found = confirmed(text, f"score = {score}")
    if len(last) < 2:
        assert "rating-score-alone" in found
    else:
        assert refused == (sum(last.values()) != score)
        assert ("rating-score-differs" in found) == refused
