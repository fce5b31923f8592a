"""Every rule shipped is exercised by a scenario; no number of a regulation stands in the domain."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import workflows
from tests.support.facts import facts_asked, facts_put
from workflows.adapters.packs import shipped
from workflows.application.commands import commands
from workflows.domain.stages import MOVES
from workflows.entrypoints.catalogue import Catalogue
from workflows.entrypoints.cli.stories import told
from workflows.entrypoints.wording import Wording
from workflows.policies.acts import ACTS, DUTY

ROOM = Path(workflows.__file__).parent
SCENARIOS = sorted((ROOM / "policies" / "packs").rglob("*.scenarios/*.toml"))
RULES = [(pack, rule) for pack in shipped() for rule in pack.own_rules]
LAW_NUMBERS = {18, 24, 32, 50, 56, 80, 90, 180, 365}
"""Numbers only a regulation would put into the domain."""
WAITING = dict(
    line.split()
    for line in (Path(__file__).parents[1] / "data" / "rules-waiting.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
"""Rules about a fact that no command gives yet: the fact."""


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_comes_out_as_its_author_expects(path: Path) -> None:
    _, unmet = told(path, Wording("zh"))
    assert unmet == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_expects_something(path: Path) -> None:
    story = tomllib.loads(path.read_text("utf-8"))
    assert any("expect" in table for table in [*story.get("steps", []), *story.get("ask", [])])


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=lambda item: getattr(item, "id", None))
def test_a_rule_speaks_of_commands_that_there_are(pack: object, rule: object) -> None:
    for command in rule.on:  # type: ignore[attr-defined]
        assert command in ACTS or command == DUTY, command


def test_every_rule_is_exercised_by_a_scenario() -> None:
    named = {
        finding["rule"]
        for path in SCENARIOS
        for step in told(path, Wording("zh"))[0]["steps"]
        for finding in step["findings"]
    }
    named |= {
        row["rule"]
        for path in SCENARIOS
        for answer in told(path, Wording("zh"))[0]["answers"]
        for row in answer.get("rows", [])
        if "rule" in row
    }
    exercised = {rule.id for _, rule in RULES if is_asked(rule.on)} - WAITING.keys()
    assert sorted(exercised - named) == []


def is_asked(acts: tuple[str, ...]) -> bool:
    """Say whether a rule is asked at some command that there is."""
    return any(act in commands() or act == DUTY for act in acts) or "request_election" in acts


def test_a_rule_waits_only_for_a_fact_that_no_command_gives() -> None:
    assert sorted(fact for fact in WAITING.values() if fact in facts_put()) == []
    asked = {rule.id: rule for _, rule in RULES}
    for rule_id, fact in WAITING.items():
        assert fact in facts_asked(asked[rule_id]), rule_id


def test_the_acts_of_rules_are_all_commands_and_have_words() -> None:
    words = Catalogue()
    assert commands().keys() <= ACTS
    assert sorted(act for act in ACTS if not words.known("command", act)) == []


def test_every_step_of_the_chart_is_a_command_and_a_move() -> None:
    moves = {move for _, move in MOVES}
    for pack in shipped():
        for step in pack.steps:
            assert step.id in commands(), step.id
            assert step.id in moves or step.id == "approve_full_membership", step.id


def test_no_number_of_a_regulation_stands_in_the_domain() -> None:
    for path in (ROOM / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and type(node.value) is int:
                assert node.value not in LAW_NUMBERS, f"{path.name}:{node.lineno}: {node.value}"
