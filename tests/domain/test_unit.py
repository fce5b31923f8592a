"""Elections and meetings: who may be elected by how many, what makes a meeting valid."""

from datetime import date

from tests.support.builders import a_branch
from tests.support.scenario import Neighbours, given
from workflows.domain.act import Who
from workflows.domain.unit import commands as cmd
from workflows.domain.unit import events as ev


def _election(**facts: object) -> cmd.ElectCommittee:
    return cmd.ElectCommittee(on=date(2025, 3, 1), **facts)  # type: ignore[arg-type]


def _votes(*votes: int) -> list[cmd.CandidateVotes]:
    return [cmd.CandidateVotes(name, number) for name, number in zip("甲乙丙丁戊己", votes, strict=False)]


def test_exactly_four_fifths_are_enough_since_2020() -> None:
    then = given(*a_branch()).when(
        _election(eligible=25, attending=20, seats=3, candidates=_votes(20, 20, 20, 5))
    )
    then.then_finds("elect-quorum", "ok")


def test_one_less_is_not() -> None:
    (
        given(*a_branch())
        .when(_election(eligible=25, attending=19, seats=3, candidates=_votes(19, 19, 19, 5)))
        .then_refused("elect-quorum")
    )


def test_three_seats_need_four_candidates() -> None:
    (
        given(*a_branch())
        .when(_election(eligible=25, attending=25, seats=3, candidates=_votes(25, 25, 25)))
        .then_refused("elect-surplus")
    )


def test_a_tie_at_the_last_seat_elects_neither() -> None:
    then = given(*a_branch()).when(
        _election(eligible=25, attending=25, seats=3, candidates=_votes(25, 24, 15, 15))
    )
    (event,) = then.made.events
    assert isinstance(event, ev.CommitteeElected)
    assert event.elected == (Who(name="甲"), Who(name="乙"))


def test_half_of_those_present_is_not_enough_to_be_elected() -> None:
    then = given(*a_branch()).when(
        _election(eligible=20, attending=20, seats=3, candidates=_votes(11, 10, 12, 13))
    )
    (event,) = then.made.events
    assert isinstance(event, ev.CommitteeElected)
    assert event.elected == (Who(name="丁"), Who(name="丙"), Who(name="甲"))


def test_seven_full_members_need_a_committee() -> None:
    (
        given(*a_branch(), neighbours=Neighbours(voters=7))
        .when(_election(eligible=7, attending=7, posts={"甲": "secretary"}))
        .then_refused("branch-committee-min")
    )


def test_six_full_members_have_a_secretary_and_perhaps_a_deputy() -> None:
    posts = {"甲": "secretary", "乙": "deputy_secretary"}
    given(*a_branch(), neighbours=Neighbours(voters=6)).when(
        _election(eligible=6, attending=6, posts=posts)
    ).then_finds("branch-small", "ok")


def test_a_meeting_with_another_number_than_the_roster_has_a_note() -> None:
    meeting = cmd.HoldMeeting(on=date(2025, 3, 1), type="branch_assembly", eligible=15, attending=15)
    given(*a_branch()).when(meeting).then_finds("input-eligible-roster", "note")


def test_a_vote_needs_half_of_those_with_a_vote() -> None:
    resolution = [cmd.ResolutionVotes("计划", in_favour=7)]
    meeting = cmd.HoldMeeting(
        on=date(2025, 3, 1), type="branch_assembly", attending=7, resolutions=resolution
    )
    given(*a_branch()).when(meeting).then_refused("meet-assembly-quorum")


def test_without_a_vote_an_assembly_needs_no_quorum() -> None:
    meeting = cmd.HoldMeeting(on=date(2025, 3, 1), type="branch_assembly", attending=7)
    then = given(*a_branch()).when(meeting)
    assert then.made.verdict == "ok"


def test_a_unit_that_is_not_on_the_books_holds_no_meeting() -> None:
    meeting = cmd.HoldMeeting(on=date(2025, 3, 1), type="branch_assembly", attending=7)
    given().when(meeting).then_refused("branch-approve")
