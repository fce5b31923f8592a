"""整顿对象的线索: what the facts bear out, what stays open, and a bottom share however it is rounded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.books import Told
from workflows.kernel.ids import derived
from workflows.projections.weak_candidates import lowest

PACKS = Path(__file__).parents[2] / "src" / "workflows" / "policies" / "packs" / "county"
COUNTY = """
title = "a county with three villages"
packs = ["central", "weak-branches", "seed-000-c"]
[[units]]
name = "县委"
level = "committee"
"""
VILLAGE = """
[[units]]
name = "{name}"
kind = "village"
superior = "县委"
established_on = 2024-01-01
full_members = 9
"""
ELECTED = """
[[steps]]
on = 2024-01-01
do = "elect_committee"
unit = "{name}"
[steps.with]
eligible = 9
attending = 9
posts = {{ "钱" = "secretary", "孙" = "organization", "李" = "publicity" }}
"""
ENDED = """
[[steps]]
on = 2024-02-10
do = "end_post"
unit = "甲村支部"
with = { person = "钱", post = "secretary" }
"""


def step(on: str, do: str, unit: str, subject: str, given: str = "") -> str:
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\nsubject = "{subject}"\n'
    return told + (f"with = {{ {given} }}\n" if given else "")


def county(*more: str) -> Told:
    villages = "".join(VILLAGE.format(name=name) for name in ("甲村支部", "乙村支部", "丙村支部"))
    elected = ELECTED.format(name="甲村支部") + ELECTED.format(name="乙村支部")
    return Told(COUNTY + villages + elected + ENDED + "".join(more))


def borne(told: Told, on: date) -> dict[str, list[str]]:
    answer = told.answering.weak_candidates(on=on)
    return {row["unit"]: [one["rule"] for one in row["marks"]] for row in answer["rows"]}


def test_a_branch_is_proposed_once_its_secretary_is_missing_for_more_than_three_months() -> None:
    told = county()
    assert "weak-secretary-vacant" not in borne(told, date(2024, 5, 10)).get("甲村支部", [])
    assert borne(told, date(2024, 5, 11))["甲村支部"][0] == "weak-secretary-vacant"


def test_what_the_books_cannot_tell_is_counted_and_makes_nobody_a_candidate() -> None:
    told = county()
    answer = told.answering.weak_candidates(on=date(2024, 3, 1))
    assert answer["rows"] == []
    marks = {one["rule"]: (one["borne"], one["open"]) for one in answer["marks"]}
    assert marks["weak-secretary-vacant"] == (0, 1)
    assert marks["weak-satisfaction"] == (0, 3)


def test_a_branch_on_the_list_is_told_with_its_case_and_candidates_stand_as_the_tree_does() -> None:
    told = county(
        step("2024-05-12", "list_unit", "甲村支部", "甲村整顿", 'criteria = ["weak-secretary-vacant"]')
    )
    rows = told.answering.weak_candidates(on=date(2026, 1, 1))["rows"]
    assert [row["unit"] for row in rows] == ["甲村支部", "乙村支部", "丙村支部"]
    assert [row["listed"] and row["listed"]["subject"] for row in rows] == ["甲村整顿", None, None]


def test_a_bottom_share_is_told_of_the_last_campaign_and_the_listing_counts_it_itself() -> None:
    told = county(
        step("2024-06-01", "open_campaign", "县委", "达标考评", "year = 2024"),
        step("2024-06-02", "review", "甲村支部", "达标考评", "passed = false, score = 50"),
        step("2024-06-02", "review", "乙村支部", "达标考评", "passed = false, score = 60"),
        step("2024-06-02", "review", "丙村支部", "达标考评", "passed = true, score = 90"),
        step("2024-06-03", "list_unit", "甲村支部", "甲村整顿", 'criteria = ["“硬件”未达标"]'),
    )
    (share,) = told.answering.weak_candidates(on=date(2024, 6, 2))["shares"]
    assert (share["base"], share["least"], share["most"]) == (2, 0, 1)
    assert (share["sure"], share["unsettled"], share["why"]) == ([], ["甲村支部"], ["rounding"])
    (finding,) = [f for f in told.played[-1].outcome.findings if f.rule == "s000c-bottom"]
    assert finding.facts == {"listed_units": 1, "below_standard": 2}


BELOW = (
    step("2024-06-01", "open_campaign", "县委", "达标考评", 'scheme = "seed-000-c", year = 2024, units = 50'),
    step("2024-06-02", "review", "县委", "达标考评", "passed = 20"),
)


def listing(on: str, unit: str, subject: str) -> str:
    told = step(on, "list_unit", unit, subject, 'criteria = ["weak-other"]')
    return told.replace("\nsubject", '\nreason = "另有名单"\nsubject')


def of_the_share(told: Told) -> list[tuple[str, dict[str, object]]]:
    """Return what the rule about the bottom share said of each listing."""
    found = [f for one in told.played for f in one.outcome.findings if f.rule == "s000c-bottom"]
    return [(str(f.verdict), f.facts) for f in found]


def test_a_share_of_the_units_is_filled_by_units_and_not_by_how_often_one_is_listed() -> None:
    days = ("2024-06-03", "2024-06-04", "2024-06-05")
    thrice = county(*BELOW, *(listing(day, "甲村支部", f"整顿{day}") for day in days))
    assert of_the_share(thrice) == [("warn", {"listed_units": 1, "below_standard": 30})] * 3
    places = zip(days, ("甲村支部", "乙村支部", "丙村支部"), strict=True)
    each = county(*BELOW, *(listing(day, unit, f"{unit}整顿") for day, unit in places))
    assert [verdict for verdict, _ in of_the_share(each)] == ["warn", "warn", "ok"]


def test_a_unit_on_a_list_is_listed_again_only_for_a_reason_and_the_case_is_named() -> None:
    told = county(listing("2024-06-03", "甲村支部", "整顿"), listing("2024-06-04", "甲村支部", "又一次"))
    (again,) = [f for f in told.played[-1].outcome.findings if f.rule == "listed-already"]
    assert (str(again.verdict), again.facts) == ("warn", {"lacking": ["整顿"]})


@pytest.mark.parametrize(
    ("holder", "given"),
    [("乙村支部", "year = 2024"), ("县委", 'scheme = "seed-004-a", year = 2024')],
)
def test_a_share_is_of_those_below_the_standard_of_the_county_by_the_plan_of_the_rule(
    holder: str, given: str
) -> None:
    told = county(
        *BELOW,
        step("2024-06-03", "open_campaign", holder, "另一个考评", given),
        step("2024-06-04", "review", "乙村支部", "另一个考评", "passed = false"),
        listing("2024-06-05", "甲村支部", "整顿"),
    )
    assert of_the_share(told) == [("warn", {"listed_units": 1, "below_standard": 30})]
    (share,) = told.answering.weak_candidates(on=date(2024, 6, 6))["shares"]
    assert (share["base"], share["campaign"]) == (30, "达标考评")


A, B, C = (derived("unit", name) for name in "abc")


@pytest.mark.parametrize(
    ("scores", "least", "most", "sure", "unsettled", "why"),
    [
        ({A: 50, B: 60, C: 70}, 1, 1, {A}, set(), []),
        ({A: 50, B: 50, C: 70}, 1, 1, set(), {A, B}, ["tie"]),
        ({A: 50, B: 60, C: 70}, 1, 2, {A}, {B}, ["rounding"]),
        ({A: 50, B: 60, C: 60}, 1, 2, {A}, {B, C}, ["rounding", "tie"]),
        ({A: 50, B: 60, C: 70}, 3, 3, {A, B, C}, set(), []),
        ({}, 0, 0, set(), set(), []),
    ],
)
def test_the_lowest_are_those_whom_neither_a_tie_nor_the_rounding_leaves_open(
    scores: dict[UUID, float | None],
    least: int,
    most: int,
    sure: set[UUID],
    unsettled: set[UUID],
    why: list[str],
) -> None:
    assert lowest(scores, least, most) == (sure, unsettled, why)
