"""年中有督查、年终有考核: the year that is looked at is the one rated, not that of the day of deciding."""

from __future__ import annotations

import pytest

from tests.support.books import Told

COUNTY = """
title = "a year rated in the next January"
packs = ["central", "seed-002"]
[[units]]
name = "县委"
level = "county"
kind = "organ"
established_on = 2018-01-01
[[units]]
name = "甲支部"
kind = "organ"
superior = "县委"
full_members = 5
established_on = 2018-01-01
"""


def step(on: str, do: str, given: str, subject: str, unit: str = "县委") -> str:
    """Return one step."""
    told = f"with = {{ {given} }}\n" if given else ""
    return f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\nsubject = "{subject}"\n{told}'


def inspected(
    visited_on: str, confirmed_on: str, opened_on: str = "2024-12-06", year: str = ", year = 2024"
) -> str:
    """Return what the rule says of a grade confirmed for a year in which, or not, somebody went to look."""
    text = COUNTY + step(visited_on, "plan_inspection", 'manner = "regular"', "督查")
    text += step(visited_on, "record_visit", "", "督查")
    text += step(opened_on, "open_campaign", f'scheme = "seed-002", units = ["甲支部"]{year}', "考核")
    confirm = step(confirmed_on, "confirm_rating", 'grade = "达标", reason = "研究"', "考核", "甲支部")
    (told,) = [f for f in Told(text + confirm).played[-1].outcome.findings if f.rule == "s002-cycle"]
    return str(told.verdict)


@pytest.mark.parametrize("confirmed_on", ["2024-12-30", "2025-01-10"])
def test_a_year_in_which_somebody_went_to_look_is_so_whenever_its_grades_are_confirmed(
    confirmed_on: str,
) -> None:
    assert inspected("2024-05-20", confirmed_on) == "ok"


def test_a_visit_of_the_year_before_or_of_the_year_of_deciding_is_none_of_the_year_rated() -> None:
    assert inspected("2023-05-20", "2025-01-10") == "note"
    assert inspected("2025-01-05", "2025-01-10") == "note"


def test_where_no_year_was_told_it_is_that_of_the_opening() -> None:
    assert inspected("2024-05-20", "2025-01-10", year="") == "ok"
    assert inspected("2024-05-20", "2025-01-10", opened_on="2025-01-04", year="") == "note"
