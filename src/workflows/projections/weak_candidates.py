"""整顿对象的线索: which branches bear a mark of the rules in force, and what the bottom share comes to.

A proposal: the facts say what they say, a person decides. Branches stand in the order of the structure, never
by score or by how many marks they bear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application import weak_units
from workflows.application.books import Books
from workflows.domain.facts import Below
from workflows.domain.listing.state import Listing
from workflows.domain.shares import whole
from workflows.kernel.clock import today
from workflows.kernel.events import Known
from workflows.policies.facts import Fact, FactBook
from workflows.policies.kinds import Mark, Share
from workflows.policies.kinds.counts import fraction
from workflows.policies.rule import Act, DatedValue
from workflows.policies.rules import Rules
from workflows.projections.duties import source_of
from workflows.projections.naming import Naming, plain
from workflows.projections.opening import Answer, Opening, Structure

LISTED_AT = "list_unit"
OF_THE_RULE = ("rule", "label", "clause", "confidence")
Row = dict[str, Any]


class Candidates(Opening):
    """Answers which branches a county might put on its list."""

    def weak_candidates(
        self,
        unit_id: UUID | None = None,
        on: date | None = None,
        known_on: Known = None,
        structure: Structure = "then",
    ) -> Answer:
        """Answer which branches of a unit and all below bear a mark on a day, and each mark that is open.

        ``marks``: the marks in force, with how many bear them and of how many the books cannot tell.
        ``shares``: what a bottom share of those below the standard comes to.
        """
        day = on or today(self.clock)
        with self.opened(known_on, day) as opened:
            books = opened.books
            units = self._below(opened, unit_id, day, structure)
            books.preload([*units, *(entry.id for entry in books.files_of(Listing.kind, units))])
            branches = [one for one in units if _is_branch(books, one, day)]
            told = {one: list(_marks_of(books, one, day)) for one in branches}
            rows = [_row(one, marks, books, opened.naming, day) for one, marks in told.items()]
            return {
                "branches": len(branches),
                "marks": _counted(marks for marks in told.values()),
                "shares": list(_shares(books, branches, opened.naming, day)),
                **self._answer(
                    opened, [row for row in rows if _is_borne(row) or row["listed"]], day, known_on
                ),
            }


def _is_branch(books: Books, unit_id: UUID, day: date) -> bool:
    unit = books.unit_state(unit_id)
    told = unit.identity_on(day)
    return told is not None and told.level == "branch" and unit.exists_on(day)


def _is_borne(row: Row) -> bool:
    return any(one["holds"] for one in row["marks"])


def _row(unit_id: UUID, marks: Sequence[Row], books: Books, naming: Naming, day: date) -> Row:
    return {
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id),
        "marks": [one for one in marks if one["holds"]],
        "open": [one["label"] for one in marks if one["holds"] is None],
        "listed": next(iter(_listings(books, unit_id, day)), None),
    }


def _listings(books: Books, unit_id: UUID, day: date) -> Iterator[Row]:
    """Yield the cases by which a unit is on the list on a day."""
    for file in weak_units.open_listings(books, unit_id, day):
        yield {"subject": file.subject, "file_id": str(file.id), "stage": file.stage}


# --- marks --------------------------------------------------------------------------------------------------


def in_force(rules: Rules, book: FactBook, day: date) -> Iterator[tuple[Mark, DatedValue]]:
    """Yield the marks in force for a unit on a day, with their values."""
    for rule in rules.at(LISTED_AT):
        value = rule.value_on(day, book.value("unit_kind"))
        if isinstance(rule, Mark) and value is not None and rule.binds(book) is not False:
            yield rule, value


def _marks_of(books: Books, unit_id: UUID, day: date) -> Iterator[Row]:
    """Yield every mark in force that facts tell of, whether it holds, and what says so."""
    rules, book = books.rules_for(unit_id, day), weak_units.unit_facts(books, unit_id, day)
    for rule, value in in_force(rules, book, day):
        if rule.by_hand:
            continue
        more: dict[str, Fact] = {}
        if rule.undone:
            more["undone_duties"] = Fact(weak_units.undone(books, unit_id, rule.undone, day, rule.months))
        if rule.of == "satisfaction_percent":
            rate = weak_units.satisfaction(books, unit_id, day)
            more["satisfaction_percent"] = Fact(None if rate is None else whole(rate))
        asked = book.extended(more)
        holds, calc = rule.borne_out(Act(LISTED_AT, day, asked, rules.calendar), value)
        facts, because = asked.told(rule.fact_names())
        yield {
            "rule": rule.id,
            "label": rule.label,
            "clause": rule.cite(day),
            "confidence": value.confidence or rule.clause_on(day).confidence,
            "how": rule.how,
            "holds": holds,
            "facts": facts,
            "calc": plain(calc),
            "because": [source_of(source) for source in because],
        }


def _counted(told: Iterator[Sequence[Row]]) -> list[Row]:
    """Return each mark with how many branches bear it, and of how many the books cannot tell."""
    found: dict[str, Row] = {}
    for marks in told:
        for one in marks:
            row = found.setdefault(
                one["rule"],
                {
                    **{name: one[name] for name in ("rule", "label", "clause", "confidence")},
                    "borne": 0,
                    "open": 0,
                },
            )
            row["borne"] += one["holds"] is True
            row["open"] += one["holds"] is None
    return list(found.values())


# --- the bottom share ---------------------------------------------------------------------------------------


def _shares(books: Books, branches: Sequence[UUID], naming: Naming, day: date) -> Iterator[Row]:
    """Yield what each rule about a share of those below the standard comes to in a county."""
    counties = dict.fromkeys(weak_units.county_of(books, one, day) for one in branches)
    for county in counties:
        rules = books.rules_for(county, day)
        for rule in rules.at(LISTED_AT):
            value = rule.value_on(day)
            if isinstance(rule, Share) and rule.base == "below_standard" and value is not None:
                plans = (rule.pack_id, rule.pack_title)
                below = weak_units.below_standard(books, county, day, plans)
                yield {
                    "rule": rule.id,
                    "label": rule.label,
                    "clause": rule.cite(day),
                    "confidence": value.confidence or rule.clause_on(day).confidence,
                    "county": naming.unit(county),
                    "share": value.value,
                    "listed": len(weak_units.listed_with(books, county, day)),
                    **bottom(below, value.value, naming),
                }


def bottom(below: Below | None, share: str, naming: Naming) -> Row:
    """Return how many a share of those below the standard is, and which of them it surely takes in.

    ``least`` and ``most`` differ where the share is no whole number: the text does not say how it is rounded.
    ``sure``: those it takes in however one rounds; ``unsettled``: those it may take in, with the reasons
    (``rounding``, ``tie``); where no names or no scores are known, none are named.
    """
    if below is None:
        return {
            "base": None,
            "least": None,
            "most": None,
            "sure": [],
            "unsettled": [],
            "why": ["no_campaign"],
        }
    wanted = below.number * fraction(share)
    least, most = wanted.numerator // wanted.denominator, -(-wanted.numerator // wanted.denominator)
    told: Row = {"base": below.number, "campaign": below.campaign, "reviewed_on": plain(below.on)}
    told |= {"least": least, "most": most, "sure": [], "unsettled": []}
    if not below.scores:
        return {**told, "why": ["no_names"] if below.number else []}
    if any(score is None for score in below.scores.values()):
        return {**told, "why": ["no_scores"]}
    sure, unsettled, why = lowest(below.scores, least, most)
    names = [(str(one), naming.unit(one)) for one in below.scores]
    return {
        **told,
        "sure": [name for one, name in names if UUID(one) in sure],
        "unsettled": [name for one, name in names if UUID(one) in unsettled],
        "why": why,
    }


def lowest(
    scores: Mapping[UUID, float | None], least: int, most: int
) -> tuple[set[UUID], set[UUID], list[str]]:
    """Return who is among the lowest however one rounds and ties are broken, who may be, why that is open."""
    ordered = sorted((score, unit) for unit, score in scores.items() if score is not None)
    cut = [score for score, _ in ordered]
    if not most:
        return set(), set(), []
    first_out = cut[least] if least < len(cut) else None
    sure = {unit for score, unit in ordered[:least] if score != first_out}
    last_in = cut[most - 1]
    unsettled = {unit for score, unit in ordered if score <= last_in} - sure
    why = ["rounding"] if least != most else []
    tied = sum(score <= last_in for score in cut) > most or len(sure) < least
    return sure, unsettled, [*why, *(["tie"] if tied else [])]
