"""更正、撤回抹不掉问题: a problem whose rule is broken stays on the books, a waiver stays the one it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.domain.test_campaign import step as campaign_step
from tests.domain.test_campaign_confirmed import WHOLE
from tests.domain.test_late_waivers import waiver
from tests.domain.test_rectification import MADE_UP, MISSED, OPENED, READY, step
from tests.support.books import Told
from workflows.application.amending import Amending, Amendment
from workflows.kernel.errors import WrongUsage

FOUND = READY[: READY.index(OPENED)] + OPENED
AGAIN = step(
    "2026-07-07", "open_issue", 'source = "compliance", rule = "meet-assembly"', subject="另列的一件"
)


def amended(text: str, topic: str, field: str | None, value: Any = None) -> str:
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
        on=date(2026, 7, 27),
    )
    try:
        Amending(told.app.recording).amend(asked)
    except WrongUsage as refused:
        return refused.code
    return ""


ISSUE, WAIVED, GRADED = "rectification.issue-opened", "rule.waived", "campaign.rating-confirmed"


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


@pytest.mark.parametrize(("field", "value"), [("score", 99), ("grade", "五星级"), ("satisfaction", 99)])
def test_a_grade_is_confirmed_anew_and_never_corrected_past_the_reviews(field: str, value: Any) -> None:
    rated = WHOLE + campaign_step("2026-12-10", "confirm_rating", "", "甲支部")
    assert amended(rated, GRADED, field, value) == "correct-rating"
    assert amended(rated, GRADED, "document", "决定") == ""
