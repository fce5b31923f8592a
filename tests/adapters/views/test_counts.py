"""Counted cells: the numbers of the database are those of the cells, and a page reads its own rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import inspect

from tests.support.books import County, county
from tests.support.statements import statements
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.schema import prepare
from workflows.adapters.views.tables import ROWS
from workflows.application.ports import Transaction
from workflows.domain.person.events import MemberRegistered
from workflows.domain.person.member_events import TrainingRecorded
from workflows.domain.unit.events import MeetingHeld, UnitEstablished
from workflows.kernel.calendar import Period
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived
from workflows.projections.answers import Answering

TODAY = date(2026, 6, 30)
TOWN, OLD, YOUNG, QUIET = (derived("counts", name) for name in ("town", "old", "young", "quiet"))
"""A township with three branches: one with all it should have, one set up in May, one without a record."""


@pytest.fixture
def told(database_url: str) -> Iterator[County]:
    with county(database_url, TODAY) as opened:
        found_county(opened)
        yield opened


def found_county(told: County) -> None:
    """Put the township with its branches on the books."""
    branches = ((OLD, date(2024, 1, 1)), (YOUNG, date(2026, 5, 11)), (QUIET, date(2025, 1, 1)))
    streams: list[tuple[UUID, list[Event]]] = [(TOWN, [_set_up("甲镇党委", "committee", date(2020, 1, 1))])]
    streams += [(unit, [_set_up(f"支部{n}", "branch", on, TOWN)]) for n, (unit, on) in enumerate(branches)]
    for month in range(1, 7):
        also = ("party_lecture",) if month == 6 else ()
        day = date(2026, month, 5)
        streams[1][1].append(MeetingHeld(held_on=day, type="theme_party_day", attending=2, also=also))
    for unit, _ in branches:
        for n in range(2):
            since = date(2010, 1, 1)
            member: list[Event] = [MemberRegistered(member_on=since, unit_id=unit, full_since=since)]
            if unit == OLD and n == 0:
                member.append(TrainingRecorded(held_on=date(2026, 3, 1), hours=40))
            streams.append((derived("counts", unit, n), member))
    new = [
        NewEvent(
            stream_id=stream,
            version=version,
            event_id=derived(stream, version),
            event=event,
            actor="tester",
            origin="cli",
            unit_id=TOWN,
        )
        for stream, events in streams
        for version, event in zip(count(1), events, strict=False)
    ]

    def work(transaction: Transaction) -> None:
        told.views(transaction, transaction.append(new))

    told.log.submit(work)


def _set_up(name: str, level: str, on: date, superior: UUID | None = None) -> Event:
    return UnitEstablished(
        established_on=on, name=name, level=level, kind="village", superior=superior, books_from=on
    )


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"unit_id": OLD},
    {"unit_id": TOWN, "verdict": "missing"},
    {"rule": "meet-theme-day"},
    {"rule": "meet-theme-day", "verdict": "met"},
    {"rule": "edu-hours"},
    {"verdict": "exempt", "first": 1, "count": 1},
    {"first": 1, "count": 2},
    {"first": 99, "count": 2},
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
@pytest.mark.parametrize("period", ["2026", "2026-Q2", "2026-05", "2025"])
def test_counted_rows_say_what_the_folded_log_says(
    sqlite_told: County, period: str, asked: dict[str, Any]
) -> None:
    more = {"unit_id": None, "on": TODAY, **asked}
    live, folded = sqlite_told.live, sqlite_told.folded
    assert live.matrix(period=period, **more) == folded.matrix(period=period, **more)
    assert live.cells(period=period, **more) == folded.cells(period=period, **more)


@pytest.fixture(scope="module")
def sqlite_told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The same county once for all that only read."""
    with county(f"sqlite:///{tmp_path_factory.mktemp('counts')}/zhibu.db", TODAY) as opened:
        found_county(opened)
        yield opened


def test_both_databases_count_alike(told: County) -> None:
    for asked in QUESTIONS:
        more = {"unit_id": None, "on": TODAY, **asked}
        assert told.live.matrix(period="2026", **more) == told.folded.matrix(period="2026", **more)
        assert told.live.cells(period="2026", **more) == told.folded.cells(period="2026", **more)


def test_every_number_of_the_matrix_is_that_of_its_list(sqlite_told: County) -> None:
    tiles = sqlite_told.live.matrix(None, "2026", TODAY)["tiles"]
    listed = {v: sqlite_told.live.cells(None, "2026", TODAY, verdict=v)["rows"] for v in tiles}
    assert {verdict: len(rows) for verdict, rows in listed.items()} == tiles
    assert tiles["met"] >= 6
    assert tiles["exempt"] > 0


def test_pages_of_the_list_are_the_whole_list_in_pieces(sqlite_told: County) -> None:
    whole = sqlite_told.live.cells(None, "2026", TODAY)
    pieces = [
        row
        for first in range(0, whole["total"], 7)
        for row in sqlite_told.live.cells(None, "2026", TODAY, first=first, count=7)["rows"]
    ]
    assert pieces == whole["rows"]


def test_no_payload_is_read_but_those_of_the_page_and_one_a_rule(sqlite_told: County) -> None:
    with statements(sqlite_told.engine) as sent:
        told = sqlite_told.live.matrix(None, "2026", TODAY, count=1)
    reading = [one for one in sent if "view_duties.payload" in one]
    assert len(reading) == 1 + len(told["rules"])
    assert all("view_duties.unit_id IN" in one or "view_duties.unit_id =" in one for one in reading)


def test_an_older_home_gets_the_columns_and_counts_once_its_view_is_filled_anew(sqlite_url: str) -> None:
    with county(sqlite_url, TODAY) as told:
        found_county(told)
        table = ROWS["duties"].name
        with told.store.database.writing() as connection:
            for index in inspect(connection).get_indexes(table):
                connection.exec_driver_sql(f"DROP INDEX {index['name']}")
            for column in ("said", "open_until", "found"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
            connection.exec_driver_sql("UPDATE view_state SET version = 3 WHERE name = 'duties'")
        prepare(told.store.database)
        asked = told.live.matrix(None, "2026", TODAY)
        assert asked == told.folded.matrix(None, "2026", TODAY)
        assert Rebuilding(told.views).refresh() == ["duties"]
        assert Rebuilding(told.views).refresh() == []
        with statements(told.engine) as sent:
            assert told.live.matrix(None, "2026", TODAY) == asked
        assert any("view_duties" in one for one in sent)


# --- meetings -------------------------------------------------------------------------------------------

LISTS: list[dict[str, Any]] = [
    {},
    {"period": Period.parse("2026-03"), "unit_id": TOWN},
    {"period": Period.parse("2026"), "meeting": "theme_party_day", "first": 2, "count": 3},
    {"period": Period.parse("2026"), "first": 1, "count": 2, "newest_first": True},
    {"period": Period.parse("2026"), "meeting": "party_lecture"},
    {"period": Period.parse("2026"), "most_a_day": 1},
    {"period": Period.parse("2025")},
]


@pytest.mark.parametrize("asked", LISTS, ids=str)
def test_kept_meetings_are_those_of_the_folded_log(sqlite_told: County, asked: dict[str, Any]) -> None:
    assert sqlite_told.live.meetings(on=TODAY, **asked) == sqlite_told.folded.meetings(on=TODAY, **asked)


def test_both_databases_list_meetings_alike(told: County) -> None:
    for asked in LISTS:
        assert told.live.meetings(on=TODAY, **asked) == told.folded.meetings(on=TODAY, **asked)


def test_a_meeting_that_was_two_is_one_row_found_under_both(sqlite_told: County) -> None:
    lectures = sqlite_told.live.meetings(OLD, None, "party_lecture", TODAY)
    assert [row["on"] for row in lectures["rows"]] == ["2026-06-05"]
    assert sqlite_told.live.meetings(OLD, None, None, TODAY)["total"] == 6


def test_only_the_units_of_the_meetings_shown_are_read(sqlite_told: County) -> None:
    fresh = Answering(sqlite_told.log, sqlite_told.rules, sqlite_told.clock, sqlite_told.live.live)
    with statements(sqlite_told.engine) as sent:
        told = fresh.meetings(None, Period.parse("2025"), None, TODAY, count=5)
    assert told["total"] == 0
    assert not [one for one in sent if "FROM events" in one and "events.data" in one]


# --- what is to be done ---------------------------------------------------------------------------------

AGENDAS: list[dict[str, Any]] = [
    {},
    {"within": 30},
    {"within": 30, "only": "week", "unit_id": TOWN},
    {"only": "overdue", "first": 1, "count": 2},
    {"only": "bygone"},
    {"only": "bygone", "unit_id": QUIET, "count": 3},
]


def test_what_is_to_be_done_is_that_of_the_folded_log_on_both_databases(told: County) -> None:
    for asked in AGENDAS:
        assert told.live.agenda(on=TODAY, **asked) == told.folded.agenda(on=TODAY, **asked)


def test_the_pages_of_what_is_to_be_done_are_all_of_the_limits_once(sqlite_told: County) -> None:
    rows = sqlite_told.live.deadlines(on=TODAY)["rows"]
    present = sqlite_told.live.agenda(on=TODAY)
    bygone = sqlite_told.live.agenda(on=TODAY, only="bygone")
    assert present["counts"]["bygone"] == bygone["total"] == sum(row["bygone"] for row in rows) > 0
    told = sorted([*present["rows"], *bygone["rows"]], key=str)
    assert told == sorted(rows, key=str)


def test_what_is_long_over_is_counted_without_being_read(sqlite_told: County) -> None:
    with statements(sqlite_told.engine) as sent:
        sqlite_told.live.agenda(on=TODAY, within=30, count=1)
    reading = [one for one in sent if "view_deadlines.payload" in one]
    assert len(reading) == 1
    assert "view_deadlines.last_on <= " in reading[0]
    assert "NOT (view_deadlines.said IN (" in reading[0]


def test_the_tree_counts_members_without_reading_them(told: County) -> None:
    assert told.live.units(on=TODAY) == told.folded.units(on=TODAY)
    with told.live.opened() as opened:
        assert told.live.live is not None
        kept = told.live.live.members(opened.reading, TODAY)
    assert kept == {branch: {"full": 2} for branch in (OLD, YOUNG, QUIET)}
    fresh = Answering(told.log, told.rules, told.clock, told.live.live)
    members = {derived("counts", unit, n) for unit in (OLD, YOUNG, QUIET) for n in range(2)}
    rows = fresh.units(on=TODAY)["rows"]
    assert [row["full_members"] for row in rows if row["level"] == "branch"] == [2, 2, 2]
    assert not any(fresh._states.get(person) for person in members)


def test_limits_among_units_are_theirs_and_not_those_below(sqlite_told: County) -> None:
    live, folded = (one.deadlines(on=TODAY, among=[TOWN, QUIET])["rows"] for one in _both(sqlite_told))
    assert live == folded
    assert {row["unit_id"] for row in live} <= {str(TOWN), str(QUIET)}
    assert any(row["unit_id"] == str(QUIET) for row in live)


def _both(told: County) -> tuple[Answering, Answering]:
    return told.live, told.folded
