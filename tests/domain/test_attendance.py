"""Who should attend, who came, who was free to stay away: no head counted twice, whatever is told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.support.scenario import UNIT, Neighbours
from workflows.domain.act import Who
from workflows.domain.facts import Roster
from workflows.domain.unit.attendance import Attendance, attendance, least_present
from workflows.domain.unit.events import Absent, Excluded, MeetingHeld
from workflows.domain.unit.meetings import on_leave_and_here
from workflows.domain.unit.state import Unit
from workflows.kernel.calendar import Calendar
from workflows.kernel.ids import derived
from workflows.policies.facts import Fact, FactBook
from workflows.policies.kinds import Exemption, Share
from workflows.policies.rule import Act

DAY = date(2026, 3, 20)
MOST = 12
PEOPLE = [derived("member", number) for number in range(MOST)]


class Here(Neighbours):
    """A branch of so many members, some of whom have a standing word that they need not come."""

    def __init__(self, members: int, standing: set[int], probationary: int = 0) -> None:
        super().__init__()
        everybody = PEOPLE[:members]
        self._roster = Roster(
            members - probationary,
            probationary,
            frozenset(everybody[: members - probationary]),
            everybody=frozenset(everybody),
            exempt=frozenset(PEOPLE[one] for one in standing if one < members),
        )

    def roster(self, unit_id: object, on: date) -> Roster:
        """Return the one roster there is."""
        return self._roster


members = st.integers(1, MOST)
some = st.sets(st.integers(0, MOST - 1))


def counted(
    here: Here, *, told: set[int], came: set[int] | int | None, eligible: int | None = None
) -> Attendance:
    named = tuple(Who(person=PEOPLE[one]) for one in sorted(came)) if isinstance(came, set) else ()
    event = MeetingHeld(
        held_on=DAY,
        type="theme_party_day",
        eligible=eligible,
        attending=came if isinstance(came, int) else None,
        attendees=named,
        exempt=tuple(Absent(Who(person=PEOPLE[one])) for one in sorted(told)),
    )
    return attendance(event, "theme_party_day", Unit(UNIT), here)


RATE = Share.model_validate(
    {
        "id": "rate",
        "label": "到会率",
        "kind": "share",
        "on": ["hold_meeting"],
        "of": "attending",
        "base": "eligible",
        "exempt_by": "free",
        "severity": "warn",
        "values": [{"from": date(2015, 1, 1), "value": "4/5"}],
        "clauses": [{"from": date(2015, 1, 1), "article": "第一条", "confidence": "GK"}],
    }
)
FREE = Exemption.model_validate(
    {
        "id": "free",
        "label": "免到",
        "kind": "exemption",
        "on": ["hold_meeting"],
        "severity": "record",
        "values": [{"from": date(2015, 1, 1), "value": "out_of_base"}],
        "clauses": [{"from": date(2015, 1, 1), "article": "第二条", "confidence": "GK"}],
    }
)


def rate(found: Attendance) -> tuple[int, int]:
    """Return number and base as the rate counts them."""
    told = {name: getattr(found, name) for name in ("eligible", "attending", "exempt", "exempt_here")}
    book = FactBook({name: Fact(value) for name, value in told.items() if value is not None})
    held = [(rule, rule.values[0]) for rule in (RATE, FREE)]
    number, base, _ = RATE.numbers(Act("hold_meeting", DAY, book, Calendar(), held))
    assert number is not None
    assert base is not None
    return number, base


@given(members, some, some, some)
def test_named_people_are_counted_once_and_never_more_than_are_due(
    size: int, standing: set[int], told: set[int], came: set[int]
) -> None:
    found = counted(Here(size, standing), told=told, came=came or {0})
    present = {one for one in came or {0} if one < size}
    free = {one for one in standing | told if one < size}
    assert (found.eligible, found.attending) == (size, len(present))
    assert (found.exempt, found.exempt_here) == (len(free), len(free & present))
    assert rate(found) == (len(present - free), size - len(free))


@given(members, some, some, st.data())
def test_a_head_count_is_never_above_its_base(
    size: int, standing: set[int], told: set[int], data: st.DataObject
) -> None:
    came = data.draw(st.integers(0, size))
    number, base = rate(counted(Here(size, standing), told=told, came=came))
    assert 0 <= number <= base <= size


@given(members, some, some, st.data())
def test_one_more_who_comes_never_lowers_the_share(
    size: int, standing: set[int], told: set[int], data: st.DataObject
) -> None:
    came = data.draw(st.integers(0, size - 1))
    here = Here(size, standing)
    fewer, more = (rate(counted(here, told=told, came=number)) for number in (came, came + 1))
    assert _share(fewer) <= _share(more)


@given(members, some, some, st.data())
def test_one_more_who_is_free_never_lowers_the_share(
    size: int, standing: set[int], told: set[int], data: st.DataObject
) -> None:
    came = data.draw(st.integers(0, size))
    one_more = data.draw(st.integers(0, size - 1))
    here = Here(size, standing)
    before, after = (rate(counted(here, told=one, came=came)) for one in (told, told | {one_more}))
    assert _share(before) <= _share(after)


def _share(numbers: tuple[int, int]) -> Fraction:
    number, base = numbers
    return Fraction(number, base) if base else Fraction(1)


@given(members, some, some, st.data())
def test_whom_the_clerk_left_out_of_the_number_due_is_not_taken_off_again(
    size: int, standing: set[int], told: set[int], data: st.DataObject
) -> None:
    here = Here(size, standing)
    free = {one for one in standing | told if one < size}
    came = data.draw(st.integers(0, size - len(free)))
    left_out = data.draw(st.integers(0, len(free)))
    whole = rate(counted(here, told=told, came=came))
    assert rate(counted(here, told=told, came=came, eligible=size - left_out)) == whole


@given(members, some, some)
def test_a_vote_has_all_voters_for_its_base_whoever_is_free(
    size: int, standing: set[int], told: set[int]
) -> None:
    event = MeetingHeld(
        held_on=DAY,
        type="branch_assembly",
        exempt=tuple(Absent(Who(person=PEOPLE[one])) for one in sorted(told)),
    )
    assert attendance(event, "branch_assembly", Unit(UNIT), Here(size, standing)).eligible == size


@given(members, some)
def test_only_who_has_both_approvals_is_left_out_of_a_vote(size: int, approved: set[int]) -> None:
    event = MeetingHeld(
        held_on=DAY,
        type="branch_assembly",
        excluded=tuple(
            Excluded(Who(person=one), superior_consent=True, assembly_vote=number in approved)
            for number, one in enumerate(PEOPLE[:size])
        ),
    )
    found = attendance(event, "branch_assembly", Unit(UNIT), Here(size, set()))
    assert found.eligible == size - len([one for one in approved if one < size])


@given(st.integers(0, 60), st.integers(0, 60), st.data())
def test_of_a_smaller_body_no_more_are_taken_to_have_come_than_surely_did(
    of: int, whole: int, data: st.DataObject
) -> None:
    attending = data.draw(st.integers(0, of))
    least = least_present(attending, of, whole)
    assert least is not None
    assert 0 <= least <= min(attending, whole)
    if whole <= of:
        assert attending - least <= of - whole


def test_members_on_probation_count_where_all_members_are_due_and_not_in_a_vote() -> None:
    here = Here(5, set(), probationary=2)
    came = tuple(Who(person=one) for one in PEOPLE[:5])
    event = MeetingHeld(held_on=DAY, type="theme_party_day", also=("branch_assembly",), attendees=came)
    day, vote = (attendance(event, kind, Unit(UNIT), here) for kind in event.types)
    assert (day.eligible, day.attending) == (5, 5)
    assert (vote.eligible, vote.attending) == (3, 3)


def test_nobody_is_counted_whom_the_roster_does_not_know() -> None:
    event = MeetingHeld(
        held_on=DAY,
        type="theme_party_day",
        attendees=(Who(person=PEOPLE[0]), Who(name="来宾")),
        exempt=(Absent(Who(name="来宾")),),
    )
    found = attendance(event, "theme_party_day", Unit(UNIT), Here(3, set()))
    assert (found.eligible, found.attending, found.exempt) == (3, 1, 0)


def test_who_is_named_as_present_and_on_leave_is_remarked_and_counts_as_present() -> None:
    both = Who(person=PEOPLE[0])
    event = MeetingHeld(held_on=DAY, type="theme_party_day", attendees=(both,), leave=(Absent(both, "生病"),))
    assert [finding.rule for finding in on_leave_and_here(event)] == ["input-on-leave-came"]
    assert attendance(event, "theme_party_day", Unit(UNIT), Here(3, set())).attending == 1
    apart = MeetingHeld(held_on=DAY, type="theme_party_day", attendees=(both,))
    assert on_leave_and_here(apart) == ()
