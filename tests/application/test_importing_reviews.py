"""导入以后的考察: what fell due before the copying is unknown, what falls due after it is asked."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.support.county import County
from workflows.application import commands
from workflows.application.recording import Request
from workflows.kernel.clock import moment_of
from workflows.projections.answers import Answering

IMPORTED, AGAIN = date(2026, 6, 1), date(2026, 12, 1)
REVIEW = "record_semiannual_review"


class Office:
    """A branch with an activist whose row was copied, and of whom a later workbook told more."""

    def __init__(self, confirmed: date) -> None:
        self.county = County()
        self.branch = self.county.branch(kind="village", on=date(2020, 1, 1))
        self.person = self.copy(
            "receive_application", date(2025, 10, 1), IMPORTED, name="王", born_on="1999-05-01"
        )
        self.copy("confirm_activist", confirmed, IMPORTED)
        self.copy("assign_mentors", confirmed, AGAIN, persons=["李"])
        self.answering = Answering(self.county.app.log, self.county.app.rules, self.county.app.clock)

    def copy(self, do: str, on: date, day: date, **fields: Any) -> UUID:
        """Record a command as an import of a day does."""
        app = self.county.app
        app.clock.put(max(app.clock.now(), moment_of(day)))
        outcome = app.recording.record(
            Request(
                command=commands.parse(do, fields, on),
                actor="clerk",
                origin="import",
                person_id=getattr(self, "person", None),
                unit_id=self.branch,
                as_history=True,
                reason="台账",
                complete=False,
            )
        )
        assert outcome.stream_id is not None
        return outcome.stream_id

    def reviews(self, on: date) -> list[tuple[str, str]]:
        """Return the reviews asked by a day: last day and status."""
        rows = self.answering.deadlines(None, self.person, on)["rows"]
        return [(row["due_on"], row["status"]) for row in rows if row["rule"] == "dev-activist-review"]

    def is_wanted(self, on: date) -> bool:
        """Say whether the next steps name the review among what is missing."""
        (row,) = self.answering.pipeline(None, self.person, on)["rows"]
        return any(REVIEW in step["missing"] for step in row["next"] if step["step"] != REVIEW)


def test_a_review_due_before_the_copying_is_unknown_the_next_one_is_asked() -> None:
    office = Office(confirmed=date(2025, 11, 1))
    assert office.reviews(date(2026, 10, 31)) == [("2026-11-01", "due")]
    assert office.reviews(date(2026, 12, 2))[0] == ("2026-11-01", "overdue")
    assert not office.is_wanted(date(2026, 10, 31))
    assert office.is_wanted(date(2026, 12, 2))


@pytest.mark.parametrize(
    ("confirmed", "first"), [(date(2025, 12, 1), "2026-12-01"), (date(2025, 12, 2), "2026-06-02")]
)
def test_the_first_review_is_asked_where_it_falls_due_after_the_day_of_copying(
    confirmed: date, first: str
) -> None:
    assert Office(confirmed).reviews(date(2026, 12, 1))[0][0] == first


def test_a_review_recorded_after_the_copying_is_done() -> None:
    office = Office(confirmed=date(2025, 11, 1))
    office.county.do(REVIEW, date(2026, 10, 20), person=office.person, recorded_on=date(2026, 12, 2))
    assert office.reviews(date(2026, 12, 2)) == [("2027-05-01", "due")]
