"""A call brings along only what it needs: what is heavy and not asked for is not even imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.entrypoints.cli_support import County, a_county, answered

PAGES = {"fastapi", "starlette", "uvicorn", "jinja2"}
WORKBOOKS = {"openpyxl", "xlsxwriter", "pypinyin"}
PAPERS = {"docxtpl", "docx", "lxml", "workflows.entrypoints.documents"}
SCHEDULER = {"apscheduler", "structlog"}
HOLIDAYS = {"holidays"}
RULES = {"pydantic", "workflows.policies.pack"}
STORE = {"sqlalchemy", "cryptography"}
PROGRAM = """
import json, sys
from workflows.entrypoints.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
sys.stderr.write("\\n" + json.dumps([code, sorted(sys.modules)]))
"""
Brought = Callable[..., tuple[int, set[str]]]


@pytest.fixture
def brought(tmp_path: Path) -> Brought:
    """Runs ``zhibu`` in a process of its own; gives the exit code and the modules it imported."""

    def run(*args: str) -> tuple[int, set[str]]:
        told = {"ZHIBU_HOME": str(tmp_path / "home"), "ZHIBU_MASTER_KEY_FILE": str(tmp_path / "key")}
        found = subprocess.run(
            [sys.executable, "-c", PROGRAM, *args],
            env={**os.environ, **told},
            capture_output=True,
            check=False,
            text=True,
        )
        code, modules = json.loads(found.stderr.splitlines()[-1])
        return code or 0, set(modules)

    return run


@pytest.mark.parametrize(
    "args", [("--help",), ("deadlines", "--help"), ("bulletin", "--help"), ("record", "--help")]
)
def test_help_opens_nothing(brought: Brought, args: tuple[str, ...]) -> None:
    code, modules = brought(*args)
    assert code == 0
    assert not modules & (PAGES | WORKBOOKS | PAPERS | SCHEDULER | RULES | STORE)


def test_a_file_that_is_not_there_is_told_before_anything_is_opened(brought: Brought, tmp_path: Path) -> None:
    code, modules = brought("import", str(tmp_path / "missing.xlsx"))
    assert code == 2
    assert not modules & (PAGES | WORKBOOKS | SCHEDULER | RULES | STORE)
    assert list(tmp_path.iterdir()) == []


def test_checking_the_log_needs_neither_scheduler_nor_pages(brought: Brought) -> None:
    assert brought("init")[0] == 0
    code, modules = brought("verify")
    assert code == 0
    assert not modules & (PAGES | WORKBOOKS | SCHEDULER | HOLIDAYS)


def test_a_question_needs_neither_pages_nor_workbooks_nor_the_scheduler(brought: Brought) -> None:
    assert brought("init")[0] == 0
    code, modules = brought("deadlines")
    assert code == 0
    assert not modules & (PAGES | WORKBOOKS | SCHEDULER)


def test_the_history_of_a_unit_named_in_full_opens_nobodys_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_county(monkeypatch) as (county, run):
        asked = _asked_for(county, monkeypatch)
        told = answered(run("history", "东河镇党委", "--format", "json"))
        assert told["rows"]
        assert county.wang not in asked


def test_a_person_of_one_branch_is_looked_for_in_that_branch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_county(monkeypatch) as (county, run):
        asked = _asked_for(county, monkeypatch)
        told = answered(run("pipeline", "--unit", "西山", "--person", "李四", "--format", "json"))
        assert [row["unit"] for row in told["rows"]] == ["西山村党支部"]
        assert county.wang not in asked


def _asked_for(county: County, monkeypatch: pytest.MonkeyPatch) -> set[object]:
    """Return the streams that readings are asked for from now on, filled as they are."""
    asked: set[object] = set()
    with county.log.read() as reading:
        kind = type(reading)
    load, load_many = kind.load, kind.load_many

    def noted(self: object, stream_id: object, *more: object) -> object:
        asked.add(stream_id)
        return load(self, stream_id, *more)  # type: ignore[arg-type]

    def noted_many(self: object, stream_ids: list[object]) -> object:
        asked.update(stream_ids)
        return load_many(self, stream_ids)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "load", noted)
    monkeypatch.setattr(kind, "load_many", noted_many)
    return asked
