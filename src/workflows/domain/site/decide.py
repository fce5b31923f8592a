"""What a command of a demonstration site leads to."""

from __future__ import annotations

from typing import Any

import msgspec

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, finding_of_case, plainly
from workflows.domain.shares import parts_of, whole
from workflows.domain.site import commands as cmd
from workflows.domain.site import criteria as lists
from workflows.domain.site import events as ev
from workflows.domain.site.state import Site
from workflows.policies.facts import Fact
from workflows.policies.findings import Finding, Verdict
from workflows.policies.kinds import Criterion
from workflows.policies.kinds.grades import Grades
from workflows.policies.rule import Rule

OF_THE_TOWNSHIP = "township"
"""The level of which each township has some; how many are counted on the books."""


@decided.register
def _(command: cmd.NominateSite, case: FileCase) -> Decision:
    event = ev.SiteNominated(
        nominated_on=command.on,
        **case.opening(),
        level=command.level,
        field=command.field,
        sites=command.sites,
        pack=msgspec.UNSET if command.pack is None else command.pack,
        document=command.document,
    )
    counted = command.sites
    if counted is None and command.level == OF_THE_TOWNSHIP:
        counted = len(case.cases.sites_beside(case.about, command.on)) + 1
    findings = case.check(site_level=command.level, site_field=command.field, sites=counted)
    return decision(event, findings=findings)


@decided.register
def _(command: cmd.PlanSite, case: FileCase) -> Decision:
    event = ev.SitePlanned(
        planned_on=command.on,
        items=tuple(command.items),
        until_year=command.until_year,
        document=command.document,
    )
    years = None if command.until_year is None else command.until_year - command.on.year + 1
    return decision(event, findings=case.check(items=list(command.items), plan_years=years))


@decided.register
def _(command: cmd.AssessSite, case: FileCase) -> Decision:
    criteria = tuple(ev.AssessedCriterion(o.id, o.met, o.note, o.applies) for o in command.criteria)
    event = ev.SiteAssessed(
        assessed_on=command.on,
        criteria=criteria,
        satisfaction=command.satisfaction,
        measured=_measured(command),
        passed=command.passed,
        year=command.year,
    )
    said = {**measured(event), "head_in_contact": case.cases.head_in_contact(case.about, command.on)}
    said |= {"criteria": {one.id: one.met for one in criteria if one.applies}}
    known = lists.list_of(case.rules, case.book(**said), command.on, _pack_of(case))
    if not known:
        said |= {"unmet_criteria": sum(one.met is False for one in criteria) if criteria else None}
        return decision(event, findings=case.check(**said))
    stands = lists.standings(known, criteria, case.check(**said))
    unmet, still = _of_state(stands, "unmet"), _of_state(stands, "open")
    is_told = any(one.state in ("met", "unmet") for one in stands)
    said |= {"unmet_criteria": len(unmet) if is_told else None, "open_criteria": len(still)}
    return decision(event, findings=(*case.check(**said), *_of_the_list(known, criteria, still)))


def measured(event: ev.SiteAssessed) -> dict[str, Any]:
    """Return the numbers of an assessment as the rules compare them."""
    told = event.measured or ev.Measured()
    said: dict[str, Any] = {"operators": told.operators, "tutors": told.tutors}
    if event.satisfaction is not None:
        parts, of = parts_of(event.satisfaction)
        said |= {"asked": of, "satisfied": Fact(parts, percent=event.satisfaction)}
    if told.area is not None:
        said |= {"site_area": whole(told.area)}
    return said


def _measured(command: cmd.AssessSite) -> ev.Measured | msgspec.UnsetType:
    told = ev.Measured(command.area, command.operators, command.tutors)
    return msgspec.UNSET if told == ev.Measured() else told


def _pack_of(case: FileCase) -> str | None:
    return case.file.pack if isinstance(case.file, Site) else None


def _of_state(stands: list[lists.Standing], state: lists.State) -> list[Criterion]:
    return [one.rule for one in stands if one.state == state]


def _of_the_list(
    known: list[tuple[Criterion, bool]], told: tuple[ev.AssessedCriterion, ...], still: list[Criterion]
) -> tuple[Finding, ...]:
    """Return what was said of no criterion of the list, and which of them stay open."""
    found = [
        finding_of_case("site-criterion", Verdict.BLOCK, "block", criterion=one)
        for one in lists.strangers(known, told)
    ]
    if still:
        lacking = {"criteria": [one.id for one in still], "labels": [one.label for one in still]}
        found.append(finding_of_case("site-criteria-open", Verdict.NOTE, "record", **lacking))
    return tuple(found)


@decided.register
def _(command: cmd.NameSite, case: FileCase) -> Decision:
    event = ev.SiteNamed(named_on=command.on, level=command.level, document=command.document)
    return decision(event, findings=(*case.check(), *_before_naming(command, case)))


def _before_naming(command: cmd.NameSite, case: FileCase) -> tuple[Finding, ...]:
    """Return what speaks against naming a site: how it was assessed last, the level it was nominated for.

    No text says that such a site is not named: a person decides, one that did not pass takes a reason.
    """
    file = case.file
    if not isinstance(file, Site) or file.opened is None:
        return ()
    found: list[Finding] = []
    assessed = file.last(ev.SiteAssessed)
    if assessed is None:
        found.append(finding_of_case("site-not-assessed", Verdict.REFER, "record"))
    elif assessed[0].passed is False:
        failed = finding_of_case("site-failed", Verdict.WARN, "warn", assessed_on=assessed[1].on.isoformat())
        rule = _rule_of_the_failed(case)
        clause, pack = (rule.cite(command.on), rule.pack_id) if rule is not None else ("", "")
        found.append(msgspec.structs.replace(failed, clause=clause, pack=pack, because=(assessed[1].source,)))
    elif assessed[0].passed is None:
        found.append(finding_of_case("site-outcome-open", Verdict.NOTE, "record"))
    if command.level is not None and command.level != file.level:
        levels = {"site_level": command.level, "was_level": file.level}
        found.append(finding_of_case("site-level-differs", Verdict.REFER, "record", **levels))
    return tuple(found)


def _rule_of_the_failed(case: FileCase) -> Rule | None:
    """Return the rule that says what comes of a site that did not pass, by the plan of the case."""
    of = _pack_of(case)
    rules = (rule for pack in case.rules.packs if of in (None, pack.id) for rule in pack.own_rules)
    for rule in rules:
        value = rule.value_on(case.command.on) if isinstance(rule, Grades) and rule.about == "site" else None
        if isinstance(rule, Grades) and value is not None and rule.of(value, None, passed=False):
            return rule
    return None


plainly(cmd.AdjustSite, ev.SiteAdjusted, "level", "reason", "document")
plainly(cmd.DelistSite, ev.SiteDelisted, "reason", "document")
