"""A demonstration site: its level, its criteria, what the yearly assessments came to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from workflows.domain.case_files import NOTHING, CaseFile, facts_of
from workflows.domain.facts import Facts
from workflows.domain.site import events as ev
from workflows.domain.stages import Move, compile_table
from workflows.policies.facts import Fact

MOVES: tuple[Move, ...] = (
    ("nominate_site", NOTHING, "nominated"),
    ("plan_site", ("nominated", "planned"), "planned"),
    *(("assess_site", stage, stage) for stage in ("nominated", "planned", "named")),
    ("name_site", ("nominated", "planned"), "named"),
    ("adjust_site", "named", "named"),
    ("delist_site", ("nominated", "planned", "named"), "delisted"),
)
STAGES = (NOTHING, "nominated", "planned", "named", "delisted")


class Site(CaseFile, frozen=True):
    """示范点; a township's may be the county's or the city's as well: then it is a site of its own there."""

    kind: ClassVar[str] = "site"
    ends: ClassVar[frozenset[str]] = frozenset({"delisted"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

    @property
    def level(self) -> str | None:
        """Return the level that holds: of the nomination, as it was named or adjusted."""
        found: str | None = None
        for act in self.acts:
            if isinstance(act.event, ev.SiteNominated | ev.SiteNamed | ev.SiteAdjusted):
                found = act.event.level or found
        return found

    @property
    def pack(self) -> str | None:
        """Return the plan it is set up by, by id; None where it was nominated under no one plan."""
        nominated = self.last(ev.SiteNominated)
        return (nominated[0].pack or None) if nominated else None

    @property
    def assessments(self) -> tuple[ev.SiteAssessed, ...]:
        """Return every assessment, in the order of the days."""
        return tuple(event for event, _ in self.each(ev.SiteAssessed))


@facts_of.register
def _told_facts(file: Site, facts: Facts, on: date) -> Mapping[str, Fact]:
    nominated, named = file.last(ev.SiteNominated), file.last(ev.SiteNamed)
    delisted = file.last(ev.SiteDelisted)
    if nominated is None:
        return {}
    last = file.assessments[-1] if file.assessments else None
    return {
        "site_level": Fact(file.level, nominated[1].source),
        "site_field": Fact(nominated[0].field, nominated[1].source),
        "named_on": Fact(named[1].on, named[1].source) if named else Fact(None),
        "site_delisted_on": Fact(delisted[1].on, delisted[1].source) if delisted else Fact(None),
        "assessment_passed": Fact(last.passed if last else None),
    }
