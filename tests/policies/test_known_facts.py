"""What a rule may ask for is what the domain gives: one list, held against the source."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from tests.support.facts import facts_given
from workflows.domain.unit.commands import MeetingType
from workflows.policies.acts import MEETINGS
from workflows.policies.known_facts import GIVEN, TO_COME

WAITING = Path(__file__).parents[1] / "data" / "rules-waiting.txt"


def test_the_facts_known_to_the_check_are_those_that_states_and_commands_give() -> None:
    assert sorted(GIVEN ^ facts_given()) == []


def test_the_facts_to_come_are_given_by_nothing_and_hold_all_that_rules_wait_for() -> None:
    waiting = {
        line.split()[1] for line in WAITING.read_text("utf-8").splitlines() if not line.startswith("#")
    }
    assert sorted(TO_COME & facts_given()) == []
    assert waiting <= TO_COME


def test_the_meetings_known_to_the_check_are_those_that_one_can_hold() -> None:
    assert get_args(MeetingType) == MEETINGS
