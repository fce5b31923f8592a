"""What the rules of a plan say of a rating, decided or not: the level of its score, what bars a grade."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain import case_files
from workflows.domain.campaign.rated import facts_of_rating
from workflows.domain.campaign.rubric import as_frozen, of_the_plan
from workflows.domain.campaign.state import Campaign
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules
from workflows.projections.naming import plain

STEP = "confirm_rating"
BARS = (Verdict.BLOCK, Verdict.INCOMPLETE)
OF_THE_DAY = frozenset({"window", "not_before", "within", "notice", "interval"})
"""Kinds of rules about the day of an act: nobody decides on the day that is looked at."""


def findings(
    file: Campaign,
    unit_id: UUID,
    rules: Rules,
    books: Books,
    *,
    on: date,
    known_by: date,
    plan: str | None,
    score: float | None,
    satisfaction: float | None = None,
    grade: str | None = None,
    frozen: bool = False,
) -> list[Finding]:
    """Return what the rules in force ``on`` a day say of a rating by the facts of ``known_by``.

    ``plan``: the plan by which it is judged, of several that hold; ``frozen``: what it measures by is that of
    the day on which the rubric was frozen.
    """
    said = facts_of_rating(file, unit_id, score, satisfaction, grade)
    book = case_files.book_of(file, books, known_by, about=unit_id)
    more = {name: Fact.of(value) for name, value in said.items() if value is not None}
    asked = book.extended(more)
    found = of_the_plan(rules.check(STEP, on=on, book=asked), plan, rules)
    if frozen:
        found = as_frozen(found, file, rules, STEP, lambda day: rules.check(STEP, on=day, book=asked))
    return [one for one in found if one.kind not in OF_THE_DAY]


def levels_of(found: Iterable[Finding]) -> tuple[str, ...]:
    """Return the levels of the bands into which a score falls: several, or none, are for a person."""
    told = [_levels(one) for one in found if one.kind == "bands"]
    return tuple(dict.fromkeys(str(level) for levels in told for level in levels))


def _levels(finding: Finding) -> list[Any]:
    told = finding.facts.get("levels", finding.facts.get("level"))
    return list(told) if isinstance(told, list | tuple) else [] if told is None else [told]


def reason(finding: Finding) -> dict[str, Any]:
    """Return a finding as a reason in JSON form; ``bars``: no grade can be given."""
    return {
        "rule": finding.rule,
        "label": finding.label,
        "clause": finding.clause,
        "kind": finding.kind,
        "facts": plain(finding.facts),
        "bars": finding.verdict in BARS,
    }
