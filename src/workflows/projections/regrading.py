"""试算等次: ratings that stand, judged again as if a draft held: whose grade would differ, by which rule.

What a person decided is compared with what the draft would say of the same score, survey and facts. Where
its criteria are proved by the facts their points take the place of those given then. Nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.campaign.events import FrozenCriterion
from workflows.domain.campaign.rubric import frozen_of
from workflows.domain.campaign.state import Campaign
from workflows.policies.rules import Rules
from workflows.projections import rating_rules
from workflows.projections.grades import Grade, history, words_of
from workflows.projections.opening import Opened
from workflows.projections.proofs import Fill
from workflows.projections.scored import year_of
from workflows.projections.scoring import Scoring

Said = dict[str, Any]
LAST_OF_A_YEAR = (12, 31)


@dataclass(frozen=True)
class Rated:
    """A rating that stands: of which unit, in which campaign (as of that day), what was decided."""

    unit_id: UUID
    file: Campaign
    grade: Grade


@dataclass(frozen=True)
class Regraded:
    """What a plan would say of a rating: the grade (None: none), or several, the score, the reasons."""

    grade: str | None
    levels: tuple[str, ...]
    score: float | None
    because: tuple[Said, ...]

    @property
    def outcome(self) -> tuple[str | None, tuple[str, ...]]:
        """Return the grade, or between which a person would decide."""
        return self.grade, self.levels

    @property
    def is_open(self) -> bool:
        """Say whether a person would have to decide: bands that overlap, or leave the score out."""
        return len(self.levels) != 1 and self.grade is None and not self.is_barred

    @property
    def is_barred(self) -> bool:
        """Say whether a rule lets no grade be given at all."""
        return any(one["bars"] for one in self.because)


class Regrading(Scoring):
    """Whoever judges ratings again."""

    def regraded(
        self, opened: Opened, after: Books, plan: str, units: Sequence[UUID], on: date
    ) -> Iterator[tuple[UUID, Said]]:
        """Yield whose grade would be another under the books ``after``; of a plan in force, by its change."""
        for rated in standing(opened.books, units, on):
            would = self._said(replace(opened, books=after, is_now=False), rated, plan, on)
            former = self._said(replace(opened, is_now=False), rated, plan, on)
            is_new = would is not None and (former is None or would.outcome != former.outcome)
            row = as_change(rated, would) if would is not None and is_new else None
            if row is not None:
                yield rated.unit_id, row

    def _said(self, opened: Opened, rated: Rated, plan: str, on: date) -> Regraded | None:
        """Return what a plan says of a rating by the rules of these books, and by the facts of its year.

        The year is looked at whole, where it is over by the day asked for.
        """
        rules = opened.books.rules_for(rated.unit_id, on)
        scheme = rules.schemes.named(plan, on)
        criteria = frozen_of(scheme, rules, on) if scheme is not None else ()
        fills: Mapping[str, Fill] = {}
        if any(one.proved_by for one in criteria):
            year = year_of(rated.file)
            day = max(rated.grade.on, min(on, date(year, *LAST_OF_A_YEAR)))
            fills = self.fills(opened, criteria, [rated.unit_id], year, day, rated.file)[rated.unit_id]
        return said_of(rated, plan, rules, opened.books, on, criteria, fills)


def standing(books: Books, units: Sequence[UUID], on: date) -> Iterator[Rated]:
    """Yield the ratings of units that stand on a day."""
    told = words_of(books, on)
    files = {one.file.id: one.file for one in told}
    for unit in units:
        for grade in history(books, unit, on, told):
            if grade.holds and grade.step == rating_rules.STEP:
                yield Rated(unit, files[grade.file_id].at(grade.on), grade)


def said_of(
    rated: Rated,
    plan: str,
    rules: Rules,
    books: Books,
    on: date,
    criteria: Sequence[FrozenCriterion],
    fills: Mapping[str, Fill],
) -> Regraded | None:
    """Return what a plan in force on a day says of a rating; None where it says nothing of grades.

    ``fills``: what the facts of that year say of the plan's ``criteria``.
    """
    score, because = _score(rated, criteria, fills)
    because += [_barred(one, fills[one.id]) for one in criteria if _is_vetoed(one, fills)]
    found = rating_rules.findings(
        rated.file,
        rated.unit_id,
        rules,
        books,
        on=on,
        known_by=rated.grade.on,
        plan=plan,
        score=score,
        satisfaction=rated.grade.satisfaction,
        grade=rated.grade.grade,
    )
    found = [f for f in found if f.pack == plan]
    bands = [f for f in found if f.kind == "bands"]
    because += [rating_rules.reason(f) for f in found if f in bands or f.verdict in rating_rules.BARS]
    if not because:
        return None
    levels = rating_rules.levels_of(bands)
    barred = any(one["bars"] for one in because)
    grade = rated.grade.grade if not bands else levels[0] if len(levels) == 1 else None
    return Regraded(None if barred else grade, levels, score, tuple(because))


def as_change(rated: Rated, would: Regraded) -> Said | None:
    """Return how a grade would change; None where it would be the same."""
    if would.grade == rated.grade.grade and not would.is_open:
        return None
    first = would.because[-1] if not would.is_barred else next(one for one in would.because if one["bars"])
    return {
        "change": "grade",
        "rule": first["rule"],
        "label": first["label"],
        "subject": rated.grade.subject,
        "before": {"grade": rated.grade.grade, "score": rated.grade.score, "on": rated.grade.on.isoformat()},
        "after": {
            "grade": would.grade,
            "score": would.score,
            "levels": list(would.levels),
            "refer": would.is_open,
        },
        "because": list(would.because),
    }


def _score(
    rated: Rated, criteria: Sequence[FrozenCriterion], fills: Mapping[str, Fill]
) -> tuple[float | None, list[Said]]:
    """Return the score by the criteria of the plan where every one is known, else the one decided.

    Known is what the facts give; else what a review gave then for the criterion of the same id.
    """
    given = rated.file.points_of(rated.unit_id)
    asked = [one for one in criteria if not one.veto]
    by_facts = {one.id: fills[one.id].points for one in asked if one.id in fills}
    points = [
        by_facts.get(one.id) if by_facts.get(one.id) is not None else given.get(one.id) for one in asked
    ]
    known = [one for one in points if one is not None]
    if not any(one is not None for one in by_facts.values()) or len(known) < len(asked):
        return rated.grade.score, []
    because = [
        _lost(one, fills[one.id])
        for one in asked
        if by_facts.get(one.id) is not None and by_facts[one.id] != given.get(one.id)
    ]
    return round(sum(known), 4), because


def _is_vetoed(criterion: FrozenCriterion, fills: Mapping[str, Fill]) -> bool:
    fill = fills.get(criterion.id)
    return criterion.veto and fill is not None and fill.state == "not_fulfilled"


def _lost(criterion: FrozenCriterion, fill: Fill) -> Said:
    facts = {"criterion": criterion.id, "points": fill.points, "most": criterion.points, "times": fill.times}
    return _of_a_criterion(criterion, facts, bars=False)


def _barred(criterion: FrozenCriterion, fill: Fill) -> Said:
    return _of_a_criterion(criterion, {"criterion": criterion.id, "times": fill.times}, bars=True)


def _of_a_criterion(criterion: FrozenCriterion, facts: Said, *, bars: bool) -> Said:
    return {
        "rule": ", ".join(criterion.proved_by),
        "label": criterion.title or criterion.id,
        "clause": criterion.clause,
        "kind": "criterion",
        "facts": facts,
        "bars": bars,
    }
