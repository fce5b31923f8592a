"""等次: what was decided over the years, which class it stands for, what the plan says comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.kernel.clock import end_of_day

UNITS = """
title = "grades over time"
packs = ["central", "seed-004-a", "seed-000-a", "seed-003"]
[[units]]
name = "机关党委"
level = "committee"
kind = "organ"
established_on = 2020-01-01
[[units]]
name = "甲支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2020-01-01
[[units]]
name = "乙支部"
kind = "organ"
superior = "机关党委"
full_members = 9
established_on = 2020-01-01
"""


def step(
    on: str, do: str, given: str = "", unit: str = "甲支部", subject: str = "评星", recorded: str = ""
) -> str:
    """Return one step of a campaign."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\n'
    told += f'subject = "{subject}"\n' if subject else ""
    told += f'recorded_on = {recorded}\nas_history = true\nreason = "补录"\n' if recorded else ""
    return told + (f"with = {{ {given} }}\n" if given else "")


def opened(on: str, scheme: str, year: int, subject: str = "评星") -> str:
    return step(on, "open_campaign", f'scheme = "{scheme}", year = {year}', "机关党委", subject)


STARS = opened("2025-05-06", "seed-004-a", 2025) + step("2025-11-20", "confirm_rating", "score = 92")
AGAIN = (
    STARS
    + opened("2026-05-06", "seed-004-a", 2026, "又评星")
    + step("2026-11-20", "confirm_rating", "score = 65, satisfaction = 90", subject="又评星")
)


def grades(text: str, on: str, unit: str = "甲支部", **asked: Any) -> list[dict[str, Any]]:
    """Return the history of a unit's grades as of a day."""
    answering = Told(UNITS + text).answering
    state = answering.state(answering.unit_named(unit), date.fromisoformat(on), **asked)
    return list(state["grades"])


def short(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["on"], row["grade"], row["class"], row["holds"]) for row in rows]


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2025-11-19", []),
        ("2025-11-20", [("2025-11-20", "四星级", "advanced", True)]),
        ("2026-11-19", [("2025-11-20", "四星级", "advanced", True)]),
        (
            "2026-11-20",
            [("2025-11-20", "四星级", "advanced", False), ("2026-11-20", "一星级", "middle", True)],
        ),
    ],
)
def test_a_grade_holds_from_its_day_until_the_same_plan_decides_again(on: str, wanted: list[Any]) -> None:
    assert short(grades(AGAIN, on)) == wanted


def test_what_was_recorded_later_is_not_among_the_grades_known_before() -> None:
    late = opened("2025-05-06", "seed-004-a", 2025) + step(
        "2025-11-20", "confirm_rating", "score = 92", recorded="2026-02-01"
    )
    assert grades(late, "2025-12-31", known_on=end_of_day(date(2026, 1, 31))) == []
    assert short(grades(late, "2025-12-31", known_on=end_of_day(date(2026, 2, 1)))) == [
        ("2025-11-20", "四星级", "advanced", True)
    ]


def test_a_grade_of_another_plan_takes_nothing_away() -> None:
    other = (
        STARS
        + opened("2026-01-05", "seed-003", 2026, "分类")
        + step("2026-12-01", "confirm_rating", 'grade = "后进"', subject="分类")
    )
    assert short(grades(other, "2026-12-31")) == [
        ("2025-11-20", "四星级", "advanced", True),
        ("2026-12-01", "后进", "backward", True),
    ]


@pytest.mark.parametrize(
    ("scheme", "given", "unit_class"),
    [
        ("seed-004-a", "score = 80", "advanced"),
        ("seed-004-a", "score = 79", "middle"),
        ("seed-004-a", "score = 60", "middle"),
        ("seed-004-a", "score = 59", "backward"),
        ("seed-004-a", "score = 94.5", None),
        ("seed-000-a", 'grade = "优秀"', None),
        ("seed-003", 'grade = "中间"', "middle"),
        ("某某方案", 'grade = "三星级"', None),
    ],
)
def test_stars_stand_for_a_class_where_the_plan_says_so_and_nowhere_else(
    scheme: str, given: str, unit_class: str | None
) -> None:
    (row,) = grades(
        opened("2026-05-06", scheme, 2026) + step("2026-11-20", "confirm_rating", given), "2026-12-01"
    )
    assert row["class"] == unit_class


def test_a_revoked_grade_stays_readable_with_its_reason_and_nothing_holds() -> None:
    revoked = STARS + step("2026-03-01", "revoke_rating", 'reason = "弄虚作假"')
    assert [(r["step"], r["grade"], r["reason"], r["holds"]) for r in grades(revoked, "2026-03-01")] == [
        ("confirm_rating", "四星级", None, False),
        ("revoke_rating", None, "弄虚作假", False),
    ]
    assert short(grades(revoked, "2026-02-28")) == [("2025-11-20", "四星级", "advanced", True)]


@pytest.mark.parametrize(
    ("score", "commend"), [(95, "may"), (90, "may"), (89, "refer"), (80, "refer"), (79, "not"), (59, "not")]
)
def test_who_may_be_commended_is_told_with_its_clause_and_three_stars_are_left_to_a_person(
    score: int, commend: str
) -> None:
    text = opened("2026-05-06", "seed-004-a", 2026) + step("2026-11-20", "confirm_rating", f"score = {score}")
    (row,) = grades(text, "2026-12-01")
    (use,) = [use for use in row["use"] if "commend" in use]
    assert (use["rule"], use["commend"]) == ("s004a-result", commend)
    assert use["clause"].endswith("三、评定程序第3项")


@pytest.mark.parametrize(("given", "wanted"), [('grade = "优秀"', "keep"), ('grade = "合格"', "rise")])
def test_excellent_keeps_and_qualified_moves_up(given: str, wanted: str) -> None:
    text = opened("2026-01-05", "seed-000-a", 2026) + step("2026-12-20", "confirm_rating", given)
    (row,) = grades(text, "2026-12-31")
    assert [(use["rule"], use["next"]) for use in row["use"]] == [("s000a-result", wanted)]


def test_who_did_not_pass_makes_a_plan_of_correction_until_a_review_is_passed() -> None:
    failed = opened("2026-01-05", "seed-000-a", 2026) + step(
        "2026-11-10", "review", "passed = false, score = 50"
    )
    assert grades(failed, "2026-11-09") == []
    (row,) = grades(failed, "2026-11-10")
    assert (row["passed"], row["grade"], row["holds"]) == (False, None, False)
    assert [(use["rule"], use["next"]) for use in row["use"]] == [("s000a-result", "correct")]
    passed = failed + step("2026-11-25", "review", 'passed = true, score = 70, reason = "补齐"')
    assert grades(passed, "2026-11-25") == []
    assert len(grades(passed, "2026-11-24")) == 1


def test_a_review_that_was_voided_says_nothing_of_who_did_not_pass() -> None:
    text = (
        opened("2026-01-05", "seed-000-a", 2026)
        + step("2026-11-10", "review", "passed = false")
        + step("2026-11-20", "void_round", 'reason = "误差率超过15%"', "机关党委")
    )
    assert grades(text, "2026-11-20") == []


def test_the_ledger_of_classes_lists_every_branch_by_class_and_by_name_within_it() -> None:
    text = STARS + step("2025-11-21", "confirm_rating", "score = 95", "乙支部")
    told = Told(UNITS + text).answering

    def listed(on: str) -> list[tuple[Any, ...]]:
        rows = told.ledger("党支部分类台账", on=date.fromisoformat(on))["rows"]
        return [(row["class"], row["unit"], row["grade"], row["rule"]) for row in rows]

    both = ("乙支部", "五星级", "s004a-class-map"), ("甲支部", "四星级", "s004a-class-map")
    assert sorted(listed("2025-11-21")) == sorted(("advanced", *one) for one in both)
    assert [row[1] for row in listed("2025-11-21")] == sorted(["乙支部", "甲支部"])
    assert listed("2025-11-20") == [
        ("advanced", "甲支部", "四星级", "s004a-class-map"),
        (None, "乙支部", None, None),
    ]


def test_the_ledger_of_ratings_tells_class_and_use_beside_the_grade() -> None:
    rows = Told(UNITS + STARS).answering.ledger("考评台账", on=date(2025, 12, 1))["rows"]
    assert [(r["grade"], r["class"], [u["rule"] for u in r["use"]]) for r in rows] == [
        ("四星级", "advanced", ["s004a-class-map", "s004a-plate", "s004a-result"])
    ]


FAILED_LATER = (
    opened("2025-01-10", "seed-004-a", 2025)
    + step("2025-11-20", "confirm_rating", "score = 96, satisfaction = 98")
    + opened("2026-01-10", "seed-004-a", 2026, "又评星")
    + step("2026-11-10", "review", 'passed = false, score = 50, reason = "没有达标"', subject="又评星")
    + step("2026-11-10", "review", "passed = true, score = 96", unit="乙支部", subject="又评星")
    + step("2026-11-20", "confirm_rating", "score = 96, satisfaction = 98", unit="乙支部", subject="又评星")
)


@pytest.mark.parametrize(("on", "holds"), [("2026-11-09", ["甲支部"]), ("2026-12-01", ["乙支部"])])
def test_the_overview_counts_the_very_grades_that_hold_in_the_history_of_each_unit(
    on: str, holds: list[str]
) -> None:
    """甲 had its star in 2025 and did not pass in 2026, once that campaign was decided."""
    told, day = Told(UNITS + FAILED_LATER).answering, date.fromisoformat(on)
    assert [row["units"] for row in told.overview(None, day)["grades"]] == [len(holds)]
    assert [row["unit"] for row in told.overview_rows("grade", None, day)["rows"]] == holds
    by_class = {row["unit"]: row["grade"] for row in told.ledger("党支部分类台账", on=day)["rows"]}
    assert [unit for unit, grade in by_class.items() if grade] == holds


def test_the_history_of_grades_tells_the_plan_by_its_title_beside_its_id() -> None:
    (row,) = grades(STARS, "2026-01-01")
    assert (row["scheme"], row["plan"]) == ("seed-004-a", "“五星级服务型党支部”创建工作方案")


# --- plates -----------------------------------------------------------------------------------------------

HUNG = STARS + step("2025-12-10", "hang_plate", 'document = "机党发〔2025〕9号", place = "一楼大厅"')


def plates(text: str, on: str) -> list[tuple[Any, ...]]:
    """Return of each grade the plate, whether it hangs, and whether one is still to be hung."""
    found = grades(text, on)
    return [(row["grade"], row["plate"] and row["plate"]["standing"], row["plate_due"]) for row in found]


def test_a_plate_is_due_once_the_star_is_decided_and_hangs_from_the_day_it_was_handed_over() -> None:
    assert plates(STARS, "2025-11-20") == [("四星级", None, True)]
    assert plates(HUNG, "2025-12-09") == [("四星级", None, True)]
    assert plates(HUNG, "2025-12-10") == [("四星级", "hangs", False)]
    (row,) = grades(HUNG, "2025-12-10")
    assert row["plate"] | {"event_id": ""} == {
        "grade": "四星级",
        "on": "2025-12-10",
        "awarded_by": "机关党委",
        "place": "一楼大厅",
        "document": "机党发〔2025〕9号",
        "taken_down_on": None,
        "reason": None,
        "standing": "hangs",
        "event_id": "",
    }


def test_a_plate_is_to_come_down_once_the_star_is_revoked_and_is_down_from_the_day_it_was_taken() -> None:
    revoked = HUNG + step("2026-03-01", "revoke_rating", 'reason = "弄虚作假"')
    assert plates(revoked, "2026-02-28")[0] == ("四星级", "hangs", False)
    assert plates(revoked, "2026-03-01")[0] == ("四星级", "to_take_down", False)
    down = revoked + step("2026-03-05", "take_plate_down")
    assert plates(down, "2026-03-04")[0][1] == "to_take_down"
    assert plates(down, "2026-03-05")[0][1] == "taken_down"
    assert plates(down, "2026-03-05")[1:] == [(None, None, False)]


def test_a_plate_of_last_year_goes_on_while_the_star_stays_and_is_to_come_down_when_it_changes() -> None:
    def again(score: int) -> str:
        return (
            HUNG
            + opened("2026-05-06", "seed-004-a", 2026, "又评星")
            + step("2026-11-20", "confirm_rating", f"score = {score}", subject="又评星")
        )

    assert plates(again(91), "2026-11-20") == [("四星级", "hangs", False), ("四星级", None, False)]
    assert plates(again(65), "2026-11-20") == [("四星级", "to_take_down", False), ("一星级", None, True)]
    assert plates(again(59), "2026-11-20") == [("四星级", "to_take_down", False), ("无星", None, False)]


def test_a_plate_known_later_is_not_seen_before() -> None:
    late = STARS + step("2025-12-10", "hang_plate", recorded="2026-02-01")
    assert plates(late, "2025-12-31") == [("四星级", "hangs", False)]
    (row,) = grades(late, "2025-12-31", known_on=end_of_day(date(2026, 1, 31)))
    assert (row["plate"], row["plate_due"]) == (None, True)


def test_a_plate_of_a_voided_round_waits_for_the_grade_to_be_decided_anew() -> None:
    void = HUNG + step("2026-02-01", "void_round", 'reason = "分数与台账对不上"', "机关党委")
    assert plates(void, "2026-02-01") == [("四星级", "open", False)]
    assert Told(UNITS + void + step("2026-02-02", "hang_plate")).played[-1].outcome.refused
    seen = void + step("2026-02-05", "review", "score = 91, passed = true")
    anew = seen + step("2026-02-10", "confirm_rating", "score = 91")
    assert [state for _, state, _ in plates(anew, "2026-02-10")] == ["hangs", None]
    assert plates(anew, "2026-02-10")[-1][2] is False
