"""``candidates``: the marks that branches bear, in words and as the answer of a list; nobody is ranked."""

from __future__ import annotations

from datetime import date

import pytest

from tests.entrypoints.cli_support import a_county, answered
from workflows.adapters import packs


def test_the_branches_that_bear_a_mark_stand_in_the_order_of_the_tree_with_facts_and_clause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_county(monkeypatch) as (county, run):
        assert "没有采用写明列入情形的规则包" in "".join(run("candidates").stdout.split())
        with county.log.read() as reading:
            town = next(one.id for one in reading.directory.units() if one.name == "东河镇党委")
        county.act(
            "adopt_pack",
            date(2026, 1, 5),
            unit=town,
            pack="weak-branches",
            text=packs.text_of("weak-branches"),
        )

        told = answered(run("candidates", "--format", "json"))
        assert set(told) >= {"rows", "marks", "shares", "branches", "as_of", "known_on", "position"}
        assert [row["unit"] for row in told["rows"]] == ["东河村党支部", "西山村党支部"]
        assert "weak-no-target" in [mark["rule"] for mark in told["rows"][0]["marks"]]
        (west,) = answered(run("candidates", "--unit", "西山村", "--format", "json"))["rows"]
        assert west["unit"] == "西山村党支部"

        shown = "".join(run("candidates").stdout.split())
        assert "2个党支部，按隶属的次序排列，不排名次" in shown
        assert "两年以上没有列为发展对象的人（" in shown
        assert "符合2个，账上看不出0个" in shown
        sheet = run("candidates", "--format", "csv").stdout.splitlines()
        assert sheet[0].startswith("党组织,符合的情形,账上的事实")
