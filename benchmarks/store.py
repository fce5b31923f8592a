"""Ratios of the store, each measured in one run.

    python benchmarks/store.py [--rounds N] [--postgres URL]

Every round runs every variant once, on a fresh database, and takes its ratios; what is printed is their
median. So a busy machine slows both sides. Without --postgres the test server is used, which does not sync
its commits: that flatters nobody but the single caller.
"""

from __future__ import annotations

import argparse
import gc
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from sqlalchemy import insert, make_url

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rounds import Place, Variant, compare
from tests.support.postgres import PostgresServer, postgres_server
from workflows.adapters.keys import KeyStore, MasterKey
from workflows.adapters.store.chain import EventRow, genesis, link
from workflows.adapters.store.database import Database
from workflows.adapters.store.engine import SQLITE_PRAGMAS, make_engine
from workflows.adapters.store.recorder import Header, SqlRecorder
from workflows.adapters.store.store import Store
from workflows.adapters.store.tables import events
from workflows.adapters.store.times import micros
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.clock import SystemClock
from workflows.kernel.events import Event, NewEvent
from workflows.kernel.ids import derived, time_ordered

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
PER_COMMIT = 100
CALLERS = 32
LOG = "county"


class Held(Event, tag="bench.held"):
    """A meeting, some 250 bytes."""

    held_on: date
    type: str
    attending: int
    topics: tuple[str, ...]
    minutes: str


class Joined(Event, tag="bench.joined"):
    """A person, with three sealed fields."""

    sealed: ClassVar[frozenset[str]] = frozenset({"name", "identity_number", "phone"})

    joined_on: date
    name: str | None
    identity_number: str | None
    phone: str | None


def a_meeting(stream: UUID, version: int) -> NewEvent:
    """Return the next meeting of a branch."""
    event = Held(
        held_on=DAY,
        type="branch_assembly",
        attending=17,
        topics=("讨论接收预备党员", "民主评议"),
        minutes="记录" * 30,
    )
    return a_new(stream, version, event)


def a_person() -> NewEvent:
    """Return the first event of a person."""
    event = Joined(joined_on=DAY, name="欧阳致远", identity_number="11010519491231002X", phone="13800000000")
    return a_new(time_ordered(NOON), 1, event)


def a_new(stream: UUID, version: int, event: Event) -> NewEvent:
    """Return an event with a full header."""
    return NewEvent(
        stream_id=stream, version=version, event_id=derived(stream, version), event=event, actor="u-1024",
        origin="import", unit_id=stream, command_id=derived(stream, "command"),
        correlation_id=derived(stream, "batch"), as_history=True, reason="补录",
    )  # fmt: skip


def meetings(commits: int) -> list[list[NewEvent]]:
    """Return the events of so many commits, ten streams each."""
    return [
        [
            a_meeting(stream, version)
            for stream in (time_ordered(NOON) for _ in range(10))
            for version in range(1, 11)
        ]
        for _ in range(commits)
    ]


# --- databases ------------------------------------------------------------------------------------------


@contextmanager
def sqlite_file() -> Iterator[str]:
    """Yield the URL of a file that does not exist yet."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/zhibu.db"


def on(server: PostgresServer) -> Callable[[], Any]:
    """Return a maker of empty databases on a server."""
    return lambda: server.database(f"bench_{uuid4().hex}")


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Yield a store with its key store in a file beside it."""
    with tempfile.TemporaryDirectory() as folder:
        keys = KeyStore(Path(folder) / "keys.db", MasterKey.new(), create=True)
        engine = make_engine(url, pool_size=CALLERS)
        with Store(engine, keys, SystemClock(), LOG) as store:
            yield store
        engine.dispose()
        keys.close()


# --- variants: each returns operations a second ---------------------------------------------------------


def timed(act: Callable[[], None], operations: int) -> float:
    """Return operations a second."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    gc.enable()
    return operations / took


def rows_of(batches: list[list[NewEvent]], store: Store) -> list[list[EventRow]]:
    """Return the rows of batches, as the store would write them."""
    position, chain, done = 0, genesis(LOG), []
    for batch in batches:
        rows = []
        for new in batch:
            position += 1
            data, event = store.mapper.encode(new, {})
            row = EventRow(
                LOG, position, new.stream_id, new.version, new.event_id, event.topic(), 1, data, new.actor,
                new.origin, new.unit_id, new.command_id, new.correlation_id, new.causation_id, micros(NOON),
                event.effective_on, new.as_history, new.reason, b"",
            )  # fmt: skip
            chain = link(chain, row)
            rows.append(row._replace(chain=chain))
        done.append(rows)
    return done


def raw_executemany(url: str, commits: int) -> float:
    """The driver alone: the same rows, finished beforehand, into the same table, as many a commit."""
    with opened(url) as store:
        batches = rows_of(meetings(commits), store)
        text = str(insert(events).compile(dialect=store.database.engine.dialect))
    if url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for name, value in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {name}={value}").fetchall()
        plain = [[sqlite_row(row) for row in rows] for rows in batches]

        def write() -> None:
            for rows in plain:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(text, rows)
                connection.execute("COMMIT")

        speed = timed(write, commits * PER_COMMIT)
        connection.close()
        return speed
    with psycopg.connect(url.replace("+psycopg", "")) as server:
        marks = ", ".join(["%s"] * len(EventRow._fields))
        statement = f"INSERT INTO events ({', '.join(EventRow._fields)}) VALUES ({marks})".encode()

        def send() -> None:
            for rows in batches:
                server.cursor().executemany(statement, rows)
                server.commit()

        return timed(send, commits * PER_COMMIT)


def sqlite_row(row: EventRow) -> tuple[Any, ...]:
    """Return a row in types that sqlite3 takes."""
    return tuple(
        value.hex if isinstance(value, UUID) else value.isoformat() if isinstance(value, date) else value
        for value in row
    )


def recorder(url: str, commits: int) -> float:
    """The recorder: bytes in, all columns and the chain written."""
    with opened(url) as store:
        batches = rows_of(meetings(commits), store)
        made = SqlRecorder(Database.of(store.database.engine), LOG)
        work = [
            (
                [StoredEvent(row.stream_id, row.version, row.topic, row.data) for row in rows],
                [
                    Header(**{name: getattr(row, name) for name in Header.__dataclass_fields__})
                    for row in rows
                ],
            )
            for rows in batches
        ]

        def write() -> None:
            for stored, headers in work:
                made.insert_events(stored, headers=headers)

        return timed(write, commits * PER_COMMIT)


def unit_of_work(url: str, commits: int) -> float:
    """The store: events in; versions looked up, bytes made and read back for proof, then as the recorder."""
    with opened(url) as store:
        batches = meetings(commits)

        def write() -> None:
            for batch in batches:
                with store.write() as unit:
                    unit.append(batch)

        return timed(write, commits * PER_COMMIT)


def sealed(url: str, commits: int) -> float:
    """The store with a new person in every event: a key each, made durable before the commit."""
    with opened(url) as store:
        batches = [[a_person() for _ in range(PER_COMMIT)] for _ in range(commits)]

        def write() -> None:
            for batch in batches:
                with store.write() as unit:
                    unit.append(batch)

        return timed(write, commits * PER_COMMIT)


class Command:
    """What a command does at the store: look its id up, append, log the answer; with ``loads`` read first."""

    def __init__(self, *, loads: bool) -> None:
        self._stream = time_ordered(NOON)
        self._loads = loads
        self._new = a_meeting(self._stream, 1)
        self.id = derived(self._stream, "command")

    def __call__(self, unit: UnitOfWork) -> int:
        """Run in a transaction."""
        assert unit.command(self.id) is None
        if self._loads:
            assert unit.load(self._stream) == []
        (record,) = unit.append([self._new])
        unit.log_command(self.id, b"h" * 32, b"answer")
        return record.position


def calls(total: int, callers: int, loads: bool, call: Callable[[Command], object]) -> float:
    """Return commands a second of so many callers, each waiting for its answer before it goes on."""
    shares = [[Command(loads=loads) for _ in range(total // callers)] for _ in range(callers)]

    def one(share: list[Command]) -> None:
        for command in share:
            call(command)

    def run() -> None:
        threads = [threading.Thread(target=one, args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return timed(run, total)


def shared_commits(callers: int, *, loads: bool = False) -> Callable[[str, int], float]:
    """Return a variant in which ``callers`` submit commands to the one writer."""

    def variant(url: str, commands: int) -> float:
        with opened(url) as store:
            return calls(commands, callers, loads, lambda command: store.submit(command, command.id).result())

    return variant


def own_commits(url: str, commands: int) -> float:
    """One caller, a transaction of its own for each command, in its own thread."""
    with opened(url) as store:

        def call(command: Command) -> None:
            with store.write(command.id) as unit:
                command(unit)

        return calls(commands, 1, False, call)


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--postgres", metavar="URL", help="of a running server, for its superuser")
    options = parser.parse_args()
    with ExitStack() as stack:
        if options.postgres:
            server = PostgresServer(options.postgres)
        else:
            server = stack.enter_context(postgres_server())
        places = [Place("SQLite", sqlite_file), Place("PostgreSQL", on(server))]
        for place in places:
            compare(
                f"events, {PER_COMMIT} a commit",
                place,
                options.rounds,
                [
                    Variant("raw executemany of the finished rows", raw_executemany, 30),
                    Variant("recorder, all columns and chain", recorder, 30, 0.35),
                    Variant("store, events encoded and checked", unit_of_work, 30),
                    Variant("store, a new person in each event", sealed, 10),
                ],
            )
            compare(
                "commands, one event each, answered when durable",
                place,
                options.rounds,
                [
                    Variant("1 caller, group commit", shared_commits(1), 300),
                    Variant("1 caller, own transactions", own_commits, 300),
                    Variant("8 callers, group commit", shared_commits(8), 1600),
                    Variant(f"{CALLERS} callers, group commit", shared_commits(CALLERS), 3200, 4.0),
                ],
            )
            compare(
                "the same, each command loading its stream first",
                place,
                options.rounds,
                [
                    Variant("1 caller, group commit", shared_commits(1, loads=True), 300),
                    Variant(f"{CALLERS} callers, group commit", shared_commits(CALLERS, loads=True), 3200),
                ],
            )
    print(f"\nload of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    main()
