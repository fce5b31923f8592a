"""Which kinds of cases there are on the web, in the order of the menu; each kind registers here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workflows.application.commands import commands
from workflows.domain.case_acts import FileCommand
from workflows.entrypoints.web.cases.campaigns import CAMPAIGNS
from workflows.entrypoints.web.cases.inspections import INSPECTIONS
from workflows.entrypoints.web.cases.issues import ISSUES
from workflows.entrypoints.web.cases.kind import CaseKind
from workflows.entrypoints.web.cases.listings import LISTINGS
from workflows.entrypoints.web.cases.sites import SITES

KINDS: Sequence[CaseKind] = (CAMPAIGNS, ISSUES, INSPECTIONS, LISTINGS, SITES)
BESIDE_THE_RATINGS = ("党支部分类", "/classes")
"""The list of branches by class, which stands beside that of the campaigns."""

BY_KIND: Mapping[str, CaseKind] = {one.kind: one for one in KINDS}


def beside(kind: CaseKind) -> list[tuple[str, str]]:
    """Return the lists under the same entry of the menu, title and path; a list alone among them none."""
    found = [(one.title, one.path) for one in KINDS if one.here == kind.here]
    found += [BESIDE_THE_RATINGS] if kind.kind == "campaign" else []
    return found if len(found) > 1 else []


def opens_a_case(command: str) -> CaseKind | None:
    """Return the kind of case that a command opens, None of any other command."""
    kind = commands().get(command)
    if kind is None or not issubclass(kind, FileCommand) or not kind.opens:
        return None
    return BY_KIND.get(kind.aggregate)
