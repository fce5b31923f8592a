"""One person entered twice: the records of both streams, with an act that was entered twice counted once.

What stands on the stream that is kept has the word; the other one fills in what it left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from workflows.domain.papers import PaperAttached
from workflows.domain.person import away_events as away
from workflows.domain.person import charge_events as charged
from workflows.domain.person import events as ev
from workflows.domain.person import member_events as mv
from workflows.domain.waivers import ReliefGiven
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.events import Event, Recorded, day_field, with_approximate

ONCE = (
    ev.ApplicationReceived,
    ev.ActivistConfirmed,
    ev.DevelopmentTargetAgreed,
    ev.DevelopmentTargetFiled,
    ev.DevelopmentTargetListed,
    ev.AdmissionApproved,
    ev.OathTaken,
    ev.FullMembershipGranted,
    ev.ProbationAnnulled,
    ev.ApplicationWithdrawn,
    ev.ActivistDropped,
    mv.MemberStruckOff,
    mv.DeathRecorded,
)
"""What happens to a person once in a course: on one day or on another, not on both."""

ANY_NUMBER = (
    ev.CourseTakenOver,
    mv.DuesRecorded,
    mv.DuesReduced,
    mv.TrainingRecorded,
    mv.StepRecorded,
    mv.PapersReturned,
    mv.CorrectionOrdered,
    mv.CorrectionConcluded,
    mv.RightsBarred,
    charged.PersonCharged,
    ev.ObjectionRaised,
    ev.ObjectionSettled,
    away.CertificateIssued,
    PaperAttached,
    ReliefGiven,
)
"""What may happen several times a day: one act only where both records agree in all that both tell."""

ONE_A_DAY = (
    ev.FirstTalkHeld,
    ev.ActivistFiled,
    ev.MentorsAssigned,
    ev.SemiannualReviewRecorded,
    ev.DevelopmentTargetConsented,
    ev.NoticePosted,
    ev.NoticeClosed,
    ev.SponsorsAssigned,
    ev.BackgroundReviewConcluded,
    ev.IntensiveCourseCompleted,
    ev.TargetExamined,
    ev.PreliminaryReviewConcluded,
    ev.AdmissionFormCompleted,
    ev.AdmissionVoted,
    ev.ApprovalTalkHeld,
    ev.AdmissionRefused,
    ev.AdmissionFiled,
    ev.CellAssigned,
    ev.ProbationReviewRecorded,
    ev.FullMembershipApplied,
    ev.FullMembershipVoted,
    ev.ProbationExtended,
    ev.DossierArchived,
    mv.PersonTransferred,
    mv.TransferFileExamined,
    mv.ConversionDeferred,
    mv.MembershipStopped,
    mv.MembershipRestored,
    mv.MeetingsExempted,
    mv.PersonCarried,
    away.AbsenceRegistered,
    away.AbsenceEnded,
    away.ContactLost,
    away.ContactMade,
    away.ReceiptRecorded,
    away.GraduationRecorded,
)
"""What happens at most once on a day: two records of one day tell of one act, however they differ.

The registration apart, which is one whatever its day, and a merger, every act is of one of these three sorts.
"""

NEVER_OPEN = frozenset({"findings", "approx"})


def joined(told: Sequence[Recorded], keep: UUID) -> tuple[list[Recorded], dict[UUID, UUID]]:
    """Return the records of a person, and by event id which of them counts for one entered twice.

    ``told`` are those of all streams, as true and in order; so is what comes back.
    """
    counted = {record.event_id: record for record in told if record.stream_id == keep}
    twice: dict[UUID, UUID] = {}
    for stream in dict.fromkeys(record.stream_id for record in told if record.stream_id != keep):
        free = list(counted)
        for record in (one for one in told if one.stream_id == stream):
            same = next((i for i in free if is_same_act(counted[i].event, record.event)), None)
            if same is None:
                counted[record.event_id] = record
            else:
                free.remove(same)
                counted[same] = replace(counted[same], event=filled(counted[same].event, record.event))
                twice[record.event_id] = same
    return sorted(counted.values(), key=lambda record: (record.effective_on, record.position)), twice


def is_same_act(one: Event, other: Event) -> bool:
    """Say whether two records tell of one act: of one day, and in agreement where there may be several.

    A person is registered once, whatever day was taken for it, and dues of a month are paid once.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, ev.MemberRegistered):
        return True
    if isinstance(one, mv.DuesRecorded):
        return not differences(one, other)
    if isinstance(one, ONCE):
        return may_agree(days_of(one), days_of(other))
    if one.effective_on != other.effective_on:
        return False
    return isinstance(one, ONE_A_DAY) or not differences(one, other)


def days_of(event: Event) -> tuple[date, date]:
    """Return the first and the last day on which an act may have taken place."""
    rough = event.on_approx
    return (event.effective_on, event.effective_on) if rough is None else (rough.first, rough.last)


def may_agree(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Say whether two days, each perhaps known only roughly, may be the same."""
    return one[0] <= other[1] and other[0] <= one[1]


def differences(one: Event, other: Event) -> list[str]:
    """Return the fields of which two records of one act tell different things; days of a rough word agree."""
    found = []
    for field in msgspec.structs.fields(type(one)):
        name = field.name
        mine, theirs = getattr(one, name), getattr(other, name)
        if name in NEVER_OPEN or name == day_field(type(one)) or is_open(mine) or is_open(theirs):
            continue
        if mine != theirs and not _is_filling(mine, theirs):
            found.append(name)
    return found


def _is_filling(mine: Any, theirs: Any) -> bool:
    """Say whether two parts (a profile, votes) tell nothing different, each only more or less."""
    if not isinstance(mine, msgspec.Struct) or type(mine) is not type(theirs):
        return False
    pairs = ((getattr(mine, name), getattr(theirs, name)) for name in mine.__struct_fields__)
    return all(a == b or is_open(a) or is_open(b) for a, b in pairs)


def is_open(value: Any) -> bool:
    """Say whether a field tells nothing."""
    return value is None or value is msgspec.UNSET or value in ((), "")


def filled(one: Event, other: Event) -> Event:
    """Return a record with what it left open taken from another one of the same act.

    A day known only roughly gives way to the exact one; of a registration the earlier day holds.
    """
    changes = {n: v for n in one.__struct_fields__ if n not in NEVER_OPEN for v in [_of(n, one, other)]}
    own, told = day_field(type(one)), dict(one.approx or {}) if isinstance(one.approx, dict) else {}
    days: dict[str, ApproximateDay | None] = dict(told)
    for name, value in changes.items():
        if isinstance(value, date) and value != getattr(one, name):
            days[name] = other.approximate(name)
    if one.on_approx is not None and other.on_approx is None:
        changes[own], days[own] = other.effective_on, None
    elif isinstance(one, ev.MemberRegistered) and other.effective_on < one.effective_on:
        changes[own], days[own] = other.effective_on, other.on_approx
    return with_approximate(replace(one, **changes), days)


def _of(name: str, one: Any, other: Any) -> Any:
    mine, theirs = getattr(one, name), getattr(other, name)
    if is_open(mine):
        return theirs
    if isinstance(mine, msgspec.Struct) and type(mine) is type(theirs):
        parts = {part: _of(part, mine, theirs) for part in mine.__struct_fields__}
        return replace(mine, **parts)
    return mine
