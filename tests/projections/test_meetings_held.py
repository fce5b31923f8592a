"""会议名单: what was held by a day, by what was known, judged by what is known now."""

from __future__ import annotations

from datetime import date

from tests.support.county import County
from workflows.kernel.calendar import Period
from workflows.projections.answers import Answering


def asked(county: County) -> Answering:
    """Return who answers about a county."""
    app = county.app
    return Answering(app.log, app.rules, app.clock)


def test_meetings_are_told_by_day_of_the_period_and_the_type_asked_for() -> None:
    county = County()
    unit = county.branch(kind="village")
    for number in range(4):
        county.member(unit, f"甲{number}")
    for day, kind in ((8, "theme_party_day"), (1, "branch_assembly"), (30, "theme_party_day")):
        county.do("hold_meeting", date(2026, 6, day), unit=unit, type=kind, attending=4, as_history=True)
    county.do(
        "hold_meeting", date(2026, 7, 1), unit=unit, type="theme_party_day", attending=4, as_history=True
    )
    answering = asked(county)
    june = answering.meetings(unit, Period.parse("2026-06"), None, date(2026, 7, 31))["rows"]
    assert [row["on"] for row in june] == ["2026-06-01", "2026-06-08", "2026-06-30"]
    days = answering.meetings(unit, None, "theme_party_day", date(2026, 6, 30))["rows"]
    assert [row["on"] for row in days] == ["2026-06-08", "2026-06-30"]
    assert (
        answering.meetings(unit, Period.parse("2026-06"), None, date(2026, 6, 29))["rows"][-1]["on"]
        == "2026-06-08"
    )


def test_a_vote_is_judged_by_what_is_known_now_and_shown_by_what_was_known_then() -> None:
    county = County()
    unit = county.branch(kind="village")
    for number in range(4):
        county.member(unit, f"甲{number}")
    vote = [{"topic": "计划", "in_favour": 2}]
    held = county.do(
        "hold_meeting", date(2026, 6, 1), unit=unit, type="branch_assembly", attending=2, resolutions=vote
    )
    answering = asked(county)
    row = answering.meetings(unit, None, None, date(2026, 12, 1))["rows"][0]
    assert (row["eligible"], row["attending"], row["valid"]) == (4, 2, True)
    assert [one["verdict"] for one in row["findings"]] == ["not_passed"]  # two of four are not more than half
    county.correct(held.position, "attending", 1, date(2026, 7, 1))
    row = answering.meetings(unit, None, None, date(2026, 12, 1))["rows"][0]
    assert (row["attending"], row["valid"]) == (1, False)
    before = answering.meetings(unit, None, None, date(2026, 12, 1), held.position)["rows"][0]
    assert (before["attending"], before["valid"]) == (2, True)
    county.retract(held.position, date(2026, 8, 1))
    assert answering.meetings(unit, None, None, date(2026, 12, 1))["rows"] == []
    assert len(answering.meetings(unit, None, None, date(2026, 12, 1), held.position)["rows"]) == 1
