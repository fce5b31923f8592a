"""What happens to a demonstration site: nominated, planned, assessed, named, adjusted, taken off."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from workflows.domain.case_acts import FileEvent, FileOpened


class SiteNominated(FileOpened, tag="site.nominated"):
    """示范点申报."""

    step: ClassVar[str] = "nominate_site"
    nominated_on: date
    level: str = "township"
    field: str | None = None
    sites: int | None = None
    pack: str | msgspec.UnsetType = msgspec.UNSET
    document: str | None = None


class SitePlanned(FileEvent, tag="site.planned"):
    """示范点创建规划."""

    step: ClassVar[str] = "plan_site"
    planned_on: date
    items: tuple[str, ...] = ()
    until_year: int | None = None
    document: str | None = None


class AssessedCriterion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A criterion as it was found."""

    id: str
    met: bool | None = None
    note: str = ""
    applies: bool = True


class Measured(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was measured or counted on the spot: square metres, people at the terminal."""

    area: float | None = None
    operators: int | None = None
    tutors: int | None = None


class SiteAssessed(FileEvent, tag="site.assessed"):
    """示范点考核."""

    step: ClassVar[str] = "assess_site"
    assessed_on: date
    criteria: tuple[AssessedCriterion, ...] = ()
    satisfaction: float | None = None
    measured: Measured | msgspec.UnsetType = msgspec.UNSET
    passed: bool | None = None
    year: int | None = None


class SiteNamed(FileEvent, tag="site.named"):
    """示范点命名."""

    step: ClassVar[str] = "name_site"
    named_on: date
    level: str | None = None
    document: str | None = None


class SiteAdjusted(FileEvent, tag="site.adjusted"):
    """示范点调整."""

    step: ClassVar[str] = "adjust_site"
    adjusted_on: date
    level: str | None = None
    reason: str = ""
    document: str | None = None


class SiteDelisted(FileEvent, tag="site.delisted"):
    """示范点取消."""

    step: ClassVar[str] = "delist_site"
    delisted_on: date
    reason: str = ""
    document: str | None = None
