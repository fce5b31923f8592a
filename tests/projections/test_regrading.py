"""试算等次: who would have another grade under a draft, by which rule; what was decided stays as it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.projections.test_scoring import OPENED, THREE, UNITS, assembly, step
from tests.support.books import Told
from workflows.adapters.packs import text_of
from workflows.application.story import Player, read_story
from workflows.bootstrap import story_app
from workflows.projections.impact import Impact

PLAN = """
id = "stars"
title = "评星定级办法"
issuer = "某县委组织部"
level = "county"
source = "2026-12-01 稿"
issued_on = 2026-01-01
[[rules]]
id = "stars-bands"
label = "90分以上五星级，80分以上四星级"
kind = "bands"
on = ["confirm_rating"]
about = "campaign"
of = "score"
severity = "warn"
values = [{ from = 2026-01-01, value = [
  { from = 90, to = 100, level = "五星级" },
  { from = 80, below = 90, level = "四星级" },
] }]
clauses = [{ from = 2026-01-01, article = "三", confidence = "VT" }]
[[rules]]
id = "stars-meet"
label = "三会一课满分10分，每少一次扣4分"
kind = "statement"
severity = "record"
values = [{ from = 2026-01-01, value = "10分" }]
clauses = [{ from = 2026-01-01, article = "二", confidence = "VT" }]
"""
MEETINGS = """
[[criteria]]
id = "党员大会"
title = "支部党员大会按期召开"
rule = "stars-meet"
"""
POINTS = MEETINGS + 'points = 10\nlost = 4\nproved_by = ["meet-assembly"]\n'
BY_HAND = '[[criteria]]\nid = "作风"\ntitle = "作风"\nrule = "stars-meet"\npoints = 90\n'
VETO = MEETINGS + 'veto = true\nproved_by = ["meet-assembly"]\n'


def rated(score: float, grade: str, meetings: str = "") -> str:
    """Return the story of a branch rated by a person."""
    return OPENED + meetings + step("2026-12-20", "confirm_rating", f'score = {score}, grade = "{grade}"')


def changes(story: str, plan: str, on: date = date(2027, 1, 31)) -> list[dict[str, Any]]:
    """Return the grades that would be others had the plan been adopted."""
    told = read_story(story)
    app = story_app(told)
    assert not any(step.outcome.refused for step in Player(told, app.recording, app.clock).play())
    before = len(app.log.records)
    answer = Impact(app.log, app.rules, app.clock).impact(plan, on=on)
    assert len(app.log.records) == before
    assert answer["counts"]["grade"] == sum(row["change"] == "grade" for row in answer["rows"])
    return [row for row in answer["rows"] if row["change"] == "grade"]


@pytest.mark.parametrize(("score", "was"), [(92, "五星级"), (85, "四星级")])
def test_who_would_keep_the_grade_is_not_listed(score: float, was: str) -> None:
    assert changes(rated(score, was), PLAN) == []


def test_who_would_have_another_star_is_told_with_the_rule_and_its_clause() -> None:
    (row,) = changes(rated(88, "五星级"), PLAN)
    assert (row["unit"], row["subject"]) == ("甲支部", "规范化")
    assert (row["before"]["grade"], row["after"]["grade"]) == ("五星级", "四星级")
    (why,) = row["because"]
    assert (why["rule"], why["clause"], why["facts"]) == (
        "stars-bands", "《评星定级办法》三", {"score": 88, "level": "四星级"},
    )  # fmt: skip


def test_a_score_of_no_band_is_left_to_a_person() -> None:
    (row,) = changes(rated(70, "三星级"), PLAN)
    assert (row["after"]["grade"], row["after"]["refer"], row["after"]["levels"]) == (None, True, [])


def test_points_that_the_facts_give_take_the_place_of_those_given_then() -> None:
    given = '{ criterion = "党员大会", points = 10 }, { criterion = "作风", points = 10 }'
    story = OPENED + THREE + step("2026-11-20", "review", f"scores = [{given}], passed = true")
    story += step("2026-12-20", "confirm_rating", 'score = 92, grade = "五星级"')
    plan = (PLAN + POINTS + BY_HAND).replace("from = 90, to = 100", "from = 20, to = 100")
    plan = plan.replace("from = 80, below = 90", "from = 0, below = 20")
    (row,) = changes(story, plan)
    assert (row["after"]["score"], row["after"]["grade"]) == (16, "四星级")
    lost, bands = row["because"]
    assert (lost["label"], lost["clause"]) == ("支部党员大会按期召开", "《评星定级办法》二")
    assert lost["facts"] == {"criterion": "党员大会", "points": 6, "most": 10, "times": 1}
    assert bands["rule"] == "stars-bands"


def test_points_nobody_gave_are_not_made_up() -> None:
    plan = PLAN + POINTS + BY_HAND
    assert changes(rated(92, "五星级", THREE), plan) == []


def test_a_criterion_without_which_there_is_no_grade_bars_it_by_the_facts_of_that_year() -> None:
    (row,) = changes(rated(92, "五星级", THREE), PLAN + VETO)
    assert (row["after"]["grade"], row["after"]["refer"]) == (None, False)
    assert [(why["kind"], why["bars"]) for why in row["because"]] == [("criterion", True), ("bands", False)]
    kept = assembly("2026-02-03", "2026-05-03", "2026-08-03", "2026-11-03")
    assert changes(rated(92, "五星级", kept), PLAN + VETO) == []


def test_a_draft_that_says_nothing_of_grades_changes_none() -> None:
    silent = PLAN.replace('kind = "bands"\non = ["confirm_rating"]\nabout = "campaign"\nof = "score"', "")
    silent = PLAN[: PLAN.index("[[rules]]")] + PLAN[PLAN.index('[[rules]]\nid = "stars-meet"') :]
    assert changes(rated(88, "五星级"), silent) == []


def test_a_grade_that_was_taken_away_is_not_judged_again() -> None:
    gone = rated(88, "五星级") + step("2026-12-28", "revoke_rating", 'reason = "立案"')
    assert changes(gone, PLAN) == []


def test_what_is_in_force_already_changes_nothing_whatever_a_person_decided() -> None:
    held = UNITS.replace('["central"]', '["central", "seed-004-b"]')
    story = rated(90, "五星级").replace(UNITS, held)
    app = Told(story)
    text = text_of("seed-004-b", None)
    assert text is not None
    answer = Impact(app.log, app.answering.rules, app.answering.clock).impact(text, on=date(2027, 1, 31))
    assert [row for row in answer["rows"] if row["change"] == "grade"] == []


def test_a_draft_is_tried_on_ratings_held_by_another_plan() -> None:
    held = rated(88, '五星级", reason = "另有加分').replace(
        UNITS, UNITS.replace('["central"]', '["central", "seed-004-a"]')
    )
    named = held.replace("year = 2026", 'scheme = "seed-004-a", year = 2026')
    (row,) = changes(named, PLAN)
    assert (row["after"]["grade"], [why["rule"] for why in row["because"]]) == ("四星级", ["stars-bands"])
