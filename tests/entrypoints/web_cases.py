"""A county with one case of every kind, as the pages show them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.entrypoints.web_county import BRANCH, COMMITTEE, OTHER, County, county
from workflows.application import commands
from workflows.application.recording import Outcome, Request
from workflows.domain.case_acts import FileCommand
from workflows.kernel.clock import moment_of

MISSED, VISIT, CAMPAIGN, WEAK, SITE = "三季度党员大会", "三季度督查", "2026 年考评", "红旗整顿", "向阳示范点"


class Cases:
    """Cases of a county, by what they are called."""

    def __init__(self, books: County) -> None:
        self.books, self.ids = books, dict[str, UUID]()

    def act(self, on: str, do: str, subject: str, unit: str, /, **fields: Any) -> Outcome:
        """Record one act of a case as history; one that opens it is known by its subject from then on."""
        day, books = date.fromisoformat(on), self.books
        books.clock.put(max(moment_of(day), books.clock.now() + timedelta(seconds=1)))
        command = commands.parse(do, fields, day, of_case=True)
        opens = isinstance(command, FileCommand) and command.opens
        outcome = books.recording.record(
            Request(
                command=command,
                actor="王建国",
                origin="web",
                unit_id=books.units[unit],
                file_id=None if opens else self.ids[subject],
                subject=subject,
                as_history=True,
                reason="当日登记",
            )
        )
        assert outcome.stream_id is not None
        if opens:
            self.ids[subject] = outcome.stream_id
        return outcome


def cases() -> Cases:
    """Return a county in whose books stands a case of every kind."""
    made = Cases(county())
    made.act(
        "2026-10-10", "open_issue", MISSED, OTHER, source="compliance", rule="meet-assembly",
        period="2026-Q3", text="三季度没有开党员大会", due_on="2026-11-20",
    )  # fmt: skip
    made.act("2026-10-12", "plan_correction", MISSED, OTHER, measure="补开党员大会", owner="周桂英")
    made.act("2026-09-01", "plan_inspection", VISIT, COMMITTEE, manner="unannounced", inspectors=["周敏"])
    made.act(
        "2026-09-15", "record_visit", VISIT, COMMITTEE,
        checked=[{"point": "会议记录", "in_order": False, "note": "缺两次"}],
    )  # fmt: skip
    made.act("2026-09-15", "raise_finding", VISIT, BRANCH, text="会议记录不全", due_on="2026-12-20")
    made.act("2026-10-01", "open_campaign", CAMPAIGN, COMMITTEE, scheme="规范化考评", year=2026, units=2)
    made.act("2026-06-01", "list_unit", WEAK, OTHER, criteria=["班子不健全"], decided_by="县委")
    made.act(
        "2026-06-20", "plan_overhaul", WEAK, OTHER, measures=["补选书记"], due_on="2026-12-31",
        county_leader="张三",
    )  # fmt: skip
    made.act("2026-03-01", "nominate_site", SITE, BRANCH, level="township", field="village")
    made.books.clock.put(moment_of(date(2026, 12, 4), 8))
    return made
