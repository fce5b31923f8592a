"""What was claimed of a criterion and what was given for it, side by side: every version stays readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rubric import scheme_of
from workflows.domain.campaign.state import Campaign
from workflows.kernel.events import Event
from workflows.projections import proofs
from workflows.projections.grades import campaigns
from workflows.projections.naming import Naming
from workflows.projections.proofs import Fill

Row = dict[str, Any]


def year_of(file: Campaign) -> int:
    """Return the year a campaign is about; that of its opening where none was told."""
    if file.year is None:
        raise TypeError("nobody opened the campaign")
    return file.year


def criterion(one: ev.FrozenCriterion) -> Row:
    """Return a criterion as it is frozen, in JSON form."""
    return {
        "id": one.id,
        "title": one.title or None,
        "points": one.points,
        "lost": one.lost,
        "veto": one.veto,
        "clause": one.clause or None,
        "proved_by": list(one.proved_by),
        "partly": one.partly,
    }


def row(
    file: Campaign,
    criteria: Sequence[ev.FrozenCriterion],
    fills: Mapping[str, Fill],
    unit_id: UUID,
    before: Sequence[Campaign],
    naming: Naming,
) -> Row:
    """Return what stands side by side for a unit: claims, facts, last year and reviews, by criterion."""
    last, told = _before(before, unit_id), _scores(file, unit_id)
    points_before = _points_given(last, unit_id)
    automatic = sum(fills[one.id].is_automatic for one in criteria)
    rows = [
        {
            **criterion(one),
            **_filled(fills[one.id], naming),
            **_given(told.get(one.id, ())),
            "last_points": points_before.get(one.id),
        }
        for one in criteria
    ]
    for one in rows:
        facts, review = one["by_facts"], one["review"]
        one["off_facts"] = bool(review) and facts is not None and review["points"] != facts
    return {
        "automatic": automatic,
        "by_hand": len(criteria) - automatic,
        "vetoed": [one.id for one in criteria if one.veto and fills[one.id].state == "not_fulfilled"],
        "bare": sum(bool(one["claim"] and one["claim"]["bare"]) for one in rows),
        "changed": sum(one["changed"] for one in rows),
        "last": None if last is None else _as_last(last, unit_id),
        "criteria": rows,
    }


def _filled(fill: Fill, naming: Naming) -> Row:
    return {
        "state": fill.state,
        "why": fill.why,
        "automatic": fill.is_automatic,
        "by_facts": fill.points,
        "times": fill.times,
        "open_times": fill.open_times,
        "proofs": [proofs.as_row(one, naming.person(one.person_id)) for one in fill.proofs],
    }


def _given(told: Sequence[tuple[Event, Row]]) -> Row:
    """Return the unit's own claims and the reviews of a criterion; those that hold are the last ones."""
    claims = [one for event, one in told if isinstance(event, ev.SelfAssessed)]
    reviews = [one for event, one in told if isinstance(event, ev.Reviewed)]
    held = [one for one in reviews if not one["void"]]
    claim, review = (claims[-1] if claims else None), (held[-1] if held else None)
    return {
        "claim": claim,
        "claims": claims,
        "review": review,
        "reviews": reviews,
        "changed": bool(claim and review and claim["points"] != review["points"]),
    }


def _scores(file: Campaign, unit_id: UUID) -> dict[str, list[tuple[Event, Row]]]:
    """Return every score a unit was given, by itself too, by criterion; ``bare``: nothing proves it."""
    void = file.void_acts
    found: dict[str, list[tuple[Event, Row]]] = {}
    for act in file.acts:
        event = act.event
        if not isinstance(event, ev.SelfAssessed | ev.Reviewed) or event.about != unit_id:
            continue
        is_review = isinstance(event, ev.Reviewed)
        told = {
            "on": act.on.isoformat(),
            "event_id": str(act.source.event_id),
            "reason": getattr(event, "reason", None) or None,
            "void": is_review and act.source.event_id in void,
        }
        for one in event.scores:
            score = {
                "points": one.points,
                "evidence": one.evidence or None,
                "events": [str(named) for named in one.events],
                "bare": one.points > 0 and not one.events and not one.evidence,
            }
            found.setdefault(one.criterion, []).append((event, {**score, **told}))
    return found


# --- the year before --------------------------------------------------------------------------------------


def last_year(books: Books, file: Campaign, day: date) -> list[Campaign]:
    """Return the campaigns of the year before by the same plan, as of a day; those of the same holder first.

    Points and grades of another plan compare with nothing here.
    """
    plan = _plan(file, books, day)
    found = [
        one
        for one in campaigns(books, day)
        if year_of(one) == year_of(file) - 1 and _plan(one, books, day) == plan
    ]
    return sorted(found, key=lambda one: one.unit_id != file.unit_id)


def _plan(file: Campaign, books: Books, day: date) -> str | None:
    """Return the id of the plan by which a campaign is held, else what it calls it."""
    scheme = scheme_of(file, books.rules_for(file.unit_id, day), day)
    told = file.start.scheme if file.start is not None else None
    return scheme.id if scheme is not None else told


def _before(files: Sequence[Campaign], unit_id: UUID) -> Campaign | None:
    """Return the campaign of the year before in which a unit was graded, or at least reviewed."""
    rated = [file for file in files if unit_id in file.ratings()]
    return next(iter([*rated, *(file for file in files if file.reviews_of(unit_id))]), None)


def _as_last(file: Campaign, unit_id: UUID) -> Row:
    decided = file.ratings().get(unit_id, [])
    held = decided[-1].event if decided else None
    is_held, pending = isinstance(held, ev.RatingConfirmed), file.is_pending(unit_id)
    return {
        "file_id": str(file.id),
        "subject": file.subject,
        "score": held.score if isinstance(held, ev.RatingConfirmed) else None,
        "grade": held.grade if isinstance(held, ev.RatingConfirmed) and not pending else None,
        "pending": (held.grade or "") if isinstance(held, ev.RatingConfirmed) and pending else None,
        "revoked": held is not None and not is_held,
    }


def _points_given(file: Campaign | None, unit_id: UUID) -> dict[str, float]:
    """Return the points of the reviews of a unit by criterion, the last word on each."""
    return {} if file is None else file.points_of(unit_id)
