"""What the acceptance of an overhaul came to: by every rule in force that judges it, or as a person says.

An acceptance has two halves, its score and the share of those dissatisfied. It passes by the rules only where
every half they ask for is known; where none judges it, it is a person who says so. Else it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from workflows.domain.case_files import STAGE_RULE, FileCase, finding_of_case
from workflows.domain.listing.commands import AcceptOverhaul
from workflows.domain.shares import parts_of, whole
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict
from workflows.policies.rule import Rule

STEP = "accept_overhaul"
FAILED = frozenset({Verdict.BLOCK, Verdict.NOT_PASSED, Verdict.WARN})
UNKNOWN = frozenset({Verdict.INCOMPLETE, Verdict.REFER})
HALVES = {
    "score": frozenset({"score", "score_hundredths", "score_points"}),
    "dissatisfied": frozenset({"asked", "dissatisfied"}),
}
"""By the field of the command, the facts by which rules ask for it."""


def judged(command: AcceptOverhaul, case: FileCase) -> tuple[bool | None, tuple[Finding, ...]]:
    """Return whether the overhaul passed, None where nobody can tell, and the findings of the acceptance."""
    said = _said(command)
    found = case.check_move(STEP, **said)
    wanted = dict(_judging(case, said))
    against = [one for one in found if one.rule != STAGE_RULE and one.verdict in FAILED]
    if against:
        told = tuple(replace(one, verdict=Verdict.NOT_PASSED) if one in against else one for one in found)
        return False, (*told, *(_claimed(against) if command.passed else ()))
    if not wanted and command.passed is not None:
        return command.passed, (*found, finding_of_case("overhaul-not-judged", Verdict.NOTE, "record"))
    lacking = {name: rule for name, rule in wanted.items() if getattr(command, name) is None}
    if command.passed is False:
        return False, found
    if lacking:
        return command.passed, (*found, _lacks(lacking, case))
    rules = {rule.id for rule in wanted.values()}
    if wanted and not any(one.rule in rules and one.verdict in UNKNOWN for one in found):
        return True, found
    return command.passed, found if command.passed else (*found, _unsaid(case))


def _said(command: AcceptOverhaul) -> dict[str, Any]:
    said: dict[str, Any] = {"people_asked": command.asked}
    if command.score is not None:
        said |= {"score": command.score, "score_hundredths": whole(command.score, 2)}
        said |= {"score_points": Fact(whole(command.score), exact=command.score)}
    if command.dissatisfied is not None:
        parts, of = parts_of(command.dissatisfied)
        said |= {"asked": of, "dissatisfied": Fact(parts, percent=command.dissatisfied)}
    return said


def _judging(case: FileCase, said: dict[str, Any]) -> Iterator[tuple[str, Rule]]:
    """Yield each half that a rule in force asks for, with the rule; what it only records judges nothing."""
    book, day = case.book(**said), case.command.on
    for rule in case.rules.at(STEP):
        in_force = rule.value_on(day, book.value("unit_kind")) is not None
        if not in_force or rule.severity_at(STEP) == "record" or rule.binds(book) is False:
            continue
        yield from ((name, rule) for name, facts in HALVES.items() if facts & set(rule.fact_names()))


def _claimed(against: list[Finding]) -> tuple[Finding]:
    told = {"rules": [one.rule for one in against]}
    return (finding_of_case("overhaul-claimed", Verdict.BLOCK, "block", **told),)


def _lacks(lacking: dict[str, Rule], case: FileCase) -> Finding:
    """Return the finding of a half that a rule asks for and that nobody told."""
    rules = {rule.id: rule for rule in lacking.values()}.values()
    told = finding_of_case("overhaul-half", _open(case), "block", labels=[rule.label for rule in rules])
    clause = "；".join(rule.cite(case.command.on) for rule in rules)
    return replace(told, clause=clause, missing=tuple(lacking))


def _unsaid(case: FileCase) -> Finding:
    """Return the finding of an outcome that no rule decides and no person said."""
    return replace(finding_of_case("overhaul-outcome", _open(case), "block"), missing=("passed",))


def _open(case: FileCase) -> Verdict:
    return Verdict.INCOMPLETE if case.complete else Verdict.REFER
