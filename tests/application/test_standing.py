"""更正、撤回抹不掉问题: a problem whose rule is broken stays on the books, a waiver stays the one it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.test_campaign import step as campaign_step
from tests.domain.test_campaign_confirmed import WHOLE
from tests.domain.test_late_waivers import waiver
from tests.domain.test_rectification import MADE_UP, MISSED, OPENED, READY, UNITS, assembly, close, step
from tests.support.books import Told
from workflows.application.amending import Amending, Amendment
from workflows.kernel.errors import WrongUsage

FOUND = READY[: READY.index(OPENED)] + OPENED
AGAIN = step(
    "2026-07-07", "open_issue", 'source = "compliance", rule = "meet-assembly"', subject="另列的一件"
)


def amended(text: str, topic: str, field: str | None, value: Any = None, on: str = "2026-07-27") -> str:
    """Return how an amendment of the first event of a topic is refused, "" where it is not."""
    told = Told(text)
    target = next(one for one in told.log.records if one.event.topic() == topic)
    asked = Amendment(
        event=target.event_id,
        field=field,
        value=value,
        actor="县委组织部",
        origin="cli",
        reason="写错了",
        on=date.fromisoformat(on),
    )
    try:
        Amending(told.app.recording).amend(asked)
    except WrongUsage as refused:
        return refused.code
    return ""


ISSUE, WAIVED, GRADED = "rectification.issue-opened", "rule.waived", "campaign.rating-confirmed"
REOPENED, WITHDRAWN = "rectification.issue-reopened", "fact.retracted"


@pytest.mark.parametrize(
    ("field", "value"),
    [(None, None), ("rule", "meet-theme-day"), ("period", "2027-Q1"), ("opened_on", "2026-07-26")],
)
def test_while_its_rule_is_broken_a_problem_is_neither_retracted_nor_made_another(
    field: str | None, value: Any
) -> None:
    assert amended(FOUND, ISSUE, field, value) == "issue-still-broken"
    assert amended(FOUND + AGAIN, ISSUE, field, value) == ""
    assert amended(FOUND + MADE_UP, ISSUE, field, value) == ""


def test_what_else_was_typed_wrong_is_corrected_all_the_same() -> None:
    assert amended(FOUND, ISSUE, "subject", f"{MISSED}，已核对") == ""
    assert amended(FOUND, ISSUE, "text", "记录簿上没有") == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "2026-03-01"), ("authority", "县委组织部"), ("until", "2027-12-31"), ("rule", "meet-theme-day")],
)
def test_a_waiver_is_retracted_and_recorded_anew_never_made_another(field: str, value: str) -> None:
    text = FOUND + waiver("2026-07-25")
    assert amended(text, WAIVED, field, value) == "correct-waiver"
    assert amended(text, WAIVED, "document", "批复二号") == ""
    assert amended(text, WAIVED, None) == ""


IN_TIME = UNITS + assembly("2026-02-01") + assembly("2026-05-01") + OPENED
IN_OCTOBER = step("2026-10-09", "hold_meeting", 'type = "committee_meeting", attending = 3')


def test_what_is_broken_today_is_not_taken_off_the_books_as_of_a_day_before() -> None:
    assert amended(IN_TIME, ISSUE, None, on="2026-07-05") == ""
    assert amended(IN_TIME + IN_OCTOBER, ISSUE, None, on="2026-07-05") == "issue-still-broken"
    assert (
        amended(IN_TIME + IN_OCTOBER, ISSUE, "rule", "meet-theme-day", "2026-07-05") == "issue-still-broken"
    )


@pytest.mark.parametrize(("field", "value"), [(None, None), ("rule", "meet-theme-day")])
def test_a_day_before_it_was_recorded_takes_nothing_broken_off_the_books(
    field: str | None, value: Any
) -> None:
    assert amended(IN_TIME + IN_OCTOBER, ISSUE, field, value, "2026-03-01") == "issue-still-broken"


CLOSED = READY + MADE_UP + close("2026-07-26")


def reopened(on: str) -> str:
    return CLOSED + step(on, "reopen_issue", 'reason = "又没有开", due_on = 2026-12-01')


@pytest.mark.parametrize(("field", "value"), [(None, None), ("reopened_on", "2026-07-10")])
def test_a_problem_that_came_back_is_not_closed_by_taking_its_return_back_while_its_rule_is_broken(
    field: str | None, value: Any
) -> None:
    assert amended(reopened("2026-10-09"), REOPENED, field, value, "2026-10-10") == "issue-still-broken"
    assert amended(reopened("2026-08-01"), REOPENED, field, value, "2026-08-02") == ""


def test_nor_by_taking_back_that_its_closing_was_taken_back() -> None:
    number = CLOSED.count("[[steps]]")
    withdrawn = (
        CLOSED
        + f"""
[[steps]]
on = 2026-07-27
do = "retract"
with = {{ event = {number}, reason = "没有到场" }}
"""
    )
    assert amended(withdrawn, WITHDRAWN, None, on="2026-07-28") == ""
    assert amended(withdrawn + IN_OCTOBER, WITHDRAWN, None, on="2026-10-09") == "issue-still-broken"


@pytest.mark.parametrize(("field", "value"), [("score", 99), ("grade", "五星级"), ("satisfaction", 99)])
def test_a_grade_is_confirmed_anew_and_never_corrected_past_the_reviews(field: str, value: Any) -> None:
    rated = WHOLE + campaign_step("2026-12-10", "confirm_rating", "", "甲支部")
    assert amended(rated, GRADED, field, value, "2026-12-11") == "correct-rating"
    assert amended(rated, GRADED, "document", "决定", "2026-12-11") == ""


RATED = WHOLE + campaign_step("2026-12-10", "confirm_rating", "", "甲支部")
VOIDED = RATED + campaign_step("2026-12-20", "void_round", 'reason = "隐瞒事实"')
REVIEWED, VOIDING = "campaign.reviewed", "campaign.round-voided"


@pytest.mark.parametrize(
    ("topic", "field", "value"),
    [
        (GRADED, "confirmed_on", "2026-12-21"),
        (GRADED, "on", "2026-12-21"),
        (REVIEWED, "reviewed_on", "2026-12-21"),
        (VOIDING, "voided_on", "2026-12-09"),
    ],
)
def test_no_correction_of_a_day_brings_an_act_out_of_the_round_that_was_voided(
    topic: str, field: str, value: str
) -> None:
    later = VOIDED + campaign_step("2026-12-25", "survey_masses", "asked = 10, satisfied = 9", "甲支部")
    assert amended(later, topic, field, value, "2026-12-26") == "correct-decision"
    within = "2026-12-19" if topic != REVIEWED else "2026-11-03"
    assert amended(later, topic, field, within, "2026-12-26") == ""


def test_a_grade_is_not_given_to_another_unit_by_a_correction() -> None:
    assert amended(RATED, GRADED, "about", "乙支部", "2026-12-11") == "correct-decision"
    revoked = RATED + campaign_step("2026-12-12", "revoke_rating", 'reason = "查实"', "甲支部")
    assert amended(revoked, "campaign.rating-revoked", "about", "乙支部", "2026-12-13") == "correct-decision"


def test_a_day_is_not_corrected_so_that_another_decision_holds() -> None:
    revoked = RATED + campaign_step("2026-12-12", "revoke_rating", 'reason = "查实"', "甲支部")
    assert amended(revoked, GRADED, "confirmed_on", "2026-12-13", "2026-12-13") == "correct-decision"
    assert amended(revoked, GRADED, "confirmed_on", "2026-12-11", "2026-12-13") == ""
    assert amended(revoked, GRADED, None, on="2026-12-13") == ""
