"""跟踪、反弹: after its close-out a problem is followed up for a year, and what comes back in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import Told
from workflows.application.story import Player, read_story
from workflows.bootstrap import story_app
from workflows.projections.answers import Answering

BRANCH = """
title = "a problem is followed up"
packs = ["central", "seed-000-a"]
[[units]]
name = "镇党委"
level = "committee"
kind = "community"
established_on = 2020-01-01
[[units]]
name = "甲支部"
kind = "community"
superior = "镇党委"
full_members = 10
established_on = 2020-01-01
[[units]]
name = "乙支部"
kind = "community"
superior = "镇党委"
full_members = 10
established_on = 2020-01-01
"""
TWO_YEARS = """
id = "follow-up-two"
title = "跟踪办法"
issuer = "某县委组织部"
level = "county"
source = "例子"
issued_on = 2020-01-01
[[rules]]
id = "x-follow-up"
label = "销号以后跟踪半年"
kind = "within"
on = []
subject = "follow_up"
about = "rectification"
anchor = "closed_out_on"
unit = "month"
aliases = ["follow-up"]
severity = "record"
values = [{ from = 2020-01-01, value = 6 }]
clauses = [{ from = 2020-01-01, article = "第二条", confidence = "SS" }]
"""
RULE = "edu-old"
"""A rule of which the books cannot tell whether it is kept: closing is then left to a person."""


def step(
    on: str, do: str, given: str = "", subject: str = "问题", unit: str = "甲支部", more: str = ""
) -> str:
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "{unit}"\nsubject = "{subject}"\n{more}'
    return told + (f"with = {{ {given} }}\n" if given else "")


def closed(on: str, subject: str = "问题", rule: str = RULE, opened: str = "2026-01-10") -> str:
    """Return a problem found and closed out."""
    return (
        step(opened, "open_issue", f'rule = "{rule}"', subject)
        + step(opened, "plan_correction", 'measure = "补", owner = "钱"', subject)
        + step(opened, "submit_correction", 'by = "钱"', subject)
        + step(opened, "accept_correction", 'by = "周"', subject)
        + step(on, "close_out", 'by = "周"', subject)
    )


def again(on: str, rule: str = RULE, unit: str = "甲支部", more: str = "") -> str:
    return step(on, "open_issue", f'rule = "{rule}"', "又一个", unit, more)


CLOSED = closed("2026-02-28")


def limits(told: Told, on: str) -> list[tuple[Any, ...]]:
    rows = told.rows("deadlines", on=date.fromisoformat(on))
    return [
        (r["subject"], r["status"], r["due_on"], r["confidence"]) for r in rows if r["rule"] == "follow-up"
    ]


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2026-02-27", []),
        ("2026-02-28", [("问题", "due", "2027-02-28", "GK")]),
        ("2027-02-28", [("问题", "due", "2027-02-28", "GK")]),
        ("2027-03-01", [("问题", "met", "2027-02-28", "GK")]),
    ],
)
def test_a_closed_problem_is_followed_up_for_a_year_by_a_convention_of_ours_and_that_ends_by_itself(
    on: str, wanted: list[Any]
) -> None:
    assert limits(Told(BRANCH + CLOSED), on) == wanted


@pytest.mark.parametrize(("on", "relapse"), [("2027-02-28", "问题"), ("2027-03-01", None)])
def test_the_page_calls_it_a_relapse_only_where_the_closed_one_was_still_followed_up(
    on: str, relapse: str | None
) -> None:
    told = Told(BRANCH + CLOSED + again(on))
    entry = next(one for one in told.log.directory.files() if one.subject == "又一个")
    page = told.answering.case(entry.id, date.fromisoformat(on))
    assert (page["relapse_of"], len(page["state"]["recurs"])) == (relapse, 1)
    rows = told.answering.cases("rectification", on=date.fromisoformat(on))["rows"]
    assert next(row for row in rows if row["subject"] == "又一个")["relapse_of"] == relapse


def test_nobody_has_anything_to_do_by_a_follow_up_that_ends_by_itself() -> None:
    answering = Told(BRANCH + CLOSED).answering
    day = date(2027, 2, 28)
    assert "follow-up" in [row["rule"] for row in answering.agenda(on=day)["rows"]]
    assert "follow-up" not in [row["rule"] for row in answering.agenda(on=day, within=30)["rows"]]
    assert "follow-up" not in [row["rule"] for row in answering.agenda(on=day, only="today")["rows"]]


def test_a_problem_found_again_by_hand_is_followed_up_no_longer_until_it_is_closed_again() -> None:
    told = Told(BRANCH + CLOSED + step("2026-06-01", "reopen_issue", 'reason = "又漏雨"'))
    assert limits(told, "2026-05-31") == [("问题", "due", "2027-02-28", "GK")]
    assert limits(told, "2026-06-01") == []


def relapse(text: str) -> list[tuple[str, str]]:
    """Return what the last step found about a problem of before, and its clause or how sure it is."""
    found = Told(BRANCH + text).played[-1].outcome.findings
    return [(f.rule, f.facts.get("closed_on", "")) for f in found if f.rule.startswith("issue-")]


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2026-03-01", [("issue-recurs", ""), ("issue-relapse", "2026-02-28")]),
        ("2027-02-28", [("issue-recurs", ""), ("issue-relapse", "2026-02-28")]),
        ("2027-03-01", [("issue-recurs", "")]),
    ],
)
def test_the_same_rule_broken_in_the_year_has_come_back_and_after_it_only_recurs(
    on: str, wanted: list[Any]
) -> None:
    assert relapse(CLOSED + again(on)) == wanted


def test_a_problem_still_open_recurs_and_has_not_come_back() -> None:
    opened = step("2026-01-10", "open_issue", f'rule = "{RULE}"')
    assert relapse(opened + again("2026-02-01")) == [("issue-recurs", "")]


def test_the_rule_of_another_layer_about_the_same_matter_is_the_same_rule() -> None:
    first = step("2026-01-10", "open_issue", 'rule = "meet-appraisal"')
    assert relapse(first + again("2026-02-01", "s000a-appraisal")) == [("issue-recurs", "")]
    assert relapse(first + again("2026-02-01", "edu-appraisal")) == [("issue-recurs", "")]
    assert relapse(first + again("2026-02-01", "meet-committee")) == []


def test_another_branch_has_its_own_problems() -> None:
    assert relapse(CLOSED + again("2026-03-01", unit="乙支部")) == []


def test_entered_as_history_it_comes_back_all_the_same() -> None:
    late = again("2026-03-01", more='as_history = true\nreason = "补录"\nrecorded_on = 2026-08-01\n')
    assert [rule for rule, _ in relapse(CLOSED + late)] == ["issue-recurs", "issue-relapse"]


def test_a_finding_of_an_inspection_links_the_problem_it_opens() -> None:
    text = CLOSED + step("2026-04-01", "plan_inspection", 'manner = "spot"', "督查")
    text += step("2026-04-02", "record_visit", 'inspectors = ["吴"]', "督查")
    text += step("2026-04-02", "raise_finding", f'text = "又漏雨", rule = "{RULE}"', "督查")
    told = Told(BRANCH + text).answering
    opened = told.ask("state", {"subject": "督查：问题1", "as_of": date(2026, 4, 2)})
    assert (opened["source"], opened["relapse_of"], len(opened["recurs"])) == ("inspection", "问题", 1)
    before = told.ask("state", {"subject": "问题", "as_of": date(2026, 4, 2)})
    assert [(one["subject"], one["on"]) for one in before["relapses"]] == [("督查：问题1", "2026-04-02")]
    assert told.ask("state", {"subject": "问题", "as_of": date(2026, 4, 1)})["relapses"] == []


def test_a_closed_problem_tells_until_when_it_is_followed_up_and_how_surely() -> None:
    told = Told(BRANCH + CLOSED).answering.ask("state", {"subject": "问题", "as_of": date(2026, 3, 1)})
    assert told["follow_up"] == {"until": "2027-02-28", "clause": None, "confidence": "GK"}


def test_an_adopted_pack_that_says_how_long_holds_with_its_clause(tmp_path: Path) -> None:
    (tmp_path / "follow-up.toml").write_text(TWO_YEARS, "utf-8")
    text = BRANCH.replace('"seed-000-a"]', '"follow-up.toml"]') + CLOSED
    story = read_story(text + again("2026-08-28") + again("2026-08-29").replace("又一个", "再一个"))
    app = story_app(story, tmp_path)
    played = Player(story, app.recording, app.clock).play()
    came_back = [[f.clause for f in one.outcome.findings if f.rule == "issue-relapse"] for one in played[-2:]]
    assert came_back == [["《跟踪办法》第二条"], []]
    rows = Answering(app.log, app.rules, app.clock).deadlines(on=date(2026, 3, 1), status="all")["rows"]
    told = [(r["rule"], r["due_on"], r["confidence"]) for r in rows if r["subject"] == "问题"]
    assert told == [("follow-up", "2026-08-28", "SS")]


def test_the_books_of_before_the_close_out_was_known_follow_nothing_up() -> None:
    late = closed("2026-02-28").replace(
        'on = 2026-02-28\ndo = "close_out"',
        'on = 2026-02-28\nrecorded_on = 2026-03-20\nas_history = true\nreason = "补录"\ndo = "close_out"',
    )
    told = Told(BRANCH + late)
    rows = told.rows("deadlines", on=date(2026, 3, 10), known_on=date(2026, 3, 19))
    assert [r for r in rows if r["rule"] == "follow-up"] == []
    assert limits(told, "2026-03-10") == [("问题", "due", "2027-02-28", "GK")]


# --- 整顿 -------------------------------------------------------------------------------------------------


def listed(*more: str) -> Told:
    """Return a unit taken off the list on 1 December 2026, and what came then."""

    def one(on: str, do: str, given: str = "") -> str:
        return step(on, do, given, "整顿")

    text = one("2026-03-01", "list_unit") + one("2026-03-20", "plan_overhaul", "due_on = 2026-11-30")
    text += one("2026-11-20", "accept_overhaul", "score = 80, passed = true")
    text += one("2026-12-01", "delist_unit")
    return Told(BRANCH + text + "".join(one(*step_.split("|")) for step_ in more))


@pytest.mark.parametrize(
    ("on", "status"), [("2026-12-01", "due"), ("2027-12-01", "due"), ("2027-12-02", "overdue")]
)
def test_a_unit_taken_off_the_list_is_followed_up_until_somebody_ends_it_after_a_year(
    on: str, status: str
) -> None:
    told = listed()
    assert limits(told, "2026-11-30") == []
    assert limits(told, on) == [("整顿", status, "2027-12-01", "GK")]


@pytest.mark.parametrize(("on", "early"), [("2027-11-30", ["follow-up-early"]), ("2027-12-01", [])])
def test_a_follow_up_ended_before_the_year_is_over_is_noted(on: str, early: list[str]) -> None:
    told = listed(f"{on}|end_follow_up")
    outcome = told.played[-1].outcome
    assert str(outcome.verdict) == "ok"
    assert [f.rule for f in outcome.findings if f.rule == "follow-up-early"] == early
    assert limits(told, "2027-12-02") == [("整顿", "met", "2027-12-01", "GK")]


def test_a_unit_that_weakens_while_it_is_followed_up_is_listed_again_and_must_be_accepted_anew() -> None:
    told = listed('2027-05-01|relist_unit|reason = "书记又空缺"', "2027-05-02|delist_unit")
    assert told.played[-1].outcome.findings[0].rule == "file-stage"
    state = told.answering.ask("state", {"subject": "整顿", "as_of": date(2027, 5, 2)})
    assert (state["stage"], state["accepted"], state["due_on"], state["follow_up"]) == (
        "listed", None, None, None,
    )  # fmt: skip
    assert limits(told, "2027-05-02") == []
    before = told.answering.ask("state", {"subject": "整顿", "as_of": date(2027, 4, 30)})
    assert (before["stage"], before["accepted"]["score"]) == ("delisted", 80)


def test_a_unit_whose_follow_up_is_over_is_listed_in_a_new_case() -> None:
    told = listed("2027-12-01|end_follow_up", '2028-01-05|relist_unit|reason = "又软弱"')
    assert told.played[-1].outcome.findings[0].rule == "file-stage"
