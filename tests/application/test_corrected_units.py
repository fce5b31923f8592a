"""更正里的党组织: a unit that a record left out is put in by its name, as a command takes it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.books import Told
from workflows.application.amending import Amending, Amendment
from workflows.kernel.errors import WrongUsage

STORY = """
title = "a report heard, of which the branch was left out"
[[units]]
name = "镇党委"
level = "committee"
kind = "community"
[[units]]
name = "甲支部"
kind = "community"
superior = "镇党委"
[[steps]]
on = 2026-03-03
do = "hear_report"
unit = "镇党委"
"""


def corrected(branch: str) -> Told:
    """Return the books with the branch put in."""
    told = Told(STORY)
    heard = told.played[-1].outcome.event_ids[0]
    request = Amendment(
        event=heard,
        field="branch",
        value=branch,
        actor="周敏",
        origin="web",
        reason="漏写",
        on=date(2026, 3, 9),
    )
    Amending(told.app.recording).amend(request)
    return told


def test_the_branch_heard_is_put_in_by_its_name() -> None:
    told = corrected("甲支部")
    (unit,) = [one for one in told.app.log.directory.units() if one.name == "甲支部"]
    assert told.app.log.records[-1].event.value == str(unit.id)  # type: ignore[attr-defined]


def test_a_name_that_no_unit_has_is_refused() -> None:
    with pytest.raises(WrongUsage, match="field-value"):
        corrected("乙支部")
