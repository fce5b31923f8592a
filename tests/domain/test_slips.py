"""Days in an order that cannot be are refused; what is left untold is said, and refuses nothing."""

from datetime import date

import pytest

from tests.support.builders import a_full_member, a_probationary_member, a_target, an_activist
from tests.support.scenario import UNIT, given
from workflows.application.commands import parse
from workflows.domain.act import Command
from workflows.domain.person import commands as cmd
from workflows.domain.person import events as ev
from workflows.domain.person import member_commands as mcmd
from workflows.domain.person import member_events as mv
from workflows.kernel.events import Event

DAY, BEFORE, NEXT = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 3)
MEMBER, TARGET = a_full_member(), a_target(date(2025, 3, 1))


@pytest.mark.parametrize(
    ("past", "refused", "allowed"),
    [
        (MEMBER, cmd.BarRights(on=DAY, until=BEFORE), cmd.BarRights(on=DAY, until=DAY)),
        (MEMBER, mcmd.ExemptFromMeetings(on=DAY, until=BEFORE), mcmd.ExemptFromMeetings(on=DAY, until=NEXT)),
        (
            TARGET,
            cmd.CompleteIntensiveCourse(on=DAY, begun=DAY, ended=BEFORE),
            cmd.CompleteIntensiveCourse(on=NEXT, begun=BEFORE, ended=NEXT),
        ),
        ([], cmd.RegisterMember(on=DAY, admitted_on=DAY, full_since=BEFORE), cmd.RegisterMember(on=DAY)),
        (
            TARGET,
            cmd.ConcludePreliminaryReview(on=DAY, passed=True, leaving_on=BEFORE),
            cmd.ConcludePreliminaryReview(on=DAY, passed=True, leaving_on=date(2026, 9, 1)),
        ),
    ],
)
def test_a_day_that_cannot_come_before_another_is_refused(
    past: list[Event], refused: Command, allowed: Command
) -> None:
    given(*past).when(refused).then_refused("input-days-reversed")
    assert "input-days-reversed" not in {f.rule for f in given(*past).when(allowed).made.findings}


def test_a_birth_day_told_wrong_is_not_repeated_in_what_is_kept() -> None:
    made = given().when(cmd.RegisterMember(on=DAY, born_on=NEXT, full_since=DAY)).made
    (found,) = [f for f in made.findings if f.rule == "input-days-reversed"]
    assert str(NEXT) not in str(found.facts)


def test_an_application_without_a_birth_day_is_recorded_and_says_what_was_not_checked() -> None:
    then = given().when(cmd.ReceiveApplication(on=DAY, name="王"))
    then.then_finds("input-born-untold", "note")
    assert then.made.verdict == "ok"
    told = given().when(cmd.ReceiveApplication(on=DAY, name="王", born_on=date(2000, 1, 1)))
    assert "input-born-untold" not in {f.rule for f in told.made.findings}
    old = given().when(cmd.ReceiveApplication(on=DAY, name="王"), complete=False)
    assert "input-born-untold" not in {f.rule for f in old.made.findings}


def test_rights_barred_without_an_end_are_recorded_and_say_so() -> None:
    then = given(*MEMBER).when(cmd.BarRights(on=DAY))
    then.then_finds("input-bar-without-end", "note")
    assert then.made.verdict == "ok"


def test_a_blank_name_is_nobody_and_who_is_named_twice_is_one_person() -> None:
    blank = parse("assign_mentors", {"persons": [" ", "\u3000"]}, DAY)
    given(*an_activist(date(2025, 3, 1))).when(blank).then_refused("dev-contact")
    twice = given(*an_activist(date(2025, 3, 1))).when(cmd.AssignMentors(on=DAY, persons=["李", "李"]))
    (event,) = twice.made.events
    assert isinstance(event, ev.MentorsAssigned)
    assert len(event.persons or ()) == 1


def test_probation_is_not_deferred_to_a_day_that_has_passed() -> None:
    past = [
        *a_probationary_member(date(2025, 3, 20)),
        mv.PersonTransferred(transferred_on=date(2025, 12, 1), unit_id=UNIT),
    ]
    given(*past).when(mcmd.DeferConversion(on=DAY, until=BEFORE)).then_refused("input-days-reversed")
