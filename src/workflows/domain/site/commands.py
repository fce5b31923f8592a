"""What can be asked for a demonstration site; each command's day is ``on``."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from workflows.domain.case_acts import FileCommand

Text = Annotated[str, Meta(max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Percent = Annotated[float, Meta(ge=0, le=100)]
SiteLevel = Literal["township", "county", "city"]
SiteField = Literal[
    "township", "village", "street", "community", "organ", "state_enterprise", "non_public", "social"
]


class SiteCommand(FileCommand):
    """Base of the commands of a site."""

    aggregate: ClassVar[str] = "site"


class NominateSite(SiteCommand):
    """申报示范点; ``pack``: the plan it is set up by, by id (every plan that holds there, for None).

    ``sites``: how many of its level the township has with this one; counted on the books unless told.
    """

    opens: ClassVar[bool] = True

    level: SiteLevel = "township"
    field: SiteField | None = None
    sites: Count | None = None
    pack: Word | None = None
    document: Text | None = None


class PlanSite(SiteCommand):
    """制定创建规划; ``items``: what the plan names."""

    items: list[Word] = msgspec.field(default_factory=list)
    until_year: Annotated[int, Meta(ge=1949, le=2200)] | None = None
    document: Text | None = None


class SiteCriterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One criterion as it was found; ``met`` None: it could not be seen; ``applies`` False: not here."""

    id: Word
    met: bool | None = None
    note: Text = ""
    applies: bool = True


class AssessSite(SiteCommand):
    """考核示范点; each criterion by itself, what was measured, what the whole came to.

    ``area`` in square metres; ``operators`` and ``tutors`` of the distance-education terminal;
    ``satisfaction`` of the masses in per cent.
    """

    criteria: list[SiteCriterion] = msgspec.field(default_factory=list)
    satisfaction: Percent | None = None
    area: Annotated[float, Meta(ge=0, le=1_000_000)] | None = None
    operators: Count | None = None
    tutors: Count | None = None
    passed: bool | None = None
    year: Annotated[int, Meta(ge=1949, le=2200)] | None = None


class NameSite(SiteCommand):
    """命名示范点."""

    level: SiteLevel | None = None
    document: Text | None = None


class AdjustSite(SiteCommand):
    """调整示范点; to another level."""

    level: SiteLevel | None = None
    reason: Text = ""
    document: Text | None = None


class DelistSite(SiteCommand):
    """取消示范点."""

    reason: Text = ""
    document: Text | None = None
