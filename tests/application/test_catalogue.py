"""Every command can be recorded with the fields its catalogue gives, and with no others.

What a command leaves unsaid is unknown: a rule, or a person, says what is wanting; it is no wrong usage.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import Told
from workflows.application.commands import commands, parse

ON = date(2026, 7, 6)
DATA = Path(__file__).parent.parent / "data" / "catalogue-commands.toml"
GIVEN: dict[str, list[dict[str, Any]]] = tomllib.loads(DATA.read_text("utf-8"))


@pytest.mark.parametrize("name", GIVEN)
def test_a_command_takes_what_the_catalogue_gives_it(name: str) -> None:
    for fields in GIVEN[name]:
        assert isinstance(parse(name, fields, ON), commands()[name])


def test_a_talk_and_a_report_of_which_nothing_else_is_told_are_recorded_and_count_for_nobody() -> None:
    told = Told(
        """
[[steps]]
on = 2026-03-01
do = "hold_talk"
[[steps]]
on = 2026-03-02
do = "hold_talk"
with = { participants = ["王"] }
[[steps]]
on = 2026-03-03
do = "hear_report"
[[ask]]
compliance = { period = "2026", on = 2026-12-31 }
"""
    )
    for played, rule in zip(told.played, ("talk-untold", "talk-unknown", "branch-untold"), strict=True):
        assert [f.rule for f in played.outcome.findings if f.verdict == "refer"] == [f"input-{rule}"]
        assert not played.outcome.refused
    (rows,) = told.answers
    talks = [row for row in rows["rows"] if row["rule"] == "meet-talk"]
    assert talks
    assert {row["verdict"] for row in talks} == {"refer"}  # nobody can say which of the talks they were
    assert {(row["facts"]["found"], row["facts"]["valid"]) for row in talks} == {(1, 0)}
