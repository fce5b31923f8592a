"""Each import contract of pyproject.toml is seen to fail, and to hold where nothing is wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ["kernel", "policies", "domain", "processes", "application", "projections", "scheduler", "adapters"]
ROOMS += ["bootstrap", "entrypoints"]
AGGREGATES = ("unit", "person", "campaign", "inspection", "rectification", "listing", "site")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package `workflows` with every room and aggregate, all empty, under the project's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "workflows"
    for folder in (package, *(package / room for room in ROOMS)):
        folder.mkdir()
        (folder / "__init__.py").touch()
    for aggregate in AGGREGATES:
        (package / "domain" / f"{aggregate}.py").touch()
    return tmp_path


def lint_imports(tree: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_tree_keeps_every_contract(tree: Path) -> None:
    result = lint_imports(tree)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("kernel/x.py", "import workflows.policies", "rooms import inward only"),
        ("policies/x.py", "from workflows import domain", "rooms import inward only"),
        ("application/x.py", "from workflows.adapters import store", "rooms import inward only"),
        ("projections/x.py", "import workflows.scheduler", "rooms import inward only"),
        ("adapters/x.py", "import workflows.bootstrap", "rooms import inward only"),
        ("helpers/__init__.py", "", "rooms import inward only"),
        ("application/x.py", "import sqlalchemy", "application and below reach"),
        ("domain/x.py", "from time import time", "application and below reach"),
        ("kernel/x.py", "import socket", "application and below reach"),
        ("processes/x.py", "import structlog", "only application and above write log"),
        ("domain/unit.py", "from workflows.domain.person import y", "aggregates meet in a process"),
    ],
)
def test_a_contract_is_seen_to_fail(tree: Path, module: str, line: str, broken: str) -> None:
    path = tree / "workflows" / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n", encoding="utf-8")
    if "store" in line:
        (tree / "workflows/adapters/store.py").touch()
    if line.endswith(" y"):
        (tree / "workflows/domain/person.py").write_text("y = 1\n", encoding="utf-8")
    result = lint_imports(tree)
    verdicts = [text for text in result.stdout.splitlines() if text.endswith("BROKEN")]
    assert result.returncode == 1, result.stdout + result.stderr
    assert len(verdicts) == 1
    assert verdicts[0].startswith(broken)
