"""因工作失误: where a rule asks whether a censure was over work, and nobody said so, a person is to say."""

from __future__ import annotations

from workflows.policies.findings import Finding, Verdict
from workflows.policies.rules import Rules

OVER_WORK = "over_work"


def unsaid(command: str, form: str, fact: str, over_work: bool | None, rules: Rules) -> tuple[Finding, ...]:
    """Return a referral for a censure about which a rule asks more than was said; ``fact`` tells its form."""
    if over_work is not None:
        return ()
    whens = [rule.applies_to.when for rule in rules.at(command)]
    asked = [when for when in whens if OVER_WORK in when and form in _listed(when.get(fact, form))]
    if not asked:
        return ()
    return (Finding(rule="input-over-work", verdict=Verdict.REFER, kind="input", facts={"form": form}),)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
