"""决议办成的步骤: one resolution, one entry; meeting and steps are recorded together or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.support.books import Told
from workflows.application.amending import Amending, Amendment
from workflows.application.books import state_of
from workflows.application.commands import parse
from workflows.application.recording import Recording, Request
from workflows.domain.unit.events import MeetingHeld
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import derived

STORY = """
title = "a branch with a target"
[unit]
name = "甲支部"
full_members = 16
[people]
"王" = { stage = "target", since = 2024-03-10 }
"周" = { stage = "target", since = 2024-03-10 }
"李" = { stage = "full", since = 2001-07-01 }
"赵" = { stage = "full", since = 2001-07-01 }
"""
DAY = date(2025, 3, 10)
COMMAND = derived("test", "meeting")


class Desk:
    """The story's books, and one meeting at a time."""

    def __init__(self) -> None:
        told = Told(STORY)
        self.told, self.log = told, told.log
        rows = told.rows("pipeline", on=DAY)
        self.people = [UUID(row["person_id"]) for row in rows]
        self.unit = UUID(rows[0]["unit_id"])
        self.person = next(UUID(row["person_id"]) for row in rows if row["person"] == "王")
        answering = told.answering
        self.recording = Recording(
            told.log, answering.rules, answering.clock, _Plain(), _ids, allow_future=True
        )

    def hold(self, *, preview: bool = False, **more: Any) -> Any:
        """Record an assembly that voted on the admission."""
        about = {"person": "王", "step": "vote_on_admission"}
        vote = {"topic": "接收", "in_favour": 9, "secret": True, "about": about, **more.pop("vote", {})}
        fields = {"type": "branch_assembly", "attending": 9, "resolutions": [vote], **more}
        request = Request(
            command=parse("hold_meeting", fields, DAY),
            unit_id=self.unit,
            actor="tester",
            origin="cli",
            command_id=COMMAND,
        )
        return self.recording.record(request, preview=preview)

    def amend(self, event: UUID, field: str | None = None, value: Any = None, **more: Any) -> Any:
        """Correct or withdraw something on the books."""
        request = Amendment(
            event=event, field=field, value=value, actor="tester", origin="cli", reason="录错了", **more
        )
        return Amending(self.recording).amend(request)

    def vote(self, event_id: UUID) -> Any:
        """Return the vote as the books tell it now, None where it is withdrawn."""
        states = (state_of(one, self.events(one)) for one in self.people)
        return next((a.event for one in states for a in one.acts if a.source.event_id == event_id), None)

    def resolution(self, event_id: UUID) -> Any:
        """Return the one resolution of a meeting as it is typed in a correction."""
        event = next(one.event for one in self.events(self.unit) if one.event_id == event_id)
        return msgspec.to_builtins(event.resolutions[0])

    def events(self, stream: UUID) -> list[Any]:
        """Return what a stream holds."""
        with self.log.read() as reading:
            return reading.load(stream)


class _Plain:
    def digest(self, text: str) -> str:
        return text


def _ids(_: object) -> UUID:
    return derived("test", "id", next(_numbers))


_numbers = iter(range(10_000))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_vote_is_recorded_with_the_numbers_of_the_meeting_and_names_its_cause(desk: Desk) -> None:
    done = desk.hold()
    assert done.events == ("MeetingHeld", "AdmissionVoted")
    meeting, vote = desk.events(desk.unit)[-1], desk.events(desk.person)[-1]
    assert vote.event.votes.attending == 9
    assert vote.event.votes.in_favour == 9
    assert vote.causation_id == meeting.event_id
    assert done.event_ids == (meeting.event_id, vote.event_id)
    assert meeting.event.resolutions[0].person == desk.person


def test_the_same_command_again_records_nothing_more(desk: Desk) -> None:
    first = desk.hold()
    before = len(desk.events(desk.person))
    again = desk.hold()
    assert again.repeated
    assert again.event_ids == first.event_ids
    assert len(desk.events(desk.person)) == before


def test_a_preview_lists_both_and_records_neither(desk: Desk) -> None:
    before = len(desk.events(desk.unit)), len(desk.events(desk.person))
    shown = desk.hold(preview=True)
    assert shown.events == ("MeetingHeld", "AdmissionVoted")
    assert (len(desk.events(desk.unit)), len(desk.events(desk.person))) == before


def test_where_the_step_may_not_be_taken_the_meeting_is_not_recorded_either(desk: Desk) -> None:
    before = len(desk.events(desk.unit)), len(desk.events(desk.person))
    done = desk.hold(vote={"secret": False})
    assert done.refused
    assert done.events == ()
    assert "dev-assembly-secret" in {f.rule for f in done.findings if f.verdict == "block"}
    assert (len(desk.events(desk.unit)), len(desk.events(desk.person))) == before


def test_people_named_as_present_are_kept_with_the_meeting_and_counted_in_the_vote(desk: Desk) -> None:
    done = desk.hold(attending=["李", "王"], vote={"in_favour": 1})
    assert done.refused  # one voter of sixteen
    told = next(f for f in done.findings if f.rule == "meet-assembly-quorum")
    assert told.facts == {"attending": 1, "eligible": 16}


def test_a_number_of_the_meeting_put_right_is_put_right_in_the_vote(desk: Desk) -> None:
    meeting, vote = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    done = desk.amend(meeting, "attending", 12)
    assert done.events == ("FactCorrected", "FactCorrected")
    assert [f.rule for f in done.findings] == ["input-goes-along"]
    assert desk.vote(vote).votes.attending == 12
    desk.amend(meeting, "resolutions", [{**desk.resolution(meeting), "in_favour": 8}])
    assert (desk.vote(vote).votes.in_favour, desk.vote(vote).passed) == (8, False)  # 8 of 16 is no majority
    desk.amend(meeting, "resolutions", [{"topic": "接收", "in_favour": 9}])
    assert desk.vote(vote).passed
    desk.amend(meeting, "on", "2025-03-11")
    assert desk.vote(vote).held_on == date(2025, 3, 11)


def test_who_came_is_put_right_by_names_and_the_number_with_them() -> None:
    desk = Desk()
    meeting = desk.hold(type="theme_party_day", attending=["李"], resolutions=[]).event_ids[0]
    done = desk.amend(meeting, "attending", ["李", "赵"])
    assert done.events == ("FactCorrected", "FactCorrected")
    with desk.log.read() as reading:
        unit = state_of(desk.unit, reading.load(desk.unit))
    event = next(event for event, act in unit.each(MeetingHeld) if act.source.event_id == meeting)
    assert (len(event.attendees or ()), event.attending) == (2, 2)


def test_of_two_corrections_withdrawn_apart_each_leaves_the_other(desk: Desk) -> None:
    meeting, vote = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    first = desk.amend(meeting, "attending", 12).event_ids[0]
    desk.amend(meeting, "resolutions", [{"topic": "接收", "in_favour": 10, "secret": True}])
    desk.amend(first)
    assert (desk.vote(vote).votes.attending, desk.vote(vote).votes.in_favour) == (10, 10)


def test_a_resolution_reworded_stays_the_step_it_was(desk: Desk) -> None:
    meeting, vote = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    desk.amend(meeting, "resolutions", [{"topic": "接收预备党员", "in_favour": 10, "secret": True}])
    assert desk.vote(vote).votes.in_favour == 10


def test_of_two_of_one_topic_each_stays_the_step_of_its_own_person(desk: Desk) -> None:
    about = {"person": "周", "step": "vote_on_admission"}
    both = [{"topic": "接收", "in_favour": 9, "secret": True, "about": about | {"person": "王"}}]
    both.append({"topic": "接收", "in_favour": 9, "secret": True, "about": about})
    meeting, *votes = desk.hold(attending=10, resolutions=both).event_ids
    given = [
        {"topic": "接收", "in_favour": 10, "secret": True},
        {"topic": "接收", "in_favour": 8, "secret": True},
    ]
    desk.amend(meeting, "resolutions", given)
    assert [desk.vote(vote).votes.in_favour for vote in votes] == [10, 8]
    with pytest.raises(WrongUsage, match="resolutions-lose-a-step"):
        desk.amend(meeting, "resolutions", given[:1])


def test_a_resolution_that_was_a_step_cannot_be_left_out(desk: Desk) -> None:
    meeting, _ = desk.hold().event_ids
    with pytest.raises(WrongUsage, match="resolutions-lose-a-step"):
        desk.amend(meeting, "resolutions", [])


def test_what_was_put_right_in_the_vote_by_itself_stays(desk: Desk) -> None:
    meeting, vote = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    desk.amend(vote, "attending", 11)
    assert desk.amend(meeting, "attending", 12).events == ("FactCorrected",)
    assert desk.vote(vote).votes.attending == 11


def test_what_the_vote_does_not_tell_changes_nothing_there(desk: Desk) -> None:
    meeting, _ = desk.hold().event_ids
    assert desk.amend(meeting, "topics", ["接收新党员"]).events == ("FactCorrected",)


def test_a_meeting_withdrawn_takes_the_vote_with_it_and_brings_it_back(desk: Desk) -> None:
    meeting, vote = desk.hold().event_ids
    done = desk.amend(meeting)
    assert done.events == ("EventRetracted", "EventRetracted")
    assert [f.rule for f in done.findings] == ["input-goes-along-withdrawn"]
    assert desk.vote(vote) is None
    with pytest.raises(WrongUsage, match="retract-the-cause"):
        desk.amend(done.event_ids[1])
    desk.amend(done.event_ids[0])
    assert desk.vote(vote) is not None


def test_a_correction_withdrawn_takes_that_of_the_vote_with_it(desk: Desk) -> None:
    meeting, vote = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    correction = desk.amend(meeting, "attending", 12).event_ids[0]
    desk.amend(correction)
    assert desk.vote(vote).votes.attending == 10


def test_the_same_amendment_again_records_nothing_more(desk: Desk) -> None:
    meeting, _ = desk.hold(attending=10, vote={"in_favour": 9}).event_ids
    once = derived("test", "amendment")
    first = desk.amend(meeting, "attending", 12, command_id=once)
    assert desk.amend(meeting, "attending", 12, command_id=once).event_ids == first.event_ids


def test_what_was_voted_down_by_the_committee_leads_to_no_step() -> None:
    desk = Desk()
    vote = {"about": {"person": "王", "step": "examine_target"}, "in_favour": 1, "against": 2}
    done = desk.hold(type="committee_meeting", attending=3, eligible=3, vote=vote)
    assert done.events == ("MeetingHeld",)
    held = desk.events(desk.unit)[-1].event
    assert isinstance(held, MeetingHeld)
    assert held.resolutions[0].step == "examine_target"
