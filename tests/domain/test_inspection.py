"""督查: planned, visited, problems raised."""

from __future__ import annotations

from datetime import date

from tests.support.books import Told

PLANNED = """
[[steps]]
on = 2026-03-02
do = "plan_inspection"
subject = "一季度督查"
with = { manner = "unannounced", inspectors = ["李"] }
"""
VISITED = """
[[steps]]
on = 2026-03-05
do = "record_visit"
subject = "一季度督查"
with = { checked = [{ point = "会议记录", in_order = false }] }
"""
RAISED = """
[[steps]]
on = {on}
do = "raise_finding"
subject = "一季度督查"
with = {{ text = "一季度没有开党员大会", rule = "meet-assembly" }}
"""


def test_a_problem_is_raised_after_a_visit_and_not_before() -> None:
    told = Told(PLANNED + RAISED.format(on="2026-03-04") + VISITED + RAISED.format(on="2026-03-05"))
    assert [step.outcome.verdict for step in told.played] == ["ok", "block", "ok", "ok"]
    assert told.played[1].outcome.findings[0].facts["stage"] == "inspection.planned"


def test_an_inspection_is_planned_once() -> None:
    told = Told(PLANNED + PLANNED)
    assert told.played[1].outcome.refused


def test_a_step_without_a_subject_goes_on_with_the_case_of_its_kind_opened_last() -> None:
    told = Told(PLANNED + VISITED.replace('subject = "一季度督查"\n', ""))
    assert told.played[1].outcome.verdict == "ok"


def test_the_state_of_a_case_is_that_of_its_day() -> None:
    told = Told(PLANNED + VISITED + RAISED.format(on="2026-03-05"))
    asked = {"subject": "一季度督查"}
    before = told.answering.ask("state", {**asked, "as_of": date(2026, 3, 4)})
    after = told.answering.ask("state", {**asked, "as_of": date(2026, 3, 5)})
    assert (before["stage"], before["findings"]) == ("planned", [])
    assert after["stage"] == "visited"
    assert after["findings"] == [
        {"text": "一季度没有开党员大会", "rule": "meet-assembly", "severity": "ordinary", "due_on": None}
    ]
