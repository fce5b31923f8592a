"""A cell says missing only where it really is: by the roster, the kind and the rules of that day."""

from datetime import date
from typing import Any

import pytest

from tests.projections.test_compliance import ELECTED, meeting, verdicts
from tests.support.books import BRANCH, Told
from workflows.domain.unit.verdicts import verdict_on
from workflows.projections.duties import derive

YEAR_END = date(2026, 12, 31)


def cell(told: Told, period: str, rule: str = "meet-assembly", on: date | None = None) -> dict[str, Any]:
    """The one cell of a rule in its own period."""
    arguments = {"period": period} | ({"on": on} if on else {})
    (found,) = [r for r in told.rows("compliance", **arguments) if (r["rule"], r["period"]) == (rule, period)]
    return found


def branch(established: str, more: str = "") -> Told:
    return Told(f'[unit]\nname = "甲支部"\nfull_members = 5\nestablished_on = {established}\n{more}')


# --- the beginning -------------------------------------------------------------------------------------


def test_a_branch_three_weeks_old_owes_no_quarter_and_no_month_begun_before_it() -> None:
    told = branch("2026-09-10")
    on = date(2026, 10, 1)
    assert verdicts(told, "2026", on=on) == {
        "2026-Q1": "exempt", "2026-Q2": "exempt", "2026-Q3": "exempt", "2026-Q4": "pending",
    }  # fmt: skip
    months = verdicts(told, "2026", "meet-theme-day", on=on)
    assert (months["2026-09"], months["2026-10"]) == ("exempt", "pending")
    facts = cell(told, "2026-Q3", on=on)["facts"]
    assert (facts["exempt"], facts["exempt_on"], facts["first_day"]) == (
        "before-the-books", "2026-09-10", "2026-07-01",
    )  # fmt: skip


@pytest.mark.parametrize(("established", "owed"), [("2026-07-01", "missing"), ("2026-07-02", "exempt")])
def test_who_begins_on_the_first_day_of_a_quarter_owes_it(established: str, owed: str) -> None:
    assert verdicts(branch(established), "2026-Q3", on=YEAR_END) == {"2026-Q3": owed}


# --- a rule that comes or goes in the middle -----------------------------------------------------------


def test_the_year_in_which_a_regulation_came_into_force_is_owed_from_the_first_whole_period() -> None:
    """《中国共产党支部工作条例（试行）》第十一条, in force from 2018-10-28."""
    told = Told("")
    assert verdicts(told, "2018", on=date(2018, 12, 31)) == {"2018-Q4": "exempt"}
    assert cell(told, "2018-Q4", on=date(2018, 12, 31))["facts"]["exempt_on"] == "2018-10-28"
    assert verdicts(told, "2019-Q1", on=date(2019, 3, 31)) == {"2019-Q1": "missing"}


def elected(on: str, *names: str) -> str:
    posts = ", ".join(
        f'"{name}" = "{"member" if place else "secretary"}"' for place, name in enumerate(names)
    )
    return (
        f'[[steps]]\non = {on}\ndo = "elect_committee"\nas_history = true\n'
        f"with = {{ attending = 16, posts = {{ {posts} }} }}\n"
    )


def test_a_committee_owes_meetings_from_the_first_whole_month_it_sits() -> None:
    told = Told(elected("2025-12-01", "甲") + elected("2026-02-10", "甲", "乙", "丙"))
    found = verdicts(told, "2026", "meet-committee", on=date(2026, 4, 15))
    assert found == {"2026-02": "exempt", "2026-03": "missing", "2026-04": "pending"}
    assert cell(told, "2026-02", "meet-committee", YEAR_END)["facts"]["exempt"] == "not-yet-asked"


def test_a_branch_without_a_committee_any_more_owes_none_from_the_day_it_has_none() -> None:
    told = Told(elected("2025-12-31", "甲", "乙", "丙") + elected("2026-03-20", "甲"))
    found = verdicts(told, "2026", "meet-committee", on=date(2026, 6, 30))
    assert found == {"2026-01": "missing", "2026-02": "missing", "2026-03": "exempt"}
    assert cell(told, "2026-03", "meet-committee", YEAR_END)["facts"]["exempt"] == "no-longer-asked"


def test_before_an_election_is_on_the_books_nobody_knows_whether_there_is_a_committee() -> None:
    assert cell(Told(""), "2026-03", "meet-committee", YEAR_END)["verdict"] == "refer"


# --- the roster ----------------------------------------------------------------------------------------


ALONE = """
[unit]
name = "甲支部"
full_members = 1
established_on = 2015-01-01
[people]
"王" = { stage = "full", since = 2015-07-01 }
[[steps]]
on = LEFT
do = "record_death"
person = "王"
as_history = true

"""


@pytest.mark.parametrize(("left", "july"), [("2026-07-31", "exempt"), ("2026-08-01", "missing")])
def test_a_month_at_one_end_of_which_nobody_belonged_to_the_branch_is_not_owed(left: str, july: str) -> None:
    told = Told(ALONE.replace("LEFT", left))
    found = verdicts(told, "2026", "meet-theme-day", on=date(2026, 9, 30))
    assert (found["2026-06"], found["2026-07"], found["2026-08"]) == ("missing", july, "exempt")
    assert cell(told, "2026-09", "meet-theme-day", YEAR_END)["facts"]["exempt"] == "no-members"


UNKNOWN = '[unit]\nname = "甲支部"\nestablished_on = 2015-01-01\n'


def test_a_branch_whose_roster_is_unknown_and_of_which_nothing_is_told_is_for_a_person_to_judge() -> None:
    told = Told(UNKNOWN)
    assert verdicts(told, "2026-Q2", on=YEAR_END) == {"2026-Q2": "refer"}
    assert cell(told, "2026-Q2", on=YEAR_END)["facts"]["unsure"] == "roster-unknown"
    assert verdicts(told, "2026-Q4", on=date(2026, 12, 30)) == {"2026-Q4": "pending"}


def test_a_branch_that_met_has_members_whatever_its_roster() -> None:
    told = Told(UNKNOWN + meeting("2026-01-20"))
    assert verdicts(told, "2026", on=date(2026, 6, 30)) == {"2026-Q1": "met", "2026-Q2": "missing"}


# --- what counts ---------------------------------------------------------------------------------------


def test_a_vote_without_quorum_does_not_count_and_the_duty_stays_open() -> None:
    vote = 'attending = 7, resolutions = [{ topic = "计划", in_favour = 7 }]'
    told = Told(meeting("2026-07-08", more=vote))
    assert cell(told, "2026-Q3", on=date(2026, 8, 1))["verdict"] == "pending"
    judged = cell(told, "2026-Q3", on=date(2026, 9, 30))
    assert (judged["verdict"], judged["base"]) == ("invalid", {"eligible": 16, "attending": 7})
    (limit,) = [r for r in told.rows("deadlines", on=date(2026, 10, 1)) if r["subject"] == "2026-Q3"]
    assert (limit["status"], limit["due_on"]) == ("overdue", "2026-09-30")
    enough = Told(meeting("2026-07-08", more=vote) + meeting("2026-09-30", more=vote.replace("7", "8")))
    assert cell(enough, "2026-Q3", on=date(2026, 9, 30))["verdict"] == "met"


def test_seventeen_days_late_on_the_books_is_met_and_says_so() -> None:
    told = Told(meeting("2026-06-30", recorded="2026-07-17"))
    found = cell(told, "2026-Q2", on=YEAR_END)
    assert (found["verdict"], found["recorded_days_late"]) == ("met", 17)
    on_the_day = Told(meeting("2026-06-30", recorded="2026-06-30"))
    assert cell(on_the_day, "2026-Q2", on=YEAR_END)["recorded_days_late"] is None


def test_a_meeting_made_up_for_a_month_counts_there_alone() -> None:
    told = Told(meeting("2026-08-03", "theme_party_day", 'attending = 9, for_period = "2026-07"'))
    assert verdicts(told, "2026-Q3", "meet-theme-day", on=date(2026, 8, 31)) == {
        "2026-07": "late", "2026-08": "missing",
    }  # fmt: skip


def test_more_than_one_is_asked_and_the_last_of_them_decides() -> None:
    told = Told(ELECTED + meeting("2026-02-10", "committee_meeting", "attending = 4"))
    assert cell(told, "2026-02", "meet-committee", YEAR_END)["verdict"] == "met"
    assert cell(told, "2026-01", "meet-committee", YEAR_END)["verdict"] == "refer"  # elected in January


# --- both axes -----------------------------------------------------------------------------------------


def amended(do: str, more: str) -> Told:
    return Told(
        meeting("2026-07-08")
        + f'[[steps]]\non = 2026-11-02\ndo = "{do}"\nwith = {{ event = 1, reason = "与原件一致"{more} }}\n'
    )


def test_a_meeting_taken_back_is_missing_from_then_on_and_was_met_as_known_before() -> None:
    told = amended("retract", "")
    assert cell(told, "2026-Q3", on=YEAR_END)["verdict"] == "missing"
    before = told.answering.compliance(None, "2026-Q3", date(2026, 9, 30), known_on=told.log.head() - 1)
    assert [r["verdict"] for r in before["rows"] if r["rule"] == "meet-assembly"] == ["met"]


def test_a_meeting_whose_day_was_corrected_counts_in_the_quarter_of_the_corrected_day() -> None:
    told = amended("correct", ', field = "held_on", value = 2026-06-30')
    found = verdicts(told, "2026", on=YEAR_END)
    assert (found["2026-Q2"], found["2026-Q3"]) == ("met", "missing")
    before = told.answering.compliance(None, "2026", YEAR_END, known_on=told.log.head() - 1)
    known = {r["period"]: r["verdict"] for r in before["rows"] if r["rule"] == "meet-assembly"}
    assert (known["2026-Q2"], known["2026-Q3"]) == ("missing", "met")


def test_as_of_a_day_only_what_had_taken_place_by_then_counts() -> None:
    told = Told(meeting("2026-07-08") + meeting("2026-10-09"))
    assert verdicts(told, "2026-Q3", on=date(2026, 7, 7)) == {"2026-Q3": "pending"}
    assert verdicts(told, "2026-Q3", on=date(2026, 7, 8)) == {"2026-Q3": "met"}


def test_the_last_day_of_a_period_is_pending_until_it_is_over() -> None:
    told = Told(BRANCH)
    with told.answering.opened(None) as opened:
        unit = opened.books.units_by_id
        here = next(iter(unit))
        rules = opened.books.rules_for(here, YEAR_END)
        found = derive(opened.books.unit_state(here), rules, opened.books, on=YEAR_END, until=YEAR_END)
    quarter = next(d for d in found if (d.rule, d.period) == ("meet-assembly", "2026-Q3"))
    last = date(2026, 9, 30)
    assert verdict_on(quarter, last, is_over=False)[0] == "pending"
    assert verdict_on(quarter, last)[0] == "missing"
    assert verdict_on(quarter, date(2026, 10, 1), is_over=False)[0] == "missing"


# --- the end -------------------------------------------------------------------------------------------


TWO = """
title = "two branches"
[[units]]
name = "甲支部"
full_members = 2
established_on = 2015-01-01
[[units]]
name = "乙支部"
full_members = 3
established_on = 2015-01-01
"""


def dissolved(on: str) -> Told:
    ended = f'on = {on}\nunit = "甲支部"\ndo = "dissolve_unit"\nwith = {{ members_to = "乙支部" }}\n'
    held = meeting("2026-02-10").replace("on =", 'unit = "甲支部"\non =', 1)
    return Told(f"{TWO}{held}[[steps]]\n{ended}")


@pytest.mark.parametrize(
    ("on", "third", "fourth"),
    [("2026-09-30", "exempt", None), ("2026-10-01", "missing", None), ("2026-10-02", "missing", "exempt")],
)
def test_the_quarter_in_which_a_branch_is_dissolved_is_not_owed_and_none_after_it(
    on: str, third: str, fourth: str | None
) -> None:
    told = dissolved(on)
    found = verdicts(told, "2026", on=YEAR_END)
    assert (found["2026-Q1"], found["2026-Q2"], found["2026-Q3"]) == ("met", "missing", third)
    assert found.get("2026-Q4") == fourth
    exempt = "2026-Q3" if third == "exempt" else "2026-Q4"
    if exempt in found:
        facts = cell(told, exempt, on=YEAR_END)["facts"]
        assert (facts["exempt"], facts["exempt_on"]) == ("dissolved", on)
    limits = told.rows("deadlines", unit="甲支部", on=YEAR_END)
    assert "2026-Q4" not in {row["subject"] for row in limits if row["rule"] == "meet-assembly"}
