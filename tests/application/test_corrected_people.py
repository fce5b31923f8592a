"""A correction takes what the command takes: people by name, and nothing that the command would refuse."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.application.books import Books
from workflows.domain.act import Who
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, FactCorrected

DAY, LATER = date(2026, 3, 2), date(2026, 5, 1)


class Branch:
    """A branch with three members, and a second one with somebody of its own."""

    def __init__(self) -> None:
        self.county = County()
        self.unit = self.county.branch()
        self.ids = {name: self.county.member(self.unit, name) for name in ("王一", "李二", "赵四")}
        self.county.member(self.county.branch("乙支部"), "周别处")

    def held(self, verb: str, **fields: Any) -> UUID:
        """Record an act of the branch and return its event."""
        return self.county.do(verb, DAY, unit=self.unit, as_history=True, **fields).event_ids[0]

    def correct(self, event: UUID, field: str, value: Any) -> FactCorrected:
        """Correct a field and return the correction as recorded."""
        self.county.correct(event, field, value, LATER)
        correction = self.county.app.log.records[-1].event
        assert isinstance(correction, FactCorrected)
        return correction

    def event(self, event: UUID) -> Event:
        """Return an event as the state holds it, corrected."""
        state = Books(self.county.app.log, self.county.app.rules).unit_state(self.unit)
        return next(act.event for act in state.acts if act.source.event_id == event)

    def who(self, *names: str) -> tuple[Who, ...]:
        """Return people on the books by name, others as bare names."""
        return tuple(Who(person=self.ids[n]) if n in self.ids else Who(name=n) for n in names)


@pytest.fixture
def branch() -> Branch:
    return Branch()


@pytest.mark.parametrize(
    ("verb", "field", "value"),
    [
        ("hold_meeting", "chair", "王一"),
        ("hold_meeting", "chair", "外人乙"),
        ("hold_meeting", "lecturer", "周别处"),
        (
            "hold_meeting",
            "leave",
            [{"person": "李二", "reason": "病"}, {"person": "外人乙", "reason": "出差"}],
        ),
        ("elect_committee", "posts", {"王一": "secretary", "外人乙": "member"}),
        ("elect_committee", "candidates", [{"person": "赵四", "votes": 3}, {"person": "外人乙"}]),
        ("elect_committee", "excluded", [{"person": "李二", "reason": "病", "assembly_vote": True}]),
    ],
)
def test_a_corrected_field_is_what_the_command_would_have_made_of_it(
    branch: Branch, verb: str, field: str, value: Any
) -> None:
    more = {"type": "party_lecture"} if verb == "hold_meeting" else {}
    recorded = branch.held(verb, **more, **{field: value})
    corrected = branch.held(verb, **more)
    correction = branch.correct(corrected, field, value)
    assert getattr(branch.event(corrected), field) == getattr(branch.event(recorded), field)
    bare = any(name in str(value) for name in ("外人乙", "周别处"))
    reasoned = "reason" in str(value)  # why somebody stays away is sealed too
    assert correction.personal is (bare or reasoned)
    assert bare or not any(name in str(correction.value) for name in branch.ids)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("李二", ("李二",)),
        (["李二"], ("李二",)),
        (["王一", "李二"], ("王一", "李二")),
        ({"name": "李二"}, ("李二",)),
        ([{"name": "李二"}, "外人乙"], ("李二", "外人乙")),
        ("外人乙", ("外人乙",)),
    ],
)
def test_one_or_several_may_be_named(branch: Branch, value: Any, names: tuple[str, ...]) -> None:
    elected = branch.held("elect_committee", posts={"赵四": "secretary"})
    branch.correct(elected, "elected", value)
    assert branch.event(elected).elected == branch.who(*names)  # type: ignore[attr-defined]


def test_ids_are_taken_as_before(branch: Branch) -> None:
    elected = branch.held("elect_committee", posts={"赵四": "secretary"})
    branch.correct(elected, "elected", [str(branch.ids["王一"]), {"person": str(branch.ids["李二"])}])
    assert branch.event(elected).elected == branch.who("王一", "李二")  # type: ignore[attr-defined]


def test_of_two_of_one_name_the_member_on_the_day_of_the_act_is_meant(branch: Branch) -> None:
    county, meeting = branch.county, branch.held("hold_meeting", type="party_lecture")
    other = county.member(branch.unit, "王一", full_since=date(2026, 4, 1), born_on=date(1990, 1, 1))
    assert other != branch.ids["王一"]
    branch.correct(meeting, "chair", "王一")
    assert branch.event(meeting).chair == Who(person=branch.ids["王一"])  # type: ignore[attr-defined]


def test_a_name_that_two_members_have_stays_a_bare_name(branch: Branch) -> None:
    branch.county.member(branch.unit, "王一", born_on=date(1990, 1, 1))
    meeting = branch.held("hold_meeting", type="party_lecture")
    assert branch.correct(meeting, "chair", "王一").personal
    assert branch.event(meeting).chair == Who(name="王一")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("verb", "field", "value"),
    [
        ("hold_meeting", "type", "瞎写"),
        ("hold_meeting", "attending", -4),
        ("hold_meeting", "for_period", "去年"),
        ("hold_meeting", "chair", 3),
        ("hold_meeting", "leave", [3]),
        ("hold_meeting", "leave", 3),
        ("elect_committee", "posts", {"李二": "瞎写"}),
        ("elect_committee", "posts", "李二"),
        ("elect_committee", "posts", 3),
        ("elect_committee", "candidates", [{"person": "李二", "votes": -1}]),
        ("elect_committee", "elected", [3]),
        ("elect_committee", "elected", ""),
    ],
)
def test_what_the_command_would_not_take_no_correction_puts_in(
    branch: Branch, verb: str, field: str, value: Any
) -> None:
    more = {"type": "party_lecture"} if verb == "hold_meeting" else {}
    event = branch.held(verb, **more)
    size = len(branch.county.app.log.records)
    with pytest.raises(WrongUsage) as refused:
        branch.correct(event, field, value)
    assert refused.value.code == "field-value"
    assert len(branch.county.app.log.records) == size


@pytest.mark.parametrize(("field", "value"), [("in_favour", -1), ("votes", {"in_favour": -1})])
def test_nor_in_a_part_of_the_event(branch: Branch, field: str, value: Any) -> None:
    applied = branch.county.do(
        "receive_application", date(2024, 1, 5), unit=branch.unit, name="欧阳", born_on=date(1990, 1, 1)
    )
    voted = branch.county.do(
        "vote_on_admission", DAY, person=applied.stream_id, as_history=True, attending=3, in_favour=3
    )
    with pytest.raises(WrongUsage) as refused:
        branch.correct(voted.event_ids[0], field, value)
    assert refused.value.code == "field-value"


def test_a_refused_word_is_told_with_those_that_may_stand_there(branch: Branch) -> None:
    elected = branch.held("elect_committee", posts={"赵四": "secretary"})
    with pytest.raises(WrongUsage) as refused:
        branch.correct(elected, "posts", {"李二": "瞎写"})
    assert "secretary | youth" in str(refused.value.facts["detail"])
