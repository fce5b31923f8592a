"""What the rules say of a form filled in: sentences with their clause, each at the field it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from workflows.application.recording import Outcome
from workflows.domain.act import OF_A_MERGER, Command
from workflows.entrypoints.naming import with_the_one_typed
from workflows.entrypoints.pieces import Names, verdict_key
from workflows.entrypoints.web import why
from workflows.entrypoints.web.forms.consequences import Group, consequences_of
from workflows.entrypoints.web.forms.fields import ON
from workflows.entrypoints.web.words import WORDING
from workflows.policies.findings import Finding, Verdict

AGAINST = frozenset({Verdict.BLOCK, Verdict.INCOMPLETE})
WANTS_REASON = frozenset({Verdict.WARN, Verdict.LATE})
"""What is recorded with a reason: a deviation from what holds as a rule (一般), and what comes late."""

FITTING = frozenset({Verdict.OK, Verdict.CONVENTION})
FIELD_OF_FACT = {
    "votes_in_favour": "in_favour", "notice_working_days": "working_days", "notice_starts_on": "starts_on",
    "mentors": "persons", "sponsors": "persons", "course_days": "days", "course_hours": "hours",
    "background_review_passed": "passed", "pre_review_passed": "passed", "correction_months": "months",
    "dues_amount_fen": "amount", "dues_base_fen": "base", "deferred_until": "until", "unfit": "persons",
    "attending": "attending", "votes": "in_favour",
}  # fmt: skip

OF_A_CASE = {"person": "by"}
"""The same of what an act of a case asks for itself."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something to be put right: the field it is about, and the sentence."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule said: ``shape`` is a status; ``why`` is None for what is about no rule."""

    shape: str
    word: str
    text: str
    why: why.Why | None


_SHAPES = {
    Verdict.BLOCK: "over", Verdict.INCOMPLETE: "over", Verdict.WARN: "soon", Verdict.LATE: "soon",
    Verdict.REFER: "refer", Verdict.CONFLICT: "refer", Verdict.NOT_PASSED: "refer", Verdict.NOTE: "no",
    Verdict.CONVENTION: "no", Verdict.OK: "ok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one act in words: what fits, what does not, what will change."""

    outcome: Outcome
    fitting: Sequence[Said] = ()
    told: Sequence[Said] = ()
    flaws: Sequence[Flaw] = ()
    changes: Sequence[str] = ()
    consequences: Sequence[Group] = ()

    @property
    def wants_reason(self) -> bool:
        """Say whether it is recorded only with a reason."""
        return any(finding.verdict in WANTS_REASON for finding in self.outcome.findings)


def checked(
    outcome: Outcome,
    command: Command,
    fields: Iterable[str],
    names: Names,
    who: str,
    records: int,
    changes: Sequence[Mapping[str, Any]] = (),
) -> Checked:
    """Return an outcome in words; ``fields`` are those a flaw can be put at, ``records`` the log's length."""
    name, known = command.verb(), list(fields)
    names = with_the_one_typed(names, command)
    scene = why.Scene(name, command.on, who, names)

    def said(finding: Finding) -> Said:
        text = WORDING.finding(finding, names, command=name, on=command.on, who=who)
        shape = _SHAPES.get(finding.verdict, "no")
        told = why.of_finding(msgspec.to_builtins(finding), scene, records) if finding.clause else None
        if told is not None:
            told = replace(told, title="为什么", about=finding.label or text)
        word = WORDING.verdict(verdict_key(finding.verdict, finding.facts))
        return Said(shape, word, text.removeprefix(f"{word}："), told)

    return Checked(
        outcome,
        fitting=[said(finding) for finding in outcome.findings if finding.verdict in FITTING],
        told=[said(finding) for finding in outcome.findings if finding.verdict not in FITTING],
        flaws=[
            Flaw(field_of(finding, known), said(finding).text)
            for finding in outcome.findings
            if finding.verdict in AGAINST
        ],
        changes=[] if outcome.consequences else [change_line(row) for row in changes],
        consequences=consequences_of(outcome, changes, names),
    )


FIELD_OF_RULE = {
    "unit-people-left": "members_to", "overhaul-claimed": "passed", "rating-points": "scores",
    "rating-twice": "scores", "rating-criterion": "scores", "rating-evidence": "scores",
}  # fmt: skip
"""The field at which something is put right that no single fact of a finding tells."""


def field_of(finding: Finding, known: Sequence[str]) -> str:
    """Return the field that a finding is about: one whose fact it tells, else the day."""
    if finding.kind == OF_A_MERGER and "other" in known:
        return "other"
    if FIELD_OF_RULE.get(finding.rule) in known:
        return FIELD_OF_RULE[finding.rule]
    wanting = [str(finding.facts["missing"])] if "missing" in finding.facts else []
    for fact in (*wanting, *finding.facts, *finding.missing):
        name = OF_A_CASE.get(fact, fact) if finding.kind == "case" else FIELD_OF_FACT.get(fact, fact)
        if name in known:
            return name
    return ON if ON in known else next(iter(known), ON)


def change_line(row: Mapping[str, Any]) -> str:
    """Return what becomes of one limit when the act is recorded."""
    what = WORDING.limit(str(row["rule"]), str(row["subject"]))
    if what == row["subject"] and row.get("label"):  # a case by its name: what is due there is said as well
        what = f"{what}：{row['label']}"
    number = f"（第 {row['number']} 次）" if row.get("number") else ""
    before, after = row["before"], row["after"]
    if after is None:
        return f"{what}{number}：不再要求"
    if after["status"] == "met":
        return f"{what}{number}：办结（期限 {after['due_on']}）"
    if before is None:
        return f"{what}{number}：最迟 {after['due_on']}"
    return f"{what}{number}：由 {before['due_on']} 改为 {after['due_on']}"
