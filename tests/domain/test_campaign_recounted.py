"""更正考评的数: what was counted from a corrected number goes with it; what was told otherwise stays."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from workflows.domain.campaign import events as ev
from workflows.kernel.events import Event, FactCorrected, corrected

ON, UNIT, EVENT = date(2026, 11, 5), UUID(int=1), UUID(int=2)


def correction(event: Event, field: str, value: Any) -> Any:
    return corrected(
        event, FactCorrected(corrected_on=ON, event_id=EVENT, field=field, value=value, reason="抄错了")
    )


def test_the_satisfaction_goes_with_the_corrected_number_it_was_counted_from() -> None:
    survey = ev.MassesSurveyed(surveyed_on=ON, about=UNIT, asked=100, satisfied=96, satisfaction=96.0)
    assert correction(survey, "satisfied", 97).satisfaction == 97.0
    assert correction(survey, "asked", 120).satisfaction == 80.0
    assert correction(survey, "satisfaction", 95.5).satisfaction == 95.5


def test_a_satisfaction_that_was_told_otherwise_stays_as_it_was_told() -> None:
    survey = ev.MassesSurveyed(surveyed_on=ON, about=UNIT, asked=100, satisfied=96, satisfaction=95.0)
    assert correction(survey, "satisfied", 97).satisfaction == 95.0


def test_the_total_goes_with_the_corrected_points_it_is_the_sum_of() -> None:
    scores = (ev.Scored("三会一课", 20.0, evidence="记录"), ev.Scored("阵地", 15.0))
    better = [
        {"criterion": "三会一课", "points": 18.0, "evidence": "记录"},
        {"criterion": "阵地", "points": 15.0},
    ]
    claim = ev.SelfAssessed(assessed_on=ON, about=UNIT, scores=scores, score=35.0)
    assert correction(claim, "scores", better).score == 33.0
    review = ev.Reviewed(reviewed_on=ON, about=UNIT, scores=scores, score=90.0)
    assert correction(review, "scores", better).score == 90.0
