"""The matrix against another computation: no fold, no rules, no views; each cell asked of bare events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.projections.test_two_axes import RULES, log_of, stage_after, told
from tests.support.happenings import DAYS, HAPPENINGS, PEOPLE, UNIT, Happening
from workflows.adapters.memory import MemoryLog
from workflows.domain.act import Who
from workflows.domain.person import events as person
from workflows.domain.person import member_events as member
from workflows.domain.unit.events import CommitteeElected, MeetingHeld, Post
from workflows.domain.unit.structure_events import UnitReclassified
from workflows.domain.waivers import DeadlineExtended, RuleWaived
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.events import Event
from workflows.projections.answers import Answering

ASKED = {
    "meet-assembly": ("branch_assembly", 3),
    "meet-theme-day": ("theme_party_day", 1),
    "meet-committee": ("committee_meeting", 1),
    "meet-orglife": ("organizational_life", 12),
    "meet-appraisal": ("democratic_appraisal", 12),
}
"""《中国共产党支部工作条例（试行）》: what is held, and in how many months once."""

SMALLEST_COMMITTEE = 3


Life = list[Event]
"""What is told of a person, in the order of the days: all of it happened in the one unit there is."""


def periods(months: int) -> Iterator[tuple[str, date, date]]:
    """Every period of the two years: its name, its first day, its last."""
    for year in (2024, 2025):
        for number in range(12 // months):
            first = date(year, number * months + 1, 1)
            after = number * months + months + 1
            last = (date(year + 1, 1, 1) if after > 12 else date(year, after, 1)) - timedelta(days=1)
            name = {1: f"{year}-{first.month:02d}", 3: f"{year}-Q{number + 1}", 12: f"{year}"}[months]
            yield name, first, last


def begins(event: Event) -> date:
    """From which day an event says something: who is put on the books as a member is one from that day."""
    since = event.full_since if isinstance(event, person.MemberRegistered) else None
    return max(event.effective_on, since or event.effective_on)


def by(events: list[Event], day: date) -> list[Event]:
    return [event for event in events if begins(event) <= day]


def is_member(life: Life, day: date) -> bool:
    mine = by(life, day)
    rests = False
    for event in mine:
        if isinstance(event, member.MembershipStopped | member.MembershipRestored):
            rests = isinstance(event, member.MembershipStopped)
    return stage_after(mine) in ("probationary", "full") and not rests


def has_vote(life: Life, day: date) -> bool:
    mine = by(life, day)
    bars = [event for event in mine if isinstance(event, member.RightsBarred)]
    barred = any(bar.until is None or day <= bar.until for bar in bars)
    return is_member(life, day) and stage_after(mine) == "full" and not barred


def committee_on(events: list[Event], day: date) -> int | None:
    elections = [event for event in by(events, day) if isinstance(event, CommitteeElected)]
    return len(elections[-1].posts or ()) if elections else None


def waivers(events: list[Event], *names: str) -> list[RuleWaived]:
    return [event for event in events if isinstance(event, RuleWaived) and event.rule in names]


def covers(waiver: RuleWaived, day: date) -> bool:
    return waiver.waived_on <= day and (waiver.until is None or day <= waiver.until)


def counts(meeting: MeetingHeld, events: list[Event], people: list[Life]) -> bool:
    """Whether a meeting was quorate: half the voters where it voted, half the committee."""
    day, attending = meeting.held_on, meeting.attending or 0
    known = by(events, day)
    if meeting.type == "branch_assembly" and meeting.resolutions:
        if any(covers(waiver, day) for waiver in waivers(known, "meet-assembly-quorum")):
            return True
        return attending * 2 >= sum(has_vote(life, day) for life in people)
    if meeting.type == "committee_meeting":
        size = committee_on(events, day)
        return size is None or attending * 2 >= size
    return True


def verdict(
    rule: str, name: str, first: date, last: date, as_of: date, events: list[Event], people: list[Life]
) -> str | None:
    """What is to be said of one cell; None where nothing is asked."""
    activity = ASKED[rule][0]
    has = [
        None if (size := committee_on(events, day)) is None else size >= SMALLEST_COMMITTEE
        for day in (first, last)
    ]
    if rule != "meet-committee":
        has = [True, True]
    if has == [False, False]:
        return None
    if False in has:
        return "exempt"
    held = [
        event
        for event in events
        if isinstance(event, MeetingHeld) and event.type == activity and first <= event.held_on <= last
    ]
    good = [meeting for meeting in held if counts(meeting, events, people)]
    due = last
    for event in events:
        if isinstance(event, DeadlineExtended) and event.rule == rule and event.was_due_on == due:
            due = max(due, event.due_on)
    if any(covers(waiver, last) for waiver in waivers(events, rule)):
        return "met" if good else "exempt"
    if good:
        return "met"
    there = [sum(is_member(life, min(day, as_of)) for life in people) for day in (first, last)]
    ever = any(is_member(life, begins(event)) for life in people for event in by(life, min(last, as_of)))
    if ever and 0 in there:
        return "exempt"
    if as_of < due:
        return "pending"
    if None in has:
        return "refer"
    if held:
        return "invalid"
    meets = any(isinstance(event, MeetingHeld) for event in events)
    return "missing" if ever or meets else "refer"


def brute_force(log: MemoryLog, as_of: date, known_on: int) -> dict[tuple[str, str], str]:
    events = told(log.load(UNIT), as_of, known_on)
    people = [told(log.load(who), as_of, known_on) for who in PEOPLE]
    return {
        (rule, name): found
        for rule, (_, months) in ASKED.items()
        for name, first, last in periods(months)
        if first <= as_of and (found := verdict(rule, name, first, last, as_of, events, people)) is not None
    }


def committee_of_four(attending: int) -> list[Happening]:
    """Four people with a post each, and a meeting of the committee in the month after."""
    on = date(2024, 1, 10)
    posts = tuple(Post(Who(person=who), "member") for who in PEOPLE)
    put = [
        Happening(who, person.MemberRegistered(member_on=on, unit_id=UNIT, full_since=on)) for who in PEOPLE
    ]
    meeting = MeetingHeld(held_on=date(2024, 2, 9), type="committee_meeting", attending=attending)
    kinds = UnitReclassified(reclassified_on=date(2024, 2, 15), kind="organ")
    elected = CommitteeElected(held_on=on, posts=posts)
    return [*put, *(Happening(UNIT, event) for event in (elected, meeting, kinds))]


@example(committee_of_four(2), date(2024, 3, 1), 60)
@example(committee_of_four(1), date(2024, 3, 1), 60)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(HAPPENINGS, DAYS, st.integers(1, 60))
def test_the_matrix_says_what_the_bare_events_say(
    happenings: list[Happening], as_of: date, known_on: int
) -> None:
    log = log_of(happenings)
    answering = Answering(log, RULES, FixedClock(moment_of(date(2026, 6, 30))))
    found: dict[tuple[str, str], str] = {}
    for rule in ASKED:
        for year in ("2024", "2025"):
            made = answering.matrix(UNIT, year, as_of, known_on, rule=rule)
            for row in made["rows"]:
                found |= {(rule, key): cell["verdict"] for key, cell in row["cells"].items()}
    assert found == brute_force(log, as_of, known_on)


@pytest.mark.parametrize(("attending", "said"), [(1, "invalid"), (2, "met"), (3, "met")])
def test_half_of_a_committee_of_four_is_enough_and_less_is_not(attending: int, said: str) -> None:
    found = brute_force(log_of(committee_of_four(attending)), date(2024, 3, 1), 60)
    assert found["meet-committee", "2024-02"] == said
