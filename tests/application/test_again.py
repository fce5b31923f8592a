"""What an act entered late, a correction or a withdrawal does to the acts that come after it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.application.recording import Outcome
from workflows.projections.answers import Answering

COURSE: tuple[tuple[date, str, dict[str, Any]], ...] = (
    (date(2023, 2, 1), "hold_first_talk", {}),
    (date(2023, 3, 1), "confirm_activist", {}),
    (date(2023, 3, 3), "assign_mentors", {"persons": ["李"]}),
    (date(2024, 3, 5), "agree_development_target", {}),
    (date(2024, 3, 10), "file_development_target", {}),
    (date(2025, 2, 1), "assign_sponsors", {"persons": ["李", "赵"]}),
    (date(2025, 2, 10), "conclude_background_review", {"passed": True}),
    (date(2025, 2, 20), "complete_intensive_course", {"days": 3}),
    (date(2025, 3, 1), "examine_target", {"agreed": True}),
    (date(2025, 3, 10), "conclude_preliminary_review", {"passed": True}),
    (date(2025, 3, 15), "complete_admission_form", {}),
    (date(2025, 4, 1), "vote_on_admission", {"attending": 3, "in_favour": 3, "secret": True}),
    (date(2025, 4, 20), "hold_approval_talk", {}),
)
LATE = date(2025, 6, 1)


class Course:
    """Someone voted on by a branch of three, every act recorded on its day."""

    def __init__(self, *, roster_known: bool = True) -> None:
        self.county = County()
        self.unit = self.county.branch(roster_known=roster_known)
        self.helpers = {name: self.county.member(self.unit, name) for name in ("李", "赵", "钱")}
        first = self.county.do(
            "receive_application", date(2023, 1, 10), unit=self.unit, name="王", born_on="1999-05-01"
        )
        assert first.stream_id is not None
        self.person: UUID = first.stream_id
        self.events = {"receive_application": first.event_ids[0]}
        for on, verb, fields in COURSE:
            told = {"eligible": 3} if verb == "vote_on_admission" and not roster_known else {}
            done = self.do(verb, on, **fields, **told)
            assert not done.refused, done.findings
            self.events[verb] = done.event_ids[0]

    def do(self, verb: str, on: date, **fields: Any) -> Outcome:
        """Record a step of the course."""
        return self.county.do(verb, on, person=self.person, **fields)

    def now(self) -> dict[str, set[tuple[str, str]]]:
        """Return by step what is found otherwise today."""
        answering = Answering(self.county.app.log, self.county.app.rules, self.county.app.clock)
        (row,) = answering.pipeline(person_id=self.person)["rows"]
        return {
            act["step"]: {(f["rule"], f["verdict"]) for f in act["now"]} for act in row["done"] if act["now"]
        }

    def stage(self) -> str:
        """Return the stage as known today."""
        answering = Answering(self.county.app.log, self.county.app.rules, self.county.app.clock)
        return str(answering.state(self.person)["state"]["stage"])


@pytest.fixture
def course() -> Course:
    return Course()


def told(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {finding.rule: finding.facts for finding in outcome.findings}


def test_a_course_in_order_is_found_today_as_it_was_found_on_its_days(course: Course) -> None:
    assert course.now() == {}


# --- entered late -------------------------------------------------------------------------------------------


def test_a_withdrawal_entered_late_does_not_come_before_what_was_done_since(course: Course) -> None:
    late = course.do("withdraw_application", date(2024, 1, 1), recorded_on=LATE)
    assert late.refused
    facts = told(late)["input-later-acts"]
    assert (facts["step"], facts["on"], facts["count"]) == ("agree_development_target", "2024-03-05", 10)
    assert course.stage() == "target"


def test_as_history_it_is_recorded_with_the_acts_that_lost_their_stage_beside_it(course: Course) -> None:
    late = course.do("withdraw_application", date(2024, 1, 1), recorded_on=LATE, as_history=True)
    assert (late.refused, late.verdict) == (False, "warn")
    assert told(late)["input-later-acts"]["count"] == 10
    assert course.stage() == "withdrawn"
    assert len(course.now()) == 10


def test_a_withdrawal_of_the_last_day_is_recorded(course: Course) -> None:
    assert not course.do("withdraw_application", LATE).refused


def test_a_review_entered_late_disturbs_nothing(course: Course) -> None:
    late = course.do("record_semiannual_review", date(2023, 9, 1), recorded_on=LATE)
    assert (late.refused, "input-now-otherwise" in told(late)) == (False, False)


# --- corrected ----------------------------------------------------------------------------------------------


def test_an_activist_day_corrected_to_before_the_talk_is_told_and_shown_beside_the_act(
    course: Course,
) -> None:
    done = course.county.correct(course.events["confirm_activist"], "on", "2023-01-20", LATE)
    assert (done.verdict, done.refused) == ("ok", False)
    assert told(done)["input-now-otherwise"]["label"].startswith("谈话之后")
    assert course.now()["confirm_activist"] == {("dev-activist-decide", "incomplete")}


@pytest.mark.parametrize(("day", "short"), [("2023-03-05", False), ("2023-03-06", True)])
def test_an_activist_day_corrected_leaves_the_target_a_whole_year_or_not(
    course: Course, day: str, short: bool
) -> None:
    course.county.retract(course.events["assign_mentors"], LATE)
    done = course.county.correct(course.events["confirm_activist"], "on", day, LATE)
    assert ("input-now-otherwise" in told(done)) is short
    assert (course.now().get("agree_development_target") == {("dev-object-min", "block")}) is short


def test_a_step_withdrawn_leaves_what_came_after_it_without_its_stage(course: Course) -> None:
    done = course.county.retract(course.events["file_development_target"], LATE)
    facts = told(done)["input-out-of-stage"]
    assert (facts["step"], facts["count"]) == ("assign_sponsors", 8)
    assert done.verdict == "ok"


def test_ballots_corrected_correct_whether_the_vote_passed_and_the_approval_waits(course: Course) -> None:
    done = course.county.correct(course.events["vote_on_admission"], "in_favour", 1, LATE)
    assert done.events == ("FactCorrected", "FactCorrected")
    refused = course.do("approve_admission", LATE)
    assert refused.refused
    assert "dev-approve" in told(refused)
    again = course.county.correct(course.events["vote_on_admission"], "in_favour", 2, LATE)
    assert again.events == ("FactCorrected", "FactCorrected")
    assert not course.do("approve_admission", LATE).refused


def test_a_sponsor_whose_rights_were_barred_that_day_as_told_later_is_shown(course: Course) -> None:
    course.county.do(
        "bar_rights",
        date(2025, 1, 20),
        person=course.helpers["赵"],
        recorded_on=LATE,
        until="2025-12-31",
    )
    assert course.now()["assign_sponsors"] == {("dev-introducers", "block")}


def test_a_vote_recorded_while_nobody_knew_the_roster_is_judged_by_it_once_it_is_known() -> None:
    course = Course(roster_known=False)
    for name in ("孙", "周", "吴", "郑"):
        course.county.member(course.unit, name)
    assert course.now() == {}
    course.county.correct(1, "roster_known", True, LATE)
    assert course.now()["vote_on_admission"] == {
        ("dev-assembly-quorum", "block"),
        ("dev-assembly-majority", "not_passed"),
    }


def test_what_ended_an_earlier_application_keeps_its_stage_too() -> None:
    county = County()
    unit = county.branch()
    county.member(unit, "李")
    first = county.do("receive_application", date(2022, 1, 10), unit=unit, name="王", born_on="1995-05-01")

    def do(verb: str, on: date, **fields: Any) -> Outcome:
        return county.do(verb, on, unit=unit, person=first.stream_id, **fields)

    do("hold_first_talk", date(2022, 1, 20), by="李")
    assert not do("confirm_activist", date(2022, 8, 1)).refused
    assert not do("drop_activist", date(2023, 2, 1)).refused
    assert not do("receive_application", date(2023, 3, 1)).refused
    assert do("withdraw_application", date(2022, 10, 1)).refused
    assert not do("withdraw_application", date(2023, 4, 1)).refused
