"""倒排: who reaches a step by a wished day, and by when each step before must be done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.books import Told
from workflows.kernel.calendar import add_months
from workflows.projections.planning import Course

TODAY = date(2026, 6, 1)
JULY = date(2027, 7, 1)
BRANCH = """
title = "a branch"
[unit]
name = "甲支部"
kind = "village"
full_members = 16
established_on = 2015-01-01
[people]
"赵" = { stage = "target", since = 2026-03-01 }
"钱" = { stage = "activist", since = 2026-03-01 }
"孙" = { stage = "activist", since = 2026-06-26 }
"李" = { stage = "probationary", since = 2026-03-20 }
[[steps]]
on = 2026-05-20
do = "receive_application"
person = "周"
"""


@pytest.fixture(scope="module")
def told() -> Told:
    return Told(BRANCH)


def asked(told: Told, on: date = TODAY, by: date = JULY, step: str = "vote_on_admission", **more: Any) -> Any:
    return told.answering.plan(on=on, by=by, step=step, **more)


def by_name(answer: Any) -> dict[str, dict[str, Any]]:
    return {row["person"]: row for row in answer["rows"]}


def test_those_on_the_way_are_told_apart_and_nobody_who_is_past_the_step(told: Told) -> None:
    rows = by_name(asked(told, date(2026, 6, 30)))
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "赵": "reaches", "钱": "reaches", "孙": "too_late", "周": "too_late",
    }  # fmt: skip


def test_who_is_too_late_is_told_by_which_rule(told: Told) -> None:
    row = by_name(asked(told, date(2026, 6, 30)))["孙"]
    assert [wait["rule"] for wait in row["because"]] == ["dev-object-min", "dev-object-notice"]
    assert (row["earliest_on"], row["days_late"]) == ("2027-07-03", 2)
    assert row["days_left"] is None
    assert all(step["do_by"] is None for step in row["steps"])


def test_each_step_has_the_last_day_that_leaves_the_wished_one(told: Told) -> None:
    steps = {step["step"]: step for step in by_name(asked(told))["钱"]["steps"]}
    assert steps["vote_on_admission"]["do_by"] == "2027-07-01"
    assert steps["list_development_target"]["do_by"] == "2027-07-01"
    assert steps["post_notice"]["do_by"] == "2027-06-24"
    assert steps["agree_development_target"]["do_by"] == "2027-06-24"
    assert steps["agree_development_target"]["earliest_on"] == "2027-03-01"


@pytest.mark.parametrize("name", ["赵", "钱"])
@pytest.mark.parametrize("by", [date(2027, 3, 31), JULY, date(2027, 10, 8)])
def test_a_day_later_at_any_step_and_the_wished_day_is_missed(told: Told, name: str, by: date) -> None:
    row = by_name(asked(told, by=by))[name]
    with told.answering.opened() as opened:
        person = opened.books.person_state(told.answering.person_named(name))
        course = Course(person, opened.books.rules_for(person.unit_id, TODAY), opened.books, TODAY)
        placed = {one.step.id: one for one in course.ahead("vote_on_admission")}
        for step in row["steps"]:
            if step["do_by"] is None:
                continue
            last = date.fromisoformat(step["do_by"])
            reached = course.reach(placed[step["step"]], last, "vote_on_admission")
            assert reached is not None
            assert reached <= by
            missed = course.reach(placed[step["step"]], last + timedelta(days=1), "vote_on_admission")
            later = [s for s in row["steps"] if s["do_by"]][1:]
            assert missed is None or missed > by or step["do_by"] <= min(s["do_by"] for s in later)


def test_the_days_left_are_those_of_the_step_with_the_least(told: Told) -> None:
    for row in asked(told)["rows"]:
        if row["verdict"] != "reaches":
            continue
        spare = [
            (date.fromisoformat(s["do_by"]) - date.fromisoformat(s["earliest_on"])).days
            for s in row["steps"]
            if s["do_by"]
        ]
        assert row["days_left"] == min(spare)


def test_an_applicant_has_a_year_of_training_before_him(told: Told) -> None:
    far = add_months(JULY, 12)
    row = by_name(asked(told, by=far))["周"]
    assert row["verdict"] == "cannot_tell"
    assert row["missing"] == ["born_on"]
    steps = {step["step"]: step for step in row["steps"]}
    assert steps["agree_development_target"]["earliest_on"] == "2027-06-01"
    assert date.fromisoformat(steps["confirm_activist"]["do_by"]) == date(2027, 6, 26)


def test_more_than_there_are_places_are_listed_and_nobody_is_ranked(told: Told) -> None:
    answer = asked(told, quota=1)
    assert (answer["quota"], answer["fits"], answer["over"], answer["free"]) == (1, 1, 1, 0)
    assert answer["order"] == "days_left"
    left = [row["days_left"] for row in answer["rows"] if row["verdict"] == "reaches"]
    assert left == sorted(left)
    plenty = asked(told, quota=5)
    assert (plenty["fits"], plenty["over"], plenty["free"]) == (2, 0, 3)


def test_a_new_version_before_the_wished_day_changes_the_steps_of_those_who_take_their_time() -> None:
    told = Told(BRANCH.split("[[steps]]", maxsplit=1)[0].replace("2026-03-01", "2025-03-01"))
    steps = {s["step"]: s for s in by_name(asked(told, date(2026, 4, 1), date(2026, 12, 31)))["钱"]["steps"]}
    assert steps["file_development_target"]["only_early"]
    assert steps["file_development_target"]["do_by"] is None
    assert steps["post_notice"]["only_later"]
    assert steps["post_notice"]["do_by"] == "2026-12-24"


def test_the_horizon_is_kept(told: Told) -> None:
    answer = asked(told)
    assert answer["as_of"] == TODAY.isoformat()
    assert answer["by"] == JULY.isoformat()
    assert {"rows", "known_on", "position"} <= answer.keys()
