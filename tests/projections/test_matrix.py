"""Units × periods or rules: every number is a count of the very cells that are listed for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.projections.test_compliance import meeting
from tests.support.books import Told
from workflows.kernel.errors import WrongUsage

TODAY = date(2026, 10, 15)
COUNTY = """
title = "a county"
[[units]]
name = "甲县"
level = "county"
[[units]]
name = "乙镇"
level = "committee"
superior = "甲县"
[[units]]
name = "丙镇"
level = "committee"
superior = "甲县"
[[units]]
name = "丙一支部"
superior = "丙镇"
full_members = 5
established_on = 2026-08-10
[[units]]
name = "乙一支部"
superior = "乙镇"
full_members = 16
established_on = 2015-01-01
[[units]]
name = "乙二支部"
superior = "乙镇"
established_on = 2015-01-01
[people]
"王" = { unit = "乙一支部", stage = "full", since = 2015-07-01 }
"李" = { unit = "乙一支部", stage = "full", since = 2015-07-01 }
[[steps]]
on = 2026-05-10
do = "record_training"
person = "王"
with = { hours = 32 }
"""


def at(unit: str, step: str) -> str:
    return step.replace("[[steps]]\n", f'[[steps]]\nunit = "{unit}"\n')


@pytest.fixture(scope="module")
def told() -> Told:
    held = [
        at("乙一支部", meeting("2026-01-20")),
        at("乙一支部", meeting("2026-07-03", more='attending = 9, for_period = "2026-Q2"')),
        at(
            "乙一支部",
            meeting("2026-08-03", more='attending = 3, resolutions = [{ topic = "甲", in_favour = 3 }]'),
        ),
        at("乙一支部", meeting("2026-02-05", "theme_party_day")),
        at("丙一支部", meeting("2026-09-05", "theme_party_day", "attending = 5")),
    ]
    return Told(COUNTY + "".join(held))


def unit_of(told: Told, name: str) -> Any:
    return told.answering.unit_named(name)


def test_units_stand_in_the_order_of_the_tree_and_only_those_asked_of(told: Told) -> None:
    rows = told.answering.matrix(None, "2026", TODAY, rule="meet-assembly")["rows"]
    assert [row["unit"] for row in rows] == ["乙一支部", "乙二支部", "丙一支部"]
    below = told.answering.matrix(unit_of(told, "丙镇"), "2026", TODAY, rule="meet-assembly")["rows"]
    assert [row["unit"] for row in below] == ["丙一支部"]


def test_of_one_rule_the_columns_are_its_periods(told: Told) -> None:
    made = told.answering.matrix(None, "2026", TODAY, rule="meet-assembly")
    assert (made["by"], [column["key"] for column in made["columns"]]) == (
        "period", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"],
    )  # fmt: skip
    found = {
        row["unit"]: [row["cells"][c["key"]]["verdict"] for c in made["columns"]] for row in made["rows"]
    }
    assert found == {
        "乙一支部": ["met", "late", "invalid", "pending"],
        "乙二支部": ["refer", "refer", "refer", "pending"],
        "丙一支部": ["exempt", "exempt", "exempt", "pending"],
    }
    assert made["rows"][0]["cells"]["2026-Q2"]["days_late"] == 3


def test_a_month_and_a_quarter_show_the_periods_that_lie_within(told: Told) -> None:
    def columns(period: str, rule: str | None) -> list[str]:
        return [c["key"] for c in told.answering.matrix(None, period, TODAY, rule=rule)["columns"]]

    assert columns("2026-Q3", "meet-theme-day") == ["2026-07", "2026-08", "2026-09"]
    assert columns("2026-09", "meet-theme-day") == ["2026-09"]
    assert columns("2026-09", "meet-assembly") == []
    assert columns("2026-Q3", "meet-assembly") == ["2026-Q3"]
    assert set(columns("2026", None)) >= {"meet-assembly", "meet-theme-day", "meet-orglife", "edu-hours"}


@pytest.mark.parametrize("rule", [None, "meet-assembly", "meet-theme-day", "edu-hours"])
@pytest.mark.parametrize("period", ["2026", "2026-Q3", "2026-08"])
@pytest.mark.parametrize("under", [None, "乙镇", "丙一支部"])
def test_every_number_is_how_many_rows_stand_behind_it(
    told: Told, rule: str | None, period: str, under: str | None
) -> None:
    answering, unit = told.answering, unit_of(told, under) if under else None
    made = answering.matrix(unit, period, TODAY, rule=rule)
    whole = answering.compliance(unit, period, TODAY, rule=rule)["rows"]
    for verdict, count in made["tiles"].items():
        listed = answering.cells(unit, period, TODAY, rule=rule, verdict=verdict)
        assert count == listed["total"] == len(listed["rows"]) == listed["counts"][verdict]
        assert count == sum(row["verdict"] == verdict for row in whole)
        assert all(row["verdict"] == verdict for row in listed["rows"])
        assert count == sum(row["counts"][verdict] for row in made["rows"])
        assert count == sum(column["counts"][verdict] for column in made["columns"])
        assert count == sum(cell["counts"][verdict] for row in made["rows"] for cell in row["cells"].values())


def test_units_with_a_verdict_are_shown_whole_and_the_tiles_stay(told: Told) -> None:
    made = told.answering.matrix(None, "2026", TODAY, rule="meet-assembly", verdict="late")
    assert [row["unit"] for row in made["rows"]] == ["乙一支部"]
    assert (made["counts"]["refer"], made["tiles"]["refer"]) == (0, 3)
    with pytest.raises(WrongUsage) as refused:
        told.answering.matrix(None, "2026", TODAY, verdict="fine")
    assert refused.value.code == "verdict-unknown"


def test_pages_of_units_and_of_cells_are_parts_of_the_whole(told: Told) -> None:
    whole = told.answering.matrix(None, "2026", TODAY)
    parts = [told.answering.matrix(None, "2026", TODAY, first=n, count=2) for n in (0, 2, 4)]
    assert [row for part in parts for row in part["rows"]] == whole["rows"]
    assert all((part["units"], part["tiles"]) == (whole["units"], whole["tiles"]) for part in parts)
    cells = told.answering.cells(None, "2026", TODAY)["rows"]
    paged = [
        told.answering.cells(None, "2026", TODAY, first=n, count=7)["rows"] for n in range(0, len(cells), 7)
    ]
    assert [row for page in paged for row in page] == cells


def test_members_are_gathered_in_the_cell_of_their_unit_and_set_no_limits(told: Told) -> None:
    (cell,) = told.answering.cells(None, "2026", date(2026, 12, 31), rule="edu-hours", verdict="missing")[
        "rows"
    ]
    assert (cell["unit"], cell["base"]) == ("乙一支部", {"members": 16, "reached": 1})
    found = {
        one["person"]: (one["verdict"], one["amount"]) for one in cell["members"] if one["person"] in "王李"
    }
    assert found == {"王": ("met", "32"), "李": ("missing", "0")}
    assert [row for row in told.rows("deadlines", on=date(2026, 12, 31)) if row["rule"] == "edu-hours"] == []
    others = told.answering.cells(None, "2026", date(2026, 12, 31), rule="edu-hours", verdict="exempt")[
        "rows"
    ]
    assert [row["unit"] for row in others] == ["丙一支部"]
