"""考评得分: by unit and criterion of a campaign, what the unit claims, what the facts say, what was given.

Derived from the books alone, as of a day and as known on a day; a person gives the points. Units stand in the
order of the structure, never by score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.application.books import Books
from workflows.domain.act import OnBooks
from workflows.domain.campaign import events as ev
from workflows.domain.campaign.rubric import frozen_of, scheme_of
from workflows.domain.campaign.state import Campaign
from workflows.kernel.calendar import Period
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Known
from workflows.policies.kinds import Interval, NotBefore, Term, Within
from workflows.policies.rules import Rules
from workflows.projections import case_files, grades, proofs, rating_rules, scored
from workflows.projections.case_ledgers import rating, units_of
from workflows.projections.complying import Complying
from workflows.projections.deadlines import Limit
from workflows.projections.judged_acts import acts_told, people_told, unrecurring, vetoes
from workflows.projections.limiting import Limiting
from workflows.projections.opening import Answer, Opened
from workflows.projections.proofs import Fill, Proof
from workflows.projections.rounds import round_of
from workflows.projections.scored import year_of
from workflows.projections.sheets import Mark

Fills = dict[str, Fill]


@dataclass(frozen=True)
class Rubric:
    """The criteria by which a campaign is scored: as frozen, or as the plan would give them (no day)."""

    criteria: tuple[ev.FrozenCriterion, ...]
    frozen_on: date | None
    scheme: str | None
    not_given: str | None

    @classmethod
    def of(cls, file: Campaign, rules: Rules, on: date) -> Rubric:
        """Return the frozen rubric; where none is frozen, the one the plan of the day would give."""
        told = file.rubric
        if told is not None:
            return cls(told.criteria, told.frozen_on, told.scheme, told.not_given)
        scheme = scheme_of(file, rules, on)
        if scheme is None:
            return cls((), None, None, None)
        return cls(frozen_of(scheme, rules, on), None, scheme.id, scheme.not_given)


class Scoring(Complying, Limiting):
    """Answers what the facts say of the criteria of campaigns, beside what was claimed and given."""

    def scores(
        self, file_id: UUID, unit_id: UUID | None = None, on: date | None = None, known_on: Known = None
    ) -> Answer:
        """Answer of each unit of a campaign (of one) every criterion side by side, and how many are filled.

        ``counts``: criteria whose outcome the facts tell alone (``automatic``), in part (``partly``), not at
        all (``by_hand``); a row tells the same of its unit: which of them the facts do tell on the day.

        Raises:
            WrongUsage: ``stream-unknown``: no campaign is there on the day.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            return self.scores_of(opened, file_id, unit_id, day, known_on)

    def scores_of(
        self, opened: Opened, file_id: UUID, unit_id: UUID | None, day: date, known_on: Known
    ) -> Answer:
        """Answer the same from books that are open already."""
        file = opened.books.file_state(file_id).at(day)
        if not isinstance(file, Campaign) or file.start is None:
            raise WrongUsage("stream-unknown", stream=str(file_id))
        rubric = Rubric.of(file, opened.books.rules_for(file.unit_id, day), day)
        units = taking_part(file, opened.books, day)
        asked = units if unit_id is None else [unit for unit in units if unit == unit_id]
        fills = self.fills(opened, rubric.criteria, asked, year_of(file), day, file)
        before = scored.last_year(opened.books, file, day)
        words = grades.words_of(opened.books, day)
        rows = [
            {
                **rating(
                    file,
                    file.start,
                    unit,
                    grades.history(opened.books, unit, day, words),
                    opened.naming,
                ),
                **scored.row(file, rubric.criteria, fills[unit], unit, before, opened.naming),
                "draft": drafted(file, unit, opened.books, day),
            }
            for unit in asked
        ]
        return {
            "campaign": case_files.state_of(file, opened.naming, on=day),
            "file_id": str(file_id),
            "year": year_of(file),
            "frozen_on": rubric.frozen_on.isoformat() if rubric.frozen_on else None,
            "scheme": rubric.scheme or file.start.scheme,
            "not_given": rubric.not_given,
            "criteria": [scored.criterion(one) for one in rubric.criteria],
            "counts": _counts(rubric.criteria),
            "units": len(units),
            "round": round_of(file, opened.naming),
            **self._answer(opened, rows, day, known_on),
        }

    def fills(
        self,
        opened: Opened,
        criteria: Sequence[ev.FrozenCriterion],
        units: Sequence[UUID],
        year: int,
        day: date,
        file: Campaign | None = None,
    ) -> dict[UUID, Fills]:
        """Return by unit and criterion what the facts of a year say, as of a day, those of ``file`` too."""
        period = Period.parse(str(year))
        named = {name for one in criteria for name in one.proved_by}
        cells: dict[UUID, list[Mark]] = {}
        limits: dict[UUID, list[Limit]] = {}
        if named and day >= period.first:
            for mark in self._sheet_of(opened, units, period, day).marks:
                cells.setdefault(mark.unit_id, []).append(mark)
        if any(_sets_limits(opened.books.rules_for(unit, day), named) for unit in units):
            kept = self._kept_limits(opened, units, None, day, met=True)
            for limit in self._limits(opened, units, None, day) if kept is None else kept:
                if limit.unit_id is not None:
                    limits.setdefault(limit.unit_id, []).append(limit)

        def in_year(act: OnBooks) -> bool:
            return period.first <= act.on <= period.last

        found: dict[UUID, Fills] = {}
        for unit in units:
            rules = opened.books.rules_for(unit, day)
            told = [proofs.of_cell(mark) for mark in cells.get(unit, ())]
            told += proofs.of_limits(limits.get(unit, ()), period.first, period.last, day)
            wanted = unrecurring(rules, named)
            told += acts_told(opened.books, unit, wanted, day, in_year)
            told += people_told(opened.books, unit, vetoes(rules, named), day, in_year)
            told += _acts_of_the_campaign(file, unit, named) if file is not None else ()
            found[unit] = {one.id: _fill(one, told, rules) for one in criteria}
        return found


def drafted(file: Campaign, unit_id: UUID, books: Books, day: date) -> Answer | None:
    """Return which level the last review would come to, and what bars a grade; None where nothing is open.

    Bands that overlap or leave the score out are told with all levels there are: a person decides.
    """
    score = file.score_of(unit_id)
    if score is None or (unit_id in file.ratings() and not file.is_pending(unit_id)):
        return None
    rules = books.rules_for(unit_id, day)
    plan = file.start.scheme if file.start is not None else None
    found = rating_rules.findings(
        file, unit_id, rules, books, on=day, known_by=day, plan=plan, score=score, frozen=True
    )
    levels = rating_rules.levels_of(found)
    told = [one for one in found if one.kind == "bands" or one.verdict in rating_rules.BARS]
    return {
        "score": score,
        "grade": levels[0] if len(levels) == 1 else None,
        "levels": list(levels),
        "because": [rating_rules.reason(one) for one in told],
    }


def taking_part(file: Campaign, books: Books, day: date) -> list[UUID]:
    """Return the units of a campaign in the order of the structure; () where they are told in numbers alone.

    Where nobody said who takes part it is the unit that holds it.
    """
    told = file.start.units if file.start is not None else None
    named = {*(told.units if told is not None else ()), *units_of(file)}
    if not named:
        return [file.unit_id] if told is None and file.unit_id is not None else []
    order = books.in_order(None, day)
    return [unit for unit in order if unit in named] + sorted(named - set(order))


def _counts(criteria: Sequence[ev.FrozenCriterion]) -> dict[str, int]:
    linked = [one for one in criteria if one.proved_by]
    partly = sum(one.partly for one in linked)
    return {
        "criteria": len(criteria),
        "automatic": len(linked) - partly,
        "partly": partly,
        "by_hand": len(criteria) - len(linked),
    }


def _sets_limits(rules: Rules, named: set[str]) -> bool:
    kinds = (Within, Interval, NotBefore, Term)
    return any(isinstance(rule, kinds) for name in named for rule in rules.about(name))


def _fill(criterion: ev.FrozenCriterion, told: Sequence[Proof], rules: Rules) -> Fill:
    """Return what the proofs of a criterion say; a rule of another layer stands for its matter."""
    ids = {rule.id for name in criterion.proved_by for rule in rules.about(name)}
    unknown = [name for name in criterion.proved_by if rules.rule(name) is None]
    return proofs.filled(criterion, [proof for proof in told if proof.rule in ids], unknown)


def _acts_of_the_campaign(file: Campaign, unit_id: UUID, named: set[str]) -> Iterator[Proof]:
    """Yield what rules say of the last act of each kind about a unit in its campaign (a survey)."""
    last = {type(act.event): act for act in file.acts if getattr(act.event, "about", None) == unit_id}
    for kind, act in last.items():
        if not issubclass(kind, ev.RatingConfirmed | ev.RatingRevoked):
            yield from proofs.of_act(act, unit_id, proofs.findings_of(act), frozenset(named))
