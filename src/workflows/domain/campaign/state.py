"""A campaign: who declared, who passed, who was drawn, what the re-check found, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

import msgspec

from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.domain.case_files import NOTHING, CaseFile, facts_of
from workflows.domain.facts import Facts
from workflows.domain.stages import Move, compile_table
from workflows.policies.facts import Fact

_SCORING = ("open", "frozen", "reviewed", "void")
_ANY = (*_SCORING, "sampled", "rechecked", "noticed", "decided")
_DECIDING = ("open", "frozen", "reviewed", "sampled", "rechecked", "noticed", "decided")
MOVES: tuple[Move, ...] = (
    ("open_campaign", NOTHING, "open"),
    ("freeze_rubric", "open", "frozen"),
    *((step, stage, stage) for step in ("declare", "assess_self", "survey_masses") for stage in _ANY),
    ("review", _SCORING, "reviewed"),
    *(("review", stage, stage) for stage in ("noticed", "decided")),
    ("draw_sample", ("open", "frozen", "reviewed"), "sampled"),
    ("recheck", ("open", "frozen", "reviewed", "sampled"), "rechecked"),
    ("void_round", ("reviewed", "sampled", "rechecked", "noticed", "decided"), "void"),
    ("post_notice", ("reviewed", "sampled", "rechecked", "decided"), "noticed"),
    *((step, stage, stage) for step in ("appeal", "settle_appeal") for stage in ("noticed", "decided")),
    ("confirm_rating", _DECIDING, "decided"),
    *((step, "decided", "decided") for step in ("recheck", "keep_rating", "revoke_rating")),
    *(("revoke_rating", stage, stage) for stage in ("noticed", "void")),
    *(("hang_plate", stage, stage) for stage in ("noticed", "decided")),
    *(("take_plate_down", stage, stage) for stage in ("void", "noticed", "decided")),
)
STAGES = (NOTHING, "open", "frozen", "reviewed", "sampled", "rechecked", "void", "noticed", "decided")


class Campaign(CaseFile, frozen=True):
    """考评; held by one unit over those below; scores and grades of a unit are appended, never replaced."""

    kind: ClassVar[str] = "campaign"
    ends: ClassVar[frozenset[str]] = frozenset({"decided"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

    @property
    def start(self) -> ev.CampaignOpened | None:
        """Return how the campaign was opened."""
        found = self.last(ev.CampaignOpened)
        return found[0] if found else None

    @property
    def year(self) -> int | None:
        """Return the year that is rated: as told, else that of the opening; None before it was opened."""
        return None if self.start is None else self.start.year or self.start.opened_on.year

    @property
    def criteria(self) -> tuple[ev.FrozenCriterion, ...]:
        """Return the frozen criteria; () while nothing is frozen."""
        return self.rubric.criteria if self.rubric else ()

    @property
    def rubric(self) -> ev.RubricFrozen | None:
        """Return the rubric as it was frozen, None while it is not."""
        found = self.last(ev.RubricFrozen)
        return found[0] if found else None

    @property
    def declared(self) -> int:
        """Return how many units have declared."""
        named: set[UUID] = set()
        others = 0
        for event, _ in self.each(ev.UnitDeclared):
            named |= set(event.declared.units)
            others += event.declared.count - len(event.declared.units)
        return len(named) + others

    def reviews_of(self, unit_id: UUID) -> list[ev.Reviewed]:
        """Return every review of a unit in the round that holds, the latest last."""
        return [event for event in self._round() if event.about == unit_id]

    def points_of(self, unit_id: UUID) -> dict[str, float]:
        """Return the points of a unit in the round that holds, by criterion; the last word on each."""
        return {one.criterion: one.points for event in self.reviews_of(unit_id) for one in event.scores}

    def score_of(self, unit_id: UUID) -> float | None:
        """Return the total of the last review that gave points; None where that is not known."""
        given = [one for one in self.reviews_of(unit_id) if one.scores or one.score is not None]
        return given[-1].score if given else None

    def claims_of(self, unit_id: UUID) -> dict[str, float]:
        """Return what a unit claimed for itself, by criterion; the last word on each."""
        return {
            one.criterion: one.points
            for event, _ in self.each(ev.SelfAssessed)
            if event.about == unit_id
            for one in event.scores
        }

    def claim_of(self, unit_id: UUID) -> float | None:
        """Return the total a unit claimed last; None where that is not known."""
        told = [event for event, _ in self.each(ev.SelfAssessed) if event.about == unit_id]
        return told[-1].score if told else None

    def changed_by(self, review: ev.Reviewed) -> list[str]:
        """Return the criteria given other points than the unit claimed, where the review says not why."""
        claims = self.claims_of(review.about) if review.about is not None else {}
        return [
            one.criterion
            for one in review.scores
            if claims.get(one.criterion, one.points) != one.points and not one.evidence.strip()
        ]

    @property
    def passed(self) -> ev.Named:
        """Return who passed the first review in the round that holds."""
        return _passed(self._round())

    def passed_with(self, review: ev.Reviewed) -> ev.Named:
        """Return the same with one review more."""
        return _passed([*self._round(), review])

    @property
    def acts_of_round(self) -> tuple[OnBooks, ...]:
        """Return the acts since the last round was voided, by their days, however late they were recorded."""
        ends = [place for place, act in enumerate(self.acts) if isinstance(act.event, ev.RoundVoided)]
        return self.acts[ends[-1] + 1 :] if ends else self.acts

    @property
    def void_acts(self) -> frozenset[UUID]:
        """Return the events before the last round was voided."""
        held = len(self.acts) - len(self.acts_of_round)
        return frozenset(act.source.event_id for act in self.acts[:held])

    def voiding(self, act: OnBooks) -> OnBooks | None:
        """Return what voided the round in which an act was, the first by its day; None while it holds."""
        place = self.acts.index(act)
        return next((one for one in self.acts[place:] if isinstance(one.event, ev.RoundVoided)), None)

    def is_pending(self, unit_id: UUID) -> bool:
        """Say whether the last grade of a unit is of a round that was voided since (待重新审定)."""
        last = next(reversed(self.ratings().get(unit_id, [])), None)
        is_held = last is not None and isinstance(last.event, ev.RatingConfirmed)
        return is_held and last is not None and self.voiding(last) is not None

    @property
    def standing_acts(self) -> tuple[OnBooks, ...]:
        """Return the acts but the reviews, the samples and the re-checks of a voided round."""
        void, of_rounds = self.void_acts, (ev.Reviewed, ev.SampleDrawn, ev.Rechecked)
        gone = {act.source.event_id for act in self.acts if isinstance(act.event, of_rounds)} & void
        return tuple(act for act in self.acts if act.source.event_id not in gone)

    def _of_round(self, kind: type[ev.T]) -> list[ev.T]:
        return [act.event for act in self.acts_of_round if isinstance(act.event, kind)]

    def _round(self) -> list[ev.Reviewed]:
        """Return the reviews of the round that holds."""
        return self._of_round(ev.Reviewed)

    @property
    def sample(self) -> ev.SampleDrawn | None:
        """Return the sample that holds."""
        return next(reversed(self._of_round(ev.SampleDrawn)), None)

    @property
    def outcome(self) -> ev.Rechecked | None:
        """Return the gravest of what re-checks of the round that holds found: a later one clears nothing."""
        return max(reversed(self._of_round(ev.Rechecked)), key=self._gravity, default=None)

    def wrong_with(self, recheck: ev.Rechecked) -> int:
        """Return how many of those looked at were wrong, with what other re-checks of the same ones found."""
        same = [one for one in self._of_round(ev.Rechecked) if one.sampled == recheck.sampled]
        names = {name for one in (*same, recheck) for name in one.wrong.names}
        return max(len(names), recheck.wrong.count)

    def _gravity(self, recheck: ev.Rechecked) -> tuple[Fraction, bool]:
        """Return how grave a re-check is: the share that was wrong, then concealment."""
        return Fraction(self.wrong_with(recheck), recheck.sampled.count or 1), recheck.concealed

    @property
    def is_concealed(self) -> bool:
        """Say whether any re-check of the round that holds found facts hidden."""
        return any(one.concealed for one in self._of_round(ev.Rechecked))

    def is_found_wrong(self, unit_id: UUID) -> bool:
        """Say whether a re-check of the round found a unit rated wrongly, and nobody reviewed it since."""
        is_wrong = False
        for act in self.acts_of_round:
            if isinstance(act.event, ev.Rechecked):
                is_wrong = is_wrong or unit_id in act.event.wrong.units
            elif isinstance(act.event, ev.Reviewed) and act.event.about == unit_id:
                is_wrong = False
        return is_wrong

    def ratings(self) -> dict[UUID, list[OnBooks]]:
        """Return by unit what was decided about its grade, confirmed or revoked, in the order of the days."""
        found: dict[UUID, list[OnBooks]] = {}
        for act in self.acts:
            if isinstance(act.event, ev.RatingConfirmed | ev.RatingRevoked):
                found.setdefault(act.event.about, []).append(act)
        return found

    def grade_of(self, unit_id: UUID) -> tuple[ev.RatingConfirmed, OnBooks] | None:
        """Return the decision by which a unit holds a grade of this campaign; None where it holds none."""
        last = next(reversed(self.ratings().get(unit_id, [])), None)
        held = last.event if last is not None else None
        return (held, last) if last is not None and isinstance(held, ev.RatingConfirmed) else None

    def plate_of(self, unit_id: UUID) -> tuple[ev.PlateHung, OnBooks] | None:
        """Return the plate of this campaign that hangs at a unit; None where none does."""
        found: tuple[ev.PlateHung, OnBooks] | None = None
        for act in self.acts:
            event = act.event
            if isinstance(event, ev.PlateHung) and event.about == unit_id:
                found = event, act
            elif isinstance(event, ev.PlateTakenDown) and event.about == unit_id:
                found = None
        return found


def _passed(reviews: Iterable[ev.Reviewed]) -> ev.Named:
    """Return who passed by these reviews, as told of all and one by one: the last word on each holds."""
    told = ev.Named()
    one_by_one: dict[UUID, bool] = {}
    for event in reviews:
        if event.passing is not None:
            told = event.passing
            one_by_one |= dict.fromkeys((unit for unit in told.units if unit in one_by_one), True)
        elif event.about is not None and event.passed is not None:
            one_by_one[event.about] = event.passed
    if told.number is not None:
        return told
    last_words = dict.fromkeys(told.units, True) | one_by_one
    return ev.Named(units=tuple(u for u, has_passed in last_words.items() if has_passed), others=told.others)


def drawn(units: Sequence[UUID], number: int, seed: str) -> tuple[UUID, ...]:
    """Return ``number`` of the units, drawn by a seed: anyone who knows both draws the same.

    Units stand in the order of the SHA-256 of ``SEED/ID`` (UTF-8, the id in its usual form); the first ones
    are taken.
    """

    def lot(unit: UUID) -> str:
        return sha256(f"{seed}/{unit}".encode()).hexdigest()

    return tuple(sorted(set(units), key=lot)[:number])


@facts_of.register
def _told_facts(file: Campaign, facts: Facts, on: date) -> Mapping[str, Fact]:
    opened, start = file.last(ev.CampaignOpened), file.start
    if opened is None or start is None:
        return {}
    sample, outcome = file.sample, file.outcome
    told = {
        "campaign_opened_on": Fact(opened[1].on, opened[1].source),
        "campaign_year": Fact(start.year, opened[1].source),
        "declared_units": Fact(file.declared),
        "campaign_units": Fact(start.units.count if start.units else None),
        "passed_units": Fact(file.passed.count),
    }
    assessed, passed = _all_assessed(file, start), _all_passed(file, start)
    if assessed is not None:
        told["all_assessed_on"] = Fact(assessed.on, assessed.source)
    if passed is not None:
        told["all_passed_on"] = Fact(passed.on, passed.source)
    if start.items is not msgspec.UNSET:
        told["plan_items"] = Fact(list(start.items), opened[1].source)
    if sample is not None:
        told["sampled_units"] = Fact(sample.sampled.count)
        told["passed_units"] = Fact(sample.passed.count)
    if outcome is not None:
        told["sampled_units"] = Fact(outcome.sampled.count)
        told["wrong_units"] = Fact(file.wrong_with(outcome))
        told["concealed"] = Fact(file.is_concealed)
    return told


def _all_assessed(file: Campaign, start: ev.CampaignOpened) -> OnBooks | None:
    """Return the self-assessment with which the last of those taking part assessed itself; None: not yet.

    Where only a number was told, as many different ones.
    """
    units, number = (start.units.units, start.units.count) if start.units else ((), 0)
    done: set[UUID] = set()
    for event, act in file.each(ev.SelfAssessed):
        if not units or event.about in units:
            done.add(event.about)
        if number and len(done) >= number:
            return act
    return None


def _all_passed(file: Campaign, start: ev.CampaignOpened) -> OnBooks | None:
    """Return the review by which all that take part had passed; None: not yet, or who they are is unknown."""
    number = start.units.count if start.units else 0
    reviews: list[ev.Reviewed] = []
    for act in file.acts_of_round:
        if isinstance(act.event, ev.Reviewed):
            reviews.append(act.event)
            if number and _passed(reviews).count >= number:
                return act
    return None
