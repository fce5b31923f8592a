"""防止资料达标 (s003-antiform): no paper without a clause; what nothing is checked by says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.books import Told
from workflows.adapters.packs import read_pack, shipped, text_of
from workflows.policies.chart import unknown_words
from workflows.policies.doubts import doubts
from workflows.policies.kinds import Requires, Statement
from workflows.policies.pack import Material, Pack
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules
from workflows.projections import papers

PACKS = shipped()
PLANS = [pack for pack in PACKS if pack.id.startswith("seed-")]
PAPERS = [(pack, told) for pack in PACKS for told in pack.own_materials]
STATEMENTS = [(pack, rule) for pack in PACKS for rule in pack.rules if isinstance(rule, Statement)]
PAPER_WITHOUT_A_CLAUSE = """
[[materials]]
id = "x-minutes"
title = "会议记录复印件"
step = "confirm_activist"
rule = "x-nowhere"
"""


def test_the_nine_plans_are_there() -> None:
    assert len(PLANS) == len({"000-a", "000-b", "000-c", "001", "002", "003", "004-a", "004-b", "004-c"})


@pytest.mark.parametrize("pack", PLANS, ids=lambda pack: pack.id)
def test_a_plan_asks_for_no_paper_of_its_own(pack: Pack) -> None:
    assert [told.id for told in pack.materials] == []
    asked = [rule for rule in pack.rules if isinstance(rule, Requires) and rule.paper]
    assert all("书面请示" in rule.label for rule in asked)  # the one paper that a plan names in its words


@pytest.mark.parametrize(("pack", "told"), PAPERS, ids=lambda one: getattr(one, "id", None))
def test_a_paper_that_is_asked_for_has_its_clause_on_every_day(pack: Pack, told: Material) -> None:
    rules = Rules([*PACKS])
    starts = {clause.start for rule in pack.rules if rule.id == told.rule for clause in rule.clauses}
    days = sorted(day for day in {*starts, *(clause.start for clause in told.clauses)} if told.holds_on(day))
    assert days
    for day in days:
        clause, confidence = papers._clause(rules, told, day)
        assert clause.startswith("《")
        assert not clause.endswith("》")
        assert confidence


def test_a_paper_behind_which_no_rule_stands_is_named_by_the_check(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text((text_of("seed-003") or "") + PAPER_WITHOUT_A_CLAUSE, "utf-8")
    found = {told.word for told in unknown_words(read_pack(tmp_path / "plan.toml"), [])}
    assert "x-nowhere" in found


def test_what_is_shown_as_asked_for_names_its_clause() -> None:
    books = Told(
        """
packs = ["central", "seed-000-a", "seed-003"]
[unit]
name = "甲支部"
full_members = 16
[[steps]]
on = 2024-03-01
do = "receive_application"
person = "王"
with = { born_on = 1999-05-01 }
[[steps]]
on = 2024-03-20
do = "hold_first_talk"
person = "王"
[[steps]]
on = 2024-06-01
do = "confirm_activist"
person = "王"
"""
    )
    (row,) = books.rows("pipeline", person="王", on=date(2024, 7, 1))
    assert row["papers"]
    assert all(one["clause"] for one in row["papers"])


@pytest.mark.parametrize(("pack", "rule"), STATEMENTS, ids=lambda one: getattr(one, "id", None))
def test_a_rule_by_which_nothing_is_checked_says_why(pack: Pack, rule: Rule) -> None:
    assert rule.note, f"{pack.id} {rule.id}"


def test_the_check_of_a_pack_asks_for_the_reason(tmp_path: Path) -> None:
    plan = text_of("seed-003") or ""
    bare = plan.replace('note = "几分、怎么积没有写；不给党员排名。"\n', "")
    assert bare != plan
    (tmp_path / "plan.toml").write_text(bare, "utf-8")
    found = doubts(read_pack(tmp_path / "plan.toml"), [])
    assert [told.rule for told in found if told.code == "statement"] == ["s003-points"]
