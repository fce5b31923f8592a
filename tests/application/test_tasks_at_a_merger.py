"""决议事项 at a merger of units: what is still open goes on where its people go, and comes back with them."""

from __future__ import annotations

from datetime import date

from tests.support.books import Told
from workflows.projections.deadlines import TASK

STORY = """
title = "a task outlives its branch"
[[units]]
name = "甲支部"
kind = "village"
full_members = 5
established_on = 2015-01-01
[[units]]
name = "乙支部"
kind = "village"
full_members = 5
established_on = 2015-01-01
[people]
"李" = { unit = "乙支部", stage = "full", since = 2015-07-01 }
[[steps]]
on = 2026-02-10
do = "hold_meeting"
unit = "乙支部"
[steps.with]
type = "branch_assembly"
attending = 5
resolutions = [
  { topic = "修缮活动室", in_favour = 5, task = { owner = "李", due_on = 2026-06-30 } },
  { topic = "整理档案", in_favour = 5, task = { owner = "李", due_on = 2026-02-20 } },
]
[[steps]]
on = 2026-02-18
do = "complete_task"
unit = "乙支部"
with = { task = "整理档案" }
[[steps]]
on = 2026-03-01
do = "merge_units"
unit = "甲支部"
with = { units = ["乙支部"], document = "镇党发〔2026〕5号" }
"""
DONE = """
[[steps]]
on = 2026-05-10
do = "complete_task"
unit = "甲支部"
with = { task = "修缮活动室" }
"""
BACK = """
[[steps]]
on = 2026-04-01
do = "retract"
with = { event = 3, reason = "没有合并" }
"""


def tasks(told: Told, on: date = date(2026, 6, 1)) -> list[tuple[str, str, str]]:
    rows = told.answering.deadlines(on=on, status="all")["rows"]
    return [(row["unit"], row["subject"], row["status"]) for row in rows if row["rule"] == TASK]


def test_what_is_open_goes_on_at_the_unit_that_takes_the_branch_in_and_is_told() -> None:
    told = Told(STORY)
    merged = told.played[2].outcome
    assert [one.name for one in merged.consequences if one.what == "task"] == ["修缮活动室"]
    assert sorted(tasks(told)) == [("乙支部", "整理档案", "met"), ("甲支部", "修缮活动室", "due")]


def test_it_is_done_there_and_comes_back_where_the_merger_is_withdrawn() -> None:
    assert ("甲支部", "修缮活动室", "met") in tasks(Told(STORY + DONE))
    assert ("乙支部", "修缮活动室", "due") in tasks(Told(STORY + BACK))
    assert not [unit for unit, _, _ in tasks(Told(STORY + BACK)) if unit == "甲支部"]
