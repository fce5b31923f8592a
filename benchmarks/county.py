"""An invented county as bare events: what the benchmarks fold, derive and answer from."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.person import events as person
from workflows.domain.unit import events as unit
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived

START = date(2021, 1, 1)
END = date(2025, 12, 31)


def events(units: int = 64, people: int = 22, *, seed: int = 1) -> Iterator[NewEvent]:
    """Yield the events of ``units`` branches of so many people, branch by branch, each stream in order."""
    chance = Random(seed)  # noqa: S311
    for number in range(units):
        unit_id = derived("bench", seed, "unit", number)
        members = [derived("bench", seed, number, "person", i) for i in range(people)]
        yield from _stream(unit_id, unit_id, _unit_events(number, members, chance))
        for i, person_id in enumerate(members):
            yield from _stream(person_id, unit_id, _person_events(number, i, unit_id, chance))


def _stream(stream_id: UUID, unit_id: UUID, happened: Iterator[Event]) -> Iterator[NewEvent]:
    for version, event in enumerate(happened, 1):
        yield NewEvent(
            stream_id=stream_id,
            version=version,
            event_id=derived(stream_id, version),
            event=event,
            actor="bench",
            origin="demo",
            unit_id=unit_id,
        )


def _unit_events(number: int, members: list[UUID], chance: Random) -> Iterator[Event]:
    kind = ("village", "community", "organ", "school")[number % 4]
    yield unit.UnitEstablished(
        established_on=date(2010, 1, 1),
        name=f"第{number + 1}支部",
        level="branch",
        kind=kind,
        books_from=START,
    )
    posts = tuple(
        unit.Post(Who(person=who), post)
        for who, post in zip(members, ("secretary", "organization", "publicity"), strict=False)
    )
    yield unit.CommitteeElected(held_on=START + timedelta(days=number % 28), seats=3, posts=posts)
    day = START
    while day <= END:
        yield unit.MeetingHeld(held_on=day + timedelta(days=4), type="theme_party_day", attending=18)
        if chance.random() < 0.95:
            yield unit.MeetingHeld(held_on=day + timedelta(days=9), type="committee_meeting", attending=3)
        if day.month % 3 == 2 and chance.random() < 0.9:
            yield unit.MeetingHeld(
                held_on=day + timedelta(days=14),
                type="branch_assembly",
                eligible=None,
                attending=chance.randrange(8, 20),
                resolutions=(unit.Resolution("事项", in_favour=chance.randrange(6, 19)),),
            )
        if day.month == 12:
            yield unit.MeetingHeld(held_on=day + timedelta(days=20), type="organizational_life", attending=18)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _person_events(number: int, i: int, unit_id: UUID, chance: Random) -> Iterator[Event]:
    profile = person.Profile(name=f"党员{number + 1}之{i + 1}", gender="女")
    if i < 16:
        since = date(1990 + chance.randrange(28), 1 + chance.randrange(12), 1 + chance.randrange(28))
        yield person.MemberRegistered(
            member_on=since,
            unit_id=unit_id,
            admitted_on=since,
            full_since=since.replace(year=since.year + 1),
            profile=profile,
        )
        return
    day = START + timedelta(days=chance.randrange(30, 1100))
    yield person.ApplicationReceived(received_on=day, unit_id=unit_id, profile=profile)
    yield person.FirstTalkHeld(held_on=day + timedelta(days=20))
    confirmed = day + timedelta(days=200)
    yield person.ActivistConfirmed(confirmed_on=confirmed)
    yield person.ActivistFiled(filed_on=confirmed + timedelta(days=3))
    yield person.MentorsAssigned(assigned_on=confirmed + timedelta(days=5))
    for half in range(1, 2 + chance.randrange(2)):
        yield person.SemiannualReviewRecorded(reviewed_on=confirmed + timedelta(days=178 * half))
    if i % 3 == 0:
        return
    agreed = confirmed + timedelta(days=400)
    yield person.DevelopmentTargetAgreed(agreed_on=agreed)
    yield person.DevelopmentTargetFiled(filed_on=agreed + timedelta(days=10))
    yield person.SponsorsAssigned(assigned_on=agreed + timedelta(days=12))
    yield person.BackgroundReviewConcluded(concluded_on=agreed + timedelta(days=20), passed=True)
    yield person.IntensiveCourseCompleted(completed_on=agreed + timedelta(days=30), days=3, hours=24)
    yield person.TargetExamined(examined_on=agreed + timedelta(days=40), agreed=True)
    yield person.PreliminaryReviewConcluded(concluded_on=agreed + timedelta(days=50), passed=True)
    yield person.AdmissionFormCompleted(completed_on=agreed + timedelta(days=55))
    yield person.AdmissionVoted(held_on=agreed + timedelta(days=60), passed=True)
    yield person.ApprovalTalkHeld(held_on=agreed + timedelta(days=70))
    yield person.AdmissionApproved(approved_on=agreed + timedelta(days=80))
