"""Taking back what was found: the problem a finding opened goes with it, unless work was done on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.application.amending import Amending, Amendment
from workflows.application.recording import Outcome
from workflows.kernel.errors import WrongUsage

VISIT, PROBLEM = "一季度督查", "一季度督查：问题1"
RAISED = """
[[steps]]
on = 2026-03-02
do = "plan_inspection"
subject = "一季度督查"
[[steps]]
on = 2026-03-05
do = "record_visit"
subject = "一季度督查"
[[steps]]
on = 2026-03-05
do = "raise_finding"
subject = "一季度督查"
with = { text = "没有开党员大会", rule = "meet-assembly" }
"""
PLANNED = """
[[steps]]
on = 2026-03-06
do = "plan_correction"
subject = "一季度督查：问题1"
with = { measure = "补开", owner = "李" }
"""
APRIL = date(2026, 4, 1)


class Undone:
    """A story of an inspection, and the hands that take its records back."""

    def __init__(self, text: str) -> None:
        self.told = Told(text)
        self.app = self.told.app

    def retract(self, event: str, nth: int = 0) -> Outcome:
        """Take back the nth record of an event."""
        found = [r for r in self.app.log.records if type(r.event).__name__ == event]
        request = Amendment(
            event=found[nth].position, actor="周敏", origin="web", on=APRIL, reason="记错了单位"
        )
        return Amending(self.app.recording).amend(request)

    def stage(self, subject: str) -> Any:
        """Return where a case stands, None where it is not on the books."""
        try:
            return self.told.answering.ask("state", {"subject": subject, "as_of": APRIL})["stage"]
        except WrongUsage:
            return None


def test_a_finding_taken_back_takes_its_problem_along_and_brings_it_back() -> None:
    made = Undone(RAISED)
    assert made.stage(PROBLEM) == "found"
    outcome = made.retract("FindingRaised")
    assert [(one.rule, one.facts["subject"]) for one in outcome.findings] == [
        ("retract-along", PROBLEM),
        ("retract-still-broken", PROBLEM),
    ]
    assert "2026-Q1" in outcome.findings[1].facts["broken"]
    assert made.stage(PROBLEM) is None
    assert made.stage(VISIT) == "done"
    made.retract("EventRetracted")
    assert made.stage(PROBLEM) == "found"


def test_a_finding_whose_problem_is_being_put_right_is_not_taken_back() -> None:
    made = Undone(RAISED + PLANNED)
    with pytest.raises(WrongUsage, match="case-built-upon") as refused:
        made.retract("FindingRaised")
    assert refused.value.facts["event"] == "CorrectionPlanned"
    made.retract("CorrectionPlanned")
    made.retract("FindingRaised")
    assert made.stage(PROBLEM) is None


def test_the_problem_of_a_finding_is_not_taken_back_alone_nor_a_case_that_went_on() -> None:
    made = Undone(RAISED)
    with pytest.raises(WrongUsage, match="retract-the-cause"):
        made.retract("IssueOpened")
    with pytest.raises(WrongUsage, match="case-built-upon"):
        made.retract("InspectionPlanned")
