"""Matters: what a rule is about, whatever layer asks for it; where another layer asks, that counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Duty
from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding
from workflows.policies.kinds import Cadence
from workflows.policies.relief import is_relieved
from workflows.policies.rules import Rules


def matter_of(rules: Rules, rule_id: str) -> str:
    """Return what a rule (id or alias) is about: the highest rule it refines, else itself."""
    known = rules.rule(rule_id)
    return rule_id if known is None else known.refines or known.id


def about_the_same(rules: Rules, one: str | None, other: str | None) -> bool:
    """Say whether two rules (by id or alias) are about the same matter, whatever layer they are of."""
    if one is None or other is None:
        return False
    return one == other or matter_of(rules, one) == matter_of(rules, other)


def ids_about(rules: Rules, rule_id: str) -> frozenset[str]:
    """Return the ids of all rules about the matter of a rule, its own among them."""
    return frozenset((rule_id, *(rule.id for rule in rules.about(rule_id))))


def duties_about(
    rules: Rules,
    rule_id: str,
    book: FactBook,
    book_on: Callable[[date], FactBook],
    *,
    until: date,
    first: date | None = None,
) -> list[Duty]:
    """Return the duties of a rule; of a period which it leaves to another layer, those of the rule there.

    The layers say in each period which of them asks (:mod:`workflows.policies.layers`), so a rule of another
    layer may stand for the one named; what the rule itself asks is never counted a second time.
    """
    named = rules.rule(rule_id)
    if named is None:
        return []

    def asked_by(name: str) -> list[Duty]:
        return rules.duties(book, book_on, until=until, first=first, only=name)

    own = asked_by(named.id)
    ids = dict.fromkeys(rule.id for rule in rules.about(named.id) if isinstance(rule, Cadence))
    others = [duty for name in ids if name != named.id for duty in asked_by(name)]
    return sorted([*own, *(one for one in others if not _is_covered(one, own))], key=_place)


def _is_covered(duty: Duty, own: Iterable[Duty]) -> bool:
    """Say whether the rule itself asks in the period of a duty for the same thing of the same part.

    A period in which it asks nothing (exempt, let off) leaves what another layer asks there as it is.
    """
    what = (duty.activity, duty.part_key)
    mine = Period.parse(duty.period)
    for one in (asked for asked in own if not asked.exempt):
        its = Period.parse(one.period)
        if (one.activity, one.part_key) == what and (mine.within(its) or its.within(mine)):
            return True
    return False


def _place(duty: Duty) -> tuple[date, str, int]:
    return duty.last, duty.part_key, duty.number


def findings_about(rules: Rules, rule_id: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return what was found of a rule; where it was not asked, of rules of other layers for its matter.

    What was let pass by name leaves what another layer found as it is: both are returned then.
    """
    own = [one for one in findings if rule_id in (one.rule, *one.aliases)]
    if own and not all(map(is_relieved, own)):
        return own
    return own + [one for one in findings if one not in own and one.rule in ids_about(rules, rule_id)]
