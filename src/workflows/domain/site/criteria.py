"""Where each criterion of a site's list stands: what the assessor said, and what the numbers say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

import msgspec

from workflows.domain.site.events import AssessedCriterion
from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds import Criterion
from workflows.policies.rules import Rules

ASSESSED_AT = "assess_site"
State = Literal["met", "unmet", "open", "not_applicable"]
BROKEN = frozenset({Verdict.WARN, Verdict.NOTE, Verdict.BLOCK, Verdict.NOT_PASSED})


class Standing(msgspec.Struct, frozen=True):
    """How one criterion stands; ``by_numbers``: what was measured says so, whoever said otherwise."""

    rule: Criterion
    state: State
    note: str = ""
    by_numbers: bool = False


def list_of(rules: Rules, book: FactBook, on: date, pack: str | None) -> list[tuple[Criterion, bool]]:
    """Return the criteria in force on a day, in the order of their packs, and whether each may apply.

    ``pack``: only those of one plan. One whose condition is not known may apply.
    """
    found: dict[str, tuple[Criterion, bool]] = {}
    for rule in rules.at(ASSESSED_AT):
        if not isinstance(rule, Criterion) or (pack is not None and rule.pack_id != pack):
            continue
        if rule.value_on(on, book.value("unit_kind")) is not None:
            found.setdefault(rule.id, (rule, rule.binds(book) is not False))
    return list(found.values())


def standings(
    criteria: Iterable[tuple[Criterion, bool]],
    told: Iterable[AssessedCriterion],
    findings: Iterable[Finding],
) -> list[Standing]:
    """Return how every criterion of a list stands after an assessment.

    ``findings``: what the rules said of its numbers. A number that falls short counts more than what was
    said of the criterion; one that suffices decides alone only where nothing else belongs to the criterion.
    """
    said = {one.id: one for one in told}
    numbers: dict[str, bool] = {}
    for finding in findings:
        if finding.kind != Criterion.kind_name and finding.verdict in {*BROKEN, Verdict.OK}:
            numbers[finding.rule] = numbers.get(finding.rule, True) and finding.verdict is Verdict.OK
    return [
        _standing(rule, applies, _said_of(rule, said), numbers.get(rule.id)) for rule, applies in criteria
    ]


def _said_of(rule: Criterion, said: dict[str, AssessedCriterion]) -> AssessedCriterion:
    names = (rule.id, *rule.aliases)
    return next((said[name] for name in names if name in said), AssessedCriterion(rule.id))


def _standing(rule: Criterion, applies: bool, said: AssessedCriterion, enough: bool | None) -> Standing:
    if not applies or not said.applies:
        return Standing(rule, "not_applicable", said.note)
    if enough is False:
        return Standing(rule, "unmet", said.note, by_numbers=True)
    if said.met is None:
        by_numbers = bool(enough and rule.measured)
        return Standing(rule, "met" if by_numbers else "open", said.note, by_numbers=by_numbers)
    return Standing(rule, "met" if said.met else "unmet", said.note)


def strangers(criteria: Iterable[tuple[Criterion, bool]], told: Iterable[AssessedCriterion]) -> Iterator[str]:
    """Yield what was said of no criterion of the list; nothing where no list is in force."""
    known = {name for rule, _ in criteria for name in (rule.id, *rule.aliases)}
    if known:
        yield from (one.id for one in told if one.id not in known)
