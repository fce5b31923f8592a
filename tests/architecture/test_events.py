"""Every event is frozen, has a stored name and a golden sample of each version, and survives coding."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from workflows.application.commands import EVENT_MODULES, commands, events_of
from workflows.domain.act import Decided, Who
from workflows.domain.person.member_events import MeetingsExempted
from workflows.domain.unit.election_events import PostEnded
from workflows.domain.unit.events import Absent, CommitteeElected, Excluded, MeetingHeld
from workflows.domain.unit.meeting_events import HeartToHeartTalkHeld
from workflows.kernel.events import Event, event_types

GOLDEN = Path(__file__).parent.parent / "golden" / "events"
SHIPPED = {topic: kind for topic, kind in event_types().items() if not topic.startswith("test")}


def test_there_are_event_modules() -> None:
    assert EVENT_MODULES
    assert len(SHIPPED) > 40


@pytest.mark.parametrize("topic", sorted(SHIPPED))
def test_an_event_is_frozen_and_every_version_has_a_golden_sample(topic: str) -> None:
    kind = SHIPPED[topic]
    assert kind.__struct_config__.frozen
    for version in range(1, kind.schema_version + 1):
        assert (GOLDEN / f"{topic}.{version}.json").is_file(), f"{topic} {version}: no golden sample"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_what_was_stored_once_is_still_read_and_written_back_the_same(path: Path) -> None:
    topic, version = path.name.removesuffix(".json").rsplit(".", 1)
    kind = SHIPPED[topic]
    if int(version) == kind.schema_version:
        event = msgspec.json.decode(path.read_bytes(), type=kind)
        assert isinstance(event, Event)
        again = msgspec.json.decode(msgspec.json.encode(event))
        assert again == msgspec.json.decode(path.read_bytes())


def test_every_command_leads_to_an_event_and_every_event_comes_of_a_command() -> None:
    for name in commands():
        assert events_of(name) or name == "refuse_admission", name
    for topic, kind in SHIPPED.items():
        if issubclass(kind, Decided):
            assert kind.step in commands(), f"{topic} comes of no command"


def test_personal_data_is_sealed_wherever_a_profile_stands() -> None:
    for topic, kind in SHIPPED.items():
        if "profile" in kind.__struct_fields__:
            assert "profile" in kind.sealed, topic


def test_why_somebody_stays_away_is_sealed_and_that_nothing_was_said_is_not() -> None:
    on, who = date(2026, 3, 1), Who(person=UUID(int=1))
    ill, silent = Absent(who, "患病"), Absent(who)
    assert {"exempt", "leave"} <= MeetingHeld(
        held_on=on, type="branch_assembly", exempt=(ill,), leave=(ill,)
    ).sealed_fields()
    assert not MeetingHeld(held_on=on, type="branch_assembly", exempt=(silent,)).sealed_fields()
    left_out = Excluded(who, "卧床", superior_consent=True, assembly_vote=True)
    assert "excluded" in CommitteeElected(held_on=on, excluded=(left_out,)).sealed_fields()
    assert "reason" in MeetingsExempted(exempted_on=on, reason="年老体弱").sealed_fields()


def test_why_a_post_ended_and_what_a_talk_was_about_are_sealed_and_what_was_stored_before_is_read() -> None:
    on, who = date(2026, 3, 1), Who(person=UUID(int=1))
    assert "reason" in PostEnded(ended_on=on, person=who, reason="患病").sealed_fields()
    assert "theme" in HeartToHeartTalkHeld(held_on=on, participants=(who,), theme="家庭困难").sealed_fields()
    before = {"_topic": "unit.post-ended", "ended_on": "2025-03-01", "reason": "患病"}
    assert msgspec.convert(before, PostEnded).reason == "患病"
