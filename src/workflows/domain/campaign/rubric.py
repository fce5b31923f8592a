"""The rubric of a campaign as the plan gives it: which plan holds, its criteria as they would be frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from workflows.domain.campaign.commands import Criterion
from workflows.domain.campaign.events import FrozenCriterion, RubricFrozen
from workflows.domain.campaign.state import Campaign
from workflows.domain.case_files import finding_of_case
from workflows.policies.criteria import Scheme
from workflows.policies.deadlines import Deadline
from workflows.policies.findings import Finding, Verdict, worst_first
from workflows.policies.kinds import Bands, Grades
from workflows.policies.rules import Rules


def scheme_of(file: Campaign, rules: Rules, on: date) -> Scheme | None:
    """Return the plan by which a campaign is held, as in force on a day; None where it is on no books.

    A campaign that names no plan is held by the only one in force, where there is but one.
    """
    return rules.schemes.named(file.start.scheme if file.start else None, on)


Said = TypeVar("Said", Finding, Deadline)


def of_the_plan(findings: Iterable[Said], named: str | None, rules: Rules) -> tuple[Said, ...]:
    """Return findings or limits but those of other plans of rating: a campaign is held by the plan it names.

    A rule of another pack that speaks about a rule of the plan (``refines``) binds it all the same. Where the
    plan named is no pack in force nothing is left out.
    """
    plans = {pack.id for pack in rules.packs if named in (pack.id, pack.title)}
    if named is None or not plans:
        return tuple(findings)
    own = {rule.id for pack in rules.packs if pack.id in plans for rule in pack.rules}

    def is_meant(finding: Said) -> bool:
        told = [rule for rule in rules.rules_named(finding.rule) if rule.pack_id == finding.pack]
        others = [rule for rule in told if rule.about == Campaign.kind and rule.refines not in own]
        return finding.pack in plans or not told or len(others) < len(told)

    return tuple(one for one in findings if is_meant(one))


FROZEN = frozenset({"bands", "share", "quota", "count", "requires"})
"""Kinds of rules by which a campaign is measured: frozen with the rubric; days and notices are not."""


def frozen_on(file: Campaign) -> date | None:
    """Return the day by whose rules a campaign is measured; None while nothing is frozen."""
    found = file.last(RubricFrozen)
    return found[1].on if found else None


def plans_of(file: Campaign, rules: Rules, on: date) -> frozenset[str]:
    """Return the packs of the plan by which a campaign is held."""
    told = (file.start.scheme if file.start else None, file.rubric.scheme if file.rubric else None)
    found = {pack.id for pack in rules.packs if {pack.id, pack.title} & set(filter(None, told))}
    scheme = None if found else scheme_of(file, rules, on)
    return frozenset(found if scheme is None else {scheme.id})


def as_frozen(
    found: tuple[Finding, ...],
    file: Campaign,
    rules: Rules,
    command: str,
    asked_on: Callable[[date], Iterable[Finding]],
) -> tuple[Finding, ...]:
    """Return findings with what the plan measures by taken as it stood on the day of freezing.

    ``asked_on``: what the rules say of the same act by their values of another day. A plan that was not yet
    in force that day is asked as it is.
    """
    day = frozen_on(file)
    plans = plans_of(file, rules, day) if day is not None else frozenset[str]()
    asked = [one for one in rules.at(command) if one.pack_id in plans and one.kind_name in FROZEN]
    if day is None or not any(one.value_on(day) for one in asked):
        return found

    def measures(finding: Finding) -> bool:
        return finding.pack in plans and finding.kind in FROZEN

    kept = [one for one in found if not measures(one)]
    return worst_first((*kept, *filter(measures, asked_on(day))))


def grades_of(file: Campaign, rules: Rules, on: date) -> tuple[str, ...]:
    """Return the grades that the plan of a campaign knows; () where it names none."""
    day = frozen_on(file) or on
    plans = plans_of(file, rules, day)
    found: dict[str, None] = {}
    for rule in (rule for pack in rules.packs if pack.id in plans for rule in pack.rules):
        value = rule.value_on(day) or rule.value_on(on)
        if value is not None and rule.about == Campaign.kind and isinstance(rule, Bands | Grades):
            levels = ([one["level"]] if "level" in one else one.get("levels", ()) for one in value.value)
            found |= dict.fromkeys(str(level) for told in levels for level in told)
    return tuple(found)


def frozen_of(scheme: Scheme, rules: Rules, on: date) -> tuple[FrozenCriterion, ...]:
    """Return the criteria of a plan as they are frozen on a day, each with the clause in which it stands."""
    found = []
    for one in scheme.criteria:
        named = [rule for rule in rules.rules_named(one.rule) if rule.pack_id == scheme.id]
        clause = named[0].cite(on) if named else ""
        found.append(
            FrozenCriterion(
                one.id, one.title, one.points, one.veto, one.proved_by, one.partly, one.lost, clause
            )
        )
    return tuple(found)


def as_typed(one: Criterion) -> FrozenCriterion:
    """Return a criterion as it was typed, where no plan gives it."""
    return FrozenCriterion(
        one.id, one.title, one.points, one.veto, tuple(one.proved_by), one.partly, one.lost, one.clause
    )


def left_open(event: RubricFrozen, file: Campaign) -> tuple[Finding, ...]:
    """Return what of the rubric nobody knows: a person decides it, nothing is filled in."""
    found = []
    if any(one.points is None and not one.veto for one in event.criteria):
        found.append(finding_of_case("rating-no-points", Verdict.REFER, "warn"))
    named = (file.start.scheme if file.start else None) or event.scheme
    if event.not_given:
        told = {"scheme": event.scheme, "not_given": event.not_given}
        found.append(finding_of_case("rating-criteria-unknown", Verdict.REFER, "warn", **told))
    elif not event.criteria:
        told = {"scheme": named} if named else {}
        found.append(finding_of_case("rating-no-criteria", Verdict.REFER, "warn", **told))
    return tuple(found)
