"""联系点: who of a leading body keeps contact with a branch, from when until when."""

from __future__ import annotations

from typing import Any

from tests.support.books import Told

TOWN = """
packs = ["seed-000-a"]
[[units]]
name = "镇党委"
level = "committee"
established_on = 2018-01-01
[[units]]
name = "甲支部"
superior = "镇党委"
established_on = 2018-01-01
[[units]]
name = "乙支部"
superior = "镇党委"
established_on = 2018-01-01
[[steps]]
on = 2026-01-05
do = "elect_committee"
unit = "镇党委"
with = { posts = { "王" = "secretary", "李" = "member" }, attending = 9 }
"""


def kept(day: str, leader: str, branch: str, **more: str) -> str:
    """Return a step: a leader begins to keep contact with a branch."""
    fields = {"leader": leader, "branch": branch, **more}
    told = ", ".join(f'{name} = "{value}"' for name, value in fields.items())
    return f'[[steps]]\non = {day}\ndo = "keep_contact"\nunit = "镇党委"\nwith = {{ {told} }}\n'


def state(unit: str, day: str) -> str:
    """Return a question: how a unit stands on a day."""
    return f'[[ask]]\nstate = {{ unit = "{unit}", as_of = {day} }}\n'


def who(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return leader, branch and first day of contacts."""
    return [(row["leader"], row["branch"], row["since"]) for row in rows]


def test_a_contact_handed_over_ends_for_the_one_and_begins_for_the_other() -> None:
    story = TOWN + kept("2026-02-01", "王", "甲支部") + kept("2026-03-01", "李", "甲支部", handed_by="王")
    asked = state("镇党委", "2026-02-28") + state("镇党委", "2026-03-01") + state("甲支部", "2026-03-01")
    before, after, branch = Told(story + asked).answers
    assert who(before["contacts"]) == [("王", "甲支部", "2026-02-01")]
    assert before["without_contact"] == ["李"]
    assert who(after["contacts"]) == [("李", "甲支部", "2026-03-01")]
    assert after["contacts"][0]["posts"] == ["member"]
    assert after["without_contact"] == ["王"]
    assert who(branch["contact_leaders"]) == [("李", "甲支部", "2026-03-01")]
    assert branch["contacts"] == []


def test_contact_is_kept_with_a_branch_and_with_no_committee() -> None:
    below = TOWN.replace('name = "乙支部"', 'name = "站党委"\nlevel = "committee"')
    outcome = Told(below + kept("2026-02-01", "王", "站党委")).played[-1].outcome
    assert [f.rule for f in outcome.findings if f.verdict == "block"] == ["input-contact-no-branch"]
    assert not Told(below + kept("2026-02-01", "王", "甲支部")).played[-1].outcome.refused


def test_nobody_hands_over_what_they_do_not_keep() -> None:
    told = Told(TOWN + kept("2026-02-01", "李", "甲支部", handed_by="王"))
    outcome = told.played[-1].outcome
    assert outcome.refused
    assert [f.rule for f in outcome.findings if f.verdict == "block"] == ["input-no-contact"]


def test_who_leaves_the_body_keeps_the_branch_until_somebody_takes_it_over() -> None:
    left = '[[steps]]\non = 2026-04-01\ndo = "end_post"\nunit = "镇党委"\nwith = { person = "李" }\n'
    story = TOWN + kept("2026-02-01", "王", "甲支部") + kept("2026-02-01", "李", "乙支部") + left
    (told,) = Told(story + state("镇党委", "2026-04-01")).answers
    assert [(row["leader"], row["posts"]) for row in told["contacts"]] == [("王", ["secretary"]), ("李", [])]
    assert told["without_contact"] == []


def test_a_contact_ends_with_its_branch() -> None:
    gone = '[[steps]]\non = 2026-05-01\ndo = "dissolve_unit"\nunit = "乙支部"\nwith = { reason = "合并" }\n'
    story = TOWN + kept("2026-02-01", "李", "乙支部") + gone
    before, after = Told(story + state("镇党委", "2026-04-30") + state("镇党委", "2026-05-01")).answers
    assert who(before["contacts"]) == [("李", "乙支部", "2026-02-01")]
    assert after["contacts"] == []


def test_the_plan_of_a_unit_notes_who_has_no_contact_yet_and_sets_no_limit() -> None:
    told = Told(TOWN + kept("2026-02-01", "王", "甲支部") + kept("2026-02-01", "李", "甲支部"))
    said = [
        [(f.verdict, dict(f.facts)) for f in one.outcome.findings if f.rule == "s000a-contact"]
        for one in told.played[-2:]
    ]
    assert said == [[("note", {"leaders_without_contact": 1})], [("ok", {"leaders_without_contact": 0})]]
    assert not any(one.outcome.refused for one in told.played)
