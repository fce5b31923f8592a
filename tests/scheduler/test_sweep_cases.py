"""The sweep over cases: what speaks against a grade is told the same day, once; limits of cases too."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tests.scheduler.test_sweep import Swept, about
from workflows.application import commands
from workflows.application.recording import Request
from workflows.kernel.clock import moment_of


class Rated(Swept):
    """A branch with cases of its own."""

    def act(self, verb: str, on: date, subject: str, *, file: UUID | None = None, **fields: Any) -> UUID:
        """Record a command at a case; return the case."""
        self.county.app.clock.put(max(self.county.app.clock.now(), moment_of(on)))
        outcome = self.county.app.recording.record(
            Request(
                command=commands.parse(verb, fields, on),
                actor="tester",
                origin="cli",
                unit_id=self.branch,
                file_id=file,
                subject=subject,
            )
        )
        assert outcome.stream_id is not None
        assert not outcome.refused
        return outcome.stream_id


def test_a_criterion_no_longer_kept_is_told_the_same_day_to_the_unit_and_the_one_above_and_once() -> None:
    town = Rated()
    town.meet("committee_meeting", date(2026, 1, 20))
    campaign = town.act("open_campaign", date(2026, 1, 21), "评星", year=2026)
    criteria = [{"id": "制度", "points": 20, "proved_by": ["meet-assembly"]}]
    town.act("freeze_rubric", date(2026, 1, 22), "评星", file=campaign, criteria=criteria)
    town.act("confirm_rating", date(2026, 2, 1), "评星", file=campaign, grade="五星级")
    assert about(town.on(date(2026, 3, 31)), "rating-review") == []
    rows = about(town.on(date(2026, 4, 1)), "rating-review")
    assert [(row["matter"], row["stage"], row["status"], row["recipient"]) for row in rows] == [
        ("评星", "due", "due", "甲支部"),
        ("评星", "due", "due", "某镇党委"),
    ]
    assert rows[0]["text"] == (
        "甲支部：“评星”评定的等次要不要复核，2026-04-01起有缘由，请决定。依据《中国共产党支部工作条例（试行）》第十一条。"
    )
    assert about(town.on(date(2026, 4, 1)), "rating-review") == []
    assert about(town.on(date(2026, 5, 1)), "rating-review") == []
    town.act("keep_rating", date(2026, 5, 2), "评星", file=campaign, reason="已经核实")
    assert about(town.on(date(2026, 6, 30)), "rating-review") == []
    assert len(about(town.on(date(2026, 7, 1)), "rating-review")) == 2


def test_the_day_a_problem_is_due_is_told_with_its_name_though_no_clause_stands_behind_it() -> None:
    town = Rated()
    town.act("open_issue", date(2026, 2, 1), "活动室漏雨", due_on="2026-03-01")
    (row,) = about(town.on(date(2026, 2, 22)), "correction-due")
    assert row["text"] == "甲支部：整改“活动室漏雨”，最后期限2026-03-01（还有7天）。"
