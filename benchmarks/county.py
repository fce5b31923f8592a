"""An invented county as bare events: what the benchmarks fold, derive and answer from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.person import events as person
from workflows.domain.rectification import events as issue
from workflows.domain.unit import events as unit
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived

BRANCHES_A_TOWNSHIP = 60
KINDS = ("village", "community", "organ", "school")


@dataclass(frozen=True, slots=True)
class County:
    """How large a county is: so many branches of so many people, some of them on the way to membership.

    ``is_tree``: the branches stand below townships, these below the county. ``problems``: how many were found
    at each branch. Equal counties have equal events.
    """

    branches: int = 64
    people: int = 22
    in_course: int = 6
    begin: date = date(2021, 1, 1)
    end: date = date(2025, 12, 31)
    is_tree: bool = False
    problems: int = 0
    seed: int = 1

    @property
    def townships(self) -> int:
        """Return how many townships there are."""
        return -(-self.branches // BRANCHES_A_TOWNSHIP) if self.is_tree else 0

    def id_of(self, what: str, number: int = 0) -> UUID:
        """Return the id of the county (``county``), of a ``township`` or of a branch (``unit``)."""
        return derived("bench", self.seed, what, number)

    def events(self) -> Iterator[NewEvent]:
        """Yield the events branch by branch, each stream in order; units above come first."""
        chance = Random(self.seed)  # noqa: S311
        if self.is_tree:
            top = self.id_of("county")
            yield from self._stream(top, top, iter([self._above("中共青岚县委员会", "county", None)]))
        for number in range(self.townships):
            here = self.id_of("township", number)
            told = self._above(f"中共第{number + 1}镇委员会", "committee", self.id_of("county"))
            yield from self._stream(here, here, iter([told]))
        for number in range(self.branches):
            unit_id = self.id_of("unit", number)
            members = [derived("bench", self.seed, number, "person", i) for i in range(self.people)]
            yield from self._stream(unit_id, unit_id, self._branch(number, members, chance))
            for i, person_id in enumerate(members):
                yield from self._stream(person_id, unit_id, self._person(number, i, unit_id, chance))
            for i in range(self.problems):
                told = _problem(
                    i, unit_id, members[0], self.end - timedelta(days=300 - i * 290 // self.problems)
                )
                yield from self._stream(derived("bench", self.seed, number, "problem", i), unit_id, told)

    def _stream(self, stream_id: UUID, unit_id: UUID, happened: Iterator[Event]) -> Iterator[NewEvent]:
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

    def _above(self, name: str, level: str, superior: UUID | None) -> Event:
        return unit.UnitEstablished(
            established_on=date(2010, 1, 1),
            name=name,
            level=level,
            kind="institution",
            superior=superior,
            books_from=self.begin,
        )

    def _branch(self, number: int, members: list[UUID], chance: Random) -> Iterator[Event]:
        township = self.id_of("township", number // BRANCHES_A_TOWNSHIP) if self.is_tree else None
        yield unit.UnitEstablished(
            established_on=date(2010, 1, 1),
            name=f"第{number + 1}支部",
            level="branch",
            kind=KINDS[number % len(KINDS)],
            superior=township,
            books_from=self.begin,
        )
        posts = tuple(
            unit.Post(Who(person=who), post)
            for who, post in zip(members, ("secretary", "organization", "publicity"), strict=False)
        )
        elected = self.begin + timedelta(days=number % 28)
        yield unit.CommitteeElected(held_on=elected, seats=3, posts=posts)
        day = self.begin
        while day <= self.end:
            yield from self._month(day, chance)
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)

    def _month(self, day: date, chance: Random) -> Iterator[Event]:
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

    def _person(self, number: int, i: int, unit_id: UUID, chance: Random) -> Iterator[Event]:
        profile = person.Profile(name=f"党员{number + 1}之{i + 1}", gender="女")
        if i < self.people - self.in_course:
            since = date(1990 + chance.randrange(28), 1 + chance.randrange(12), 1 + chance.randrange(28))
            yield person.MemberRegistered(
                member_on=since,
                unit_id=unit_id,
                admitted_on=since,
                full_since=since.replace(year=since.year + 1),
                profile=profile,
            )
            return
        first = self.begin + timedelta(days=chance.randrange(-400, (self.end - self.begin).days * 3 // 5))
        for event in _course(first, unit_id, profile, i, chance):
            if event.effective_on > self.end:
                return
            yield event


def _course(day: date, unit_id: UUID, profile: person.Profile, i: int, chance: Random) -> Iterator[Event]:
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


def _problem(i: int, unit_id: UUID, secretary: UUID, day: date) -> Iterator[Event]:
    """Yield a problem found on a day: every fifth is left there, three in four of the others are closed."""
    yield issue.IssueOpened(
        opened_on=day,
        subject=f"问题{i + 1}",
        of_unit=unit_id,
        source=("inspection", "self_check", "rating")[i % 3],
        text="会议记录不完整，缺少签到和表决的记载",
        rule="meet-theme-day" if i % 2 else None,
        due_on=day + timedelta(days=30 + i % 3 * 60),
    )
    if i % 5 == 0:
        return
    who = Who(person=secretary)
    yield issue.CorrectionPlanned(planned_on=day + timedelta(days=1), measure="补齐记录", owner=who)
    yield issue.ProgressReported(reported_on=day + timedelta(days=3), text="正在补", by=who)
    if i % 4 == 0:
        return
    yield issue.CorrectionSubmitted(submitted_on=day + timedelta(days=5), by=who)
    yield issue.CorrectionAccepted(accepted_on=day + timedelta(days=7), by=Who(name="督查组"), on_site=True)
    yield issue.IssueClosedOut(closed_on=day + timedelta(days=9), by=Who(name="督查组"))
