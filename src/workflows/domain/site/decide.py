"""What a command of a demonstration site leads to."""

from __future__ import annotations

from typing import Any

from workflows.domain.act import Decision, decision
from workflows.domain.case_files import FileCase, decided, plainly
from workflows.domain.site import commands as cmd
from workflows.domain.site import events as ev


@decided.register
def _(command: cmd.NominateSite, case: FileCase) -> Decision:
    event = ev.SiteNominated(
        nominated_on=command.on,
        **case.opening(),
        level=command.level,
        field=command.field,
        sites=command.sites,
        document=command.document,
    )
    findings = case.check(site_level=command.level, site_field=command.field, sites=command.sites)
    return decision(event, findings=findings)


plainly(cmd.PlanSite, ev.SitePlanned, "items", "until_year", "document")


@decided.register
def _(command: cmd.AssessSite, case: FileCase) -> Decision:
    criteria = tuple(ev.AssessedCriterion(one.id, one.met, one.note) for one in command.criteria)
    said: dict[str, Any] = {"unmet_criteria": sum(one.met is False for one in criteria) if criteria else None}
    if command.satisfaction is not None:
        said |= {"asked": 10_000, "satisfied": round(command.satisfaction * 100)}
    event = ev.SiteAssessed(
        assessed_on=command.on,
        criteria=criteria,
        satisfaction=command.satisfaction,
        passed=command.passed,
        year=command.year,
    )
    return decision(event, findings=case.check(**said))


plainly(cmd.NameSite, ev.SiteNamed, "level", "document")
plainly(cmd.AdjustSite, ev.SiteAdjusted, "level", "reason", "document")
plainly(cmd.DelistSite, ev.SiteDelisted, "reason", "document")
