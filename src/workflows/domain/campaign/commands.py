"""What can be asked for a campaign; each command's day is ``on``.

A command about one unit is given that unit as the one that acts; in a campaign of one branch it is that one.
"""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from workflows.domain.case_acts import FileCommand

Text = Annotated[str, Meta(max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Score = Annotated[float, Meta(ge=-1_000, le=10_000)]
Rate = Annotated[float, Meta(ge=0, le=100)]
Units = Count | list[Word]
"""Units by name, or how many they are."""


class CampaignCommand(FileCommand):
    """Base of the commands of a campaign."""

    aggregate: ClassVar[str] = "campaign"


class OpenCampaign(CampaignCommand):
    """启动考评; ``scheme``: the pack (or the name of the plan) by which it is held; ``year``: of which.

    ``items``: what the plan of work names (目标、举措、时限、责任人), where a text asks for it.
    """

    opens: ClassVar[bool] = True

    scheme: Word | None = None
    year: Annotated[int, Meta(ge=1921, le=2200)] | None = None
    units: Units | None = None
    document: Text | None = None
    items: Annotated[list[Word], Meta(max_length=40)] = msgspec.field(default_factory=list)


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of the rubric: its id, what it asks, at most how many points (None: the plan gives none).

    ``proved_by``: the rules whose outcome in the facts proves it (``partly``: a part of it); ``lost``: how
    many points are lost each time something is wanting (None: the plan does not say); ``clause``: where it
    stands.
    """

    id: Word
    title: Text = ""
    points: Score | None = None
    veto: bool = False
    proved_by: list[Word] = msgspec.field(default_factory=list)
    partly: bool = False
    lost: Score | None = None
    clause: Text = ""


class FreezeRubric(CampaignCommand):
    """冻结考评标准; from then on it is scored by these criteria whatever becomes of the plan.

    Without ``criteria`` those of the scheme in force that day are taken: nothing is typed twice.
    """

    criteria: list[Criterion] = msgspec.field(default_factory=list)
    document: Text | None = None


class Declare(CampaignCommand):
    """申报; the unit that acts, or ``units`` at once."""

    units: Units | None = None
    aims_at: Word | None = None


class ScoreGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points for one criterion, with the events that prove them and what else was shown."""

    criterion: Word
    points: Score
    events: list[UUID] = msgspec.field(default_factory=list)
    evidence: Text = ""


class AssessSelf(CampaignCommand):
    """自评; points without a proof are not enough."""

    scores: list[ScoreGiven] = msgspec.field(default_factory=list)
    score: Score | None = None


class SurveyMasses(CampaignCommand):
    """党员群众测评; how many were asked, how many were satisfied (or the rate, in per cent)."""

    asked: Count | None = None
    satisfied: Count | None = None
    satisfaction: Rate | None = None


class Review(CampaignCommand):
    """初评; of one unit (``scores``, ``passed`` true or false), or of all (``passed``: units or number)."""

    passed: bool | Count | list[Word] | None = None
    scores: list[ScoreGiven] = msgspec.field(default_factory=list)
    score: Score | None = None
    reason: Text = ""


class DrawSample(CampaignCommand):
    """抽取复查对象; of those ``passed`` some are ``sampled``; from ``seed`` anyone can draw them again."""

    passed: Units | None = None
    sampled: Units | None = None
    seed: Word | Count | None = None


class Recheck(CampaignCommand):
    """复查; how many (or which) of those sampled were ``wrong``; ``concealed``: facts were hidden."""

    sampled: Units | None = None
    wrong: Units | None = None
    concealed: bool = False


class VoidRound(CampaignCommand):
    """初评全部作废，重新评定."""

    reason: Text = ""


class PostRatingNotice(CampaignCommand):
    """公示考评结果; ``post_notice`` with a subject."""

    starts_on: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    working_days: Annotated[int, Meta(ge=1, le=60)] | None = None
    place: Text | None = None

    @classmethod
    def verb(cls) -> str:
        """Return the public name, that of a person's notice too."""
        return "post_notice"


class Appeal(CampaignCommand):
    """对考评结果提出申诉."""

    reason: Text = ""


class SettleAppeal(CampaignCommand):
    """处理申诉."""

    upheld: bool = False
    reason: Text = ""


class ConfirmRating(CampaignCommand):
    """确定等次; the level follows from ``score`` where bands say so, else ``grade`` is what was decided.

    ``reason``: why the score is not the total of the reviews, or the grade not that of its band.
    """

    score: Score | None = None
    satisfaction: Rate | None = None
    grade: Word | None = None
    document: Text | None = None
    reason: Text = ""


class KeepRating(CampaignCommand, kw_only=True):
    """维持等次; somebody looked again at what speaks against a grade, and it stays."""

    reason: Annotated[str, Meta(min_length=1, max_length=2000)]
    document: Text | None = None


class HangPlate(CampaignCommand):
    """授牌; ``awarded_by``: who hands it over where it is not the one that holds the campaign."""

    awarded_by: Word | None = None
    place: Text | None = None
    document: Text | None = None


class TakePlateDown(CampaignCommand):
    """摘牌; a grade that was revoked takes its plate along, else it needs a reason."""

    reason: Text = ""
    document: Text | None = None


class RevokeRating(CampaignCommand):
    """取消等次; by a veto, or because a criterion holds no longer."""

    reason: Text = ""
    document: Text | None = None
