"""确定等次与登记的通报、追责: what nobody said of a censure is unknown, and unknown is not no."""

from __future__ import annotations

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
