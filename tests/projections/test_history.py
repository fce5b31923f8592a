"""历史: what is on the books of a branch or a person, as of a day and as known on another."""

from datetime import date
from typing import Any

import pytest

from tests.support.books import Told
from workflows.domain.person.events import Profile
from workflows.kernel.clock import end_of_day
from workflows.kernel.events import FactCorrected
from workflows.kernel.ids import derived
from workflows.projections.naming import SHOWN_OF_A_PHONE, masked, masked_profile

CORRECTED = """
[[steps]]
on = 2026-01-20
do = "hold_meeting"
with = { type = "branch_assembly", attending = 12, topics = ["计划"] }
[[steps]]
on = 2026-02-20
do = "hold_meeting"
with = { type = "theme_party_day", attending = 15 }
[[steps]]
on = 2026-03-01
do = "correct"
with = { event = 1, field = "attending", value = 11, reason = "记错" }
[[steps]]
on = 2026-04-01
do = "retract"
with = { event = 2, reason = "重复" }
"""


def rows_of(answer: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {row["position"]: row for row in answer["rows"]}


def test_before_and_after_a_correction_histories_differ_exactly_by_it() -> None:
    told = Told(CORRECTED)
    branch = told.answering.unit_named("甲支部")
    first, then = (end_of_day(date(2026, 2, 28)), end_of_day(date(2026, 3, 1)))
    before = told.answering.history(branch, date(2026, 6, 30), first)
    after = told.answering.history(branch, date(2026, 6, 30), then)
    meeting, correction = told.played[0].outcome.position, told.played[2].outcome.position
    old, new = rows_of(before), rows_of(after)
    assert set(new) - set(old) == {correction}
    assert {position for position in old if old[position] != new[position]} == {meeting}
    assert (old[meeting]["facts"]["attending"], new[meeting]["facts"]["attending"]) == (12, 11)
    assert (old[meeting]["corrected_by"], new[meeting]["corrected_by"]) == ([], [correction])
    assert new[correction]["facts"] == {
        "corrected_on": "2026-03-01", "event": meeting, "field": "attending", "value": 11, "reason": "记错",
        "evidence": None, "personal": False,
    }  # fmt: skip
    diff = told.answering.history(branch, date(2026, 6, 30), first, then)["diff"]
    assert {row["position"] for row in diff["rows"]} == {meeting, correction}
    assert diff["state"] == {}


def test_what_was_retracted_stays_readable_and_says_by_what() -> None:
    told = Told(CORRECTED)
    branch = told.answering.unit_named("甲支部")
    rows = rows_of(told.answering.history(branch, date(2026, 6, 30)))
    theme_day, retraction = told.played[1].outcome.position, told.played[3].outcome.position
    assert rows[theme_day]["retracted_by"] == retraction
    cells = told.rows("compliance", period="2026-02")
    assert next(c for c in cells if c["rule"] == "meet-theme-day")["verdict"] == "missing"


def test_the_cut_at_a_day_concerns_facts_not_corrections() -> None:
    told = Told(CORRECTED)
    branch = told.answering.unit_named("甲支部")
    rows = told.answering.history(branch, date(2026, 1, 31))["rows"]
    assert [row["event"] for row in rows] == ["UnitEstablished", "MeetingHeld", "FactCorrected"]
    assert rows[1]["facts"]["attending"] == 11


def test_the_state_of_a_late_conversion_counts_from_the_end_of_probation() -> None:
    told = Told("""
[people]
"王" = { stage = "probationary", since = 2025-03-20 }
[[steps]]
on = 2026-03-10
do = "apply_for_full_membership"
person = "王"
[[steps]]
on = 2026-06-02
do = "vote_on_full_membership"
person = "王"
with = { attending = 14, in_favour = 14, secret = true, passed = true }
[[steps]]
on = 2026-07-01
do = "approve_full_membership"
person = "王"
""")
    state = told.answering.ask("state", {"person": "王", "as_of": date(2026, 7, 1)})
    assert (state["stage"], state["full_since"], state["standing_from"]) == (
        "full",
        "2026-03-20",
        "2026-03-20",
    )
    assert state["voting_right"] is True
    day_before = told.answering.ask("state", {"person": "王", "as_of": date(2026, 6, 30)})
    assert (day_before["stage"], day_before["full_since"]) == ("probationary", None)
    assert day_before["probation_until"] == "2026-03-20"


def test_the_state_of_a_branch_names_its_committee_its_term_and_its_resolutions() -> None:
    told = Told("""
[[steps]]
on = 2021-01-10
do = "elect_committee"
with = { attending = 16, posts = {"李" = "secretary", "赵" = "organization", "钱" = "publicity"} }
[[steps]]
on = 2026-01-20
do = "hold_meeting"
with = { type = "branch_assembly", attending = 8, resolutions = [{ topic = "计划", in_favour = 8 }] }
""")
    state = told.answering.ask("state", {"unit": "甲支部", "as_of": date(2026, 2, 1)})
    assert (state["kind"], state["full_members"], state["probationary_members"]) == ("village", 16, 0)
    assert [(post["person"], post["post"], post["since"]) for post in state["committee"]] == [
        ("李", "secretary", "2021-01-10"),
        ("赵", "organization", "2021-01-10"),
        ("钱", "publicity", "2021-01-10"),
    ]  # fmt: skip
    assert (state["term_from"], state["term_until"]) == ("2021-01-10", "2026-01-10")
    assert [(r["topic"], r["passed"]) for r in state["resolutions"]] == [("计划", False)]
    assert told.answering.ask("state", {"person": "李", "as_of": date(2026, 2, 1)})["posts"] == ["secretary"]


def test_numbers_and_phones_are_masked_whoever_asks() -> None:
    shown = masked_profile(
        Profile(name="王", born_on=date(1990, 5, 1), id_number="11010119900501123X", phone="13812345678"),
        full=True,
    )
    assert shown == {
        "name": "王", "born_on": "1990-05-01", "id_number": "1****************X", "phone": "138****5678",
    }  # fmt: skip
    assert masked("123456", SHOWN_OF_A_PHONE) == "******"


def test_rosters_and_ledgers_are_as_of_a_day() -> None:
    told = Told("""
[unit]
name = "甲支部"
full_members = 2
established_on = 2015-01-01
[people]
"王" = { stage = "probationary", since = 2025-03-20 }
[[steps]]
on = 2026-02-01
do = "receive_application"
person = "新"
""")
    assert [r["stage"] for r in told.answering.roster(on=date(2025, 3, 19))["rows"]] == ["full", "full"]
    now = told.answering.roster(on=date(2025, 3, 20))["rows"]
    assert sorted(r["stage"] for r in now) == ["full", "full", "probationary"]
    (row,) = told.answering.ledger("发展党员台账", year=2026, on=date(2026, 6, 30))["rows"]
    assert (row["person"], row["steps"]) == ("新", {"receive_application": "2026-02-01"})
    assert told.answering.ledger("发展党员台账", year=2025, on=date(2026, 6, 30))["rows"] == []


RENAMED = """
[[steps]]
on = 2025-01-10
do = "receive_application"
person = "欧阳"
with = { born_on = 1990-05-06 }
[[steps]]
on = 2025-02-01
do = "hold_first_talk"
person = "欧阳"
with = { by = "王一" }
[[steps]]
on = 2026-03-01
do = "correct"
with = { event = 2, field = "by", value = { name = "外人乙" }, reason = "记错" }
[[steps]]
on = 2026-03-02
do = "correct"
with = { event = 1, field = "born_on", value = "1991-05-06", reason = "身份证" }
"""


@pytest.mark.parametrize("full", [False, True])
def test_a_correction_of_people_tells_both_by_name_as_the_row_above_does(full: bool) -> None:
    told = Told(RENAMED)
    stream = told.played[0].outcome.stream_id
    assert stream is not None
    rows = rows_of(told.answering.history(stream, date(2026, 6, 30), full=full))
    talk, correction = (rows[told.played[step].outcome.position] for step in (1, 2))
    assert talk["facts"]["by"] == correction["facts"]["value"] == "外人乙"
    assert correction["facts"]["personal"] is True
    assert correction["changes"] == [{"field": "by", "old": "王一", "new": "外人乙"}]


@pytest.mark.parametrize(("full", "old"), [(False, "1990******"), (True, "1990-05-06")])
def test_numbers_in_a_correction_of_a_profile_stay_masked(full: bool, old: str) -> None:
    told = Told(RENAMED)
    stream = told.played[0].outcome.stream_id
    assert stream is not None
    rows = rows_of(told.answering.history(stream, date(2026, 6, 30), full=full))
    correction = rows[told.played[3].outcome.position]
    assert correction["facts"]["value"]["born_on"] == old.replace("1990", "1991")
    assert correction["changes"] == [{"field": "born_on", "old": old, "new": old.replace("1990", "1991")}]


def test_a_story_may_name_people_in_a_correction_as_in_any_step() -> None:
    told = Told(
        """
[[steps]]
on = 2026-02-20
do = "hold_meeting"
with = { type = "party_lecture", lecturer = "外人乙" }
[[steps]]
on = 2026-03-01
do = "correct"
with = { event = 1, field = "lecturer", value = "孙三", reason = "记错" }
"""
    )
    correction = told.log.records[-1].event
    assert isinstance(correction, FactCorrected)
    assert correction.value == {"person": str(derived("story", "a branch", "孙三"))}


def test_a_report_heard_names_the_branch_that_gave_it() -> None:
    text = """
title = "a report is heard"
[[units]]
name = "镇党委"
level = "committee"
kind = "village"
[[units]]
name = "甲支部"
kind = "village"
superior = "镇党委"
[[steps]]
on = 2026-03-20
do = "hear_report"
unit = "镇党委"
with = { branch = "甲支部", for_period = "2026-Q1" }
"""
    told = Told(text)
    rows = told.answering.history(told.answering.unit_named("镇党委"), date(2026, 12, 31))["rows"]
    assert rows[-1]["facts"]["branch"] == "甲支部"
