"""总览: the number on a tile is that of the rows behind it; a branch counts where the switch says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.projections.test_compliance import meeting
from tests.projections.test_drive import COUNTY, course, step
from tests.projections.test_tree import planted
from tests.support.books import Told
from tests.support.tree import DEEDS, Deed
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.errors import WrongUsage
from workflows.projections.answers import Answering
from workflows.projections.lights import LIGHTS

TODAY = date(2026, 11, 20)
PEOPLE = """
[people]
"王" = { unit = "乙一支部", stage = "activist", since = 2025-01-10, born_on = 1999-05-01 }
"""


def at(unit: str, text: str) -> str:
    return text.replace("[[steps]]\n", f'[[steps]]\nunit = "{unit}"\n')


VOTES = ", ".join(
    f'{{ person = "{who}", votes = {n} }}' for who, n in (("赵", 9), ("钱", 9), ("孙", 9), ("周", 1))
)
BALLOTS = "eligible = 9, attending = 9, ballots_issued = 9, ballots_returned = 9, ballots_valid = 9"
POSTS = '{ "赵" = "secretary", "钱" = "organization", "孙" = "discipline" }'
ELECTED = step(
    "2024-02-10",
    "elect_committee",
    f"seats = 3, {BALLOTS}, candidates = [{VOTES}], posts = {POSTS}",
    subject="",
)
MOVED = '\n[[steps]]\non = 2026-07-01\ndo = "move_unit"\nunit = "丙二支部"\nwith = { superior = "乙镇" }\n'
PACKS = COUNTY.replace('packs = ["central"]', 'packs = ["central", "seed-000-a", "seed-001"]')
RATED = (
    step("2026-01-05", "open_campaign", 'scheme = "seed-000-a", year = 2026', "乙镇", "规范化")
    + step("2026-01-10", "declare", "", "乙一支部", "规范化")
    + step("2026-10-10", "assess_self", "score = 95", "乙一支部", "规范化")
    + step("2026-11-01", "review", "score = 92, passed = true", "乙一支部", "规范化")
)
SITE = (
    step(
        "2025-01-10",
        "nominate_site",
        'level = "township", field = "village", sites = 2',
        "乙一支部",
        "示范点",
    )
    + step("2025-02-01", "plan_site", 'items = ["目标"], until_year = 2027', "乙一支部", "示范点")
    + step("2025-12-20", "assess_site", "satisfaction = 91, passed = true", "乙一支部", "示范点")
    + step("2025-12-30", "name_site", "", "乙一支部", "示范点")
)


@pytest.fixture(scope="module")
def told() -> Told:
    held = at("乙一支部", meeting("2026-10-20")) + at("丙一支部", meeting("2026-10-21"))
    problems = course(date(2026, 9, 1), "丙一支部", "台账不全", "self_check", 2)
    found = Told(PACKS + PEOPLE + ELECTED + held + problems + RATED + SITE + MOVED)
    assert [one.outcome.refused for one in found.played] == [False] * len(found.played)
    return found


def overview(told: Told, unit: str | None = None, on: date = TODAY, **more: Any) -> dict[str, Any]:
    unit_id = told.answering.unit_named(unit) if unit else None
    return dict(told.answering.overview(unit_id, on, **more))


def behind(told: Told, name: str, unit: str | None = None, on: date = TODAY) -> list[dict[str, Any]]:
    unit_id = told.answering.unit_named(unit) if unit else None
    return list(told.answering.overview_rows(name, unit_id, on)["rows"])


def test_a_county_is_grouped_by_township_and_a_township_by_branch(told: Told) -> None:
    assert [row["unit"] for row in overview(told)["groups"]] == ["甲县", "乙镇", "丙镇"]
    assert [row["unit"] for row in overview(told, "乙镇")["groups"]] == ["乙镇", "乙一支部", "丙二支部"]
    assert {row["unit"]: row["group"] for row in overview(told)["rows"]}["丙一支部"] == "丙镇"


@pytest.mark.parametrize(
    ("on", "structure", "branches"),
    [
        (date(2026, 6, 30), "then", {"乙镇": 1, "丙镇": 2}),
        (date(2026, 6, 30), "now", {"乙镇": 2, "丙镇": 1}),
        (date(2026, 7, 1), "then", {"乙镇": 2, "丙镇": 1}),
    ],
)
def test_a_moved_branch_counts_where_the_switch_says(
    told: Told, on: date, structure: Any, branches: dict[str, int]
) -> None:
    groups = overview(told, on=on, structure=structure)["groups"]
    assert {row["unit"]: row["branches"] for row in groups if row["unit"] != "甲县"} == branches
    assert overview(told, on=on, structure=structure)["total"]["branches"] == 3


@pytest.mark.parametrize("unit", [None, "丙一支部"])
def test_every_number_is_that_of_the_rows_behind_it(told: Told, unit: str | None) -> None:
    total = overview(told, unit)["total"]
    parts = {"limits": "limit", "regime": "regime", "terms": "term", "problems": "problem", "sites": "site"}
    for part, name in parts.items():
        for key in [key for key, count in total[part].items() if count]:
            assert total[part][key] == len(behind(told, f"{name}.{key}", unit)), (part, key)
    for field, lights in total["lights"].items():
        shapes = Counter(row["figures"][0].removeprefix("limit.") for row in behind(told, field, unit))
        assert shapes == {shape: count for shape, count in lights.items() if shape != "worst"}


def test_the_whole_is_the_sum_of_its_groups_and_of_its_units(told: Told) -> None:
    answer = overview(told)
    for part in ("limits", "regime", "terms", "problems"):
        for key, count in answer["total"][part].items():
            assert count == sum(row[part][key] for row in answer["groups"])
            assert count == sum(row[part][key] for row in answer["rows"])


def test_the_lights_are_those_of_the_limits(told: Told) -> None:
    rows = told.answering.deadlines(None, None, TODAY)["rows"]
    limits = overview(told)["total"]["limits"]
    overdue = [row for row in rows if row["status"] == "overdue"]
    assert limits["over"] == sum(not row["bygone"] for row in overdue)
    assert limits["bygone"] == sum(row["bygone"] for row in overdue)
    assert sum(limits[shape] for shape in LIGHTS) + limits["bygone"] + limits["held"] == len(rows)


def test_meetings_of_the_quarter_are_counted_as_compliance_counts_them(told: Told) -> None:
    """Met of owed; exempt is out of the base, what awaits a judgement or its day is told apart."""
    cells = told.answering.compliance(None, "2026-Q4", TODAY)["rows"]
    regime = ("branch_assembly", "committee_meeting", "cell_meeting", "party_lecture", "secretary_lecture")
    counts = Counter(row["verdict"] for row in cells if row["facts"]["activity"] in regime)
    shown = overview(told)["total"]["regime"]
    assert {verdict: shown[verdict] for verdict in counts} == dict(counts)
    assert shown["done"] == counts["met"] + counts["late"]
    assert shown["owed"] == shown["done"] + counts["missing"] + counts["invalid"]


def test_a_term_that_ends_within_ninety_days_is_told_and_one_that_has_ended_apart(told: Told) -> None:
    """Elected on 2024-02-10 for three years: until 2027-02-10."""
    days = (date(2026, 11, 11), date(2026, 11, 12), date(2027, 2, 10), date(2027, 2, 11))
    terms = [overview(told, on=day)["total"]["terms"] for day in days]
    assert [(one["soon"], one["over"]) for one in terms] == [(0, 0), (1, 0), (1, 0), (0, 1)]


def test_problems_campaigns_and_sites_are_told_with_those_they_are_about(told: Told) -> None:
    by_unit = {row["unit"]: row for row in overview(told)["rows"]}
    assert by_unit["丙一支部"]["problems"] == {"open": 1, "overdue": 1, "waived": 0}
    assert by_unit["乙一支部"]["sites"] == {"township": 1}
    assert by_unit["乙镇"]["campaigns"] == 1
    assert by_unit["丙一支部"]["lights"]["correction"]["worst"] == "over"
    assert by_unit["乙一支部"]["lights"]["development"]["worst"] in LIGHTS
    assert overview(told, "乙一支部")["total"]["campaigns"] == 1  # held by the township above
    assert overview(told, "丙镇")["total"]["campaigns"] == 0


def test_grades_are_counted_by_scheme_and_name_nobody(told: Told) -> None:
    assert overview(told)["grades"] == []
    text = PACKS + RATED + step("2026-12-20", "confirm_rating", 'grade = "优秀"', "乙一支部", "规范化")
    graded = Told(text)
    (row,) = overview(graded, on=date(2026, 12, 31))["grades"]
    assert (row["scheme"], row["grade"], row["units"]) == ("seed-000-a", "优秀", 1)
    classes = overview(graded, on=date(2026, 12, 31))["total"]["classes"]
    assert classes == ({row["class"]: 1} if row["class"] else {})
    (one,) = behind(graded, row["of"], on=date(2026, 12, 31))
    assert (one["unit"], one["told"]) == ("乙一支部", "优秀")


def test_a_branch_that_became_part_of_another_counts_there_by_the_tree_of_now() -> None:
    merged = step("2026-07-01", "merge_units", 'units = ["丙一支部"]', subject="")
    told = Told(COUNTY + course(date(2026, 3, 1), "丙一支部", "台账不全", "self_check", 2) + merged)
    day, ask = date(2026, 6, 30), told.answering

    def problems(structure: Any) -> dict[str, int]:
        groups = ask.overview(None, day, structure=structure)["groups"]
        return {row["unit"]: row["problems"]["open"] for row in groups if row["unit"] != "甲县"}

    assert problems("then") == {"乙镇": 0, "丙镇": 1}
    assert problems("now") == {"乙镇": 1, "丙镇": 0}
    rows = ask.drive(None, "2026", day, structure="now")["rows"]
    assert {row["unit"]: row["total"] for row in rows if row["total"]} == {"乙镇": 1}


def test_a_number_nobody_knows_is_refused(told: Told) -> None:
    with pytest.raises(WrongUsage, match="figure-unknown"):
        told.answering.overview_rows("limit.blue", None, TODAY)
    with pytest.raises(WrongUsage, match="figure-unknown"):
        told.answering.drive_rows("blue", None, "2026", TODAY)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS, st.sampled_from(["then", "now"]))
def test_whatever_becomes_of_the_tree_each_thing_is_counted_once(deeds: list[Deed], structure: Any) -> None:
    gardener, books, days = planted(deeds)
    clock = FixedClock(moment_of(gardener.last_day))
    ask = Answering(gardener.log, books.rules, clock)
    day = days[len(days) // 2]
    answer = ask.overview(None, day, structure=structure)
    for part in ("limits", "regime", "terms"):
        for key, count in answer["total"][part].items():
            assert count == sum(row[part][key] for row in answer["groups"])
            assert count == sum(row[part][key] for row in answer["rows"])
    there = [entry for entry in books.reading.directory.units() if entry.exists_on(day)]
    assert answer["total"]["branches"] == sum(row["branches"] for row in answer["groups"])
    told = [entry.dated.on(day) for entry in there]
    assert answer["total"]["branches"] == sum(one is not None and one.level == "branch" for one in told)
    limits = ask.deadlines(None, None, day)["rows"]
    assert sum(answer["total"]["limits"].values()) == len(limits)


def test_a_closed_problem_that_is_followed_up_stands_among_the_limits_of_its_field() -> None:
    told = Told(COUNTY + course(date(2026, 3, 1), "丙一支部", "台账不全", "self_check", 6))
    (row,) = told.answering.overview_rows("correction", None, date(2026, 6, 1))["rows"]
    assert (row["unit"], row["kind"], row["subject"]) == ("丙一支部", "rectification", "台账不全")
    problems = overview(told, on=date(2026, 6, 1))["total"]["problems"]
    assert problems == {"open": 0, "overdue": 0, "waived": 0}
