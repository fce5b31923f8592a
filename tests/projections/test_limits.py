"""期限: one row a limit, judged for the day asked for."""

from datetime import date

from tests.support.books import Told


def test_the_term_of_a_village_branch_is_five_years_and_half_a_year_before_one_is_reminded() -> None:
    told = Told("""
[[steps]]
on = 2021-01-10
do = "elect_committee"
with = { posts = {"李" = "secretary", "赵" = "organization", "钱" = "publicity"}, attending = 16 }
""")
    rows = {
        row["rule"]: row for row in told.rows("deadlines", on=date(2025, 6, 1)) if "Q" not in row["subject"]
    }
    assert rows["branch-term"]["due_on"] == "2026-01-10"
    assert rows["branch-term"]["latest_on"] == "2027-01-10"
    assert rows["branch-term-remind"]["due_on"] == "2025-07-10"
    assert rows["elect-request"]["due_on"] == "2025-12-10"
    assert {row["status"] for row in rows.values() if row["rule"].startswith("branch-term")} == {"due"}
    late = told.rows("deadlines", on=date(2025, 7, 11), status="overdue")
    assert "branch-term-remind" in {row["rule"] for row in late}
    assert "branch-term" not in {row["rule"] for row in late}


APPLICANT = """
[people]
"王" = { born_on = 1999-05-01 }
[[steps]]
on = 2026-01-31
do = "receive_application"
person = "王"
[[steps]]
on = 2026-03-05
do = "hold_first_talk"
person = "王"
"""


def test_what_is_done_after_the_day_asked_for_does_not_count_yet() -> None:
    told = Told(APPLICANT)

    def talk(on: date) -> list[tuple[str, str, str | None]]:
        rows = told.rows("deadlines", person="王", on=on)
        return [(row["due_on"], row["status"], row["met_on"]) for row in rows]

    assert talk(date(2026, 1, 30)) == []
    assert talk(date(2026, 2, 28)) == [("2026-02-28", "due", None)]
    assert talk(date(2026, 3, 1)) == [("2026-02-28", "overdue", None)]
    assert talk(date(2026, 3, 5)) == [("2026-02-28", "met", "2026-03-05")]


def test_a_limit_says_which_event_it_rests_on_and_by_which_arithmetic() -> None:
    (row,) = Told(APPLICANT).rows("deadlines", person="王", on=date(2026, 2, 10))
    assert row["days_left"] == 18
    assert [(source["event"], source["on"]) for source in row["because"]] == [
        ("ApplicationReceived", "2026-01-31")
    ]
    assert row["calc"] == [
        {"left": "2026-01-31", "op": "+", "right": "1", "result": "2026-02-28", "unit": "month"}
    ]
    assert row["clause"] == "《中国共产党发展党员工作细则》第七条"


def test_without_a_status_everything_but_met_is_listed_and_a_question_of_a_story_lists_all() -> None:
    told = Told(APPLICANT)
    person = told.answering.person_named("王")
    day = date(2026, 3, 10)
    assert told.answering.deadlines(person_id=person, on=day)["rows"] == []
    assert len(told.answering.deadlines(person_id=person, on=day, status="met")["rows"]) == 1
    assert len(told.rows("deadlines", person="王", on=day)) == 1


def test_a_quarterly_duty_is_a_limit_on_the_last_day_of_its_quarter() -> None:
    told = Told("""
[[steps]]
on = 2026-01-20
do = "hold_meeting"
with = { type = "branch_assembly", attending = 12 }
""")
    rows = [r for r in told.rows("deadlines", on=date(2026, 5, 1)) if r["rule"] == "meet-assembly"]
    by_period = {row["subject"]: (row["due_on"], row["status"]) for row in rows}
    assert by_period["2026-Q1"] == ("2026-03-31", "met")
    assert by_period["2026-Q2"] == ("2026-06-30", "due")
    assert by_period["2025-Q4"] == ("2025-12-31", "overdue")
    assert "2026-Q3" not in by_period
    assert "2014-Q4" not in by_period


def test_whoever_gave_up_or_has_passed_the_stage_has_no_open_limit() -> None:
    told = Told("""
[people]
"王" = { stage = "activist", since = 2024-01-01 }
"赵" = { stage = "full", since = 2018-07-01 }
[[steps]]
on = 2025-03-01
do = "drop_activist"
person = "王"
""")
    assert told.rows("deadlines", person="王", on=date(2025, 2, 1))
    assert told.rows("deadlines", person="王", on=date(2025, 3, 1)) == []
    assert told.rows("deadlines", person="赵", on=date(2025, 3, 1)) == []
