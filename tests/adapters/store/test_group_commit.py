"""Many commands in one transaction: each durable, answered for itself, undone for itself."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event as Signal
from threading import Thread
from typing import NoReturn

import pytest
from sqlalchemy import Column, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError

from tests.adapters.store.sample import a_stream, noted, opened
from workflows.adapters.store.errors import StoreBusy, StoreClosed
from workflows.adapters.store.store import Store
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.errors import Conflict
from workflows.kernel.events import NewEvent
from workflows.kernel.ids import derived

view = Table("view_of_test", MetaData(), Column("name", Text, primary_key=True))


class Refused(Exception):
    """What a command says that a rule forbids."""


# --- group commit ---------------------------------------------------------------------------------------


def _together(store: Store, *commands: Callable[[UnitOfWork], object]) -> "list[Future[object]]":
    """Submit commands so that they meet in one transaction, behind one that holds up the writer."""
    running, go_on = Signal(), Signal()

    def hold_up(_unit: UnitOfWork) -> None:
        running.set()
        assert go_on.wait(10)

    store.submit(hold_up)
    assert running.wait(10)
    futures = [store.submit(command) for command in commands]
    assert not any(future.done() for future in futures)
    go_on.set()
    wait(futures, timeout=20)
    return futures


def _append(*new: NewEvent) -> Callable[[UnitOfWork], object]:
    return lambda unit: unit.append(list(new))[0].position


def _refuse(*new: NewEvent) -> Callable[[UnitOfWork], object]:
    def act(unit: UnitOfWork) -> NoReturn:
        unit.append(list(new))
        unit.claim("name", "refused", new[0].stream_id)
        raise Refused("no")

    return act


def test_the_refusal_of_one_leaves_the_others(store: Store) -> None:
    stream = a_stream()
    futures = _together(
        store,
        _append(opened(a_stream())),
        _refuse(opened(a_stream())),
        _append(opened(stream)),
        _append(opened(stream)),  # a conflict: the version is there already
        _append(opened(stream, 2)),
    )
    assert [future.exception() and type(future.exception()) for future in futures] == [
        None,
        Refused,
        None,
        Conflict,
        None,
    ]
    assert [futures[index].result() for index in (0, 2, 4)] == [1, 2, 3]
    with store.read() as reader:
        assert [record.position for record in reader.load_since(0)] == [1, 2, 3]
        assert reader.claimed("name", "refused") is None
    assert store.verify().faults == ()


def test_commands_of_one_transaction_see_each_other(store: Store) -> None:
    stream = a_stream()

    def add(unit: UnitOfWork) -> object:
        return unit.append([opened(stream, len(unit.load(stream)) + 1)])[0].version

    assert [future.result() for future in _together(store, *[add] * 50)] == list(range(1, 51))


def test_a_version_wrongly_thought_of_spoils_no_other(store: Store) -> None:
    """The first is refused after it has thought of a version that is not there; the second is right."""
    stream = a_stream()
    with store.write() as unit:
        unit.append([opened(stream)])
    futures = _together(
        store,
        _refuse(opened(stream, 6)),
        _append(opened(stream, 2)),
        _append(opened(a_stream(), 2)),
        _append(opened(stream, 3)),
    )
    errors = [future.exception() for future in futures]
    assert [error and type(error) for error in errors] == [Conflict, None, Conflict, None]
    assert isinstance(errors[2], Conflict)
    assert (errors[2].facts["expected"], errors[2].facts["found"]) == (1, 0)
    with store.read() as reader:
        assert [record.version for record in reader.load(stream)] == [1, 2, 3]
        assert reader.head() == 3


def test_one_that_fails_in_the_database_is_told_apart(store: Store) -> None:
    """An event id that is there already, and a view's own error, are found by the database only."""
    with store.database.writing() as connection:
        view.create(connection)

    def same_row(unit: UnitOfWork) -> None:
        unit.append([opened(a_stream())])
        unit.connection.execute(view.insert().values(name="甲"))

    same_id = derived("same")
    futures = _together(
        store,
        _append(opened(a_stream(), event_id=same_id)),
        same_row,
        _append(opened(a_stream(), event_id=same_id)),
        same_row,
        _append(opened(a_stream())),
    )
    errors = [future.exception() for future in futures]
    assert [error and type(error) for error in errors] == [None, None, Conflict, IntegrityError, None]
    with store.read() as reader:
        assert [record.position for record in reader.load_since(0)] == [1, 2, 3]
        assert reader.connection.execute(select(view.c.name)).scalars().all() == ["甲"]
    assert store.verify().faults == ()


def test_who_keeps_states_is_told_of_what_was_undone(store: Store) -> None:
    seen: list[tuple[int, int]] = []

    def look(unit: UnitOfWork) -> None:
        seen.append((unit.undone, unit.head()))
        unit.append([opened(a_stream(), event_id=derived("same"))])

    _together(store, look, look)
    assert seen == [(0, 0), (0, 1), (1, 0), (1, 1)]  # together, then each alone


def test_a_view_written_by_a_refused_command_is_undone(store: Store) -> None:
    with store.database.writing() as connection:
        view.create(connection)

    def write(name: str, *, refuse: bool) -> Callable[[UnitOfWork], object]:
        def act(unit: UnitOfWork) -> None:
            unit.connection.execute(view.insert().values(name=name))
            if refuse:
                raise Refused

        return act

    _together(store, write("a", refuse=False), write("b", refuse=True), write("c", refuse=False))
    with store.read() as reader:
        assert reader.connection.execute(select(view.c.name).order_by(view.c.name)).scalars().all() == [
            "a",
            "c",
        ]


def test_many_callers_at_once(store: Store) -> None:
    answers: list[object] = []

    def call(caller: int) -> None:
        for count in range(20):
            stream = derived(caller, count)
            answers.append(store.submit(_append(opened(stream), noted(stream, 2))).result())

    callers = [Thread(target=call, args=(caller,)) for caller in range(8)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    assert sorted(map(str, answers), key=int) == [str(position) for position in range(1, 320, 2)]
    assert store.verify().head.position == 320
    assert store.verify().faults == ()


def test_what_was_submitted_is_finished_before_closing(store: Store) -> None:
    futures = [store.submit(_append(opened(a_stream()))) for _ in range(30)]
    store.close()
    store.close()
    assert sorted(str(future.result(0)) for future in futures) == sorted(map(str, range(1, 31)))
    with pytest.raises(StoreClosed):
        store.submit(_append(opened(a_stream())))
    with pytest.raises(StoreClosed), store.write():
        pass


def test_a_cancelled_command_is_not_run(store: Store) -> None:
    running, go_on = Signal(), Signal()

    def hold_up(_unit: UnitOfWork) -> None:
        running.set()
        assert go_on.wait(10)

    store.submit(hold_up)
    assert running.wait(10)
    future = store.submit(_append(opened(a_stream())))
    assert future.cancel()
    go_on.set()
    store.close()
    with store.read() as reader:
        assert reader.head() == 0


def test_when_too_many_wait_the_next_is_told_at_once(
    open_store: Callable[..., Store], store_url: str
) -> None:
    store = open_store(store_url, max_waiting=3)
    running, go_on = Signal(), Signal()

    def hold_up(_unit: UnitOfWork) -> None:
        running.set()
        assert go_on.wait(10)

    store.submit(hold_up)
    assert running.wait(10)
    futures = [store.submit(_append(opened(a_stream()))) for _ in range(3)]
    with pytest.raises(StoreBusy):
        store.submit(_append(opened(a_stream())))
    go_on.set()
    assert [future.result() for future in futures] == [1, 2, 3]


def test_listeners_are_woken_by_a_commit(store: Store) -> None:
    woken = Signal()
    store.listen(woken)
    store.submit(_append(opened(a_stream()))).result()
    assert woken.wait(5)
    store.unlisten(woken)
    woken.clear()
    with store.write() as unit:
        unit.append([opened(a_stream())])
    assert not woken.is_set()
