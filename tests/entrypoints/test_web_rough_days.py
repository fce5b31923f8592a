"""约日 in a form and on the pages: what the papers say is written as it stands, and shown so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.entrypoints.web_county import county
from tests.entrypoints.web_forms import CLERK, HERE, Clerk, text_of
from workflows.application.recording import Recording
from workflows.domain.person.events import FirstTalkHeld
from workflows.entrypoints.web.site import create_app


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    """A clerk at a county of his own, where no act can be of a day to come."""
    books = county()
    told = books.recording
    books.recording = Recording(books.log, books.rules, books.clock, told.identity, told.new_id)
    with TestClient(create_app(books, actor=CLERK), base_url=HERE) as site:
        yield Clerk(site, books)


LATE = {"as_history": "true", "why": "谈话记录没有写日"}


def test_an_act_entered_late_may_have_a_day_known_only_roughly(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    assert "只知道大概的日期" in clerk.open(path)
    clerk.record(path, **{"on": "2026-12-04", "on.other": "2026年11月", **LATE})
    event = next(r.event for r in reversed(clerk.books.log.records) if isinstance(r.event, FirstTalkHeld))
    assert event.on_approx is not None
    assert (event.on_approx.text, str(event.held_on)) == ("2026年11月", "2026-11-30")
    page = text_of(clerk.site.get(f"/people/{clerk.id_of('何志强')}"))
    assert "2026年11月" in page
    position = clerk.books.log.records[-1].position
    act = text_of(clerk.site.get(f"/events/{position}"))
    assert "2026年11月（ 2026-11-01 至 2026-11-30 ）" in act


def test_an_act_of_today_may_not(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    told = text_of(clerk.post(path, "check", **{"on": "2026-12-04", "on.other": "2026年11月"}))
    assert "现在办理的事要有准确的日期" in told


def test_what_cannot_be_read_is_told_at_its_field(clerk: Clerk) -> None:
    path = clerk.step("何志强", "hold_first_talk")
    clerk.open(path)
    told = text_of(clerk.post(path, "check", **{"on": "2026-12-04", "on.other": "很久以前", **LATE}))
    assert "看不懂的日期" in told
