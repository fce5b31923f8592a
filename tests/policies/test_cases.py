"""Every case the rules must decide is shown by a scenario beside the packs, or waits with a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

import workflows
from workflows.adapters.packs import read_pack, shipped
from workflows.policies.pack import LEVELS, NATIONAL

PACKS = Path(workflows.__file__).parent / "policies" / "packs"
SCENARIOS = sorted(PACKS.rglob("*.scenarios/*.toml"))
LOCAL = sorted(PACKS.rglob("*.scenarios/local/*.toml"))
MARK = "# 案例："


class Row(NamedTuple):
    """A case: its id, what it is about, why no scenario shows it (empty: one does)."""

    id: str
    about: str
    reason: str

    @property
    def waits(self) -> bool:
        """Say whether no scenario shows anything of it."""
        return bool(self.reason) and not self.reason.startswith("partly: ")


def read_rows() -> list[Row]:
    text = (Path(__file__).parents[1] / "data" / "case-rows.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [Row(*(part.strip() for part in line.split("|"))) for line in lines]


def marks(path: Path) -> list[str]:
    """Return the ids of the cases that a scenario names in its first line."""
    first = path.read_text("utf-8").splitlines()[0]
    return first.removeprefix(MARK).split() if first.startswith(MARK) else []


ROWS = read_rows()
NAMED = {case for path in SCENARIOS for case in marks(path)}


def test_the_rows_are_the_thirty_cases_and_all_of_sections_11_12_and_13() -> None:
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids))
    assert sum(bool(re.fullmatch(r"[A-E]\d\d", case)) for case in ids) == 30
    numbered = [f"{s}.{n}" for s, last in ((11, 50), (12, 35), (13, 7)) for n in range(1, last + 1)]
    assert ids[30:] == numbered


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_case_is_shown_by_a_scenario_or_waits_with_a_reason_never_both(row: Row) -> None:
    assert (row.id in NAMED) is not row.waits


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_names_cases_that_there_are_each_once(path: Path) -> None:
    named = marks(path)
    assert len(named) == len(set(named))
    assert set(named) <= {row.id for row in ROWS}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_first_line_is_the_only_place_of_a_mark(path: Path) -> None:
    assert not any(line.startswith("# 案例") for line in path.read_text("utf-8").splitlines()[1:])


def test_a_local_pack_beside_a_scenario_is_an_example_and_no_shipped_pack() -> None:
    own = {pack.id for pack in shipped()}
    local = [read_pack(path) for path in LOCAL]
    assert local
    assert {pack.id for pack in local} & own == set()
    assert {pack.level for pack in local} <= set(LEVELS) - set(NATIONAL)


@pytest.mark.parametrize("path", LOCAL, ids=lambda path: path.stem)
def test_a_local_pack_is_used_by_a_scenario_beside_it(path: Path) -> None:
    stories = path.parent.parent.glob("*.toml")
    assert any(f'"local/{path.name}"' in story.read_text("utf-8") for story in stories)
