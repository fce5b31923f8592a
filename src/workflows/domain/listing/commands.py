"""What can be asked for a unit on the list; each command's day is ``on``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from workflows.domain.case_acts import FileCommand

Text = Annotated[str, Meta(max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Percent = Annotated[float, Meta(ge=0, le=100)]


class ListingCommand(FileCommand):
    """Base of the commands of a listing."""

    aggregate: ClassVar[str] = "listing"


class ListUnit(ListingCommand):
    """列为软弱涣散; ``criteria``: by which marks; ``listed`` of ``of_units`` were listed."""

    opens: ClassVar[bool] = True

    criteria: list[Word] = msgspec.field(default_factory=list)
    listed: Count | None = None
    of_units: Count | None = None
    decided_by: Word | None = None
    document: Text | None = None


class PlanOverhaul(ListingCommand):
    """制定整顿方案; the four who help: a leader above, one of the township, a first secretary, a unit."""

    measures: list[Text] = msgspec.field(default_factory=list)
    county_leader: Word | None = None
    township_leader: Word | None = None
    first_secretary: Word | None = None
    supporting_unit: Word | None = None
    due_on: date | None = None
    document: Text | None = None


class ReportMonthly(ListingCommand):
    """报告当月整顿进展."""

    month: Annotated[str, Meta(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")] | None = None
    text: Text = ""


class AcceptOverhaul(ListingCommand):
    """整顿验收; ``score`` of a hundred, ``dissatisfied`` in per cent of those ``asked``."""

    score: Annotated[float, Meta(ge=0, le=100)] | None = None
    dissatisfied: Percent | None = None
    asked: Count | None = None
    passed: bool | None = None
    text: Text = ""


class DelistUnit(ListingCommand):
    """整顿摘帽; only after an acceptance that was passed, or with a ``reason`` where the unit is no more."""

    document: Text | None = None
    reason: Text = ""


class RelistUnit(ListingCommand, kw_only=True):
    """重新列入整顿; it got worse again while it was followed up. What was accepted before stays readable."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    decided_by: Word | None = None
    document: Text | None = None


class EndFollowUp(ListingCommand):
    """结束跟踪."""

    text: Text = ""
