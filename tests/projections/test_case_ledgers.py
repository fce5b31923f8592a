"""整改台账、考评台账、示范点台账: rows as of a day, of a unit and all below, of a year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told

UNITS = """
title = "ledgers of cases"
packs = ["central", "seed-000-a"]
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


def step(on: str, do: str, given: str = "", unit: str = "甲支部", subject: str = "委员空缺") -> str:
    """Return one step at one case."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\n'
    told += f'subject = "{subject}"\n' if subject else ""
    return told + (f"with = {{ {given} }}\n" if given else "")


PROBLEM = (
    step(
        "2025-03-10",
        "open_issue",
        'source = "inspection", text = "空缺一名委员", severity = "serious", due_on = 2025-04-30,'
        ' leader = "孙"',
    )
    + step("2025-03-20", "plan_correction", 'measure = "补选", owner = "钱", due_on = 2025-04-30')
    + step("2025-05-02", "submit_correction", 'by = "钱"')
    + step("2025-05-06", "accept_correction", 'by = "周", on_site = true')
    + step("2025-05-08", "close_out", 'by = "周"')
    + step("2026-01-15", "reopen_issue", 'reason = "又空缺", due_on = 2026-02-28')
)
RULED = step(
    "2026-01-05",
    "open_issue",
    'source = "compliance", rule = "meet-assembly", period = "2025-Q4"',
    "乙支部",
    "没有开党员大会",
)


def rows(text: str, name: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the rows of a ledger of the story."""
    told = Told(UNITS + text)
    assert [one.outcome.refused for one in told.played] == [False] * len(told.played)
    unit = asked.pop("unit", None)
    unit_id = told.answering.unit_named(unit) if unit else None
    return list(told.answering.ledger(name, unit_id, **asked)["rows"])


@pytest.mark.parametrize(
    ("on", "stage", "overdue", "closed"),
    [
        ("2025-03-10", "found", 0, None),
        ("2025-04-30", "planned", 0, None),
        ("2025-05-01", "planned", 1, None),
        ("2025-05-05", "submitted", 2, None),
        ("2025-05-07", "accepted", 2, None),
        ("2025-05-08", "closed", 2, "2025-05-08"),
        ("2026-01-15", "found", 0, None),
        ("2026-03-03", "found", 3, None),
    ],
)
def test_a_problem_stands_as_of_the_day_with_the_days_it_is_late(
    on: str, stage: str, overdue: int, closed: str | None
) -> None:
    (row,) = rows(PROBLEM, "整改台账", on=date.fromisoformat(on))
    assert (row["stage"], row["overdue_days"], row["closed_out_on"]) == (stage, overdue, closed)


def test_a_problem_tells_who_does_what_by_when_and_what_came_of_it() -> None:
    (row,) = rows(PROBLEM, "整改台账", on=date(2025, 6, 1))
    told = ("unit", "subject", "source", "severity", "opened_on", "measure", "owner", "leader", "due_on")
    expected = ("甲支部", "委员空缺", "inspection", "serious", "2025-03-10", "补选", "钱", "孙", "2025-04-30")
    assert tuple(row[key] for key in told) == expected
    assert (row["submitted_on"], row["accepted_on"]) == ("2025-05-02", "2025-05-06")
    (after,) = rows(PROBLEM, "整改台账", on=date(2026, 2, 1))
    assert (after["closures"], after["reopened"], after["submitted_on"]) == (["2025-05-08"], 1, None)
    assert (after["measure"], after["due_on"]) == (None, "2026-02-28")


def test_a_problem_is_in_the_years_in_which_it_was_open() -> None:
    closed = PROBLEM[: PROBLEM.index("\n[[steps]]\non = 2026")]
    years = {y: len(rows(closed, "整改台账", year=y, on=date(2026, 6, 1))) for y in (2024, 2025, 2026)}
    assert years == {2024: 0, 2025: 1, 2026: 0}
    assert len(rows(PROBLEM, "整改台账", year=2026, on=date(2026, 6, 1))) == 1


def test_a_unit_shows_its_own_a_superior_all_below() -> None:
    def units(unit: str | None) -> list[str]:
        found = rows(PROBLEM + RULED, "整改台账", unit=unit, on=date(2026, 3, 1))
        return [row["unit"] for row in found]

    assert (units("甲支部"), units("乙支部")) == (["甲支部"], ["乙支部"])
    assert sorted(units("机关党委")) == sorted(units(None)) == sorted(["甲支部", "乙支部"])


def test_a_problem_names_its_rule_who_waived_it_and_the_earlier_ones_about_it() -> None:
    waived = RULED + step(
        "2026-01-20",
        "waive",
        'rule = "meet-assembly", until = 2026-06-30, authority = "机关党委", document = "会议纪要"',
        "乙支部",
        "",
    )
    again = step("2026-02-10", "open_issue", 'rule = "meet-assembly"', "乙支部", "又没有开党员大会")
    first, second = rows(waived + again, "整改台账", on=date(2026, 3, 1))
    assert "党员大会" in first["label"]
    assert "第十一条" in first["clause"]
    assert (first["waived_until"], first["authority"]) == ("2026-06-30", "机关党委")
    assert (first["recurs"], second["recurs"]) == ([], ["没有开党员大会"])
    (before,) = rows(waived, "整改台账", on=date(2026, 1, 19))
    (over,) = rows(waived, "整改台账", on=date(2026, 7, 1))
    assert (before["waived_until"], over["waived_until"]) == (None, None)


RATING = (
    step("2026-01-05", "open_campaign", 'scheme = "seed-000-a", year = 2026', "机关党委", "规范化")
    + step("2026-01-10", "declare", "", "甲支部", "规范化")
    + step("2026-10-10", "assess_self", "score = 95", "甲支部", "规范化")
    + step("2026-11-01", "review", "score = 80, passed = true", "甲支部", "规范化")
    + step("2026-11-02", "review", 'score = 85, passed = true, reason = "复核"', "甲支部", "规范化")
    + step("2026-11-03", "void_round", 'reason = "隐瞒"', "机关党委", "规范化")
    + step("2026-11-10", "review", "score = 90, passed = true", "甲支部", "规范化")
    + step("2026-11-20", "survey_masses", "asked = 50, satisfied = 48", "甲支部", "规范化")
    + step("2026-12-20", "confirm_rating", 'grade = "优秀"', "甲支部", "规范化")
    + step("2026-12-30", "revoke_rating", 'reason = "弄虚作假"', "甲支部", "规范化")
)


def test_every_score_of_a_unit_stands_with_its_reason_and_a_voided_one_says_so() -> None:
    (row,) = rows(RATING, "考评台账", on=date(2026, 12, 29))
    scores = [(one["step"], one["score"], one["reason"], one["void"]) for one in row["scores"]]
    assert scores == [
        ("assess_self", 95, None, False),
        ("review", 80, None, True),
        ("review", 85, "复核", True),
        ("review", 90, None, False),
    ]
    told = ("subject", "year", "scheme", "unit", "holder", "satisfaction", "score", "grade", "revoked_on")
    expected = ("规范化", 2026, "seed-000-a", "甲支部", "机关党委", 96, 90, "优秀", None)
    assert tuple(row[key] for key in told) == expected
    (after,) = rows(RATING, "考评台账", on=date(2026, 12, 30))
    assert (after["grade"], after["revoked_on"], after["reason"]) == ("优秀", "2026-12-30", "弄虚作假")


def test_a_rating_is_listed_with_the_branch_that_is_rated_whoever_holds_the_campaign() -> None:
    day = date(2026, 12, 31)
    assert len(rows(RATING, "考评台账", unit="甲支部", on=day)) == 1
    assert rows(RATING, "考评台账", unit="乙支部", on=day) == []
    assert len(rows(RATING, "考评台账", unit="机关党委", on=day)) == 1
    assert rows(RATING, "考评台账", year=2025, on=day) == []
    assert rows(RATING, "考评台账", on=date(2026, 1, 9)) == []


SITE = (
    step("2025-01-10", "nominate_site", 'level = "township", field = "organ", sites = 2', subject="示范点")
    + step("2025-02-01", "plan_site", 'items = ["目标"], until_year = 2027', subject="示范点")
    + step(
        "2025-12-20",
        "assess_site",
        'criteria = [{ id = "s001-6", met = false }, { id = "s001-9", met = true }], satisfaction = 91,'
        " passed = true",
        subject="示范点",
    )
    + step("2025-12-30", "name_site", "", subject="示范点")
    + step("2026-06-01", "adjust_site", 'level = "county", reason = "县里推荐"', subject="示范点")
    + step("2026-12-20", "assess_site", "passed = false, year = 2026", subject="示范点")
    + step("2026-12-30", "delist_site", 'reason = "实绩不明显"', subject="示范点")
)


def test_a_site_tells_its_level_each_years_assessment_and_how_it_ended() -> None:
    (row,) = rows(SITE, "示范点台账", on=date(2026, 12, 29))
    assert (row["level"], row["field"], row["planned_on"], row["until_year"]) == (
        "county", "organ", "2025-02-01", 2027,
    )  # fmt: skip
    first, second = row["assessments"]
    assert (first["year"], first["passed"], first["satisfaction"], first["unmet"]) == (
        2025, True, 91, ["s001-6"],
    )  # fmt: skip
    assert (second["year"], second["passed"]) == (2026, False)
    assert (row["named_on"], row["adjusted"][0]["reason"]) == ("2025-12-30", "县里推荐")
    assert (row["stage"], row["delisted_on"]) == ("named", None)
    (ended,) = rows(SITE, "示范点台账", on=date(2026, 12, 30))
    assert (ended["stage"], ended["delisted_on"], ended["reason"]) == ("delisted", "2026-12-30", "实绩不明显")


def test_a_site_is_in_the_years_in_which_something_happened_to_it() -> None:
    days = {y: len(rows(SITE, "示范点台账", year=y, on=date(2027, 6, 1))) for y in (2024, 2025, 2026, 2027)}
    assert days == {2024: 0, 2025: 1, 2026: 1, 2027: 0}
    assert rows(SITE, "示范点台账", on=date(2025, 1, 9)) == []
