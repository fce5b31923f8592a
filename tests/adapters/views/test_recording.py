"""Recording over a database: what a lost transaction had folded is not believed, views follow once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event as Signal
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.support.books import County, county
from workflows.adapters.memory import PlainIdentity
from workflows.application.amending import Amending, Amendment
from workflows.application.books import States
from workflows.application.commands import parse
from workflows.application.ports import Transaction
from workflows.application.recording import Batch, Outcome, Recording, Request
from workflows.domain.unit.state import Unit
from workflows.kernel.errors import OutcomeUnknown, Problem
from workflows.kernel.events import NewEvent, Recorded
from workflows.kernel.ids import SeededIds, derived

TODAY = date(2026, 6, 30)


class Desk:
    """A recording with its views over a database."""

    def __init__(self, told: County) -> None:
        self.told = told
        self.brought_up: list[int] = []
        states = States()
        told.views._kept = states
        inline = (self._note, told.views)
        self.recording = Recording(
            told.log, told.rules, told.clock, PlainIdentity(), SeededIds("desk"), inline=inline, states=states
        )

    def _note(self, transaction: Transaction, records: Iterable[Recorded]) -> None:
        self.brought_up.append(len(list(records)))

    def meeting(self, unit: UUID, day: date) -> Request:
        """Return the request for a theme day."""
        command = parse("hold_meeting", {"type": "theme_party_day", "attending": 5}, day)
        return Request(command=command, unit_id=unit, actor="tester", origin="cli")

    def do(self, verb: str, day: date, unit: UUID | None = None, **payload: Any) -> Outcome:
        """Record one command."""
        command_id = payload.pop("command_id", None)
        request = Request(
            command=parse(verb, payload, day),
            unit_id=unit,
            actor="tester",
            origin="cli",
            command_id=command_id,
        )
        return self.recording.record(request)

    def branch(self, name: str) -> UUID:
        """Set up a branch."""
        told = self.do("establish_unit", date(2020, 1, 1), name=name, kind="village", level="branch")
        assert told.stream_id is not None
        return told.stream_id

    def meet(self, unit: UUID, day: date, **more: Any) -> Outcome:
        """Hold a theme day."""
        return self.do("hold_meeting", day, unit, type="theme_party_day", attending=5, **more)

    def acts(self, unit: UUID) -> int:
        """Return how many acts the state in hand has."""

        def look(batch: Batch) -> int:
            state = batch.books.unit_state(unit)
            assert isinstance(state, Unit)
            return len(state.acts)

        return self.recording.work(look)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with county(database_url, TODAY) as told:
        yield Desk(told)


@contextmanager
def lost_commits(told: County) -> Iterator[None]:
    """Have commits fail, as when the connection is lost just before."""

    def lose(_: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk full"))

    event.listen(told.engine, "commit", lose)
    try:
        yield
    finally:
        event.remove(told.engine, "commit", lose)


def test_what_a_lost_transaction_had_folded_is_not_believed(desk: Desk) -> None:
    here, there = desk.branch("甲支部"), desk.branch("乙支部")
    with lost_commits(desk.told), pytest.raises(Problem):
        desk.meet(here, date(2026, 6, 1))

    def another(transaction: Transaction) -> list[Recorded]:
        first = transaction.load(there)[0]
        fields = {name: getattr(first, name) for name in NewEvent.__struct_fields__}
        return transaction.append([NewEvent(**{**fields, "version": 2, "event_id": derived("another")})])

    desk.told.log.submit(another)  # not through the desk: it stands at the position of the lost meeting
    assert (desk.acts(here), desk.acts(there)) == (1, 2)


def test_a_preview_leaves_states_where_they_were_so_that_others_are_noticed(desk: Desk) -> None:
    here, there = desk.branch("甲支部"), desk.branch("乙支部")

    def preview(batch: Batch) -> None:
        batch.record(desk.meeting(here, date(2026, 6, 1)))
        raise LookupError

    with pytest.raises(LookupError):
        desk.recording.work(preview)
    with county(desk.told.url, TODAY, keys=desk.told.keys) as other:  # as another process would
        Desk(other).meet(there, date(2026, 6, 2))
    assert (desk.acts(here), desk.acts(there)) == (1, 2)
    desk.meet(there, date(2026, 6, 3))
    assert_rows_as_folded(desk.told)


def test_an_unknown_outcome_names_the_command_to_look_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here, command_id = desk.branch("甲支部"), derived("lost")
    monkeypatch.setattr(desk.told.store.database, "_is_outcome_unknown", lambda _: True)
    with lost_commits(desk.told), pytest.raises(OutcomeUnknown) as caught:
        desk.meet(here, date(2026, 6, 1), command_id=command_id)
    assert caught.value.facts["command_id"] == command_id
    retraction = Amendment(
        event=1, actor="tester", origin="cli", reason="paper", command_id=derived("lost retraction")
    )
    with lost_commits(desk.told), pytest.raises(OutcomeUnknown) as caught:
        Amending(desk.recording).amend(retraction)
    assert caught.value.facts["command_id"] == retraction.command_id


def test_commands_that_share_a_transaction_bring_the_views_up_once(desk: Desk) -> None:
    units = [desk.branch(f"第{number}支部") for number in range(4)]
    desk.brought_up.clear()
    with held_up(desk.told):
        callers = [Thread(target=desk.meet, args=(unit, date(2026, 6, 1))) for unit in units]
        for caller in callers:
            caller.start()
        wait_for(desk.told, len(units))
    for caller in callers:
        caller.join(20)
    assert desk.brought_up == [4]
    assert_rows_as_folded(desk.told)


def test_a_view_that_fails_for_one_leaves_the_others_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = desk.branch("甲支部"), desk.branch("乙支部")
    errors: list[Exception] = []

    def note(transaction: Transaction, records: Iterable[Recorded]) -> None:
        if any(record.stream_id == bad for record in records):
            raise RuntimeError("a view that cannot")

    monkeypatch.setattr(desk.recording, "_inline", (note, desk.told.views))

    def meet(unit: UUID) -> None:
        try:
            desk.meet(unit, date(2026, 6, 1))
        except RuntimeError as error:
            errors.append(error)

    with held_up(desk.told):
        callers = [Thread(target=meet, args=(unit,)) for unit in (good, bad)]
        for caller in callers:
            caller.start()
        wait_for(desk.told, len(callers))
    for caller in callers:
        caller.join(20)
    assert [str(error) for error in errors] == ["a view that cannot"]
    assert (desk.acts(good), desk.acts(bad)) == (2, 1)
    assert_rows_as_folded(desk.told)


def test_a_meeting_changes_the_rows_of_its_own_period_only(desk: Desk) -> None:
    here = desk.branch("甲支部")
    desk.meet(here, date(2026, 3, 2))  # the first one says that there are members, whatever the roster
    statements: list[tuple[str, int]] = []

    def note(_c: Any, _cu: Any, statement: str, parameters: Any, _ctx: Any, many: bool) -> None:
        if "view_duties" in statement and statement.startswith(("INSERT", "DELETE")):
            statements.append((statement.split()[0], len(parameters) if many else 1))

    event.listen(desk.told.engine, "before_cursor_execute", note)
    desk.meet(here, date(2026, 6, 1))
    assert statements == [("DELETE", 1), ("INSERT", 1)]
    assert_rows_as_folded(desk.told)


def wait_for(told: County, waiting: int) -> None:
    """Wait until so many commands wait for the writer."""
    for _ in range(2_000):
        if told.store.waiting >= waiting:
            return
        sleep(0.01)
    pytest.fail("the callers did not come")


@contextmanager
def held_up(told: County) -> Iterator[None]:
    """Hold the writer up, so that what is submitted meanwhile meets in one transaction."""
    running, go_on = Signal(), Signal()

    def hold_up(_: Any) -> None:
        running.set()
        assert go_on.wait(20)

    holding = told.store.submit(hold_up)
    assert running.wait(20)
    try:
        yield
    finally:
        go_on.set()
    holding.result(20)


def assert_rows_as_folded(told: County) -> None:
    """Have kept rows and the folded log say the same of every duty and limit."""
    for question, more in (("deadlines", {"status": "all"}), ("compliance", {"period": "2026-06"})):
        kept, folded = (answering.ask(question, more) for answering in (told.live, told.folded))
        assert kept["rows"]
        assert kept["rows"] == folded["rows"]
