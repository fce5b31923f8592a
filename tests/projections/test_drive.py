"""整改推进: every number is a count of the problems listed for it; a county is the sum of its townships."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.books import Told
from workflows.projections.driving import FIGURES, STANDING

COUNTY = """
title = "problems of a county"
packs = ["central"]
[[units]]
name = "甲县"
level = "county"
established_on = 2024-01-01
[[units]]
name = "乙镇"
level = "committee"
superior = "甲县"
established_on = 2024-01-01
[[units]]
name = "丙镇"
level = "committee"
superior = "甲县"
established_on = 2024-01-01
[[units]]
name = "乙一支部"
superior = "乙镇"
full_members = 9
established_on = 2024-01-01
[[units]]
name = "丙一支部"
superior = "丙镇"
full_members = 9
established_on = 2024-01-01
[[units]]
name = "丙二支部"
superior = "丙镇"
full_members = 9
established_on = 2024-01-01
"""
SUBJECT = "委员空缺"


def step(on: object, do: str, given: str = "", unit: str = "乙一支部", subject: str = SUBJECT) -> str:
    """Return one step at one case of a branch."""
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\n'
    told += f'subject = "{subject}"\n' if subject else ""
    return told + (f"with = {{ {given} }}\n" if given else "")


def course(begun: date, unit: str, subject: str, source: str, far: int) -> str:
    """Return a problem found on a day and carried on as far as said, a step every ten days."""
    days = iter(date.fromordinal(begun.toordinal() + 10 * n) for n in range(9))
    steps = (
        ("open_issue", f'source = "{source}", due_on = {date.fromordinal(begun.toordinal() + 45)}'),
        ("plan_correction", 'measure = "补选", owner = "钱"'),
        ("report_progress", 'text = "正在办"'),
        ("submit_correction", 'by = "钱"'),
        ("accept_correction", 'by = "周", on_site = true'),
        ("close_out", 'by = "周"'),
        ("reopen_issue", 'reason = "又空缺"'),
    )
    return "".join(step(next(days), do, with_, unit, subject) for do, with_ in steps[:far])


def played(text: str) -> Told:
    told = Told(COUNTY + text)
    assert [one.outcome.refused for one in told.played] == [False] * len(told.played)
    return told


def total(told: Told, on: str, period: str = "2026", unit: str | None = None) -> dict[str, Any]:
    """Return the numbers of a unit and all below."""
    unit_id = told.answering.unit_named(unit) if unit else None
    return dict(told.answering.drive(unit_id, period, date.fromisoformat(on))["total"])


WHOLE = course(date(2026, 3, 1), "乙一支部", SUBJECT, "inspection", 7)


@pytest.mark.parametrize(
    ("on", "stage", "others"),
    [
        ("2026-03-10", "found", {"opened"}),
        ("2026-03-11", "planned", {"opened"}),
        ("2026-03-21", "in_progress", {"opened"}),
        ("2026-03-31", "submitted", {"opened"}),
        ("2026-04-10", "accepted", {"opened"}),
        ("2026-04-20", "closed", {"opened"}),
        ("2026-04-30", "found", {"opened", "reopened"}),
    ],
)
def test_a_problem_is_counted_where_it_stands_on_the_day(on: str, stage: str, others: set[str]) -> None:
    told = total(played(WHOLE), on)
    assert {name for name in FIGURES if told[name]} == {"total", stage, *others}


def test_a_problem_past_its_day_is_overdue_until_it_is_sent_in() -> None:
    told = played(course(date(2026, 3, 1), "乙一支部", SUBJECT, "inspection", 2))
    assert [total(told, on)["overdue"] for on in ("2026-04-15", "2026-04-16")] == [0, 1]
    assert total(told, "2026-04-16")["planned"] == 1


def test_a_problem_whose_limit_was_put_off_for_a_while_is_held_until_that_day_and_then_overdue() -> None:
    hold = 'until = 2026-05-31, reason = "等批复", authority = "丙镇党委"'
    told = played(
        course(date(2026, 3, 1), "丙一支部", SUBJECT, "self_check", 2)
        + step("2026-04-10", "hold_correction", hold, "丙一支部")
    )
    days = ("2026-04-09", "2026-04-10", "2026-05-31", "2026-06-01")
    assert [(total(told, on)["held"], total(told, on)["overdue"]) for on in days] == [
        (0, 0),
        (1, 0),
        (1, 0),
        (0, 1),
    ]
    for on in days:
        rows = told.answering.drive_rows("held", None, "2026", date.fromisoformat(on))["rows"]
        assert len(rows) == total(told, on)["held"]


def test_a_span_has_what_was_open_on_some_day_of_it() -> None:
    told = played(course(date(2025, 12, 1), "乙一支部", SUBJECT, "self_check", 6))  # closed on 2026-01-20
    assert [total(told, "2026-12-31", year)["total"] for year in ("2024", "2025", "2026")] == [0, 1, 1]
    assert (total(told, "2026-12-31")["opened"], total(told, "2026-12-31", "2025")["opened"]) == (0, 1)
    assert [total(told, "2026-12-31", part)["total"] for part in ("2026-Q1", "2026-Q2")] == [1, 0]


def test_the_median_is_of_the_closed_ones_and_unknown_where_none_is() -> None:
    one = course(date(2026, 1, 1), "乙一支部", "一", "self_check", 6)  # 50 days
    long = step("2026-01-01", "open_issue", "", "丙一支部", "二") + "".join(
        step(on, do, given, "丙一支部", "二")
        for on, do, given in (
            ("2026-01-02", "plan_correction", 'measure = "补", owner = "钱"'),
            ("2026-03-01", "submit_correction", 'by = "钱"'),
            ("2026-03-02", "accept_correction", 'by = "周", on_site = true'),
            ("2026-04-11", "close_out", 'by = "周"'),
        )
    )  # 100 days
    still = course(date(2026, 1, 5), "丙二支部", "三", "self_check", 2)
    told = played(one + long + still)
    assert (total(told, "2026-01-31")["median_days"], total(told, "2026-01-31")["median_of"]) == (None, 0)
    assert (total(told, "2026-03-01")["median_days"], total(told, "2026-03-01")["median_of"]) == (50, 1)
    assert (total(told, "2026-05-01")["median_days"], total(told, "2026-05-01")["median_of"]) == (75, 2)


def test_one_taken_over_above_and_one_put_off_are_told_apart() -> None:
    told = played(
        course(date(2026, 3, 1), "乙一支部", "一", "self_check", 2)
        + step("2026-03-20", "escalate_issue", 'reason = "办不了"', "乙一支部", "一")
        + course(date(2026, 3, 1), "丙一支部", "二", "self_check", 2)
        + step(
            "2026-04-01",
            "extend_correction",
            'due_on = 2026-06-30, reason = "等批复", authority = "丙镇党委"',
            "丙一支部",
            "二",
        )
    )
    assert (total(told, "2026-05-01")["escalated"], total(told, "2026-05-01")["extended"]) == (1, 1)
    assert total(told, "2026-05-01", unit="丙镇")["overdue"] == 0
    assert total(told, "2026-05-01", unit="乙镇")["overdue"] == 1


def test_a_closure_on_a_waiver_says_so_with_who_waived_and_by_what() -> None:
    about = ("丙一支部", "没有开党员大会")
    told = played(
        step("2026-01-05", "open_issue", 'rule = "meet-assembly", period = "2025-Q4"', *about)
        + step(
            "2026-01-20",
            "waive",
            'rule = "meet-assembly", until = 2026-12-31, authority = "甲县委组织部",'
            ' document = "组〔2026〕1号"',
            "丙一支部",
            "",
        )
        + step("2026-02-01", "plan_correction", 'measure = "补", owner = "钱"', *about)
        + step("2026-02-03", "submit_correction", 'by = "钱"', *about)
        + step("2026-02-05", "accept_correction", 'by = "周", on_site = true', *about)
        + step("2026-02-10", "close_out", 'by = "周"', *about)
    )
    assert (total(told, "2026-02-09")["waived"], total(told, "2026-02-10")["waived"]) == (0, 1)
    (row,) = told.answering.drive_rows("waived", None, "2026", date(2026, 3, 1))["rows"]
    assert row["closed_waiver"]["authority"] == "甲县委组织部"
    assert row["closed_waiver"]["document"] == "组〔2026〕1号"
    (shown,) = told.answering.overview(None, date(2026, 3, 1))["waived"]
    assert (shown["unit"], shown["waived"]["authority"]) == ("丙一支部", "甲县委组织部")


def test_what_is_known_on_a_day_is_counted_as_it_was_known() -> None:
    told = played(WHOLE)
    at = {row["event"]: row["position"] for row in _events(told)}
    before = told.answering.drive(None, "2026", date(2026, 4, 20), at["IssueClosedOut"] - 1)["total"]
    assert (before["accepted"], before["closed"]) == (1, 0)


def _events(told: Told) -> list[dict[str, Any]]:
    return list(told.answering.history(told.answering.file_named(SUBJECT))["rows"])


PROBLEMS = st.lists(
    st.tuples(
        st.dates(date(2025, 6, 1), date(2026, 9, 30)),
        st.sampled_from(["乙一支部", "丙一支部", "丙二支部", "乙镇"]),
        st.sampled_from(["inspection", "self_check", "superior"]),
        st.integers(1, 7),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=15, deadline=None)
@given(PROBLEMS, st.dates(date(2025, 6, 1), date(2026, 12, 31)), st.sampled_from(["2025", "2026", "2026-Q2"]))
def test_every_number_is_that_of_the_rows_behind_it_and_a_county_the_sum_of_its_townships(
    problems: list[tuple[date, str, str, int]], on: date, period: str
) -> None:
    told = played(
        "".join(
            course(day, unit, f"第{n}件", source, far) for n, (day, unit, source, far) in enumerate(problems)
        )
    )
    ask, county = told.answering, told.answering.unit_named("甲县")
    answer = ask.drive(county, period, on)
    for name in FIGURES:
        assert answer["total"][name] == len(ask.drive_rows(name, county, period, on)["rows"])
        assert answer["total"][name] == sum(row[name] for row in answer["rows"])
        assert answer["total"][name] == sum(row[name] for row in answer["sources"])
    assert answer["total"]["total"] == sum(answer["total"][stage] for stage in STANDING)
    for row in answer["rows"]:
        if row["unit"] != "甲县":
            assert ask.drive(ask.unit_named(row["unit"]), period, on)["total"] == {
                name: row[name] for name in answer["total"]
            }
    for row in answer["sources"]:
        listed = ask.drive_rows("total", county, period, on, source=row["source"])["rows"]
        assert len(listed) == row["total"]
