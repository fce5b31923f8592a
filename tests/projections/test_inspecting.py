"""督查清单: taken from the plan in force, beside the facts; what was found becomes a problem once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.support.books import Told
from workflows.domain.campaign.events import FrozenCriterion
from workflows.domain.inspection.checklist import Point
from workflows.projections import proofs
from workflows.projections.inspecting import rule_of

BRANCH = """
title = "an inspection by the list of a plan"
packs = ["central", "seed-000-b"]
[[units]]
name = "甲支部"
kind = "community"
level = "branch"
established_on = 2025-01-01
full_members = 9
[[steps]]
on = 2026-01-20
do = "hold_meeting"
unit = "甲支部"
with = { type = "theme_party_day", eligible = 9, attending = 9 }
"""

VISIT = date(2026, 2, 20)


def step(on: str, do: str, given: str = "") -> str:
    told = f'\n[[steps]]\non = {on}\ndo = "{do}"\nunit = "甲支部"\nsubject = "春季督查"\n'
    return told + (f"with = {{ {given} }}\n" if given else "")


PLANNED = step(
    "2026-02-10", "plan_inspection", 'manner = "regular", planned_for = 2026-02-20, pack = "seed-000-b"'
)
CHECKED = """checked = [{ point = "第1项", in_order = true },
  { point = "第5项", in_order = false, note = "没有签到" }]""".replace("\n", "")
VISITED = step("2026-02-20", "record_visit", CHECKED)
RAISED = step("2026-02-20", "raise_finding", 'text = "党课没有签到", rule = "s000b-lecture"')


def checklist(told: Told, on: date) -> dict[str, Any]:
    (row,) = told.answering.cases("inspection", on=on)["rows"]
    answer: dict[str, Any] = told.answering.checklist(UUID(row["file_id"]), on)
    return answer


def test_the_list_of_an_inspection_is_the_criteria_of_the_plan_that_holds_there() -> None:
    told = Told(BRANCH + PLANNED)
    rows = checklist(told, date(2026, 2, 19))["rows"]
    assert [row["point"] for row in rows] == [f"第{number}项" for number in range(1, 6)]
    assert {row["seen"] for row in rows} == {"not_looked"}
    assert all(row["label"] != row["point"] and row["clause"] for row in rows)


def test_a_plan_without_criteria_gives_its_rules_that_bind_there() -> None:
    told = Told(BRANCH.replace('"seed-000-b"', '"seed-003"') + PLANNED.replace("seed-000-b", "seed-003"))
    points = [row["point"] for row in checklist(told, date(2026, 2, 19))["rows"]]
    assert {"s003-edu", "s003-operate"} <= set(points)
    assert "s003-hear" not in points, "it binds a committee"
    assert "s003-check" not in points, "it is about inspections themselves"


def test_a_plan_that_does_not_hold_there_gives_no_list_and_is_refused() -> None:
    told = Told(BRANCH + PLANNED.replace('pack = "seed-000-b"', 'pack = "seed-001"'))
    (finding,) = [f for f in told.played[-1].outcome.findings if f.rule == "inspection-pack"]
    assert (told.played[-1].outcome.refused, finding.facts) == (True, {"pack": "seed-001"})


def test_what_the_facts_say_stands_beside_each_point_before_anybody_comes() -> None:
    rows = {row["point"]: row for row in checklist(Told(BRANCH + PLANNED), date(2026, 2, 19))["rows"]}
    (facts,) = rows["第1项"]["facts"]
    assert facts["unit"] == "甲支部"
    assert ("2026-01", "met") in [(one["what"], one["outcome"]) for one in facts["proofs"]]


def test_a_point_not_in_order_waits_for_its_problem_and_one_not_looked_at_is_neither() -> None:
    before = checklist(Told(BRANCH + PLANNED + VISITED), date(2026, 2, 20))
    rows = {row["point"]: row for row in before["rows"]}
    assert (rows["第1项"]["seen"], rows["第5项"]["seen"]) == ("in_order", "not_in_order")
    assert rows["第5项"]["to_raise"]
    assert before["counts"]["to_raise"] == 1
    assert before["counts"]["not_looked"] == len(rows) - 2
    after = checklist(Told(BRANCH + PLANNED + VISITED + RAISED), date(2026, 2, 20))
    row = next(row for row in after["rows"] if row["point"] == "第5项")
    assert (row["problem"]["subject"], row["to_raise"]) == ("春季督查：问题1", False)
    assert (after["counts"]["to_raise"], after["others"]) == (0, [])


def proof(rule: str, what: str, outcome: proofs.Outcome) -> proofs.Proof:
    return proofs.Proof("cell", rule, rule, "", what, outcome, UUID(int=1))


def test_a_problem_of_a_point_is_about_the_rule_that_is_not_kept_and_not_about_the_first() -> None:
    point = Point("服务机制", "服务机制", rules=("meet-assembly", "meet-group"))
    kept = proof("meet-assembly", "2026-Q3", "met")
    missed = proof("meet-group", "2026-08", "missing")
    fill = proofs.filled(FrozenCriterion("服务机制", "服务机制", proved_by=point.rules), [kept, missed])
    assert rule_of(point, [fill]) == "meet-group"
    assert rule_of(point, [replace(fill, proofs=(kept,))]) == "meet-assembly"


def test_a_problem_under_the_central_rule_is_the_problem_of_the_point_that_refines_it() -> None:
    seen = VISITED.replace("第5项", "第2项")
    raised = RAISED.replace("党课没有签到", "大会没有签到").replace("s000b-lecture", "meet-assembly")
    rows = {row["point"]: row for row in checklist(Told(BRANCH + PLANNED + seen + raised), VISIT)["rows"]}
    assert (rows["第2项"]["problem"]["rule"], rows["第2项"]["to_raise"]) == ("meet-assembly", False)
    assert rows["第1项"]["problem"] is None, "it is about another matter"


def test_a_visit_tells_what_is_to_be_made_a_problem_and_what_nobody_looked_at() -> None:
    told = Told(BRANCH + PLANNED + VISITED)
    found = {f.rule: f.facts["points"] for f in told.played[-1].outcome.findings if "points" in f.facts}
    assert found["visit-not-in-order"] == ["第5项"]
    assert "第1项" not in found["visit-not-looked"]


@pytest.mark.parametrize(("manner", "reminded"), [("regular", True), ("spot", False), ("unannounced", False)])
def test_only_a_regular_visit_is_a_day_of_which_the_unit_is_reminded(manner: str, reminded: bool) -> None:
    told = Told(BRANCH + PLANNED.replace('"regular"', f'"{manner}"'))
    rows = told.answering.deadlines(on=date(2026, 2, 15), status="all")["rows"]
    due = [row["due_on"] for row in rows if row["rule"] == "inspection-due"]
    assert due == (["2026-02-20"] if reminded else [])


def test_before_it_comes_an_unannounced_inspection_stands_on_no_list_of_things_to_do() -> None:
    told = Told(BRANCH + PLANNED.replace('"regular"', '"unannounced"'))
    rows = told.answering.deadlines(on=date(2026, 2, 15))["rows"]
    assert not [row for row in rows if row["subject"] == "春季督查"]


SECRET = BRANCH + PLANNED.replace('"regular"', '"unannounced"')


def listed(told: Told, on: date) -> list[str]:
    whole = told.answering.cases("inspection", on=on)["rows"]
    light = told.answering.case_outlines("inspection", on=on)["rows"]
    assert [row["subject"] for row in whole] == [row["subject"] for row in light]
    return [row["subject"] for row in light]


def test_before_its_day_an_unannounced_inspection_is_in_no_list_but_the_one_of_those_not_told() -> None:
    told = Told(SECRET)
    before, day = date(2026, 2, 19), date(2026, 2, 20)
    assert (listed(told, before), listed(told, day)) == ([], ["春季督查"])
    (row,) = told.answering.case_outlines("inspection", on=before, withheld=True)["rows"]
    assert row["subject"] == "春季督查"
    assert told.answering.case_outlines("inspection", on=day, withheld=True)["rows"] == []


def test_one_without_a_day_shows_once_it_was_held_or_cancelled() -> None:
    without = SECRET.replace(", planned_for = 2026-02-20", "")
    assert listed(Told(without), date(2030, 1, 1)) == []
    assert listed(Told(without + VISITED), VISIT) == ["春季督查"]
    cancelled = step("2026-02-20", "cancel_inspection", 'reason = "防汛"')
    assert listed(Told(without + cancelled), VISIT) == ["春季督查"]


def test_an_inspection_by_chance_is_listed_though_it_reminds_nobody() -> None:
    assert listed(Told(BRANCH + PLANNED.replace('"regular"', '"spot"')), date(2026, 2, 15)) == ["春季督查"]
