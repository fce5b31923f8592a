"""Scores of a campaign: kept rows say what the folded log says, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest

from tests.adapters.views.test_counts import OLD, TODAY, TOWN, found_county
from tests.support.books import County, county
from workflows.application.ports import Transaction
from workflows.domain.campaign.events import (
    CampaignOpened,
    FrozenCriterion,
    Named,
    Reviewed,
    RubricFrozen,
    Scored,
)
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived

CAMPAIGN = derived("scores", "campaign")
CRITERIA = (
    FrozenCriterion("主题党日", points=20, lost=2, proved_by=("meet-theme-day",)),
    FrozenCriterion("学时", proved_by=("edu-hours",)),
    FrozenCriterion("请示", proved_by=("elect-request",), partly=True),
    FrozenCriterion("作用", points=60),
)


@pytest.fixture
def told(database_url: str) -> Iterator[County]:
    with county(database_url, TODAY) as opened:
        found_county(opened)
        _rated(opened)
        yield opened


def _rated(told: County) -> None:
    opened, frozen, reviewed = date(2026, 1, 5), date(2026, 1, 6), date(2026, 6, 20)
    events: list[Event] = [
        CampaignOpened(opened_on=opened, subject="考评", of_unit=TOWN, year=2026, units=Named(number=3)),
        RubricFrozen(frozen_on=frozen, criteria=CRITERIA),
        Reviewed(reviewed_on=reviewed, about=OLD, scores=(Scored("作用", 50),), score=50),
    ]
    new = [
        NewEvent(
            stream_id=CAMPAIGN,
            version=version,
            event_id=derived(CAMPAIGN, version),
            event=event,
            actor="tester",
            origin="cli",
            unit_id=TOWN,
        )
        for version, event in zip(count(1), events, strict=False)
    ]

    def work(transaction: Transaction) -> None:
        told.views(transaction, transaction.append(new))

    told.log.submit(work)


def test_kept_rows_fill_the_criteria_as_the_log_does(told: County) -> None:
    live, folded = told.live.scores(CAMPAIGN), told.folded.scores(CAMPAIGN)
    assert live == folded
    (row,) = live["rows"]
    states = {one["id"]: (one["state"], one["automatic"]) for one in row["criteria"]}
    assert states["主题党日"] == ("fulfilled", True)
    assert states["作用"] == ("unclear", False)
    assert len(row["criteria"][0]["proofs"]) == 6


def test_an_earlier_day_is_filled_as_the_log_knew_it(told: County) -> None:
    for on in (date(2026, 3, 31), date(2026, 6, 20)):
        assert told.live.scores(CAMPAIGN, on=on) == told.folded.scores(CAMPAIGN, on=on)
