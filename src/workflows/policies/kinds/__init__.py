"""The kinds of rules: one small class each that checks an act, sets a limit, compares layers."""

from typing import Annotated

from pydantic import Field

from workflows.policies.kinds.conditions import Forbids, Order, Qualified, Requires
from workflows.policies.kinds.counts import Bands, Count, Majority, Quorum, Quota, Share
from workflows.policies.kinds.duties import Cadence, Term
from workflows.policies.kinds.gatherings import Exemption, Joins, Statement
from workflows.policies.kinds.grades import Grades
from workflows.policies.kinds.limits import Interval, NotBefore, Within
from workflows.policies.kinds.lists import Covers, Criterion
from workflows.policies.kinds.marks import Mark
from workflows.policies.kinds.notices import Notice
from workflows.policies.kinds.sums import Rate
from workflows.policies.kinds.windows import Window
from workflows.policies.rule import Rule

AnyRule = Annotated[
    Within
    | NotBefore
    | Interval
    | Notice
    | Cadence
    | Term
    | Window
    | Count
    | Share
    | Quorum
    | Majority
    | Quota
    | Bands
    | Rate
    | Requires
    | Qualified
    | Order
    | Forbids
    | Exemption
    | Joins
    | Grades
    | Criterion
    | Covers
    | Mark
    | Statement,
    Field(discriminator="kind"),
]
"""Any rule of a pack file, told apart by ``kind``."""

KINDS: tuple[type[Rule], ...] = (
    Within, NotBefore, Interval, Notice, Cadence, Term, Window, Count, Share, Quorum, Majority, Quota, Bands,
    Rate, Requires, Qualified, Order, Forbids, Exemption, Joins, Grades, Criterion, Covers, Mark,
    Statement,
)  # fmt: skip
"""Every kind of rule."""

LIMITING = (Within, NotBefore, Interval, Term, Window)
"""The kinds that set limits; duties come from others."""

__all__ = [
    "KINDS",
    "LIMITING",
    "AnyRule",
    "Bands",
    "Cadence",
    "Count",
    "Covers",
    "Criterion",
    "Exemption",
    "Forbids",
    "Grades",
    "Interval",
    "Joins",
    "Majority",
    "Mark",
    "NotBefore",
    "Notice",
    "Order",
    "Qualified",
    "Quorum",
    "Quota",
    "Rate",
    "Requires",
    "Share",
    "Statement",
    "Term",
    "Window",
    "Within",
]
