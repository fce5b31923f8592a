"""合并重复的人: which records of two streams tell of one act, and which are acts of their own."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.application.commands import commands, events_of
from workflows.domain.act import Decided
from workflows.domain.person import member_events as mv
from workflows.domain.person.charge_events import PersonCharged
from workflows.domain.person.events import MemberRegistered, MentorsAssigned
from workflows.domain.person.joined import ANY_NUMBER, ONCE, ONE_A_DAY, is_same_act
from workflows.kernel.events import event_types

ON = date(2025, 7, 10)
APART = (MemberRegistered, mv.PersonsMerged)
"""A registration is one whatever its day; a merger is no act of the course."""

OF_A_PERSON = sorted(
    {
        kind
        for kind in event_types().values()
        if issubclass(kind, Decided)
        and not kind.topic().startswith("test")
        and (kind.topic().startswith("person.") or commands()[kind.step].aggregate == "any")
    },
    key=lambda kind: kind.topic(),
)


def test_there_are_events_of_people() -> None:
    assert len(OF_A_PERSON) > 50
    assert set(events_of("attach")) <= set(OF_A_PERSON), "papers lie with a person too"


@pytest.mark.parametrize("kind", OF_A_PERSON, ids=lambda kind: kind.__name__)
def test_every_act_is_sorted_on_purpose(kind: type[Decided]) -> None:
    sorts = [sort for sort in (ONCE, ANY_NUMBER, ONE_A_DAY, APART) if issubclass(kind, sort)]
    assert len(sorts) == 1, "once in a course, once a day, or any number of times a day?"


def test_a_criticism_and_a_case_filed_on_one_day_are_two_charges() -> None:
    criticised = PersonCharged(charged_on=ON, form="criticised", authority="县纪委监委", over_work=False)
    filed = PersonCharged(charged_on=ON, form="case_filed", authority="县纪委监委")
    assert not is_same_act(criticised, filed)
    assert is_same_act(filed, PersonCharged(charged_on=ON, form="case_filed", authority="县纪委监委"))


def test_two_bars_two_returns_and_two_reductions_of_one_day_stay_two() -> None:
    for one, other in (
        (mv.RightsBarred(barred_on=ON, ground="detention"), mv.RightsBarred(barred_on=ON, ground="arrest")),
        (
            mv.PapersReturned(returned_on=ON, returned="file_activist", reason="缺"),
            mv.PapersReturned(returned_on=ON, returned="assign_mentors", reason="缺"),
        ),
        (
            mv.DuesReduced(agreed_on=ON, first_month="2025-01", last_month="2025-03"),
            mv.DuesReduced(agreed_on=ON, first_month="2025-04", last_month="2025-06"),
        ),
    ):
        assert not is_same_act(one, other)
        assert is_same_act(one, one)


def test_what_happens_once_a_day_is_one_act_however_it_is_told() -> None:
    assert is_same_act(MentorsAssigned(assigned_on=ON), MentorsAssigned(assigned_on=ON, persons=None))
