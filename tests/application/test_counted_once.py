"""合并重复的人: whoever was entered twice and stands twice in the minutes is one name and one head there."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from msgspec.structs import replace

from workflows.application.merges import Merged
from workflows.domain.act import Who
from workflows.domain.person.events import AdmissionVoted, FullMembershipVoted, Votes
from workflows.domain.unit.events import (
    Absent,
    Candidate,
    CommitteeElected,
    Excluded,
    MeetingHeld,
    Post,
    Resolution,
)
from workflows.kernel.events import Event
from workflows.kernel.ids import derived

KEEP, OTHER, THIRD = (derived("once", name) for name in ("keep", "other", "third"))
MERGED = Merged({OTHER: KEEP})
ON = date(2026, 3, 10)
ME, AGAIN, SHE = Who(person=KEEP), Who(person=OTHER), Who(person=THIRD)


E = TypeVar("E", bound=Event)


def read(event: E) -> E:
    """Return an event as it is read in the light of the merger."""
    told = MERGED.event(event)
    assert isinstance(told, type(event))
    return told


def test_on_leave_twice_is_on_leave_once_for_the_reason_told_of_the_one_kept() -> None:
    for leave in (
        (Absent(ME, "病"), Absent(AGAIN, "事"), Absent(SHE, "外出")),
        (Absent(AGAIN, "事"), Absent(ME, "病"), Absent(SHE, "外出")),
        (Absent(AGAIN, "病"), Absent(ME, ""), Absent(SHE, "外出")),
    ):
        held = MeetingHeld(held_on=ON, type="branch_assembly", leave=leave, exempt=leave)
        assert read(held).leave == (Absent(ME, "病"), Absent(SHE, "外出"))
        assert read(held).exempt == read(held).leave


def test_left_out_twice_is_left_out_once() -> None:
    both = (Excluded(ME, "长期外出", superior_consent=True, assembly_vote=True), Excluded(AGAIN, "外出"))
    held = MeetingHeld(held_on=ON, type="branch_assembly", excluded=both)
    assert read(held).excluded == both[:1]


def test_posts_stay_several_and_resolutions_stay_those_that_were_taken() -> None:
    posts = (Post(ME, "secretary"), Post(AGAIN, "secretary"), Post(AGAIN, "organization"))
    told = read(CommitteeElected(held_on=ON, posts=posts, candidates=(Candidate(ME), Candidate(AGAIN, 7))))
    assert told.posts == (Post(ME, "secretary"), Post(ME, "organization"))
    assert told.candidates == (Candidate(ME, 7),)
    topics = (Resolution("转正", person=KEEP), Resolution("评议", person=OTHER))
    held = MeetingHeld(held_on=ON, type="branch_assembly", resolutions=topics)
    assert [one.topic for one in read(held).resolutions] == ["转正", "评议"]


def held(**told: Any) -> MeetingHeld:
    return MeetingHeld(held_on=ON, type="branch_assembly", **told)


def numbers(event: MeetingHeld) -> tuple[int | None, int | None]:
    return event.eligible, event.attending


def test_a_typed_number_of_those_due_goes_with_the_names_it_counts() -> None:
    """应到 typed as two, both named as having come, is one of one; so is one on leave under two names."""
    assert numbers(read(held(eligible=2, attending=2, attendees=(ME, AGAIN)))) == (1, 1)
    away = held(eligible=3, attending=1, attendees=(SHE,), leave=(Absent(ME, "病"), Absent(AGAIN, "事")))
    assert numbers(read(away)) == (2, 1)
    both = held(eligible=3, attending=2, attendees=(ME, SHE), exempt=(Absent(AGAIN, "年老"),))
    assert numbers(read(both)) == (2, 2)


def test_a_number_counted_otherwise_stays_as_the_minutes_tell_it() -> None:
    assert numbers(read(held(eligible=10, attending=2, attendees=(ME, AGAIN)))) == (10, 1)
    assert numbers(read(held(eligible=None, attending=2, attendees=(ME, AGAIN)))) == (None, 1)
    guests = held(eligible=1, attending=1, attendees=(ME, AGAIN, SHE), roll=(THIRD,))
    assert numbers(read(guests)) == (1, 1), "who has no vote was not counted before either"


def test_a_number_taken_from_the_roll_goes_with_the_roll_unless_as_many_came() -> None:
    roll = (KEEP, OTHER, THIRD)
    ballot = CommitteeElected(held_on=ON, eligible=3, attending=2, roll=roll)
    assert (read(ballot).eligible, read(ballot).roll) == (2, (KEEP, THIRD))
    assert read(replace(ballot, attending=3)).eligible == 3, "three heads were counted: nobody says whose"
    assert read(replace(ballot, eligible=12)).eligible == 12
    for vote in (
        AdmissionVoted(held_on=ON, votes=Votes(eligible=3, attending=2, in_favour=2), roll=roll),
        FullMembershipVoted(held_on=ON, votes=Votes(eligible=3, attending=2, in_favour=2), roll=roll),
    ):
        assert read(vote).votes == Votes(eligible=2, attending=2, in_favour=2)
