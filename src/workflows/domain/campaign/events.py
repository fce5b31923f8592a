"""What happens in a campaign: opened, scored with proof, sampled, re-checked, noticed, decided."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, TypeVar
from uuid import UUID

import msgspec

from workflows.domain.case_acts import FileEvent, FileOpened
from workflows.kernel.events import Event

T = TypeVar("T", bound=FileEvent)
Totalled = TypeVar("Totalled", "SelfAssessed", "Reviewed")


def rate_of(asked: int | None, satisfied: int | None) -> float | None:
    """Return the satisfaction in percent that a survey comes to; None where a number is unknown."""
    return round(100 * satisfied / asked, 2) if asked and satisfied is not None else None


class Named(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units: which they are where that was told, else how many."""

    units: tuple[UUID, ...] = ()
    others: tuple[str, ...] = ()
    number: int | None = None

    @property
    def count(self) -> int:
        """Return how many they are."""
        return self.number if self.number is not None else len(self.names)

    @property
    def names(self) -> frozenset[str]:
        """Return who they are, ids and bare names; () where only their number was told."""
        return frozenset({*map(str, self.units), *self.others})

    def may_be(self, other: Named) -> bool:
        """Say whether these are the others as far as was told: the same names, or as many."""
        if self.number is None and other.number is None:
            return self.names == other.names
        return self.count == other.count


class Scored(msgspec.Struct, frozen=True, omit_defaults=True):
    """Points for one criterion, with the events that prove them."""

    criterion: str
    points: float
    events: tuple[UUID, ...] = ()
    evidence: str = ""


class FrozenCriterion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A criterion as it was frozen; the fields are those of the command's criterion."""

    id: str
    title: str = ""
    points: float | None = None
    veto: bool = False
    proved_by: tuple[str, ...] = ()
    partly: bool = False
    lost: float | None = None
    clause: str = ""


class CampaignOpened(FileOpened, tag="campaign.opened"):
    """考评启动; ``of_unit`` holds it, over the units below; ``items``: what its plan of work names."""

    step: ClassVar[str] = "open_campaign"
    opened_on: date
    scheme: str | None = None
    year: int | None = None
    units: Named | None = None
    document: str | None = None
    items: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class RubricFrozen(FileEvent, tag="campaign.rubric-frozen", omit_defaults=True):
    """考评标准冻结; ``scheme``: the pack whose criteria these are, ``not_given``: what it leaves open."""

    step: ClassVar[str] = "freeze_rubric"
    frozen_on: date
    criteria: tuple[FrozenCriterion, ...] = ()
    document: str | None = None
    scheme: str | None = None
    not_given: str | None = None


class UnitDeclared(FileEvent, tag="campaign.unit-declared"):
    """申报."""

    step: ClassVar[str] = "declare"
    declared_on: date
    declared: Named
    aims_at: str | None = None


class SelfAssessed(FileEvent, tag="campaign.self-assessed"):
    """自评."""

    step: ClassVar[str] = "assess_self"
    assessed_on: date
    about: UUID
    scores: tuple[Scored, ...] = ()
    score: float | None = None

    def recounted(self, before: Event) -> Event:
        """Return the self-assessment with the total of its corrected points, where it was their total."""
        return retotalled(self, before)


class MassesSurveyed(FileEvent, tag="campaign.masses-surveyed"):
    """党员群众测评."""

    step: ClassVar[str] = "survey_masses"
    surveyed_on: date
    about: UUID
    asked: int | None = None
    satisfied: int | None = None
    satisfaction: float | None = None

    def recounted(self, before: Event) -> Event:
        """Return the survey with the satisfaction its corrected numbers come to, where it was counted."""
        if not isinstance(before, MassesSurveyed) or self.satisfaction != before.satisfaction:
            return self
        if before.satisfaction != rate_of(before.asked, before.satisfied):
            return self
        return msgspec.structs.replace(self, satisfaction=rate_of(self.asked, self.satisfied))


class Reviewed(FileEvent, tag="campaign.reviewed"):
    """初评; of one unit (``about``) or of all (``passing``); a later one stands beside the earlier."""

    step: ClassVar[str] = "review"
    reviewed_on: date
    about: UUID | None = None
    passed: bool | None = None
    passing: Named | None = None
    scores: tuple[Scored, ...] = ()
    score: float | None = None
    reason: str = ""

    def recounted(self, before: Event) -> Event:
        """Return the review with the total of its corrected points, where it was their total."""
        return retotalled(self, before)


def retotalled(event: Totalled, before: Event) -> Totalled:
    """Return points with their total, where that of ``before`` was one and still stands."""
    if not isinstance(before, SelfAssessed | Reviewed) or event.score != before.score:
        return event
    if not before.scores or before.score != sum(one.points for one in before.scores):
        return event
    return msgspec.structs.replace(event, score=sum(one.points for one in event.scores))


class SampleDrawn(FileEvent, tag="campaign.sample-drawn"):
    """复查对象抽取."""

    step: ClassVar[str] = "draw_sample"
    drawn_on: date
    passed: Named
    sampled: Named
    seed: str | None = None


class Rechecked(FileEvent, tag="campaign.rechecked"):
    """复查."""

    step: ClassVar[str] = "recheck"
    rechecked_on: date
    sampled: Named
    wrong: Named
    concealed: bool = False


class RoundVoided(FileEvent, tag="campaign.round-voided"):
    """初评作废."""

    step: ClassVar[str] = "void_round"
    voided_on: date
    reason: str = ""


class RatingNoticePosted(FileEvent, tag="campaign.notice-posted"):
    """考评结果公示."""

    step: ClassVar[str] = "post_notice"
    posted_on: date
    starts_on: date | None = None
    working_days: int | None = None
    place: str | None = None


class AppealRaised(FileEvent, tag="campaign.appeal-raised"):
    """申诉."""

    step: ClassVar[str] = "appeal"
    appealed_on: date
    about: UUID
    reason: str = ""


class AppealSettled(FileEvent, tag="campaign.appeal-settled"):
    """申诉处理."""

    step: ClassVar[str] = "settle_appeal"
    settled_on: date
    about: UUID
    upheld: bool = False
    reason: str = ""


class RatingConfirmed(FileEvent, tag="campaign.rating-confirmed", omit_defaults=True):
    """等次确定; ``reason``: why otherwise than the reviews and the bands come to."""

    step: ClassVar[str] = "confirm_rating"
    confirmed_on: date
    about: UUID
    score: float | None = None
    satisfaction: float | None = None
    grade: str | None = None
    document: str | None = None
    reason: str | None = None


class RatingKept(FileEvent, tag="campaign.rating-kept"):
    """维持等次; what was proposed until then is settled."""

    step: ClassVar[str] = "keep_rating"
    kept_on: date
    about: UUID
    reason: str = ""
    document: str | None = None


class PlateHung(FileEvent, tag="campaign.plate-hung"):
    """授牌; ``grade``: what is written on the plate, the grade held on that day."""

    step: ClassVar[str] = "hang_plate"
    hung_on: date
    about: UUID
    grade: str | None = None
    awarded_by: str | None = None
    place: str | None = None
    document: str | None = None


class PlateTakenDown(FileEvent, tag="campaign.plate-taken-down"):
    """摘牌."""

    step: ClassVar[str] = "take_plate_down"
    taken_down_on: date
    about: UUID
    reason: str = ""
    document: str | None = None


class RatingRevoked(FileEvent, tag="campaign.rating-revoked"):
    """等次取消."""

    step: ClassVar[str] = "revoke_rating"
    revoked_on: date
    about: UUID
    reason: str = ""
    document: str | None = None
