"""What rules may ask about a rating: the score, how many are satisfied, the grade, as named facts."""

from __future__ import annotations

from decimal import Decimal
from math import floor
from typing import Any
from uuid import UUID

from workflows.domain.campaign.events import MassesSurveyed
from workflows.domain.campaign.state import Campaign
from workflows.policies.facts import Fact

PLACES = 2
"""A rate of which no numbers are known is told in parts of ten thousand; finer where it was told finer."""


def satisfied_of(rate: float | None, asked: int | None, satisfied: int | None) -> dict[str, int | Fact]:
    """Return how many of how many are satisfied; of a rate alone, in as many parts as tell it exactly."""
    if asked and satisfied is not None:
        return {"asked": asked, "satisfied": satisfied}
    if rate is None:
        return {}
    told = Decimal(str(rate))
    exponent = told.as_tuple().exponent
    places = max(PLACES, -exponent if isinstance(exponent, int) else 0)
    return {"asked": 100 * 10**places, "satisfied": Fact(int(told.scaleb(places)), percent=rate)}


def points_of(score: float | None) -> dict[str, Fact]:
    """Return a score in whole points (what is beyond them cut off), as rules of counts ask for it."""
    return {} if score is None else {"score_points": Fact(floor(score), exact=score)}


def surveyed(
    file: Campaign, unit_id: UUID, satisfaction: float | None
) -> tuple[float | None, int | None, int | None]:
    """Return the satisfaction told with a rating; else that of the last survey, with its numbers."""
    surveys = [event for event, _ in file.each(MassesSurveyed) if event.about == unit_id]
    if satisfaction is not None or not surveys:
        return satisfaction, None, None
    return surveys[-1].satisfaction, surveys[-1].asked, surveys[-1].satisfied


def facts_of_rating(
    file: Campaign, unit_id: UUID, score: float | None, satisfaction: float | None, grade: str | None
) -> dict[str, Any]:
    """Return what rules are told of a rating of a unit; what is not known is None or not there."""
    counted = satisfied_of(*surveyed(file, unit_id, satisfaction))
    return {"score": score, "grade": grade, **points_of(score), **counted}
