"""合并重复的人: who was entered twice is one person once it is said, and two again once that is withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import pytest

from tests.support.books import Told
from workflows.application.books import Books
from workflows.domain.person.charge_events import PersonCharged
from workflows.kernel.clock import end_of_day
from workflows.kernel.events import Event

E = TypeVar("E", bound=Event)

COUNTY = """
title = "entered twice"
[[units]]
name = "甲支部"
kind = "village"
full_members = 6
established_on = 2015-01-01
[[units]]
name = "乙支部"
kind = "village"
full_members = 6
established_on = 2015-01-01
[people]
"阿·木" = { stage = "full", since = 2016-07-01, born_on = 1990-03-01 }
"阿•木" = { stage = "full", since = 2016-07-01, born_on = 1990-03-01 }
"白" = { stage = "full", since = 2012-07-01 }
"王" = { stage = "activist", since = 2024-03-01 }
"""


def step(do: str, on: str, fields: str = "", person: str | None = None, more: str = "") -> str:
    whose = f'person = "{person}"\n' if person else ""
    return f'[[steps]]\ndo = "{do}"\non = {on}\n{whose}{more}\nwith = {{ {fields} }}\n'


MERGED = step("merge_persons", "2026-03-01", 'other = "阿•木", reason = "登记了两次"', "阿·木")
DAY, BEFORE = date(2026, 3, 1), end_of_day(date(2026, 2, 28))
LATER = date(2026, 6, 30)


def unit(told: Told, on: date = LATER, name: str = "甲支部", **known: Any) -> dict[str, Any]:
    state: dict[str, Any] = told.answering.state(told.answering.unit_named(name), on, **known)["state"]
    return state


def of(told: Told, name: str, on: date = LATER, **known: Any) -> dict[str, Any]:
    state: dict[str, Any] = told.answering.state(told.answering.named[name], on, **known)["state"]
    return state


def rows(told: Told, name: str, **known: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told.answering.history(told.answering.named[name], LATER, **known)["rows"]
    return found


def acts(told: Told, name: str, kind: type[E]) -> list[E]:
    """Return the acts of a kind that count for somebody."""
    with told.log.read() as reading:
        person = Books(reading, told.app.rules).person(told.answering.named[name])
    return [event for event, _ in person.each(kind)]


def blocks(told: Told) -> dict[str, dict[str, Any]]:
    found = told.played[-1].outcome
    assert found.refused
    assert not found.events
    return {f.rule: f.facts for f in found.findings if f.severity == "block"}


def test_two_are_counted_until_it_is_said_that_they_are_one() -> None:
    told = Told(COUNTY + MERGED)
    assert told.played[0].outcome.events == ("PersonsMerged",)
    assert told.played[0].outcome.verdict == "ok"
    assert unit(told)["full_members"] == 5
    assert unit(told, known_on=BEFORE)["full_members"] == 6
    assert unit(told, date(2020, 1, 1))["full_members"] == 5, "a merger acts by its recording alone"
    roster = told.answering.roster(told.answering.unit_named("甲支部"), LATER)["rows"]
    assert [row["person"] for row in roster].count("阿·木") == 1
    assert "阿•木" not in [row["person"] for row in roster]


def test_the_other_leads_to_the_one_kept_and_says_so() -> None:
    told = Told(COUNTY + MERGED)
    keep, other = (str(told.answering.named[name]) for name in ("阿·木", "阿•木"))
    assert of(told, "阿•木") == of(told, "阿·木")
    history = told.answering.history(told.answering.named["阿•木"], LATER)
    assert history["id"] == keep
    assert (history["asked_for"], history["merged_into"]) == (other, "阿·木")
    assert history["merged"] == [{"id": other, "name": "阿•木"}]
    assert "merged" not in told.answering.history(told.answering.named["阿•木"], LATER, BEFORE)


def test_the_history_is_that_of_both_by_day_and_recording() -> None:
    paid = step("record_dues", "2026-01-05", 'month = "2026-01", role = "farmer", amount = 0.5', "阿·木")
    paid += step("record_dues", "2026-02-05", 'month = "2026-02", role = "farmer", amount = 0.5', "阿•木")
    told = Told(COUNTY + paid + MERGED)
    events = [row["event"] for row in rows(told, "阿·木")]
    assert events == ["MemberRegistered", "MemberRegistered", "DuesRecorded", "DuesRecorded", "PersonsMerged"]
    assert [row["event"] for row in rows(told, "阿·木", known_on=BEFORE)] == [
        "MemberRegistered",
        "DuesRecorded",
    ]
    assert told.answering.member_dues(told.answering.named["阿·木"], LATER)["last_month"] == "2026-02"


def test_what_both_were_entered_with_counts_once_and_the_one_kept_has_the_word() -> None:
    both = "".join(
        step("record_training", "2026-01-05", f'title = "轮训", hours = 8{more}', name)
        + step("record_dues", day, 'month = "2026-01", role = "farmer", amount = 0.5', name)
        for name, more, day in (
            ("阿·木", "", "2026-01-05"),
            ("阿•木", ', organizer = "县委党校"', "2026-01-31"),
        )
    )
    told = Told(COUNTY + both + MERGED)
    assert told.answering.member_dues(told.answering.named["阿·木"], LATER)["hours"] == 8
    (trained,) = told.answering.ledger("党员教育管理台账", told.answering.unit_named("甲支部"), 2026)["rows"][
        :1
    ]
    assert trained


def test_a_meeting_counts_somebody_named_twice_once() -> None:
    held = step(
        "hold_meeting", "2026-02-10",
        'type = "branch_assembly", attending = ["阿·木", "阿•木", "白"], chair = "阿•木"',
    )  # fmt: skip
    told = Told(COUNTY + held + MERGED)
    branch = told.answering.unit_named("甲支部")
    (now,) = told.answering.meetings(branch, on=LATER)["rows"]
    (was,) = told.answering.meetings(branch, on=LATER, known_on=BEFORE)["rows"]
    assert (was["attending"], now["attending"]) == (3, 2)
    assert (was["eligible"], now["eligible"]) == (6, 5)


def test_posts_and_those_who_train_somebody_are_the_person_kept() -> None:
    elected = step(
        "elect_committee", "2025-12-01",
        'attending = 6, posts = { "阿•木" = "secretary" }', more="as_history = true",
    )  # fmt: skip
    mentors = step("assign_mentors", "2025-01-10", 'persons = ["阿•木", "白"]', "王", "as_history = true")
    told = Told(COUNTY + elected + mentors + MERGED)
    assert [one["person"] for one in unit(told)["committee"]] == ["阿·木"]
    assert of(told, "阿·木")["posts"] == of(told, "阿•木")["posts"] != []
    (row,) = [row for row in rows(told, "王") if row["event"] == "MentorsAssigned"]
    assert row["facts"]["persons"] == ["阿·木", "白"]


def test_what_is_recorded_later_of_either_is_recorded_of_the_one_kept() -> None:
    died = step("record_death", "2026-04-01", "", "阿•木")
    told = Told(COUNTY + MERGED + died)
    assert told.played[1].outcome.stream_id == told.answering.named["阿·木"]
    assert of(told, "阿·木")["stage"] == "deceased"
    assert unit(told)["full_members"] == 4


def test_a_record_of_the_other_can_be_corrected_after_the_merger() -> None:
    paid = step("record_dues", "2026-02-05", 'month = "2026-02", role = "farmer", amount = 0.5', "阿•木")
    wrong = step("correct", "2026-04-01", 'event = 1, field = "month", value = "2026-03", reason = "写错"')
    told = Told(COUNTY + paid + MERGED + wrong)
    assert told.answering.member_dues(told.answering.named["阿·木"], LATER)["last_month"] == "2026-03"
    (row,) = [row for row in rows(told, "阿·木") if row["event"] == "DuesRecorded"]
    assert row["corrected_by"]


def test_withdrawn_the_two_are_back_and_what_was_recorded_since_stays_with_the_one_kept() -> None:
    paid = step("record_dues", "2026-04-05", 'month = "2026-04", role = "farmer", amount = 0.5', "阿•木")
    back = step("retract", "2026-05-01", 'event = 1, reason = "是两个人"')
    told = Told(COUNTY + MERGED + paid + back)
    assert unit(told)["full_members"] == 6
    assert unit(told, known_on=end_of_day(date(2026, 4, 30)))["full_members"] == 5
    assert [row["event"] for row in rows(told, "阿·木")].count("DuesRecorded") == 1
    events = [row["event"] for row in rows(told, "阿•木")]
    assert events == ["MemberRegistered", "PersonsMerged", "EventRetracted"], (
        "it says that it was merged once"
    )
    (note,) = [f for f in told.played[-1].outcome.findings if f.rule == "merge-apart-later"]
    assert note.facts["count"] == 1


def test_a_withdrawal_that_is_withdrawn_merges_again_unless_facts_contradict_by_now() -> None:
    back = step("retract", "2026-05-01", 'event = 1, reason = "是两个人"')
    again = step("retract", "2026-06-01", 'event = 2, reason = "还是同一个人"')
    assert unit(Told(COUNTY + MERGED + back + again))["full_members"] == 5
    died = step("record_death", "2026-05-10", "", "阿•木") + step("record_death", "2026-05-20", "", "阿·木")
    with pytest.raises(Exception, match="merge-not-again"):
        Told(COUNTY + MERGED + back + died + again)


REGISTERED = {
    "merge-born": ("born_on = 1990-03-01", "born_on = 1990-03-10"),
    "merge-sexes": ('gender = "男"', 'gender = "女"'),
    "merge-id-numbers": ('id_number = "110101199003010018"', 'id_number = "110101199003010026"'),
    "merge-since": ("full_since = 2016-07-01", "full_since = 2017-07-01"),
}


@pytest.mark.parametrize("rule", REGISTERED)
def test_facts_that_contradict_each_other_forbid_it(rule: str) -> None:
    text = COUNTY.partition("[people]")[0]
    for name, facts in zip(("张", "张二"), REGISTERED[rule], strict=True):
        fields = facts if "full_since" in facts else f"{facts}, full_since = 2016-07-01"
        text += step("register_member", "2016-07-01", fields, name, "as_history = true")
    text += step("merge_persons", "2026-03-01", 'other = "张二", reason = "同一个人"', "张")
    assert rule in blocks(Told(text))


def test_a_step_on_two_days_is_told_with_both_records() -> None:
    def applied(name: str, day: str) -> str:
        return step("receive_application", day, "born_on = 1999-05-01", name)

    text = applied("张", "2025-03-01") + applied("张二", "2025-04-01")
    text += step("merge_persons", "2026-03-01", 'other = "张二", reason = "同一个人"', "张")
    facts = blocks(Told(COUNTY + text))["merge-steps"]
    assert (facts["step"], facts["one"], facts["two"]) == ("receive_application", "2025-03-01", "2025-04-01")


def at(stage: str, name: str, since: str) -> str:
    return f'"{name}" = {{ stage = "{stage}", since = {since} }}\n'


def test_two_votes_that_admitted_are_two_admissions_and_one_lost_is_none() -> None:
    def voted(name: str, day: str, passed: str) -> str:
        fields = (
            f"attending = 6, in_favour = {6 if passed == 'true' else 2}, secret = true, passed = {passed}"
        )
        return step("vote_on_admission", day, fields, name, "as_history = true")

    course = (
        '"张" = { stage = "target", since = 2024-03-01 }\n"张二" = { stage = "target", since = 2024-03-01 }\n'
    )
    end = step("merge_persons", "2026-03-01", 'other = "张二", reason = "同一个人"', "张")
    won = voted("张", "2025-06-01", "true")
    facts = blocks(Told(COUNTY + course + won + voted("张二", "2025-07-01", "true") + end))["merge-steps"]
    assert (facts["one"], facts["two"]) == ("2025-06-01", "2025-07-01")
    lost = Told(COUNTY + course + won + voted("张二", "2025-05-01", "false") + end)
    assert lost.played[-1].outcome.events == ("PersonsMerged",)


def test_who_stood_at_a_stage_when_the_books_began_did_not_come_to_it_later() -> None:
    people = at("activist", "张", "2024-03-01") + at("activist", "张二", "2024-09-01")
    text = COUNTY + people + step("merge_persons", "2026-03-01", 'other = "张二", reason = "x"', "张")
    assert blocks(Told(text))["merge-stage"] == {
        "stage": "activist",
        "one": "2024-03-01",
        "two": "2024-09-01",
    }


def test_the_application_of_a_new_course_contradicts_none_of_an_earlier_one() -> None:
    text = step("receive_application", "2020-03-01", "born_on = 1990-05-01", "张")
    text += step("withdraw_application", "2021-03-01", "", "张")
    text += step("receive_application", "2025-04-01", "born_on = 1990-05-01", "张二")
    text += step("merge_persons", "2026-03-01", 'other = "张二", reason = "同一个人"', "张")
    told = Told(COUNTY + text)
    assert told.played[-1].outcome.events == ("PersonsMerged",)
    assert (of(told, "张")["stage"], of(told, "张")["applied_on"]) == ("applicant", "2025-04-01")


APART = """
"张" = { unit = "甲支部", stage = "full", since = 2016-07-01 }
"张二" = { unit = "乙支部", stage = "full", since = 2016-07-01 }
"""


def elsewhere(more: str = "") -> str:
    text = COUNTY + APART.lstrip()
    return text + more + step("merge_persons", "2026-03-01", 'other = "张二", reason = "同一个人"', "张")


def test_two_branches_at_a_time_contradict_unless_one_was_transferred() -> None:
    assert blocks(Told(elsewhere()))["merge-units"]["on"] == "2016-07-01"
    told = Told(elsewhere(step("transfer_person", "2024-05-01", 'to_unit = "乙支部"', "张")))
    assert told.played[-1].outcome.events == ("PersonsMerged",)
    assert of(told, "张")["unit"] == "乙支部"
    assert (unit(told)["full_members"], unit(told, name="乙支部")["full_members"]) == (6 - 1, 6)
    assert unit(told, date(2020, 1, 1))["full_members"] == 6, "before, the word of the one kept holds"


def test_nobody_is_merged_twice_nor_into_somebody_merged_away() -> None:
    def merge(keep: str, other: str) -> str:
        return step("merge_persons", "2026-03-02", f'other = "{other}", reason = "同一个人"', keep)

    assert "merge-self" in blocks(Told(COUNTY + merge("白", "白")))
    assert "merge-again" in blocks(Told(COUNTY + MERGED + merge("白", "阿•木")))
    assert blocks(Told(COUNTY + MERGED + merge("阿•木", "白"))).keys() == {"merge-into-merged"}
    assert "merge-chain" in blocks(Told(COUNTY + MERGED + merge("白", "阿·木")))
    assert "merge-again" in blocks(Told(COUNTY + MERGED + merge("阿·木", "阿•木")))


def test_a_case_filed_is_not_swallowed_by_a_criticism_of_the_same_day() -> None:
    text = "".join(
        step("record_charge", "2025-07-10", f'form = "{form}", authority = "a", document = "{paper}"', name)
        for name, form, paper in (("阿·木", "criticised", "1号"), ("阿•木", "case_filed", "2号"))
    )
    told = Told(COUNTY + text + MERGED)
    assert [event.form for event in acts(told, "阿·木", PersonCharged)] == ["criticised", "case_filed"]


def test_dues_of_a_month_and_training_of_a_day_that_both_count_are_told() -> None:
    def paid(name: str, amount: str, hours: int) -> str:
        dues = f'month = "2026-01", role = "farmer", amount = {amount}'
        trained = f'title = "轮训", hours = {hours}'
        return step("record_dues", "2026-02-05", dues, name) + step(
            "record_training", "2026-01-05", trained, name
        )

    told = Told(COUNTY + paid("阿·木", "0.5", 8) + paid("阿•木", "0.6", 6) + MERGED)
    outcome = told.played[-1].outcome
    assert outcome.events == ("PersonsMerged",)
    notes = {f.rule: f.facts for f in outcome.findings}
    assert notes["merge-dues-twice"]["month"] == "2026-01"
    assert notes["merge-both-count"]["fields"] == ["hours"]
    agreed = Told(COUNTY + paid("阿·木", "0.5", 8) + paid("阿•木", "0.5", 8) + MERGED)
    assert not {f.rule for f in agreed.played[-1].outcome.findings} & {"merge-dues-twice", "merge-both-count"}


def test_two_sent_to_two_branches_on_one_day_are_told_before_either_is_received() -> None:
    sent = "".join(
        step("transfer_person", "2026-02-10", f'to_unit = "{to}", in_transit = true', name)
        for name, to in (("阿·木", "乙支部"), ("阿•木", "丙支部"))
    )
    third = COUNTY.replace("[people]", '[[units]]\nname = "丙支部"\nkind = "village"\n[people]')
    told = Told(third + sent + MERGED)
    (note,) = [f for f in told.played[-1].outcome.findings if f.rule == "merge-told-differently"]
    assert note.facts["fields"] == ["unit_id"]
