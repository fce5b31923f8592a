"""推算: the course ahead, each step on the first day that the rules of that day allow."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import BRANCH, Told
from workflows.kernel.errors import WrongUsage

TODAY = date(2026, 6, 1)
APPLIED = """
[people]
"王" = { born_on = 1999-05-01 }
"李" = { stage = "full", since = 2015-07-01 }
"赵" = { stage = "full", since = 2015-07-01 }
[[steps]]
on = 2026-05-20
do = "receive_application"
person = "王"
"""
FIELDS = {
    "assign_mentors": 'persons = ["李"]',
    "assign_sponsors": 'persons = ["李", "赵"]',
    "conclude_background_review": "passed = true",
    "complete_intensive_course": "days = 3",
    "conclude_preliminary_review": "passed = true",
    "post_notice": "working_days = 5",
    "vote_on_admission": "attending = 12, in_favour = 12, secret = true",
    "vote_on_full_membership": "attending = 12, in_favour = 12, secret = true",
}


def person(stage: str, since: str, name: str = "王") -> str:
    return f'"{name}" = {{ stage = "{stage}", since = {since} }}\n'


def plan(told: Told, on: date = TODAY, **asked: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = told.answering.plan(on=on, **asked)["rows"]
    return rows


def steps(told: Told, on: date = TODAY, **asked: Any) -> dict[str, dict[str, Any]]:
    (row,) = plan(told, on, **asked)
    return {step["step"]: step for step in row["steps"]}


def days(told: Told, on: date = TODAY) -> dict[str, str]:
    return {name: step["earliest_on"] for name, step in steps(told, on).items() if step["earliest_on"]}


def a_story(dated: dict[str, str]) -> str:
    return APPLIED + "".join(
        f'[[steps]]\non = {on}\ndo = "{step}"\nperson = "王"\nwith = {{ {FIELDS.get(step, "")} }}\n'
        for step, on in dated.items()
    )


def test_the_course_is_played_on_to_its_end() -> None:
    found = days(Told(APPLIED))
    assert list(found)[:4] == ["hold_first_talk", "confirm_activist", "file_activist", "assign_mentors"]
    assert list(found)[-2:] == ["approve_full_membership", "archive_dossier"]
    assert found["agree_development_target"] == "2027-06-01"
    assert found["post_notice"] == "2027-06-01"
    assert found["list_development_target"] == "2027-06-08"
    assert found["vote_on_full_membership"] == "2028-06-08"


def test_what_was_planned_may_be_recorded_so() -> None:
    told = Told(a_story(days(Told(APPLIED))))
    verdicts = {played.do: str(played.outcome.verdict) for played in told.played}
    assert set(verdicts.values()) <= {"ok", "warn", "refer"}
    assert not any(played.outcome.refused for played in told.played)


@pytest.mark.parametrize("step", ["agree_development_target", "list_development_target"])
def test_no_step_that_waits_may_be_done_a_day_sooner(step: str) -> None:
    planned = days(Told(APPLIED + "[calendar]\nworkdays = [2027-06-05]\n"), TODAY)
    assert steps(Told(APPLIED))[step]["waits"]
    sooner = date.fromisoformat(planned[step]) - timedelta(days=1)
    told = Told(a_story({**planned, step: sooner.isoformat()}))
    (played,) = (one for one in told.played if one.do == step)
    assert str(played.outcome.verdict) in ("block", "refer")


def test_a_notice_runs_over_working_days_only() -> None:
    story = "[people]\n" + person("target_agreed", "2026-05-20") + "[calendar]\nholidays = [2026-06-19]\n"
    found = days(Told(story), date(2026, 6, 15))
    assert found["post_notice"] == "2026-06-15"
    assert found["list_development_target"] == "2026-06-23"


def test_days_of_a_year_without_a_calendar_are_provisional() -> None:
    found = steps(Told("[people]\n" + person("activist", "2026-03-01")))
    assert not found["post_notice"]["provisional"]
    assert found["list_development_target"]["provisional"]
    assert found["vote_on_admission"]["provisional"]


def test_each_day_is_asked_of_the_version_in_force_on_it() -> None:
    story = Told("[people]\n" + person("activist", "2025-04-20"))
    early = steps(story, date(2026, 4, 1))
    assert early["agree_development_target"]["earliest_on"] == "2026-04-20"
    assert "file_development_target" in early
    assert "post_notice" not in early
    late = steps(story, date(2026, 5, 18))
    assert "file_development_target" not in late
    assert late["consent_development_target"]["version"] == "2026-05-18"


LONGER = """
id = "county-training"
title = "某县发展党员办法"
issuer = "某县县委"
level = "county"
source = "县委〔2026〕1号"
issued_on = 2026-01-01
[[rules]]
id = "county-object-min"
label = "培养教育考察满一年半"
kind = "not_before"
on = ["agree_development_target"]
refines = "dev-object-min"
anchor = "activist_since"
unit = "month"
severity = "block"
values = [{ from = 2026-09-01, value = 18 }]
clauses = [{ from = 2026-09-01, article = "第二条", confidence = "VT" }]
"""


def test_a_county_s_rule_binds_the_planned_days_within_its_window(tmp_path: Path) -> None:
    pack = tmp_path / "county-training.toml"
    pack.write_text(LONGER, "utf-8")
    head = BRANCH.replace("[unit]", f'packs = ["central", "{pack}"]\n[unit]')
    before = Told(head + "[people]\n" + person("activist", "2025-08-31"))
    assert days(before)["agree_development_target"] == "2026-08-31"
    within = Told(head + "[people]\n" + person("activist", "2025-10-01"))
    step = steps(within)["agree_development_target"]
    assert (step["earliest_on"], step["rule"]) == ("2027-04-01", "county-object-min")


def test_a_step_that_may_be_done_now_is_told_from_one_that_waits() -> None:
    found = steps(Told(APPLIED))
    assert found["hold_first_talk"]["status"] == "open"
    assert found["hold_first_talk"]["latest_on"] == "2026-06-20"
    assert not found["hold_first_talk"]["latest_is_planned"]
    assert found["confirm_activist"]["missing"] == ["hold_first_talk"]
    assert found["vote_on_admission"]["status"] == "not_earlier"
    assert found["vote_on_admission"]["latest_is_planned"]
    waiting = steps(Told("[people]\n" + person("probationary", "2026-03-20")))
    assert waiting["vote_on_full_membership"]["latest_on"] == "2027-03-20"


def test_what_the_superior_does_is_told_as_such() -> None:
    found = steps(Told(APPLIED))
    assert found["approve_admission"]["by_superior"]
    assert not found["vote_on_admission"]["by_superior"]


def test_without_a_birth_day_nobody_can_tell_whether_someone_was_eighteen() -> None:
    told = Told(APPLIED.replace("born_on = 1999-05-01", ""))
    (row,) = plan(told)
    first = row["steps"][0]
    assert (first["step"], first["status"], first["unknown"]) == (
        "receive_application", "cannot_tell", ["born_on"],
    )  # fmt: skip
    assert first["rule"] == "dev-apply"
    assert all(step["provided"] == ["born_on"] for step in row["steps"][1:])
    assert row["steps"][-1]["earliest_on"] == days(Told(APPLIED))["archive_dossier"]


def test_a_result_that_nobody_wrote_down_is_asked_for_and_not_guessed() -> None:
    reviewed = '[[steps]]\non = 2026-05-20\ndo = "conclude_background_review"\nperson = "王"\n'
    found = steps(Told("[people]\n" + person("target", "2026-05-01") + reviewed))
    assert found["examine_target"]["status"] == "cannot_tell"
    assert found["examine_target"]["unknown"] == ["background_review_passed"]
    assert found["vote_on_admission"]["provided"] == ["background_review_passed"]


VOTED = """
[[steps]]
on = 2025-05-10
do = "vote_on_admission"
person = "王"
with = { attending = 12, in_favour = 12, secret = true, passed = true }
"""


def test_a_maximum_that_has_passed_ends_the_course_by_its_rule() -> None:
    told = Told("[people]\n" + person("target", "2024-05-01") + VOTED)
    (row,) = plan(told)
    last = row["steps"][-1]
    assert (last["step"], last["status"]) == ("approve_admission", "blocked")
    assert [finding["rule"] for finding in last["findings"]] == ["dev-approve"]


def test_a_plan_records_nothing_and_looks_at_nothing_later() -> None:
    told = Told(a_story({"hold_first_talk": "2026-06-05", "confirm_activist": "2026-06-10"}))
    before = told.answering.plan(on=TODAY)
    assert before["rows"][0]["steps"][0]["step"] == "hold_first_talk"
    assert told.answering.plan(on=TODAY)["position"] == before["position"]
    assert plan(told, date(2026, 6, 10))[0]["steps"][0]["step"] == "file_activist"


def test_an_unknown_step_and_a_day_without_a_step_are_refused() -> None:
    told = Told(APPLIED)
    for asked, code in (({"step": "weather"}, "plan-step-unknown"), ({"by": TODAY}, "plan-step-wanted")):
        with pytest.raises(WrongUsage) as refused:
            told.answering.plan(on=TODAY, **asked)
        assert refused.value.code == code
