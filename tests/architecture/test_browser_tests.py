"""Tests in a browser wait for what they look at: a click does not wait for the page it leads to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parents[1].rglob("test_*browser.py"))
PRESSES = {"click", "tap", "dblclick", "press"}
WAITING_ACTIONS = {"fill", "check", "select_option", "click", "tap"}


def _calls(statement: ast.stmt) -> Iterator[str]:
    """Yield the names of what a statement calls."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            called = node.func
            yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _waits(statement: ast.stmt) -> bool:
    """Tell whether a statement waits by itself until it finds what it needs."""
    called = set(_calls(statement))
    if isinstance(statement, ast.Assert):
        return False
    return bool({"expect", "follow", *WAITING_ACTIONS} & called) or any(
        name.startswith("wait_for_") and name != "wait_for_timeout" for name in called
    )


def hasty(source: str) -> list[int]:
    """Return the lines of statements that look at a page straight after something was pressed on it."""
    found = []
    for body in (
        node.body for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.With)
    ):
        for pressed, after in pairwise(body):
            is_press = isinstance(pressed, ast.Expr) and bool(PRESSES & set(_calls(pressed)))
            if is_press and not _waits(after):
                found.append(after.lineno)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_looked_at_straight_after_a_click(file: Path) -> None:
    assert hasty(file.read_text(encoding="utf-8")) == []
    assert "wait_for_timeout" not in file.read_text(encoding="utf-8")


def test_a_hasty_look_is_found_and_a_patient_one_is_not() -> None:
    hasty_one = (
        "def test_x(page):\n    page.locator('a').click()\n    assert page.locator('b').is_visible()\n"
    )
    patient = (
        "def test_x(page):\n    page.locator('a').click()\n    expect(page.locator('b')).to_be_visible()\n"
    )
    assert hasty(hasty_one) == [3]
    assert hasty(patient) == []
    assert len(FILES) > 1
