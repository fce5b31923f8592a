"""Which light a limit shows, in which column of the overview: said so that kept limits can be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from workflows.domain.campaign.state import Campaign
from workflows.domain.site.state import Site
from workflows.domain.stages import Stage, stages_of_step
from workflows.policies.deadlines import Deadline
from workflows.projections import deadlines
from workflows.projections.deadlines import Limit

FIELDS = ("development", "term", "meeting", "correction", "rating")
"""The columns of the matrix; what belongs to none of them is ``other`` and counts among the limits alone."""

OTHER = "other"
OVER, SOON, OK, HELD, BYGONE = "over", "soon", "ok", "held", "bygone"
LIGHTS = (OVER, SOON, OK)

TERM_AHEAD = timedelta(days=90)
"""How far ahead the end of a term is told in the overview."""

TERM_RULES: Mapping[str, str] = {
    "branch": "branch-term",
    "general_branch": "general-branch-term",
    "committee": "committee-term",
}
"""The rule of the term of a committee, by the level of its unit."""

ENDING = frozenset(TERM_RULES.values())
"""The rules whose limits are ends of terms."""

NOT_OF_A_CASE = (deadlines.RECURRING, "task", "term")
_ELECTING = frozenset(
    {
        "issue_term_reminder", "request_election", "approve_election", "elect_committee", "elect_by",
        "approve_officers", "file_committee", "appoint_secretary", "entrust_acting", "approve_term_change",
    }
)  # fmt: skip


class Kept(NamedTuple):
    """So many limits of a unit or its people that stand alike on a day; ``term``: soon, over or ""."""

    unit_id: UUID
    field: str
    light: str
    term: str
    number: int


class Standing(NamedTuple):
    """The limits of a day: those whose days alone say how they stand counted, the others one by one."""

    counted: Iterable[Kept]
    others: list[Limit]


def field_of(limit: Limit, kind: str | None) -> str:
    """Return the column of a limit; ``kind``: that of the case it is of, if it is one's."""
    told = limit.deadline
    if limit.person_id is not None:
        stages = stages_of_step(told.subject)
        return "development" if stages and stages != {Stage.FULL} else OTHER
    if told.kind in (deadlines.RECURRING, "task"):
        return "meeting"
    if kind is not None and told.kind not in NOT_OF_A_CASE:
        return "rating" if kind in (Campaign.kind, Site.kind) else "correction"
    return "term" if told.subject in _ELECTING else OTHER


def term_on(rule: str, due_on: date, light: str, day: date) -> str:
    """Return whether a limit is the end of a term that is near or over; "" of any other."""
    if rule not in ENDING or light not in LIGHTS or due_on > day + TERM_AHEAD:
        return ""
    return OVER if due_on < day else SOON


def said_of(limit: Deadline, field: str) -> str:
    """Return what is kept with a limit: how it stands by its days alone, and its column; ``asked`` else.

    Of one that is neither waived, held nor extended and that nobody merely awaits its days say everything.
    """
    if limit.reliefs or limit.awaited:
        return "asked"
    return f"{COMING_BACK if limit.kind in deadlines.COMES_BACK else PLAIN}.{field}"


COMING_BACK, PLAIN = "comes-back", "plain"
COME_BACK = tuple(f"{COMING_BACK}.{field}" for field in (*FIELDS, OTHER))
"""What is said of the limits of which their days alone say whether they are bygone."""

COUNTED = (*COME_BACK, *(f"{PLAIN}.{field}" for field in (*FIELDS, OTHER)))
"""What is said of the limits of which their days alone say how they stand."""


def last_ok(limit: Deadline) -> date:
    """Return the last day on which a limit is not near yet: see :func:`deadlines.light_on`."""
    return limit.due_on - timedelta(days=max(limit.remind_days or 0, deadlines.SOON_DAYS) + 1)
