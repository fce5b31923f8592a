"""Duties counted by cell and by branch, as kept rows: what rests on other streams is derived anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import workflows
from tests.adapters.views.test_adoption import TODAY, Desk
from tests.support.books import county

HEARING = (
    Path(workflows.__file__).parent
    / "policies/packs/central/branch-regulation.scenarios/local/province-hear.toml"
).read_text("utf-8")


def cells(desk: Desk, rule: str) -> dict[tuple[str, str], str]:
    """Return period, part and verdict of the cells of a rule, from kept rows; they equal those folded."""
    kept, folded = (a.compliance(None, "2026", TODAY) for a in (desk.told.live, desk.told.folded))
    assert kept["rows"] == folded["rows"]
    return {(row["period"], row["part"]): row["verdict"] for row in kept["rows"] if row["rule"] == rule}


def test_a_branch_set_up_later_is_heard_from_its_first_whole_quarter(database_url: str) -> None:
    with county(database_url, TODAY) as told:
        desk = Desk(told)
        over = desk.do("establish_unit", date(2015, 1, 1), name="镇党委", level="committee")
        desk.do("adopt_pack", date(2025, 12, 1), over, pack="province-hear", text=HEARING)
        first = desk.do("establish_unit", date(2026, 1, 1), named_unit_id=over, name="丙支部")
        assert cells(desk, "s003-hear") == {
            ("2026-Q1", "丙支部"): "missing",
            ("2026-Q2", "丙支部"): "pending",
        }
        desk.do("establish_unit", date(2026, 2, 1), named_unit_id=over, name="丁支部")
        desk.do("hear_report", date(2026, 3, 31), over, named_unit_id=first, branch="丙支部")
        assert cells(desk, "s003-hear") == {
            ("2026-Q1", "丙支部"): "met",
            ("2026-Q1", "丁支部"): "exempt",
            ("2026-Q2", "丙支部"): "pending",
            ("2026-Q2", "丁支部"): "pending",
        }


def test_a_branch_that_leaves_is_heard_no_longer_from_the_quarter_of_its_leaving(database_url: str) -> None:
    with county(database_url, TODAY) as told:
        desk = Desk(told)
        over = desk.do("establish_unit", date(2015, 1, 1), name="镇党委", level="committee")
        other = desk.do("establish_unit", date(2015, 1, 1), name="乡党委", level="committee")
        desk.do("adopt_pack", date(2025, 12, 1), over, pack="province-hear", text=HEARING)
        branch = desk.do("establish_unit", date(2026, 1, 1), named_unit_id=over, name="丙支部")
        assert cells(desk, "s003-hear")[("2026-Q2", "丙支部")] == "pending"
        desk.do("move_unit", date(2026, 5, 1), branch, named_unit_id=other, superior="乡党委")
        assert cells(desk, "s003-hear") == {("2026-Q1", "丙支部"): "missing", ("2026-Q2", "丙支部"): "exempt"}


def test_a_cell_formed_and_met_changes_the_rows_of_its_branch(database_url: str) -> None:
    with county(database_url, TODAY) as told:
        desk = Desk(told)
        branch = desk.branches[0]
        assert cells(desk, "meet-group") == {}
        desk.do("form_cell", date(2026, 4, 1), branch, name="第一党小组")
        desk.do("hold_meeting", date(2026, 5, 8), branch, type="cell_meeting", attending=3)
        found = cells(desk, "meet-group")
        assert found[("2026-05", "第一党小组")] == "met"
        assert found.keys() == {(f"2026-0{month}", "第一党小组") for month in (4, 5, 6)}
