"""表决复核: a vote keeps its verdict; beside it stands what the roster as known today would say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.domain.person.events import AdmissionVoted
from workflows.kernel.clock import end_of_day

BRANCH = """
title = "a vote"
[unit]
name = "甲支部"
kind = "village"
full_members = 15
established_on = 2015-01-01
[people]
"王" = { stage = "target", since = 2025-03-01 }
"李" = { stage = "full", since = 2016-07-01 }
"赵" = { stage = "full", since = 2016-07-01 }
[[steps]]
on = 2025-02-01
do = "transfer_person"
person = "李"
with = { to_unit = "外县支部" }
[[steps]]
on = 2025-02-01
do = "transfer_person"
person = "赵"
with = { to_unit = "外县支部" }
"""
VOTE = """
[[steps]]
on = 2025-06-10
do = "vote_on_admission"
person = "王"
with = { attending = 7, in_favour = 7, secret = true }
"""
MEETING = """
[[steps]]
on = 2025-06-10
do = "hold_meeting"
with = { type = "branch_assembly", attending = 7, resolutions = [{ topic = "年度计划", in_favour = 7 }] }
"""
ELECTION = """
[[steps]]
on = 2025-06-10
do = "elect_committee"
with = { attending = 11, posts = { "钱" = "secretary", "孙" = "publicity", "周" = "discipline" } }
as_history = true
"""
NEVER_LEFT = """
[[steps]]
on = 2025-02-01
recorded_on = 2025-09-01
do = "retract"
with = { event = 1 }
reason = "组织关系没有转出"
[[steps]]
on = 2025-02-01
recorded_on = 2025-09-01
do = "retract"
with = { event = 2 }
reason = "组织关系没有转出"
"""


def history(told: Told, name: str, event: str, **asked: Any) -> dict[str, Any]:
    stream = told.answering.person_named(name) if name != "甲支部" else told.answering.unit_named(name)
    rows = told.answering.history(stream, date(2026, 1, 1), **asked)["rows"]
    return next(row for row in rows if row["event"] == event)


def verdicts(findings: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["rule"]: finding["verdict"] for finding in findings}


def test_a_vote_keeps_the_roll_of_its_day() -> None:
    told = Told(BRANCH + VOTE)
    with told.answering.opened() as opened:
        person = opened.books.person_state(told.answering.person_named("王"))
        (event,) = (act.event for act in person.acts if isinstance(act.event, AdmissionVoted))
        assert event.roll is not None
        assert len(event.roll) == event.votes.eligible == 13
        roster = opened.books.roster(told.answering.unit_named("甲支部"), date(2025, 6, 10))
        assert roster is not None
        assert event.roll == roster.roll
    assert "roll" not in history(told, "王", "AdmissionVoted")["facts"]


def test_a_vote_whose_roster_stands_is_found_no_otherwise() -> None:
    assert history(Told(BRANCH + VOTE), "王", "AdmissionVoted")["now"] == []


def test_this_vote_would_not_have_had_a_quorum() -> None:
    told = Told(BRANCH + VOTE + NEVER_LEFT)
    row = history(told, "王", "AdmissionVoted")
    assert verdicts(row["findings"])["dev-assembly-quorum"] == "ok"
    now = {finding["rule"]: finding for finding in row["now"]}
    assert now["dev-assembly-quorum"]["verdict"] == "block"
    assert now["dev-assembly-quorum"]["facts"] == {"attending": 7, "eligible": 15}
    assert now["dev-assembly-majority"]["verdict"] == "not_passed"


def test_what_was_recorded_stands_and_so_does_what_was_known_then() -> None:
    told = Told(BRANCH + VOTE + NEVER_LEFT)
    row = history(told, "王", "AdmissionVoted")
    assert row["facts"]["passed"] is True
    assert row["facts"]["votes"]["eligible"] == 13
    then = history(told, "王", "AdmissionVoted", known_on=end_of_day(date(2025, 7, 1)))
    assert then["now"] == []


def test_it_stands_in_the_pipeline_and_among_the_votes_of_the_branch() -> None:
    told = Told(BRANCH + VOTE + NEVER_LEFT)
    (row,) = told.rows("pipeline", person="王", on=date(2025, 12, 1))
    done = {act["step"]: act for act in row["done"]}
    assert verdicts(done["vote_on_admission"]["now"])["dev-assembly-quorum"] == "block"
    (vote,) = told.answering.votes(told.answering.unit_named("甲支部"), date(2025, 12, 1))["rows"]
    assert (vote["event"], vote["person"], vote["on"]) == ("AdmissionVoted", "王", "2025-06-10")
    assert told.answering.votes(None, date(2025, 5, 1))["rows"] == []


def test_a_smaller_roster_may_give_a_quorum_that_was_missing() -> None:
    left = BRANCH.replace("on = 2025-02-01", "on = 2025-02-01\nrecorded_on = 2025-09-01")
    told = Told(left + VOTE + "as_history = true\n")
    row = history(told, "王", "AdmissionVoted")
    assert verdicts(row["findings"])["dev-assembly-quorum"] == "block"
    assert verdicts(row["now"])["dev-assembly-quorum"] == "ok"


def test_resolutions_of_an_assembly_are_judged_again() -> None:
    told = Told(BRANCH + MEETING + NEVER_LEFT)
    row = history(told, "甲支部", "MeetingHeld")
    assert {finding["verdict"] for finding in row["now"]} <= {"block", "not_passed"}
    assert row["now"]
    kept = Told(BRANCH + MEETING)
    assert history(kept, "甲支部", "MeetingHeld")["now"] == []


def test_an_election_is_judged_again_without_those_left_out() -> None:
    told = Told(BRANCH + ELECTION + NEVER_LEFT)
    row = history(told, "甲支部", "CommitteeElected")
    assert verdicts(row["now"]) == {"elect-quorum": "block"}
    assert history(Told(BRANCH + ELECTION), "甲支部", "CommitteeElected")["now"] == []


BY_ELECTION = """
[[steps]]
on = 2025-06-10
do = "elect_by"
with = { attending = 11, posts = { "吴" = "organization" } }
as_history = true
"""


def test_a_by_election_is_judged_again_too() -> None:
    told = Told(BRANCH + BY_ELECTION + NEVER_LEFT)
    row = history(told, "甲支部", "ByElectionHeld")
    assert verdicts(row["now"]) == {"elect-quorum": "block"}
    assert history(Told(BRANCH + BY_ELECTION), "甲支部", "ByElectionHeld")["now"] == []


BARRED = """
[people."孙"]
stage = "full"
since = 2016-07-01
[[steps]]
on = 2025-05-01
recorded_on = 2025-09-01
do = "bar_rights"
person = "孙"
as_history = true
"""


def test_who_had_no_right_to_be_elected_comes_out_later() -> None:
    row = history(Told(BRANCH + ELECTION + BARRED), "甲支部", "CommitteeElected")
    assert verdicts(row["now"])["elect-rights"] == "block"


CAME_AFTER_ALL = """
title = "left out of those who should attend, and came"
[unit]
name = "甲支部"
full_members = 5
[people]
"王" = { stage = "full", since = 2015-07-01 }
"李" = { stage = "full", since = 2015-07-01 }
"张" = { stage = "full", since = 2015-07-01 }
"赵" = { stage = "full", since = 2015-07-01 }
"孙" = { stage = "full", since = 2015-07-01 }
[[steps]]
on = 2025-11-01
do = "elect_committee"
[steps.with]
attending = %s
seats = 1
secret = true
excluded = [{ person = "孙", reason = "长期外出", superior_consent = true, assembly_vote = true }]
candidates = [{ person = "王", votes = 3 }, { person = "李", votes = 1 }]
"""


@pytest.mark.parametrize(
    ("came", "eligible", "attending"),
    [(["王", "李", "张", "赵"], 4, 4), (["王", "李", "张", "孙"], 5, 4)],
)
def test_only_who_cannot_come_is_left_out_of_those_who_should_attend(
    came: list[str], eligible: int, attending: int
) -> None:
    """Of five one is left out; where that one came all the same, four of five are there."""
    told = Told(CAME_AFTER_ALL % json.dumps(came, ensure_ascii=False))
    row = history(told, "甲支部", "CommitteeElected")
    quorum = next(f for f in row["findings"] if f["rule"] == "elect-quorum")
    assert quorum["facts"] == {"attending": attending, "eligible": eligible}
    notes = [f["rule"] for f in row["findings"] if f["rule"].startswith("input-")]
    assert notes == (["input-excluded-came"] if "孙" in came else [])
    assert row["now"] == []
