"""确定等次与登记的通报、追责: what nobody said of a censure is unknown, and unknown is not no."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.books import Told
from workflows.entrypoints.wording import Wording
from workflows.policies.findings import Finding

SCHOOL = """
title = "stars of a school"
packs = ["central", "seed-004-b"]
[[units]]
name = "校党委"
level = "committee"
kind = "school"
established_on = 2022-01-01
[[units]]
name = "甲支部"
kind = "school"
superior = "校党委"
full_members = 9
established_on = 2022-01-01
[people]
"王" = { stage = "full", since = 2015-07-01, unit = "甲支部" }
[[steps]]
on = 2026-01-06
do = "open_campaign"
unit = "校党委"
subject = "星级创建"
with = { scheme = "seed-004-b", year = 2026 }
"""
UNSAID = "rating-over-work-unsaid"


def act(on: str, do: str, given: str, who: str = 'unit = "甲支部"') -> str:
    """Return one step."""
    return f'\n[[steps]]\non = {on}\ndo = "{do}"\n{who}\nwith = {{ {given} }}\n'


def censured(on: str, form: str, over_work: bool | None = None, who: str = 'unit = "甲支部"') -> str:
    """Return a censure of the unit, or of ``who``; None: nobody said whether it was over work."""
    more = "" if over_work is None else f", over_work = {str(over_work).lower()}"
    do = "record_censure" if who.startswith("unit") else "record_charge"
    return act(on, do, f'form = "{form}", authority = "县教体局党组", document = "8号"{more}', who)


def confirmed(text: str) -> dict[str, Finding]:
    """Return what is said of a grade confirmed for the unit, but what is in order, by rule."""
    rated = act("2026-01-20", "confirm_rating", "score = 96", 'unit = "甲支部"\nsubject = "星级创建"')
    found = Told(SCHOOL + text + rated).played[-1].outcome
    assert not found.refused
    return {one.rule: one for one in found.findings if one.verdict not in ("ok", "note")}


@pytest.mark.parametrize("who", ['unit = "甲支部"', 'person = "王"'])
@pytest.mark.parametrize("form", ["criticised", "held_accountable"])
def test_a_censure_of_which_nobody_said_whether_it_was_over_work_is_for_a_person(form: str, who: str) -> None:
    told = confirmed(censured("2025-06-01", form, who=who))
    assert list(told) == [UNSAID]
    assert told[UNSAID].verdict == "refer"
    assert told[UNSAID].facts == {"censured_on": "2025-06-01", "censure": form}
    assert [one.on.isoformat() for one in told[UNSAID].because] == ["2025-06-01"]


def test_it_is_told_which_clause_is_in_question_and_what_can_be_done() -> None:
    told = confirmed(censured("2025-06-01", "criticised"))
    said = Wording().finding(told[UNSAID], command="confirm_rating")
    for part in (
        "2025-06-01被通报批评",
        "没有写是不是因工作失误",
        "五星级要求连续三年无",
        "附：评定标准第8条",
        "更正",
    ):
        assert part in said, said


@pytest.mark.parametrize(("over_work", "rules"), [(True, ["s004b-8"]), (False, [])])
def test_once_it_is_said_the_rule_alone_speaks(over_work: bool, rules: list[str]) -> None:
    assert list(confirmed(censured("2025-06-01", "criticised", over_work))) == rules


def test_what_is_said_later_by_a_correction_counts() -> None:
    unsaid = censured("2025-06-01", "criticised")
    for value, rules in (("true", ["s004b-8"]), ("false", [])):
        said = act(
            "2026-01-10", "correct", f'event = 2, field = "over_work", value = {value}, reason = "文"', ""
        )
        assert list(confirmed(unsaid + said)) == rules


@pytest.mark.parametrize(("censure", "form"), [("2022-06-01", "criticised"), ("2025-06-01", "notified")])
def test_what_the_clause_would_not_count_either_way_asks_nobody(censure: str, form: str) -> None:
    assert UNSAID not in confirmed(censured(censure, form))


def test_a_censure_over_work_that_is_known_does_not_hide_a_later_one_that_is_not() -> None:
    known = censured("2022-06-01", "criticised", over_work=True)
    assert list(confirmed(known + censured("2025-06-01", "criticised"))) == [UNSAID]
    assert list(confirmed(known.replace("2022", "2024") + censured("2025-06-01", "criticised"))) == [
        "s004b-8"
    ]


# --- a grade decided before it was said ---------------------------------------------------------------------

RATED = act("2026-01-07", "freeze_rubric", "", 'subject = "星级创建"').replace("with = {  }\n", "") + act(
    "2026-01-20", "confirm_rating", "score = 96", 'unit = "甲支部"\nsubject = "星级创建"'
)


def corrected(on: str, number: int, field: str, value: str) -> str:
    """Return a correction of a field of the record that step ``number`` made."""
    return act(on, "correct", f'event = {number}, field = "{field}", value = {value}, reason = "文"', "")


def proposed(text: str) -> list[tuple[str, str, list[str]]]:
    """Return each proposal to look at the grade again: its day, how it stands, the rules behind it."""
    rows = Told(SCHOOL + text).rows("deadlines", unit="甲支部", on=date(2026, 2, 10))
    found = [row for row in rows if row["rule"] == "rating-review"]
    return [
        (row["due_on"], row["status"], [one["rule"] for one in row["proposal"]["causes"]]) for row in found
    ]


@pytest.mark.parametrize("who", ['unit = "甲支部"', 'person = "王"'])
def test_once_the_record_says_it_was_over_work_the_grade_is_to_be_looked_at_again(who: str) -> None:
    later = RATED + censured("2026-01-21", "held_accountable", who=who)
    assert proposed(later) == []
    assert proposed(later + corrected("2026-01-25", 4, "over_work", "true")) == [
        ("2026-01-21", "due", ["s004b-8"])
    ]
    assert proposed(later + corrected("2026-01-25", 4, "over_work", "false")) == []


@pytest.mark.parametrize("who", ['unit = "甲支部"', 'person = "王"'])
def test_and_once_it_says_that_it_was_not_the_proposal_goes(who: str) -> None:
    later = RATED + censured("2026-01-21", "held_accountable", over_work=True, who=who)
    assert proposed(later) == [("2026-01-21", "due", ["s004b-8"])]
    assert proposed(later + corrected("2026-01-25", 4, "over_work", "false")) == []


@pytest.mark.parametrize("who", ['unit = "甲支部"', 'person = "王"'])
def test_a_censure_from_before_the_grade_speaks_from_the_day_on_which_it_was_said(who: str) -> None:
    before = censured("2025-06-01", "held_accountable", who=who) + RATED
    assert proposed(before) == []
    assert proposed(before + corrected("2026-01-25", 2, "over_work", "true")) == [
        ("2026-01-25", "due", ["s004b-8"])
    ]
    assert proposed(before + corrected("2026-01-25", 2, "document", '"9号"')) == []


@pytest.mark.parametrize("who", ['unit = "甲支部"', 'person = "王"'])
def test_who_kept_the_grade_before_it_was_said_has_not_settled_it(who: str) -> None:
    later = RATED + censured("2026-01-21", "held_accountable", who=who)
    kept = act("2026-01-23", "keep_rating", 'reason = "研究过"', 'unit = "甲支部"\nsubject = "星级创建"')
    assert proposed(later + kept + corrected("2026-01-25", 4, "over_work", "true")) == [
        ("2026-01-21", "due", ["s004b-8"])
    ]
    said = corrected("2026-01-22", 4, "over_work", "true")
    assert [status for _, status, _ in proposed(later + said + kept)] == ["met"]
