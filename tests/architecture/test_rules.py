"""Every rule shipped is exercised by a scenario; no number of a regulation stands in the domain."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import workflows
from workflows.adapters.packs import shipped
from workflows.application.commands import commands
from workflows.domain.stages import MOVES
from workflows.entrypoints.cli.stories import told
from workflows.entrypoints.wording import Wording

ROOM = Path(workflows.__file__).parent
SCENARIOS = sorted((ROOM / "policies" / "packs").rglob("*.scenarios/*.toml"))
RULES = [(pack, rule) for pack in shipped() for rule in pack.own_rules]
LAW_NUMBERS = {18, 24, 32, 50, 56, 80, 90, 180, 365}
"""Numbers only a regulation would put into the domain."""


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
        assert command in commands() or command in ("unit", "request_election"), command


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
    assert {rule.id for _, rule in RULES} <= named


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
