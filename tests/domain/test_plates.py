"""授牌、摘牌: “星级评定后，由中心机关党委在星级支部（总支）办公场所悬挂星级标识牌” (seed 004, plan 1)."""

from __future__ import annotations

import pytest

from tests.projections.test_grades import STARS, UNITS, opened, step
from tests.support.books import Told


def last(text: str) -> tuple[bool, list[str]]:
    """Return whether the last step was refused, and by which rules something was said of it."""
    found = Told(UNITS + text).played[-1].outcome
    return found.refused, [finding.rule for finding in found.findings if finding.kind == "case"]


HANG = step("2025-12-10", "hang_plate")
HUNG = STARS + HANG


def test_a_plate_of_a_star_is_hung_and_the_clause_is_told() -> None:
    found = Told(UNITS + HUNG).played[-1].outcome
    (told,) = [one for one in found.findings if one.rule == "plate-for"]
    assert not found.refused
    assert (told.verdict, told.confidence, told.facts["grade"]) == ("ok", "VT", "四星级")
    assert "第2项" in told.clause


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (opened("2025-05-06", "seed-004-a", 2025), "rating-none"),
        (STARS + step("2025-12-01", "revoke_rating", 'reason = "弄虚作假"'), "rating-none"),
        (STARS + step("2025-12-01", "confirm_rating", "score = 59"), "plate-not-for"),
        (HUNG, "plate-hangs"),
        (
            opened("2025-05-06", "seed-000-a", 2025)
            + step("2025-11-20", "confirm_rating", 'grade = "优秀", score = 95'),
            "plate-of-no-grade",
        ),
    ],
    ids=["no grade", "revoked", "no star", "hangs already", "a plan without plates"],
)
def test_no_plate_is_hung_where_the_plan_has_none_for_what_the_unit_holds(before: str, why: str) -> None:
    refused, rules = last(before + HANG)
    assert refused
    assert why in rules


def test_whether_a_plan_nobody_adopted_has_plates_is_for_a_person() -> None:
    by_hand = opened("2025-05-06", "县里的方案", 2025) + step(
        "2025-11-20", "confirm_rating", 'grade = "红旗"'
    )
    assert last(by_hand + HANG) == (False, ["plate-plan-unknown"])


def test_a_plate_comes_down_with_the_grade_and_else_only_with_a_reason() -> None:
    down = step("2026-03-05", "take_plate_down")
    assert last(STARS + down) == (True, ["plate-none"])
    assert last(HUNG + down) == (True, ["plate-reason"])
    assert last(HUNG + step("2026-03-05", "take_plate_down", 'reason = "办公场所搬迁"')) == (False, [])
    revoked = HUNG + step("2026-03-01", "revoke_rating", 'reason = "弄虚作假"')
    assert last(revoked) == (False, ["plate-left-hanging"])
    assert last(revoked + down) == (False, [])
    assert last(revoked + down + step("2026-03-06", "take_plate_down")) == (True, ["plate-none"])


def test_that_a_plate_hangs_on_without_its_grade_is_said_to_be_written_nowhere() -> None:
    found = Told(UNITS + HUNG + step("2026-03-01", "revoke_rating", 'reason = "弄虚作假"')).played[-1].outcome
    (told,) = [one for one in found.findings if one.rule == "plate-left-hanging"]
    assert (told.confidence, told.clause) == ("GK", "")
