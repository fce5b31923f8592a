"""Two sweepers, and some that are killed in the middle: every stage is noticed and told exactly once."""

import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support import sweeper
from tests.support.sqllog import LOG_ID, open_recording
from tests.support.sweeper import DID_SOMETHING
from workflows.adapters.notify.tables import notices, outbox, prepare
from workflows.adapters.store.store import Store
from workflows.application import commands
from workflows.application.recording import Recording, Request
from workflows.kernel.clock import FixedClock, moment_of
from workflows.kernel.ids import derived

WORKERS = multiprocessing.get_context("forkserver")
WORKERS.set_forkserver_preload(["tests.support.sweeper"])
UNITS = 12
FIRST, DAY = date(2026, 1, 20), date(2026, 3, 10)
POSTS = {"赵": "secretary", "钱": "organization", "孙": "publicity"}


def fill(recording: Recording) -> None:
    """Put branches on the books whose terms are to be reminded of on DAY."""
    for number in range(UNITS):
        fields: dict[str, Any] = {"name": f"第{number}支部", "kind": "organ", "books_from": "2026-01-01"}
        unit = record(recording, "establish_unit", date(2020, 1, 1), fields, None)
        record(recording, "elect_committee", date(2023, 9, 10), {"posts": POSTS, "attending": 9}, unit)


def record(recording: Recording, verb: str, on: date, fields: dict[str, Any], unit: Any) -> Any:
    return recording.record(
        Request(
            command=commands.parse(verb, fields, on),
            actor="tester",
            origin="cli",
            unit_id=unit,
            as_history=True,
            reason="paper",
            command_id=derived(verb, str(fields), str(unit)),
        )
    ).stream_id


def start(url: str, folder: Path, day: date, parts: int) -> ForkServerProcess:
    running = WORKERS.Process(target=sweeper.run, args=(url, str(folder), day.isoformat(), parts))
    running.start()
    return running


def finish(running: ForkServerProcess) -> int:
    running.join(timeout=120)
    assert running.exitcode in (0, DID_SOMETHING, -signal.SIGKILL)
    return running.exitcode


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    recording, store = open_recording(database_url, tmp_path, FixedClock(moment_of(FIRST)))
    prepare(store.database)
    fill(recording)
    yield store
    store.close()
    store.database.engine.dispose()


def test_two_sweepers_and_three_killed_ones_notice_everything_once(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    assert finish(start(database_url, tmp_path, FIRST, 0)) == 0  # a quiet day: units are followed from it on
    # four parts of three units: killed in the first, then in the second, then both at work at once
    codes = [finish(start(database_url, tmp_path, DAY, parts)) for parts in (1, 2)]
    assert codes == [-signal.SIGKILL, -signal.SIGKILL]
    both = [start(database_url, tmp_path, DAY, parts) for parts in (0, 2)]
    codes = [finish(running) for running in both]
    assert DID_SOMETHING in codes
    assert finish(start(database_url, tmp_path, DAY, 0)) == 0

    with store.read() as reader:
        events = Counter(
            (record.stream_id, type(record.event).__name__)
            for record in reader.load_since(0, 10_000)
            if record.origin == "scheduler"
        )
        rows = reader.connection.execute(select(outbox).where(outbox.c.noticed_on == DAY)).all()
        noted = reader.connection.execute(select(notices.c.key).where(notices.c.log_id == LOG_ID)).all()
    assert len(events) == UNITS
    assert set(events.values()) == {1}
    told = Counter((row.unit_id, row.rule, row.stage, row.channel) for row in rows)
    assert set(told.values()) == {1}
    reminders = [key for key in told if key[1:] == ("branch-term-remind", "reminder", "inbox")]
    assert len(reminders) == UNITS
    assert len({row.key for row in noted}) == len(noted)
    assert store.verify().faults == ()
