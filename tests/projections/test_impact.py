"""A draft tried on the books: who would be judged otherwise, whose limit moves, and nothing is recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.application.test_adoption import Told, plan
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.errors import WrongUsage
from workflows.policies.pack import PackError
from workflows.projections.impact import Impact

TODAY = date(2026, 3, 25)


@pytest.fixture
def told() -> Told:
    return Told()


def impact(told: Told, text: str | None = None, **more: Any) -> dict[str, Any]:
    app = told.county.app
    found = Impact(app.log, app.rules, FixedClock(moment_of(TODAY)))
    return found.impact(plan() if text is None else text, **more)


def rows(answer: dict[str, Any], change: str) -> list[dict[str, Any]]:
    return [row for row in answer["rows"] if row["change"] == change]


def test_a_limit_that_moves_is_told_with_both_days_and_both_rules(told: Told) -> None:
    told.applied(date(2026, 3, 1))
    (row,) = rows(impact(told), "deadline")
    assert (row["unit"], row["person"], row["subject"]) == ("甲支部", "王", "hold_first_talk")
    assert row["before"] == {
        "rule": "dev-first-talk", "due_on": "2026-04-01", "status": "due", "days_late": 0,
    }  # fmt: skip
    assert row["after"] == {
        "rule": "county-talk", "due_on": "2026-03-16", "status": "overdue", "days_late": 9,
    }  # fmt: skip


def test_who_gains_a_duty_is_told_with_its_verdict(told: Told) -> None:
    told.county.do("hold_meeting", date(2026, 2, 3), unit=told.here, type="party_lecture", attending=3)
    found = rows(impact(told), "verdict")
    assert [(row["unit"], row["subject"], row["before"], row["after"]["verdict"]) for row in found] == [
        ("乙支部", "2026-Q1", None, "pending"),
        ("甲支部", "2026-Q1", None, "met"),
    ]


QUORUM = """
[[rules]]
id = "county-quorum"
refines = "meet-assembly-quorum"
label = "三分之二以上有表决权的党员到会方可表决"
kind = "quorum"
on = ["hold_meeting"]
about = "unit"
of = "attending"
base = "eligible"
applies_to = { when = { type = "branch_assembly", resolutions = { min = 1 } } }
severity = "block"
values = [{ from = 2026-01-01, value = "2/3" }]
clauses = [{ from = 2026-01-01, article = "第六条", confidence = "VT" }]
"""


def test_a_draft_that_asks_more_of_a_meeting_judges_the_meetings_held_anew(told: Told) -> None:
    votes = [{"topic": "x", "in_favour": 6, "against": 0, "abstained": 0}]
    told.county.do(
        "hold_meeting", date(2026, 2, 3), unit=told.here, type="branch_assembly", eligible=10, attending=6,
        resolutions=votes,
    )  # fmt: skip
    found = [row for row in rows(impact(told, plan() + QUORUM), "verdict") if row["rule"] == "meet-assembly"]
    assert [(row["before"]["verdict"], row["after"]["verdict"]) for row in found] == [("met", "pending")]


def test_a_next_step_whose_lawful_days_change_is_told(told: Told) -> None:
    told.applied(date(2026, 3, 20))
    (row,) = rows(impact(told), "step")
    assert (row["before"]["latest_on"], row["after"]["latest_on"]) == ("2026-04-20", "2026-04-04")


def test_only_the_unit_that_would_adopt_and_those_below_it_are_touched(told: Told) -> None:
    told.applied(date(2026, 3, 1), told.elsewhere)
    answer = impact(told, unit_id=told.over)
    assert {row["unit"] for row in answer["rows"]} == {"甲支部"}
    assert rows(answer, "deadline") == []


def test_a_draft_of_what_is_in_force_already_changes_nothing(told: Told) -> None:
    told.adopt()
    told.applied(date(2026, 3, 1))
    answer = impact(told, unit_id=told.over, start=date(2026, 2, 1))
    assert (answer["rows"], set(answer["counts"].values())) == ([], {0})


def test_a_new_text_is_laid_beside_the_one_in_force(told: Told) -> None:
    told.adopt()
    told.applied(date(2026, 3, 12))
    (row,) = rows(impact(told, plan(days=5), unit_id=told.over, start=date(2026, 3, 1)), "deadline")
    assert (row["before"]["due_on"], row["after"]["due_on"]) == ("2026-03-27", "2026-03-17")


def test_what_impact_says_is_what_adopting_brings(told: Told) -> None:
    person = told.applied(date(2026, 3, 1))
    (row,) = rows(impact(told, unit_id=told.over), "deadline")
    told.adopt(on=date(2026, 3, 24), start=date(2026, 1, 1))
    assert row["after"]["due_on"] in told.limits(person, TODAY).values()


def test_trying_records_nothing_and_progress_is_told(told: Told) -> None:
    told.applied(date(2026, 3, 1))
    before, seen = len(told.county.app.log.records), list[tuple[int, int]]()
    impact(told, progress=lambda done, total: seen.append((done, total)))
    assert len(told.county.app.log.records) == before
    assert seen[-1] == (4, 4)


def test_a_text_that_is_no_pack_or_a_national_one_is_refused(told: Told) -> None:
    with pytest.raises(PackError):
        impact(told, "id = 3")
    with pytest.raises(WrongUsage, match="pack-national"):
        impact(told, plan().replace('"county"', '"central"'))


def test_a_pack_that_holds_from_a_day_still_to_come_is_tried_on_that_day(told: Told) -> None:
    told.applied(date(2026, 3, 20))
    later = impact(told, start=date(2026, 4, 10))
    assert (later["as_of"], later["ahead"], later["counts"]["deadline"]) == ("2026-04-10", True, 1)
    asked = impact(told, start=date(2026, 4, 10), on=TODAY)
    assert (asked["as_of"], asked["ahead"]) == (TODAY.isoformat(), False)
    assert (impact(told)["as_of"], impact(told)["ahead"]) == (TODAY.isoformat(), False)
