"""发展进度: where someone stands, what was done, what may come next and when."""

from datetime import date
from typing import Any

from tests.support.books import Told


def person(stage: str, since: str) -> str:
    return f'[people]\n"王" = {{ stage = "{stage}", since = {since} }}\n'


def coming(told: Told, on: date) -> dict[str, dict[str, Any]]:
    (row,) = told.rows("pipeline", person="王", on=on)
    return {step["step"]: step for step in row["next"]}


def test_an_activist_may_be_agreed_as_target_after_a_year_of_training() -> None:
    steps = coming(Told(person("activist", "2024-06-01")), date(2024, 7, 1))
    assert list(steps) == [
        "file_activist", "assign_mentors", "record_semiannual_review", "agree_development_target",
    ]  # fmt: skip
    agree = steps["agree_development_target"]
    assert (agree["earliest_on"], agree["rule"]) == ("2025-06-01", "dev-object-min")
    assert agree["missing"] == ["file_activist", "assign_mentors"]
    assert steps["record_semiannual_review"]["latest_on"] == "2024-12-01"


def test_the_revised_rules_ask_for_consent_and_a_notice_before_listing() -> None:
    told = Told(person("target_agreed", "2025-01-10"))
    assert list(coming(told, date(2026, 5, 17))) == ["file_development_target"]
    assert list(coming(told, date(2026, 5, 18))) == [
        "consent_development_target", "post_notice", "list_development_target",
    ]  # fmt: skip


def test_a_listing_is_lawful_from_the_day_after_the_notice() -> None:
    told = Told(
        person("target_agreed", "2026-05-20")
        + """
[calendar]
holidays = [2026-06-19]
[[steps]]
on = 2026-06-12
do = "consent_development_target"
person = "王"
[[steps]]
on = 2026-06-15
do = "post_notice"
person = "王"
with = { starts_on = 2026-06-15, working_days = 5 }
"""
    )
    (step,) = coming(told, date(2026, 6, 16)).values()
    assert (step["step"], step["earliest_on"]) == ("list_development_target", "2026-06-23")
    assert step["missing"] == []


def test_a_probationary_member_is_voted_on_from_the_day_probation_ends() -> None:
    told = Told(person("probationary", "2025-03-20"))
    for day in (date(2025, 7, 1), date(2026, 6, 2)):
        vote = coming(told, day)["vote_on_full_membership"]
        assert (vote["earliest_on"], vote["rule"]) == ("2026-03-20", "dev-convert-assembly")
    assert "apply_for_full_membership" in vote["missing"]


def test_nothing_of_an_earlier_stage_is_missing_for_someone_taken_over_later() -> None:
    steps = coming(Told(person("target", "2025-01-10")), date(2025, 3, 1))
    assert next(iter(steps)) == "assign_sponsors"
    missing = {name for step in steps.values() for name in step["missing"]}
    assert not missing & {"receive_application", "hold_first_talk", "file_activist", "assign_mentors"}


def test_everybody_on_the_way_is_listed_and_nobody_else() -> None:
    told = Told("""
[people]
"王" = { stage = "activist", since = 2024-06-01 }
"赵" = { stage = "full", since = 2016-07-01 }
"钱" = { stage = "probationary", since = 2025-03-20 }
[[steps]]
on = 2025-02-01
do = "drop_activist"
person = "王"
""")
    assert [row["person"] for row in told.rows("pipeline", on=date(2025, 1, 1))] == ["王"]
    assert [row["person"] for row in told.rows("pipeline", on=date(2025, 4, 1))] == ["钱"]
    assert told.rows("pipeline", person="赵", on=date(2025, 4, 1))[0]["stage"] == "full"


def test_what_was_done_carries_its_findings() -> None:
    told = Told("""
[[steps]]
on = 2026-01-31
do = "receive_application"
person = "王"
with = { born_on = 1999-05-01 }
[[steps]]
on = 2026-03-05
do = "hold_first_talk"
person = "王"
""")
    (row,) = told.rows("pipeline", person="王", on=date(2026, 3, 5))
    assert [(step["step"], [f["rule"] for f in step["findings"]]) for step in row["done"]] == [
        ("receive_application", []),
        ("hold_first_talk", ["dev-first-talk", "conv-month-add"]),
    ]
