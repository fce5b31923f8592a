"""考评标准 in a pack: each stands in a clause, points are lost where the plan says so, gaps stay gaps."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.adapters.packs import shipped
from workflows.policies.chart import unknown_words
from workflows.policies.criteria import Schemes
from workflows.policies.doubts import doubts
from workflows.policies.pack import Adopted, PackError, parse_pack

PLAN = """
id = "plan"
title = "一个县的评星方案"
issuer = "县委组织部"
level = "county"
source = "2026-01-10 印发"
issued_on = 2026-01-10
[[rules]]
id = "plan-meet"
label = "三会一课按期召开，每少一次扣2分"
kind = "statement"
severity = "record"
values = [{ from = 2026-01-01, value = "10分" }]
clauses = [{ from = 2026-01-01, article = "一、第1项", confidence = "VT" }]
[[criteria]]
id = "三会一课"
title = "三会一课按期召开"
rule = "plan-meet"
points = 10
lost = 2
proved_by = ["meet-assembly", "meet-committee"]
"""
CENTRAL = [pack for pack in shipped() if pack.level == "central"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (PLAN.replace('rule = "plan-meet"\npoints', 'rule = "nowhere"\npoints'), "no rule of this pack"),
        (PLAN.replace("points = 10\n", ""), "points are lost of points"),
        (PLAN.replace("lost = 2", "lost = 2\npartly = true"), "points are lost of points"),
        (PLAN + PLAN[PLAN.index("[[criteria]]") :], "twice among the criteria"),
        (PLAN.replace("points = 10", "points = 0"), "greater than 0"),
    ],
)
def test_a_criterion_that_says_what_cannot_be_is_refused(wrong: str, said: str) -> None:
    with pytest.raises(PackError, match=said):
        parse_pack(wrong)


def test_a_rule_that_nobody_knows_is_told_with_the_one_probably_meant() -> None:
    (found,) = unknown_words(parse_pack(PLAN.replace("meet-assembly", "meet-asembly")), CENTRAL)
    assert (found.place, found.word, found.near[0]) == ("三会一课.proved_by", "meet-asembly", "meet-assembly")
    assert unknown_words(parse_pack(PLAN), CENTRAL) == []


def test_what_a_plan_leaves_open_of_its_criteria_is_told_when_it_is_checked() -> None:
    assert doubts(parse_pack(PLAN), CENTRAL) == []
    no_points = PLAN.replace("points = 10\nlost = 2\n", "")
    (no_total,) = doubts(parse_pack(no_points), CENTRAL)
    assert (no_total.code, no_total.facts["count"]) == ("points", 1)
    (open_loss,) = doubts(parse_pack(PLAN.replace("lost = 2\n", "")), CENTRAL)
    assert (open_loss.code, open_loss.facts["criteria"]) == ("lost", ["三会一课"])
    (annex,) = doubts(parse_pack('criteria_not_given = "附件没有"\n' + PLAN), CENTRAL)
    assert (annex.code, annex.facts) == ("criteria", {"not_given": "附件没有"})


def test_a_plan_is_found_by_id_or_title_while_it_holds_and_none_is_guessed_of_two() -> None:
    here = Schemes((), [Adopted(PLAN, date(2026, 3, 1), date(2027, 1, 1))])
    for name in ("plan", "一个县的评星方案", None):
        found = here.named(name, date(2026, 3, 1))
        assert found is not None
        assert found.id == "plan"
    assert here.named("plan", date(2026, 2, 28)) is None
    assert here.named("plan", date(2027, 1, 1)) is None
    assert here.named("another", date(2026, 3, 1)) is None
    two = Schemes([pack for pack in shipped() if pack.id in ("seed-004-a", "seed-004-b")])
    assert two.named(None, date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("plan", "criteria", "points", "linked", "is_whole"),
    [
        ("seed-000-a", 0, 0, 0, False),
        ("seed-000-b", 5, 0, 5, False),
        ("seed-000-c", 0, 0, 0, False),
        ("seed-004-a", 5, 100, 2, True),
        ("seed-004-b", 13, 0, 4, True),
        ("seed-004-c", 5, 0, 1, False),
    ],
)
def test_the_plans_of_the_seeds_give_what_their_text_gives_and_no_more(
    plan: str, criteria: int, points: int, linked: int, is_whole: bool
) -> None:
    pack = next(one for one in shipped() if one.id == plan)
    assert len(pack.criteria) == criteria
    assert sum(one.points or 0 for one in pack.criteria) == points
    assert sum(bool(one.proved_by) for one in pack.criteria) == linked
    assert (pack.criteria_not_given is None) == is_whole
    assert all(one.lost is None for one in pack.criteria)
