"""考评的一轮: totals, the lot, the re-check and what it undoes, and the rules of the day of freezing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.domain.test_campaign import OPENED, PASSED, UNITS, step
from tests.support.books import Told
from workflows.adapters.packs import text_of
from workflows.domain.campaign.rated import satisfied_of
from workflows.policies.facts import Fact

FROZEN = OPENED + step(
    "2026-01-06", "freeze_rubric", 'criteria = [{ id = "组织", points = 50 }, { id = "台帐", points = 50 }]'
)


def state_of(text: str) -> dict[str, Any]:
    """Return the state of the campaign at the end."""
    return dict(Told(text).answering.ask("state", {"subject": "考评", "as_of": date(2027, 1, 31)}))


def last(text: str) -> tuple[bool, list[str]]:
    """Return whether the last step was refused, and by which rules something was said of it."""
    found = Told(text).played[-1].outcome
    return found.refused, [f.rule for f in found.findings if f.verdict != "ok"]


def scored(on: str, *points: tuple[str, int], reason: str = "") -> str:
    """Return a review of one branch by criterion."""
    told = ", ".join(
        f'{{ criterion = "{name}", points = {number}, evidence = "x" }}' for name, number in points
    )
    return step(on, "review", f'passed = true, scores = [{told}], reason = "{reason}"', "甲支部")


def score_at_the_end(text: str) -> Any:
    """Return the total that the unit is confirmed with after these reviews."""
    rated = state_of(text + step("2026-11-25", "confirm_rating", 'grade = "优秀"', "甲支部"))
    return rated["ratings"][-1]["score"]


def test_a_criterion_scored_again_changes_the_total_by_itself_and_the_others_stay() -> None:
    whole = FROZEN + scored("2026-11-01", ("组织", 48), ("台帐", 48))
    assert score_at_the_end(whole + scored("2026-11-02", ("组织", 47), reason="核对")) == 95


def test_the_total_is_unknown_while_criteria_of_the_rubric_are_not_scored() -> None:
    assert score_at_the_end(FROZEN + scored("2026-11-01", ("组织", 48))) is None
    both = FROZEN + scored("2026-11-01", ("组织", 48)) + scored("2026-11-02", ("台帐", 40), reason="补评")
    assert score_at_the_end(both) == 88


def test_points_of_a_part_are_no_total_where_the_total_was_told_as_a_whole() -> None:
    whole = OPENED + step("2026-11-01", "review", "passed = true, score = 80", "甲支部")
    assert score_at_the_end(whole) == 80
    assert score_at_the_end(whole + scored("2026-11-02", ("组织", 7), reason="核对")) is None


def test_a_criterion_given_twice_in_one_review_is_refused() -> None:
    assert last(FROZEN + scored("2026-11-01", ("组织", 48), ("组织", 48))) == (True, ["rating-twice"])


ALL_DRAWN = PASSED + step("2026-12-01", "draw_sample", 'sampled = 3, seed = "1"')


def test_what_was_found_wrong_is_measured_by_the_sample_drawn_and_not_by_a_number_typed() -> None:
    wrong = 'wrong = ["甲支部", "乙支部", "丙支部"]'
    typed = ALL_DRAWN + step("2026-12-02", "recheck", f"sampled = 40, {wrong}")
    assert "recheck-other-sample" in last(typed)[1]
    assert last(typed)[0]
    assert last(ALL_DRAWN + step("2026-12-02", "recheck", wrong)) == (False, ["s000a-error"])
    assert last(ALL_DRAWN + step("2026-12-02", "recheck", f"sampled = 3, {wrong}")) == (
        False,
        ["s000a-error"],
    )


def test_who_was_not_looked_at_cannot_be_found_wrong() -> None:
    one = PASSED + step("2026-12-01", "draw_sample", 'sampled = 1, seed = "1"')
    (drawn_one,) = state_of(one)["sample"]["units"]
    other = ({"甲支部", "乙支部", "丙支部"} - {drawn_one}).pop()
    assert "recheck-not-sampled" in last(one + step("2026-12-02", "recheck", f'wrong = ["{other}"]'))[1]


def test_after_too_many_errors_a_later_recheck_clears_nothing_until_the_round_is_redone() -> None:
    text = PASSED + step("2026-11-21", "confirm_rating", 'grade = "优秀"', "甲支部")
    text += step("2026-12-02", "recheck", 'sampled = ["甲支部", "乙支部"], wrong = ["甲支部"]')
    text += step("2026-12-03", "recheck", "sampled = 30, wrong = 0")
    confirm = step("2026-12-20", "confirm_rating", 'grade = "优秀"', "乙支部")
    assert last(text + confirm) == (True, ["s000a-error", "s000a-recheck"])
    assert last(text + step("2026-12-10", "post_notice", "working_days = 5")) == (True, ["s000a-error"])
    redone = text + step("2026-12-04", "void_round", 'reason = "误差率超过15%"')
    redone += step("2026-12-05", "review", 'passed = ["乙支部"]')
    assert last(redone + confirm)[0] is False


def test_errors_found_one_by_one_in_the_same_sample_are_errors_together() -> None:
    names = [f"{number}支部" for number in range(12)]
    listed = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    text = OPENED + step("2026-11-20", "confirm_rating", 'grade = "优秀"', "甲支部")
    first = text + step("2026-12-02", "recheck", f'sampled = {listed}, wrong = ["{names[0]}"]')
    assert last(first) == (False, [])
    again = step("2026-12-03", "recheck", f'sampled = {listed}, wrong = ["{names[1]}"]')
    assert last(first + again) == (False, ["s000a-error"])


def test_a_round_is_voided_even_after_the_notice_or_the_decision() -> None:
    noticed = PASSED + step("2026-11-22", "post_notice", "working_days = 5")
    decided = PASSED + step("2026-11-22", "confirm_rating", 'grade = "优秀"', "甲支部")
    void = step("2026-12-04", "void_round", 'reason = "故意隐瞒"')
    assert [state_of(text + void)["stage"] for text in (noticed, decided)] == ["void", "void"]
    taken = decided + void + step("2026-12-05", "revoke_rating", 'reason = "初评作废"', "甲支部")
    assert last(taken) == (False, [])


def test_a_unit_named_twice_is_one() -> None:
    twice = OPENED + step("2026-11-20", "review", 'passed = ["甲支部", "甲支部", "乙支部"]')
    assert state_of(twice)["passed"] == 2
    twice = ALL_DRAWN + step("2026-12-02", "recheck", 'wrong = ["甲支部", "甲支部"]')
    assert state_of(twice)["recheck"]["wrong"] == 1


def test_who_fails_after_all_is_not_in_the_lot() -> None:
    failed = PASSED + step("2026-11-22", "review", 'passed = false, reason = "查实"', "甲支部")
    assert state_of(failed)["passed"] == 2
    lot = state_of(failed + step("2026-12-01", "draw_sample", 'sampled = 2, seed = "1"'))["sample"]
    assert set(lot["units"]) == {"乙支部", "丙支部"}


def test_the_lot_is_that_of_the_reviews_and_no_other() -> None:
    one = 'passed = ["甲支部"], sampled = ["甲支部"], seed = "7"'
    fewer = PASSED + step("2026-12-01", "draw_sample", one)
    assert last(fewer) == (True, ["sample-passed-differs"])
    number = OPENED + step("2026-11-20", "review", "passed = 40")
    number += step("2026-12-01", "draw_sample", 'passed = 20, sampled = 12, seed = "7"')
    assert last(number) == (False, ["sample-passed-count"])


def test_a_grade_without_a_recheck_or_unknown_to_the_plan_or_against_the_recheck_is_state_of() -> None:
    confirm = step("2026-12-20", "confirm_rating", 'grade = "优秀"', "甲支部")
    assert last(OPENED + confirm) == (False, ["s000a-recheck"])
    many = PASSED + step("2026-12-02", "recheck", "sampled = 20, wrong = 0")
    odd = step("2026-12-20", "confirm_rating", 'grade = "特优"', "甲支部")
    assert "rating-grade-unknown" in last(many + odd)[1]
    found = OPENED + step("2026-12-02", "recheck", 'sampled = 20, wrong = ["甲支部"]')
    assert "rating-found-wrong" in last(found + confirm)[1]
    assert "rating-found-wrong" not in last(found + confirm.replace("甲支部", "乙支部"))[1]


def test_the_sample_and_the_recheck_of_a_voided_round_are_none_of_the_new_one() -> None:
    text = ALL_DRAWN + step("2026-12-02", "recheck", 'wrong = ["甲支部"]')
    text += step("2026-12-03", "void_round", 'reason = "误差率超过15%"')
    text += step("2026-12-04", "review", 'passed = ["甲支部"]')
    confirm = step("2026-12-20", "confirm_rating", 'grade = "合格"', "甲支部")
    assert last(text + confirm) == (False, ["s000a-recheck"])
    again = step("2026-12-05", "draw_sample", 'sampled = 1, seed = "2"') + step(
        "2026-12-06", "recheck", "wrong = 0"
    )
    assert last(text + again + confirm) == (False, [])


def test_a_unit_that_is_no_more_is_not_rated_without_a_word() -> None:
    merged = OPENED + '\n[[steps]]\non = 2026-03-10\ndo = "merge_units"\nunit = "乙支部"\n'
    merged += 'with = { units = ["甲支部"] }\n'
    both = merged + step("2026-11-10", "review", 'passed = ["甲支部", "乙支部"]')
    assert "rating-unit-gone" in last(both)[1]
    assert "rating-unit-gone" in last(both + step("2026-12-01", "draw_sample", 'sampled = 1, seed = "3"'))[1]
    rated = both + step("2026-12-03", "confirm_rating", 'grade = "优秀"', "甲支部")
    assert "rating-unit-gone" in last(rated)[1]
    declared = merged + step("2026-10-01", "declare", 'units = ["乙支部"]')
    shares = Told(declared + step("2026-11-10", "review", 'passed = ["乙支部"]')).played[-1].outcome.findings
    assert {f.facts.get("campaign_units") for f in shares if f.rule == "s000a-yearly-share"} == {2}


def test_a_rate_just_below_the_boundary_stays_below_it() -> None:
    below, exact = satisfied_of(94.996, None, None), satisfied_of(95.0, None, None)
    assert below == {"asked": 100_000, "satisfied": Fact(94_996, percent=94.996)}
    assert exact == {"asked": 10_000, "satisfied": Fact(9_500, percent=95.0)}
    assert satisfied_of(95.0, 60, 57) == {"asked": 60, "satisfied": 57}


# --- by which rules, of which year -------------------------------------------------------------------------


def test_the_bands_of_the_day_of_freezing_judge_whatever_becomes_of_the_plan(tmp_path: Path) -> None:
    later = '{ from = 2026-11-15, value = [{ from = 90, to = 100, level = "五星级" }] }'
    pack = str(text_of("seed-004-a")).replace('id = "seed-004-a"', 'id = "stars"')
    old = '{ from = 0, below = 60, level = "无星" },\n] }]'
    assert old in pack
    place = tmp_path / "stars.toml"
    place.write_text(pack.replace(old, f"{old[:-1]}, {later}]"), encoding="utf-8")
    plan = UNITS.replace('packs = ["seed-000-a"]', f'packs = ["{place}"]')
    opened = plan + step("2026-03-10", "open_campaign", 'scheme = "stars", year = 2026')
    confirm = step("2026-11-20", "confirm_rating", "score = 92", "甲支部")

    def grade(text: str) -> str:
        return str(state_of(text + confirm)["ratings"][-1]["grade"])

    assert grade(opened) == "五星级"
    assert grade(opened + step("2026-05-01", "freeze_rubric")) == "四星级"
    assert grade(opened + step("2026-11-16", "freeze_rubric")) == "五星级"


def scores(text: str, subject: str) -> dict[str, Any]:
    """Return what stands side by side for each unit."""
    rows = Told(text).answering.ask("scores", {"subject": subject, "on": date(2026, 12, 31)})["rows"]
    return {row["unit"]: row for row in rows}


def test_a_review_recorded_late_belongs_to_the_round_of_its_day() -> None:
    text = OPENED + step("2026-11-10", "review", "passed = true, score = 90", "甲支部")
    text += step("2026-12-02", "void_round", 'reason = "误差"')
    late = step("2026-11-11", "review", "passed = true, score = 91", "乙支部")
    text += late.replace("on = 2026-11-11", "on = 2026-11-11\nrecorded_on = 2026-12-20\nas_history = true")
    assert [one["void"] for one in scores(text, "考评")["乙支部"]["scores"]] == [True]
    assert state_of(text)["passed"] == 0


def test_last_year_is_that_of_the_same_plan_and_of_no_other() -> None:
    both = UNITS.replace('packs = ["seed-000-a"]', 'packs = ["seed-000-a", "seed-004-a"]')

    def year(number: int, scheme: str, subject: str, points: int | None = None) -> str:
        told = step(f"{number}-01-05", "open_campaign", f'scheme = "{scheme}", year = {number}')
        if points is not None:
            given = f'scores = [{{ criterion = "服务体系", points = {points}, evidence = "x" }}]'
            told += step(f"{number}-11-10", "review", f"passed = true, {given}", "甲支部")
        return told.replace('"考评"', f'"{subject}"')

    now = year(2026, "seed-004-a", "今年")
    other = both + year(2025, "seed-000-a", "别的", 3)
    assert scores(other + now, "今年")["甲支部"]["last"] is None
    same = scores(other + year(2025, "seed-004-a", "去年", 19) + now, "今年")["甲支部"]
    assert same["last"]["subject"] == "去年"
    assert {one["id"]: one["last_points"] for one in same["criteria"]}["服务体系"] == 19
