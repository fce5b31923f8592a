"""履行情况: the recurring duties of a branch, one cell a duty and period."""

from datetime import date

from tests.support.books import Told


def meeting(on: str, type_: str = "branch_assembly", more: str = "attending = 12", recorded: str = "") -> str:
    told = f"recorded_on = {recorded}\n" if recorded else ""
    return (
        f'[[steps]]\non = {on}\n{told}do = "hold_meeting"\nas_history = true\n'
        f'with = {{ type = "{type_}", {more} }}\n'
    )


def verdicts(told: Told, period: str, rule: str = "meet-assembly", on: date | None = None) -> dict[str, str]:
    arguments = {"period": period} | ({"on": on} if on else {})
    return {
        row["period"]: row["verdict"] for row in told.rows("compliance", **arguments) if row["rule"] == rule
    }


def test_three_assemblies_in_a_year_leave_the_third_quarter_missing() -> None:
    told = Told("".join(map(meeting, ("2026-01-20", "2026-04-15", "2026-10-10"))))
    assert verdicts(told, "2026", on=date(2026, 12, 31)) == {
        "2026-Q1": "met", "2026-Q2": "met", "2026-Q3": "missing", "2026-Q4": "met",
    }  # fmt: skip
    (cell,) = [r for r in told.rows("compliance", period="2026-Q3") if r["rule"] == "meet-assembly"]
    assert (cell["severity"], cell["evidence"]) == ("warn", [])
    assert (cell["facts"]["required"], cell["facts"]["found"]) == (1, 0)


def test_a_period_is_pending_only_while_it_runs() -> None:
    told = Told("")
    assert verdicts(told, "2026-Q3", on=date(2026, 9, 29)) == {"2026-Q3": "pending"}
    assert verdicts(told, "2026-Q3", on=date(2026, 9, 30)) == {"2026-Q3": "missing"}
    assert verdicts(told, "2026-Q3", on=date(2026, 6, 30)) == {}


def test_a_meeting_entered_after_its_period_is_met_with_the_days_it_was_entered_late() -> None:
    told = Told(meeting("2026-04-15", recorded="2026-07-03"))
    (cell,) = [r for r in told.rows("compliance", period="2026-Q2") if r["rule"] == "meet-assembly"]
    assert (cell["verdict"], cell["recorded_days_late"]) == ("met", 3)
    assert cell["evidence"][0]["recorded_on"] == "2026-07-03"


def test_a_meeting_held_for_a_period_after_it_is_late() -> None:
    told = Told(meeting("2026-07-05", more='attending = 12, for_period = "2026-Q2"'))
    assert verdicts(told, "2026-Q2", on=date(2026, 7, 31)) == {"2026-Q2": "late"}
    assert verdicts(told, "2026-Q2", on=date(2026, 7, 4)) == {"2026-Q2": "missing"}
    assert verdicts(told, "2026-Q3", on=date(2026, 7, 31)) == {"2026-Q3": "pending"}


ELECTED = """
[[steps]]
on = 2026-01-05
do = "elect_committee"
as_history = true
with = { attending = 16, posts = {"甲" = "secretary", "乙" = "member", "丙" = "member", "丁" = "member"} }
"""


def test_a_committee_of_four_meets_validly_with_two_but_not_with_one() -> None:
    told = Told(
        ELECTED
        + meeting("2026-02-10", "committee_meeting", "attending = 1")
        + meeting("2026-03-10", "committee_meeting", "attending = 2")
    )
    assert verdicts(told, "2026-Q1", "meet-committee")["2026-02"] == "invalid"
    assert verdicts(told, "2026-Q1", "meet-committee")["2026-03"] == "met"
    (cell,) = [r for r in told.rows("compliance", period="2026-02") if r["rule"] == "meet-committee"]
    assert cell["base"] == {"eligible": 4, "attending": 1}
    assert cell["evidence"][0]["flaws"] == ["meet-committee"]


def test_before_the_books_begin_nothing_is_asked() -> None:
    told = Told("""
[unit]
name = "甲支部"
full_members = 5
established_on = 2026-03-10
""")
    assert verdicts(told, "2026", on=date(2026, 12, 31)) == {
        "2026-Q1": "exempt", "2026-Q2": "missing", "2026-Q3": "missing", "2026-Q4": "missing",
    }  # fmt: skip
    assert verdicts(told, "2025-Q3", on=date(2026, 12, 31)) == {"2025-Q3": "exempt"}
    assert {
        row["subject"] for row in told.rows("deadlines", on=date(2026, 4, 1)) if "Q" in row["subject"]
    } == {"2026-Q2"}


def test_a_corrected_admission_day_changes_whether_an_assembly_had_a_quorum() -> None:
    told = Told("""
[unit]
name = "甲支部"
full_members = 8
established_on = 2015-01-01
[people]
"新" = { stage = "full", since = 2016-05-01 }
[[steps]]
on = 2026-02-10
do = "hold_meeting"
with = { type = "branch_assembly", attending = 4, resolutions = [{ topic = "计划", in_favour = 4 }] }
[[steps]]
on = 2026-02-10
recorded_on = 2026-03-01
do = "register_member"
person = "补"
as_history = true
with = { full_since = 2020-01-01 }
""")
    before = told.answering.compliance(None, "2026-Q1", date(2026, 3, 31), known_on=told.log.head() - 1)
    after = told.answering.compliance(None, "2026-Q1", date(2026, 3, 31))
    found = [
        next(row for row in answer["rows"] if row["rule"] == "meet-assembly") for answer in (before, after)
    ]
    assert [(cell["verdict"], cell["base"]["eligible"]) for cell in found] == [("met", 8), ("invalid", 9)]
