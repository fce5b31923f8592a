"""The packs that come with the program: every national rule is in one, or left out with a reason."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workflows.adapters.packs import shipped
from workflows.entrypoints.cli import zhibu
from workflows.policies.pack import NATIONAL, Pack
from workflows.policies.rule import Rule

ROOT = Path(__file__).parents[2]
IDS = (ROOT / "tests" / "data" / "rule-ids.txt").read_text("utf-8").split()
"""The ids of all national rules, in the order in which the regulations were restated."""
PACKS = shipped()
RULES = [rule for pack in PACKS for rule in pack.own_rules]


def left_out() -> dict[str, str]:
    """Return the ids that no pack has, each with the reason told to a clerk."""
    text = (ROOT / "docs" / "rules-left-out.md").read_text("utf-8")
    return dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", text, re.MULTILINE))


def in_packs() -> set[str]:
    return {name for rule in RULES for name in (rule.id, *rule.aliases)}


def test_every_national_rule_is_in_a_pack_or_left_out_with_a_reason() -> None:
    assert sorted(set(IDS) - in_packs() - left_out().keys()) == []


def test_no_rule_is_both_in_a_pack_and_left_out() -> None:
    assert sorted(in_packs() & left_out().keys()) == []


def test_only_rules_that_there_are_are_left_out_and_each_once() -> None:
    text = (ROOT / "docs" / "rules-left-out.md").read_text("utf-8")
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) <= set(IDS)


@pytest.mark.parametrize(("rule_id", "reason"), sorted(left_out().items()))
def test_a_reason_is_told_in_chinese_and_ends(rule_id: str, reason: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]{4}", reason), rule_id
    assert reason.endswith("。"), rule_id


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pack_id}-{rule.id}")
def test_each_clause_says_where_it_stands_and_how_surely_it_was_read(rule: Rule) -> None:
    for clause in rule.clauses:
        assert clause.confidence in ("VT", "VQ", "SS", "GK")
        heading = "" if rule.pack_level in NATIONAL else "|^[一二三四五六七八九十]+、"
        place = f"第.+条|条号未查到{heading}"
        assert re.search(place, clause.article), clause.article


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.pack_id}-{rule.id}")
def test_a_rule_has_a_clause_from_the_day_on_which_its_first_value_holds(rule: Rule) -> None:
    assert min(clause.start for clause in rule.clauses) <= min(value.start for value in rule.values)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_pack_keeps_the_day_of_issue_and_that_of_publicity_or_says_it_is_not_known(pack: Pack) -> None:
    if pack.published_on is None:
        assert "公布日" in (pack.note or "")
    else:
        assert pack.issued_on <= pack.published_on


NOT_CLEAN = {"seed-000-a": (0, 2), "seed-004-a": (4, 0), "seed-004-b": (2, 0)}
"""Plans whose own text leaves gaps between bands, lets them overlap, or loosens what stands above it."""


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_shipped_pack_is_clean(pack: Pack) -> None:
    result = CliRunner().invoke(zhibu, ["policy", "check", pack.id, "--format", "json"])
    flaws, conflicts = NOT_CLEAN.get(pack.id, (0, 0))
    assert result.exit_code == (3 if flaws else 0), result.output
    told = json.loads(result.stdout)
    assert (len(told["flaws"]), len(told["conflicts"])) == (flaws, conflicts)


def test_one_duty_with_two_ids_is_one_rule_with_the_other_as_alias() -> None:
    pairs = {
        "meet-theme-day": "edu-theme-day",
        "meet-orglife": "edu-orglife",
        "meet-appraisal": "edu-appraisal",
        "disp-fix-limit": "fix-limit",
        "strike-six": "dues-six",
    }
    own = {rule.id for rule in RULES}
    for rule_id, alias in pairs.items():
        assert alias not in own
        assert all(alias in rule.aliases for rule in RULES if rule.id == rule_id), rule_id


NOT_KEPT = ("账上不录", "程序不录")


def test_no_note_says_that_the_books_do_not_keep_what_a_rule_of_that_id_is_asked_at() -> None:
    """A clause may be a statement and, of what is recorded, a check beside it: its note tells of both."""
    checked = {(r.pack_id, r.id) for r in RULES if r.kind_name != "statement" and r.on}
    told = [
        r for r in RULES if r.kind_name == "statement" and any(said in (r.note or "") for said in NOT_KEPT)
    ]
    assert told
    assert [(r.id, r.note) for r in told if (r.pack_id, r.id) in checked] == []
