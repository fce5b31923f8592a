"""Questions of a story: names, defaults, horizons of knowledge."""

from datetime import date

import pytest

from tests.support.books import Told
from workflows.domain.person.events import MemberRegistered, Profile
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import NewEvent
from workflows.kernel.ids import derived

TWINS = """
[[units]]
name = "甲支部"
full_members = 3
established_on = 2015-01-01
[[units]]
name = "乙支部"
full_members = 3
established_on = 2015-01-01
[people]
"李" = { stage = "full", since = 2016-07-01, unit = "乙支部" }
[[steps]]
on = 2026-01-20
recorded_on = 2026-02-20
unit = "乙支部"
do = "hold_meeting"
with = { type = "branch_assembly", attending = 2 }
"""


@pytest.fixture(scope="module")
def told() -> Told:
    return Told('title = "two branches"\n' + TWINS.replace("[[units]]", "[unit]", 1))


def test_each_branch_of_a_story_has_the_members_told_of_it(told: Told) -> None:
    for name in ("甲支部", "乙支部"):
        state = told.answering.ask("state", {"unit": name, "as_of": date(2026, 1, 1)})
        assert (name, state["full_members"]) == (name, 3)


def test_a_name_that_two_people_bear_is_no_answer(told: Told) -> None:
    for unit in ("甲支部", "乙支部"):
        unit_id = told.answering.unit_named(unit)
        event = MemberRegistered(member_on=date(2015, 1, 1), unit_id=unit_id, profile=Profile(name="周"))
        told.log.append(
            [
                NewEvent(
                    stream_id=derived(unit), version=1, event_id=derived(unit, 1), event=event,
                    actor="tester", origin="sandbox",
                )
            ]
        )  # fmt: skip
    with pytest.raises(WrongUsage) as refused:
        told.answering.person_named("周")
    assert refused.value.code == "person-ambiguous"
    assert {person["unit"] for person in refused.value.facts["people"]} == {"甲支部", "乙支部"}
    second = told.answering.unit_named("乙支部")
    assert told.answering.person_named("周", second) == derived("乙支部")


@pytest.mark.parametrize(
    ("question", "arguments", "code"),
    [
        ("state", {"person": "谁"}, "person-unknown"),
        ("state", {"unit": "丙支部"}, "unit-unknown"),
        ("deadlines", {"person": "李", "day": date(2026, 1, 1)}, "question-argument"),
        ("deadlines", {"status": "late"}, "status-unknown"),
        ("compliance", {"period": "2026-13"}, "period-unreadable"),
        ("compliance", {}, "question-argument"),
        ("state", {"unit": "甲支部", "known_on": "gestern"}, "known-on-unreadable"),
        ("weather", {}, "question-unknown"),
    ],
)
def test_what_cannot_be_asked_is_said(
    told: Told, question: str, arguments: dict[str, object], code: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        told.answering.ask(question, arguments)
    assert refused.value.code == code


@pytest.mark.parametrize("known_on", [date(2026, 2, 19), "2026-02-19", "2026-02-20T08:00+08:00", "@3"])
def test_a_horizon_is_a_day_to_its_end_a_moment_or_a_position(told: Told, known_on: object) -> None:
    def quarter(known: object) -> str:
        asked = {"unit": "乙支部", "period": "2026-Q1", "known_on": known}
        rows = told.rows("compliance", **asked)
        return next((row["verdict"] for row in rows if row["rule"] == "meet-assembly"), "")

    assert quarter(known_on) == "missing"
    assert quarter("2026-02-20") == quarter(None) == "met"


def test_an_answer_says_for_which_day_and_by_what_knowledge_it_holds(told: Told) -> None:
    answer = told.answering.ask("deadlines", {"on": date(2026, 3, 1), "known_on": "@4"})
    assert (answer["as_of"], answer["known_on"], answer["position"]) == ("2026-03-01", "@4", told.log.head())


def test_a_ledger_nobody_knows_is_refused(told: Told) -> None:
    with pytest.raises(WrongUsage) as refused:
        told.answering.ledger("流水账")
    assert refused.value.code == "ledger-unknown"
    (row,) = told.answering.ledger("党组织工作台账", year=2026, on=date(2026, 3, 1))["rows"]
    assert (row["unit"], row["type"], row["eligible"]) == ("乙支部", "branch_assembly", 3)
