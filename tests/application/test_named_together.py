"""合并重复的人: what others' acts say of two: both had a part in one, or one in what was the other's."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from tests.support.books import Told
from workflows.application.books import Books
from workflows.domain.unit.events import MeetingHeld
from workflows.entrypoints.catalogue import Lang
from workflows.entrypoints.wording import Wording

BOOKS = """
title = "two in one act"
packs = ["central"]
[[units]]
name = "甲支部"
kind = "village"
full_members = 12
established_on = 2015-01-01
[people]
"王强" = { stage = "full", since = 2010-07-01 }
"王勇" = { stage = "full", since = 2010-07-01 }
"李" = { stage = "full", since = 2010-07-01 }
"新" = { stage = "activist", since = 2024-03-01 }
"""


def step(do: str, on: str, fields: str, *more: str) -> str:
    lines = "".join(f"{line}\n" for line in more)
    return f'[[steps]]\ndo = "{do}"\non = {on}\nas_history = true\n{lines}with = {{ {fields} }}\n'


def merged(*steps: str, keep: str = "王强", other: str = "王勇") -> Told:
    merge = step(
        "merge_persons", "2026-04-10", f'other = "{other}", reason = "重复登记"', f'person = "{keep}"'
    )
    return Told(BOOKS + "".join(steps) + merge)


def found(told: Told) -> dict[str, dict[str, Any]]:
    """Return the facts of what was found of a merger, by rule; all of it can be told in both languages."""
    for finding in told.played[-1].outcome.findings:
        for lang in get_args(Lang):
            text = Wording(lang).finding(finding, command="merge_persons", on=date(2026, 4, 10))
            assert "{" not in text, finding.rule
    return {f.rule: f.facts for f in told.played[-1].outcome.findings if f.rule != "merge-names-differ"}


VOTED = "attending = 12, eligible = 12, seats = 3, secret = true, candidates = "
BOTH = '[{ person = "王强", votes = 12 }, { person = "王勇", votes = 11 }, { person = "李", votes = 10 }]'
POSTS = 'posts = { "王强" = "secretary", "王勇" = "deputy_secretary" }'


@pytest.mark.parametrize(
    ("do", "fields", "where"),
    [
        ("elect_committee", VOTED + BOTH, "candidates"),
        ("elect_by", f"attending = 12, {POSTS}", "posts"),
        ("elect_committee", f'{VOTED}[{{ person = "外人" }}], {POSTS}', "posts"),
    ],
)
def test_who_stood_beside_each_other_in_one_election_are_two(do: str, fields: str, where: str) -> None:
    """A bare name beside them seals the list; the branch of the two is read all the same."""
    outcome = (told := merged(step(do, "2026-03-10", fields))).played[-1].outcome
    assert outcome.refused
    assert not outcome.events
    assert found(told)["merge-elected-twice"]["fields"] == [where]


@pytest.mark.parametrize("do", ["assign_mentors", "assign_sponsors", "hold_first_talk"])
def test_nobody_trains_sponsors_or_interviews_themselves(do: str) -> None:
    fields = 'by = "李"' if do == "hold_first_talk" else 'persons = ["李", "王勇"]'
    told = merged(step(do, "2026-03-10", fields, 'person = "新"'), keep="新", other="李")
    assert told.played[-1].outcome.refused
    assert found(told)["merge-own-part"]["step"] == do


def test_both_mentors_of_one_and_both_in_a_meeting_are_told_and_left_to_a_person() -> None:
    held = [
        step(
            "hold_meeting",
            f"2026-0{month}-10",
            'type = "branch_assembly", attending = ["王强", "王勇", "李"]',
        )
        for month in (1, 2, 3)
    ]
    mentors = step("assign_mentors", "2025-01-10", 'persons = ["王强", "王勇"]', 'person = "新"')
    told = merged(*held, mentors)
    assert told.played[-1].outcome.events == ("PersonsMerged",)
    notes = [f.facts for f in told.played[-1].outcome.findings if f.rule == "merge-together"]
    assert sorted((one["step"], one["fields"], one["count"], one["on"]) for one in notes) == [
        ("assign_mentors", ["persons"], 1, "2025-01-10"),
        ("hold_meeting", ["attendees"], 3, "2026-03-10"),
    ]


def test_one_came_while_the_other_was_on_leave() -> None:
    told = merged(
        step(
            "hold_meeting", "2026-03-10",
            'type = "branch_assembly", attending = ["王强"], leave = [{ person = "王勇", reason = "病" }]',
        )
    )  # fmt: skip
    assert found(told)["merge-together"]["fields"] == ["attendees", "leave"]


@pytest.mark.parametrize(("typed", "now", "is_told"), [(2, 1, False), (9, 9, True)])
def test_a_typed_number_that_stays_is_told(typed: int, now: int, is_told: bool) -> None:
    fields = f'type = "branch_assembly", attending = ["王强", "王勇"], eligible = {typed}'
    told = merged(step("hold_meeting", "2026-03-10", fields))
    assert ("merge-eligible-stands" in found(told)) is is_told
    with told.log.read() as reading:
        ((event, _),) = (
            Books(reading, told.app.rules).unit_state(told.answering.unit_named("甲支部")).each(MeetingHeld)
        )
    assert (event.eligible, event.attending) == (now, 1)


ISSUE = (
    ("open_issue", "2026-01-10", 'text = "党费迟交", due_on = 2026-03-31'),
    ("plan_correction", "2026-01-12", 'measure = "补交", owner = "王强"'),
    ("submit_correction", "2026-02-10", 'by = "王强"'),
    ("accept_correction", "2026-02-12", 'by = "{by}"'),
)


@pytest.mark.parametrize(("by", "is_told"), [("王勇", True), ("李", False)])
def test_who_accepted_what_the_other_put_right_is_told(by: str, is_told: bool) -> None:
    acts = [
        step(do, on, fields.replace("{by}", by), 'unit = "甲支部"', 'subject = "党费"')
        for do, on, fields in ISSUE
    ]
    told = merged(*acts)
    assert told.played[-1].outcome.events == ("PersonsMerged",)
    assert ("merge-by-another" in found(told)) is is_told
    if is_told:
        facts = found(told)["merge-by-another"]
        assert (facts["subject"], facts["step"], facts["on"]) == ("党费", "accept_correction", "2026-02-12")


def test_nothing_is_told_of_two_who_never_met() -> None:
    alone = step("hold_meeting", "2026-03-10", 'type = "branch_assembly", attending = ["王强", "李"]')
    assert found(merged(alone)) == {}
