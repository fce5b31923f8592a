"""A problem that came back: what its closing met is asked for again."""

from __future__ import annotations

from datetime import date

from tests.domain.test_rectification import UNITS, step
from tests.support.books import Told


def test_the_limit_of_a_plan_is_met_by_the_last_closing_only_and_open_again_after_a_reopening() -> None:
    """seed-003: 2020年列出的问题年底前全部整改到位."""
    units = UNITS.replace('title = "a problem"', 'title = "x"\npacks = ["central", "seed-003"]')
    found = units.replace("2026-01-01", "2018-01-01") + step(
        "2020-03-10", "open_issue", 'text = "制度不健全"'
    )

    def round_of(month: str) -> str:
        return (
            step(f"2020-{month}-11", "plan_correction", 'measure = "建制", owner = "李"')
            + step(f"2020-{month}-20", "submit_correction", 'by = "李"')
            + step(f"2020-{month}-21", "accept_correction", 'by = "赵", on_site = true')
            + step(f"2020-{month}-22", "close_out", 'by = "赵"')
        )

    def limit(text: str, on: date) -> tuple[str, str | None]:
        rows = Told(text).rows("deadlines", unit="甲支部", on=on, status="all")
        (row,) = [one for one in rows if one["rule"] == "s003-fix"]
        return row["status"], row["met_on"]

    once = found + round_of("04")
    again = once + step("2020-08-01", "reopen_issue", 'reason = "反弹"')
    assert limit(once, date(2020, 12, 20)) == ("met", "2020-04-22")
    assert limit(again, date(2020, 7, 31)) == ("met", "2020-04-22")
    assert limit(again, date(2020, 12, 20)) == ("due", None)
    assert limit(again, date(2021, 2, 20))[0] == "overdue"
    assert limit(again + round_of("09"), date(2020, 12, 20)) == ("met", "2020-09-22")
