"""What rules may ask about a rating: the score, how many are satisfied, the grade, as named facts."""

from __future__ import annotations

from math import floor
from typing import Any
from uuid import UUID

from workflows.domain.campaign.events import MassesSurveyed
from workflows.domain.campaign.state import Campaign

PARTS = 10_000
"""A rate of which no numbers are known is told in parts of so many."""


def satisfied_of(rate: float | None, asked: int | None, satisfied: int | None) -> dict[str, int]:
    """Return how many of how many are satisfied; of a rate alone, in parts of ten thousand."""
    if asked and satisfied is not None:
        return {"asked": asked, "satisfied": satisfied}
    return {} if rate is None else {"asked": PARTS, "satisfied": round(rate * PARTS / 100)}


def points_of(score: float | None) -> dict[str, int]:
    """Return a score in whole points (what is beyond them cut off), as rules of counts ask for it."""
    return {} if score is None else {"score_points": floor(score)}


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
