"""What is let pass by name (豁免、暂缓、延长): recorded on any unit or person, with its paper.

It holds for the unit or person it is recorded on and for nobody else: not for units below, nor for members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from workflows.domain.act import Command, Decided, Decision, OnBooks, decision
from workflows.policies.deadlines import Deadline
from workflows.policies.findings import Finding, Relief, Verdict

if TYPE_CHECKING:
    from workflows.policies.rule import Rule

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
WAIVER = "waiver"
"""The kind of a finding that says whether an authority may waive a rule."""

Form = Literal["waived", "held", "extended"]


class Relieving(Command):
    """Base of the commands that let something pass, for a unit or for a person."""

    aggregate: ClassVar[str] = "any"


class Waive(Relieving, kw_only=True):
    """准予豁免; ``rule`` by id or alias, from the day of the act to ``until`` (inclusive)."""

    rule: Word
    until: date
    authority: Text
    document: Text
    reason: Text | None = None


class HoldDeadline(Relieving, kw_only=True):
    """暂缓期限; ``subject``: the step, period or last day meant, all of the rule where left out."""

    rule: Word
    reason: Text
    document: Text
    subject: Word | None = None
    until: date | None = None


class ExtendDeadline(Relieving, kw_only=True):
    """延长期限; to ``due_on`` (inclusive), of the limit that is open."""

    rule: Word
    due_on: date
    reason: Text
    authority: Text
    document: Text
    subject: Word | None = None


class ReliefGiven(Decided):
    """Base of the events by which something is let pass."""

    form: ClassVar[Form]

    def relief(self, act: OnBooks) -> Relief:
        """Return what it is to the rules."""
        told = ("rule", "until", "subject", "due_on", "was_due_on", "authority", "document", "reason")
        said = {name: value for name in told if (value := getattr(self, name, None)) is not None}
        return Relief(form=type(self).form, since=act.on, source=act.source, **said)


class RuleWaived(ReliefGiven, tag="rule.waived"):
    """规则豁免: what ``rule`` finds is let pass until ``until`` (inclusive); who said so, which paper."""

    step: ClassVar[str] = "waive"
    form: ClassVar[Form] = "waived"
    waived_on: date
    rule: str
    until: date
    authority: str
    document: str
    reason: str | None = None


class DeadlineHeld(ReliefGiven, tag="deadline.held"):
    """期限暂缓: the limits of ``rule`` rest until ``until`` (inclusive), or until it is withdrawn."""

    step: ClassVar[str] = "hold_deadline"
    form: ClassVar[Form] = "held"
    held_on: date
    rule: str
    reason: str
    document: str
    subject: str | None = None
    until: date | None = None


class DeadlineExtended(ReliefGiven, tag="deadline.extended"):
    """期限延长: the limit of ``rule`` that was due on ``was_due_on`` is due on ``due_on``."""

    step: ClassVar[str] = "extend_deadline"
    form: ClassVar[Form] = "extended"
    extended_on: date
    rule: str
    was_due_on: date
    due_on: date
    reason: str
    authority: str
    document: str
    subject: str | None = None


def reliefs_of(acts: Iterable[OnBooks]) -> tuple[Relief, ...]:
    """Return what a unit or person was let off by these acts, in their order.

    A waiver by somebody who may not give it stays on the books (old papers), and lets nothing pass.
    """
    given = ((act, act.event) for act in acts if isinstance(act.event, ReliefGiven))
    return tuple(event.relief(act) for act, event in given if not is_not_allowed(event))


def is_not_allowed(event: ReliefGiven) -> bool:
    """Say whether a waiver was given by somebody whom the rule does not name."""
    return any(one.kind == WAIVER and one.verdict is Verdict.BLOCK for one in event.findings)


# --- deciding -------------------------------------------------------------------------------------------


def waive(command: Waive, rule: Rule, level: str | None, findings: tuple[Finding, ...]) -> Decision:
    """Return the waiver of a rule; ``level`` is that of the authority where it is a unit on the books.

    Where the rule says who may waive it, nobody else may. Where it does not, that is said.
    """
    event = RuleWaived(
        waived_on=command.on,
        rule=rule.id,
        until=command.until,
        authority=command.authority,
        document=command.document,
        reason=command.reason,
    )
    verdict = Verdict.NOTE
    if rule.waivable_by:
        verdict = Verdict.OK if _may_waive(rule, command.authority, level) else Verdict.BLOCK
    facts = {"authority": command.authority, "waivable_by": list(rule.waivable_by)}
    found = _of(rule, command.on, verdict, WAIVER, {name: value for name, value in facts.items() if value})
    return decision(event, findings=(*findings, found))


def _may_waive(rule: Rule, authority: str, level: str | None) -> bool:
    """Say whether an authority is among those who may waive a rule: by title, or by the level it is of.

    A title named by the rule may stand in the name of the authority: 县委组织部 in 青山县委组织部.
    """
    levels = {level or _LEVEL_OF.get(_ending(authority), "")}
    return any(who in levels or who in authority for who in rule.waivable_by)


_LEVEL_OF = {
    "省委": "province",
    "市委": "city",
    "县委": "county",
    "区委": "county",
    "党总支": "general_branch",
}
_BODIES = ("组织部", "办公室", "委员会")


def _ending(authority: str) -> str:
    """Return how the name of an authority ends, without the department: 县委 of 青山县委组织部."""
    for body in _BODIES:
        authority = authority.removesuffix(body)
    return next((end for end in _LEVEL_OF if authority.endswith(end)), "")


def _put_off_late(rule: Rule, on: date, limit: Deadline) -> tuple[Finding, ...]:
    """Return that a limit was put off only after it had passed, by how many days."""
    if on <= limit.due_on:
        return ()
    facts = {"passed_on": limit.due_on.isoformat()}
    found = _of(rule, on, Verdict.NOTE, "put_off_late", facts)
    late = {"severity": "record", "days_late": (on - limit.due_on).days, "because": limit.because}
    return (msgspec.structs.replace(found, **late),)


def hold(command: HoldDeadline, rule: Rule, limit: Deadline, findings: tuple[Finding, ...]) -> Decision:
    """Return the hold of the limits of a rule."""
    event = DeadlineHeld(
        held_on=command.on,
        rule=rule.id,
        reason=command.reason,
        document=command.document,
        subject=command.subject,
        until=command.until,
    )
    return decision(event, findings=(*findings, *_put_off_late(rule, command.on, limit)))


def extend(command: ExtendDeadline, rule: Rule, limit: Deadline, findings: tuple[Finding, ...]) -> Decision:
    """Return the extension of a limit; one past the last day the regulation allows is blocked."""
    event = DeadlineExtended(
        extended_on=command.on,
        rule=rule.id,
        was_due_on=limit.due_on,
        due_on=command.due_on,
        reason=command.reason,
        authority=command.authority,
        document=command.document,
        subject=command.subject,
    )
    findings = (*findings, *_put_off_late(rule, command.on, limit))
    if limit.latest_on is None or command.due_on <= limit.latest_on:
        return decision(event, findings=findings)
    facts = {"was_due_on": limit.due_on.isoformat(), "extended_to": command.due_on.isoformat()}
    found = _of(rule, command.on, Verdict.BLOCK, "extension", facts)
    found = msgspec.structs.replace(found, latest_on=limit.latest_on, because=limit.because)
    return decision(event, findings=(*findings, found))


def _of(rule: Rule, on: date, verdict: Verdict, kind: str, facts: Mapping[str, object]) -> Finding:
    return Finding(
        rule=rule.id,
        verdict=verdict,
        kind=kind,
        label=rule.label,
        severity="block",
        clause=rule.cite(on),
        pack=rule.pack_id,
        confidence=rule.clause_on(on).confidence,
        facts=dict(facts),
        aliases=rule.aliases,
    )
