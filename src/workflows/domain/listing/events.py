"""What happens to a unit on the list: listed, planned, reported on, accepted, taken off, let go."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflows.domain.act import Who
from workflows.domain.case_acts import GONE, FileEvent, FileOpened


class UnitListed(FileOpened, tag="listing.unit-listed"):
    """列为软弱涣散."""

    step: ClassVar[str] = "list_unit"
    listed_on: date
    criteria: tuple[str, ...] = ()
    listed: int | None = None
    of_units: int | None = None
    decided_by: str | None = None
    document: str | None = None


class OverhaulPlanned(FileEvent, tag="listing.overhaul-planned"):
    """整顿方案."""

    step: ClassVar[str] = "plan_overhaul"
    people: ClassVar[frozenset[str]] = frozenset({"county_leader", "township_leader", "first_secretary"})
    planned_on: date
    measures: tuple[str, ...] = ()
    county_leader: Who | None = None
    township_leader: Who | None = None
    first_secretary: Who | None = None
    supporting_unit: str | None = None
    due_on: date | None = None
    document: str | None = None


class OverhaulReported(FileEvent, tag="listing.overhaul-reported"):
    """整顿月报."""

    step: ClassVar[str] = "report_monthly"
    reported_on: date
    month: str | None = None
    text: str = ""


class OverhaulAccepted(FileEvent, tag="listing.overhaul-accepted"):
    """整顿验收; ``passed`` is what it came to by the rules of the day, or was said where no rule decides."""

    step: ClassVar[str] = "accept_overhaul"
    accepted_on: date
    score: float | None = None
    dissatisfied: float | None = None
    asked: int | None = None
    passed: bool | None = None
    text: str = ""

    @property
    def move(self) -> str:
        """Return the move: who does not pass goes on; where nobody can tell, it stays open."""
        if self.passed is None:
            return "leave_overhaul_open"
        return "accept_overhaul" if self.passed else "fail_overhaul"


class UnitDelisted(FileEvent, tag="listing.unit-delisted", omit_defaults=True):
    """整顿摘帽; ``unit_gone``: because the unit is no more, without an acceptance or a follow-up."""

    step: ClassVar[str] = "delist_unit"
    delisted_on: date
    document: str | None = None
    reason: str = ""
    unit_gone: bool | None = None

    @property
    def move(self) -> str:
        """Return another move where the unit is no more."""
        return self.step + GONE if self.unit_gone else self.step


class UnitRelisted(FileEvent, tag="listing.unit-relisted"):
    """重新列入整顿."""

    step: ClassVar[str] = "relist_unit"
    relisted_on: date
    reason: str = ""
    decided_by: str | None = None
    document: str | None = None


class FollowUpEnded(FileEvent, tag="listing.follow-up-ended"):
    """结束跟踪."""

    step: ClassVar[str] = "end_follow_up"
    ended_on: date
    text: str = ""
