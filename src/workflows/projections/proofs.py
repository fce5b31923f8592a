"""What the facts say of a criterion of a rating: its cells, limits and acts, and what follows of them.

Nothing is guessed: what runs still, what nobody can tell, what was done late, and what a plan leaves open is
a person's to judge. What is fulfilled is so by the day asked for. Points follow only where the plan gives
them and says how they are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from workflows.domain.act import Decided, OnBooks
from workflows.domain.campaign.events import FrozenCriterion
from workflows.policies.findings import Finding, Source, Verdict
from workflows.projections import duties as duties_view
from workflows.projections.deadlines import RECURRING, Limit, is_shown, status_on
from workflows.projections.duties import deciding_evidence
from workflows.projections.sheets import Mark

Outcome = Literal["met", "late", "missing", "invalid", "exempt", "pending", "refer"]
State = Literal["fulfilled", "not_fulfilled", "unclear", "not_asked"]
Why = Literal["by_hand", "partly", "pending", "refer", "late", "nothing_told", "rule_unknown"]

BROKEN = ("missing", "invalid")
OPEN: tuple[Literal["refer", "late", "pending"], ...] = ("refer", "late", "pending")
"""What leaves a criterion to a person, the first of them told as the reason."""
OF_FINDINGS = {
    Verdict.OK: "met",
    Verdict.REFER: "refer",
    Verdict.BLOCK: "missing",
    Verdict.INCOMPLETE: "missing",
    Verdict.WARN: "missing",
    Verdict.NOT_PASSED: "missing",
    Verdict.LATE: "late",
}


class Proof(msgspec.Struct, frozen=True):
    """One thing the facts say: of a period (``kind`` ``cell``), a limit or an act, with its events.

    ``what``: the period, the step, or the command of the act; ``part``: the group or branch of a cell.
    """

    kind: Literal["cell", "limit", "act"]
    rule: str
    label: str
    clause: str
    what: str
    outcome: Outcome
    unit_id: UUID
    on: date | None = None
    due_on: date | None = None
    part: str | None = None
    part_id: str | None = None
    activity: str = ""
    person_id: UUID | None = None
    flaws: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Fill(msgspec.Struct, frozen=True):
    """What the facts make of a criterion: its state, why it is unclear, the points that follow (None: none).

    ``times``: how often something is wanting; ``open_times``: how often a person must say whether it is.
    """

    state: State
    why: Why | None
    points: float | None
    times: int
    open_times: int
    proofs: tuple[Proof, ...]

    @property
    def is_automatic(self) -> bool:
        """Say whether the facts alone tell whether the criterion is fulfilled."""
        return self.state in ("fulfilled", "not_fulfilled")


def of_cell(mark: Mark) -> Proof:
    """Return what a cell of the compliance view says."""
    duty = mark.duty
    deciding = deciding_evidence(duty)
    return Proof(
        kind="cell",
        rule=duty.rule,
        label=duty.label,
        clause=duty.clause,
        what=duty.period,
        outcome=mark.verdict,
        unit_id=mark.unit_id,
        on=deciding.on if deciding is not None else None,
        due_on=duty.due_on or duty.last,
        part=duty.part or None,
        part_id=duty.part_key or None,
        activity=duty.activity,
        flaws=tuple(dict.fromkeys(flaw for one in duty.evidence for flaw in one.flaws)),
        sources=tuple(one.source for one in duty.evidence),
    )


def of_limits(limits: Iterable[Limit], first: date, last: date, on: date) -> Iterator[Proof]:
    """Yield what the limits due between two days say on ``on``; recurring duties have cells instead."""
    for limit in limits:
        told = limit.deadline
        if told.kind == RECURRING or told.awaited or limit.unit_id is None:
            continue
        if is_shown(told, on) and first <= told.due_on <= last:
            yield Proof(
                kind="limit",
                rule=told.rule,
                label=told.label,
                clause=told.clause,
                what=told.subject,
                outcome=_of_limit(limit, on),
                unit_id=limit.unit_id,
                on=told.met_on if told.met_on is not None and told.met_on <= on else None,
                due_on=told.due_on,
                person_id=limit.person_id,
                sources=(told.met_by,) if told.met_by is not None else told.because,
            )


def _of_limit(limit: Limit, on: date) -> Outcome:
    told = limit.deadline
    if told.approx:
        return "refer"
    match status_on(told, on):
        case "met":
            return "late" if told.met_on is not None and told.met_on > told.due_on else "met"
        case "overdue":
            return "missing"
        case "held":
            return "exempt"
    return "pending"


def of_act(
    act: OnBooks, unit_id: UUID, findings: Iterable[Finding], wanted: frozenset[str]
) -> Iterator[Proof]:
    """Yield what the rules wanted say of one act."""
    for told in findings:
        outcome = OF_FINDINGS.get(told.verdict)
        if outcome is not None and not wanted.isdisjoint((told.rule, *told.aliases)):
            yield Proof(
                kind="act",
                rule=told.rule,
                label=told.label,
                clause=told.clause,
                what=getattr(type(act.event), "step", ""),
                outcome=outcome,  # type: ignore[arg-type]
                unit_id=unit_id,
                on=act.on,
                sources=(act.source,),
            )


def findings_of(act: OnBooks) -> tuple[Finding, ...]:
    """Return what was said of an act when it was recorded."""
    return act.event.findings if isinstance(act.event, Decided) else ()


def filled(criterion: FrozenCriterion, proofs: Sequence[Proof], unknown: Sequence[str] = ()) -> Fill:
    """Return what the facts make of a criterion; ``unknown``: rules it names that nobody knows here."""
    state, why = _state(criterion, [one.outcome for one in proofs], unknown)
    times = sum(one.outcome in BROKEN for one in proofs)
    unclear = sum(one.outcome in OPEN for one in proofs) + len(unknown)
    points = None if unclear else _points(criterion, state, times)
    return Fill(state, why, points, times, unclear, tuple(proofs))


def _state(
    criterion: FrozenCriterion, outcomes: Sequence[Outcome], unknown: Sequence[str]
) -> tuple[State, Why | None]:
    if not criterion.proved_by:
        return "unclear", "by_hand"
    if any(outcome in BROKEN for outcome in outcomes):
        return "not_fulfilled", None
    if unknown:
        return "unclear", "rule_unknown"
    for outcome in OPEN:
        if outcome in outcomes:
            return "unclear", outcome
    if not outcomes:
        return "unclear", "nothing_told"
    if all(outcome == "exempt" for outcome in outcomes):
        return "not_asked", None
    return ("unclear", "partly") if criterion.partly else ("fulfilled", None)


def _points(criterion: FrozenCriterion, state: State, times: int) -> float | None:
    """Return the points that follow of the facts; None where the plan does not say how they are lost."""
    if criterion.points is None or criterion.lost is None or criterion.partly:
        return None
    if state == "fulfilled":
        return criterion.points
    return max(criterion.points - criterion.lost * times, 0.0) if state == "not_fulfilled" else None


def as_row(proof: Proof, person: str | None) -> dict[str, Any]:
    """Return a proof in JSON form; ``person``: the name of whom it is about."""
    return {
        "kind": proof.kind,
        "rule": proof.rule,
        "label": proof.label,
        "clause": proof.clause,
        "what": proof.what,
        "activity": proof.activity or None,
        "outcome": proof.outcome,
        "unit_id": str(proof.unit_id),
        "person": person,
        "person_id": str(proof.person_id) if proof.person_id else None,
        "on": proof.on.isoformat() if proof.on else None,
        "due_on": proof.due_on.isoformat() if proof.due_on else None,
        "part": proof.part,
        "part_id": proof.part_id,
        "flaws": list(proof.flaws),
        "events": [duties_view.source_of(source) for source in proof.sources],
    }
