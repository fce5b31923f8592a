"""Batched projection against one event by one, on the same events and rules, in one run.

Usage: ``python benchmarks/projections.py [units] [single]``: branches in all, events taken in one by one.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.county import County
from workflows.adapters import packs
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.views.books_log import BooksLog
from workflows.adapters.views.live import SqlLiveRows
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.runner import Views
from workflows.kernel.clock import FixedClock
from workflows.policies.rules import Rules, national
from workflows.projections.answers import Answering

WANTED = 30


@contextmanager
def timed(what: str, count: int = 0) -> Iterator[list[float]]:
    """Print how long a block takes, of wall clock and of processor; give the latter."""
    wall, spent = time.perf_counter(), time.process_time()
    took: list[float] = []
    yield took
    took.append(time.process_time() - spent)
    each = f", {took[0] / count * 1e3:.3f} ms each" if count else ""
    print(f"{what:<44} {time.perf_counter() - wall:8.2f} s, processor {took[0]:7.2f} s{each}")


def main(units: int, single: int) -> int:
    """Measure, and say whether a page at a time is as much faster as wanted."""
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    rules = Rules(national(packs.shipped()), packs.calendar())
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/zhibu.db")
        log = BooksLog(Store(engine, KeyStore.in_memory(), clock, "county"))
        new = list(County(units).events())
        with timed(f"record {len(new)} events", len(new)):
            log.submit(lambda transaction: transaction.append(new))
        batched = Views(log, rules, clock)
        with timed("views, 2,000 events a page", len(new)) as page:
            batched.run()
        with timed("rebuild of everything, compared"):
            assert all(found.is_equal for found in Rebuilding(batched).rebuild())
        answer(log, rules, clock, batched)
        one_by_one = Views(log, rules, clock, page=1)
        with log.write() as transaction:
            for keeper in one_by_one.keepers:
                state = keeper.state(transaction.connection)
                assert state is not None
                keeper.advance(transaction.connection, state, len(new) - single, date(2021, 1, 1))
        with timed(f"the last {single} of them one by one", single) as each:
            one_by_one.run()
        ratio = each[0] / single / (page[0] / len(new))
        print(f"one by one takes {ratio:.0f} times as long (wanted: {WANTED})")
        log.store.close()
        engine.dispose()
    return 0 if ratio >= WANTED else 1


def answer(log: BooksLog, rules: Rules, clock: FixedClock, views: Views) -> None:
    """Ask the whole county, from rows and from the log."""
    live = Answering(log, rules, clock, SqlLiveRows(views))
    with timed("limits of the whole county, first time"):
        live.deadlines()
    with timed("limits of the whole county, from rows"):
        rows = len(live.deadlines()["rows"])
    with timed("duties of a year, every cell in JSON"):
        live.compliance(None, "2025", date(2026, 3, 1))
    with timed("pipeline, from rows"):
        live.pipeline()
    with timed("limits of a day of the past, from the log"):
        Answering(log, rules, clock).deadlines(on=date(2024, 6, 1))
    with timed("limits of the past as known then"):
        Answering(log, rules, clock).deadlines(on=date(2024, 6, 1), known_on=log_head(log) // 2)
    print(f"{rows} limits open today")


def log_head(log: BooksLog) -> int:
    """Return the position of the last event."""
    with log.read() as reading:
        return reading.head()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(given + [64, 200][len(given) :])))
